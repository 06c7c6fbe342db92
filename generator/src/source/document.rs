//! From a source to its tree: picks the reader, JSON's or YAML's.

use super::json;
use super::limits::Limits;
use super::node::Node;
use super::pointer::{RefError, Reference};
use super::span::SourceId;
use super::text::{self, Text};
use super::{Sources, yaml};
use crate::diagnostics::Diagnostics;

/// A document as it was written: a tree of nodes.
#[derive(Debug, Clone)]
pub struct Document {
    /// The whole document.
    pub root: Node,
    /// What it may ask of whoever reads on in it.
    pub limits: Limits,
}

impl Document {
    /// Reads a source within the default [`Limits`].
    ///
    /// Gives no document where the text is no JSON or YAML at all. Where it gives one, `diagnostics` may still have got
    /// errors: a duplicate key is one, and the rest of the document can be checked all the same.
    pub fn read(sources: &Sources, source: SourceId, diagnostics: &mut Diagnostics) -> Option<Self> {
        Self::read_within(sources, source, &Limits::default(), diagnostics)
    }

    /// Reads a source within limits of the caller's.
    pub fn read_within(
        sources: &Sources,
        source: SourceId,
        limits: &Limits,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let text = text::decode(sources.bytes(source), source, limits, diagnostics)?;
        let root = match language(sources.path(source), text.text) {
            Language::Json => json::read(text, limits, diagnostics),
            Language::Yaml => yaml::read(text, limits, diagnostics),
            Language::Either => read_either(text, limits, diagnostics),
        }?;
        Some(Self { root, limits: *limits })
    }

    /// The node that a `$ref` of this document leads to.
    ///
    /// # Errors
    /// Where it leads nowhere, what there is instead; another document is [`RefError::OtherDocument`].
    pub fn resolve(&self, reference: &str) -> Result<&Node, RefError<'_>> {
        Reference::parse(reference)?.resolve(&self.root)
    }
}

enum Language {
    Json,
    Yaml,
    /// JSON, or YAML in flow style.
    Either,
}

fn language(path: &str, text: &str) -> Language {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if extension.as_deref() == Some("json") {
        return Language::Json;
    }
    match text.trim_start().chars().next() {
        Some('{' | '[') => Language::Either,
        _ => Language::Yaml,
    }
}

// What begins with a brace is mostly JSON, whatever its name; what is not is told so by YAML's reader, which knows
// both. YAML alone would not do: it mistakes JSON's surrogate pairs, and is slower by far.
fn read_either(text: Text<'_>, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut found = Diagnostics::new();
    let root = json::read(text, limits, &mut found);
    let exhausted = found.sorted().iter().any(|diagnostic| diagnostic.code == crate::diagnostics::Code::Limit);
    if root.is_some() || exhausted {
        diagnostics.extend(found);
        return root;
    }
    yaml::read(text, limits, diagnostics)
}
