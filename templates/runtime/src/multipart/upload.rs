//! Files to upload.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::super::pieces::Piece;

/// A file to upload, from disk or from memory.
///
/// ```text
/// client.imports().upload(Path::new("certificates.zip"));
/// client.imports().upload(Upload::bytes("certificates.zip", zip));
/// ```
///
/// A file on disk may have any size, because it is streamed. If the file changes while it is read or between two
/// attempts of a call, the call fails with an error of kind [`Body`](super::super::ErrorKind::Body).
#[derive(Debug, Clone)]
#[must_use]
pub struct Upload {
    content: UploadContent,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) headers: Vec<(String, String)>,
}

#[derive(Clone)]
enum UploadContent {
    Path(PathBuf),
    Bytes(Bytes),
}

/// Shows the path of a file, or the number of bytes in memory.
impl std::fmt::Debug for UploadContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            UploadContent::Path(path) => path.fmt(f),
            UploadContent::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl Upload {
    /// Creates an upload of a file on disk. The file name sent to the server is the last segment of the path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: UploadContent::Path(path), file_name, content_type: None, headers: Vec::new() }
    }

    /// Creates an upload of bytes in memory.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let content = UploadContent::Bytes(bytes.into());
        Self { content, file_name: Some(file_name.into()), content_type: None, headers: Vec::new() }
    }

    /// Sets the file name sent to the server. It must not contain control characters.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type of the part, instead of the media type in the spec.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn into_piece(self) -> Piece {
        match self.content {
            UploadContent::Path(path) => Piece::file(path),
            UploadContent::Bytes(bytes) => Piece::Bytes(bytes),
        }
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

/// The file name is `file`: many servers accept a part as a file only if it has a file name.
impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes("file", bytes)
    }
}

/// The file name is `file`, as for [`Bytes`].
impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes("file", bytes)
    }
}

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}
