//! Tests the YAML and JSON readers with random inputs: no input causes a panic, values round-trip, and if `serde_yaml`
//! or `serde_json` accepts the input too, both readers return the same value.

use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::source::{Document, Node, NodeKind, Sources};
use proptest::prelude::*;
use proptest::sample::select;

use super::text_mutations::{FRAGMENTS, mutate_text, text_mutations};
use super::yaml_values::{self, mergeable, value};
use super::yaml_writer::write_yaml;
use crate::fixture;

fn read(path: &str, bytes: &[u8]) -> (Option<Document>, Diagnostics) {
    let mut sources = Sources::new();
    let source = sources.add(path, bytes);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics);
    (document, diagnostics)
}

fn texts() -> Vec<String> {
    fixture::all("features").into_iter().chain(fixture::specs()).map(|fixture| fixture.text).collect()
}

/// Generates random choices, from which the YAML writer selects the style of each node.
fn choices() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn any_bytes_are_read_or_rejected(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        path in select(vec!["a.yaml", "a.json", "a"]),
    ) {
        let (document, diagnostics) = read(path, &bytes);
        prop_assert!(document.is_some() || diagnostics.has_errors());
    }

    #[test]
    fn any_fragments_are_read_or_rejected(fragments in prop::collection::vec(select(FRAGMENTS), 0..60)) {
        let text = fragments.concat();
        for path in ["a.yaml", "a.json"] {
            let (document, diagnostics) = read(path, text.as_bytes());
            prop_assert!(document.is_some() || diagnostics.has_errors(), "{text:?}");
        }
        assert_readers_agree(&text)?;
    }

    #[test]
    fn yaml_of_every_style_round_trips(value in prop_oneof![3 => value(), 1 => mergeable()], choices in choices()) {
        let text = write_yaml(&value, &choices);
        let (document, diagnostics) = read("a.yaml", text.as_bytes());
        prop_assert!(diagnostics.is_empty(), "{text}\n{:?}", diagnostics.sorted());
        let read = document.map(|document| document.root);
        prop_assert_eq!(read.as_ref().map(sorted), Some(expected_json(&value)), "{}", text);
        check_spans(read.as_ref(), &text)?;
        if !value.has_property_named_merge() {
            assert_readers_agree(&text)?;
        }
    }

    #[test]
    fn yaml_readers_agree(text in select(texts()), mutations in text_mutations()) {
        assert_readers_agree(&mutate_text(&text, &mutations))?;
    }

    #[test]
    fn yaml_readers_agree_on_every_style(
        value in prop_oneof![value(), mergeable()],
        choices in choices(),
        mutations in text_mutations(),
    ) {
        assert_readers_agree(&mutate_text(&write_yaml(&value, &choices), &mutations))?;
    }

    #[test]
    fn json_readers_agree(value in value(), mutations in prop_oneof![Just(Vec::new()), text_mutations()]) {
        let text = mutate_text(&value.json(), &mutations);
        let (document, diagnostics) = read("a.json", text.as_bytes());
        let other = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'));
        // Known differences from our reader: `serde_json` accepts duplicate keys and NUL, and rejects numbers outside
        // of the range of `f64`.
        let known = |one: &&clientwright::diagnostics::Diagnostic| {
            one.code == Code::DuplicateKey || one.message == "the document contains a NUL character"
        };
        let range = other.as_ref().is_err_and(|error| error.to_string().contains("number out of range"));
        if range || diagnostics.sorted().iter().any(known) || text.starts_with("\u{feff}\u{feff}") {
            return Ok(());
        }
        prop_assert_eq!(diagnostics.is_empty(), other.is_ok(), "{}\n{:?}\n{:?}", text, diagnostics, other);
        if let (Some(document), Ok(other)) = (document, other) {
            let ours: serde_json::Value = serde_json::from_str(&document.root.to_json_text()).unwrap();
            prop_assert_eq!(ours, other, "{}", text);
        }
    }
}

/// Checks that our reader and `serde_yaml` return the same value, if both accept the text. Skips texts with known
/// differences.
fn assert_readers_agree(text: &str) -> Result<(), TestCaseError> {
    // `serde_yaml` implements YAML 1.1, in which these characters end lines. It also ends the name of an anchor at a
    // colon.
    let colon = |at: usize| text[at + 1..].split_whitespace().next().is_some_and(|name| name.contains(':'));
    // In flow collections, `serde_yaml` reads every `?` as the indicator of a key, whatever character follows.
    let bytes = text.as_bytes();
    let marks = bytes
        .windows(3)
        .any(|three| b" ,[{".contains(&three[0]) && three[1] == b'?' && !three[2].is_ascii_whitespace());
    if marks
        || text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
        || text.match_indices(['&', '*']).any(|(at, _)| colon(at))
    {
        return Ok(());
    }
    let (Some(document), diagnostics) = read("a.yaml", text.as_bytes()) else { return Ok(()) };
    if diagnostics.has_errors() {
        return Ok(());
    }
    // `serde_yaml` counts a byte order mark as a column, and reads a later one as text.
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    // `serde_yaml` does not accept unindented lines in a block scalar at the root of a document.
    let scalar = document.root.as_str().is_some() && text.contains(['|', '>']);
    if plain.contains('\u{feff}') || scalar {
        return Ok(());
    }
    let Ok(mut other) = serde_yaml::from_str::<serde_yaml::Value>(plain) else { return Ok(()) };
    if text.contains("<<") && (text.contains("\"<<") || text.contains("'<<") || other.apply_merge().is_err()) {
        // `serde_yaml` also merges quoted `<<` keys.
        return Ok(());
    }
    let ordered = !text.contains("<<");
    prop_assert!(is_equal(&document.root, &other, ordered), "{text}\n{}\n{other:?}", document.root.to_json_text());
    Ok(())
}

/// Returns whether our reader and `serde_yaml` read the same value. Numbers are compared as `f64`. If `ordered` is set,
/// properties must have the same order.
fn is_equal(node: &Node, other: &serde_yaml::Value, ordered: bool) -> bool {
    use serde_yaml::Value;
    match (&node.kind, other) {
        (NodeKind::Null, Value::Null) => true,
        (NodeKind::Bool(one), Value::Bool(other)) => one == other,
        (NodeKind::String(one), Value::String(other)) => one == other,
        (NodeKind::Number(one), Value::Number(other)) => one.text.parse::<f64>().ok() == other.as_f64(),
        // `serde_yaml` reads numbers with leading zeros and numbers outside of the range of `f64` as strings.
        (NodeKind::Number(one), Value::String(other)) => {
            let unsigned = other.trim_start_matches(['+', '-']);
            unsigned.starts_with('0') || !one.text.parse::<f64>().is_ok_and(f64::is_finite)
        }
        // `serde_yaml` reads binary numbers (`0b1`) and signed hexadecimal numbers (`-0x1`), which YAML 1.2 does not
        // have.
        (NodeKind::String(one), Value::Number(_)) => {
            one.starts_with("0b") || ["-0", "+0"].iter().any(|sign| one.starts_with(sign))
        }
        (NodeKind::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other, ordered))
        }
        (NodeKind::Mapping(one), Value::Mapping(other)) => {
            one.entries().len() == other.len()
                && one.entries().iter().zip(other).all(|(entry, (key, value))| {
                    let value = if ordered { Some(value) } else { other.get(entry.key.as_str()) };
                    // `serde_yaml` reads a key such as `200` as a number, our reader as a string.
                    let named = !ordered || key.as_str().is_none_or(|key| key == entry.key);
                    named && value.is_none_or(|value| is_equal(&entry.value, value, ordered))
                })
        }
        // Both readers resolve the standard tags. A remaining tag is `!` or one that our reader rejects.
        (_, Value::Tagged(_)) => true,
        _ => false,
    }
}

/// Returns a node as JSON with sorted properties, because merges change the order.
fn sorted(node: &Node) -> serde_json::Value {
    serde_json::from_str(&node.to_json_text()).unwrap()
}

fn expected_json(value: &yaml_values::Value) -> serde_json::Value {
    serde_json::from_str(&value.json()).unwrap()
}

/// Checks that every span is inside the text and on character boundaries.
fn check_spans(node: Option<&Node>, text: &str) -> Result<(), TestCaseError> {
    let Some(node) = node else { return Ok(()) };
    prop_assert!(text.get(node.span.start..node.span.end).is_some(), "{:?} of {text}", node.span);
    for entry in node.entries() {
        prop_assert!(text.get(entry.key_span.start..entry.key_span.end).is_some(), "{:?} of {text}", entry.key_span);
        check_spans(Some(&entry.value), text)?;
    }
    node.elements().iter().try_for_each(|element| check_spans(Some(element), text))
}

#[test]
fn yaml_writer_uses_every_style() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = (prop_oneof![value(), mergeable()], choices());
    let mut all = String::new();
    for _ in 0..2000 {
        let (value, choices) = strategy.new_tree(&mut runner).unwrap().current();
        all.push_str(&write_yaml(&value, &choices));
    }
    for style in [
        "<<: *a",
        ": &a",
        ": |2",
        ": >-\n",
        "? ",
        "- - ",
        "!!str ",
        "\\x1b",
        "%YAML",
        "\r\n",
        "[ ",
        "{ ",
        "# comment ]}",
    ] {
        assert!(all.contains(style), "{style}");
    }
}
