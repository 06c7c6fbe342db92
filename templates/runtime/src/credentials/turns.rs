//! Turns to fetch a credential: one of the calls that need a new credential has the turn and fetches it; the others
//! wait.
//!
//! Each Tokio runtime has its own turn. A call on a runtime that is not being polled (such as a `current_thread`
//! runtime outside of `block_on`) may have its turn indefinitely, and must not block the calls on another runtime.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::runtime::{Handle, Id};
use tokio::sync::Mutex as AsyncMutex;

/// The turns of all runtimes.
#[derive(Default)]
pub struct Turns(Mutex<Vec<Turn>>);

/// The turn of one runtime, as a lock.
struct Turn {
    runtime: Option<Id>,
    /// The lock, which exists while a call holds it or waits for it.
    lock: Weak<AsyncMutex<()>>,
}

impl Turns {
    /// Returns the lock of the current runtime. The caller locks it to get the turn.
    pub fn here(&self) -> Arc<AsyncMutex<()>> {
        let runtime = Handle::try_current().ok().map(|runtime| runtime.id());
        // A poisoned lock is harmless: each change is a single step.
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|turn| turn.lock.strong_count() > 0);
        let mut own = turns.iter().filter(|turn| turn.runtime == runtime);
        if let Some(lock) = own.find_map(|turn| turn.lock.upgrade()) {
            return lock;
        }
        let lock = Arc::default();
        turns.push(Turn { runtime, lock: Arc::downgrade(&lock) });
        lock
    }
}
