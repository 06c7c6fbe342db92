//! Runs work on threads whose stack is large enough for the deepest document that the limits allow.
//!
//! All stages recurse over the nesting of a document. The stack per level differs between the stages; serde needs most,
//! about 40 KB in a debug build.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::source::Limits;

/// The stack per level in bytes: twice the maximum that was measured.
const BYTES_PER_LEVEL: usize = 96 << 10;

/// The stack for the deepest document that any limit allows, in bytes. Unused parts of it take no memory.
const STACK_SIZE: usize = 16 * (1 << 20) + Limits::MAX_DEPTH * BYTES_PER_LEVEL;

/// Runs work on a thread with a large stack. Returns `None` if there is not enough memory for it.
pub(crate) fn with_depth<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = spawn(scope, work)?;
        match thread.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Runs two closures in parallel, the second on a thread with a large stack, or in sequence if there is not enough
/// memory.
pub(crate) fn both<A, B: Send>(first: impl FnOnce() -> A, second: impl Fn() -> B + Sync) -> (A, B) {
    std::thread::scope(|scope| {
        let thread = spawn(scope, &second);
        let first = first();
        let second = match thread.map(ScopedJoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => second(),
        };
        (first, second)
    })
}

/// Starts a thread with a large stack.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work).ok()
}
