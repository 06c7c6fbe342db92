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
//! ```
//!
//! - Any number of threads may call at once, with clones of one client or with clients of their own. Retries, limits of
//!   time and everything else are as for `send()`.
//! - Within an async function a blocking call stops the thread of that function, and all its tasks, until the answer is
//!   there. It neither panics nor waits for that thread: blocking calls have connections of their own. Still, `send()`
//!   is the better choice there.
//! - A panic, of a transport for instance, goes on in the thread that waits.
//! - What runs on the background thread itself, such as a transport or a source of credentials, cannot make a blocking
//!   call, for it would wait for itself: that is an error of the kind [`Request`](super::ErrorKind::Request), and so is
//!   a background thread that cannot be started. Either says so before anything is sent.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use tokio::runtime::{Builder, Handle};

use super::error::Error;
use super::operation::Operation;
use super::paging::{self, Page, Paginated, Position};
use super::request::RequestError;
use super::telemetry;

/// The thread of all blocking calls, once there is one.
static THREAD: Mutex<Option<Handle>> = Mutex::new(None);

thread_local! {
    /// Whether this is the thread of blocking calls.
    static IS_ITS_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether the present thread is the one of all blocking calls.
pub(super) fn is_its_thread() -> bool {
    IS_ITS_THREAD.get()
}

/// Runs a call on the background thread and waits for what comes of it; where that cannot be, `refused` says so.
pub(super) fn wait<T: Send + 'static>(
    call: impl Future<Output = T> + Send + 'static,
    refused: impl FnOnce(RequestError) -> T,
) -> T {
    if is_its_thread() {
        return refused(RequestError::Blocking("the thread of blocking calls would wait for itself".to_owned()));
    }
    let thread = match thread() {
        Ok(thread) => thread,
        Err(error) => return refused(RequestError::Blocking(format!("its thread does not start: {error}"))),
    };
    let call = thread.spawn(telemetry::carried(call));
    // The waiting thread may be one of another runtime, which tokio would not let wait in its own way.
    let (answer, answered) = mpsc::sync_channel(1);
    thread.spawn(async move { answer.send(call.await) });
    match answered.recv() {
        Ok(Ok(value)) => value,
        Ok(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
        Ok(Err(_)) | Err(_) => refused(RequestError::Blocking("its thread has ended".to_owned())),
    }
}

/// The thread of blocking calls, started where there is none.
fn thread() -> io::Result<Handle> {
    // The lock guards one value, which is whole whatever happens around it.
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    match &*thread {
        Some(handle) => Ok(handle.clone()),
        None => Ok(thread.insert(start()?).clone()),
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
        Pages(Some(self))
    }
}

impl<O: Paginated> paging::Items<O> {
    /// The items as an iterator, for code that is not async.
    pub fn blocking(self) -> Items<O> {
        Items(Some(self))
    }
}

/// The pages of a listing, fetched while the caller's thread waits.
///
/// After an error or the end it gives nothing more.
pub struct Pages<O: Paginated>(Option<paging::Pages<O>>);

impl<O: Paginated> Pages<O> {
    /// The place of the page that comes next; `None` where the call could not be waited for.
    pub fn position(&self) -> Option<Position> {
        self.0.as_ref().map(paging::Pages::position)
    }
}

impl<O: Paginated> Iterator for Pages<O> {
    type Item = Result<Page<O::Item>, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pages = self.0.take()?;
        let context = pages.context();
        let fetch = async move {
            let page = pages.try_next().await;
            (page, Some(pages))
        };
        let (page, pages) = wait(fetch, |problem| (Err(Error::new(context.not_made(problem), None)), None));
        self.0 = pages;
        page.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.0).finish()
    }
}

/// The items of a listing; pages are fetched as they are needed, while the caller's thread waits.
///
/// After an error or the end it gives nothing more.
pub struct Items<O: Paginated>(Option<paging::Items<O>>);

impl<O: Paginated> Items<O> {
    /// The place of the item that comes next; `None` where the call could not be waited for.
    pub fn position(&self) -> Option<Position> {
        self.0.as_ref().map(paging::Items::position)
    }
}

impl<O: Paginated> Iterator for Items<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        // What has come already need not go to the other thread and back.
        if let Some(item) = self.0.as_mut()?.fetched() {
            return Some(Ok(item));
        }
        let mut items = self.0.take()?;
        let context = items.context();
        let fetch = async move {
            let item = items.try_next().await;
            (item, Some(items))
        };
        let (item, items) = wait(fetch, |problem| (Err(Error::new(context.not_made(problem), None)), None));
        self.0 = items;
        item.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&self.0).finish()
    }
}
