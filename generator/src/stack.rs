//! Runs closures on threads with a stack that is large enough for the maximum nesting depth of documents.
//!
//! All stages recurse over the nesting of a document. Deserialization with serde needs the most stack: about 40 KB per
//! nesting level in a debug build.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::source::Limits;

/// The stack size per nesting level in bytes: about twice as much as a debug build needs.
const BYTES_PER_LEVEL: usize = 96 << 10;

/// The stack size for a document of the maximum nesting depth, in bytes. Unused stack takes no memory.
const STACK_SIZE: usize = 16 * (1 << 20) + Limits::MAX_DEPTH * BYTES_PER_LEVEL;

/// Runs a closure on a thread with a large stack. Returns `None` if there is not enough memory for the stack.
pub(crate) fn with_depth<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = spawn(scope, work)?;
        match thread.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Runs two closures in parallel, the second one on a thread with a large stack. Runs them in sequence on the current
/// thread if there is not enough memory for the stack.
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

/// Starts a thread with a large stack. Returns `None` if there is not enough memory for the stack.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work).ok()
}
