//! Locks directories, so that only one run at a time writes into a directory.
//!
//! These are locks of the operating system: they are released when the process ends, and add no file to the directory.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::root::Root;

/// A lock on directories, released when it is dropped.
#[derive(Debug)]
#[must_use = "the directories are unlocked when this is dropped"]
pub struct Lock {
    _handles: Vec<File>,
}

/// Locks directories, and waits until other runs have released them. Missing directories are created.
///
/// A run that compares a directory before it writes must take the lock before it reads. Runs that only read need no
/// lock.
///
/// A directory that cannot be created or locked is used without a lock. Errors are reported when it is read
/// or written.
pub fn lock<'a>(roots: impl IntoIterator<Item = &'a Root>) -> Lock {
    let create = |root: &Root| fs::create_dir_all(root.path()).and_then(|()| fs::canonicalize(root.path()));
    let mut directories: Vec<_> = roots.into_iter().filter_map(|root| create(root).ok()).collect();
    // All runs take their locks in the same order, which prevents deadlocks.
    directories.sort();
    directories.dedup();
    Lock { _handles: directories.iter().filter_map(|directory| locked(directory).ok()).collect() }
}

fn locked(directory: &Path) -> io::Result<File> {
    let handle = handle(directory)?;
    loop {
        match fs4::FileExt::lock(&handle) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result.map(|()| handle),
        }
    }
}

/// Opens the file to lock for a directory: on Unix, the directory itself.
#[cfg(unix)]
fn handle(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// Opens the file to lock for a directory. Other systems only lock files, so this is a file in the temporary directory
/// whose name is derived from the directory.
#[cfg(not(unix))]
fn handle(directory: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let mut hasher = DefaultHasher::new();
    directory.hash(&mut hasher);
    let name = format!("clientwright-{:016x}.lock", hasher.finish());
    File::options().write(true).create(true).truncate(false).open(std::env::temp_dir().join(name))
}
