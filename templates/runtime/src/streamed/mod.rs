//! [`StreamedResponse`], a successful response whose body is read while it arrives.

#[cfg(feature = "blocking")]
pub mod blocking;
mod call;

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context as Task, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::runtime::body::{Body, BodyStream};
#[cfg(feature = "streaming")]
use crate::runtime::decode::DecodeError;
use crate::runtime::disposition;
use crate::runtime::error::Error;
use crate::runtime::failure::Context;
use crate::runtime::limits::{Limit, pause_in_response};
use crate::runtime::response::RawResponse;
use crate::runtime::save::{Partial, SaveError};
use crate::runtime::send::{ReceivedResponse, require_runtime};
use crate::runtime::transport::{BoxError, TimedOut};

#[cfg(feature = "blocking")]
#[allow(unused_imports)]
pub(crate) use blocking::streamed_blocking_methods;
// Which of these macros a generated crate uses depends on its spec.
#[cfg(not(feature = "blocking"))]
#[allow(unused_imports)]
pub(crate) use call::streamed_blocking_methods;
#[allow(unused_imports)]
pub(crate) use call::streamed_methods;

/// A successful response whose headers have arrived; its body is read chunk by chunk.
///
/// Returned by `send_streamed()` of every operation. The body may have any size: a chunk is only read from the
/// connection when the caller requests it, so only the buffers of the connection use memory. A body that is interrupted
/// or shorter than its `Content-Length` is an error; the request is not sent again automatically.
///
/// Until the response headers arrive, timeouts and retries work as for every call. After that, two timeouts apply:
///
/// - The client's `idle_timeout` (default: 30 seconds) limits each pause in which the caller waits for the body and no
///   byte arrives.
/// - A `timeout` in the options of the request includes reading the body. The `timeout` of the client does not, so that the same
///   client can be used for short calls and long streams.
///
/// ```text
/// // Into a file, which only appears when the body is complete:
/// let bytes = client.reports().export().send_streamed().await?.save("report.csv").await?;
///
/// // Chunk by chunk:
/// let mut report = client.reports().export().send_streamed().await?;
/// while let Some(chunk) = report.next().await {
///     digest.update(&chunk?);
/// }
/// ```
///
/// Also implements [`Stream`]. Dropping the response cancels the rest of the body.
#[must_use = "the body is not fetched unless it is read"]
pub struct StreamedResponse<E> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: BodyStream,
    context: Box<Context>,
    /// Whether the request is idempotent and may be sent again.
    retry_safe: bool,
    idle: Duration,
    /// The timeout set for this call, if any. It includes reading the body.
    limit: Option<Limit>,
    /// The timer that limits the current pause, in which no byte arrives; `None` if there is no pause.
    pause: Option<Pin<Box<Sleep>>>,
    /// The number of bytes received when the pause began.
    received: u64,
    failed: bool,
    error: PhantomData<fn() -> E>,
}

impl<E> StreamedResponse<E> {
    pub(super) fn new(received: ReceivedResponse, context: Context) -> Self {
        let ReceivedResponse { response, rest, retry_safe, limit } = received;
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            // If nothing is left to read from the connection, the body is already in memory.
            body: rest.unwrap_or_else(|| Body::bytes(response.body().clone()).into_stream()),
            retry_safe,
            idle: context.client.shared().timeouts.idle,
            context: Box::new(context),
            limit,
            pause: None,
            received: 0,
            failed: false,
            error: PhantomData,
        }
    }

    /// Returns the value of a header, or `None` if the header is missing or contains characters other than visible
    /// ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the file name from `Content-Disposition` (RFC 6266), reduced to a single path segment that is safe on
    /// all systems: `a` for `../../a`. Returns `None` if there is no file name, or if no safe characters remain.
    ///
    /// The server chooses the name, so a file with that name may already exist.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// Returns the length of the body in bytes, if known. The length of a compressed body is unknown.
    pub fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// Returns the next bytes of the body, or `None` at the end and after an error.
    ///
    /// Cancel safe: dropping the future before it completes loses no data.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error<E>>> {
        std::future::poll_fn(|task| self.poll_chunk(task)).await
    }

    /// Writes the rest of the body to a file and returns the number of bytes written.
    ///
    /// The bytes are written to a temporary file in the same directory. When this file is complete and flushed to disk,
    /// it is renamed to `path` and replaces an existing file. On an error, or if the future is dropped, the temporary
    /// file is deleted and an existing file at `path` remains unchanged.
    ///
    /// On Unix, a new file has mode 0600, because it may contain a private key; a file that replaces an existing file
    /// gets the mode of the existing file. A symbolic link at `path` is replaced, not followed.
    ///
    /// # Errors
    ///
    /// The body is interrupted or a timeout is reached. If the file cannot be written, the kind is
    /// [`ErrorKind::File`](crate::runtime::ErrorKind::File).
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error<E>> {
        require_runtime().map_err(|error| self.refused(error))?;
        let created = Partial::create(path.as_ref()).await;
        let mut partial = created.map_err(|error| self.not_saved(error))?;
        while let Some(chunk) = self.next().await {
            partial.write(&chunk?).await.map_err(|error| self.not_saved(error))?;
        }
        partial.finish().await.map_err(|error| self.not_saved(error))
    }

    fn poll_chunk(&mut self, task: &mut Task<'_>) -> Poll<Option<Result<Bytes, Error<E>>>> {
        if self.failed {
            return Poll::Ready(None);
        }
        // Checked before each chunk, because the timeout applies even to a body that never pauses.
        if let Some(reason) = self.reached_limit() {
            return Poll::Ready(Some(Err(self.timed_out(reason))));
        }
        match Pin::new(&mut self.body).poll_next(task) {
            Poll::Ready(chunk) => {
                self.pause = None;
                Poll::Ready(chunk.map(|chunk| chunk.map_err(|error| self.broken(error))))
            }
            Poll::Pending => {
                if let Err(error) = require_runtime() {
                    self.failed = true;
                    return Poll::Ready(Some(Err(self.refused(error))));
                }
                // Received bytes end the pause even if they are too few to decode a chunk of content.
                let received = self.body.received();
                if std::mem::replace(&mut self.received, received) != received {
                    self.pause = None;
                }
                ready!(self.poll_pause(task));
                let reason = self.reached_limit().unwrap_or_else(|| pause_in_response(self.idle));
                Poll::Ready(Some(Err(self.timed_out(reason))))
            }
        }
    }

    /// Completes when the idle timeout or the timeout set for this call is reached.
    fn poll_pause(&mut self, task: &mut Task<'_>) -> Poll<()> {
        if self.pause.is_none() {
            // A timeout is ignored if its end is too far in the future for an `Instant`.
            let ends = [Instant::now().checked_add(self.idle), self.limit.as_ref().and_then(Limit::end)];
            self.pause = ends.into_iter().flatten().min().map(|end| Box::pin(sleep_until(end)));
        }
        match &mut self.pause {
            Some(pause) => pause.as_mut().poll(task),
            None => Poll::Pending,
        }
    }

    /// Returns the error message if the timeout set for this call is reached.
    fn reached_limit(&self) -> Option<String> {
        let reached = self.limit.as_ref().filter(|limit| limit.is_reached_within(Duration::ZERO));
        reached.map(|limit| limit.reason("no complete response"))
    }

    fn timed_out(&mut self, reason: String) -> Error<E> {
        self.broken(TimedOut(reason.into()).into())
    }

    fn broken(&mut self, error: BoxError) -> Error<E> {
        self.failed = true;
        Error::new(self.context.broken(self.head(), error, self.retry_safe), None)
    }

    fn not_saved(&self, error: SaveError) -> Error<E> {
        Error::new(self.context.not_saved(self.head(), error), None)
    }

    /// Returns the error for an item of the stream that does not match the spec.
    #[cfg(feature = "streaming")]
    pub(super) fn not_decoded(&self, error: DecodeError) -> Error<E> {
        Error::new(self.context.not_decoded(self.head(), error), None)
    }

    /// Returns the error that the server reports in an item of the stream.
    #[cfg(feature = "streaming")]
    pub(super) fn reported(&self, item: Bytes, decode: impl FnOnce(&RawResponse) -> E) -> Error<E> {
        let response = RawResponse::new(self.status, self.headers.clone(), item);
        let body = decode(&response);
        Error::new(self.context.reported(response), Some(body))
    }

    /// Returns the error for a body that cannot be read, e.g. because there is no Tokio runtime.
    pub(super) fn refused(&self, error: crate::runtime::request::RequestError) -> Error<E> {
        Error::new(self.context.not_read(self.head(), error), None)
    }

    fn head(&self) -> RawResponse {
        RawResponse::new(self.status, self.headers.clone(), Bytes::new())
    }
}

impl<E> Stream for StreamedResponse<E> {
    type Item = Result<Bytes, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(task)
    }
}

/// Shows the operation, the status and a summary of the body; omits headers and content, which may contain secrets.
impl<E> fmt::Debug for StreamedResponse<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedResponse")
            .field("operation", &self.context.operation)
            .field("status", &self.status)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
