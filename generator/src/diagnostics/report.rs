//! Machine-readable reports of diagnostics: JSON, and annotations for GitHub Actions.
//!
//! Both formats contain all stored diagnostics, sorted by location.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::place::{Lines, Position};
use super::visible::visible;
use super::{Diagnostic, Diagnostics, Severity};
use crate::source::{SourceId, Sources, Span};

/// Returns the diagnostics as a JSON object: `diagnostics`, and the counts `errors`, `warnings` and `notes`. The counts
/// include diagnostics beyond the first 10,000, which are not stored and therefore not listed.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut locations = Locations::new(sources);
    let report = JsonReport {
        diagnostics: diagnostics.sorted().into_iter().map(|one| JsonDiagnostic::of(one, &mut locations)).collect(),
        errors: diagnostics.count(Severity::Error),
        warnings: diagnostics.count(Severity::Warning),
        notes: diagnostics.count(Severity::Note),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

/// Returns the diagnostics as workflow commands of GitHub Actions, one per line: `::error file=…,line=…::message`.
pub fn github(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut locations = Locations::new(sources);
    let mut text = String::new();
    for one in diagnostics.sorted() {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(text, "::{command} ");
        if let Some(location) = one.span.map(|span| locations.location(span)) {
            let JsonLocation { file, start, end } = location;
            let _ = write!(text, "file={},line={},endLine={}", github_property(&file), start.line, end.line);
            // GitHub accepts columns only if the annotation is within one line.
            if start.line == end.line {
                let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
            }
            text.push(',');
        }
        let mut message = one.message.clone();
        if !one.label.is_empty() {
            let _ = write!(message, ": {}", one.label);
        }
        for (span, label) in &one.related {
            let JsonLocation { file, start, .. } = locations.location(*span);
            let _ = write!(message, "\n{label}: {file}:{}:{}", start.line, start.column);
        }
        if let Some(help) = &one.help {
            let _ = write!(message, "\nhelp: {help}");
        }
        let _ = writeln!(text, "title={}::{}", github_property(one.code.as_str()), github_data(&message));
    }
    text
}

/// Escapes text as the data (the message) of a workflow command.
pub(crate) fn github_data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes text as a property of a workflow command.
pub(crate) fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[derive(Serialize)]
struct JsonReport {
    diagnostics: Vec<JsonDiagnostic>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic {
    severity: &'static str,
    code: &'static str,
    message: String,
    #[serde(flatten)]
    location: Option<JsonLocation>,
    label: String,
    related: Vec<JsonRelated>,
    help: Option<String>,
}

#[derive(Serialize)]
struct JsonRelated {
    #[serde(flatten)]
    location: JsonLocation,
    label: String,
}

#[derive(Serialize)]
struct JsonLocation {
    file: String,
    start: Position,
    end: Position,
}

impl JsonDiagnostic {
    fn of(one: &Diagnostic, locations: &mut Locations<'_>) -> Self {
        let related = one.related.iter();
        Self {
            severity: one.severity.as_str(),
            code: one.code.as_str(),
            message: one.message.clone(),
            location: one.span.map(|span| locations.location(span)),
            label: one.label.clone(),
            related: related
                .map(|(span, label)| JsonRelated { location: locations.location(*span), label: label.clone() })
                .collect(),
            help: one.help.clone(),
        }
    }
}

/// A converter of spans to lines and columns, which creates the line index of each source only once.
pub(crate) struct Locations<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, Lines<'a>>,
}

impl<'a> Locations<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: BTreeMap::new() }
    }

    /// Returns the file, the line and the column where a span starts.
    pub fn position(&mut self, span: Span) -> (&'a str, Position) {
        (self.sources.path(span.source), self.lines(span).position(span.start))
    }

    fn lines(&mut self, span: Span) -> &Lines<'a> {
        let sources = self.sources;
        self.lines.entry(span.source).or_insert_with(|| Lines::new(sources.bytes(span.source)))
    }

    fn location(&mut self, span: Span) -> JsonLocation {
        let sources = self.sources;
        let lines = self.lines(span);
        let file = sources.path(span.source).to_owned();
        JsonLocation { file, start: lines.position(span.start), end: lines.position(span.end.max(span.start)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    const TEXT: &str = "a: 1\nb:\n  - é: x\n";

    fn sample() -> (Diagnostics, Sources) {
        let mut sources = Sources::new();
        let source = sources.add("specs/a,b.yaml", TEXT);
        let at = |text: &str| {
            let start = TEXT.find(text).unwrap();
            Span { source, start, end: start + text.len() }
        };
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(
            Diagnostic::error(Code::WrongType, at("x"), "100 % wrong\nreally")
                .label("not this")
                .related(at("a"), "but this")
                .help("write another"),
        );
        diagnostics.push(Diagnostic::new(Severity::Note, Code::Config, None, "nowhere"));
        diagnostics.push(Diagnostic::warning(Code::Missing, at("b:\n  - é"), "over lines"));
        (diagnostics, sources)
    }

    #[test]
    fn json_has_all_fields() {
        let (diagnostics, sources) = sample();
        let read: serde_json::Value = serde_json::from_str(&json(&diagnostics, &sources)).unwrap();
        let expected = serde_json::json!({
            "diagnostics": [
                {"severity": "note", "code": "config", "message": "nowhere", "label": "", "related": [], "help": null},
                {
                    "severity": "warning", "code": "missing", "message": "over lines",
                    "file": "specs/a,b.yaml", "start": {"line": 2, "column": 1}, "end": {"line": 3, "column": 6},
                    "label": "", "related": [], "help": null,
                },
                {
                    "severity": "error", "code": "wrong-type", "message": "100 % wrong\nreally",
                    "file": "specs/a,b.yaml", "start": {"line": 3, "column": 8}, "end": {"line": 3, "column": 9},
                    "label": "not this",
                    "related": [{
                        "file": "specs/a,b.yaml", "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2},
                        "label": "but this",
                    }],
                    "help": "write another",
                },
            ],
            "errors": 1, "warnings": 1, "notes": 1,
        });
        assert_eq!(read, expected);
    }

    #[test]
    fn github_has_one_line_per_diagnostic() {
        let (diagnostics, sources) = sample();
        let expected = "\
::notice title=config::nowhere
::warning file=specs/a%2Cb.yaml,line=2,endLine=3,title=missing::over lines
::error file=specs/a%2Cb.yaml,line=3,endLine=3,col=8,endColumn=9,title=wrong-type::100 %25 wrong%0Areally: not this%0Abut this: specs/a,b.yaml:1:1%0Ahelp: write another
";
        assert_eq!(github(&diagnostics, &sources), expected);
    }
}
