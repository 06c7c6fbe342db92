//! Writes diagnostics as lines for snapshots. The lines contain everything but the excerpts of the sources, which the
//! tests of `clientwright::diagnostics::render` cover.

use std::fmt::Write;

use clientwright::diagnostics::{Diagnostics, Position, position};
use clientwright::source::{Sources, Span};

/// Returns the diagnostics, sorted by location: severity, code, location, message and label in one line, and further
/// lines for related locations and help.
pub fn diagnostic_lines(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for one in diagnostics.sorted() {
        let location = one.span.map(|span| format!(" {}", range(sources, span))).unwrap_or_default();
        write!(text, "{}[{}]{location}: {}", one.severity.as_str(), one.code.as_str(), one.message).unwrap();
        text.push_str(if one.label.is_empty() { "\n" } else { " | " });
        if !one.label.is_empty() {
            writeln!(text, "{}", one.label).unwrap();
        }
        for (span, label) in &one.related {
            writeln!(text, "  {} {}: {label}", sources.path(span.source), range(sources, *span)).unwrap();
        }
        if let Some(help) = &one.help {
            writeln!(text, "  help: {}", help.replace('\n', "\n        ")).unwrap();
        }
    }
    text
}

/// Returns the first and the last position of a location: `3:5-3:9`, or `3:5` if it is empty.
fn range(sources: &Sources, span: Span) -> String {
    let (start, end) = (position(sources, span), position(sources, Span { start: span.end, ..span }));
    let shown = |at: Position| format!("{}:{}", at.line, at.column);
    if start == end { shown(start) } else { format!("{}-{}", shown(start), shown(end)) }
}
