//! Stores generated files in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::name::{Changes, LockFile};

use super::MARKER;

/// The files of a generated crate, and diagnostics about the documents that the crate is generated from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileSet {
    files: BTreeMap<String, Arc<str>>,
    /// The lock file with the names of the items. Not one of the files, because the lock file of a `clients.toml` is not
    /// in the directory of the crate.
    pub lock_file: LockFile,
    /// The names that were added and removed since the previous lock file.
    pub changes: Changes,
    /// The dependencies that the crate of a generated module needs, as lines of the table `[dependencies]`. Empty for
    /// generated crates, which have a manifest.
    pub dependencies: Vec<String>,
    /// The warnings and notes. Contains no errors.
    pub diagnostics: Diagnostics,
}

impl FileSet {
    /// Adds a file. `path` must be relative to the directory of the crate, with `/` as the separator. `text` must have
    /// LF line ends.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.files.insert(path.into(), text.into());
    }

    /// Returns the paths and texts of the files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.files.iter().map(|(path, text)| (path.as_str(), &**text))
    }

    /// Returns the paths and texts of the files, sorted by path. The texts are shared, so that large crates are not
    /// copied.
    pub(super) fn shared(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// Returns the text of the file with the path `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|text| &**text)
    }
}

/// Returns the text of a lock file on disk, with the marker of generated files.
pub fn lock_file_text(lock_file: &LockFile) -> String {
    format!("# {MARKER}; edit only to delete lines.\n{lock_file}")
}
