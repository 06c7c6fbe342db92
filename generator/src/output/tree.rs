//! Lists the files and directories below a directory with their kinds. Does not read files or follow symbolic links.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::MANIFEST;
use super::error::{OutputError, io_error};
use super::root::Root;

/// The kind of a file or directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A directory whose entries are listed.
    Directory,
    /// A directory whose entries are not listed: a Git repository, another crate, or an unreadable directory.
    Closed,
    /// A pipe, a socket or a device.
    Other,
}

/// The paths of all files and directories below a directory, each with its [`Kind`].
///
/// The paths have the same upper and lower case as on disk. Otherwise, on a case-insensitive file system, `Pets.rs`
/// would be mistaken for `pets.rs`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    entries: BTreeMap<String, Kind>,
}

impl Tree {
    /// Lists a directory recursively. `known` contains the paths of the generated files and of the files in the
    /// manifest. Directories with such files are listed even if they also contain the `Cargo.toml` of another crate.
    pub(super) fn read(root: &Root, known: &BTreeSet<&str>) -> Result<Self, OutputError> {
        let mut tree = Self::default();
        match fs::metadata(root.path()) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(OutputError::NotADirectory(root.shown().to_owned())),
            // The directory is a symbolic link whose target does not exist. The target is not created.
            Err(_) if root.path().is_symlink() => return Err(OutputError::NotADirectory(root.shown().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tree),
            Err(error) => return Err(io_error("read", root.shown().to_owned(), error)),
        }
        let mut pending = vec![String::new()];
        while let Some(directory) = pending.pop() {
            let (path, shown) = match directory.as_str() {
                "" => (root.path().to_path_buf(), root.shown().to_owned()),
                directory => (root.join(directory), root.show(directory)),
            };
            let may_be_closed = !directory.is_empty() && !is_parent_of_any(known, &directory);
            let entries = match list(&path) {
                Ok(entries) if may_be_closed && is_crate(&entries) => None,
                Ok(entries) => Some(entries),
                Err(error) if may_be_closed && error.kind() == io::ErrorKind::PermissionDenied => None,
                Err(error) => return Err(io_error("read", shown, error)),
            };
            let Some(entries) = entries else {
                tree.entries.insert(directory, Kind::Closed);
                continue;
            };
            for (name, kind) in entries {
                if directory.is_empty() && (name == "target" || name == "Cargo.lock") {
                    continue;
                }
                let path = if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") };
                let kind = if name == ".git" && kind == Kind::Directory { Kind::Closed } else { kind };
                if kind == Kind::Directory {
                    pending.push(path.clone());
                }
                tree.entries.insert(path, kind);
            }
        }
        Ok(tree)
    }

    /// Lists a single file in a directory.
    pub(super) fn of_file(root: &Root, path: &str) -> Result<Self, OutputError> {
        let mut tree = Self::default();
        match fs::symlink_metadata(root.join(path)) {
            Ok(metadata) => {
                let kind = match kind_of(metadata.file_type()) {
                    // Its entries are not listed.
                    Kind::Directory => Kind::Closed,
                    kind => kind,
                };
                tree.entries.insert(path.to_owned(), kind);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io_error("read", root.show(path), error)),
        }
        Ok(tree)
    }

    /// Returns the kind of the file or directory at a path. Returns `None` if the path does not exist.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        self.entries.get(path).copied()
    }

    /// Returns all paths with their kinds, sorted by path.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.entries.iter().map(|(path, kind)| (path.as_str(), *kind))
    }

    /// Returns all paths below a directory with their kinds, sorted by path.
    pub(super) fn below(&self, directory: &str) -> impl Iterator<Item = (&str, Kind)> {
        let start = format!("{directory}/");
        self.iter().filter(move |(path, _)| path.starts_with(&start))
    }
}

/// Lists the entries of a directory. Names that are not Unicode are ignored, because no generated file has one.
fn list(directory: &Path) -> io::Result<Vec<(String, Kind)>> {
    let entries = match fs::read_dir(directory) {
        // Another run has removed the directory in the meantime.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut kinds = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        kinds.push((name, kind_of(entry.file_type()?)));
    }
    Ok(kinds)
}

fn kind_of(file_type: fs::FileType) -> Kind {
    match file_type {
        link if link.is_symlink() => Kind::Link,
        directory if directory.is_dir() => Kind::Directory,
        file if file.is_file() => Kind::File,
        _ => Kind::Other,
    }
}

fn is_crate(entries: &[(String, Kind)]) -> bool {
    entries.iter().any(|(name, kind)| *kind == Kind::File && (name == "Cargo.toml" || name == MANIFEST))
}

fn is_parent_of_any(known: &BTreeSet<&str>, directory: &str) -> bool {
    let start = format!("{directory}/");
    known.range(start.as_str()..).next().is_some_and(|path| path.starts_with(&start))
}
