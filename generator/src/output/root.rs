//! The folder that a generated crate is written into: where it is, and how it is spoken of.

use std::path::{Path, PathBuf};

/// The folder of one generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
    shown: String,
}

impl Root {
    /// The folder at `path`, shown to the user as it is spelt here. It need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let shown = path.display().to_string();
        Self { path, shown: String::new() }.shown_as(shown)
    }

    /// Changes how the folder is shown: a command that works from anywhere names it from the workspace's root.
    #[must_use]
    pub fn shown_as(mut self, shown: impl Into<String>) -> Self {
        let shown = shown.into();
        let trimmed = shown.trim_end_matches(['/', '\\']);
        self.shown = if trimmed.is_empty() { shown } else { trimmed.to_owned() };
        self
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the folder is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Where a file of the folder is; `file` has passed the rules of [`path`](super::path).
    pub(super) fn join(&self, file: &str) -> PathBuf {
        let mut path = self.path.clone();
        path.extend(file.split('/'));
        path
    }

    /// How a file of the folder is shown; control characters, which a terminal would obey, are not.
    pub(super) fn show(&self, file: &str) -> String {
        let shown = format!("{}/{file}", self.shown.trim_end_matches('/'));
        shown.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
    }
}
