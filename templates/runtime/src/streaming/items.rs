//! The items of an answer, each as soon as it has come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Task, Poll, ready};

use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use super::{Splitter, Streaming, fits};
use crate::runtime::decode_budget;
use crate::runtime::error::Error;
use crate::runtime::operation::Operation;
use crate::runtime::streamed::StreamedResponse;

/// A successful answer that comes item by item.
///
/// `send_items()` of the operation gives one as soon as the answer begins. No more of it is in memory than what the
/// connection holds in advance and the item that is coming, which is at most as large as the client's `max_response_bytes`.
///
/// The limits of time are those of a [`StreamedResponse`]: the client's `idle_timeout` for each pause, and the `timeout()`
/// of this call for the whole stream, if it was set. Any byte ends a pause, also what a server sends to keep the connection
/// alive. A stream that ends is not asked for again by itself.
///
/// An item that is not what the spec promises is an error, behind which the next item can be read. After any other error
/// nothing comes: the answer broke off, it took too long, or an item or the ID of an [event](super::Event) is too long.
/// A redirect that the spec documents gives no items: see [`status`](Self::status) and [`headers`](Self::headers).
///
/// ```text
/// let mut events = client.chat().complete(request).send_items().await?;
/// while let Some(event) = events.try_next().await? {
///     if let Some(chunk) = event.data.into_value() { … }
/// }
/// ```
///
/// It is a [`Stream`] too. Dropping it gives the rest up.
#[must_use = "the items are to be read"]
pub struct ItemStream<O: Streaming> {
    response: StreamedResponse<O::ErrorBody>,
    /// `None` once there are no more items.
    splitter: Option<Splitter>,
    /// Whether the body has been read to its end.
    is_read: bool,
    /// The `max_response_bytes` of the call, which limits each item.
    limit: u64,
}

/// An item, or why there is none.
type Received<O> = Result<<O as Streaming>::Item, Error<<O as Operation>::ErrorBody>>;

impl<O: Streaming> ItemStream<O> {
    /// The items of an answer that has begun.
    pub(in crate::runtime) fn new(
        response: StreamedResponse<O::ErrorBody>,
        limit: u64,
    ) -> Result<Self, Error<O::ErrorBody>> {
        // A documented redirect has no items: its status and headers are all there is to read.
        if response.status.is_redirection() {
            return Ok(Self { response, splitter: None, is_read: true, limit });
        }
        match fits::<O>(response.header("content-type")) {
            Ok(()) => Ok(Self { response, splitter: Some(Splitter::new(O::FRAMING, limit)), is_read: false, limit }),
            Err(error) => Err(response.not_decoded(error)),
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// The next item; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// The answer breaks off or takes too long, or the item is too long or not what the spec promises.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error<O::ErrorBody>> {
        std::future::poll_fn(|task| self.poll_item(task)).await.transpose()
    }

    fn poll_item(&mut self, task: &mut Task<'_>) -> Poll<Option<Received<O>>> {
        loop {
            let Some(splitter) = &mut self.splitter else { return Poll::Ready(None) };
            let error = match splitter.next() {
                Ok(Some(frame)) => {
                    let item = decode_budget::with_settings(self.limit, None, || O::item(frame));
                    let item = item.map_err(|error| self.response.not_decoded(error));
                    return Poll::Ready(Some(item));
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

/// Shows no headers and no content: they may hold secrets.
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
    /// The items as an iterator, for code that is not async.
    pub fn blocking(self) -> BlockingItems<O> {
        BlockingItems(Some(self))
    }
}

/// The items of an answer, while the caller's thread waits for each. It ends as [`ItemStream`] does.
#[cfg(feature = "blocking")]
pub struct BlockingItems<O: Streaming>(Option<ItemStream<O>>);

#[cfg(feature = "blocking")]
impl<O: Streaming> Iterator for BlockingItems<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut items = self.0.take()?;
        let thread = match crate::runtime::blocking::thread() {
            Ok(thread) => thread,
            Err(problem) => return Some(Err(items.response.refused(problem))),
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

/// Gives an operation whose answer comes item by item the methods for it.
// Unused where a spec has no such operation.
#[allow(unused_macros)]
macro_rules! streaming {
    ($name:ident) => {
        impl $name {
            /// Sends the request and gives the items of a successful answer as they come. See
            /// [`ItemStream`]($crate::runtime::streaming::ItemStream).
            ///
            /// # Errors
            ///
            /// As for [`send`](Self::send), as long as the answer has not begun.
            pub async fn send_items(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::streaming::ItemStream<Self>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_items::<Self>().await
            }

            /// As [`send_items`](Self::send_items), for code that is not async: the caller's thread waits until the answer
            /// begins, and then for each item.
            ///
            /// # Errors
            ///
            /// As for [`send_blocking`](Self::send_blocking), as long as the answer has not begun.
            #[cfg(feature = "blocking")]
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

// Unused where a spec has no such operation.
#[allow(unused_imports)]
pub(crate) use streaming;
