//! Compares a directory with generated files, and plans the changes of the directory. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::sync::Arc;

use super::error::{OutputError, io_error};
use super::manifest::{self, Manifest};
use super::root::Root;
use super::tree::{Kind, Tree};
use super::write::Written;
use super::{FileSet, MANIFEST, leftover, marker, path};

/// The changes that make a directory contain the files of a [`FileSet`].
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) root: Root,
    pub(super) changes: Vec<Change>,
    pub(super) conflicts: Vec<Conflict>,
    /// The directories that may be empty after orphaned files are removed, innermost first.
    pub(super) directories: Vec<String>,
    pub(super) unchanged: usize,
}

/// A file to change, and the required change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path relative to the directory of the crate.
    pub path: String,
    /// The required change.
    pub action: Action,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Create a missing file.
    Create {
        /// The text.
        text: Arc<str>,
    },
    /// Replace a stale file.
    Replace {
        /// The text on disk, with CRLF line ends converted to LF. `None` if the path is not a regular file.
        on_disk: Option<String>,
        /// The new text.
        text: Arc<str>,
    },
    /// Remove an orphaned file: a file that is no longer generated.
    Remove {
        /// Whether the file is a temporary file of an interrupted run.
        temporary: bool,
    },
}

/// A file or directory that was not generated, but has the path of a generated file or of one of its directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The path relative to the directory of the crate.
    pub path: String,
    /// The path as shown to the user.
    pub shown: String,
    /// The kind of file at the path.
    pub obstacle: Obstacle,
}

/// The kind of file that causes a [`Conflict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A file that was not generated.
    File,
    /// A symbolic link, whose target is ignored.
    Link,
    /// A directory that contains files that were not generated.
    Directory,
    /// A pipe, a socket or a device.
    Other,
}

impl Obstacle {
    /// Returns whether the obstacle is replaced with [`Options::force`](super::Options::force). Only files and symbolic
    /// links are replaced.
    pub fn is_replaceable(self) -> bool {
        matches!(self, Self::File | Self::Link)
    }
}

impl Plan {
    /// Returns the directory of the crate.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Returns the files that are missing, stale or orphaned, sorted by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns the conflicts. [`apply`](Self::apply) fails because of a conflict, unless
    /// [`Options::force`](super::Options::force) is set and the obstacle [is replaceable](Obstacle::is_replaceable).
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Returns how many files a successful [`apply`](Self::apply) writes, removes and leaves unchanged.
    pub fn summary(&self) -> Written {
        let removed = self.changes.iter().filter(|change| matches!(change.action, Action::Remove { .. })).count();
        Written { written: self.changes.len() - removed, unchanged: self.unchanged, removed }
    }

    /// Returns whether the directory is up to date.
    pub fn is_up_to_date(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Compares generated files with the files in a directory.
///
/// # Errors
/// The directory cannot be read, or a file in `files` has an invalid path.
pub fn plan(root: &Root, files: &FileSet) -> Result<Plan, OutputError> {
    compare(root, &wanted(files)?)
}

/// Compares a generated file with the file on disk. Unlike [`plan`], ignores the other files in the directory.
///
/// # Errors
/// The file cannot be read, or its path is invalid.
pub fn plan_file(root: &Root, path: &str, text: impl Into<Arc<str>>) -> Result<Plan, OutputError> {
    if let Some(reason) = path::error(path) {
        return Err(OutputError::Path { path: path.to_owned(), reason: reason.to_owned() });
    }
    let tree = Tree::of_file(root, path)?;
    let wanted = BTreeMap::from([(path.to_owned(), text.into())]);
    Survey { root, listed: &Manifest::default(), tree: &tree, wanted: &wanted }.plan()
}

/// Compares the result of [`wanted`] with the files in a directory.
pub(super) fn compare(root: &Root, wanted: &BTreeMap<String, Arc<str>>) -> Result<Plan, OutputError> {
    let listed = manifest::read(root)?;
    let known: BTreeSet<&str> = wanted.keys().chain(&listed.paths).map(String::as_str).collect();
    let tree = Tree::read(root, &known)?;
    let survey = Survey { root, listed: &listed, tree: &tree, wanted };
    survey.plan()
}

/// Validates the paths of generated files. Returns the contents of the files and of the manifest, by path.
///
/// # Errors
/// A file has an invalid path.
pub(super) fn wanted(files: &FileSet) -> Result<BTreeMap<String, Arc<str>>, OutputError> {
    let invalid = |path: &str, reason: String| OutputError::Path { path: path.to_owned(), reason };
    let mut wanted = BTreeMap::new();
    let mut without_case = BTreeMap::new();
    for (path, text) in files.shared() {
        if let Some(reason) = path::error(path) {
            return Err(invalid(path, reason.to_owned()));
        }
        if let Some(other) = without_case.insert(path.to_lowercase(), path) {
            return Err(invalid(path, format!("is the same path as `{other}` on systems that ignore case")));
        }
        wanted.insert(path.to_owned(), Arc::clone(text));
    }
    for path in wanted.keys() {
        if let Some(file) = path::parents(path).find_map(|directory| without_case.get(&directory.to_lowercase())) {
            return Err(invalid(path, format!("is below `{file}`, which is a file")));
        }
    }
    let manifest = manifest::text(files.iter().map(|(path, _)| path));
    wanted.insert(MANIFEST.to_owned(), manifest.into());
    Ok(wanted)
}

/// The inputs of the comparison: the generated files and the files in the directory.
struct Survey<'a> {
    root: &'a Root,
    listed: &'a Manifest,
    tree: &'a Tree,
    wanted: &'a BTreeMap<String, Arc<str>>,
}

impl Survey<'_> {
    fn plan(&self) -> Result<Plan, OutputError> {
        let orphans = self.orphans()?;
        let mut changes = Vec::new();
        let mut conflicts = BTreeMap::new();
        let mut unchanged = 0;
        for (path, text) in self.wanted {
            conflicts.extend(self.obstacle_above(path, &orphans));
            match self.state(path, text, &orphans)? {
                State::UpToDate => unchanged += 1,
                State::Differs { on_disk, obstacle } => {
                    conflicts.extend(obstacle.map(|obstacle| (path.as_str(), obstacle)));
                    changes.push(Change {
                        path: path.clone(),
                        action: Action::Replace { on_disk, text: Arc::clone(text) },
                    });
                }
                State::Missing => {
                    changes.push(Change { path: path.clone(), action: Action::Create { text: Arc::clone(text) } })
                }
            }
        }
        let directories = self.emptied_directories(&orphans);
        changes
            .extend(orphans.into_iter().map(|(path, temporary)| Change { path, action: Action::Remove { temporary } }));
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        let conflicts = conflicts
            .into_iter()
            .map(|(path, obstacle)| Conflict { path: path.to_owned(), shown: self.root.show(path), obstacle })
            .collect();
        Ok(Plan { root: self.root.clone(), changes, conflicts, directories, unchanged })
    }

    /// Returns the owned files that are no longer generated, by path. The value is `true` for temporary files.
    fn orphans(&self) -> Result<BTreeMap<String, bool>, OutputError> {
        let mut orphans = BTreeMap::new();
        for (path, kind) in self.tree.iter() {
            if kind != Kind::File || self.wanted.contains_key(path) {
                continue;
            }
            let temporary = path.rsplit('/').next().is_some_and(leftover::is_temporary);
            if temporary || self.is_owned(path)? {
                orphans.insert(path.to_owned(), temporary);
            }
        }
        Ok(orphans)
    }

    fn is_owned(&self, path: &str) -> Result<bool, OutputError> {
        if path == MANIFEST {
            return Ok(self.listed.owned);
        }
        if self.listed.paths.contains(path) {
            return Ok(true);
        }
        match marker::is_on(&self.root.join(path)) {
            // An unreadable file is not a generated file, because generated files are readable.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            result => result.map_err(|error| io_error("read", self.root.show(path), error)),
        }
    }

    /// Returns the outermost of a path's parents that exist but are not directories. Ignores orphaned files, because
    /// they are removed.
    fn obstacle_above<'p>(&self, path: &'p str, orphans: &BTreeMap<String, bool>) -> Option<(&'p str, Obstacle)> {
        path::parents(path).find_map(|directory| match self.tree.kind(directory)? {
            Kind::File if orphans.contains_key(directory) => None,
            Kind::File => Some((directory, Obstacle::File)),
            Kind::Link => Some((directory, Obstacle::Link)),
            Kind::Other => Some((directory, Obstacle::Other)),
            Kind::Directory | Kind::Closed => None,
        })
    }

    /// Compares the file on disk at a path with the generated text.
    fn state(&self, path: &str, text: &str, orphans: &BTreeMap<String, bool>) -> Result<State, OutputError> {
        let not_a_file = |obstacle| Ok(State::Differs { on_disk: None, obstacle });
        match self.tree.kind(path) {
            None => Ok(State::Missing),
            Some(Kind::Link) => not_a_file(Some(Obstacle::Link)),
            Some(Kind::Other) => not_a_file(Some(Obstacle::Other)),
            Some(Kind::Closed) => not_a_file(Some(Obstacle::Directory)),
            Some(Kind::Directory) => {
                let is_removed = |(path, kind)| kind == Kind::Directory || orphans.contains_key(path);
                not_a_file((!self.tree.below(path).all(is_removed)).then_some(Obstacle::Directory))
            }
            Some(Kind::File) => {
                let bytes = match fs::read(self.root.join(path)) {
                    Ok(bytes) => bytes,
                    // Another run has removed the file in the meantime.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
                    Err(error) => return Err(io_error("read", self.root.show(path), error)),
                };
                let on_disk = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
                if on_disk == text && std::str::from_utf8(&bytes).is_ok() {
                    return Ok(State::UpToDate);
                }
                let obstacle = (!self.is_owned(path)?).then_some(Obstacle::File);
                Ok(State::Differs { on_disk: Some(on_disk), obstacle })
            }
        }
    }

    /// Returns the directories that may become empty, innermost first: directories of orphaned files, directories of
    /// files that an interrupted run has removed, and directories with the path of a generated file.
    fn emptied_directories(&self, orphans: &BTreeMap<String, bool>) -> Vec<String> {
        let gone = self.listed.paths.iter().filter(|path| !self.wanted.contains_key(*path));
        let mut directories: BTreeSet<&str> = orphans.keys().chain(gone).flat_map(|path| path::parents(path)).collect();
        for path in self.wanted.keys().filter(|path| self.tree.kind(path) == Some(Kind::Directory)) {
            directories.insert(path);
            directories.extend(self.tree.below(path).map(|(path, _)| path));
        }
        directories.retain(|directory| self.tree.kind(directory) == Some(Kind::Directory));
        // Reverse the sorted paths: in them, a directory comes before its contents.
        directories.into_iter().rev().map(str::to_owned).collect()
    }
}

/// The result of comparing a generated file with the file on disk.
enum State {
    UpToDate,
    Missing,
    Differs { on_disk: Option<String>, obstacle: Option<Obstacle> },
}
