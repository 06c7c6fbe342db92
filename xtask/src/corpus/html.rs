//! Writes the results of a run as an HTML page without scripts, for a browser or as an artifact of CI.

use std::fmt::Write;

use crate::compare::{Change, Earlier};
use crate::outcome::{Outcome, Record};

const STYLE: &str = "body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse}th,td{padding:.2em \
                     .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}td.n{text-align:right;\
                     white-space:nowrap}i{display:inline-block;height:.7em;background:#7ab;margin-left:.4em}.bad{color:\
                     #b00}pre{max-width:70em;overflow:auto;background:#f6f6f6;padding:.5em}summary{cursor:pointer}";

/// The width of the longest bar, in pixels.
const BAR: f64 = 80.0;

/// Returns the page. With the results of an earlier run, it shows what has changed in the output of each document.
pub(crate) fn page(record: &Record, earlier: Option<&Earlier>) -> String {
    let mut page = String::new();
    let columns = ["document", "OpenAPI", "result", "operations", "types", "lines", "ms", "MB", "diagnostics"];
    let columns = columns.into_iter().chain(earlier.map(|_| "changes"));
    let header: String = columns.map(|column| format!("<th>{column}</th>")).collect();
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Corpus</title><style>{STYLE}</style>\n\
         <h1>Corpus</h1>\n<p>{}</p>\n<table>\n<tr>{header}</tr>\n",
        escaped(&record.summary())
    );
    let longest = Longest::of(&record.documents);
    for outcome in &record.documents {
        row(&mut page, outcome, &longest, earlier);
    }
    page.push_str("</table>\n</html>\n");
    page
}

/// The largest values of a column, for the bars.
struct Longest {
    lines: f64,
    milliseconds: f64,
}

impl Longest {
    fn of(documents: &[Outcome]) -> Self {
        let all = || documents.iter().filter_map(|outcome| outcome.generated.as_ref());
        let lines = all().map(|it| it.lines as f64).fold(1.0, f64::max);
        Self { lines, milliseconds: all().map(|it| it.milliseconds).fold(1.0, f64::max) }
    }
}

fn row(page: &mut String, outcome: &Outcome, longest: &Longest, earlier: Option<&Earlier>) {
    let class = if outcome.passed() { "" } else { " class=\"bad\"" };
    let name = escaped(&outcome.document);
    let _ = write!(page, "<tr id=\"{}\"><td>{name}</td>", escaped(&outcome.package));
    let Some(generated) = &outcome.generated else {
        let _ = writeln!(page, "<td></td><td{class}>{}</td></tr>", escaped(&outcome.summary()));
        return;
    };
    let version = escaped(generated.version.as_deref().unwrap_or_default());
    let _ = write!(page, "<td>{version}</td><td{class}>{}</td>", escaped(&outcome.summary()));
    for number in [generated.operations, generated.types] {
        let _ = write!(page, "<td class=\"n\">{number}</td>");
    }
    let bar = |value: f64, longest: f64| format!("<i style=\"width:{:.0}px\"></i>", value / longest * BAR);
    let _ = write!(
        page,
        "<td class=\"n\">{}{}</td><td class=\"n\">{:.0}{}</td><td class=\"n\">{}</td>",
        generated.lines,
        bar(generated.lines as f64, longest.lines),
        generated.milliseconds,
        bar(generated.milliseconds, longest.milliseconds),
        generated.memory.unwrap_or_default().div_ceil(1_000_000),
    );
    let found = &generated.diagnostics;
    let codes: Vec<String> = found.codes.iter().map(|(code, count)| format!("{} × {count}", escaped(code))).collect();
    let _ = write!(
        page,
        "<td>{}{}</td>",
        codes.join("<br>"),
        details("messages", &[found.text.as_str()].map(str::to_owned), found.text.is_empty()),
    );
    if let Some(earlier) = earlier {
        let _ = write!(page, "<td>{}</td>", earlier.change(&outcome.document, generated).map_or_else(new, changes));
    }
    page.push_str("</tr>\n");
}

fn new() -> String {
    "new document".to_owned()
}

/// Returns the cell of a document that the earlier run contains too.
fn changes(change: Change) -> String {
    let numbers = [("lines", change.lines), ("types", change.types)];
    let numbers = numbers.into_iter().filter(|(_, by)| *by != 0).map(|(what, by)| format!("{by:+} {what}"));
    let mut cell: Vec<String> = numbers.collect();
    for (what, items) in [("renamed", &change.renamed), ("removed", &change.removed), ("added", &change.added)] {
        if !items.is_empty() {
            cell.push(details(&format!("{} {what}", items.len()), items, false));
        }
    }
    if cell.is_empty() { "none".to_owned() } else { cell.join("<br>") }
}

/// Returns lines of text behind a summary.
fn details(summary: &str, lines: &[String], is_empty: bool) -> String {
    if is_empty {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    format!("<details><summary>{summary}</summary><pre>{}</pre></details>", lines.join("\n"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_documents_is_escaped() {
        assert_eq!(
            details("a", &["<b> & \"c\"".to_owned()], false),
            "<details><summary>a</summary><pre>&lt;b&gt; &amp; &quot;c&quot;</pre></details>"
        );
        assert_eq!(details("a", &[], true), "");
    }
}
