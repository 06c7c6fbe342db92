//! Calls for code that is not async (feature `blocking`): `send_blocking()` beside each `send()`, and paginated
//! listings as iterators.
//!
//! The calls run on one background thread of the process while the caller's thread waits. The thread starts with the
//! first blocking call. Requests, responses and errors are the same as for async calls.
//!
//! ```ignore
//! let client = Client::builder().api_key(key).build()?;
//! let seat = client.seats().get_seat("device-17").send_blocking()?;
//! for certificate in client.certificates().search().limit(100).items().blocking() {
//!     println!("{}", certificate?.serial_number.unwrap_or_default());
//! }
//! client.reports().export().send_streamed_blocking()?.save_blocking("report.csv")?;
//! ```
//!
//! - Any number of threads may make calls at the same time, with clones of one client or with different clients.
//!   Retries, timeouts and everything else work as for `send()`.
//! - In an async function, a blocking call blocks the current thread and all tasks on the thread until the response
//!   arrives; use `send()` there. The call neither panics nor deadlocks, because blocking calls run on the background
//!   thread's runtime and have their own connections.
//! - A panic during the call, for example in a transport, is resumed on the waiting thread.
//! - Code that runs on the background thread itself, such as a transport or a credential provider, cannot make a
//!   blocking call, because the thread would wait for itself. The call fails with an error of the kind
//!   [`Request`](super::ErrorKind::Request) before anything is sent. The same happens if the background thread cannot
//!   be started.
//! - A child of `fork()` has only the thread that called `fork()`. If the parent has made a blocking call before,
//!   blocking calls in the child fail with the same kind of error. Fork before the first blocking call, or start a new
//!   program (`exec`). `send()` cannot detect a fork, but runtimes and connections do not work in the child either:
//!   create the runtime and the client in the child.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use bytes::Bytes;
use tokio::runtime::{Builder, Handle};

use super::error::Error;
use super::operation::Operation;
use super::paging::{self, Page, Paginated, Position};
use super::request::RequestError;
use super::streamed::StreamedResponse;
use super::telemetry;

/// The runtime of the thread that runs all blocking calls; `None` until the thread is started.
static THREAD: Mutex<Option<Handle>> = Mutex::new(None);

/// The ID of the process that started the thread in `THREAD`; 0 before the first blocking call. The ID is not guarded
/// by the lock of `THREAD`, because a child of `fork()` would wait forever for a lock that another thread of the parent
/// held during the fork.
static PROCESS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether the current thread is the one that runs blocking calls.
    static IS_CALL_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Returns the thread that runs all blocking calls, and starts it if needed. Fails if called on that thread itself,
/// in a child process that was forked after the thread was started, or if the thread cannot be started.
pub(super) fn thread() -> Result<Thread, RequestError> {
    if IS_CALL_THREAD.get() {
        return Err(RequestError::Blocking(
            "this thread runs all blocking calls, so it would wait for itself".to_owned(),
        ));
    }
    check_process(&PROCESS, std::process::id())?;
    // A poisoned lock is harmless: the guarded value is replaced in one step.
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = match &*thread {
        Some(handle) => handle.clone(),
        None => {
            let handle = start();
            let handle = handle.map_err(|error| {
                RequestError::Blocking(format!("the thread that runs blocking calls could not be started: {error}"))
            })?;
            thread.insert(handle).clone()
        }
    };
    Ok(Thread(handle))
}

/// Returns an error if process `this` was forked after its parent had started the thread that runs blocking calls.
/// `of_thread` is the ID of the process that started the thread; 0 is replaced with `this`.
pub(crate) fn check_process(of_thread: &AtomicU32, this: u32) -> Result<(), RequestError> {
    match of_thread.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed) {
        Err(other) if other != this => Err(RequestError::Blocking(
            "this process was forked after its parent made a blocking call, and the thread that runs blocking calls \
             does not exist here; fork before the first blocking call"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The thread that runs all blocking calls.
pub(super) struct Thread(Handle);

impl Thread {
    /// Runs a call on the thread that runs all blocking calls, and blocks the caller's thread until the call has
    /// finished.
    pub(super) fn wait<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> T {
        let call = self.0.spawn(telemetry::carried(call));
        // The result is received through a channel, because the caller's thread may belong to another runtime, where
        // `Runtime::block_on` would panic.
        let (sender, receiver) = mpsc::sync_channel(1);
        self.0.spawn(async move { sender.send(call.await) });
        match receiver.recv() {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => resume_unwind(error.try_into_panic().unwrap_or_else(|error| Box::new(error.to_string()))),
            // Does not happen: nothing ends the thread.
            Err(error) => resume_unwind(Box::new(error.to_string())),
        }
    }
}

fn start() -> io::Result<Handle> {
    let (started, start) = mpsc::sync_channel(1);
    let name = concat!(env!("CARGO_PKG_NAME"), "-blocking");
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        IS_CALL_THREAD.set(true);
        // Created on the new thread, because a runtime must not be dropped on a thread of another runtime, such as the
        // caller's.
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return started.send(Err(error)).unwrap_or_default(),
        };
        if started.send(Ok(runtime.handle().clone())).is_ok() {
            runtime.block_on(pending())
        }
    })?;
    start.recv().map_err(io::Error::other)?
}

impl<O: Paginated> paging::Pages<O> {
    /// Returns the pages as an iterator, for code that is not async.
    pub fn blocking(self) -> Pages<O> {
        Pages { position: self.position(), pages: Some(self) }
    }
}

impl<O: Paginated> paging::Items<O> {
    /// Returns the items as an iterator, for code that is not async.
    pub fn blocking(self) -> Items<O> {
        Items { position: self.position(), items: Some(self) }
    }
}

impl<E: Send + 'static> StreamedResponse<E> {
    /// Returns the chunks of the body as an iterator, for code that is not async.
    pub fn blocking(self) -> Chunks<E> {
        Chunks(Some(self))
    }

    /// Does the same as [`save`](Self::save), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`save`](Self::save), and an error if the current thread cannot make blocking calls (see
    /// [`blocking`](super::blocking)).
    pub fn save_blocking(self, path: impl AsRef<Path>) -> Result<u64, Error<E>> {
        let path = path.as_ref().to_owned();
        match thread() {
            Ok(thread) => thread.wait(self.save(path)),
            Err(error) => Err(self.refused(error)),
        }
    }
}

/// The pages of a listing. Each call of `next` blocks the caller's thread.
///
/// The iterator starts at the same page, ends after the same page and returns the same errors as the async
/// [`paging::Pages`].
pub struct Pages<O: Paginated> {
    /// `None` during a call of `next`, and after a call that panicked or was made on a thread that cannot make blocking
    /// calls.
    pages: Option<paging::Pages<O>>,
    /// The position before the last fetch, which [`position`](Self::position) returns while `pages` is `None`.
    position: Position,
}

impl<O: Paginated> Pages<O> {
    /// Returns the position of the next page.
    pub fn position(&self) -> Position {
        self.pages.as_ref().map_or_else(|| self.position.clone(), paging::Pages::position)
    }
}

impl<O: Paginated> Iterator for Pages<O> {
    type Item = Result<Page<O::Item>, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pages = self.pages.take()?;
        self.position = pages.position();
        let thread = match thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(Error::new(pages.context().not_made(error), None))),
        };
        let (page, pages) = thread.wait(async move { (pages.try_next().await, pages) });
        self.pages = Some(pages);
        page.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// The items of a listing. Fetching the next page blocks the caller's thread.
///
/// The iterator starts at the same item, ends after the same item and returns the same errors as the async
/// [`paging::Items`].
pub struct Items<O: Paginated> {
    /// `None` during a call of `next`, and after a call that panicked or was made on a thread that cannot make blocking
    /// calls.
    items: Option<paging::Items<O>>,
    /// The position before the last fetch, which [`position`](Self::position) returns while `items` is `None`.
    position: Position,
}

impl<O: Paginated> Items<O> {
    /// Returns the position of the next item.
    pub fn position(&self) -> Position {
        self.items.as_ref().map_or_else(|| self.position.clone(), paging::Items::position)
    }
}

impl<O: Paginated> Iterator for Items<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        // Items that were already fetched do not need the thread.
        if let Some(item) = self.items.as_mut()?.next_of_page() {
            return Some(Ok(item));
        }
        let mut items = self.items.take()?;
        self.position = items.position();
        let thread = match thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(Error::new(items.context().not_made(error), None))),
        };
        let (item, items) = thread.wait(async move { (items.try_next().await, items) });
        self.items = Some(items);
        item.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("items", &self.items).finish_non_exhaustive()
    }
}

/// The chunks of a streamed response. Each call of `next` blocks the caller's thread. The iterator ends after an error.
#[derive(Debug)]
pub struct Chunks<E>(Option<StreamedResponse<E>>);

impl<E: Send + 'static> Iterator for Chunks<E> {
    type Item = Result<Bytes, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut response = self.0.take()?;
        let thread = match thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(response.refused(error))),
        };
        let (chunk, response) = thread.wait(async move { (response.next().await, response) });
        self.0 = Some(response);
        chunk
    }
}
