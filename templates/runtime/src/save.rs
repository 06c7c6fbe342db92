//! Atomic saving of response bodies as files.
//!
//! A [`Partial`] file has a temporary name until its content is complete and flushed to disk. If an error occurs before
//! then, the file is deleted.
//!
//! On Unix, a new file is only accessible to its owner, because it may contain a private key. If the file replaces an
//! existing file, it gets the mode of the existing file.

use std::future::poll_fn;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWrite;

/// The mode of new files: only accessible to the owner.
#[cfg(unix)]
pub(super) const PRIVATE: u32 = 0o600;

/// The error for a response body that cannot be written to its file.
#[derive(Debug, thiserror::Error)]
#[error("the response cannot be saved as {}", path.display())]
pub struct SaveError {
    path: PathBuf,
    source: io::Error,
}

/// A file that is written under a temporary name and then renamed.
pub struct Partial {
    path: PathBuf,
    file: File,
    written: u64,
    name: Name,
}

/// The path of a temporary file, which is deleted on drop.
struct Name(PathBuf);

impl Partial {
    /// Creates a temporary file in the directory of `path`, the final path of the file.
    pub async fn create(path: &Path) -> Result<Self, SaveError> {
        let failed = |source| SaveError { path: path.to_owned(), source };
        let Some(last) = path.file_name() else {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name")));
        };
        // A hidden, unpredictable name; an existing file is never written to.
        let mut name = std::ffi::OsString::from(".");
        name.push(last);
        name.push(format!(".{:016x}.part", fastrand::u64(..)));
        let name = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(PRIVATE);
        let file = options.open(&name).await.map_err(failed)?;
        Ok(Self { path: path.to_owned(), file, written: 0, name: Name(name) })
    }

    /// Appends bytes to the file.
    pub async fn write(&mut self, mut block: &[u8]) -> Result<(), SaveError> {
        while !block.is_empty() {
            let written = poll_fn(|task| Pin::new(&mut self.file).poll_write(task, block)).await;
            let written = written.map_err(|source| self.failed(source))?;
            if written == 0 {
                return Err(self.failed(io::ErrorKind::WriteZero.into()));
            }
            self.written = self.written.saturating_add(written as u64);
            block = block.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    /// Flushes the content to disk, renames the file to its final name, and returns its length.
    pub async fn finish(mut self) -> Result<u64, SaveError> {
        let flushed = poll_fn(|task| Pin::new(&mut self.file).poll_flush(task)).await;
        flushed.map_err(|source| self.failed(source))?;
        #[cfg(unix)]
        adopt_mode(&self.file, &self.path).await.map_err(|source| self.failed(source))?;
        self.file.sync_all().await.map_err(|source| self.failed(source))?;
        tokio::fs::rename(&self.name.0, &self.path).await.map_err(|source| self.failed(source))?;
        // The temporary file no longer exists and must not be deleted on drop.
        self.name.0.clear();
        Ok(self.written)
    }

    fn failed(&self, source: io::Error) -> SaveError {
        SaveError { path: self.path.clone(), source }
    }
}

/// Copies the mode of the regular file at `path`, if there is one, to `file`. The mode of a symbolic link's target is
/// ignored, because the link itself will be replaced.
#[cfg(unix)]
async fn adopt_mode(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let replaced = match tokio::fs::symlink_metadata(path).await {
        Ok(replaced) if replaced.is_file() => replaced,
        _ => return Ok(()),
    };
    let mut mode = replaced.mode() & 0o777;
    // If the group cannot be set, the group permissions are removed: they must not apply to a different group.
    let is_same_group = file.metadata().await?.gid() == replaced.gid();
    if !is_same_group && fchown(file, None, Some(replaced.gid())).is_err() {
        mode &= 0o707;
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode)).await
}

impl Drop for Name {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // An error is ignored: `drop` cannot report it, and the file may have been deleted already.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}
