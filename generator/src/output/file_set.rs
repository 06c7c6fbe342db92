//! The generated files, in memory.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;

/// Every file of one generated crate, and what is to be said about making it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileSet {
    files: BTreeMap<String, String>,
    /// Warnings and notes; never an error.
    pub remarks: Diagnostics,
}

impl FileSet {
    /// Adds a file; `path` is relative to the crate's folder, its parts separated by `/`. Its text has LF line ends.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// The files by path, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }
}
