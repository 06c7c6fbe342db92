//! The readers: no bytes make them panic, and where another reader of YAML reads a text, ours sees the same in it.

use clientwright::diagnostics::Diagnostics;
use clientwright::source::{Document, Node, NodeKind, Sources};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture;
use crate::spoil::{PIECES, changes, spoilt};

fn read(path: &str, bytes: &[u8]) -> (Option<Document>, Diagnostics) {
    let mut sources = Sources::new();
    let source = sources.add(path, bytes);
    let mut found = Diagnostics::new();
    let document = Document::read(&sources, source, &mut found);
    (document, found)
}

fn texts() -> Vec<String> {
    fixture::all("features").into_iter().map(|fixture| fixture.text).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        path in select(vec!["a.yaml", "a.json", "a"]),
    ) {
        let (document, found) = read(path, &bytes);
        prop_assert!(document.is_some() || found.has_errors());
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in prop::collection::vec(select(PIECES), 0..60)) {
        let text = pieces.concat();
        for path in ["a.yaml", "a.json"] {
            let (document, found) = read(path, text.as_bytes());
            prop_assert!(document.is_some() || found.has_errors(), "{text:?}");
        }
    }

    #[test]
    fn what_two_readers_take_they_take_alike(text in select(texts()), changes in changes()) {
        let text = spoilt(&text, &changes);
        let (Some(document), found) = read("a.yaml", text.as_bytes()) else { return Ok(()) };
        // YAML 1.1 has merge keys and numbers that 1.2 has not.
        if found.has_errors() || text.contains("<<") {
            return Ok(());
        }
        if let Ok(other) = serde_yaml::from_str::<serde_yaml::Value>(&text) {
            prop_assert!(alike(&document.root, &other), "{text}\n{}\n{other:?}", document.root.to_json_text());
        }
    }
}

/// Whether both readers see the same value; numbers by their value, where the other reader keeps it.
fn alike(node: &Node, other: &serde_yaml::Value) -> bool {
    use serde_yaml::Value;
    match (&node.kind, other) {
        (NodeKind::Null, Value::Null) => true,
        (NodeKind::Bool(one), Value::Bool(other)) => one == other,
        (NodeKind::String(one), Value::String(other)) => one == other,
        (NodeKind::Number(one), Value::Number(other)) => one.text.parse::<f64>().ok() == other.as_f64(),
        // What one takes for a number of a kind that the other does not know.
        (NodeKind::Number(_), Value::String(_)) | (NodeKind::String(_), Value::Number(_)) => true,
        (NodeKind::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (NodeKind::Mapping(one), Value::Mapping(other)) => {
            one.entries().len() == other.len()
                && one.entries().iter().zip(other).all(|(entry, (_, value))| alike(&entry.value, value))
        }
        (_, Value::Tagged(tagged)) => alike(node, &tagged.value),
        _ => false,
    }
}
