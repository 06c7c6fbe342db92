//! How much text is formatted at once, on all threads together.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes of text that are formatted at once. Parsing a text takes some hundred times its size.
const MAX_BYTES: usize = 1 << 20;

/// Lets texts pass whose bytes together are no more than the maximum, or a single one of any size.
#[derive(Debug, Default)]
pub(super) struct Gate {
    bytes: Mutex<usize>,
    passed: Condvar,
}

impl Gate {
    /// Runs work on a text of so many bytes, once there is room for it.
    pub(super) fn pass<T>(&self, bytes: usize, work: impl FnOnce() -> T) -> T {
        let held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |held: &mut usize| *held > 0 && held.saturating_add(bytes) > MAX_BYTES;
        *self.passed.wait_while(held, is_full).unwrap_or_else(PoisonError::into_inner) += bytes;
        let _room = Room { gate: self, bytes };
        work()
    }
}

/// Room for a text, given back even if work on it panics.
struct Room<'a> {
    gate: &'a Gate,
    bytes: usize,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        *self.gate.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.gate.passed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn bytes_at_once_stay_below_maximum() {
        let (gate, now, most) = (Gate::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for size in [MAX_BYTES / 2, MAX_BYTES / 3, MAX_BYTES / 2, MAX_BYTES, 1, MAX_BYTES / 4] {
                let (gate, now, most) = (&gate, &now, &most);
                scope.spawn(move || {
                    for _ in 0..200 {
                        gate.pass(size, || {
                            most.fetch_max(now.fetch_add(size, Ordering::SeqCst) + size, Ordering::SeqCst);
                            std::thread::yield_now();
                            now.fetch_sub(size, Ordering::SeqCst);
                        });
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= MAX_BYTES);
    }

    #[test]
    fn text_above_maximum_passes_alone() {
        let gate = Gate::default();
        assert_eq!(gate.pass(10 * MAX_BYTES, || 1), 1);
        assert_eq!(gate.pass(1, || 2), 2);
    }
}
