//! Stores the source files of a run in memory, identified by their paths.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Document;
use super::files::NotRead;
use super::limits::Limits;
use super::span::SourceId;
use crate::diagnostics::Diagnostics;

/// The source files of a run, by path. Documents can only refer to files in this collection.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<(String, Vec<u8>)>,
    /// The lock file of the names in generated code.
    lock_file: Option<SourceId>,
    limits: Limits,
    /// The documents that were already read, and the `$ref`s that were already resolved. All clones share them.
    cache: Arc<Mutex<Cache>>,
}

#[derive(Debug, Default)]
struct Cache {
    /// For each source, the file names in its `$ref`s, and the sources that they refer to.
    links: HashMap<SourceId, HashMap<String, Result<SourceId, NotRead>>>,
    /// The documents read by [`Document::prepare`], by their source and overlays. [`Document::read`] removes them.
    read: HashMap<(SourceId, Vec<SourceId>), Read>,
}

/// The result of reading a document: its diagnostics, and the document unless its syntax is invalid.
pub(super) type Read = (Option<Document>, Diagnostics);

impl Sources {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty collection with limits on its documents.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Returns the limits on each document.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Sets the limits of documents that are read later.
    pub(crate) fn limit(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Adds a source. Diagnostics show its path, and the `$ref`s in it are resolved relative to the path.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> SourceId {
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push((path.into(), text.into()));
        id
    }

    /// Adds the lock file of the previous run, so that names stay the same.
    pub fn add_lock_file(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> SourceId {
        let id = self.add(path, text);
        self.lock_file = Some(id);
        id
    }

    /// Returns the lock file of the previous run.
    pub(crate) fn lock_file(&self) -> Option<SourceId> {
        self.lock_file
    }

    /// Returns the source with the path `path`.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        let at = self.texts.iter().position(|(known, _)| known == path)?;
        u32::try_from(at).ok().map(SourceId)
    }

    /// Returns the path of a source. Returns an empty path if the source does not exist.
    pub fn path(&self, source: SourceId) -> &str {
        self.source(source).map_or("", |(path, _)| path)
    }

    /// Returns the bytes of a source. Returns an empty slice if the source does not exist.
    pub fn bytes(&self, source: SourceId) -> &[u8] {
        self.source(source).map_or(&[], |(_, bytes)| bytes)
    }

    /// Returns the text of a source. Invalid UTF-8 is replaced by replacement characters.
    pub fn text(&self, source: SourceId) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(source))
    }

    /// Sets the source that the file name `name` in a `$ref` refers to, or the reason why the file is not read. `from`
    /// is the source that contains the `$ref`.
    pub fn set_link(&self, from: SourceId, name: &str, to: Result<SourceId, NotRead>) {
        self.cache().links.entry(from).or_default().insert(name.to_owned(), to);
    }

    /// Returns the result that [`set_link`](Self::set_link) has set for a file name.
    pub(super) fn link(&self, from: SourceId, name: &str) -> Option<Result<SourceId, NotRead>> {
        self.cache().links.get(&from)?.get(name).cloned()
    }

    pub(super) fn cache_read(&self, source: SourceId, overlays: &[SourceId], read: Read) {
        self.cache().read.insert((source, overlays.to_vec()), read);
    }

    pub(super) fn take_read(&self, source: SourceId, overlays: &[SourceId]) -> Option<Read> {
        self.cache().read.remove(&(source, overlays.to_vec()))
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn source(&self, source: SourceId) -> Option<&(String, Vec<u8>)> {
        self.texts.get(usize::try_from(source.0).ok()?)
    }
}
