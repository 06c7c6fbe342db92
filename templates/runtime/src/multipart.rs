//! `multipart/form-data`: parts, files streamed from disk, names quoted as HTML forms do.
//!
//! In: parts by name. Out: a body whose exact length is known, and the boundary for its `Content-Type`.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;

use super::body::Body;
use super::pieces::Piece;
use super::request::RequestError;

/// A file to upload: from disk, read while it is sent, or from memory.
///
/// ```text
/// client.imports().upload(Path::new("certificates.zip"));
/// client.imports().upload(Upload::bytes("certificates.zip", zip));
/// ```
///
/// A file on disk may have any size, and has to stay as it is until it is sent: one that changes while it is read or
/// between two attempts is an error of kind [`Body`](super::ErrorKind::Body).
#[derive(Debug, Clone)]
pub struct Upload {
    content: UploadContent,
    file_name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone)]
enum UploadContent {
    Path(PathBuf),
    Bytes(Bytes),
}

/// Shows where the content is, not what it is.
impl std::fmt::Debug for UploadContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            UploadContent::Path(path) => path.fmt(f),
            UploadContent::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl Upload {
    /// A file on disk; its name is the last part of the path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: UploadContent::Path(path), file_name, content_type: None }
    }

    /// A file in memory.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { content: UploadContent::Bytes(bytes.into()), file_name: Some(file_name.into()), content_type: None }
    }

    /// Sets the name that the server sees.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, in the place of the spec's.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    fn into_piece(self) -> Piece {
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

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// The content of one part of a multipart body.
#[derive(Debug, Clone)]
pub struct Part(PartContent);

#[derive(Clone)]
enum PartContent {
    Text(String),
    Json(Result<Bytes, String>),
    File(Upload),
}

/// Shows no content.
impl std::fmt::Debug for PartContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PartContent::Text(_) => f.write_str("Text"),
            PartContent::Json(_) => f.write_str("Json"),
            PartContent::File(upload) => upload.fmt(f),
        }
    }
}

impl Part {
    /// A text, sent as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self(PartContent::Text(text.into()))
    }

    /// A value as JSON. What cannot be encoded surfaces when the request is sent.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        let json = serde_json::to_vec(value).map(Bytes::from).map_err(|error| error.to_string());
        Self(PartContent::Json(json))
    }

    /// A value as OpenAPI has it for a part without a media type: plain text for a string, number or boolean, JSON for
    /// anything else.
    pub fn value<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(text)) => Self::text(text),
            Ok(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => Self::text(value.to_string()),
            _ => Self::json(value),
        }
    }
}

impl From<Upload> for Part {
    fn from(upload: Upload) -> Self {
        Self(PartContent::File(upload))
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        Upload::from(path).into()
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        Upload::from(path).into()
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// A part under its name, with the media type that the spec gives it.
#[derive(Debug)]
pub struct NamedPart {
    /// The name of the part.
    pub name: &'static str,
    /// The media type of the spec.
    pub content_type: Option<&'static str>,
    /// The content.
    pub part: Part,
}

/// The parts as a body, and the boundary between them.
pub fn encode(parts: impl IntoIterator<Item = NamedPart>) -> Result<(Body, String), RequestError> {
    // 128 random bits: no content holds them by chance.
    let boundary = format!("clientwright-{:032x}", fastrand::u128(..));
    let mut pieces = Vec::new();
    let mut lead = "";
    for NamedPart { name, content_type, part } in parts {
        let problem = |message: &str| RequestError::Part { name: name.to_owned(), message: message.to_owned() };
        let mut head = format!("{lead}--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted_name(name));
        lead = "\r\n";
        let (content_type, piece) = match part.0 {
            PartContent::Text(text) => (content_type.map(str::to_owned), Piece::Bytes(text.into())),
            PartContent::Json(json) => {
                let json = json.map_err(|message| problem(&message))?;
                (Some(content_type.unwrap_or("application/json").to_owned()), Piece::Bytes(json))
            }
            PartContent::File(mut upload) => {
                if let Some(file_name) = &upload.file_name {
                    head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
                }
                let own = upload.content_type.take();
                let content_type = own.or_else(|| content_type.map(str::to_owned));
                let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
                (Some(content_type), upload.into_piece())
            }
        };
        if let Some(content_type) = content_type {
            if content_type.chars().any(char::is_control) {
                return Err(problem("its media type has a control character"));
            }
            head.push_str(&format!("\r\nContent-Type: {content_type}"));
        }
        head.push_str("\r\n\r\n");
        pieces.push(Piece::Bytes(head.into()));
        pieces.push(piece);
    }
    pieces.push(Piece::Bytes(format!("{lead}--{boundary}--\r\n").into()));
    Ok((Body::pieces(pieces), boundary))
}

/// The quoting of HTML forms: three characters are percent-encoded, all else is UTF-8 as it is.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Names, unlike file names, have each line break made CR LF before they are quoted.
fn quoted_name(name: &str) -> String {
    quoted(&name.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n"))
}
