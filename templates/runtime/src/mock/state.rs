//! The state of a mock: stores expectations and requests, selects responses, and reports unexpected calls and unused
//! responses.

use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use http::Method;

use super::record::{RecordedRequest, shown};
use super::response::Reply;
use crate::runtime::operation::OperationInfo;
use crate::runtime::wire_value::WireValue;

/// The error for a call that a mock does not expect. It is a source of the error that the call returns. The message
/// lists the expected calls.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the mock does not expect {call}: {expected}")]
pub struct UnexpectedCall {
    call: String,
    expected: String,
}

/// The state of a mock.
#[derive(Default)]
pub(super) struct State {
    pub expectations: Vec<Entry>,
    pub requests: Vec<RecordedRequest>,
    unexpected: Vec<UnexpectedCall>,
    reported: bool,
}

/// An expectation, with the location in the test that declares it.
pub(super) struct Entry {
    target: Target,
    at: &'static Location<'static>,
    pub conditions: Vec<Condition>,
    pub replies: VecDeque<Queued>,
}

/// The requests to which an expectation applies.
#[derive(Clone)]
pub(super) enum Target {
    /// Calls of an operation.
    Operation(&'static OperationInfo),
    /// Requests with a method and an encoded path.
    Request(Method, String),
}

/// A condition of an expectation.
#[derive(Clone)]
pub(super) enum Condition {
    /// The parameter with this index has this value.
    Parameter { index: usize, value: WireValue },
    /// The function returns true.
    Holds { holds: Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>, at: &'static Location<'static> },
}

/// A response of an expectation.
pub(super) struct Queued {
    pub reply: Reply,
    /// The remaining number of uses; `None` for any number.
    pub left: Option<usize>,
}

/// An expectation for the operation of a request, or for its method and path. The conditions are a copy, so that they
/// can be evaluated without locking the state.
pub(super) struct Candidate {
    index: usize,
    conditions: Vec<Condition>,
}

/// The result of evaluating the conditions of a [`Candidate`].
pub(super) struct Judged {
    index: usize,
    /// The reason why the request does not match the expectation; `None` if it matches.
    objection: Option<String>,
}

impl State {
    /// Records a request, and returns the expectations for its operation or for its method and path.
    pub fn record(&mut self, request: &RecordedRequest) -> Vec<Candidate> {
        self.requests.push(request.clone());
        let entries = self.expectations.iter().enumerate().filter(|(_, entry)| entry.target.covers(request));
        entries.map(|(index, entry)| Candidate { index, conditions: entry.conditions.clone() }).collect()
    }

    /// Returns the next unused response of the first matching expectation that has one.
    pub fn reply(&mut self, request: &RecordedRequest, judged: Vec<Judged>) -> Result<Reply, UnexpectedCall> {
        for candidate in judged.iter().filter(|judged| judged.objection.is_none()) {
            if let Some(reply) = self.expectations.get_mut(candidate.index).and_then(Entry::next) {
                return Ok(reply);
            }
        }
        let attempt = request.attempt();
        let again = if attempt > 1 { format!("attempt {attempt} of ") } else { String::new() };
        let call = format!("{again}{}", request.described());
        let unexpected = UnexpectedCall { call, expected: self.expected(&judged) };
        self.unexpected.push(unexpected.clone());
        Err(unexpected)
    }

    /// Lists the expectations for the operation, or the method and path, of an unexpected request, each with the reason
    /// why it does not match. If there are none, lists all expectations with unused responses.
    fn expected(&self, judged: &[Judged]) -> String {
        let mut close = Vec::new();
        for judged in judged {
            let Some(entry) = self.expectations.get(judged.index) else { continue };
            let why = judged.objection.as_deref().unwrap_or("all of its responses are used");
            close.push(format!("{entry}, but {why}"));
        }
        if close.is_empty() {
            close = self.expectations.iter().filter(|entry| entry.has_replies()).map(Entry::to_string).collect();
        }
        if close.is_empty() {
            "it expects no further calls".to_owned()
        } else {
            format!("it expects {}", close.join("; "))
        }
    }

    /// Returns the report of unexpected calls and unused responses. Returns `None` if there are none or if they were
    /// reported before.
    pub fn take_report(&mut self) -> Option<String> {
        let mut lines: Vec<_> = self.unexpected.iter().map(|unexpected| format!("\n  {unexpected}")).collect();
        for entry in &self.expectations {
            if entry.replies.is_empty() {
                lines.push(format!("\n  {entry} has no response: call `reply` or a similar method"));
            } else if let Some(unused) = entry.unused_responses() {
                lines.push(format!("\n  {entry} was not called often enough: {unused} more expected"));
            }
        }
        if lines.is_empty() || std::mem::replace(&mut self.reported, true) {
            return None;
        }
        Some(format!("the calls do not match the expectations of the mock:{}", lines.concat()))
    }
}

impl Entry {
    pub fn new(target: Target, at: &'static Location<'static>) -> Self {
        Self { target, at, conditions: Vec::new(), replies: VecDeque::new() }
    }

    fn next(&mut self) -> Option<Reply> {
        let queued = self.replies.iter_mut().find(|queued| queued.left != Some(0))?;
        queued.left = queued.left.map(|left| left.saturating_sub(1));
        Some(queued.reply.clone())
    }

    fn has_replies(&self) -> bool {
        self.replies.iter().any(|queued| queued.left != Some(0))
    }

    /// Returns the number of unused responses, or `None` if all responses were used.
    fn unused_responses(&self) -> Option<usize> {
        let unused = self.replies.iter().filter_map(|queued| queued.left).sum();
        (unused > 0).then_some(unused)
    }
}

/// Formats the operation (or the method and path), the conditions, and the location in the test.
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
    /// Returns whether the request is for this operation, or has this method and path.
    pub fn covers(&self, request: &RecordedRequest) -> bool {
        match self {
            // Not compared by address alone, because the compiler may duplicate constants.
            Target::Operation(info) => request.operation().is_some_and(|other| {
                std::ptr::eq(*info, other)
                    || (info.id, info.path, info.method_name()) == (other.id, other.path, other.method_name())
            }),
            Target::Request(method, path) => request.method() == method && request.uri().path() == path,
        }
    }

    /// Returns the name of the parameter with this index, and whether its value is a secret.
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
            Target::Operation(info) => write!(f, "{} ({} {})", info.id, info.method_name(), info.path),
            Target::Request(method, path) => write!(f, "{method} {path}"),
        }
    }
}

impl Candidate {
    /// Evaluates the conditions for a request.
    pub fn judge(self, request: &RecordedRequest) -> Judged {
        let objection = self.conditions.iter().find_map(|condition| condition.objection(request));
        Judged { index: self.index, objection }
    }
}

impl Condition {
    /// Returns the reason why the request does not satisfy the condition, or `None` if it does.
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
