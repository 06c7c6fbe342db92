//! The findings as people and programs see them: whatever they say and point at, they can be shown, and steer no terminal.

use clientwright::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Style, github, json, render};
use clientwright::source::{SourceId, Sources, Span};
use proptest::prelude::*;
use proptest::sample::select;

use crate::spoil::PIECES;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), prop::collection::vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat())]
}

fn span() -> impl Strategy<Value = Span> {
    let place = || prop_oneof![8 => 0usize..200, 1 => any::<usize>()];
    (select(ids()), place(), place()).prop_map(|(source, start, end)| Span { source, start, end })
}

/// One source more than there are.
fn ids() -> Vec<SourceId> {
    let mut sources = Sources::new();
    ["a", "b", "c"].map(|path| sources.add(path, "")).to_vec()
}

fn finding() -> impl Strategy<Value = Diagnostic> {
    let severity = select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let related = prop::collection::vec((span(), text()), 0..3);
    (severity, select(Code::ALL), prop::option::of(span()), text(), text(), related, prop::option::of(text())).prop_map(
        |(severity, code, span, message, label, related, help)| {
            let mut finding = Diagnostic::new(severity, code, span, message).label(label);
            finding.related = related;
            finding.help = help;
            finding
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_finding_can_be_shown(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..300), text().prop_map(String::into_bytes)],
        findings in prop::collection::vec(finding(), 0..4),
    ) {
        let mut sources = Sources::new();
        sources.add("a.yaml", bytes.clone());
        sources.add("\u{202e}b\n.yaml", bytes);
        let mut found = Diagnostics::new();
        findings.into_iter().for_each(|finding| found.push(finding));

        let shown = render(&found, &sources, &Style::default());
        let steers = |letter: char| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter);
        prop_assert!(!shown.contains(steers), "{shown:?}");

        let report: serde_json::Value = serde_json::from_str(&json(&found, &sources)).unwrap();
        prop_assert_eq!(report["diagnostics"].as_array().unwrap().len(), found.len());

        let lines = github(&found, &sources);
        prop_assert_eq!(lines.lines().count(), found.len());
        prop_assert!(!lines.contains(steers), "{lines:?}");
    }
}
