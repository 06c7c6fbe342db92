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
use std::future::{Future, pending};
use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use tokio::runtime::{Builder, Handle};

use super::call::Call;
use super::error::Error;
use super::operation::Operation;
use super::request::RequestError;
use super::response::Response;
use super::telemetry;

#[cfg(feature = "paging")]
pub use super::paging::blocking::{Items, Pages};
#[cfg(feature = "streamed")]
pub use super::streamed::blocking::Chunks;

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

impl Call {
    /// Does the same as [`send`](Self::send), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send`](Self::send), and an error if the current thread cannot make blocking calls.
    pub fn send_blocking<O: Operation>(self) -> Result<Response<O::Output>, Error<O::ErrorBody>> {
        match thread() {
            Ok(thread) => thread.wait(self.send::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
    }
}

/// Implements the blocking methods of an operation.
// Unused if the spec has no operation.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! blocking_methods {
    ($name:ty) => {
        impl $name {
            /// Like [`send`](Self::send), but blocks the thread until the call is complete. See
            /// [`blocking`](crate::runtime::blocking).
            ///
            /// # Errors
            ///
            /// The errors of [`send`](Self::send), and an error if the current thread cannot make blocking calls.
            pub fn send_blocking(
                self,
            ) -> ::std::result::Result<
                <Self as $crate::runtime::Operation>::Output,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_blocking::<Self>().map(|response| response.value)
            }

            /// Like [`send_response`](Self::send_response), but blocks the thread until the call is complete.
            ///
            /// # Errors
            ///
            /// The errors of [`send_blocking`](Self::send_blocking).
            pub fn send_response_blocking(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::Response<<Self as $crate::runtime::Operation>::Output>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_blocking::<Self>()
            }
        }
    };
}

// Unused if the spec has no operation.
#[allow(unused_imports)]
pub(crate) use blocking_methods;
