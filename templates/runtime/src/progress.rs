//! Tracks the progress of sending a request body, on which timeouts depend. Also stores the error if the body could not
//! be read.
//!
//! The stream of the body records when the transport reads from it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::transport::BoxError;

/// The progress of one request body in one attempt.
#[derive(Debug, Default)]
pub struct Progress(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    begun: Option<Instant>,
    /// The time at which the transport last read a block.
    moved: Option<Instant>,
    ended: Option<Instant>,
    /// The error that occurred while the request body was read, e.g. from a file.
    failure: Option<BoxError>,
    /// The task to wake when the phase changes.
    watcher: Option<Waker>,
}

/// The phase of sending the request body or receiving the response body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The transport has not read anything of the request body yet. A body that the transport gets in one piece remains
    /// in this phase.
    Waiting,
    /// The request body is being sent: the transport reads one chunk after another.
    Sending {
        /// The start of this phase.
        begun: Instant,
        /// The time at which the transport last read a block.
        moved: Instant,
    },
    /// The transport has finished reading the request body, which took this duration.
    Sent(Duration),
    /// The response body is being received.
    Receiving {
        /// The time spent so far on sending the request body and receiving the response body.
        took: Duration,
        /// The time at which the last block arrived.
        moved: Instant,
    },
}

impl Progress {
    /// Records that the transport starts to read the request body.
    pub fn begin(&self) {
        let mut state = self.state();
        if state.begun.is_none() {
            let now = Instant::now();
            (state.begun, state.moved) = (Some(now), Some(now));
            wake(state);
        }
    }

    /// Records that the transport read a block of the request body.
    pub fn step(&self) {
        self.state().moved = Some(Instant::now());
    }

    /// Records that the transport has finished reading the request body.
    pub fn end(&self) {
        let mut state = self.state();
        if state.ended.is_none() {
            state.ended = Some(Instant::now());
            wake(state);
        }
    }

    /// Records an error that occurred while the request body was read, e.g. from a file. This ends reading.
    pub fn fail(&self, error: BoxError) {
        self.state().failure.get_or_insert(error);
        self.end();
    }

    /// Takes the error that occurred while the request body was read, if there was one.
    pub fn take_failure(&self) -> Option<BoxError> {
        self.state().failure.take()
    }

    /// Returns the phase of sending the request body.
    pub fn phase(&self) -> Phase {
        let state = self.state();
        match (state.begun, state.moved, state.ended) {
            (Some(begun), _, Some(ended)) => Phase::Sent(ended.duration_since(begun)),
            (Some(begun), Some(moved), None) => Phase::Sending { begun, moved },
            _ => Phase::Waiting,
        }
    }

    /// Registers a task to be woken when the phase changes.
    pub fn watch(&self, watcher: &Waker) {
        let mut state = self.state();
        if !state.watcher.as_ref().is_some_and(|known| known.will_wake(watcher)) {
            state.watcher = Some(watcher.clone());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock is harmless: each change is a single assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Releases the lock and wakes the watching task, which may read the state at once.
fn wake(mut state: MutexGuard<'_, State>) {
    let watcher = state.watcher.take();
    drop(state);
    if let Some(watcher) = watcher {
        watcher.wake();
    }
}
