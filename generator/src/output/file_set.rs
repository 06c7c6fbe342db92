//! The generated files, in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::Diagnostics;

/// Every file of one generated crate, and what is to be said about making it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileSet {
    files: BTreeMap<String, Arc<str>>,
    /// Warnings and notes; never an error.
    pub remarks: Diagnostics,
}

impl FileSet {
    /// Adds a file; `path` is relative to the crate's folder, its parts separated by `/`. Its text has LF line ends.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.files.insert(path.into(), text.into());
    }

    /// The files by path, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), &**text))
    }

    /// The files by path, with texts to share: those of a large crate are not copied for each stage.
    pub(super) fn shared(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|text| &**text)
    }
}
