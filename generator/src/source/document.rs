//! From a source to its tree, and to those of the other files that it needs: picks the reader, JSON's or YAML's.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::files::{Files, Given, NotRead};
use super::json;
use super::limits::Limits;
use super::node::Node;
use super::pointer::{RefError, Reference};
use super::span::SourceId;
use super::text::{self, Text};
use super::{Sources, yaml, yaml_alias};
use crate::diagnostics::Diagnostics;

/// A document as it was written: a tree of nodes, and the trees of the other files that its `$ref`s name.
///
/// The span of a node says in which of the files it stands, and so what the `$ref`s in it are relative to.
#[derive(Debug, Clone)]
pub struct Document {
    /// The whole document.
    pub root: Node,
    /// What it may ask of whoever reads on in it.
    pub(crate) limits: Limits,
    files: BTreeMap<SourceId, OtherFile>,
    /// What each name of a file leads to, by the file that the name stands in.
    links: HashMap<SourceId, HashMap<String, Result<SourceId, NotRead>>>,
}

/// A file beside the document itself.
#[derive(Debug, Clone)]
struct OtherFile {
    path: String,
    /// Nothing where it is no JSON or YAML.
    root: Option<Node>,
    /// What is wrong in it; nobody's business where no `$ref` that counts leads there.
    found: Diagnostics,
}

impl Document {
    /// Reads a source, and those that its `$ref`s name, within the [`Limits`] of the sources.
    ///
    /// Gives no document where the text is no JSON or YAML at all. Where it gives one, `diagnostics` may still have got
    /// errors: a duplicate key is one, and the rest of the document can be checked all the same.
    pub fn read(sources: &Sources, source: SourceId, diagnostics: &mut Diagnostics) -> Option<Self> {
        let (document, found) =
            sources.take_read(source).unwrap_or_else(|| Self::gather(&mut Given(sources), source, &sources.limits()));
        diagnostics.extend(found);
        document
    }

    /// Reads a source within limits of the caller's.
    pub fn read_within(
        sources: &Sources,
        source: SourceId,
        limits: &Limits,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let (document, found) = Self::gather(&mut Given(sources), source, limits);
        diagnostics.extend(found);
        document
    }

    /// Reads a source with all the files that it needs, wherever they come from, and keeps what was read for
    /// [`read`](Self::read): nothing is parsed twice.
    pub fn prepare(files: &mut dyn Files, source: SourceId) {
        let limits = files.sources().limits();
        let read = Self::gather(files, source, &limits);
        files.sources().keep_read(source, read);
    }

    fn gather(files: &mut dyn Files, source: SourceId, limits: &Limits) -> (Option<Self>, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut left = *limits;
        let Some(root) = read_file(files.sources(), source, &mut left, &mut found) else { return (None, found) };
        let mut document = Self { root, limits: *limits, files: BTreeMap::new(), links: HashMap::new() };
        let mut read = vec![source];
        let mut at = 0;
        while let Some(&from) = read.get(at) {
            at += 1;
            let Some(tree) = document.file(from) else { continue };
            let names = names(tree);
            // Most documents are one file, and need no count.
            if from == source && !names.is_empty() {
                left.values -= yaml_alias::count(tree, left.values).unwrap_or(left.values);
            }
            for name in names {
                let opened = match left.files.checked_sub(1) {
                    None => Err(NotRead::TooMany(limits.files)),
                    Some(files_left) => {
                        left.files = files_left;
                        files.open(from, &name, left.bytes)
                    }
                };
                let opened = opened.map_err(|why| match why {
                    NotRead::TooLarge(_) => NotRead::TooLarge(limits.bytes),
                    why => why,
                });
                if let Ok(to) = opened
                    && !read.contains(&to)
                {
                    let mut found = Diagnostics::new();
                    let root = read_file(files.sources(), to, &mut left, &mut found);
                    let nodes = root.as_ref().map_or(Some(0), |root| yaml_alias::count(root, left.values));
                    left.values -= nodes.unwrap_or(left.values);
                    document.files.insert(to, OtherFile { path: files.sources().path(to).to_owned(), root, found });
                    read.push(to);
                }
                document.links.entry(from).or_default().insert(name, opened);
            }
        }
        (Some(document), found)
    }

    /// The file that the document itself is.
    pub fn source(&self) -> SourceId {
        self.root.span.source
    }

    /// The tree of a file, of the document itself or of another; none where there is none.
    pub fn file(&self, source: SourceId) -> Option<&Node> {
        if source == self.source() {
            return Some(&self.root);
        }
        self.files.get(&source)?.root.as_ref()
    }

    /// The path of another file, as its source is known by.
    pub(crate) fn path(&self, source: SourceId) -> Option<&str> {
        self.files.get(&source).map(|file| file.path.as_str())
    }

    /// The trees of all files, the document's own first.
    pub fn trees(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.root).chain(self.files.values().filter_map(|file| file.root.as_ref()))
    }

    /// The same, to change them; what is changed stays at its address.
    pub(crate) fn trees_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        std::iter::once(&mut self.root).chain(self.files.values_mut().filter_map(|file| file.root.as_mut()))
    }

    /// What is wrong in another file; nothing for the document itself, whose faults have been reported.
    pub(crate) fn found_in(&self, source: SourceId) -> Option<&Diagnostics> {
        self.files.get(&source).map(|file| &file.found)
    }

    /// The file that a `$ref` names, whatever is in it.
    pub(crate) fn named(&self, reference: &str, from: SourceId) -> Result<SourceId, NotRead> {
        let name = Reference::document_of(reference);
        if name.is_empty() {
            return Ok(from);
        }
        self.links.get(&from).and_then(|links| links.get(name)).cloned().unwrap_or(Err(NotRead::NotGiven))
    }

    /// The node that a `$ref` leads to that stands in the file `from`.
    ///
    /// # Errors
    /// Where it leads nowhere, what there is instead, or why the file that it names is not read.
    pub fn resolve(&self, reference: &str, from: SourceId) -> Result<&Node, RefError<'_>> {
        let file = self.named(reference, from).map_err(RefError::NotRead)?;
        let root = self.file(file).ok_or(RefError::NotRead(NotRead::Faulty))?;
        Reference::parse(reference)?.pointer.resolve(root)
    }
}

/// Reads one file within what is left, and takes off what it needed.
fn read_file(sources: &Sources, source: SourceId, left: &mut Limits, found: &mut Diagnostics) -> Option<Node> {
    let bytes = sources.bytes(source);
    let text = text::decode(bytes, source, left, found)?;
    let root = match language(sources.path(source), text.text) {
        Language::Json => json::read(text, left, found),
        Language::Yaml => yaml::read(text, left, found),
        Language::Either => read_either(text, left, found),
    }?;
    left.bytes = left.bytes.saturating_sub(bytes.len());
    Some(root)
}

/// The other files that may be meant anywhere in a tree, each once, in order. More may be named than are needed: a `$ref`
/// in an example is not one.
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
                // The values of a discriminator may be references too.
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

/// Whether the value of a discriminator's mapping is a reference; if not, it is the name of a schema.
pub fn is_reference(value: &str) -> bool {
    // No name of a component has one of the first two.
    value.contains(['#', '/']) || [".json", ".yaml", ".yml"].iter().any(|ending| value.ends_with(ending))
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
