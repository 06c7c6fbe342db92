//! One file, replaced by rename: whoever reads it meanwhile sees the old text or the new one, whole.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::{OutputError, io_error};
use super::leftover;
use super::root::Root;

/// How often another run may take our temporary file for a leftover, or our folder for an empty one, before we give up.
const ATTEMPTS: usize = 16;

/// Writes a file of the folder; the folders on the way are made.
pub(super) fn replace(root: &Root, path: &str, text: &str) -> Result<(), OutputError> {
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root.path());
    let mut attempt = 1;
    loop {
        match try_replace(&target, folder, text) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            result => return result.map_err(|error| io_error("write", root.show(path), error)),
        }
    }
}

fn try_replace(target: &Path, folder: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // In the same folder, so that the rename never crosses file systems. Opened by us and not by `tempfile`, which would keep
    // it from everybody else: the file has the permissions that any new file has.
    let mut file =
        leftover::builder().make_in(folder, |path| OpenOptions::new().write(true).create_new(true).open(path))?;
    file.write_all(text.as_bytes())?;
    // Else a system that loses its power may know the new name and not yet the new bytes.
    file.as_file().sync_data()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
