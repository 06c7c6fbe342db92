//! A file that is there whole or not at all.
//!
//! In: a path, and blocks. Out: the file under its path once all of it is on disk; until then it has another name, and
//! it is deleted where that time does not come.
//!
//! On Unix only its owner may read a new file, for it may hold a private key. A file that replaces another one gets the
//! mode of that one.

use std::future::poll_fn;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWrite;

/// The mode of new files: for their owner alone.
#[cfg(unix)]
pub(super) const PRIVATE: u32 = 0o600;

/// An answer that cannot be written to its file.
#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be saved as {}", path.display())]
pub struct SaveError {
    path: PathBuf,
    source: io::Error,
}

/// A file that is being written under another name.
pub struct Partial {
    path: PathBuf,
    file: File,
    written: u64,
    name: Name,
}

/// The name of a file until it is whole; the file is deleted with it.
struct Name(PathBuf);

impl Partial {
    /// Makes a new file in the folder of this path.
    pub async fn create(path: &Path) -> Result<Self, SaveError> {
        let failed = |source| SaveError { path: path.to_owned(), source };
        let Some(last) = path.file_name() else {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file")));
        };
        // Hidden where names say so, and not to be guessed: a name that is taken already is nobody's to write to.
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

    /// Writes a block at the end.
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

    /// Gives the file its name once its content is on disk, and says how long it is.
    pub async fn finish(mut self) -> Result<u64, SaveError> {
        let flushed = poll_fn(|task| Pin::new(&mut self.file).poll_flush(task)).await;
        flushed.map_err(|source| self.failed(source))?;
        #[cfg(unix)]
        adopt_mode(&self.file, &self.path).await.map_err(|source| self.failed(source))?;
        self.file.sync_all().await.map_err(|source| self.failed(source))?;
        tokio::fs::rename(&self.name.0, &self.path).await.map_err(|source| self.failed(source))?;
        // What has that name from now on is not ours.
        self.name.0.clear();
        Ok(self.written)
    }

    fn failed(&self, source: io::Error) -> SaveError {
        SaveError { path: self.path.clone(), source }
    }
}

/// Gives a file the mode of the file at this path, where there is one. A symbolic link is replaced itself, so that the
/// mode of its target does not count.
#[cfg(unix)]
async fn adopt_mode(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let replaced = match tokio::fs::symlink_metadata(path).await {
        Ok(replaced) if replaced.is_file() => replaced,
        _ => return Ok(()),
    };
    let mut mode = replaced.mode() & 0o777;
    // What the mode allows its group must not be allowed to another one.
    let is_same_group = file.metadata().await?.gid() == replaced.gid();
    if !is_same_group && fchown(file, None, Some(replaced.gid())).is_err() {
        mode &= 0o707;
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode)).await
}

impl Drop for Name {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // One that cannot be deleted has been by others; and nobody waits for this.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}
