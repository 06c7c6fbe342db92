//! Tests the rendering of diagnostics with random texts and locations: every format works, and no output contains
//! terminal control sequences.

use clientwright::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Style, github, json, render};
use clientwright::source::{SourceId, Sources, Span};
use proptest::prelude::*;
use proptest::sample::select;

use super::text_mutations::FRAGMENTS;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), prop::collection::vec(select(FRAGMENTS), 0..8).prop_map(|pieces| pieces.concat())]
}

/// Generates documents with lines of any length, some of which are too long to be shown completely.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => text().prop_map(String::into_bytes),
        2 => (text(), 0usize..200).prop_map(|(text, times)| text.repeat(times).into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ];
    let end = select(vec![&b"\n"[..], b"\r\n", b"\r", b""]);
    prop::collection::vec((line, end), 0..12)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_vec()].concat()).collect())
}

fn span() -> impl Strategy<Value = Span> {
    let place = || prop_oneof![8 => 0usize..200, 4 => 0usize..5000, 1 => any::<usize>()];
    let end = prop_oneof![4 => place().prop_map(Some), 1 => Just(None)];
    (select(ids()), place(), end).prop_map(|(source, start, end)| Span { source, start, end: end.unwrap_or(start) })
}

/// Returns three IDs. The third is invalid, since the test has two sources.
fn ids() -> Vec<SourceId> {
    let mut sources = Sources::new();
    ["a", "b", "c"].map(|path| sources.add(path, "")).to_vec()
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    let severity = select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let related = prop::collection::vec((span(), text()), 0..3);
    (severity, select(Code::ALL), prop::option::of(span()), text(), text(), related, prop::option::of(text())).prop_map(
        |(severity, code, span, message, label, related, help)| {
            let mut diagnostic = Diagnostic::new(severity, code, span, message).label(label);
            diagnostic.related = related;
            diagnostic.help = help;
            diagnostic
        },
    )
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn any_diagnostic_can_be_rendered(
        document in document(),
        path in text(),
        items in prop::collection::vec(diagnostic(), 0..6),
        limit in 0usize..8,
    ) {
        let mut sources = Sources::new();
        sources.add("a.yaml", document.clone());
        sources.add(path, document);
        let mut diagnostics = Diagnostics::new();
        items.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
        assert_renders(&diagnostics, &sources, limit);
    }
}

/// Renders diagnostics in every format, and asserts that no output contains control characters.
pub fn assert_renders(diagnostics: &Diagnostics, sources: &Sources, limit: usize) {
    let plain = render(diagnostics, sources, &Style { color: false, limit, per_code: limit });
    assert!(!plain.contains(is_control), "{plain:?}");
    assert!(plain.len() < 20_000 * (limit + 1), "{} bytes", plain.len());

    let coloured = render(diagnostics, sources, &Style { color: true, limit, per_code: limit });
    assert!(!without_colours(&coloured).contains(is_control), "{coloured:?}");

    let report: serde_json::Value = serde_json::from_str(&json(diagnostics, sources)).unwrap();
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), diagnostics.sorted().len());
    let counted: u64 = ["errors", "warnings", "notes"].iter().filter_map(|count| report[count].as_u64()).sum();
    assert_eq!(counted, diagnostics.len() as u64);

    let lines = github(diagnostics, sources);
    assert_eq!(lines.lines().count(), diagnostics.sorted().len());
    assert!(!lines.contains(is_control), "{lines:?}");
    for line in lines.lines() {
        let command = ["::error ", "::warning ", "::notice "].iter().find_map(|command| line.strip_prefix(command));
        let (properties, _) = command.and_then(|rest| rest.split_once("::")).unwrap_or_else(|| panic!("{line}"));
        let names: Vec<&str> = properties.split(',').filter_map(|property| Some(property.split_once('=')?.0)).collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(
            names.len() == properties.split(',').count() && names.iter().all(|name| known.contains(name)),
            "{line}"
        );
    }
}

/// Returns whether a character other than a newline controls the terminal, changes the text direction, or ends a line.
fn is_control(letter: char) -> bool {
    (letter.is_control() && letter != '\n')
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes the colours that the renderer sets: `ESC [ digits and semicolons m`.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';');
        plain.push_str(rest.strip_prefix('m').unwrap_or("\u{1b}"));
    }
    plain
}

#[test]
fn control_characters_are_detected() {
    assert_eq!(without_colours("\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m"), "error");
    assert!(without_colours("\u{1b}[2J").contains(is_control));
    assert!("\u{1b}]8;;x".contains(is_control) && "\u{202e}".contains(is_control) && !"é\n".contains(is_control));
}
