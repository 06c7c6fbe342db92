//! Formats comparisons: as text, as JSON, as annotations for GitHub Actions, and as Markdown for a changelog.

use std::fmt::Write;

use serde::Serialize;

use super::{Change, Comparison, Finding, Place, Rust, Wire};
use crate::diagnostics::{github_data, github_property, visible};

/// Returns a line for each finding, and a line with the verdicts.
pub fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    for finding in &comparison.findings {
        let verdicts = format!("{}, {}", finding.rust.as_str(), finding.wire.as_str());
        let _ = write!(text, "{verdicts:<18} {}", visible(&finding.sentence()));
        let places: Vec<String> = [&finding.old, &finding.new].into_iter().flatten().map(place_text).collect();
        if !places.is_empty() {
            let _ = write!(text, " ({})", places.join(" → "));
        }
        text.push('\n');
    }
    text + &summary(comparison) + "\n"
}

/// Returns the verdicts as a sentence.
fn summary(comparison: &Comparison) -> String {
    let count = match comparison.findings.len() {
        0 => return "no differences".to_owned(),
        1 => "1 difference".to_owned(),
        count => format!("{count} differences"),
    };
    let bump = match comparison.rust() {
        Rust::None => "the Rust API stays the same".to_owned(),
        bump => format!("the crate needs a {} version", bump.as_str()),
    };
    let effect = match comparison.wire() {
        Wire::None => "running clients are not affected",
        Wire::Note | Wire::Compatible => "running clients keep working",
        Wire::Unknown => "the effect on running clients is unknown",
        Wire::Breaking => "running clients may break",
    };
    format!("{count}: {bump}; {effect}")
}

/// Returns the comparison as a JSON object: the verdicts `rust` and `wire`, and `findings`.
pub fn json(comparison: &Comparison) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        rust: Rust,
        wire: Wire,
        findings: &'a [Finding],
    }
    let report = Report { rust: comparison.rust(), wire: comparison.wire(), findings: &comparison.findings };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

/// Returns the findings as workflow commands of GitHub Actions, one per line. Breaking changes are errors.
pub fn github(comparison: &Comparison) -> String {
    let mut text = String::new();
    for finding in &comparison.findings {
        let command = match (finding.rust, finding.wire) {
            (Rust::Major, _) | (_, Wire::Breaking) => "error",
            (Rust::Minor, _) => "warning",
            _ => "notice",
        };
        let _ = write!(text, "::{command} ");
        if let Some(Place { file, line, column }) = finding.new.as_ref().or(finding.old.as_ref()) {
            let _ = write!(text, "file={},line={line},col={column},", github_property(file));
        }
        let (rust, wire) = (finding.rust.as_str(), finding.wire.as_str());
        let message = format!("{} (Rust: {rust}, running clients: {wire})", finding.sentence());
        let _ = writeln!(text, "title=API change::{}", github_data(&message));
    }
    text
}

/// Returns the findings as the sections of a changelog entry: `Added`, `Changed`, `Deprecated` and `Removed`. Changes of
/// documentation are omitted.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = String::new();
    for section in ["Added", "Changed", "Deprecated", "Removed"] {
        let mut findings = comparison.findings.iter().filter(|it| section_of(it) == Some(section)).peekable();
        if findings.peek().is_some() {
            let _ = writeln!(text, "{}### {section}\n", if text.is_empty() { "" } else { "\n" });
        }
        for finding in findings {
            let note = match (finding.rust, finding.wire) {
                (Rust::Major, Wire::Breaking) => "**Breaking, also for running clients**: ",
                (Rust::Major, _) => "**Breaking**: ",
                (_, Wire::Breaking) => "**Breaking for running clients**: ",
                _ => "",
            };
            let _ = writeln!(text, "* {note}{}.", visible(&finding.sentence()));
        }
    }
    text
}

fn section_of(finding: &Finding) -> Option<&'static str> {
    match finding.change {
        Change::Docs => None,
        Change::Added => Some("Added"),
        Change::Removed => Some("Removed"),
        Change::Deprecated if finding.rust == Rust::Minor => Some("Deprecated"),
        _ => Some("Changed"),
    }
}

fn place_text(place: &Place) -> String {
    format!("{}:{}:{}", visible(&place.file), place.line, place.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Item;

    fn sample() -> Comparison {
        let place = |file: &str| Some(Place { file: file.to_owned(), line: 3, column: 5 });
        let finding = |item, change, subject: &str, detail: &str, rust, wire| Finding {
            item,
            change,
            subject: subject.to_owned(),
            detail: detail.to_owned(),
            old: place("old.yaml"),
            new: None,
            rust,
            wire,
        };
        let mut removed =
            finding(Item::Property, Change::Removed, "schema `A`", "is removed", Rust::Major, Wire::Breaking);
        removed.new = place("new, 1.yaml");
        let docs = finding(Item::Api, Change::Docs, "API", "has other documentation", Rust::Patch, Wire::None);
        let added = finding(Item::Schema, Change::Added, "schema `B`", "is new", Rust::Minor, Wire::Note);
        Comparison { findings: vec![removed, docs, Finding { old: None, ..added }] }
    }

    #[test]
    fn text_has_verdicts_and_places() {
        assert_eq!(
            text(&sample()),
            "major, breaking    schema `A` is removed (old.yaml:3:5 → new, 1.yaml:3:5)\n\
             patch, none        API has other documentation (old.yaml:3:5)\n\
             minor, note        schema `B` is new\n\
             3 differences: the crate needs a major version; running clients may break\n"
        );
        assert_eq!(text(&Comparison::default()), "no differences\n");
    }

    #[test]
    fn json_has_all_fields() {
        let read: serde_json::Value = serde_json::from_str(&json(&sample())).unwrap();
        assert_eq!((&read["rust"], &read["wire"]), (&"major".into(), &"breaking".into()));
        let place = |file: &str| serde_json::json!({"file": file, "line": 3, "column": 5});
        let expected = serde_json::json!({
            "item": "property", "change": "removed", "subject": "schema `A`", "detail": "is removed",
            "old": place("old.yaml"), "new": place("new, 1.yaml"), "rust": "major", "wire": "breaking",
        });
        assert_eq!(read["findings"][0], expected);
        assert_eq!(read["findings"][2]["old"], serde_json::Value::Null);
    }

    #[test]
    fn github_has_one_line_per_finding() {
        assert_eq!(
            github(&sample()),
            "::error file=new%2C 1.yaml,line=3,col=5,title=API change::schema `A` is removed (Rust: major, running \
             clients: breaking)\n\
             ::notice file=old.yaml,line=3,col=5,title=API change::API has other documentation (Rust: patch, running \
             clients: none)\n\
             ::warning title=API change::schema `B` is new (Rust: minor, running clients: note)\n"
        );
    }

    #[test]
    fn markdown_has_sections() {
        assert_eq!(
            markdown(&sample()),
            "### Added\n\n* schema `B` is new.\n\n### Removed\n\n\
             * **Breaking, also for running clients**: schema `A` is removed.\n"
        );
        assert_eq!(markdown(&Comparison::default()), "");
    }
}
