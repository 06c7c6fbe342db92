//! Locks directories, so that only one run at a time writes into a directory.
//!
//! Uses locks of the operating system, which are released when the process ends. No lock files are added to the
//! directory.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::root::Root;

/// A lock on directories. Dropping it unlocks the directories.
#[derive(Debug)]
#[must_use = "dropping the lock unlocks the directories"]
pub struct Lock {
    _handles: Vec<File>,
}

/// Locks directories. Waits until other runs have unlocked them. Creates missing directories.
///
/// Take the lock before [`plan`](super::plan()) if the plan is applied afterwards. A run that only compares needs no
/// lock.
///
/// Returns no error: a directory that cannot be created or locked is skipped. If it cannot be read or written either,
/// `plan` or `apply` reports this later.
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

/// Opens the file that is locked for a directory: on Unix, the directory itself.
#[cfg(unix)]
fn handle(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// Opens the file that is locked for a directory: a file in the temporary directory, with a name derived from the
/// directory. Systems other than Unix cannot lock directories.
#[cfg(not(unix))]
fn handle(directory: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let mut hasher = DefaultHasher::new();
    directory.hash(&mut hasher);
    let name = format!("clientwright-{:016x}.lock", hasher.finish());
    File::options().write(true).create(true).truncate(false).open(std::env::temp_dir().join(name))
}
