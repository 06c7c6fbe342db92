//! Reads a document and the files that its `$ref`s refer to, as JSON or YAML.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::files::{Files, InMemory, NotRead};
use super::json;
use super::limits::Limits;
use super::node::Node;
use super::pointer::{RefError, Reference};
use super::span::SourceId;
use super::text::{self, Text};
use super::{Sources, overlay, yaml, yaml_alias};
use crate::diagnostics::Diagnostics;

/// A parsed document: its tree of nodes, and the trees of the files that its `$ref`s refer to.
///
/// The span of a node identifies the file that contains the node. `$ref`s in the node are relative to this file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The root of the document.
    pub root: Node,
    /// The limits on the document, which later stages check too.
    pub(crate) limits: Limits,
    /// The overlays that were applied to the document. References in them are relative to the document.
    overlays: Vec<SourceId>,
    pub(super) files: BTreeMap<SourceId, OtherFile>,
    /// For each file, the file names in its `$ref`s, and the files that they refer to.
    links: HashMap<SourceId, HashMap<String, Result<SourceId, NotRead>>>,
}

/// A file that the document refers to.
#[derive(Debug, Clone)]
pub(super) struct OtherFile {
    pub path: String,
    /// `None` if the file is not valid JSON or YAML.
    pub root: Option<Node>,
    /// The diagnostics of the file, which are reported only if a definition in the file is used.
    diagnostics: Diagnostics,
}

impl Document {
    /// Reads a source and the files that its `$ref`s refer to, within the [`Limits`] of the sources.
    ///
    /// Adds errors to `diagnostics`. Returns `None` if the source is not valid JSON or YAML. After other errors, such
    /// as duplicate keys, the document is returned so that it can be checked further.
    pub fn read(sources: &Sources, source: SourceId, diagnostics: &mut Diagnostics) -> Option<Self> {
        Self::read_with_overlays(sources, source, &[], diagnostics)
    }

    /// Reads a source like [`read`](Self::read), and applies overlays to it, in order.
    pub fn read_with_overlays(
        sources: &Sources,
        source: SourceId,
        overlays: &[SourceId],
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let (document, own) = sources
            .take_read(source, overlays)
            .unwrap_or_else(|| Self::gather(&mut InMemory(sources), source, overlays, &sources.limits()));
        diagnostics.extend(own);
        document
    }

    /// Reads a source like [`read`](Self::read), but within `limits` instead of the limits of the sources.
    pub fn read_with_limits(
        sources: &Sources,
        source: SourceId,
        limits: &Limits,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let (document, own) = Self::gather(&mut InMemory(sources), source, &[], limits);
        diagnostics.extend(own);
        document
    }

    /// Reads a source, applies overlays to it, and reads the files that its `$ref`s refer to. Caches the result in the
    /// sources, so that [`read_with_overlays`](Self::read_with_overlays) does not parse the files again.
    pub fn prepare(files: &mut dyn Files, source: SourceId, overlays: &[SourceId]) {
        let limits = files.sources().limits();
        let read = Self::gather(files, source, overlays, &limits);
        files.sources().cache_read(source, overlays, read);
    }

    fn gather(
        files: &mut dyn Files,
        source: SourceId,
        overlays: &[SourceId],
        limits: &Limits,
    ) -> (Option<Self>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let mut remaining = *limits;
        let Some(mut root) = read_file(files.sources(), source, &mut remaining, &mut diagnostics) else {
            return (None, diagnostics);
        };
        if !overlays.is_empty() {
            let read = |overlay: &SourceId| read_file(files.sources(), *overlay, &mut remaining, &mut diagnostics);
            let trees: Vec<Node> = overlays.iter().filter_map(read).collect();
            let mut more = Limits { values: remaining.values, ..*limits };
            more.values -= yaml_alias::count(&root, more.values).unwrap_or(more.values);
            overlay::apply(&mut root, &trees, &mut more, &mut diagnostics);
        }
        let overlays = overlays.to_vec();
        let mut document = Self { root, limits: *limits, overlays, files: BTreeMap::new(), links: HashMap::new() };
        let mut read = vec![source];
        let mut at = 0;
        while let Some(&from) = read.get(at) {
            at += 1;
            let Some(tree) = document.file(from) else { continue };
            let names = names(tree);
            // Count the values of the root file only if other files share the limit. Counting takes time, and most
            // documents consist of one file.
            if from == source && !names.is_empty() {
                remaining.values -= yaml_alias::count(tree, remaining.values).unwrap_or(remaining.values);
            }
            for name in names {
                let opened = match remaining.files.checked_sub(1) {
                    None => Err(NotRead::TooMany(limits.files)),
                    Some(files_left) => {
                        remaining.files = files_left;
                        files.open(from, &name, remaining.bytes)
                    }
                };
                let opened = opened.map_err(|why| match why {
                    NotRead::TooLarge(_) => NotRead::TooLarge(limits.bytes),
                    why => why,
                });
                if let Ok(to) = opened
                    && !read.contains(&to)
                {
                    let mut diagnostics = Diagnostics::new();
                    let root = read_file(files.sources(), to, &mut remaining, &mut diagnostics);
                    let nodes = root.as_ref().map_or(Some(0), |root| yaml_alias::count(root, remaining.values));
                    remaining.values -= nodes.unwrap_or(remaining.values);
                    document
                        .files
                        .insert(to, OtherFile { path: files.sources().path(to).to_owned(), root, diagnostics });
                    read.push(to);
                }
                document.links.entry(from).or_default().insert(name, opened);
            }
        }
        (Some(document), diagnostics)
    }

    /// Returns the source from which the document was read.
    pub fn source(&self) -> SourceId {
        self.root.span.source
    }

    /// Returns the file that contains a node with the source `source`: the document, if the node is from an overlay.
    pub(crate) fn containing(&self, source: SourceId) -> SourceId {
        if self.overlays.contains(&source) { self.source() } else { source }
    }

    /// Returns the tree of the document or of a file that it refers to.
    pub fn file(&self, source: SourceId) -> Option<&Node> {
        if source == self.source() {
            return Some(&self.root);
        }
        self.files.get(&source)?.root.as_ref()
    }

    /// Returns the path of a file that the document refers to.
    pub(crate) fn path(&self, source: SourceId) -> Option<&str> {
        self.files.get(&source).map(|file| file.path.as_str())
    }

    /// Returns the trees of all files, beginning with the document.
    pub fn trees(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.root).chain(self.files.values().filter_map(|file| file.root.as_ref()))
    }

    /// Returns mutable references to the trees of all files, beginning with the document.
    pub(crate) fn trees_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        std::iter::once(&mut self.root).chain(self.files.values_mut().filter_map(|file| file.root.as_mut()))
    }

    /// Returns the diagnostics of a file that the document refers to.
    pub(crate) fn diagnostics_of(&self, source: SourceId) -> Option<&Diagnostics> {
        self.files.get(&source).map(|file| &file.diagnostics)
    }

    /// Returns the file that contains the target of a `$ref`. `from` is the source of the `$ref`: a file or an overlay.
    pub(crate) fn named(&self, reference: &str, from: SourceId) -> Result<SourceId, NotRead> {
        let from = self.containing(from);
        let name = Reference::document_of(reference);
        if name.is_empty() {
            return Ok(from);
        }
        self.links.get(&from).and_then(|links| links.get(name)).cloned().unwrap_or(Err(NotRead::NotGiven))
    }

    /// Returns the target of a `$ref`. `from` is the source of the `$ref`: a file or an overlay.
    ///
    /// # Errors
    /// The reference is malformed, its target does not exist, or the file of its target is not read.
    pub fn resolve(&self, reference: &str, from: SourceId) -> Result<&Node, RefError<'_>> {
        let file = self.named(reference, from).map_err(RefError::NotRead)?;
        let root = self.file(file).ok_or(RefError::NotRead(NotRead::Invalid))?;
        Reference::parse(reference)?.pointer.resolve(root)
    }
}

/// Reads a file within the remaining limits, and subtracts the size of the file from them.
fn read_file(
    sources: &Sources,
    source: SourceId,
    remaining: &mut Limits,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let bytes = sources.bytes(source);
    let text = text::decode(bytes, source, remaining, diagnostics)?;
    let root = match language(sources.path(source), text.text) {
        Language::Json => json::read(text, remaining, diagnostics),
        Language::Yaml => yaml::read(text, remaining, diagnostics),
        Language::Either => read_either(text, remaining, diagnostics),
    }?;
    remaining.bytes = remaining.bytes.saturating_sub(bytes.len());
    Some(root)
}

/// Returns the file names of all `$ref`s in a tree, without duplicates. Also returns names that are not needed, e.g.
/// the value of a property `$ref` in an example, although this property is not a reference.
fn names(root: &Node) -> Vec<String> {
    let (mut names, mut known) = (Vec::new(), HashSet::new());
    let mut add = |text: &str| {
        let name = Reference::document_of(text);
        if !name.is_empty() && known.insert(name.to_owned()) {
            names.push(name.to_owned());
        }
    };
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        waiting.extend(node.elements().iter().rev());
        for entry in node.entries().iter().rev() {
            match (entry.key.as_str(), entry.value.as_str()) {
                ("$ref", Some(text)) => add(text),
                // The values of a discriminator mapping can be references.
                ("mapping", None) => {
                    let values = entry.value.entries().iter().filter_map(|entry| entry.value.as_str());
                    values.filter(|text| is_reference(text)).for_each(&mut add);
                    waiting.push(&entry.value);
                }
                _ => waiting.push(&entry.value),
            }
        }
    }
    names
}

/// Returns whether a value of a discriminator mapping is a reference, e.g. `#/components/schemas/Cat` or `cat.yaml`.
/// Other values are names of schemas.
pub fn is_reference(value: &str) -> bool {
    // Names of components contain neither `#` nor `/`.
    value.contains(['#', '/']) || [".json", ".yaml", ".yml"].iter().any(|ending| value.ends_with(ending))
}

/// The syntax of a file.
enum Language {
    Json,
    Yaml,
    /// JSON or YAML: the file begins with a bracket, which is valid in both.
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

/// Reads text that begins with a bracket: as JSON, and as YAML if it is not valid JSON. If it is neither, reports the
/// errors of the YAML reader.
///
/// The YAML reader alone is not sufficient: it does not support the surrogate pairs of JSON, and is much slower.
fn read_either(text: Text<'_>, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut own = Diagnostics::new();
    let root = json::read(text, limits, &mut own);
    let exhausted = own.sorted().iter().any(|diagnostic| diagnostic.code == crate::diagnostics::Code::Limit);
    if root.is_some() || exhausted {
        diagnostics.extend(own);
        return root;
    }
    yaml::read(text, limits, diagnostics)
}
