//! From text to tree: JSON and YAML are read into [`Node`]s, each with its place.

mod node;
mod span;

pub use node::{Entry, Mapping, Node, NodeKind, Number};
pub use span::{SourceId, Span};

use crate::diagnostics::Diagnostics;

/// The texts that a run reads, by path: nothing is read that is not here.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<(String, Vec<u8>)>,
}

impl Sources {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
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
}

/// A document as it was written: a tree of nodes.
#[derive(Debug, Clone)]
pub struct Document {
    /// The whole document.
    pub root: Node,
}

impl Document {
    /// Reads a source.
    pub fn read(_sources: &Sources, _source: SourceId, _diagnostics: &mut Diagnostics) -> Option<Self> {
        None
    }
}
