//! Limits the total size of the files that all threads format at the same time, because formatting needs much memory.

use std::sync::{Condvar, Mutex, PoisonError};

/// The maximum number of bytes that are formatted at the same time. Parsing takes about a hundred times this memory.
const MAX_BYTES: usize = 1 << 20;

/// A semaphore that counts the bytes of the texts being formatted. A text larger than the maximum is formatted alone.
#[derive(Debug, Default)]
pub(super) struct Gate {
    bytes: Mutex<usize>,
    passed: Condvar,
}

impl Gate {
    /// Waits until a text of `bytes` bytes may be formatted, then runs `work`.
    pub(super) fn pass<T>(&self, bytes: usize, work: impl FnOnce() -> T) -> T {
        let held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |held: &mut usize| *held > 0 && held.saturating_add(bytes) > MAX_BYTES;
        *self.passed.wait_while(held, is_full).unwrap_or_else(PoisonError::into_inner) += bytes;
        let _permit = Permit { gate: self, bytes };
        work()
    }
}

/// The bytes of a text that is being formatted. Dropping the permit subtracts them from the count, even after a panic.
struct Permit<'a> {
    gate: &'a Gate,
    bytes: usize,
}

impl Drop for Permit<'_> {
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
        let (gate, now, maximum) = (Gate::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for size in [MAX_BYTES / 2, MAX_BYTES / 3, MAX_BYTES / 2, MAX_BYTES, 1, MAX_BYTES / 4] {
                let (gate, now, maximum) = (&gate, &now, &maximum);
                scope.spawn(move || {
                    for _ in 0..200 {
                        gate.pass(size, || {
                            maximum.fetch_max(now.fetch_add(size, Ordering::SeqCst) + size, Ordering::SeqCst);
                            std::thread::yield_now();
                            now.fetch_sub(size, Ordering::SeqCst);
                        });
                    }
                });
            }
        });
        assert!(maximum.load(Ordering::SeqCst) <= MAX_BYTES);
    }

    #[test]
    fn text_above_maximum_passes_alone() {
        let gate = Gate::default();
        assert_eq!(gate.pass(10 * MAX_BYTES, || 1), 1);
        assert_eq!(gate.pass(1, || 2), 2);
    }
}
