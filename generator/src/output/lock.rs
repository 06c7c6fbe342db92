//! One run at a time per folder: a run that writes waits until another one that writes into the same folder has ended.
//!
//! The lock is the operating system's, so that it ends with its process however that ends, and it adds no file to the folder.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::root::Root;

/// Folders that no other run writes into until this is dropped.
#[derive(Debug)]
#[must_use = "the folders are locked until this is dropped"]
pub struct Lock {
    _handles: Vec<File>,
}

/// Waits until no other run writes into one of the folders, and keeps others waiting from then on. Missing folders are created.
///
/// A run that reads the folder first to see what has changed takes the lock before it reads; one that only reads needs none.
///
/// A folder that cannot be locked, since it cannot be created or its file system has no locks, is left unlocked: what is wrong
/// with the folder itself, the run finds out when it reads or writes it.
pub fn lock<'a>(roots: impl IntoIterator<Item = &'a Root>) -> Lock {
    let create = |root: &Root| fs::create_dir_all(root.path()).and_then(|()| fs::canonicalize(root.path()));
    let mut folders: Vec<_> = roots.into_iter().filter_map(|root| create(root).ok()).collect();
    // All runs take their locks in the same order, so that no two of them wait for each other.
    folders.sort();
    folders.dedup();
    Lock { _handles: folders.iter().filter_map(|folder| locked(folder).ok()).collect() }
}

fn locked(folder: &Path) -> io::Result<File> {
    let handle = handle(folder)?;
    loop {
        match fs4::FileExt::lock(&handle) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result.map(|()| handle),
        }
    }
}

/// Opens the file to lock for a folder: on Unix, the folder itself.
#[cfg(unix)]
fn handle(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Opens the file to lock for a folder. Elsewhere only files can be locked: this is one in the temporary folder, named after the
/// folder.
#[cfg(not(unix))]
fn handle(folder: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let name = format!("clientwright-{:016x}.lock", hasher.finish());
    File::options().write(true).create(true).truncate(false).open(std::env::temp_dir().join(name))
}
