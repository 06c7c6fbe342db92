//! The timeouts of a call and its attempts.
//!
//! [`Limits::hold`] polls a future until it is ready or a timeout is reached.
//!
//! Default timeouts are suspended while a body is being sent or received, so that the transfer of a large file is not
//! aborted after a minute. Instead, a transfer without progress is aborted after the idle timeout. The bodies of
//! unsuccessful responses are short and do not suspend timeouts.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::progress::{Phase, Progress};

/// A timeout of a call or an attempt, which starts when the `Limit` is created.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The time at which the timeout is reached; `None` if this time exceeds the range of `Instant`.
    end: Option<Instant>,
    length: Duration,
    scope: &'static str,
    /// Whether the caller has set the timeout. Such a timeout is never suspended, unlike a default.
    is_set: bool,
}

impl Limit {
    /// Creates the timeout of a whole call with the configured duration, or else the default.
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

    /// Returns whether the timeout is reached within the duration `wait`.
    pub fn is_reached_within(&self, wait: Duration) -> bool {
        self.end.is_some_and(|end| Instant::now().checked_add(wait).is_none_or(|next| next >= end))
    }

    /// Returns the deadline, or `None` if it exceeds the range of `Instant`.
    #[cfg(feature = "streamed")]
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Returns the message for a timeout that was reached. `missing` is the beginning of the message, e.g. "no
    /// response", which continues with "within 30s".
    pub fn reason(&self, missing: &str) -> String {
        format!("{missing} within {:?}, the timeout of {}", self.length, self.scope)
    }

    /// Returns whether the caller has set the timeout. Such a timeout is never suspended.
    pub fn is_set(&self) -> bool {
        self.is_set
    }

    /// Returns the duration of the timeout.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Extends the timeout by the time for which a finished attempt suspended it. `limits` are the timeouts of this
    /// attempt.
    pub fn extend(&mut self, limits: &Limits) {
        self.end = match limits.phase() {
            // The request body may not have been sent completely, e.g. because the attempt was aborted.
            Phase::Sending { begun, .. } => self.end_with(Phase::Sent(begun.elapsed())),
            Phase::Receiving { took, .. } => self.end_with(Phase::Sent(took)),
            phase => self.end_with(phase),
        };
    }

    /// Returns the time at which the timeout is reached if the attempt is in this phase; `None` if the timeout is
    /// suspended in this phase or the time exceeds the range of `Instant`.
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
    /// The progress of the response body; `None` before the body begins to arrive.
    receipt: Mutex<Option<Receipt>>,
}

/// The progress of a response body.
#[derive(Debug, Clone, Copy)]
struct Receipt {
    /// The time spent on sending the request body before the response body began to arrive.
    sending: Duration,
    begun: Instant,
    moved: Instant,
}

impl Limits {
    /// Creates the timeouts of an attempt. `progress` reports the progress of the request body, if there is one.
    pub fn new(call: Limit, attempt: Option<Limit>, idle: Duration, progress: Option<Arc<Progress>>) -> Self {
        Self { call, attempt, idle, progress, receipt: Mutex::new(None) }
    }

    /// Suspends the default timeouts and starts the idle timeout. Called when a response body begins to arrive.
    pub fn receive(&self) {
        let sending = match self.phase() {
            Phase::Sending { begun, .. } => begun.elapsed(),
            Phase::Sent(took) | Phase::Receiving { took, .. } => took,
            Phase::Waiting => Duration::ZERO,
        };
        let now = Instant::now();
        *self.receipt() = Some(Receipt { sending, begun: now, moved: now });
    }

    /// Restarts the idle timeout. Called when a chunk of the response body has arrived.
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

    /// Returns the time at which the first timeout of the current phase is reached, and the `Limit` of this timeout
    /// (`None` for the idle timeout).
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
            None => format!("no body data was sent for {:?}, the idle timeout", self.idle),
        }
    }

    /// Returns the value of the future, or a message if a timeout is reached first. `missing` is the beginning of the
    /// message, e.g. "no response", which continues with "within 30s".
    // The future must be `Unpin`, so that callers pass a pinned reference: passed by value, it would be in memory
    // twice.
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
                // If there was progress in the meantime, the timeout is reached later.
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

/// Returns the message for an idle timeout of this duration that was reached while a response body was read.
pub fn pause_in_response(idle: Duration) -> String {
    format!("no body data was received for {idle:?}, the idle timeout")
}
