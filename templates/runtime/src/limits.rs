//! Until when a call and its attempts may take.
//!
//! In: what the caller has set, and how far the request's body has come. Out: a future's value, or the limit that was
//! reached first.
//!
//! A limit that nobody has set stands still while a body is on its way, so that a large file is not cut off at the
//! minute that is enough for anything else; a body of which nothing moves any more is given up then.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
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

    /// How long it is.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Puts it off by the time in which it stood still, in an exchange that is over.
    pub fn put_off(&mut self, limits: &Limits) {
        self.end = match limits.phase() {
            // What is given up may still be on its way out.
            Phase::Sending { begun, .. } => self.end_with(Phase::Sent(begun.elapsed())),
            phase => self.end_with(phase),
        };
    }

    /// When it ends as far as one can say now; `None` is not foreseeable, or never.
    fn end_with(&self, phase: Phase) -> Option<Instant> {
        match phase {
            _ if self.is_set => self.end,
            Phase::Waiting => self.end,
            Phase::Sending { .. } => None,
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
}

impl Limits {
    /// The limits of an attempt that begins now. The body, where there is one, tells `progress` how far it is.
    pub fn new(call: Limit, attempt: Option<Limit>, idle: Duration, progress: Option<Arc<Progress>>) -> Self {
        Self { call, attempt, idle, progress }
    }

    /// How far the body is.
    pub fn progress(&self) -> Option<&Arc<Progress>> {
        self.progress.as_ref()
    }

    fn phase(&self) -> Phase {
        self.progress.as_ref().map_or(Phase::Waiting, |progress| progress.phase())
    }

    /// The limit that is reached first, as far as one can say now; `None` for that of a pause.
    fn next(&self) -> Option<(Instant, Option<&Limit>)> {
        let phase = self.phase();
        let idle = match phase {
            Phase::Sending { moved, .. } => moved.checked_add(self.idle).map(|end| (end, None)),
            Phase::Waiting | Phase::Sent(_) => None,
        };
        let ends = [Some(&self.call), self.attempt.as_ref()].into_iter().flatten();
        let ends = ends.filter_map(|limit| Some((limit.end_with(phase)?, Some(limit))));
        ends.chain(idle).min_by_key(|(end, _)| *end)
    }

    fn reason(&self, missing: &str, limit: Option<&Limit>) -> String {
        match limit {
            Some(limit) => limit.reason(missing),
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
