//! The timeouts of a call and its attempts.
//!
//! [`Limits::hold`] waits for a future until the first timeout is reached.
//!
//! Default timeouts are suspended while a body is being sent or received, so that large files are not cut off after a
//! minute; instead, a body without progress is aborted after the idle timeout. The bodies of unsuccessful responses are
//! short and do not suspend timeouts.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::progress::{Phase, Progress};

/// A timeout that starts when it is created.
#[derive(Debug, Clone)]
pub struct Limit {
    /// `None` if it exceeds the range of `Instant`.
    end: Option<Instant>,
    length: Duration,
    scope: &'static str,
    /// Whether the caller has set it: such a timeout is never suspended.
    is_set: bool,
}

impl Limit {
    /// Creates the timeout of the whole call: the configured one, or else the default.
    pub fn of_call(set: Option<Duration>, default: Duration) -> Self {
        Self::new(set.unwrap_or(default), "the whole call", set.is_some())
    }

    /// Creates the timeout of one attempt.
    pub fn of_attempt(length: Duration, is_set: bool) -> Self {
        Self::new(length, "one attempt", is_set)
    }

    fn new(length: Duration, scope: &'static str, is_set: bool) -> Self {
        Self { end: Instant::now().checked_add(length), length, scope, is_set }
    }

    /// Returns whether it is reached before this delay is over.
    pub fn is_reached_within(&self, wait: Duration) -> bool {
        self.end.is_some_and(|end| Instant::now().checked_add(wait).is_none_or(|next| next >= end))
    }

    /// Returns the time at which it is reached; `None` if that exceeds the range of `Instant`.
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Returns the message for a timeout that was reached; `missing` names what did not happen in time.
    pub fn reason(&self, missing: &str) -> String {
        format!("{missing} within {:?}, the timeout of {}", self.length, self.scope)
    }

    /// Returns whether the caller has set it.
    pub fn is_set(&self) -> bool {
        self.is_set
    }

    /// Returns its duration.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Extends it by the time for which it was suspended in a finished exchange.
    pub fn extend(&mut self, limits: &Limits) {
        self.end = match limits.phase() {
            // An aborted request may still be in progress.
            Phase::Sending { begun, .. } => self.end_with(Phase::Sent(begun.elapsed())),
            Phase::Receiving { took, .. } => self.end_with(Phase::Sent(took)),
            phase => self.end_with(phase),
        };
    }

    /// Returns the time at which it is reached, as far as known now; `None` if it is suspended or out of range.
    fn end_with(&self, phase: Phase) -> Option<Instant> {
        match phase {
            _ if self.is_set => self.end,
            Phase::Waiting => self.end,
            Phase::Sending { .. } | Phase::Receiving { .. } => None,
            Phase::Sent(took) => self.end?.checked_add(took),
        }
    }
}

/// The timeouts of one attempt.
pub struct Limits {
    call: Limit,
    attempt: Option<Limit>,
    idle: Duration,
    progress: Option<Arc<Progress>>,
    /// The progress of the response body, once it arrives.
    receipt: Mutex<Option<Receipt>>,
}

/// The progress of a response body.
#[derive(Debug, Clone, Copy)]
struct Receipt {
    /// How long the request body had been sent by then.
    sending: Duration,
    begun: Instant,
    moved: Instant,
}

impl Limits {
    /// Starts the timeouts of an attempt. If the request has a body, it reports to `progress`.
    pub fn new(call: Limit, attempt: Option<Limit>, idle: Duration, progress: Option<Arc<Progress>>) -> Self {
        Self { call, attempt, idle, progress, receipt: Mutex::new(None) }
    }

    /// Called when a response body begins to arrive: suspends default timeouts and starts the idle timeout.
    pub fn receive(&self) {
        let sending = match self.phase() {
            Phase::Sending { begun, .. } => begun.elapsed(),
            Phase::Sent(took) | Phase::Receiving { took, .. } => took,
            Phase::Waiting => Duration::ZERO,
        };
        let now = Instant::now();
        *self.receipt() = Some(Receipt { sending, begun: now, moved: now });
    }

    /// Called when a part of that body has arrived.
    pub fn received(&self) {
        if let Some(receipt) = self.receipt().as_mut() {
            receipt.moved = Instant::now();
        }
    }

    fn receipt(&self) -> MutexGuard<'_, Option<Receipt>> {
        // A poisoned lock is harmless: each change is a single assignment.
        self.receipt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the progress of the request body.
    pub fn progress(&self) -> Option<&Arc<Progress>> {
        self.progress.as_ref()
    }

    fn phase(&self) -> Phase {
        if let Some(receipt) = *self.receipt() {
            let took = receipt.sending.saturating_add(receipt.begun.elapsed());
            return Phase::Receiving { took, moved: receipt.moved };
        }
        self.progress.as_ref().map_or(Phase::Waiting, |progress| progress.phase())
    }

    /// Returns the timeout that is reached first, as far as known now; the limit is `None` for the idle timeout.
    fn next(&self) -> Option<(Instant, Option<&Limit>)> {
        let phase = self.phase();
        let idle = match phase {
            Phase::Sending { moved, .. } | Phase::Receiving { moved, .. } => {
                moved.checked_add(self.idle).map(|end| (end, None))
            }
            Phase::Waiting | Phase::Sent(_) => None,
        };
        let ends = [Some(&self.call), self.attempt.as_ref()].into_iter().flatten();
        let ends = ends.filter_map(|limit| Some((limit.end_with(phase)?, Some(limit))));
        ends.chain(idle).min_by_key(|(end, _)| *end)
    }

    fn reason(&self, missing: &str, limit: Option<&Limit>) -> String {
        match limit {
            Some(limit) => limit.reason(missing),
            None if self.receipt().is_some() => pause_in_response(self.idle),
            None => format!("no data of the body was sent for {:?}, the idle timeout", self.idle),
        }
    }

    /// Returns the value of the future, or a message if a timeout is reached first; `missing` names what is waited for.
    // Takes a pinned future by reference: by value, it would be in memory twice.
    pub async fn hold<T>(&self, missing: &str, mut future: impl Future<Output = T> + Unpin) -> Result<T, String> {
        let mut sleep = pin!(tokio::time::sleep_until(Instant::now()));
        poll_fn(|context| {
            if let Poll::Ready(value) = Pin::new(&mut future).poll(context) {
                return Poll::Ready(Ok(value));
            }
            if let Some(progress) = &self.progress {
                progress.watch(context.waker());
            }
            loop {
                let Some((end, _)) = self.next() else { return Poll::Pending };
                if sleep.deadline() != end {
                    sleep.as_mut().reset(end);
                }
                ready!(sleep.as_mut().poll(context));
                // Progress has extended the timeout.
                if let Some((now, limit)) = self.next()
                    && now <= end
                {
                    return Poll::Ready(Err(self.reason(missing, limit)));
                }
            }
        })
        .await
    }
}

/// Returns the message for an idle timeout of this length in a response body.
pub fn pause_in_response(idle: Duration) -> String {
    format!("no data of the body was received for {idle:?}, the idle timeout")
}
