//! What is in the folder: every path below it, with its kind. Nothing is read but names; no link is followed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::MANIFEST;
use super::error::{OutputError, io_error};
use super::root::Root;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file.
    File,
    /// A symbolic link, wherever it leads.
    Link,
    /// A folder that was looked into.
    Folder,
    /// A folder that is none of our business: a repository, a crate of its own, one that we may not read.
    Closed,
    /// A pipe, a socket, a device.
    Other,
}

/// The paths below a folder, by what is found there. Names on disk decide, not what can be opened: a file system that does
/// not tell `Pets.rs` from `pets.rs` must not make one of them look like the other.
#[derive(Debug, Default)]
pub(super) struct Tree {
    entries: BTreeMap<String, Kind>,
}

impl Tree {
    /// Looks into a folder. `known` are the paths that are produced or listed: a folder on the way to one of them is looked
    /// into even if it holds a crate of its own.
    pub(super) fn read(root: &Root, known: &BTreeSet<&str>) -> Result<Self, OutputError> {
        let mut tree = Self::default();
        match fs::metadata(root.path()) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(OutputError::NotAFolder(root.shown().to_owned())),
            // A link to nowhere: no folder can be made there, and what it leads to is not ours to make.
            Err(_) if root.path().is_symlink() => return Err(OutputError::NotAFolder(root.shown().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tree),
            Err(error) => return Err(io_error("read", root.shown().to_owned(), error)),
        }
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            let (path, shown) = match folder.as_str() {
                "" => (root.path().to_path_buf(), root.shown().to_owned()),
                folder => (root.join(folder), root.show(folder)),
            };
            let may_be_closed = !folder.is_empty() && !leads_to_one_of(known, &folder);
            let entries = match list(&path) {
                Ok(entries) if may_be_closed && is_a_crate(&entries) => None,
                Ok(entries) => Some(entries),
                Err(error) if may_be_closed && error.kind() == io::ErrorKind::PermissionDenied => None,
                Err(error) => return Err(io_error("read", shown, error)),
            };
            let Some(entries) = entries else {
                tree.entries.insert(folder, Kind::Closed);
                continue;
            };
            for (name, kind) in entries {
                if folder.is_empty() && (name == "target" || name == "Cargo.lock") {
                    continue;
                }
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                let kind = if name == ".git" && kind == Kind::Folder { Kind::Closed } else { kind };
                if kind == Kind::Folder {
                    pending.push(path.clone());
                }
                tree.entries.insert(path, kind);
            }
        }
        Ok(tree)
    }

    /// What stands at a path.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        self.entries.get(path).copied()
    }

    /// Everything, in the order of the paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.entries.iter().map(|(path, kind)| (path.as_str(), *kind))
    }

    /// Everything below a folder.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = (&str, Kind)> {
        let start = format!("{folder}/");
        self.iter().filter(move |(path, _)| path.starts_with(&start))
    }
}

/// The entries of one folder; a name that is not Unicode cannot be one of ours and is left out.
fn list(folder: &Path) -> io::Result<Vec<(String, Kind)>> {
    let entries = match fs::read_dir(folder) {
        // Another run has removed it since it was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = match entry.file_type()? {
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        found.push((name, kind));
    }
    Ok(found)
}

fn is_a_crate(entries: &[(String, Kind)]) -> bool {
    entries.iter().any(|(name, kind)| *kind == Kind::File && (name == "Cargo.toml" || name == MANIFEST))
}

fn leads_to_one_of(known: &BTreeSet<&str>, folder: &str) -> bool {
    let start = format!("{folder}/");
    known.range(start.as_str()..).next().is_some_and(|path| path.starts_with(&start))
}
