//! A body made of pieces: memory and files, one after the other.
//!
//! In: the pieces. Out: their exact length, measured once before anything is sent, and a stream that reads one block
//! of a file at a time. A file that changed after it was measured is an error: its length is promised to the server,
//! and two attempts must not send two contents.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::transport::{BoxError, BoxFuture};

/// How much of a file is in memory at a time.
const BLOCK: u64 = 64 * 1024;

/// A piece of a body.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file.
    File(FilePiece),
}

/// A file, and how it looked when it was measured.
#[derive(Debug, Clone)]
pub struct FilePiece {
    path: PathBuf,
    measured: Option<Measured>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measured {
    length: u64,
    modified: Option<SystemTime>,
}

impl Measured {
    fn of(metadata: &std::fs::Metadata) -> io::Result<Self> {
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        // Not every file system knows the time; then the length has to do.
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// A file could not be measured.
#[derive(Debug, thiserror::Error)]
#[error("the file {} cannot be sent", path.display())]
pub struct FileError {
    /// The path as given.
    pub path: PathBuf,
    /// The reason.
    pub source: io::Error,
}

impl Piece {
    /// The piece that is a file.
    pub fn file(path: PathBuf) -> Self {
        Piece::File(FilePiece { path, measured: None })
    }

    /// The length, as far as it is known.
    pub fn length(&self) -> Option<u64> {
        match self {
            Piece::Bytes(bytes) => Some(bytes.len() as u64),
            Piece::File(file) => file.measured.map(|measured| measured.length),
        }
    }

    /// Finds the length of a file out, unless it is known.
    pub async fn measure(&mut self) -> Result<(), FileError> {
        if let Piece::File(file) = self
            && file.measured.is_none()
        {
            let metadata = tokio::fs::metadata(&file.path).await;
            let measured = metadata.and_then(|metadata| Measured::of(&metadata));
            file.measured = Some(measured.map_err(|source| FileError { path: file.path.clone(), source })?);
        }
        Ok(())
    }
}

/// Opens the file and holds it to what was measured.
async fn open(piece: FilePiece) -> Result<(File, u64), FileError> {
    let FilePiece { path, measured } = piece;
    let opened = async {
        let file = File::open(&path).await?;
        let now = Measured::of(&file.metadata().await?)?;
        if measured.is_some_and(|measured| measured != now) {
            return Err(io::Error::other("it changed after its length was promised"));
        }
        Ok((file, now.length))
    };
    match opened.await {
        Ok(opened) => Ok(opened),
        Err(source) => Err(FileError { path, source }),
    }
}

/// The content of pieces.
pub struct PieceStream {
    pieces: std::vec::IntoIter<Piece>,
    state: State,
}

enum State {
    Idle,
    Opening(BoxFuture<'static, Result<(File, u64), FileError>>),
    Reading { file: File, left: u64 },
}

impl PieceStream {
    /// The content of these pieces, in order.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces: pieces.into_iter(), state: State::Idle }
    }
}

impl Stream for PieceStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match &mut this.state {
                State::Idle => match this.pieces.next() {
                    None => return Poll::Ready(None),
                    Some(Piece::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                    Some(Piece::File(file)) => this.state = State::Opening(Box::pin(open(file))),
                },
                State::Opening(opening) => match ready!(opening.as_mut().poll(context)) {
                    Ok((file, left)) => this.state = State::Reading { file, left },
                    Err(error) => return Poll::Ready(Some(Err(error.into()))),
                },
                State::Reading { left: 0, .. } => this.state = State::Idle,
                State::Reading { file, left } => {
                    let mut block = BytesMut::zeroed(usize::try_from(BLOCK.min(*left)).unwrap_or(usize::MAX));
                    let mut buffer = ReadBuf::new(&mut block);
                    let read = ready!(Pin::new(file).poll_read(context, &mut buffer));
                    let filled = buffer.filled().len();
                    if let Err(error) = read {
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    if filled == 0 {
                        let error = io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter");
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    *left = left.saturating_sub(filled as u64);
                    block.truncate(filled);
                    return Poll::Ready(Some(Ok(block.freeze())));
                }
            }
        }
    }
}
