//! Until when a call and its attempts may take.
//!
//! In: what the caller has set, and how far the bodies of the request and of the response have come. Out: a future's value,
//! or the limit that was reached first.
//!
//! A default limit stands still while a body is on its way, to the server or from it, so that a large file is not cut off at
//! the minute that is enough for anything else; a body of which nothing moves any more is given up then. The body of an
//! unsuccessful response is no such body: it is short.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::progress::{Phase, Progress};

/// A limit of time, which counts from the moment it was made.
#[derive(Debug, Clone)]
pub struct Limit {
    /// `None` where it is too far to be counted.
    end: Option<Instant>,
    length: Duration,
    of_what: &'static str,
    /// Whether the caller has set it: it counts whatever happens then.
    is_set: bool,
}

impl Limit {
    /// The limit of the whole call: what the caller has set, else the default.
    pub fn of_call(set: Option<Duration>, default: Duration) -> Self {
        Self::new(set.unwrap_or(default), "the whole call", set.is_some())
    }

    /// The limit of one attempt.
    pub fn of_attempt(length: Duration, is_set: bool) -> Self {
        Self::new(length, "one attempt", is_set)
    }

    fn new(length: Duration, of_what: &'static str, is_set: bool) -> Self {
        Self { end: Instant::now().checked_add(length), length, of_what, is_set }
    }

    /// Whether it is reached before a wait of this length is over.
    pub fn is_reached_within(&self, wait: Duration) -> bool {
        self.end.is_some_and(|end| Instant::now().checked_add(wait).is_none_or(|next| next >= end))
    }

    /// When it is reached; `None` if that is too far to be counted.
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// The message for a limit that was reached while this was missing.
    pub fn reason(&self, missing: &str) -> String {
        format!("{missing} within {:?}, the limit of {}", self.length, self.of_what)
    }

    /// Whether the caller has set it.
    pub fn is_set(&self) -> bool {
        self.is_set
    }

    /// How long it is.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Puts it off by the time in which it stood still, in an exchange that is over.
    pub fn put_off(&mut self, limits: &Limits) {
        self.end = match limits.phase() {
            // What is given up may still be on its way out.
            Phase::Sending { begun, .. } => self.end_with(Phase::Sent(begun.elapsed())),
            Phase::Receiving { took, .. } => self.end_with(Phase::Sent(took)),
            phase => self.end_with(phase),
        };
    }

    /// When it ends as far as one can say now; `None` is not foreseeable, or never.
    fn end_with(&self, phase: Phase) -> Option<Instant> {
        match phase {
            _ if self.is_set => self.end,
            Phase::Waiting => self.end,
            Phase::Sending { .. } | Phase::Receiving { .. } => None,
            Phase::Sent(took) => self.end?.checked_add(took),
        }
    }
}

/// The limits of one attempt.
pub struct Limits {
    call: Limit,
    attempt: Option<Limit>,
    idle: Duration,
    progress: Option<Arc<Progress>>,
    /// How far the body of the response is, once it arrives.
    receipt: Mutex<Option<Receipt>>,
}

/// The way of a response's body.
#[derive(Debug, Clone, Copy)]
struct Receipt {
    /// How long the body of the request was on its way by then.
    sending: Duration,
    begun: Instant,
    moved: Instant,
}

impl Limits {
    /// The limits of an attempt that begins now. The body, where there is one, tells `progress` how far it is.
    pub fn new(call: Limit, attempt: Option<Limit>, idle: Duration, progress: Option<Arc<Progress>>) -> Self {
        Self { call, attempt, idle, progress, receipt: Mutex::new(None) }
    }

    /// The body of a response begins to arrive: from now on, default limits stand still, and a pause is limited.
    pub fn receive(&self) {
        let sending = match self.phase() {
            Phase::Sending { begun, .. } => begun.elapsed(),
            Phase::Sent(took) | Phase::Receiving { took, .. } => took,
            Phase::Waiting => Duration::ZERO,
        };
        let now = Instant::now();
        *self.receipt() = Some(Receipt { sending, begun: now, moved: now });
    }

    /// A block of that body has arrived.
    pub fn received(&self) {
        if let Some(receipt) = self.receipt().as_mut() {
            receipt.moved = Instant::now();
        }
    }

    fn receipt(&self) -> MutexGuard<'_, Option<Receipt>> {
        // Each change is one assignment, which leaves a good state whatever happens around it.
        self.receipt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the body is.
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

    /// The limit that is reached first, as far as one can say now; `None` for that of a pause.
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
            None => format!("nothing of the body went out for {:?}, the limit of a pause", self.idle),
        }
    }

    /// The future's value; what to say where a limit is reached first, and this is missing.
    // Of a future that is pinned where it is: held by value, it would be in memory twice.
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
                // What has moved meanwhile puts it off.
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

/// The message for a pause of this length in the body of a response.
pub fn pause_in_response(idle: Duration) -> String {
    format!("nothing of the body came for {idle:?}, the limit of a pause")
}
