//! What came of each document: kept for the report, told in lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::roundtrip::Roundtrip;

/// What generating one document came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Generated {
    pub(crate) operations: usize,
    pub(crate) types: usize,
    /// Those of the API's own files; the runtime is the same in each crate.
    pub(crate) lines: usize,
    /// From the file to the files, those in memory.
    pub(crate) milliseconds: f64,
    /// The most that the process had at once, in bytes, where the system says so.
    pub(crate) memory: Option<u64>,
    pub(crate) findings: Findings,
}

/// What the generator said of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Findings {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// How many there are of each code.
    pub(crate) codes: BTreeMap<String, usize>,
    /// The first error.
    pub(crate) first: Option<String>,
    /// The first of them, as people read them: the errors if there are any, else the warnings.
    pub(crate) text: String,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) document: String,
    pub(crate) package: String,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// Nothing where the process broke or took too long.
    #[serde(flatten)]
    pub(crate) generated: Option<Generated>,
    /// What came of its examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) roundtrip: Option<Roundtrip>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// All that was asked for went well.
    Ok,
    /// The generator refused the document.
    Rejected,
    /// It took too long.
    TimedOut { seconds: f64 },
    /// The process ended before it said what came of it.
    Broke { how: String, said: String },
    /// The crate does not compile, or with warnings.
    NotCompiled { errors: usize, warnings: usize, messages: Vec<String> },
    /// There are examples that did not come back as they were.
    Differs,
}

impl Verdict {
    /// What the totals call it.
    fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::TimedOut { .. } => "timed out",
            Self::Broke { .. } => "broke",
            Self::NotCompiled { errors: 0, .. } => "compiled with warnings",
            Self::NotCompiled { .. } => "not compiled",
            Self::Differs => "differs",
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
        self.verdict = if generated.findings.errors == 0 { Verdict::Ok } else { Verdict::Rejected };
        self.generated = Some(generated);
    }

    pub(crate) fn set_roundtrip(&mut self, roundtrip: Roundtrip) {
        if !roundtrip.differences.is_empty() {
            self.verdict = Verdict::Differs;
        }
        self.roundtrip = Some(roundtrip);
    }

    /// The verdict with what there is to say about it in a line.
    fn told(&self) -> String {
        let name = self.verdict.name();
        match &self.verdict {
            Verdict::Ok | Verdict::Differs => match &self.roundtrip {
                None => name.to_owned(),
                Some(done) => format!("{name}: {done}"),
            },
            Verdict::Rejected => {
                let findings = self.generated.as_ref().map(|generated| &generated.findings);
                let first = findings.and_then(|findings| findings.first.as_deref()).unwrap_or_default();
                match findings.map_or(0, |findings| findings.errors) {
                    0 | 1 => format!("{name}: {first}"),
                    errors => format!("{name}: {first} (and {} more)", errors - 1),
                }
            }
            Verdict::TimedOut { seconds } => format!("{name} after {seconds} s"),
            Verdict::Broke { how, said } => {
                let last = said.lines().next_back().unwrap_or_default();
                if last.is_empty() { format!("{name}: {how}") } else { format!("{name}: {how}: {last}") }
            }
            Verdict::NotCompiled { errors, warnings, messages } => {
                let first = messages.first().and_then(|message| message.lines().next()).unwrap_or_default();
                format!("{name}: {errors} errors, {warnings} warnings: {first}")
            }
        }
    }
}

/// The whole run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Record {
    pub(crate) documents: Vec<Outcome>,
    totals: Totals,
    /// How long the whole took.
    pub(crate) seconds: f64,
}

/// What all documents have together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Totals {
    operations: usize,
    types: usize,
    lines: usize,
    warnings: usize,
    milliseconds: f64,
    /// The most that any of them took, in bytes.
    memory: u64,
}

/// What all examples came to.
fn examples(documents: &[Outcome]) -> Option<Roundtrip> {
    let mut all: Option<Roundtrip> = None;
    for one in documents.iter().filter_map(|outcome| outcome.roundtrip.as_ref()) {
        let all = all.get_or_insert_default();
        all.equal += one.equal;
        all.valid += one.valid;
        all.invalid += one.invalid;
        all.dropped += one.dropped;
    }
    all
}

impl Record {
    pub(crate) fn new(documents: Vec<Outcome>) -> Self {
        let mut totals = Totals::default();
        for generated in documents.iter().filter_map(|outcome| outcome.generated.as_ref()) {
            totals.operations += generated.operations;
            totals.types += generated.types;
            totals.lines += generated.lines;
            totals.warnings += generated.findings.warnings;
            totals.milliseconds += generated.milliseconds;
            totals.memory = totals.memory.max(generated.memory.unwrap_or_default());
        }
        Self { documents, totals, seconds: 0.0 }
    }

    pub(crate) fn is_well(&self) -> bool {
        self.documents.iter().all(|outcome| outcome.verdict == Verdict::Ok)
    }

    /// A table: a line a document, then the totals, and how many there are of each verdict.
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
                    let made = |count: usize| {
                        if outcome.verdict == Verdict::Rejected { "-".to_owned() } else { count.to_string() }
                    };
                    [
                        made(generated.operations),
                        made(generated.types),
                        made(generated.lines),
                        generated.findings.warnings.to_string(),
                        format!("{:.0}", generated.milliseconds),
                        generated.memory.map_or_else(|| "-".to_owned(), megabytes),
                    ]
                },
            );
            table.push(row(&outcome.document, cells, &outcome.told()));
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
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in &self.documents {
            *counts.entry(outcome.verdict.name()).or_default() += 1;
        }
        let counts: Vec<String> = counts.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
        table.push(row(&format!("{} in all", self.documents.len()), cells, &counts.join(", ")));
        let examples = examples(&self.documents).map_or_else(String::new, |all| format!("{all}, "));
        table.push(format!("{examples}{:.1} s", self.seconds));
        table
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{}", bytes.div_ceil(1_000_000))
}
