//! Where an answer goes: standard output or a file.
//!
//! In: a decoded answer. Out: its JSON or its bytes, written; a reader that has gone away is no error.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

#[cfg(unix)]
use super::super::save::PRIVATE;
use super::stop::{Exit, Stop};

/// A successful answer.
#[derive(Debug)]
pub enum Answer {
    /// There is none.
    Nothing,
    /// A value, as JSON text.
    Json(String),
    /// Bytes as they came.
    Bytes(Bytes),
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

    fn write(mut self, bytes: &[u8]) -> Result<(), Stop> {
        // Devices and pipes have no length to set.
        let is_regular = self.file.metadata().is_ok_and(|metadata| metadata.is_file());
        let cut = if is_regular { self.file.set_len(0) } else { Ok(()) };
        cut.and_then(|()| self.file.write_all(bytes)).map_err(|error| not_written(&self.path.display(), &error))
    }

    /// Leaves things as they were.
    pub fn give_up(self) {
        if self.is_new {
            // It is empty; that it stays where it cannot be removed does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes an answer to a file, else to standard output.
pub fn write(answer: Answer, file: Option<OutputFile>, output: &mut dyn Write) -> Result<(), Stop> {
    let bytes = match answer {
        Answer::Nothing => Bytes::new(),
        Answer::Json(text) => Bytes::from(text + "\n"),
        Answer::Bytes(bytes) => bytes,
    };
    match file {
        Some(file) => file.write(&bytes),
        None => print(output, &bytes),
    }
}

/// Writes to standard output. Whoever closed it has read enough.
pub fn print(output: &mut dyn Write, bytes: &[u8]) -> Result<(), Stop> {
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(&"standard output", &error)),
        _ => Ok(()),
    }
}

fn not_written(place: &dyn std::fmt::Display, error: &std::io::Error) -> Stop {
    Stop::new(Exit::Transport, format!("the answer cannot be written to {place}: {error}"))
}
