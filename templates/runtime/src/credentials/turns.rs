//! Turns: of the calls that want a new credential, one fetches it and the others wait.
//!
//! Each Tokio runtime has a turn of its own. A call of a runtime that stands still, as one of the kind `current_thread`
//! does outside of `block_on`, may hold its turn for any time, and must not hold up the calls of another runtime.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::runtime::{Handle, Id};
use tokio::sync::Mutex as AsyncMutex;

/// The turns of all runtimes.
#[derive(Default)]
pub struct Turns(Mutex<Vec<Turn>>);

/// The turn of one runtime.
struct Turn {
    runtime: Option<Id>,
    /// Kept by the calls that hold it or wait for it.
    lock: Weak<AsyncMutex<()>>,
}

impl Turns {
    /// The turn of the present runtime. It lives as long as a call holds it or waits for it.
    pub fn here(&self) -> Arc<AsyncMutex<()>> {
        let runtime = Handle::try_current().ok().map(|runtime| runtime.id());
        // Each change is one step, which leaves a good state whatever happens around it.
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
