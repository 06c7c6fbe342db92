//! Replaces files by renaming temporary files, so that a program that reads a file sees either its complete old text or
//! its complete new text.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::{OutputError, io_error};
use super::leftover;
use super::root::Root;

/// The maximum number of attempts to replace a file. An attempt fails if another run removes the temporary file or its
/// directory.
const MAX_ATTEMPTS: usize = 16;

/// Creates or replaces a file, and creates missing parent directories.
pub(super) fn replace(root: &Root, path: &str, text: &str) -> Result<(), OutputError> {
    let target = root.join(path);
    let directory = target.parent().unwrap_or(root.path());
    let mut attempt = 1;
    loop {
        match try_replace(&target, directory, text) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < MAX_ATTEMPTS => attempt += 1,
            result => return result.map_err(|error| io_error("write", root.show(path), error)),
        }
    }
}

fn try_replace(target: &Path, directory: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    // Create the temporary file in the same directory, because a rename cannot cross file systems. Open it without
    // `tempfile`, which would restrict its permissions to the owner.
    let mut file =
        leftover::builder().make_in(directory, |path| OpenOptions::new().write(true).create_new(true).open(path))?;
    file.write_all(text.as_bytes())?;
    // Do not sync to disk: files that are lost in a power failure can be generated again.
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
