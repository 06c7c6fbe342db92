//! The outcome of each document, formatted for the JSON report and as a table.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::compare::Earlier;
use crate::documents::Document;
use crate::roundtrip::Roundtrip;

/// The result of generating a crate from one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Generated {
    /// The OpenAPI version of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    pub(crate) operations: usize,
    pub(crate) types: usize,
    /// The number of lines of generated code, without the runtime, which is the same in each crate.
    pub(crate) lines: usize,
    /// The time spent on reading the document and generating the files in memory.
    pub(crate) milliseconds: f64,
    /// The peak memory of the process in bytes, if the operating system provides it.
    pub(crate) memory: Option<u64>,
    #[serde(rename = "findings")]
    pub(crate) diagnostics: DiagnosticSummary,
    /// The names of the generated items, as in the lock file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) names: Vec<String>,
    /// The result of taking parts out of the document and putting them back. `None` if it was not tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) growth: Option<Growth>,
}

/// The result of taking random parts out of a document, generating a crate, and putting them back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Growth {
    /// The number of rounds. Rounds in which the reduced document has errors do not count.
    pub(crate) rounds: usize,
    /// The public items that are renamed or missing after the parts are put back.
    pub(crate) lost: Vec<String>,
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rounds, {} items renamed", self.rounds, self.lost.len())
    }
}

/// The diagnostics of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DiagnosticSummary {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// The number of diagnostics with each code.
    pub(crate) codes: BTreeMap<String, usize>,
    /// The message of the first error.
    pub(crate) first: Option<String>,
    /// The first errors, rendered as text. Without errors, the first warnings.
    pub(crate) text: String,
}

/// The outcome of one document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) document: String,
    pub(crate) package: String,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// The result of the generator. `None` if its process crashed or timed out.
    #[serde(flatten)]
    pub(crate) generated: Option<Generated>,
    /// The result of decoding and encoding the examples. `None` if they were not tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) roundtrip: Option<Roundtrip>,
}

/// The overall result for a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// All requested steps succeeded.
    Ok,
    /// The generator rejected the document.
    Rejected,
    /// The generator exceeded the time limit.
    TimedOut { seconds: f64 },
    /// The generator's process ended without printing an outcome, or the program that tests the examples failed.
    #[serde(rename = "broke")]
    Crashed {
        /// How the process ended, e.g. `terminated by signal 11`.
        #[serde(rename = "how")]
        status: String,
        /// The end of the process's standard error.
        #[serde(rename = "said")]
        stderr: String,
    },
    /// The crate does not compile, or compiles with warnings.
    NotCompiled { errors: usize, warnings: usize, messages: Vec<String> },
    /// Decoding and encoding changed at least one example, or an example could not be decoded.
    Differs,
    /// A public item was renamed when the document grew.
    Renamed,
}

impl Verdict {
    /// Returns the name of the verdict for the table.
    fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::TimedOut { .. } => "timed out",
            Self::Crashed { .. } => "crashed",
            Self::NotCompiled { errors: 0, .. } => "compiled with warnings",
            Self::NotCompiled { .. } => "not compiled",
            Self::Differs => "differs",
            Self::Renamed => "renamed",
        }
    }
}

impl Outcome {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            document: document.name.clone(),
            package: document.package.clone(),
            verdict: Verdict::Ok,
            generated: None,
            roundtrip: None,
        }
    }

    pub(crate) fn set_generated(&mut self, generated: Generated) {
        let is_renamed = generated.growth.as_ref().is_some_and(|growth| !growth.lost.is_empty());
        self.verdict = match generated.diagnostics.errors {
            0 if is_renamed => Verdict::Renamed,
            0 => Verdict::Ok,
            _ => Verdict::Rejected,
        };
        self.generated = Some(generated);
    }

    pub(crate) fn set_roundtrip(&mut self, roundtrip: Roundtrip) {
        if !roundtrip.differences.is_empty() {
            self.verdict = Verdict::Differs;
        }
        self.roundtrip = Some(roundtrip);
    }

    pub(crate) fn passed(&self) -> bool {
        self.verdict == Verdict::Ok
    }

    /// Returns the name of the verdict and its main reason, as one line.
    pub(crate) fn summary(&self) -> String {
        let name = self.verdict.name();
        match &self.verdict {
            Verdict::Ok | Verdict::Differs | Verdict::Renamed => {
                let growth = self.generated.as_ref().and_then(|generated| generated.growth.as_ref());
                let results = self.roundtrip.iter().map(ToString::to_string).chain(growth.map(ToString::to_string));
                let results: Vec<String> = results.collect();
                if results.is_empty() { name.to_owned() } else { format!("{name}: {}", results.join(", ")) }
            }
            Verdict::Rejected => {
                let diagnostics = self.generated.as_ref().map(|generated| &generated.diagnostics);
                let first = diagnostics.and_then(|diagnostics| diagnostics.first.as_deref()).unwrap_or_default();
                match diagnostics.map_or(0, |diagnostics| diagnostics.errors) {
                    0 | 1 => format!("{name}: {first}"),
                    errors => format!("{name}: {first} (and {} more)", errors - 1),
                }
            }
            Verdict::TimedOut { seconds } => format!("{name} after {seconds} s"),
            Verdict::Crashed { status, stderr } => {
                let last = stderr.lines().next_back().unwrap_or_default();
                if last.is_empty() { format!("{name}: {status}") } else { format!("{name}: {status}: {last}") }
            }
            Verdict::NotCompiled { errors, warnings, messages } => {
                let first = messages.first().and_then(|message| message.lines().next()).unwrap_or_default();
                format!("{name}: {errors} errors, {warnings} warnings: {first}")
            }
        }
    }
}

/// The results of a run, for the JSON report and the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Record {
    pub(crate) documents: Vec<Outcome>,
    totals: Totals,
    /// The duration of the run.
    pub(crate) seconds: f64,
}

/// The totals over all documents.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Totals {
    operations: usize,
    types: usize,
    lines: usize,
    warnings: usize,
    milliseconds: f64,
    /// The highest peak memory of a document's process, in bytes.
    memory: u64,
}

/// Returns the totals of all round trips, without the list of differences. `None` if no examples were tested.
fn examples(documents: &[Outcome]) -> Option<Roundtrip> {
    let mut all: Option<Roundtrip> = None;
    for roundtrip in documents.iter().filter_map(|outcome| outcome.roundtrip.as_ref()) {
        let all = all.get_or_insert_default();
        all.equal += roundtrip.equal;
        all.valid += roundtrip.valid;
        all.invalid += roundtrip.invalid;
        all.dropped += roundtrip.dropped;
    }
    all
}

/// Returns the totals of all documents. `None` if no rounds were run.
fn growth(documents: &[Outcome]) -> Option<Growth> {
    let of_documents = documents.iter().filter_map(|outcome| outcome.generated.as_ref()?.growth.as_ref());
    of_documents.fold(None, |all: Option<Growth>, growth| {
        let mut all = all.unwrap_or_default();
        all.rounds += growth.rounds;
        all.lost.extend_from_slice(&growth.lost);
        Some(all)
    })
}

impl Record {
    pub(crate) fn new(documents: Vec<Outcome>) -> Self {
        let mut totals = Totals::default();
        for generated in documents.iter().filter_map(|outcome| outcome.generated.as_ref()) {
            totals.operations += generated.operations;
            totals.types += generated.types;
            totals.lines += generated.lines;
            totals.warnings += generated.diagnostics.warnings;
            totals.milliseconds += generated.milliseconds;
            totals.memory = totals.memory.max(generated.memory.unwrap_or_default());
        }
        Self { documents, totals, seconds: 0.0 }
    }

    pub(crate) fn passed(&self) -> bool {
        self.documents.iter().all(Outcome::passed)
    }

    /// Returns the number of documents with each verdict.
    fn verdicts(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in &self.documents {
            *counts.entry(outcome.verdict.name()).or_default() += 1;
        }
        let counts: Vec<String> = counts.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
        counts.join(", ")
    }

    /// Returns the totals of the run as a sentence.
    pub(crate) fn summary(&self) -> String {
        let Totals { operations, types, lines, warnings, .. } = &self.totals;
        format!(
            "{} documents ({}) with {operations} operations: {types} types, {lines} lines, {warnings} warnings, {:.0} s",
            self.documents.len(),
            self.verdicts(),
            self.seconds
        )
    }

    /// Returns a line for each document whose output has changed since an earlier run.
    pub(crate) fn changes(&self, earlier: &Earlier) -> Vec<String> {
        let change = |outcome: &Outcome| {
            let change = earlier.change(&outcome.document, outcome.generated.as_ref()?)?.summary()?;
            Some(format!("changed: {}: {change}", outcome.document))
        };
        let mut lines: Vec<String> = self.documents.iter().filter_map(change).collect();
        if lines.is_empty() {
            lines.push("the output of no document has changed".to_owned());
        }
        lines
    }

    /// Returns a table with a line for each document, and a line with the totals.
    pub(crate) fn lines(&self) -> Vec<String> {
        let width = self.documents.iter().map(|outcome| outcome.document.chars().count()).max().unwrap_or(0).max(8);
        let row = |name: &str, cells: [String; 6], verdict: &str| {
            let [operations, types, lines, warnings, milliseconds, memory] = cells;
            format!(
                "{name:width$} {operations:>10} {types:>6} {lines:>8} {warnings:>8} {milliseconds:>8} {memory:>8}  {verdict}"
            )
        };
        let header = ["operations", "types", "lines", "warnings", "ms", "MB"].map(str::to_owned);
        let mut table = vec![row("document", header, "verdict")];
        for outcome in &self.documents {
            let cells = outcome.generated.as_ref().map_or_else(
                || std::array::from_fn(|_| "-".to_owned()),
                |generated| {
                    let count_unless_rejected = |count: usize| {
                        if outcome.verdict == Verdict::Rejected { "-".to_owned() } else { count.to_string() }
                    };
                    [
                        count_unless_rejected(generated.operations),
                        count_unless_rejected(generated.types),
                        count_unless_rejected(generated.lines),
                        generated.diagnostics.warnings.to_string(),
                        format!("{:.0}", generated.milliseconds),
                        generated.memory.map_or_else(|| "-".to_owned(), megabytes),
                    ]
                },
            );
            table.push(row(&outcome.document, cells, &outcome.summary()));
        }
        let Totals { operations, types, lines, warnings, milliseconds, memory } = &self.totals;
        let cells = [
            operations.to_string(),
            types.to_string(),
            lines.to_string(),
            warnings.to_string(),
            format!("{milliseconds:.0}"),
            megabytes(*memory),
        ];
        table.push(row(&format!("{} documents", self.documents.len()), cells, &self.verdicts()));
        let examples = examples(&self.documents).map_or_else(String::new, |all| format!("{all}, "));
        let growth = growth(&self.documents).map_or_else(String::new, |all| format!("{all}, "));
        table.push(format!("{examples}{growth}{:.1} s", self.seconds));
        table
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{}", bytes.div_ceil(1_000_000))
}
