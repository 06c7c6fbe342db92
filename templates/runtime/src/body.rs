//! The body of a request or of an answer.
//!
//! In: nothing, bytes, files, or a stream. Out: its length and whether it can be sent again, and its content as a
//! stream that is held to the length.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

#[cfg(feature = "gzip")]
use super::content_coding::{Compressed, Compression};
use super::content_coding::{Decoded, Decoder};
use super::pieces::{BLOCK, FileError, Piece, PieceStream};
use super::progress::Progress;
use super::transport::BoxError;

/// After how many bytes a body that never has to wait lets other tasks and timers have a turn.
const YIELD_AFTER: usize = 4 * BLOCK;

/// How many bytes a chunk counts as at least, so that empty ones have an end too.
const MIN_CHUNK_COST: usize = 1024;

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// A body: empty, bytes, a file, or a stream.
///
/// It says its [`length`](Self::length) where that is known and whether it [can be sent again](Self::is_replayable).
/// A clone of a body that cannot be sent again shares its one content: whichever is read first gets it.
#[derive(Clone, Default)]
pub struct Body {
    content: Content,
    /// Who wants to know how far it has come.
    progress: Option<Arc<Progress>>,
}

#[derive(Clone, Default)]
enum Content {
    #[default]
    Empty,
    Bytes(Bytes),
    Pieces(Vec<Piece>),
    Once {
        stream: Arc<Mutex<Option<BoxStream>>>,
        length: Option<u64>,
    },
    Replay {
        make: Arc<dyn Fn() -> BoxStream + Send + Sync>,
        length: Option<u64>,
    },
    /// A content that is compressed while it is sent.
    #[cfg(feature = "gzip")]
    Compressed(Box<Body>, Compression),
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Self::of(Content::Empty)
    }

    /// A body in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Bytes(bytes.into()))
    }

    /// The content of a file, read from disk block by block while it is sent. Its length is announced, and it has to
    /// stay as it is until it is sent: one that changes while it is read or between two attempts is an error, and the
    /// request is not sent again.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::pieces(vec![Piece::file(path.into())])
    }

    /// A stream that can be read once: a request with such a body is never sent again. Where the length is known, it is
    /// announced and the stream is held to it: one that ends earlier, or goes on, is an error. Without a length the body
    /// goes in chunks.
    pub fn stream<S>(stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    {
        Self::of(Content::Once { stream: Arc::new(Mutex::new(Some(Box::pin(stream)))), length })
    }

    /// A stream that can be made anew for each attempt.
    pub fn replayable_stream<S>(make: impl Fn() -> S + Send + Sync + 'static, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    {
        Self::of(Content::Replay { make: Arc::new(move || Box::pin(make())), length })
    }

    /// Memory and files, one after the other.
    pub(crate) fn pieces(pieces: Vec<Piece>) -> Self {
        Self::of(Content::Pieces(pieces))
    }

    /// The same content, compressed: at once where it is in memory, so that its length is known, else while it is sent.
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

    /// The same body, telling how far it has come.
    pub(crate) fn watched(self, progress: Arc<Progress>) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// The length in bytes, where it is known. That of a file is known once its request is being sent.
    pub fn length(&self) -> Option<u64> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Pieces(pieces) => pieces.iter().map(Piece::length).sum(),
            Content::Once { length, .. } | Content::Replay { length, .. } => *length,
            #[cfg(feature = "gzip")]
            Content::Compressed(..) => None,
        }
    }

    /// Whether there is no body at all, which is not the same as one of no bytes.
    pub fn is_empty(&self) -> bool {
        matches!(self.content, Content::Empty)
    }

    /// Whether the content can be read a second time.
    pub fn is_replayable(&self) -> bool {
        match &self.content {
            Content::Once { .. } => false,
            #[cfg(feature = "gzip")]
            Content::Compressed(content, _) => content.is_replayable(),
            _ => true,
        }
    }

    /// The content, where it is in memory.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Finds the lengths of files out. Files that were measured before have to be as they were.
    pub(crate) async fn measure(&mut self) -> Result<(), FileError> {
        match &mut self.content {
            Content::Pieces(pieces) => {
                for piece in pieces {
                    piece.measure().await?;
                }
            }
            #[cfg(feature = "gzip")]
            Content::Compressed(content, _) => Box::pin(content.measure()).await?,
            _ => {}
        }
        Ok(())
    }

    /// The content as a stream, held to [`length`](Self::length): more or fewer bytes are an error.
    pub fn into_stream(self) -> BodyStream {
        let expected = self.length();
        let source = match self.content {
            Content::Empty => Source::Bytes(Bytes::new()),
            Content::Bytes(bytes) => Source::Bytes(bytes),
            Content::Pieces(pieces) => Source::Stream(Box::pin(PieceStream::new(pieces))),
            Content::Once { stream, .. } => {
                // The lock guards one `take`, which leaves a good state whatever happens around it.
                let taken = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.map_or(Source::Spent, Source::Stream)
            }
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

/// Shows the kind and the length, never the content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Empty => "Empty",
            Content::Bytes(_) => "Bytes",
            Content::Pieces(_) => "Pieces",
            Content::Once { .. } => "Stream",
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

impl From<PathBuf> for Body {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

impl From<&std::path::Path> for Body {
    fn from(path: &std::path::Path) -> Self {
        Self::file(path)
    }
}

/// The content of a [`Body`].
pub struct BodyStream {
    source: Source,
    expected: Option<u64>,
    seen: u64,
    /// How many bytes have come since it last had to wait.
    without_pause: usize,
    /// The block with which the announced length is reached, until the source says that this is the end: a receiver that
    /// has it takes the body for complete.
    last: Option<Bytes>,
    progress: Option<Arc<Progress>>,
}

enum Source {
    Bytes(Bytes),
    Stream(BoxStream),
    Decoded(Box<Decoded>),
    /// The content of a stream that another clone of the body has read.
    Spent,
    Done,
}

impl BodyStream {
    fn of(source: Source, expected: Option<u64>) -> Self {
        Self { source, expected, seen: 0, without_pause: 0, last: None, progress: None }
    }

    /// The content of this stream, which has a content coding.
    pub(crate) fn decoded(self, decoder: Box<dyn Decoder>) -> Self {
        Self::of(Source::Decoded(Box::new(Decoded::new(self, decoder))), None)
    }

    /// How many bytes have come from where the content comes from: those of the coding, where it has one.
    pub(crate) fn received(&self) -> u64 {
        match &self.source {
            Source::Decoded(decoded) => decoded.received(),
            _ => self.seen,
        }
    }

    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The length of the whole content, where it is known.
    pub fn length(&self) -> Option<u64> {
        self.expected
    }

    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            // A sender that is faster than its receiver would keep the receiver's task, and its timeouts, waiting for ever.
            if self.without_pause >= YIELD_AFTER {
                self.without_pause = 0;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let next = match &mut self.source {
                Source::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
                Source::Bytes(bytes) => Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(BLOCK))))),
                Source::Stream(stream) => stream.as_mut().poll_next(context),
                Source::Decoded(decoded) => decoded.poll_next(context),
                Source::Spent => return self.fail("the body is a stream that was read before".to_owned()),
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
                        // No progress: it must not put off the limit of a pause.
                        continue;
                    }
                    self.seen = self.seen.saturating_add(bytes.len() as u64);
                    if let Some(expected) = self.expected.filter(|expected| self.seen > *expected) {
                        return self.fail(format!("the body is longer than the {expected} bytes announced"));
                    }
                    if self.expected != Some(self.seen) {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    // Further bytes would be too many.
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
                return Poll::Ready(Some(Err("the body of the request broke off".into())));
            }
            Poll::Ready(Some(Ok(_))) if !matches!(self.source, Source::Done) => progress.step(),
            // A transport that counts along does not ask for what follows the last block.
            Poll::Ready(_) => progress.end(),
            Poll::Pending => {}
        }
        polled
    }
}

/// A transport that gives a body up takes no more of it.
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
