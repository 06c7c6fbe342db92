//! Stores generated files in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::Diagnostics;

/// The files of a generated crate, and diagnostics about the documents that the crate is generated from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileSet {
    files: BTreeMap<String, Arc<str>>,
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
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
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
