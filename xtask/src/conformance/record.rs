//! What a run came to: the record of every call and control, as JSON for programs and as lines for people.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::controls::Control;
use crate::judge::{RULES, Verdict};
use crate::program::Outcome;
use crate::proxy::Exchange;

/// The whole run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Record {
    pub(crate) documents: Vec<DocumentRecord>,
    /// Controls of our own document, where those of the run have no place for one.
    pub(crate) own_controls: Vec<Control>,
    /// The rules that were left to the second judge, why, and for how many calls.
    pub(crate) left: Vec<Left>,
}

/// One document.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentRecord {
    pub(crate) spec: String,
    /// Why it could not be judged at all.
    pub(crate) failed: Option<String>,
    pub(crate) operations: usize,
    pub(crate) controls: Vec<Control>,
    pub(crate) calls: Vec<CallRecord>,
}

/// A rule of Prism's that did not count.
#[derive(Debug, Serialize)]
pub(crate) struct Left {
    pub(crate) rule: String,
    pub(crate) why: String,
    pub(crate) calls: usize,
}

/// One call.
#[derive(Debug, Serialize)]
pub(crate) struct CallRecord {
    pub(crate) operation: String,
    pub(crate) call: String,
    pub(crate) right: bool,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<Said>,
}

/// A message as it was on the wire.
#[derive(Debug, Serialize)]
struct Message {
    /// `GET /pets?limit=3`, or the status.
    line: String,
    headers: Vec<String>,
    body: Value,
}

/// What the program said.
#[derive(Debug, Serialize)]
struct Said {
    exit: Option<i32>,
    stdout: Value,
    stderr: String,
}

impl CallRecord {
    pub(crate) fn new(operation: String, call: String, verdict: Verdict) -> Self {
        let right = verdict.is_right();
        Self { operation, call, right, verdict, request: None, answer: None, program: None }
    }

    /// Keeps what passed.
    pub(crate) fn passed(&mut self, exchange: Option<&Exchange>, outcome: Option<&Outcome>) {
        self.request = exchange.map(|exchange| Message {
            line: format!("{} {}", exchange.sent.method, exchange.sent.target),
            headers: lines(&exchange.sent.headers),
            body: body(&exchange.sent.body),
        });
        self.answer = exchange.map(|exchange| Message {
            line: exchange.received.status.to_string(),
            headers: lines(&exchange.received.headers),
            body: body(&exchange.received.body),
        });
        self.program = outcome.map(|outcome| Said {
            exit: outcome.exit,
            stdout: body(&outcome.stdout),
            stderr: outcome.stderr.clone(),
        });
    }
}

fn lines(headers: &[(String, String)]) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// JSON as it is, anything else as a text, nothing as null.
fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(bytes)))
}

impl Record {
    /// Counts what was left to the second judge.
    pub(crate) fn count_left(&mut self) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in self.documents.iter().flat_map(|document| &document.calls).flat_map(|call| &call.verdict.left) {
            *counts.entry(rule).or_default() += 1;
        }
        let why = |name: &str| RULES.iter().find(|rule| rule.name == name).map_or("", |rule| rule.why);
        self.left = counts
            .iter()
            .map(|(rule, calls)| Left { rule: (*rule).to_owned(), why: why(rule).to_owned(), calls: *calls })
            .collect();
    }

    /// The controls that say something of Prism.
    fn controls(&self) -> impl Iterator<Item = &Control> {
        self.all_controls().filter(|control| !control.left)
    }

    fn all_controls(&self) -> impl Iterator<Item = &Control> {
        self.documents.iter().flat_map(|document| &document.controls).chain(&self.own_controls)
    }

    /// Whether all is right: every document, call and control.
    pub(crate) fn is_right(&self) -> bool {
        self.counts() && self.documents.iter().all(|it| it.failed.is_none() && it.calls.iter().all(|call| call.right))
    }

    /// Whether the run counts at all: every control was refused.
    pub(crate) fn counts(&self) -> bool {
        self.controls().all(|control| control.refused)
    }

    /// The run in one line.
    pub(crate) fn total(&self) -> String {
        let calls = || self.documents.iter().flat_map(|document| &document.calls);
        format!(
            "conformance: {} of {} calls right, {} operations, {} of {} controls refused",
            calls().filter(|call| call.right).count(),
            calls().count(),
            self.documents.iter().map(|document| document.operations).sum::<usize>(),
            self.controls().filter(|control| control.refused).count(),
            self.controls().count(),
        )
    }

    /// The run for people, but for its last line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for document in &self.documents {
            if let Some(reason) = &document.failed {
                lines.push(format!("{}: not judged: {reason}", document.spec));
            }
            for call in document.calls.iter().filter(|call| !call.right) {
                lines.push(format!("wrong: {}: {}, {}", document.spec, call.operation, call.call));
                let faults = call.verdict.faults.iter();
                lines.extend(faults.map(|fault| format!("       {}: {}", fault.kind, shortened(&fault.reason))));
            }
        }
        for left in &self.left {
            lines.push(format!("left to the second judge: {} ({} calls): {}", left.rule, left.calls, left.why));
        }
        for control in self.all_controls().filter(|control| control.left) {
            lines.push(format!("left to the second judge: the body of {}: Prism takes any", control.operation));
        }
        for control in self.controls().filter(|control| !control.refused) {
            let wrong = serde_json::to_value(control.wrong).unwrap_or_default();
            lines.push(format!("not refused: {wrong} in {}: {}", control.operation, control.said));
        }
        if !self.counts() {
            lines.push("Prism takes what it must refuse: this run does not count".to_owned());
        }
        lines
    }
}

/// A reason may quote a body of any length; the report has it whole.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 400;
    if text.chars().count() <= LENGTH {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(LENGTH).collect::<String>())
}
