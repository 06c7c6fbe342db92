//! A stack that is deep enough: work comes in, its result goes out.
//!
//! All stages recurse over what nests in a document, as deeply as its limits allow. What a level takes of the stack differs from
//! stage to stage; serde takes most, some 40 KB in a debug build.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::source::Limits;

/// What a level takes at most, twice over.
const LEVEL: usize = 96 << 10;

/// The stack for the deepest document that any limit allows. What is not used of it takes no memory.
const STACK: usize = 16 * (1 << 20) + Limits::MAX_DEPTH * LEVEL;

/// Runs work on a stack of its own; nothing comes out where there is no memory for one.
pub(crate) fn with_depth<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = spawn(scope, work)?;
        match thread.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Does two things at once, the second on a stack of its own; one behind the other where there is no memory for that.
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

/// Starts a thread with such a stack.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()
}
