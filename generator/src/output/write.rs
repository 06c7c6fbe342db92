//! Applies a plan to a directory: removes orphaned files, replaces changed files, and writes the manifest last.

use std::fmt;
use std::fs;
use std::io;

use super::error::{OutputError, io_error};
use super::lock::lock;
use super::plan::{Action, Plan, compare, wanted};
use super::replace::replace;
use super::root::Root;
use super::{FileSet, MANIFEST, path};

/// The options of [`write()`] and [`Plan::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether to replace files and symbolic links that were not generated but have the path of a generated file.
    pub force: bool,
}

/// The result of [`write()`] and [`Plan::apply`]: how many files were written, unchanged and removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// The number of files that were created or replaced.
    pub written: usize,
    /// The number of files that were up to date.
    pub unchanged: usize,
    /// The number of files that were removed.
    pub removed: usize,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = if self.written == 1 { "file" } else { "files" };
        write!(f, "{} {files} written, {} unchanged, {} removed", self.written, self.unchanged, self.removed)
    }
}

/// Writes generated files to the directory of the crate: calls [`plan`](super::plan()) and [`Plan::apply`] while
/// holding the [`lock`](super::lock()).
///
/// # Errors
/// The directory cannot be read or written, or files that the generator did not create exist at paths of generated
/// files.
pub fn write(root: &Root, files: &FileSet, options: Options) -> Result<Written, OutputError> {
    let files = wanted(files)?;
    let _lock = lock([root]);
    compare(root, &files)?.apply(options)
}

impl Plan {
    /// Returns an error if the conflicts of the plan prevent [`apply`](Self::apply) from running with the same options.
    /// Call this method for all crates before applying the first plan.
    ///
    /// # Errors
    /// [`OutputError::Conflicts`]: files that the generator did not create exist at paths of generated files.
    pub fn check_conflicts(&self, options: Options) -> Result<(), OutputError> {
        let refused = |one: &super::Conflict| !(options.force && one.obstacle.is_replaceable());
        match self.conflicts.iter().any(refused) {
            true => Err(OutputError::Conflicts(self.conflicts.clone())),
            false => Ok(()),
        }
    }

    /// Changes the directory according to the plan.
    ///
    /// # Errors
    /// - [`OutputError::Conflicts`]: files that the generator did not create exist at paths of generated files. Nothing
    ///   was changed.
    /// - [`OutputError::Io`]: the operating system reports an error. Some files may have been written completely, the
    ///   others are unchanged. The next run writes the remaining files.
    pub fn apply(&self, options: Options) -> Result<Written, OutputError> {
        self.check_conflicts(options)?;
        // Remove orphaned files first: a new file may have the path of a directory that contains them, or a name that
        // differs from the name of an orphaned file only in case.
        for change in &self.changes {
            if matches!(change.action, Action::Remove { .. }) {
                self.remove(&change.path)?;
            }
        }
        self.remove_obstacles()?;
        self.remove_empty_directories()?;
        let (manifest, files): (Vec<_>, Vec<_>) = self.changes.iter().partition(|change| change.path == MANIFEST);
        for change in files.into_iter().chain(manifest) {
            if let Action::Create { text } | Action::Replace { text, .. } = &change.action {
                replace(&self.root, &change.path, text)?;
            }
        }
        Ok(self.summary())
    }

    /// Removes conflicting files and links at paths where a generated file needs a directory. A conflicting file or
    /// link at the path of a generated file itself is replaced later, by the rename of the new file.
    fn remove_obstacles(&self) -> Result<(), OutputError> {
        for one in &self.conflicts {
            let must_be_directory =
                |change: &&super::Change| path::parents(&change.path).any(|directory| directory == one.path);
            if self.changes.iter().any(|change| must_be_directory(&change)) {
                self.remove(&one.path)?;
            }
        }
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), OutputError> {
        match fs::remove_file(self.root.join(path)) {
            // Another run has removed the file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result.map_err(|error| io_error("remove", self.root.show(path), error)),
        }
    }

    fn remove_empty_directories(&self) -> Result<(), OutputError> {
        for directory in &self.directories {
            match fs::remove_dir(self.root.join(directory)) {
                Err(error) if !matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => {
                    return Err(io_error("remove", self.root.show(directory), error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
