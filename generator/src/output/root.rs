//! The directory of a generated crate.

use std::path::{Path, PathBuf};

/// The directory of a generated crate: its path, and the path that is shown to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
    shown: String,
}

impl Root {
    /// Creates a root at `path`, which need not exist. The path is shown as given.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let shown = path.display().to_string();
        Self { path, shown: String::new() }.shown_as(shown)
    }

    /// Sets the shown path. Commands that run in any directory show it relative to the workspace root.
    #[must_use]
    pub fn shown_as(mut self, shown: impl Into<String>) -> Self {
        let shown = shown.into();
        let trimmed = shown.trim_end_matches(['/', '\\']);
        self.shown = if trimmed.is_empty() { shown } else { trimmed.to_owned() };
        self
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the shown path.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the path of a file. `file` must be valid according to [`path`](super::path).
    pub(super) fn join(&self, file: &str) -> PathBuf {
        let mut path = self.path.clone();
        path.extend(file.split('/'));
        path
    }

    /// Returns the shown path of a file. Control characters are replaced.
    pub(super) fn show(&self, file: &str) -> String {
        let shown = format!("{}/{file}", self.shown.trim_end_matches('/'));
        shown.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
    }
}
