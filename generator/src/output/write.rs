//! The plan carried out: orphans go, changed files are replaced, the manifest comes last.

use std::fmt;
use std::fs;
use std::io;

use super::error::{OutputError, io_error};
use super::lock::lock;
use super::plan::{Action, Plan, compare, wanted};
use super::replace::replace;
use super::root::Root;
use super::{FileSet, MANIFEST, path};

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether to replace files and links that are in the way and not ours.
    pub force: bool,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that were created or replaced.
    pub written: usize,
    /// Files that were as they should be, and were not touched.
    pub unchanged: usize,
    /// Files that are gone.
    pub removed: usize,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = if self.written == 1 { "file" } else { "files" };
        write!(f, "{} {files} written, {} unchanged, {} removed", self.written, self.unchanged, self.removed)
    }
}

/// Makes the folder hold the files: [`plan`](super::plan()) and [`Plan::apply`], while it holds the [`lock`](super::lock()) of the folder.
///
/// # Errors
/// The folder cannot be read or written, or something in it is not ours and in the way.
pub fn write(root: &Root, files: &FileSet, options: Options) -> Result<Written, OutputError> {
    let files = wanted(files)?;
    let _lock = lock([root]);
    compare(root, &files)?.apply(options)
}

impl Plan {
    /// Says whether [`apply`](Self::apply) would refuse: whoever writes several crates asks for all of them first.
    ///
    /// # Errors
    /// Something is in the way.
    pub fn permit(&self, options: Options) -> Result<(), OutputError> {
        let refused = |one: &super::InTheWay| !(options.force && one.obstacle.yields_to_force());
        match self.in_the_way.iter().any(refused) {
            true => Err(OutputError::InTheWay(self.in_the_way.clone())),
            false => Ok(()),
        }
    }

    /// Carries the plan out.
    ///
    /// # Errors
    /// Something is in the way: then nothing was changed. Or the system refused: then some files are written and some are not,
    /// each of them is whole, and the next run completes them.
    pub fn apply(&self, options: Options) -> Result<Written, OutputError> {
        self.permit(options)?;
        // First what goes: a folder may have to make room for a file, and a name for the same name in other case.
        for change in &self.changes {
            if matches!(change.action, Action::Remove { .. }) {
                self.remove(&change.path)?;
            }
        }
        self.remove_obstacles()?;
        self.remove_empty_folders()?;
        let (manifest, files): (Vec<_>, Vec<_>) = self.changes.iter().partition(|change| change.path == MANIFEST);
        for change in files.into_iter().chain(manifest) {
            if let Action::Create { text } | Action::Replace { text, .. } = &change.action {
                replace(&self.root, &change.path, text)?;
            }
        }
        Ok(self.outlook())
    }

    /// A file or a link where a folder has to be; one where a file has to be is replaced by rename.
    fn remove_obstacles(&self) -> Result<(), OutputError> {
        for one in &self.in_the_way {
            let has_to_be_a_folder =
                |change: &&super::Change| path::folders(&change.path).any(|folder| folder == one.path);
            if self.changes.iter().any(|change| has_to_be_a_folder(&change)) {
                self.remove(&one.path)?;
            }
        }
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), OutputError> {
        match fs::remove_file(self.root.join(path)) {
            // Another run was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result.map_err(|error| io_error("remove", self.root.show(path), error)),
        }
    }

    fn remove_empty_folders(&self) -> Result<(), OutputError> {
        for folder in &self.folders {
            match fs::remove_dir(self.root.join(folder)) {
                Err(error) if !matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => {
                    return Err(io_error("remove", self.root.show(folder), error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
