//! Reads the files that a document refers to from disk.
//!
//! Files are identified by their canonical path. A file with several paths, e.g. through a symbolic link, is read once.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::load::{lexical, shown};
use crate::source::{Document, Files, NotRead, SourceId, Sources, path_of};

/// The directories from which files may be read if a document refers to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The directory of the document and its subdirectories.
    Directory,
    /// All directories of the disk.
    Anywhere,
}

/// Reads the files that a source with overlays refers to, and adds them to `sources`. `path` is the path of the source, or `None` for
/// standard input. Paths in messages are relative to `base`.
pub(super) fn gather(
    sources: &mut Sources,
    source: SourceId,
    overlays: &[SourceId],
    path: Option<&Path>,
    base: &Path,
    reach: Reach,
) {
    let mut disk = Disk { sources, base, reach, directory: None, paths: HashMap::new(), known: HashMap::new() };
    if let Some(path) = path {
        let path = lexical(path);
        let directory = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        disk.known.extend(fs::canonicalize(&path).map(|real| (real, source)));
        disk.directory = fs::canonicalize(or_current(&directory)).ok().map(|real| (directory, real));
        disk.paths.insert(source, path);
    }
    Document::prepare(&mut disk, source, overlays);
}

/// Returns the path, or `.` if it is empty: `fs::canonicalize` rejects an empty path.
pub(super) fn or_current(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() { Path::new(".") } else { directory }
}

/// An implementation of [`Files`] that reads from disk.
struct Disk<'a> {
    sources: &'a mut Sources,
    base: &'a Path,
    reach: Reach,
    /// The directory of the document: the path specified by the user, and the canonical path. `None` for standard
    /// input.
    directory: Option<(PathBuf, PathBuf)>,
    /// The path of each source before symbolic links are resolved. The `$ref`s in the source are relative to this path.
    paths: HashMap<SourceId, PathBuf>,
    /// The source of each file that was read, by the canonical path of the file.
    known: HashMap<PathBuf, SourceId>,
}

impl Files for Disk<'_> {
    fn sources(&self) -> &Sources {
        self.sources
    }

    fn open(&mut self, from: SourceId, name: &str, max_bytes: usize) -> Result<SourceId, NotRead> {
        let opened = self.read(from, name, max_bytes);
        self.sources.set_link(from, name, opened.clone());
        opened
    }
}

impl Disk<'_> {
    fn read(&mut self, from: SourceId, name: &str, max_bytes: usize) -> Result<SourceId, NotRead> {
        let name = path_of(name)?;
        let (Some((directory, real_directory)), Some(from)) = (&self.directory, self.paths.get(&from)) else {
            return Err(NotRead::NoDirectory);
        };
        let path = lexical(&from.parent().unwrap_or(Path::new("")).join(name));
        let is_inside = |path: &Path, directory: &Path| self.reach == Reach::Anywhere || path.starts_with(directory);
        // Check before accessing the disk: the result must not reveal whether a file outside of the directory exists.
        let seems_inside = match path.is_absolute() == directory.is_absolute() {
            true => {
                is_inside(&path, directory)
                    && (self.reach == Reach::Anywhere || leading_parents(&path) == leading_parents(directory))
            }
            false => is_inside(&path, real_directory),
        };
        if !seems_inside {
            return Err(NotRead::Outside);
        }
        let unreadable = |reason: std::io::Error| NotRead::Unreadable(reason.to_string());
        let real = fs::canonicalize(or_current(&path)).map_err(unreadable)?;
        if !is_inside(&real, real_directory) {
            return Err(NotRead::Outside);
        }
        if let Some(known) = self.known.get(&real) {
            return Ok(*known);
        }
        // Read regular files only: pipes and devices may never end.
        let metadata = fs::metadata(&real).map_err(unreadable)?;
        if !metadata.is_file() {
            let reason = if metadata.is_dir() { "it is a directory" } else { "it is not a regular file" };
            return Err(NotRead::Unreadable(reason.to_owned()));
        }
        let max_bytes = u64::try_from(max_bytes).unwrap_or(u64::MAX);
        let mut text = Vec::new();
        let read = File::open(&real).and_then(|file| file.take(max_bytes.saturating_add(1)).read_to_end(&mut text));
        if u64::try_from(read.map_err(unreadable)?).is_ok_and(|bytes| bytes > max_bytes) {
            return Err(NotRead::TooLarge(0));
        }
        let shown = shown(&path, self.base);
        // Another document may have read the same file before.
        let source = self.sources.find(&shown).unwrap_or_else(|| self.sources.add(shown, text));
        self.known.insert(real, source);
        self.paths.insert(source, path);
        Ok(source)
    }
}

/// Returns the number of leading `..` components.
fn leading_parents(path: &Path) -> usize {
    path.components().take_while(|component| *component == Component::ParentDir).count()
}
