//! The record of all calls and controls of a run, which is written as JSON and printed as lines of text.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::controls::Control;
use crate::judge::{Decision, RULES, Verdict};
use crate::program::Outcome;
use crate::proxy::Exchange;

/// The record of a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Record {
    pub(crate) documents: Vec<DocumentRecord>,
    /// The controls of the built-in document, for the kinds of errors that could not be added to any request of the
    /// run's documents.
    pub(crate) own_controls: Vec<Control>,
    /// The rules that waived refusals by Prism.
    #[serde(rename = "left")]
    pub(crate) waived: Vec<WaivedRule>,
}

/// The record of one document.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentRecord {
    pub(crate) spec: String,
    /// The reason why the document could not be checked, if there is one.
    pub(crate) failed: Option<String>,
    pub(crate) operations: usize,
    /// Whether the schemas are those of JSON Schema 2020-12.
    #[serde(skip)]
    pub(crate) has_schemas_of_2020: bool,
    pub(crate) controls: Vec<Control>,
    pub(crate) calls: Vec<CallRecord>,
}

/// A rule that waived a refusal by Prism, and the number of affected calls.
#[derive(Debug, Serialize)]
pub(crate) struct WaivedRule {
    pub(crate) rule: String,
    #[serde(rename = "why")]
    pub(crate) reason: String,
    pub(crate) calls: usize,
}

/// The record of one call.
#[derive(Debug, Serialize)]
pub(crate) struct CallRecord {
    pub(crate) operation: String,
    pub(crate) call: String,
    #[serde(rename = "verdict")]
    pub(crate) decision: Decision,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Message>,
    #[serde(rename = "answer", skip_serializing_if = "Option::is_none")]
    response: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<ProgramOutput>,
}

/// A recorded request or response.
#[derive(Debug, Serialize)]
struct Message {
    /// The method and target of a request (`GET /pets?limit=3`), or the status of a response.
    line: String,
    headers: Vec<String>,
    body: Value,
}

/// The output of the generated program.
#[derive(Debug, Serialize)]
struct ProgramOutput {
    exit: Option<i32>,
    stdout: Value,
    stderr: String,
}

impl DocumentRecord {
    /// Returns the number of calls with a decision.
    pub(crate) fn count(&self, decision: Decision) -> usize {
        self.calls.iter().filter(|call| call.decision == decision).count()
    }
}

impl CallRecord {
    pub(crate) fn new(operation: String, call: String, verdict: Verdict) -> Self {
        let decision = verdict.decision();
        Self { operation, call, decision, verdict, request: None, response: None, program: None }
    }

    /// Adds the request, the response and the output of the program to the record.
    pub(crate) fn set_messages(&mut self, exchange: Option<&Exchange>, outcome: Option<&Outcome>) {
        self.request = exchange.map(|exchange| Message {
            line: format!("{} {}", exchange.request.method, exchange.request.target),
            headers: lines(&exchange.request.headers),
            body: body(&exchange.request.body),
        });
        self.response = exchange.map(|exchange| Message {
            line: exchange.response.status.to_string(),
            headers: lines(&exchange.response.headers),
            body: body(&exchange.response.body),
        });
        self.program = outcome.map(|outcome| ProgramOutput {
            exit: outcome.exit,
            stdout: body(&outcome.stdout),
            stderr: outcome.stderr.clone(),
        });
    }
}

fn lines(headers: &[(String, String)]) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// Converts a body to a JSON value: a JSON body to its value, an empty body to null, any other body to a string.
fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(bytes)))
}

impl Record {
    /// Counts, for each rule, the calls in which the rule waived a refusal by Prism. Stores the numbers in
    /// [`waived`](Self::waived).
    pub(crate) fn count_waived(&mut self) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in self.documents.iter().flat_map(|document| &document.calls).flat_map(|call| &call.verdict.waived) {
            *counts.entry(rule).or_default() += 1;
        }
        let reason = |name: &str| RULES.iter().find(|rule| rule.name == name).map_or("", |rule| rule.reason);
        self.waived = counts
            .iter()
            .map(|(rule, calls)| WaivedRule {
                rule: (*rule).to_owned(),
                reason: reason(rule).to_owned(),
                calls: *calls,
            })
            .collect();
    }

    /// Returns the controls that count: all except those that Prism accepted without validating their body.
    fn controls(&self) -> impl Iterator<Item = &Control> {
        self.all_controls().filter(|control| !control.waived)
    }

    fn all_controls(&self) -> impl Iterator<Item = &Control> {
        self.documents.iter().flat_map(|document| &document.controls).chain(&self.own_controls)
    }

    /// Returns whether all documents were checked without client errors, and all controls were refused.
    pub(crate) fn passed(&self) -> bool {
        let is_right =
            |document: &DocumentRecord| document.failed.is_none() && document.count(Decision::ClientError) == 0;
        self.is_conclusive() && self.documents.iter().all(is_right)
    }

    /// Returns whether all controls were refused. If one was accepted, the run proves nothing.
    pub(crate) fn is_conclusive(&self) -> bool {
        self.controls().all(|control| control.refused)
    }

    /// Returns the last line of the output, with the totals.
    pub(crate) fn total(&self) -> String {
        let count = |decision| self.documents.iter().map(|document| document.count(decision)).sum::<usize>();
        format!(
            "conformance: {} right, {} client errors, {} contradictions of the document, {} left to the second judge, of {} \
             calls; {} operations; {} of {} controls refused",
            count(Decision::Right),
            count(Decision::ClientError),
            count(Decision::Contradiction),
            count(Decision::Left),
            self.documents.iter().map(|document| document.calls.len()).sum::<usize>(),
            self.documents.iter().map(|document| document.operations).sum::<usize>(),
            self.controls().filter(|control| control.refused).count(),
            self.controls().count(),
        )
    }

    /// Returns the failures and notes as lines of text, without the totals.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for document in &self.documents {
            if let Some(reason) = &document.failed {
                lines.push(format!("{}: not checked: {reason}", document.spec));
            }
            for call in document.calls.iter().filter(|call| !call.verdict.passed()) {
                let decision = match call.decision {
                    Decision::Contradiction => "contradiction of the document",
                    Decision::Right | Decision::Left => "left to the second judge",
                    Decision::ClientError => "client error",
                };
                lines.push(format!("{decision}: {}: {}, {}", document.spec, call.operation, call.call));
                let failures = call.verdict.failures.iter();
                lines
                    .extend(failures.map(|failure| format!("       {}: {}", failure.kind, truncated(&failure.reason))));
            }
        }
        for waived in &self.waived {
            lines
                .push(format!("left to the second judge: {} ({} calls): {}", waived.rule, waived.calls, waived.reason));
        }
        for control in self.all_controls().filter(|control| control.waived) {
            lines.push(format!("waived: {}: Prism accepts any body", control.operation));
        }
        for control in self.controls().filter(|control| !control.refused) {
            let mutation = serde_json::to_value(control.mutation).unwrap_or_default();
            lines.push(format!("not refused: {mutation} in {}: {}", control.operation, control.reply));
        }
        if !self.is_conclusive() {
            lines.push("errors were not found that must be found: this run proves nothing".to_owned());
        }
        lines
    }
}

/// Truncates a reason, because it may quote a long body. The report contains the complete reason.
fn truncated(text: &str) -> String {
    const MAX_LENGTH: usize = 400;
    if text.chars().count() <= MAX_LENGTH {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(MAX_LENGTH).collect::<String>())
}
