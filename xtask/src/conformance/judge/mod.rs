//! The verdict on a call: what was meant, what passed and what the program said come in; right or wrong, and why, goes out.

mod accepted;
mod answer;
mod echo;
mod form;
mod multipart;
mod parameters;
mod request;
mod rules;

use serde::Serialize;

use crate::document::{Content, Document, Operation};
use crate::plan::Call;
use crate::program::Outcome;
use crate::proxy::Exchange;

pub(crate) use echo::Echo;
pub(crate) use rules::RULES;

/// What a call comes to.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Verdict {
    /// What is wrong; the call is right where this is empty.
    pub(crate) faults: Vec<Fault>,
    /// The rules of Prism's that were left to the second judge.
    pub(crate) left: Vec<String>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) reason: String,
}

/// Where a call went wrong, which says whose fault it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// No valid value can be made, or the document's own is not valid: the call was not made.
    Value,
    /// The program refused the call, or sent nothing.
    Program,
    /// Prism refuses the request.
    Refused,
    /// The second judge refuses the request.
    Request,
    /// The document's answer is not valid for its own schema.
    Answer,
    /// A valid answer was not decoded.
    Decode,
    /// What was decoded is not what was sent.
    Echo,
    /// The machinery failed: a process, the proxy, time.
    Run,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Value => "value",
            Self::Program => "program",
            Self::Refused => "refused",
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Decode => "decode",
            Self::Echo => "echo",
            Self::Run => "run",
        })
    }
}

impl Verdict {
    pub(crate) fn wrong(kind: Kind, reason: impl Into<String>) -> Self {
        Self { faults: vec![Fault { kind, reason: reason.into() }], left: Vec::new() }
    }

    pub(crate) fn is_right(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, kind: Kind, reason: impl Into<String>) {
        self.faults.push(Fault { kind, reason: reason.into() });
    }
}

/// What a call was, whole.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) document: &'a Document,
    pub(crate) operation: &'a Operation,
    pub(crate) call: &'a Call,
    pub(crate) exchanges: &'a [Exchange],
    pub(crate) outcome: &'a Outcome,
}

impl<'a> Case<'a> {
    /// The media type of the body that was given.
    fn content(&self) -> Option<&'a Content> {
        self.operation.content(self.call.body.as_ref()?.content)
    }
}

/// What to do after a first look.
pub(crate) enum Judged {
    Done(Verdict),
    /// Prism has no answer to give, or none that counts: the call is made again, and answered by us.
    Unanswered(Verdict),
}

/// Judges a call that went to Prism.
pub(crate) fn judge(case: Case<'_>) -> Judged {
    let mut verdict = Verdict::default();
    let Some(exchange) = case.exchanges.last() else {
        verdict.fault(Kind::Program, format!("nothing was sent: {}", said(case.outcome)));
        return Judged::Done(verdict);
    };
    // An answer that leads elsewhere is followed there, where a mock has nothing: what was asked for is all there is to judge.
    let is_followed =
        |first: &&Exchange| first.received.leads_elsewhere() && !answer::is_outcome(case, first.received.status);
    if let Some(first) = case.exchanges.first().filter(is_followed) {
        accepted::judge(case, first, &mut verdict);
        request::judge(case, &first.sent, &mut verdict);
        return Judged::Done(verdict);
    }
    let accepted = accepted::judge(case, exchange, &mut verdict);
    request::judge(case, &exchange.sent, &mut verdict);
    if !verdict.is_right() {
        return Judged::Done(verdict);
    }
    let answered = accepted && answer::is_as_asked(case, exchange, &mut verdict);
    if !answered {
        return Judged::Unanswered(verdict);
    }
    answer::judge(case, exchange, &mut verdict);
    Judged::Done(verdict)
}

/// Judges the second half of a call: the answer was ours.
pub(crate) fn judge_answer(case: Case<'_>, verdict: &mut Verdict) {
    match case.exchanges.last() {
        Some(exchange) => answer::judge(case, exchange, verdict),
        None => verdict.fault(Kind::Program, format!("nothing was sent: {}", said(case.outcome))),
    }
}

/// The program's end in a line.
fn said(outcome: &Outcome) -> String {
    let exit = outcome.exit.map_or_else(|| "ended from outside".to_owned(), |code| format!("exit code {code}"));
    let line = outcome.stderr.lines().find(|line| line.starts_with("error")).or(outcome.stderr.lines().next());
    format!("{exit}: {}", line.unwrap_or("it says nothing"))
}
