//! The plan: what a folder holds is compared with what it should hold. It reads and changes nothing.

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

/// What has to happen before a folder holds the files of a [`FileSet`].
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) root: Root,
    pub(super) changes: Vec<Change>,
    pub(super) in_the_way: Vec<InTheWay>,
    /// Folders that may be empty once the orphans are gone, innermost first.
    pub(super) folders: Vec<String>,
    pub(super) unchanged: usize,
}

/// One file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, relative to the folder.
    pub path: String,
    /// What has to be done about it.
    pub action: Action,
}

/// What has to be done about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is missing.
    Create {
        /// Its text.
        text: Arc<str>,
    },
    /// It is stale.
    Replace {
        /// Its text on disk, with LF line ends; absent where no file but something else is in its place.
        found: Option<String>,
        /// Its text as it should be.
        text: Arc<str>,
    },
    /// It is an orphan.
    Remove {
        /// Whether it is a temporary file of a run that was stopped, not a file that was once produced.
        temporary: bool,
    },
}

/// Something that is not ours, at a path where a file of ours belongs or on the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTheWay {
    /// Its path, relative to the folder.
    pub path: String,
    /// Its path as the user knows it.
    pub shown: String,
    /// What it is.
    pub obstacle: Obstacle,
}

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A file that someone else wrote.
    File,
    /// A symbolic link; the link is meant here, never what it leads to.
    Link,
    /// A folder with something in it that is not ours.
    Folder,
    /// A pipe, a socket, a device.
    Other,
}

impl Obstacle {
    /// Whether it is replaced when the user insists: a file or a link is, but nobody's folder is emptied by force.
    pub fn yields_to_force(self) -> bool {
        matches!(self, Self::File | Self::Link)
    }
}

impl Plan {
    /// The folder.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What is missing, stale or orphaned, by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What is in the way; while there is any, [`apply`](Self::apply) refuses unless it is forced.
    pub fn in_the_way(&self) -> &[InTheWay] {
        &self.in_the_way
    }

    /// What [`apply`](Self::apply) would have done if nothing stopped it.
    pub fn outlook(&self) -> Written {
        let removed = self.changes.iter().filter(|change| matches!(change.action, Action::Remove { .. })).count();
        Written { written: self.changes.len() - removed, unchanged: self.unchanged, removed }
    }

    /// Whether the folder holds what it should hold.
    pub fn is_up_to_date(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Compares the files with the folder that they belong into.
///
/// # Errors
/// The folder cannot be read, or a file of the set has a path that no generated file can have.
pub fn plan(root: &Root, files: &FileSet) -> Result<Plan, OutputError> {
    compare(root, &wanted(files)?)
}

/// What [`plan`] does once it is known that each file can have its path.
pub(super) fn compare(root: &Root, wanted: &BTreeMap<String, Arc<str>>) -> Result<Plan, OutputError> {
    let listed = manifest::read(root)?;
    let known: BTreeSet<&str> = wanted.keys().chain(&listed.paths).map(String::as_str).collect();
    let tree = Tree::read(root, &known)?;
    let survey = Survey { root, listed: &listed, tree: &tree, wanted };
    survey.plan()
}

/// The files with the manifest among them.
///
/// # Errors
/// A file has a path that no generated file can have.
pub(super) fn wanted(files: &FileSet) -> Result<BTreeMap<String, Arc<str>>, OutputError> {
    let faulty = |path: &str, fault: String| OutputError::Path { path: path.to_owned(), fault };
    let mut wanted = BTreeMap::new();
    let mut without_case = BTreeMap::new();
    for (path, text) in files.shared() {
        if let Some(fault) = path::fault(path) {
            return Err(faulty(path, fault.to_owned()));
        }
        if let Some(other) = without_case.insert(path.to_lowercase(), path) {
            return Err(faulty(path, format!("which some systems cannot tell from `{other}`")));
        }
        wanted.insert(path.to_owned(), Arc::clone(text));
    }
    for path in wanted.keys() {
        if let Some(file) = path::folders(path).find_map(|folder| without_case.get(&folder.to_lowercase())) {
            return Err(faulty(path, format!("where `{file}` is a file and not a folder")));
        }
    }
    let manifest = manifest::text(files.iter().map(|(path, _)| path));
    wanted.insert(MANIFEST.to_owned(), manifest.into());
    Ok(wanted)
}

/// All that the plan is made of.
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
        let mut in_the_way = BTreeMap::new();
        let mut unchanged = 0;
        for (path, text) in self.wanted {
            in_the_way.extend(self.on_the_way_to(path, &orphans));
            match self.state(path, text, &orphans)? {
                State::UpToDate => unchanged += 1,
                State::Differs { found, obstacle } => {
                    in_the_way.extend(obstacle.map(|obstacle| (path.as_str(), obstacle)));
                    changes
                        .push(Change { path: path.clone(), action: Action::Replace { found, text: Arc::clone(text) } });
                }
                State::Missing => {
                    changes.push(Change { path: path.clone(), action: Action::Create { text: Arc::clone(text) } })
                }
            }
        }
        let folders = self.emptied_folders(&orphans);
        changes
            .extend(orphans.into_iter().map(|(path, temporary)| Change { path, action: Action::Remove { temporary } }));
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        let in_the_way = in_the_way
            .into_iter()
            .map(|(path, obstacle)| InTheWay { path: path.to_owned(), shown: self.root.show(path), obstacle })
            .collect();
        Ok(Plan { root: self.root.clone(), changes, in_the_way, folders, unchanged })
    }

    /// The files that are ours and not produced, and whether they are temporary.
    fn orphans(&self) -> Result<BTreeMap<String, bool>, OutputError> {
        let mut orphans = BTreeMap::new();
        for (path, kind) in self.tree.iter() {
            if kind != Kind::File || self.wanted.contains_key(path) {
                continue;
            }
            let temporary = path.rsplit('/').next().is_some_and(leftover::is_temporary);
            if temporary || self.is_ours(path)? {
                orphans.insert(path.to_owned(), temporary);
            }
        }
        Ok(orphans)
    }

    fn is_ours(&self, path: &str) -> Result<bool, OutputError> {
        if path == MANIFEST {
            return Ok(self.listed.ours);
        }
        if self.listed.paths.contains(path) {
            return Ok(true);
        }
        match marker::is_on(&self.root.join(path)) {
            // What we may not read we did not write.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            result => result.map_err(|error| io_error("read", self.root.show(path), error)),
        }
    }

    /// What keeps a folder of this path from being one: an orphaned file there goes away by itself.
    fn on_the_way_to<'p>(&self, path: &'p str, orphans: &BTreeMap<String, bool>) -> Option<(&'p str, Obstacle)> {
        path::folders(path).find_map(|folder| match self.tree.kind(folder)? {
            Kind::File if orphans.contains_key(folder) => None,
            Kind::File => Some((folder, Obstacle::File)),
            Kind::Link => Some((folder, Obstacle::Link)),
            Kind::Other => Some((folder, Obstacle::Other)),
            Kind::Folder | Kind::Closed => None,
        })
    }

    /// How a file on disk compares with its text.
    fn state(&self, path: &str, text: &str, orphans: &BTreeMap<String, bool>) -> Result<State, OutputError> {
        let in_place_of_a_file = |obstacle| Ok(State::Differs { found: None, obstacle });
        match self.tree.kind(path) {
            None => Ok(State::Missing),
            Some(Kind::Link) => in_place_of_a_file(Some(Obstacle::Link)),
            Some(Kind::Other) => in_place_of_a_file(Some(Obstacle::Other)),
            Some(Kind::Closed) => in_place_of_a_file(Some(Obstacle::Folder)),
            Some(Kind::Folder) => {
                let goes = |(path, kind)| kind == Kind::Folder || orphans.contains_key(path);
                in_place_of_a_file((!self.tree.below(path).all(goes)).then_some(Obstacle::Folder))
            }
            Some(Kind::File) => {
                let bytes = match fs::read(self.root.join(path)) {
                    Ok(bytes) => bytes,
                    // Another run has removed it since it was listed.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
                    Err(error) => return Err(io_error("read", self.root.show(path), error)),
                };
                let found = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
                if found == text && std::str::from_utf8(&bytes).is_ok() {
                    return Ok(State::UpToDate);
                }
                let obstacle = (!self.is_ours(path)?).then_some(Obstacle::File);
                Ok(State::Differs { found: Some(found), obstacle })
            }
        }
    }

    /// The folders that may be left empty: those of the orphans, and of the files that a run which was stopped has removed
    /// already; and those that stand in a file's place.
    fn emptied_folders(&self, orphans: &BTreeMap<String, bool>) -> Vec<String> {
        let gone = self.listed.paths.iter().filter(|path| !self.wanted.contains_key(*path));
        let mut folders: BTreeSet<&str> = orphans.keys().chain(gone).flat_map(|path| path::folders(path)).collect();
        for path in self.wanted.keys().filter(|path| self.tree.kind(path) == Some(Kind::Folder)) {
            folders.insert(path);
            folders.extend(self.tree.below(path).map(|(path, _)| path));
        }
        folders.retain(|folder| self.tree.kind(folder) == Some(Kind::Folder));
        // What is inside a folder comes behind it in the order of paths.
        folders.into_iter().rev().map(str::to_owned).collect()
    }
}

enum State {
    UpToDate,
    Missing,
    Differs { found: Option<String>, obstacle: Option<Obstacle> },
}
