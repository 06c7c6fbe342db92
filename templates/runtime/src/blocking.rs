//! Calls for code that is not async, feature `blocking`: `send_blocking()` beside each `send()`, and listings as
//! iterators.
//!
//! In: the same requests. Out: the same answers and errors, while the caller's thread waits. The calls themselves run on
//! one background thread of the process, which starts with the first of them; there is no second copy of anything.
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
//! - Any number of threads may call at once, with clones of one client or with clients of their own. Retries, limits of
//!   time and everything else are as for `send()`.
//! - Within an async function a blocking call stops the thread of that function, and all its tasks, until the answer is
//!   there. It neither panics nor waits for that thread: blocking calls have connections of their own, those of the
//!   runtime of the background thread. Still, `send()` is the better choice there.
//! - A panic, of a transport for instance, goes on in the thread that waits.
//! - What runs on the background thread itself, such as a transport or a source of credentials, cannot make a blocking
//!   call, for it would wait for itself: that is an error of the kind [`Request`](super::ErrorKind::Request), and so is
//!   a background thread that cannot be started. Either says so before anything is sent.
//! - A child of `fork()` has only the thread that forked. If the parent has made a blocking call before, one in the child
//!   is an error of that kind too, instead of waiting for a thread that does not exist: fork first, or start a program
//!   anew (`exec`). `send()` cannot tell: a runtime and the connections of a client do not survive a fork either, so make
//!   both in the child.

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

/// The thread of all blocking calls, once there is one.
static THREAD: Mutex<Option<Handle>> = Mutex::new(None);

/// The process of that thread; 0 before the first call. Its own variable, for a child of `fork()` cannot take a lock that
/// another thread of its parent held.
static PROCESS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether this is the thread of blocking calls.
    static IS_ITS_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// The thread of all blocking calls, started where there is none; an error where the caller cannot wait for it.
pub(super) fn thread() -> Result<Thread, RequestError> {
    if IS_ITS_THREAD.get() {
        return Err(RequestError::Blocking("the thread of blocking calls would wait for itself".to_owned()));
    }
    check_process(&PROCESS, std::process::id())?;
    // The lock guards one value, which is whole whatever happens around it.
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = match &*thread {
        Some(handle) => handle.clone(),
        None => {
            let handle = start();
            let handle =
                handle.map_err(|error| RequestError::Blocking(format!("its thread does not start: {error}")))?;
            thread.insert(handle).clone()
        }
    };
    Ok(Thread(handle))
}

/// Fails where the thread of blocking calls belongs to another process, from which this one was forked.
pub(crate) fn check_process(of_thread: &AtomicU32, this: u32) -> Result<(), RequestError> {
    match of_thread.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed) {
        Err(other) if other != this => Err(RequestError::Blocking(
            "this process was forked from one that has made blocking calls, and their thread was not: fork before the \
             first of them"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The thread of all blocking calls.
pub(super) struct Thread(Handle);

impl Thread {
    /// Runs a call on this thread, while the caller's thread waits for what comes of it.
    pub(super) fn wait<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> T {
        let call = self.0.spawn(telemetry::carried(call));
        // The waiting thread may be one of another runtime, which tokio would not let wait in its own way.
        let (answer, answered) = mpsc::sync_channel(1);
        self.0.spawn(async move { answer.send(call.await) });
        match answered.recv() {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => resume_unwind(error.try_into_panic().unwrap_or_else(|error| Box::new(error.to_string()))),
            // The thread waits for nothing that could end it.
            Err(error) => resume_unwind(Box::new(error.to_string())),
        }
    }
}

fn start() -> io::Result<Handle> {
    let (started, start) = mpsc::sync_channel(1);
    let name = concat!(env!("CARGO_PKG_NAME"), "-blocking");
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        IS_ITS_THREAD.set(true);
        // Made here, for a runtime must not be dropped on a thread of another one.
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
    /// The pages as an iterator, for code that is not async.
    pub fn blocking(self) -> Pages<O> {
        Pages { position: self.position(), pages: Some(self) }
    }
}

impl<O: Paginated> paging::Items<O> {
    /// The items as an iterator, for code that is not async.
    pub fn blocking(self) -> Items<O> {
        Items { position: self.position(), items: Some(self) }
    }
}

impl<E: Send + 'static> StreamedResponse<E> {
    /// The chunks of the body as an iterator, for code that is not async.
    pub fn blocking(self) -> Chunks<E> {
        Chunks(Some(self))
    }

    /// As [`save`](Self::save), while the caller's thread waits.
    ///
    /// # Errors
    ///
    /// As for [`save`](Self::save), and where the call cannot be waited for.
    pub fn save_blocking(self, path: impl AsRef<Path>) -> Result<u64, Error<E>> {
        let path = path.as_ref().to_owned();
        match thread() {
            Ok(thread) => thread.wait(self.save(path)),
            Err(problem) => Err(self.refused(problem)),
        }
    }
}

/// The pages of a listing, fetched while the caller's thread waits.
///
/// It begins, ends and fails as [`paging::Pages`] does.
pub struct Pages<O: Paginated> {
    /// `None` after a panic, and where a call cannot be waited for.
    pages: Option<paging::Pages<O>>,
    /// Where it was before.
    position: Position,
}

impl<O: Paginated> Pages<O> {
    /// The place of the page that comes next.
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
            Err(problem) => return Some(Err(Error::new(pages.context().not_made(problem), None))),
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

/// The items of a listing; pages are fetched as they are needed, while the caller's thread waits.
///
/// It begins, ends and fails as [`paging::Items`] does.
pub struct Items<O: Paginated> {
    /// `None` after a panic, and where a call cannot be waited for.
    items: Option<paging::Items<O>>,
    /// Where it was before.
    position: Position,
}

impl<O: Paginated> Items<O> {
    /// The place of the item that comes next.
    pub fn position(&self) -> Position {
        self.items.as_ref().map_or_else(|| self.position.clone(), paging::Items::position)
    }
}

impl<O: Paginated> Iterator for Items<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        // What is there needs no other thread.
        if let Some(item) = self.items.as_mut()?.next_of_page() {
            return Some(Ok(item));
        }
        let mut items = self.items.take()?;
        self.position = items.position();
        let thread = match thread() {
            Ok(thread) => thread,
            Err(problem) => return Some(Err(Error::new(items.context().not_made(problem), None))),
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

/// The chunks of a streamed answer, fetched while the caller's thread waits. It ends after an error.
#[derive(Debug)]
pub struct Chunks<E>(Option<StreamedResponse<E>>);

impl<E: Send + 'static> Iterator for Chunks<E> {
    type Item = Result<Bytes, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut response = self.0.take()?;
        let thread = match thread() {
            Ok(thread) => thread,
            Err(problem) => return Some(Err(response.refused(problem))),
        };
        let (chunk, response) = thread.wait(async move { (response.next().await, response) });
        self.0 = Some(response);
        chunk
    }
}
