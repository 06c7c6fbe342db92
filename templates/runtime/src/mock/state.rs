//! What the mock expects and what came: which answer a request gets, and what to say where there is none.
//!
//! In: entries that `Expectation` fills, and requests. Out: an answer or an [`UnexpectedCall`], and the report of what
//! did not go as expected.

use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use http::Method;

use super::answer::Answer;
use super::record::{RecordedRequest, shown};
use crate::runtime::operation::OperationInfo;
use crate::runtime::wire_value::WireValue;

/// A call that the mock does not expect, and what it expects; the cause of the error that the caller gets.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the mock does not expect {call}: {expected}")]
pub struct UnexpectedCall {
    call: String,
    expected: String,
}

/// The whole of a mock.
#[derive(Default)]
pub(super) struct State {
    pub expectations: Vec<Entry>,
    pub requests: Vec<RecordedRequest>,
    unexpected: Vec<UnexpectedCall>,
    reported: bool,
}

/// An expectation.
pub(super) struct Entry {
    target: Target,
    at: &'static Location<'static>,
    pub conditions: Vec<Condition>,
    pub answers: VecDeque<Queued>,
}

/// What is expected.
#[derive(Clone)]
pub(super) enum Target {
    /// Calls of an operation.
    Operation(&'static OperationInfo),
    /// Requests of a method to an encoded path.
    Request(Method, String),
}

/// What must hold of a call.
#[derive(Clone)]
pub(super) enum Condition {
    /// The parameter with this index has this value.
    Parameter { index: usize, value: WireValue },
    /// The test's own.
    Holds { holds: Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>, at: &'static Location<'static> },
}

/// An answer that waits to be given.
pub(super) struct Queued {
    pub answer: Answer,
    /// How often it is still to be given; any number of times where it is `None`.
    pub left: Option<usize>,
}

/// An expectation that a request may meet, looked at while nothing is locked.
pub(super) struct Candidate {
    index: usize,
    conditions: Vec<Condition>,
}

/// An expectation, and why the request does not meet it.
pub(super) struct Judged {
    index: usize,
    objection: Option<String>,
}

impl State {
    /// Records a request, and gives the expectations that it may meet.
    pub fn record(&mut self, request: &RecordedRequest) -> Vec<Candidate> {
        self.requests.push(request.clone());
        let entries = self.expectations.iter().enumerate().filter(|(_, entry)| entry.target.covers(request));
        entries.map(|(index, entry)| Candidate { index, conditions: entry.conditions.clone() }).collect()
    }

    /// The answer of the first expectation that the request meets and that has one left.
    pub fn answer(&mut self, request: &RecordedRequest, judged: Vec<Judged>) -> Result<Answer, UnexpectedCall> {
        for candidate in judged.iter().filter(|judged| judged.objection.is_none()) {
            if let Some(answer) = self.expectations.get_mut(candidate.index).and_then(Entry::next) {
                return Ok(answer);
            }
        }
        let attempt = request.attempt();
        let again = if attempt > 1 { format!("attempt {attempt} of ") } else { String::new() };
        let call = format!("{again}{}", request.described());
        let unexpected = UnexpectedCall { call, expected: self.expected(&judged) };
        self.unexpected.push(unexpected.clone());
        Err(unexpected)
    }

    /// What is expected in the place of a request: what comes close to it, else all that has answers left.
    fn expected(&self, judged: &[Judged]) -> String {
        let mut close = Vec::new();
        for judged in judged {
            let Some(entry) = self.expectations.get(judged.index) else { continue };
            let why = judged.objection.as_deref().unwrap_or("it has given all its answers");
            close.push(format!("{entry}, but {why}"));
        }
        if close.is_empty() {
            close = self.expectations.iter().filter(|entry| entry.has_answers()).map(Entry::to_string).collect();
        }
        if close.is_empty() { "it expects nothing more".to_owned() } else { format!("it expects {}", close.join("; ")) }
    }

    /// What did not go as expected, once; `None` where all did.
    pub fn take_report(&mut self) -> Option<String> {
        let mut lines: Vec<_> = self.unexpected.iter().map(|unexpected| format!("\n  {unexpected}")).collect();
        for entry in &self.expectations {
            if entry.answers.is_empty() {
                lines.push(format!("\n  {entry} has no answer: call `reply` or another of its kind"));
            } else if let Some(owed) = entry.owed() {
                lines.push(format!("\n  {entry} was not called often enough: {owed} more expected"));
            }
        }
        if lines.is_empty() || std::mem::replace(&mut self.reported, true) {
            return None;
        }
        Some(format!("not what the mock expects:{}", lines.concat()))
    }
}

impl Entry {
    pub fn new(target: Target, at: &'static Location<'static>) -> Self {
        Self { target, at, conditions: Vec::new(), answers: VecDeque::new() }
    }

    fn next(&mut self) -> Option<Answer> {
        let queued = self.answers.iter_mut().find(|queued| queued.left != Some(0))?;
        queued.left = queued.left.map(|left| left.saturating_sub(1));
        Some(queued.answer.clone())
    }

    fn has_answers(&self) -> bool {
        self.answers.iter().any(|queued| queued.left != Some(0))
    }

    /// How many answers were not asked for, where there are any.
    fn owed(&self) -> Option<usize> {
        let owed = self.answers.iter().filter_map(|queued| queued.left).sum();
        (owed > 0).then_some(owed)
    }
}

/// The target, its conditions, and where the test says so.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        for (index, condition) in self.conditions.iter().enumerate() {
            let word = if index == 0 { "where" } else { "and" };
            match condition {
                Condition::Parameter { index, value } => {
                    let (name, sensitive) = self.target.parameter(*index);
                    write!(f, " {word} {name}={}", shown(value, sensitive))?;
                }
                Condition::Holds { at, .. } => write!(f, " {word} the condition at {at} holds")?,
            }
        }
        write!(f, " (at {})", self.at)
    }
}

impl Target {
    /// Whether the request is of this kind.
    pub fn covers(&self, request: &RecordedRequest) -> bool {
        match self {
            // Not by address: the compiler may put one description in several places.
            Target::Operation(info) => request.operation().is_some_and(|other| {
                std::ptr::eq(*info, other)
                    || (info.id, info.path, &info.method) == (other.id, other.path, &other.method)
            }),
            Target::Request(method, path) => request.method() == method && request.uri().path() == path,
        }
    }

    /// The name of the parameter with this index, and whether its value must not be shown.
    fn parameter(&self, index: usize) -> (&'static str, bool) {
        let info = match self {
            Target::Operation(info) => info.parameters.get(index),
            Target::Request(..) => None,
        };
        info.map_or(("?", true), |info| (info.name, info.sensitive))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Operation(info) => write!(f, "{} ({} {})", info.id, info.method, info.path),
            Target::Request(method, path) => write!(f, "{method} {path}"),
        }
    }
}

impl Candidate {
    /// Asks the conditions.
    pub fn judge(self, request: &RecordedRequest) -> Judged {
        let objection = self.conditions.iter().find_map(|condition| condition.objection(request));
        Judged { index: self.index, objection }
    }
}

impl Condition {
    /// Why it does not hold; `None` where it does.
    fn objection(&self, request: &RecordedRequest) -> Option<String> {
        match self {
            Condition::Parameter { index, value } if request.value(*index) != Some(value) => {
                let info = request.operation().and_then(|info| info.parameters.get(*index));
                let (name, sensitive) = info.map_or(("?", true), |info| (info.name, info.sensitive));
                Some(match request.value(*index) {
                    Some(other) => format!("{name} is {}", shown(other, sensitive)),
                    None => format!("{name} is not set"),
                })
            }
            Condition::Holds { holds, at } if !holds(request) => Some(format!("the condition at {at} does not hold")),
            Condition::Parameter { .. } | Condition::Holds { .. } => None,
        }
    }
}
