//! Streamed responses for synchronous code.

use std::path::Path;

use bytes::Bytes;

use super::StreamedResponse;
use crate::runtime::blocking::thread;
use crate::runtime::call::Call;
use crate::runtime::error::Error;
use crate::runtime::operation::Operation;

impl Call {
    /// Does the same as [`send_streamed`](Self::send_streamed), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send_streamed`](Self::send_streamed), and an error if the current thread cannot make blocking
    /// calls.
    pub fn send_streamed_blocking<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        match thread() {
            Ok(thread) => thread.wait(self.send_streamed::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
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
    /// [`blocking`](super::super::blocking)).
    pub fn save_blocking(self, path: impl AsRef<Path>) -> Result<u64, Error<E>> {
        let path = path.as_ref().to_owned();
        match thread() {
            Ok(thread) => thread.wait(self.save(path)),
            Err(error) => Err(self.refused(error)),
        }
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

/// Implements the blocking methods of an operation that return a streamed response.
// Unused if the spec has no operation.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streamed_blocking_methods {
    ($name:ty) => {
        impl $name {
            /// Like [`send_streamed`](Self::send_streamed), but blocks the thread until the response headers arrive.
            ///
            /// # Errors
            ///
            /// The errors of [`send_blocking`](Self::send_blocking) until the response headers arrive.
            pub fn send_streamed_blocking(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::StreamedResponse<<Self as $crate::runtime::Operation>::ErrorBody>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_streamed_blocking::<Self>()
            }
        }
    };
}

// Unused if the spec has no operation.
#[allow(unused_imports)]
pub(crate) use streamed_blocking_methods;
