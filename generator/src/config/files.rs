//! The other files of a document, from disk: what a `$ref` calls them comes in, their texts go out, within the folder that the
//! document lies in.
//!
//! A file is known by what it is in the end: one that is reached by two paths, or through a symbolic link, is read once.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::load::{lexical, shown};
use crate::source::{Document, Files, NotRead, SourceId, Sources, path_of};

/// From where files may be read that a document names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the folder of the document and those in it.
    Folder,
    /// From anywhere on the disk.
    Anywhere,
}

/// Reads the other files that a source needs, which was read from `path`; paths are shown relative to `base`.
pub(super) fn gather(sources: &mut Sources, source: SourceId, path: Option<&Path>, base: &Path, reach: Reach) {
    let mut disk = Disk { sources, base, reach, folder: None, paths: HashMap::new(), known: HashMap::new() };
    if let Some(path) = path {
        let path = lexical(path);
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        disk.known.extend(fs::canonicalize(&path).map(|real| (real, source)));
        disk.folder = fs::canonicalize(here(&folder)).ok().map(|real| (folder, real));
        disk.paths.insert(source, path);
    }
    Document::prepare(&mut disk, source);
}

/// The empty path means the current directory, but not to every call.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

struct Disk<'a> {
    sources: &'a mut Sources,
    base: &'a Path,
    reach: Reach,
    /// The folder of the document, as it is named and as it is.
    folder: Option<(PathBuf, PathBuf)>,
    /// Where each source lies, as it is named: what its `$ref`s are relative to.
    paths: HashMap<SourceId, PathBuf>,
    /// The sources by where they really lie.
    known: HashMap<PathBuf, SourceId>,
}

impl Files for Disk<'_> {
    fn sources(&self) -> &Sources {
        self.sources
    }

    fn open(&mut self, from: SourceId, name: &str, room: usize) -> Result<SourceId, NotRead> {
        let opened = self.read(from, name, room);
        self.sources.set_link(from, name, opened.clone());
        opened
    }
}

impl Disk<'_> {
    fn read(&mut self, from: SourceId, name: &str, room: usize) -> Result<SourceId, NotRead> {
        let name = path_of(name)?;
        let (Some((folder, real_folder)), Some(from)) = (&self.folder, self.paths.get(&from)) else {
            return Err(NotRead::NoFolder);
        };
        let path = lexical(&from.parent().unwrap_or(Path::new("")).join(name));
        let is_inside = |path: &Path, folder: &Path| self.reach == Reach::Anywhere || path.starts_with(folder);
        // Whether something exists out there is nobody's business either.
        let seems_inside = match path.is_absolute() == folder.is_absolute() {
            true => is_inside(&path, folder) && (self.reach == Reach::Anywhere || ups(&path) == ups(folder)),
            false => is_inside(&path, real_folder),
        };
        if !seems_inside {
            return Err(NotRead::Outside);
        }
        let unreadable = |reason: std::io::Error| NotRead::Unreadable(reason.to_string());
        let real = fs::canonicalize(here(&path)).map_err(unreadable)?;
        if !is_inside(&real, real_folder) {
            return Err(NotRead::Outside);
        }
        if let Some(known) = self.known.get(&real) {
            return Ok(*known);
        }
        // Pipes and devices never end.
        let metadata = fs::metadata(&real).map_err(unreadable)?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "it is a folder" } else { "it is no file" };
            return Err(NotRead::Unreadable(what.to_owned()));
        }
        let room = u64::try_from(room).unwrap_or(u64::MAX);
        let mut text = Vec::new();
        let read = File::open(&real).and_then(|file| file.take(room.saturating_add(1)).read_to_end(&mut text));
        if u64::try_from(read.map_err(unreadable)?).is_ok_and(|bytes| bytes > room) {
            return Err(NotRead::TooLarge(0));
        }
        let shown = shown(&path, self.base);
        // Two documents of one run may share a file.
        let source = self.sources.find(&shown).unwrap_or_else(|| self.sources.add(shown, text));
        self.known.insert(real, source);
        self.paths.insert(source, path);
        Ok(source)
    }
}

/// How often a path goes up before it goes anywhere else.
fn ups(path: &Path) -> usize {
    path.components().take_while(|component| *component == Component::ParentDir).count()
}
