//! Writing of responses to standard output or to a file.
//!
//! A redirect that the spec documents as a response is written as its status and location. It is not an error if
//! standard output is a closed pipe.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use tokio::runtime::Runtime;

#[cfg(unix)]
use super::super::save::PRIVATE;
use super::super::save::Partial;
use super::super::transport::BoxFuture;
use super::exit::{Exit, ExitError};

/// A successful response, ready to be written.
pub struct Output {
    /// The body.
    pub content: Content,
    /// The redirect, if the response is a redirect that the spec documents.
    pub redirect: Option<Redirect>,
}

/// A redirect that the spec documents as a response of the operation.
#[derive(Debug)]
pub struct Redirect {
    /// The status.
    pub status: StatusCode,
    /// The value of the `Location` header, unchanged.
    pub location: Option<String>,
}

/// The content of an output.
pub enum Content {
    /// No content.
    Empty,
    /// A value, serialized as JSON.
    Json(String),
    /// The bytes of the body, unchanged.
    Bytes(Bytes),
    /// A stream of items, which are written as they arrive.
    Items(Box<dyn Items>),
}

/// The items of a streamed response.
pub trait Items: Send {
    /// Returns the next item as single-line JSON, or `None` at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<String>, ExitError>>;
}

/// The file for the response body.
///
/// The file is opened before the request is sent: if the path is wrong, the program fails before the server has
/// processed a request that must not be repeated. Opening the file does not change its content.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    file: File,
    is_new: bool,
}

impl OutputFile {
    /// Opens or creates the file. On Unix, a new file is only readable by its owner; an existing file keeps its mode.
    /// Symbolic links are followed.
    pub fn open(path: &Path) -> Result<Self, ExitError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
        let created = options.open(path);
        let (opened, is_new) = match created {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                (OpenOptions::new().write(true).open(path), false)
            }
            created => (created, true),
        };
        match opened {
            Ok(file) => Ok(Self { path: path.to_owned(), file, is_new }),
            Err(error) => Err(ExitError::usage(format!("`{}` cannot be written: {error}", path.display()))),
        }
    }

    /// Truncates the file to length 0.
    pub fn clear(&mut self) -> Result<(), ExitError> {
        // Devices and pipes have no length to set.
        let cleared = if self.is_regular() { self.file.set_len(0) } else { Ok(()) };
        cleared.map_err(|error| self.not_written(&error))
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ExitError> {
        self.file.write_all(bytes).map_err(|error| self.not_written(&error))
    }

    /// Creates a temporary file in the same directory, which replaces this file when the body is complete. If the path
    /// is a symbolic link, its target is replaced. Returns `None` if the file is a device or a pipe, or if its
    /// directory is not writable.
    pub async fn replacement(&self) -> Option<Partial> {
        let path = if self.is_regular() { std::fs::canonicalize(&self.path).ok() } else { None };
        Partial::create(&path?).await.ok()
    }

    /// Returns the error for a failed write to this file.
    pub fn not_written(&self, error: &dyn Error) -> ExitError {
        not_written(&self.path.display(), error)
    }

    fn is_regular(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| metadata.is_file())
    }

    /// Removes the file if it was created for this response.
    pub fn discard(self) {
        if self.is_new {
            // The file is empty, so it does no harm if it cannot be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes a response to standard output.
///
/// A redirect is written as JSON: to standard output if there is no content, otherwise to standard error. `runtime` is
/// used to wait for the items of a stream.
pub fn write(
    response: Output,
    runtime: &Runtime,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), ExitError> {
    let bytes = match (response.content, &response.redirect) {
        (Content::Empty, Some(redirect)) => return print(output, format!("{:#}\n", redirect.json()).as_bytes()),
        (Content::Empty, None) => Bytes::new(),
        (Content::Json(json), _) => Bytes::from(json + "\n"),
        (Content::Bytes(bytes), _) => bytes,
        (Content::Items(items), _) => return write_items(items, runtime, output),
    };
    if let Some(redirect) = &response.redirect {
        // If standard error is closed, the redirect cannot be shown anywhere.
        let _ = writeln!(errors, "redirect: {}", redirect.json());
    }
    print(output, &bytes)
}

/// Writes each item on its own line as it arrives, until the stream ends or standard output is closed.
fn write_items(mut items: Box<dyn Items>, runtime: &Runtime, output: &mut dyn Write) -> Result<(), ExitError> {
    while let Some(item) = runtime.block_on(items.next())? {
        match write_all(output, format!("{item}\n").as_bytes()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written.map_err(|error| not_written(&"standard output", &error))?,
        }
    }
    Ok(())
}

impl Redirect {
    /// Returns the redirect, or `None` if the status is not a redirect status (3xx).
    pub fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let location = || headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        status.is_redirection().then(|| Self { status, location: location() })
    }

    /// Returns the redirect as JSON: `{"status": 303, "location": "/jobs/1"}`.
    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("status".to_owned(), self.status.as_u16().into());
        if let Some(location) = &self.location {
            object.insert("location".to_owned(), location.as_str().into());
        }
        Value::Object(object)
    }
}

/// Writes bytes to standard output. A closed pipe is not an error.
pub fn print(output: &mut dyn Write, bytes: &[u8]) -> Result<(), ExitError> {
    match write_all(output, bytes) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(&"standard output", &error)),
        _ => Ok(()),
    }
}

fn write_all(output: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    output.write_all(bytes).and_then(|()| output.flush())
}

fn not_written(target: &dyn std::fmt::Display, error: &dyn Error) -> ExitError {
    ExitError::new(Exit::Transport, format!("the response cannot be written to {target}: {error}"))
}
