//! How far the body of a request has come.
//!
//! In: what the transport takes of it, noted by the body's own stream. Out: for the limits of time, whether it is on
//! its way; for the sender, why it broke off, whatever the transport makes of that.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::transport::BoxError;

/// The way of one body in one attempt.
#[derive(Debug, Default)]
pub struct Progress(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    begun: Option<Instant>,
    moved: Option<Instant>,
    ended: Option<Instant>,
    failure: Option<BoxError>,
    watcher: Option<Waker>,
}

/// Where a body is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The transport has taken nothing yet; a body that it takes as one piece stays here.
    Waiting,
    /// It takes the body block by block.
    Sending {
        /// Since when.
        begun: Instant,
        /// When it took the last block.
        moved: Instant,
    },
    /// It takes no more; taking the body took this long.
    Sent(Duration),
    /// The body of the response arrives.
    Receiving {
        /// How long both bodies have been on their way.
        took: Duration,
        /// When the last block arrived.
        moved: Instant,
    },
}

impl Progress {
    /// The transport asks for the content.
    pub fn begin(&self) {
        let mut state = self.state();
        if state.begun.is_none() {
            let now = Instant::now();
            (state.begun, state.moved) = (Some(now), Some(now));
            wake(state);
        }
    }

    /// The transport has taken a block.
    pub fn step(&self) {
        self.state().moved = Some(Instant::now());
    }

    /// The transport takes no more.
    pub fn end(&self) {
        let mut state = self.state();
        if state.ended.is_none() {
            state.ended = Some(Instant::now());
            wake(state);
        }
    }

    /// The content broke off.
    pub fn fail(&self, error: BoxError) {
        self.state().failure.get_or_insert(error);
        self.end();
    }

    /// Why the content broke off, if it did.
    pub fn take_failure(&self) -> Option<BoxError> {
        self.state().failure.take()
    }

    /// Where the body is.
    pub fn phase(&self) -> Phase {
        let state = self.state();
        match (state.begun, state.moved, state.ended) {
            (Some(begun), _, Some(ended)) => Phase::Sent(ended.duration_since(begun)),
            (Some(begun), Some(moved), None) => Phase::Sending { begun, moved },
            _ => Phase::Waiting,
        }
    }

    /// Wakes this task when the phase changes.
    pub fn watch(&self, watcher: &Waker) {
        let mut state = self.state();
        if !state.watcher.as_ref().is_some_and(|known| known.will_wake(watcher)) {
            state.watcher = Some(watcher.clone());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment, which leaves a good state whatever happens around it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes with the lock released: what is woken may look at the state at once.
fn wake(mut state: MutexGuard<'_, State>) {
    let watcher = state.watcher.take();
    drop(state);
    if let Some(watcher) = watcher {
        watcher.wake();
    }
}
