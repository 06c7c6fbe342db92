//! Defines the directory of a generated crate.

use std::path::{Path, PathBuf};

/// The directory of a generated crate: its path, and the path that is shown to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
    shown: String,
}

impl Root {
    /// Creates a root with the directory `path`, which does not have to exist. Messages show this path unless
    /// [`shown_as`](Self::shown_as) sets another one.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let shown = path.display().to_string();
        Self { path, shown: String::new() }.shown_as(shown)
    }

    /// Sets the path that messages show, e.g. the path relative to the workspace root. It is empty for the current
    /// directory.
    #[must_use]
    pub fn shown_as(mut self, shown: impl Into<String>) -> Self {
        let shown = shown.into();
        let trimmed = shown.trim_end_matches(['/', '\\']);
        self.shown = if trimmed.is_empty() { shown } else { trimmed.to_owned() };
        self
    }

    /// Returns the path of the directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path that messages show.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the path of a file in the directory. `file` must be valid according to [`path`](super::path).
    pub(super) fn join(&self, file: &str) -> PathBuf {
        let mut path = self.path.clone();
        path.extend(file.split('/'));
        path
    }

    /// Returns the path that messages show for a file in the directory. Control characters are replaced by U+FFFD.
    pub(super) fn show(&self, file: &str) -> String {
        let shown = match self.shown.as_str() {
            "" => file.to_owned(),
            directory => format!("{}/{file}", directory.trim_end_matches('/')),
        };
        shown.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
    }
}
