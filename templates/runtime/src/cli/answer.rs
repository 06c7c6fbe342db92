//! Where an answer goes: standard output, or a file.
//!
//! In: a decoded answer. Out: its JSON or its bytes, written; of a redirect that the API documents, where it leads. A reader
//! that has gone away is no error.

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
use super::stop::{Exit, Stop};

/// A successful answer.
pub struct Answer {
    /// What it carries.
    pub content: Content,
    /// Where it leads, if it is a redirect that the API documents.
    pub redirect: Option<Redirect>,
}

/// A redirect that is an outcome of the operation.
#[derive(Debug)]
pub struct Redirect {
    /// The status.
    pub status: StatusCode,
    /// The header `Location` as it came.
    pub location: Option<String>,
}

/// What an answer carries.
pub enum Content {
    /// There is none.
    Nothing,
    /// A value, as JSON text.
    Json(String),
    /// Bytes as they came.
    Bytes(Bytes),
    /// Items that are still arriving.
    Items(Box<dyn Items>),
}

/// The items of a response, to be written as they arrive.
pub trait Items: Send {
    /// The next item as JSON on one line; `None` at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<String>, Stop>>;
}

/// The file for the answer. It is opened before anything is sent: a request that cannot be repeated must not lose its
/// answer to a typo. What it held stays until there is an answer.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    file: File,
    is_new: bool,
}

impl OutputFile {
    /// Opens the file, or makes it; on Unix only its owner may read a new one. One that is there is written in place, so
    /// that it keeps its mode and a symbolic link is followed.
    pub fn open(path: &Path) -> Result<Self, Stop> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
        let made = options.open(path);
        let (opened, is_new) = match made {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                (OpenOptions::new().write(true).open(path), false)
            }
            made => (made, true),
        };
        match opened {
            Ok(file) => Ok(Self { path: path.to_owned(), file, is_new }),
            Err(error) => Err(Stop::usage(format!("`{}` cannot be written: {error}", path.display()))),
        }
    }

    /// Removes what the file held.
    pub fn clear(&mut self) -> Result<(), Stop> {
        // Devices and pipes have no length to set.
        let cleared = if self.is_regular() { self.file.set_len(0) } else { Ok(()) };
        cleared.map_err(|error| self.not_written(&error))
    }

    /// Writes bytes behind those that were written before.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.file.write_all(bytes).map_err(|error| self.not_written(&error))
    }

    /// A new file beside this one that replaces it once it is whole; `None` where there can be none: this is a device or a
    /// pipe, or the folder cannot be written to. A symbolic link is followed.
    pub async fn replacement(&self) -> Option<Partial> {
        let path = if self.is_regular() { std::fs::canonicalize(&self.path).ok() } else { None };
        Partial::create(&path?).await.ok()
    }

    /// The error for a file that cannot be written.
    pub fn not_written(&self, error: &dyn Error) -> Stop {
        not_written(&self.path.display(), error)
    }

    fn is_regular(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| metadata.is_file())
    }

    /// Leaves things as they were.
    pub fn give_up(self) {
        if self.is_new {
            // It is empty; that it stays where it cannot be removed does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes an answer to standard output. Where a redirect leads is written as JSON if there is nothing else to write; else
/// it goes to standard error. `runtime` waits for items that are still arriving.
pub fn write(answer: Answer, runtime: &Runtime, output: &mut dyn Write, errors: &mut dyn Write) -> Result<(), Stop> {
    let bytes = match (answer.content, &answer.redirect) {
        (Content::Nothing, Some(redirect)) => return print(output, format!("{:#}\n", redirect.json()).as_bytes()),
        (Content::Nothing, None) => Bytes::new(),
        (Content::Json(text), _) => Bytes::from(text + "\n"),
        (Content::Bytes(bytes), _) => bytes,
        (Content::Items(items), _) => return write_items(items, runtime, output),
    };
    if let Some(redirect) = &answer.redirect {
        // A standard error that is closed leaves nobody to tell.
        let _ = writeln!(errors, "redirect: {}", redirect.json());
    }
    print(output, &bytes)
}

/// Writes each item as a line once it has arrived, until the items end or nobody reads them any longer.
fn write_items(mut items: Box<dyn Items>, runtime: &Runtime, output: &mut dyn Write) -> Result<(), Stop> {
    while let Some(item) = runtime.block_on(items.next())? {
        match write_all(output, format!("{item}\n").as_bytes()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written.map_err(|error| not_written(&"standard output", &error))?,
        }
    }
    Ok(())
}

impl Redirect {
    /// The redirect that a response is, if it is one.
    pub fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let location = || headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        status.is_redirection().then(|| Self { status, location: location() })
    }

    /// `{"status": 303, "location": "/jobs/1"}`
    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("status".to_owned(), self.status.as_u16().into());
        if let Some(location) = &self.location {
            object.insert("location".to_owned(), location.as_str().into());
        }
        Value::Object(object)
    }
}

/// Writes to standard output. Whoever closed it has read enough.
pub fn print(output: &mut dyn Write, bytes: &[u8]) -> Result<(), Stop> {
    match write_all(output, bytes) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(&"standard output", &error)),
        _ => Ok(()),
    }
}

fn write_all(output: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    output.write_all(bytes).and_then(|()| output.flush())
}

fn not_written(place: &dyn std::fmt::Display, error: &dyn Error) -> Stop {
    Stop::new(Exit::Transport, format!("the answer cannot be written to {place}: {error}"))
}
