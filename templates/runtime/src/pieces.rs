//! Request bodies composed of pieces: bytes in memory and files.
//!
//! Before sending, each file is measured to determine the exact length of the body. Files are streamed block by block.
//! It is an error if a file changes after it was measured, because its length was announced to the server and all
//! attempts must send the same content.
//!
//! On Unix, a changed file is detected by its change time (`ctime`), which programs cannot set, and a replaced file by
//! its device and inode number. A change of permissions or of the link count is therefore an error too. On other
//! systems, length, modification time and creation time are compared.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
#[cfg(unix)]
use std::time::Duration;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::transport::{BoxError, BoxFuture};

/// The size in bytes of the blocks in which files are read.
const BLOCK: usize = 256 * 1024;

/// A piece of a body.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Bytes in memory.
    #[cfg_attr(not(feature = "multipart"), allow(dead_code))]
    Bytes(Bytes),
    /// A file.
    File(FilePiece),
}

/// A file and, after measuring, its state at that time.
#[derive(Debug, Clone)]
pub struct FilePiece {
    path: PathBuf,
    measured: Option<Measured>,
}

/// The time within which two changes of a file may have the same `ctime`, since file systems use a clock that ticks
/// every 1 to 10 milliseconds.
#[cfg(unix)]
const CLOCK_TICK: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measured {
    length: u64,
    // Some file systems lack some of these timestamps, which are then not compared.
    modified: Option<SystemTime>,
    #[cfg(unix)]
    inode: Inode,
    #[cfg(not(unix))]
    created: Option<SystemTime>,
}

/// The identity of a file and its change time in seconds and nanoseconds.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inode {
    device: u64,
    number: u64,
    changed: (i64, i64),
}

#[cfg(unix)]
impl Inode {
    fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        Self { device: metadata.dev(), number: metadata.ino(), changed }
    }

    /// Returns whether the last change is so recent that another change could have the same timestamp.
    fn is_changing(&self, now: SystemTime) -> bool {
        let unsigned = |part: i64| u64::try_from(part).unwrap_or_default();
        let (seconds, nanoseconds) = self.changed;
        let times = [Duration::from_secs(unsigned(seconds)), Duration::from_nanos(unsigned(nanoseconds)), CLOCK_TICK];
        let end = times.into_iter().try_fold(SystemTime::UNIX_EPOCH, |time, more| time.checked_add(more));
        // A change time that `SystemTime` cannot represent is treated as long ago.
        end.is_some_and(|end| now < end)
    }
}

impl Measured {
    fn of(metadata: &std::fs::Metadata) -> io::Result<Self> {
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: Inode::of(metadata),
            #[cfg(not(unix))]
            created: metadata.created().ok(),
        })
    }

    /// Checks that a file is unchanged since it was measured.
    fn check(&self, metadata: &std::fs::Metadata) -> io::Result<()> {
        if *self == Self::of(metadata)? {
            Ok(())
        } else {
            Err(io::Error::other("the file changed after its length was measured"))
        }
    }
}

/// The error for a file that cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("the file {} cannot be sent", path.display())]
pub struct FileError {
    /// The path that the caller has set.
    pub path: PathBuf,
    /// The reason.
    pub source: io::Error,
}

impl Piece {
    /// Creates the piece for a file.
    pub fn file(path: PathBuf) -> Self {
        Piece::File(FilePiece { path, measured: None })
    }

    /// Returns the length in bytes, or `None` for a file that was not measured.
    pub fn length(&self) -> Option<u64> {
        match self {
            Piece::Bytes(bytes) => Some(bytes.len() as u64),
            Piece::File(file) => file.measured.map(|measured| measured.length),
        }
    }

    /// Records the length, the modification time and the identity of a file. If they were recorded before, checks that
    /// they have not changed.
    pub async fn measure(&mut self) -> Result<(), FileError> {
        let Piece::File(file) = self else { return Ok(()) };
        let measured = file.measure().await;
        file.measured = Some(measured.map_err(|source| FileError { path: file.path.clone(), source })?);
        Ok(())
    }
}

impl FilePiece {
    async fn measure(&self) -> io::Result<Measured> {
        let metadata = tokio::fs::metadata(&self.path).await?;
        if let Some(measured) = self.measured {
            return measured.check(&metadata).map(|()| measured);
        }
        let measured = Measured::of(&metadata)?;
        #[cfg(unix)]
        if measured.inode.is_changing(SystemTime::now()) {
            // After this wait, a further change has a different timestamp.
            tokio::time::sleep(CLOCK_TICK).await;
            return Measured::of(&tokio::fs::metadata(&self.path).await?);
        }
        Ok(measured)
    }
}

/// A file being read.
struct Reading {
    path: PathBuf,
    file: File,
    measured: Measured,
    left: u64,
}

impl Reading {
    /// Opens the file and checks that it is unchanged.
    async fn open(piece: FilePiece) -> Result<Self, FileError> {
        let FilePiece { path, measured } = piece;
        let opened = async {
            let file = File::open(&path).await?;
            let metadata = file.metadata().await?;
            let measured = measured.map_or_else(|| Measured::of(&metadata), Ok)?;
            measured.check(&metadata)?;
            Ok((file, measured))
        };
        match opened.await {
            Ok((file, measured)) => Ok(Self { path, file, measured, left: measured.length }),
            Err(source) => Err(FileError { path, source }),
        }
    }

    /// Reads the next block.
    fn poll_block(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, FileError>> {
        let length = usize::try_from(self.left).map_or(BLOCK, |left| left.min(BLOCK));
        let mut block = BytesMut::zeroed(length);
        let mut buffer = ReadBuf::new(&mut block);
        let read = ready!(Pin::new(&mut self.file).poll_read(context, &mut buffer));
        let filled = buffer.filled().len();
        let shorter =
            || io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was being sent");
        if let Err(source) = read.and_then(|()| if filled == 0 { Err(shorter()) } else { Ok(()) }) {
            return Poll::Ready(Err(FileError { path: self.path.clone(), source }));
        }
        self.left = self.left.saturating_sub(filled as u64);
        block.truncate(filled);
        Poll::Ready(Ok(block.freeze()))
    }

    /// Checks that the file did not change while it was read, because content read from a changing file may mix two
    /// versions.
    async fn close(self) -> Result<(), FileError> {
        let checked = self.file.metadata().await.and_then(|metadata| self.measured.check(&metadata));
        checked.map_err(|source| FileError { path: self.path, source })
    }
}

/// A stream of the content of all pieces.
pub struct PieceStream {
    pieces: std::vec::IntoIter<Piece>,
    state: State,
}

enum State {
    Idle,
    Opening(BoxFuture<'static, Result<Reading, FileError>>),
    Reading(Reading),
    Closing(BoxFuture<'static, Result<(), FileError>>),
}

impl PieceStream {
    /// Creates a stream of the content of these pieces, in order.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces: pieces.into_iter(), state: State::Idle }
    }

    fn poll_block(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, FileError>> {
        loop {
            match &mut self.state {
                State::Idle => match self.pieces.next() {
                    None => return Poll::Ready(Ok(None)),
                    Some(Piece::Bytes(bytes)) => return Poll::Ready(Ok(Some(bytes))),
                    Some(Piece::File(file)) => self.state = State::Opening(Box::pin(Reading::open(file))),
                },
                State::Opening(opening) => self.state = State::Reading(ready!(opening.as_mut().poll(context))?),
                State::Reading(reading) if reading.left > 0 => return reading.poll_block(context).map_ok(Some),
                State::Reading(_) => {
                    if let State::Reading(read) = std::mem::replace(&mut self.state, State::Idle) {
                        self.state = State::Closing(Box::pin(read.close()));
                    }
                }
                State::Closing(closing) => {
                    ready!(closing.as_mut().poll(context))?;
                    self.state = State::Idle;
                }
            }
        }
    }
}

impl Stream for PieceStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_block(context).map(|block| block.map_err(BoxError::from).transpose())
    }
}
