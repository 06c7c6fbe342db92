//! Checks a finished call: compares its arguments with the recorded request, and the recorded response with the output
//! of the program.

mod accepted;
mod echo;
mod form;
mod multipart;
mod parameters;
mod request;
mod response;
mod rules;

use serde::Serialize;

use crate::document::{Content, Document, Operation};
use crate::plan::Call;
use crate::program::Outcome;
use crate::proxy::Exchange;

pub(crate) use echo::Echo;
pub(crate) use rules::RULES;

/// The verdict on a call.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Verdict {
    /// The failures. If there are none, the call passed.
    #[serde(rename = "faults")]
    pub(crate) failures: Vec<Failure>,
    /// The names of the rules that waived a refusal by Prism.
    #[serde(rename = "left")]
    pub(crate) waived: Vec<String>,
}

/// A reason why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) reason: String,
}

/// The decision on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decision {
    /// Both validators accept the call.
    Right,
    /// A known error of Prism concerns the call, or no valid value could be generated for it. The second validator found
    /// no error.
    Left,
    /// The document contradicts itself: an example does not match its schema.
    Contradiction,
    /// The client made an error.
    ClientError,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// An example in the document does not match its schema.
    Example,
    /// No valid value can be generated for the request or response.
    Value,
    /// The program did not send a request.
    Program,
    /// Prism refused the request.
    Refused,
    /// The second validator (module `request`) found an error in the request.
    Request,
    /// The response is valid, but the program did not decode it.
    Decode,
    /// The decoded value differs from the response body.
    Echo,
    /// The program or the proxy could not be run, or exceeded a time limit.
    Run,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Example => "example",
            Self::Value => "value",
            Self::Program => "program",
            Self::Refused => "refused",
            Self::Request => "request",
            Self::Decode => "decode",
            Self::Echo => "echo",
            Self::Run => "run",
        })
    }
}

impl Kind {
    /// Returns the decision on a call with a failure of this kind.
    fn decision(self) -> Decision {
        match self {
            Self::Example => Decision::Contradiction,
            Self::Value => Decision::Left,
            Self::Program | Self::Refused | Self::Request | Self::Decode | Self::Echo | Self::Run => {
                Decision::ClientError
            }
        }
    }
}

impl Verdict {
    /// Returns the decision on the call. An error of the client outweighs all other failures.
    pub(crate) fn decision(&self) -> Decision {
        let waived = if self.waived.is_empty() { Decision::Right } else { Decision::Left };
        self.failures.iter().map(|failure| failure.kind.decision()).fold(waived, Decision::max)
    }

    pub(crate) fn failed(kind: Kind, reason: impl Into<String>) -> Self {
        Self { failures: vec![Failure { kind, reason: reason.into() }], waived: Vec::new() }
    }

    pub(crate) fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    fn fail(&mut self, kind: Kind, reason: impl Into<String>) {
        self.failures.push(Failure { kind, reason: reason.into() });
    }
}

/// A finished call, with all data needed for checking it.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) document: &'a Document,
    pub(crate) operation: &'a Operation,
    pub(crate) call: &'a Call,
    pub(crate) exchanges: &'a [Exchange],
    pub(crate) outcome: &'a Outcome,
}

impl<'a> Case<'a> {
    /// Returns the media type of the request body.
    fn content(&self) -> Option<&'a Content> {
        self.operation.content(self.call.body.as_ref()?.content)
    }
}

/// The result of checking a call to Prism.
pub(crate) enum Checked {
    Complete(Verdict),
    /// Prism produced no usable response. The call must be repeated with a generated response.
    NoResponse(Verdict),
}

/// Checks a call to Prism.
pub(crate) fn check(case: Case<'_>) -> Checked {
    let mut verdict = Verdict::default();
    let Some(exchange) = case.exchanges.last() else {
        verdict.fail(Kind::Program, format!("no request was sent: {}", exit_summary(case.outcome)));
        return Checked::Complete(verdict);
    };
    // If the client followed a redirect, only the first request can be checked, because Prism does not serve the target
    // of the redirect.
    let is_followed =
        |first: &&Exchange| first.response.is_redirect() && !response::is_outcome(case, first.response.status);
    if let Some(first) = case.exchanges.first().filter(is_followed) {
        accepted::check(case, first, &mut verdict);
        request::check(case, &first.request, &mut verdict);
        return Checked::Complete(verdict);
    }
    let accepted = accepted::check(case, exchange, &mut verdict);
    request::check(case, &exchange.request, &mut verdict);
    if !verdict.passed() {
        return Checked::Complete(verdict);
    }
    let has_response = accepted && response::is_as_requested(case, exchange, &mut verdict);
    if !has_response {
        return Checked::NoResponse(verdict);
    }
    // A response with an invalid example says nothing about the client.
    if verdict.passed() {
        response::check(case, exchange, &mut verdict);
    }
    Checked::Complete(verdict)
}

/// Checks the response of a call that was repeated with a generated response. [`check`] has already checked the
/// request.
pub(crate) fn check_response(case: Case<'_>, verdict: &mut Verdict) {
    match case.exchanges.last() {
        Some(exchange) => response::check(case, exchange, verdict),
        None => verdict.fail(Kind::Program, format!("no request was sent: {}", exit_summary(case.outcome))),
    }
}

/// Describes the exit of the program in one line.
fn exit_summary(outcome: &Outcome) -> String {
    let exit = outcome.exit.map_or_else(|| "terminated by a signal".to_owned(), |code| format!("exit code {code}"));
    let line = outcome.stderr.lines().find(|line| line.starts_with("error")).or(outcome.stderr.lines().next());
    format!("{exit}: {}", line.unwrap_or("no error message"))
}
