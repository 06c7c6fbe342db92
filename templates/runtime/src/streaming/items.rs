//! [`ItemStream`], the stream of the decoded items of a response.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Task, Poll, ready};

use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use super::{Splitter, Streaming};
use crate::runtime::decode::DecodeError;
use crate::runtime::decode_budget;
use crate::runtime::error::Error;
use crate::runtime::operation::Operation;
use crate::runtime::streamed::StreamedResponse;

/// A successful response that is a stream of items.
///
/// Returned by `send_items()` of an operation as soon as the response headers arrive. Only the buffers of the
/// connection and a single item are in memory. The client's `max_response_bytes` limits the size of an item.
///
/// As for a [`StreamedResponse`], the client's `idle_timeout` limits each pause and, if set, the timeout in the options
/// of the request limits the whole stream. Any byte ends a pause, including keep-alive bytes. When the stream ends, the request
/// is not sent again automatically.
///
/// If an item does not match the spec, [`try_next`](Self::try_next) returns an error, and the next item can still be
/// read. Any other error ends the stream: the response was interrupted, a timeout was reached, an item or the ID of an
/// [event](super::Event) was too long, or the server reported an error instead of an item, if the spec documents such
/// errors. A redirect documented in the spec has no items: see [`status`](Self::status) and
/// [`headers`](Self::headers).
///
/// ```text
/// let mut events = client.chat().complete(request).send_items().await?;
/// while let Some(event) = events.try_next().await? {
///     if let Some(chunk) = event.data.into_value() { … }
/// }
/// ```
///
/// Also implements [`Stream`]. Dropping the stream cancels the rest of the response.
#[must_use = "the stream does nothing unless items are read"]
pub struct ItemStream<O: Streaming> {
    response: StreamedResponse<O::ErrorBody>,
    /// Splits the body into items; `None` after the end of the stream.
    splitter: Option<Splitter>,
    /// Whether the body has been read to its end.
    is_read: bool,
    /// The `max_response_bytes` of the call: the maximum size of each item.
    limit: u64,
}

/// The result of reading an item.
type ItemResult<O> = Result<<O as Streaming>::Item, Error<<O as Operation>::ErrorBody>>;

impl<O: Streaming> ItemStream<O> {
    /// Creates the stream for a response whose headers have arrived.
    pub(in crate::runtime) fn new(
        response: StreamedResponse<O::ErrorBody>,
        limit: u64,
    ) -> Result<Self, Error<O::ErrorBody>> {
        // A documented redirect has no items, only a status and headers.
        if response.status.is_redirection() {
            return Ok(Self { response, splitter: None, is_read: true, limit });
        }
        match Splitter::new(O::FRAMING, limit, response.header("content-type")) {
            Ok(splitter) => Ok(Self { response, splitter: Some(splitter), is_read: false, limit }),
            Err(error) => Err(response.not_decoded(error)),
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// Cancel safe: dropping the future before it completes loses no data.
    ///
    /// # Errors
    ///
    /// The response is interrupted or times out, or the item is too long or does not match the spec.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error<O::ErrorBody>> {
        std::future::poll_fn(|task| self.poll_item(task)).await.transpose()
    }

    fn poll_item(&mut self, task: &mut Task<'_>) -> Poll<Option<ItemResult<O>>> {
        loop {
            let Some(splitter) = &mut self.splitter else { return Poll::Ready(None) };
            let error = match splitter.next() {
                Ok(Some(frame)) => {
                    let item = decode_budget::with_settings(self.limit, None, || O::item(frame));
                    match item.as_ref().err().and_then(DecodeError::reported_item) {
                        Some(error) => Some(self.response.reported(error.clone(), O::item_error)),
                        None => return Poll::Ready(Some(item.map_err(|error| self.response.not_decoded(error)))),
                    }
                }
                Ok(None) if self.is_read => None,
                Ok(None) => match ready!(Pin::new(&mut self.response).poll_next(task)) {
                    Some(Ok(chunk)) => {
                        splitter.push(chunk);
                        continue;
                    }
                    Some(Err(error)) => Some(error),
                    None => {
                        self.is_read = true;
                        splitter.finish();
                        continue;
                    }
                },
                Err(error) => Some(self.response.not_decoded(error)),
            };
            self.splitter = None;
            return Poll::Ready(error.map(Err));
        }
    }
}

impl<O: Streaming> Stream for ItemStream<O> {
    type Item = Result<O::Item, Error<O::ErrorBody>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(task)
    }
}

/// Shows the operation, the status and a summary of the body; omits headers and content, which may contain secrets.
impl<O: Streaming> fmt::Debug for ItemStream<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("response", &self.response)
            .field("ended", &self.splitter.is_none())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "blocking")]
impl<O: Streaming> ItemStream<O> {
    /// Converts the stream to a blocking iterator.
    pub fn blocking(self) -> BlockingItems<O> {
        BlockingItems(Some(self))
    }
}

/// A blocking iterator over the items of a response. Each call of `next` blocks the thread until the next item arrives.
/// The iterator ends after the same errors as [`ItemStream`].
#[cfg(feature = "blocking")]
pub struct BlockingItems<O: Streaming>(Option<ItemStream<O>>);

#[cfg(feature = "blocking")]
impl<O: Streaming> Iterator for BlockingItems<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut items = self.0.take()?;
        let thread = match crate::runtime::blocking::thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(items.response.refused(error))),
        };
        let (item, items) = thread.wait(async move { (items.try_next().await, items) });
        self.0 = Some(items);
        item.transpose()
    }
}

#[cfg(feature = "blocking")]
impl<O: Streaming> fmt::Debug for BlockingItems<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockingItems").field(&self.0).finish()
    }
}

/// Implements the methods that return the items of an operation whose response is a stream.
// Unused if the spec has no such operation.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streaming {
    ($name:ty $(,)?) => {
        impl $name {
            /// Sends the request and returns the stream of items of a successful response. See
            /// [`ItemStream`]($crate::runtime::streaming::ItemStream).
            ///
            /// # Errors
            ///
            /// The errors of [`send`](Self::send) until the response headers arrive. Later errors are returned by the
            /// stream.
            pub async fn send_items(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::streaming::ItemStream<Self>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_items::<Self>().await
            }
        }

        $crate::runtime::streaming_blocking_methods!($name);
    };
}

/// Implements the blocking methods of an operation whose response is a stream.
// Unused if the spec has no such operation.
#[cfg(feature = "blocking")]
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streaming_blocking_methods {
    ($name:ty) => {
        impl $name {
            /// Like [`send_items`](Self::send_items), but blocks the thread until the response headers arrive, and then
            /// for each item.
            ///
            /// # Errors
            ///
            /// The errors of [`send_blocking`](Self::send_blocking) until the response headers arrive. Later errors are
            /// returned by the iterator.
            pub fn send_items_blocking(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::streaming::BlockingItems<Self>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_items_blocking::<Self>().map($crate::runtime::streaming::ItemStream::blocking)
            }
        }
    };
}

/// Implements no methods, because the feature `blocking` is off.
#[cfg(not(feature = "blocking"))]
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streaming_blocking_methods {
    ($name:ty) => {};
}

// Unused if the spec has no such operation.
#[allow(unused_imports)]
pub(crate) use {streaming, streaming_blocking_methods};
