//! A successful answer whose body is read as it comes.
//!
//! In: the head of an answer, its body, and the context of the call. Out: chunks, or a file; a pause that is too long
//! and an answer that breaks off are errors of the call.

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

use super::body::{Body, BodyStream};
use super::decode::DecodeError;
use super::disposition;
use super::error::Error;
use super::failure::Context;
use super::limits::{Limit, pause_in_response};
use super::response::RawResponse;
use super::save::{Partial, SaveError};
use super::send::{Answer, require_runtime};
use super::transport::{BoxError, TimedOut};

/// A successful answer that has begun: its status, its headers, and its body to be read chunk by chunk.
///
/// Every operation gives one by `send_streamed()`. The body may have any size: no more of it is in memory than what the
/// connection holds in advance, and none is fetched that is not asked for. A body that breaks off, or that is shorter than
/// its `Content-Length`, is an error; it is not fetched again by itself.
///
/// Until the response begins, limits of time and retries are those of every call. From then on, two limits of time apply:
///
/// - a pause in which no byte of the body arrives, while the caller waits for one, may be as long as the client's
///   `idle_timeout`, 30 seconds by default;
/// - a limit that was set for this call by its `timeout()` includes reading the body. The client's own `timeout` does not,
///   so that one client serves both short calls and long streams.
///
/// ```text
/// // Into a file, which is there only when all of it has come:
/// let bytes = client.reports().export().send_streamed().await?.save("report.csv").await?;
///
/// // Chunk by chunk:
/// let mut report = client.reports().export().send_streamed().await?;
/// while let Some(chunk) = report.next().await {
///     digest.update(&chunk?);
/// }
/// ```
///
/// It is a [`Stream`] too. Dropping it gives the rest up.
#[must_use = "the body is to be read"]
pub struct StreamedResponse<E> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: BodyStream,
    context: Box<Context>,
    /// Whether the request may be sent again.
    retry_safe: bool,
    idle: Duration,
    /// The limit of time for reading the body, if the caller has set one for this call.
    limit: Option<Limit>,
    /// Runs while the caller waits for a chunk.
    pause: Option<Pin<Box<Sleep>>>,
    /// How many bytes had come when the pause began.
    received: u64,
    failed: bool,
    error: PhantomData<fn() -> E>,
}

impl<E> StreamedResponse<E> {
    pub(super) fn new(answer: Answer, context: Context) -> Self {
        let Answer { response, rest, retry_safe, limit } = answer;
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            // What was read whole is all there is.
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

    /// The text of a header; `None` where it is missing or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The file name that `Content-Disposition` gives the body (RFC 6266): one segment that is safe to add to a path on any
    /// system. `None` if the header has none, or nothing safe is left of it.
    ///
    /// The server chooses it: a file of that name may exist already.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// How many bytes the whole body has, where that is known. It is not known of a body that has a content coding.
    pub fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// The next bytes of the body; `None` at the end, and after an error.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error<E>>> {
        std::future::poll_fn(|task| self.poll_chunk(task)).await
    }

    /// Writes the body to a file, and says how many bytes it has written.
    ///
    /// They go to a new file beside it, which takes the place of the path, and of a file that is there, once it is whole
    /// and on disk. Where that does not happen, because of an error or because the future is dropped, the new file is
    /// deleted and what was at the path stays as it was. Where chunks were read before, it is the rest that is written.
    ///
    /// On Unix a new file has the mode 0600, for it may hold a private key; one that replaces a file has the mode of that
    /// file. A symbolic link at the path is replaced, not followed.
    ///
    /// # Errors
    ///
    /// The body breaks off or pauses too long; or the file cannot be written, which is
    /// [`ErrorKind::File`](super::ErrorKind::File).
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error<E>> {
        require_runtime().map_err(|problem| self.refused(problem))?;
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
        // Looked at before each chunk: a body that never pauses must end in time too.
        if let Some(reason) = self.reached_limit() {
            return Poll::Ready(Some(Err(self.late(reason))));
        }
        match Pin::new(&mut self.body).poll_next(task) {
            Poll::Ready(chunk) => {
                self.pause = None;
                Poll::Ready(chunk.map(|chunk| chunk.map_err(|error| self.broken(error))))
            }
            Poll::Pending => {
                if let Err(problem) = require_runtime() {
                    self.failed = true;
                    return Poll::Ready(Some(Err(self.refused(problem))));
                }
                // Bytes that came end a pause, also where their content is not complete.
                let received = self.body.received();
                if std::mem::replace(&mut self.received, received) != received {
                    self.pause = None;
                }
                ready!(self.poll_pause(task));
                let reason = self.reached_limit().unwrap_or_else(|| pause_in_response(self.idle));
                Poll::Ready(Some(Err(self.late(reason))))
            }
        }
    }

    /// Ready once the caller has waited too long.
    fn poll_pause(&mut self, task: &mut Task<'_>) -> Poll<()> {
        if self.pause.is_none() {
            // A limit too far to be counted is none.
            let ends = [Instant::now().checked_add(self.idle), self.limit.as_ref().and_then(Limit::end)];
            self.pause = ends.into_iter().flatten().min().map(|end| Box::pin(sleep_until(end)));
        }
        match &mut self.pause {
            Some(pause) => pause.as_mut().poll(task),
            None => Poll::Pending,
        }
    }

    /// The message for the limit of the whole call, if it is reached.
    fn reached_limit(&self) -> Option<String> {
        let reached = self.limit.as_ref().filter(|limit| limit.is_reached_within(Duration::ZERO));
        reached.map(|limit| limit.reason("no complete answer"))
    }

    fn late(&mut self, reason: String) -> Error<E> {
        self.broken(TimedOut(reason.into()).into())
    }

    fn broken(&mut self, error: BoxError) -> Error<E> {
        self.failed = true;
        Error::new(self.context.broken(self.head(), error, self.retry_safe), None)
    }

    fn not_saved(&self, error: SaveError) -> Error<E> {
        Error::new(self.context.not_saved(self.head(), error), None)
    }

    /// An item of the body is not what the spec promises.
    pub(super) fn not_decoded(&self, error: DecodeError) -> Error<E> {
        Error::new(self.context.not_decoded(self.head(), error), None)
    }

    /// The rest of the body cannot be waited for.
    pub(super) fn refused(&self, problem: super::request::RequestError) -> Error<E> {
        Error::new(self.context.not_read(self.head(), problem), None)
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

/// Shows no headers and no content: they may hold secrets.
impl<E> fmt::Debug for StreamedResponse<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedResponse")
            .field("operation", &self.context.operation)
            .field("status", &self.status)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
