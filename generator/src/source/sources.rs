//! The texts of a run, in memory: paths and bytes in, [`SourceId`]s out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Document;
use super::files::NotRead;
use super::limits::Limits;
use super::span::SourceId;
use crate::diagnostics::Diagnostics;

/// The texts that a run reads, by path: nothing is read that is not here.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<(String, Vec<u8>)>,
    limits: Limits,
    /// What has been found out of them before they are needed; copies share it.
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    /// What the names of other files lead to, by the file that a name stands in.
    links: HashMap<SourceId, HashMap<String, Result<SourceId, NotRead>>>,
    /// Documents that were read when their other files were looked for, until they are asked for.
    read: HashMap<SourceId, Read>,
}

/// A document, where the text is one, and what was found when it was read.
pub(super) type Read = (Option<Document>, Diagnostics);

impl Sources {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// None yet; documents will be read within these limits.
    pub fn within(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// What each document may ask for.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Sets what documents may ask for that are read from now on.
    pub(crate) fn limit(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Adds a text under the path that diagnostics will show and `$ref`s name.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> SourceId {
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push((path.into(), text.into()));
        id
    }

    /// The source under that path.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        let at = self.texts.iter().position(|(known, _)| known == path)?;
        u32::try_from(at).ok().map(SourceId)
    }

    /// The path of a source; empty if the source is not one of these.
    pub fn path(&self, source: SourceId) -> &str {
        self.source(source).map_or("", |(path, _)| path)
    }

    /// What stands in a source, as it came; nothing if the source is not one of these.
    pub fn bytes(&self, source: SourceId) -> &[u8] {
        self.source(source).map_or(&[], |(_, bytes)| bytes)
    }

    /// The text of a source; bytes that are not UTF-8 become replacement characters.
    pub fn text(&self, source: SourceId) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(source))
    }

    /// Notes what the name of another file leads to where it stands in the file `from`.
    pub fn set_link(&self, from: SourceId, name: &str, to: Result<SourceId, NotRead>) {
        self.known().links.entry(from).or_default().insert(name.to_owned(), to);
    }

    /// What the name of another file leads to, where that has been noted.
    pub(super) fn link(&self, from: SourceId, name: &str) -> Option<Result<SourceId, NotRead>> {
        self.known().links.get(&from)?.get(name).cloned()
    }

    pub(super) fn keep_read(&self, source: SourceId, read: Read) {
        self.known().read.insert(source, read);
    }

    pub(super) fn take_read(&self, source: SourceId) -> Option<Read> {
        self.known().read.remove(&source)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn source(&self, source: SourceId) -> Option<&(String, Vec<u8>)> {
        self.texts.get(usize::try_from(source.0).ok()?)
    }
}
