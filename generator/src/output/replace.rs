//! Replaces a file by rename, so that readers see either the old text or the new one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::{OutputError, io_error};
use super::leftover;
use super::root::Root;

/// The maximum number of attempts. Another run may remove the temporary file or its directory.
const MAX_ATTEMPTS: usize = 16;

/// Writes a file and creates its parent directories.
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
    // In the same directory, so that the rename does not cross file systems. Not opened by `tempfile`, which would
    // restrict the permissions to the owner.
    let mut file =
        leftover::builder().make_in(directory, |path| OpenOptions::new().write(true).create_new(true).open(path))?;
    file.write_all(text.as_bytes())?;
    // Not synced to disk: the output can be generated again after a power failure.
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
