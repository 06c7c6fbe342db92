//! The body of a request or response.
//!
//! A [`Body`] is empty, or consists of bytes, files or a stream. A [`BodyStream`] reads the content of a body and
//! checks that it has the announced length.

use std::fmt;
use std::io;
#[cfg(feature = "uploads")]
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

#[cfg(feature = "gzip")]
use super::content_coding::{Compressed, Compression};
#[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
use super::content_coding::{Decoded, Decoder};
#[cfg(feature = "uploads")]
use super::pieces::{FileError, Piece, PieceStream};
use super::progress::Progress;
use super::transport::BoxError;

/// The number of bytes after which a body stream yields to other tasks and timers, even if more bytes are available.
const YIELD_AFTER: usize = 4 * BLOCK;

/// The minimum number of bytes by which a chunk counts toward [`YIELD_AFTER`], so that a stream of empty chunks yields
/// too.
const MIN_CHUNK_COST: usize = 1024;

/// The maximum size in bytes of the chunks of a body in memory.
const BLOCK: usize = 256 * 1024;

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// A body: empty, bytes, a file, or a stream.
///
/// [`length`](Self::length) returns its length, if known; [`is_replayable`](Self::is_replayable) returns whether it can
/// be sent more than once, e.g. for a retry. Clones of a body that can be sent only once share its stream: the first
/// clone that is read consumes the stream, and reading another clone fails.
#[derive(Clone, Default)]
pub struct Body {
    content: Content,
    /// The receiver of progress reports, if any.
    progress: Option<Arc<Progress>>,
}

#[derive(Clone, Default)]
enum Content {
    #[default]
    Empty,
    Bytes(Bytes),
    #[cfg(feature = "uploads")]
    Pieces(Vec<Piece>),
    Once {
        stream: Arc<Mutex<Option<BoxStream>>>,
        length: Option<u64>,
    },
    #[cfg(feature = "uploads")]
    Replay {
        make: Arc<dyn Fn() -> BoxStream + Send + Sync>,
        length: Option<u64>,
    },
    /// Content that is compressed while it is being sent.
    #[cfg(feature = "gzip")]
    Compressed(Box<Body>, Compression),
}

impl Body {
    /// Creates an empty body.
    pub fn empty() -> Self {
        Self::of(Content::Empty)
    }

    /// Creates a body from bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Bytes(bytes.into()))
    }

    /// Creates a body from a file, which is read block by block while it is being sent. The length of the file is sent
    /// as `Content-Length`. The file must not change until the call has finished: if it changes while it is read or
    /// between two attempts, the call fails and is not retried.
    #[cfg(feature = "uploads")]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::pieces(vec![Piece::file(path.into())])
    }

    /// Creates a body from a stream that can be read once. A request with this body is never retried. If `length` is
    /// given, it is sent as `Content-Length`, and the call fails if the stream is shorter or longer. Without a length,
    /// the body is sent in chunks.
    pub fn stream<S>(stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    {
        Self::of(Content::Once { stream: Arc::new(Mutex::new(Some(Box::pin(stream)))), length })
    }

    /// Creates a body that calls `make` to create a new stream for each attempt, so that the request can be retried.
    /// `length` has the same meaning as for [`stream`](Self::stream).
    #[cfg(feature = "uploads")]
    pub fn replayable_stream<S>(make: impl Fn() -> S + Send + Sync + 'static, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    {
        Self::of(Content::Replay { make: Arc::new(move || Box::pin(make())), length })
    }

    /// Creates a body that concatenates pieces, each of which is in memory or in a file.
    #[cfg(feature = "uploads")]
    pub(crate) fn pieces(pieces: Vec<Piece>) -> Self {
        Self::of(Content::Pieces(pieces))
    }

    /// Compresses the content. Bytes in memory are compressed immediately, so that the length is known; files and
    /// streams are compressed while they are being sent.
    #[cfg(feature = "gzip")]
    pub(crate) fn compressed(self, compression: Compression) -> Self {
        if let Some(Ok(bytes)) = self.as_bytes().map(|bytes| compression.all(bytes)) {
            return Self::bytes(bytes);
        }
        Self::of(Content::Compressed(Box::new(self), compression))
    }

    fn of(content: Content) -> Self {
        Self { content, progress: None }
    }

    /// Reports to `progress` when the transport reads from the body.
    pub(crate) fn with_progress(self, progress: Arc<Progress>) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// Returns the length in bytes, if known. The length of a file is known once its request is being sent.
    pub fn length(&self) -> Option<u64> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            #[cfg(feature = "uploads")]
            Content::Pieces(pieces) => pieces.iter().map(Piece::length).sum(),
            Content::Once { length, .. } => *length,
            #[cfg(feature = "uploads")]
            Content::Replay { length, .. } => *length,
            #[cfg(feature = "gzip")]
            Content::Compressed(..) => None,
        }
    }

    /// Returns whether there is no body. Returns `false` for a body of zero bytes, e.g. `Body::bytes("")`.
    pub fn is_empty(&self) -> bool {
        matches!(self.content, Content::Empty)
    }

    /// Returns whether the content can be read more than once. Returns `false` only for a body created by
    /// [`stream`](Self::stream).
    pub fn is_replayable(&self) -> bool {
        match &self.content {
            Content::Once { .. } => false,
            #[cfg(feature = "gzip")]
            Content::Compressed(content, _) => content.is_replayable(),
            Content::Empty | Content::Bytes(_) => true,
            #[cfg(feature = "uploads")]
            Content::Pieces(_) | Content::Replay { .. } => true,
        }
    }

    /// Returns the content if it is in memory; `None` for an empty body, files and streams.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Reads the lengths of the files in the body. Fails if a file has changed since an earlier attempt read its
    /// length.
    #[cfg(feature = "uploads")]
    pub(crate) async fn measure(&mut self) -> Result<(), FileError> {
        match &mut self.content {
            Content::Pieces(pieces) => {
                for piece in pieces {
                    piece.measure().await?;
                }
            }
            #[cfg(feature = "gzip")]
            Content::Compressed(content, _) => Box::pin(content.measure()).await?,
            Content::Empty | Content::Bytes(_) | Content::Once { .. } | Content::Replay { .. } => {}
        }
        Ok(())
    }

    /// Returns the content as a stream. If [`length`](Self::length) is known, the stream fails if the content is
    /// shorter or longer.
    pub fn into_stream(self) -> BodyStream {
        let expected = self.length();
        let source = match self.content {
            Content::Empty => Source::Bytes(Bytes::new()),
            Content::Bytes(bytes) => Source::Bytes(bytes),
            #[cfg(feature = "uploads")]
            Content::Pieces(pieces) => Source::Stream(Box::pin(PieceStream::new(pieces))),
            Content::Once { stream, .. } => {
                // A poisoned lock is harmless: the lock guards a single `take`.
                let taken = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.map_or(Source::Spent, Source::Stream)
            }
            #[cfg(feature = "uploads")]
            Content::Replay { make, .. } => Source::Stream(make()),
            #[cfg(feature = "gzip")]
            Content::Compressed(content, compression) => {
                Source::Stream(Box::pin(Compressed::new(content.into_stream(), compression)))
            }
        };
        let mut stream = BodyStream::of(source, expected);
        stream.progress = self.progress;
        stream
    }
}

/// Shows the kind of the body, e.g. `Bytes`, and its length, but never the content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Empty => "Empty",
            Content::Bytes(_) => "Bytes",
            #[cfg(feature = "uploads")]
            Content::Pieces(_) => "Pieces",
            Content::Once { .. } => "Stream",
            #[cfg(feature = "uploads")]
            Content::Replay { .. } => "ReplayableStream",
            #[cfg(feature = "gzip")]
            Content::Compressed(..) => "Compressed",
        };
        f.debug_struct("Body").field("kind", &kind).field("length", &self.length()).finish()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::bytes(text)
    }
}

#[cfg(feature = "uploads")]
impl From<PathBuf> for Body {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

#[cfg(feature = "uploads")]
impl From<&std::path::Path> for Body {
    fn from(path: &std::path::Path) -> Self {
        Self::file(path)
    }
}

/// The stream that reads the content of a [`Body`].
pub struct BodyStream {
    source: Source,
    expected: Option<u64>,
    seen: u64,
    /// The number of bytes that the source has returned since it last returned `Pending`.
    without_pause: usize,
    /// The block that completes the announced length. It is held back until the source has ended without further bytes,
    /// because a receiver considers the body complete once it has this block.
    last: Option<Bytes>,
    progress: Option<Arc<Progress>>,
}

enum Source {
    Bytes(Bytes),
    Stream(BoxStream),
    #[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
    Decoded(Box<Decoded>),
    /// A stream that was already read through another clone of the body.
    Spent,
    Done,
}

impl BodyStream {
    fn of(source: Source, expected: Option<u64>) -> Self {
        Self { source, expected, seen: 0, without_pause: 0, last: None, progress: None }
    }

    /// Returns a stream that decodes this stream's bytes, e.g. from `gzip`.
    #[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
    pub(crate) fn decoded(self, decoder: Box<dyn Decoder>) -> Self {
        Self::of(Source::Decoded(Box::new(Decoded::new(self, decoder))), None)
    }

    /// Returns the number of bytes read so far, counted before a content coding such as `gzip` is decoded.
    #[cfg(feature = "streamed")]
    pub(crate) fn received(&self) -> u64 {
        #[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
        if let Source::Decoded(decoded) = &self.source {
            return decoded.received();
        }
        self.seen
    }

    /// Returns the next bytes; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the length of the whole content in bytes, including bytes that were already read; `None` if unknown.
    pub fn length(&self) -> Option<u64> {
        self.expected
    }

    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            // A source that is always ready would otherwise starve other tasks and the timeouts of this task.
            if self.without_pause >= YIELD_AFTER {
                self.without_pause = 0;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let next = match &mut self.source {
                Source::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
                Source::Bytes(bytes) => Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(BLOCK))))),
                Source::Stream(stream) => stream.as_mut().poll_next(context),
                #[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
                Source::Decoded(decoded) => decoded.poll_next(context),
                Source::Spent => return self.fail("the body is a stream that was already read".to_owned()),
                Source::Done => return Poll::Ready(None),
            };
            let Poll::Ready(next) = next else {
                self.without_pause = 0;
                return Poll::Pending;
            };
            match next {
                Some(Ok(bytes)) => {
                    self.without_pause = self.without_pause.saturating_add(bytes.len().max(MIN_CHUNK_COST));
                    if bytes.is_empty() {
                        // An empty chunk is no progress and must not restart the idle timeout.
                        continue;
                    }
                    self.seen = self.seen.saturating_add(bytes.len() as u64);
                    if let Some(expected) = self.expected.filter(|expected| self.seen > *expected) {
                        return self.fail(format!("the body is longer than the {expected} bytes announced"));
                    }
                    if self.expected != Some(self.seen) {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    // Hold back the block that completes the announced length; any further bytes are an error.
                    self.last.get_or_insert(bytes);
                }
                Some(Err(error)) => {
                    self.source = Source::Done;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.source = Source::Done;
                    if let Some(expected) = self.expected.filter(|expected| self.seen < *expected) {
                        let seen = self.seen;
                        return self.fail(format!("the body ended after {seen} of the {expected} bytes announced"));
                    }
                    return Poll::Ready(self.last.take().map(Ok));
                }
            }
        }
    }

    fn fail(&mut self, message: String) -> Poll<Option<Result<Bytes, BoxError>>> {
        self.source = Source::Done;
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::InvalidData, message).into())))
    }
}

impl Stream for BodyStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.poll_source(context);
        let Some(progress) = &self.progress else { return polled };
        progress.begin();
        match polled {
            Poll::Ready(Some(Err(error))) => {
                progress.fail(error);
                return Poll::Ready(Some(Err("the body of the request could not be read".into())));
            }
            Poll::Ready(Some(Ok(_))) if !matches!(self.source, Source::Done) => progress.step(),
            // This is the last block or the end. After the last block, a transport that counts the bytes does not poll
            // again.
            Poll::Ready(_) => progress.end(),
            Poll::Pending => {}
        }
        polled
    }
}

/// Reports the end of the body, even if the transport has not read the whole body.
impl Drop for BodyStream {
    fn drop(&mut self) {
        if let Some(progress) = &self.progress {
            progress.end();
        }
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream").field("expected", &self.expected).field("seen", &self.seen).finish_non_exhaustive()
    }
}
