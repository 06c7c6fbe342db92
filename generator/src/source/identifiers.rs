//! Finds files and schemas by `$self`, `$id`, `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, section 8.2).
//!
//! Each file, and each schema with an `$id`, is a resource. References in a resource are relative to the URI of the
//! resource, and an anchor belongs to the resource that contains it. Only OpenAPI 3.1 and later have these keywords.

use std::collections::HashMap;

use url::Url;

use super::{Document, Node, Reference, SourceId};

/// The URIs and anchors of a document and the files that it refers to.
pub(crate) struct Identifiers<'d> {
    document: &'d Document,
    resources: Vec<Resource<'d>>,
    /// The index of each resource, by its URI without a fragment.
    by_uri: HashMap<String, usize>,
    /// The index of the resource of each file.
    files: HashMap<SourceId, usize>,
    /// The index of the resource of each schema with an `$id`, by the address of the schema.
    schemas: HashMap<*const Node, usize>,
    /// The index of the resource of each reference within a schema with an `$id`, by the address of the reference.
    owners: HashMap<*const Node, usize>,
    duplicates: Vec<Duplicate<'d>>,
    /// Whether the document or one of its files contains a `$dynamicRef`.
    has_dynamic_references: bool,
}

/// The index of a resource in [`Identifiers`].
pub(crate) type ResourceIndex = usize;

/// An identifier that two schemas have. References with the identifier refer to the first schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duplicate<'d> {
    /// The identifier of the second schema.
    pub identifier: &'d Node,
    /// The first schema.
    pub first: &'d Node,
    /// The second schema.
    pub second: &'d Node,
}

/// A schema with an `$id`, or a file.
struct Resource<'d> {
    root: &'d Node,
    uri: Option<Url>,
    anchors: HashMap<&'d str, &'d Node>,
    dynamic: HashMap<&'d str, &'d Node>,
}

/// The keywords whose values are references, or objects with references as values.
const REFERENCES: [&str; 4] = ["$ref", "$dynamicRef", "mapping", "defaultMapping"];
/// The keywords whose values are objects in which the keys are names, not keywords.
const NAMED: [&str; 14] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "mapping",
    "responses",
    "headers",
    "callbacks",
    "requestBodies",
    "pathItems",
    "mediaTypes",
    "webhooks",
];
/// The keywords whose values are data, which contains no keywords.
const DATA: [&str; 6] = ["example", "examples", "default", "enum", "const", "dataValue"];

/// A node to visit.
struct Visit<'d> {
    node: &'d Node,
    resource: usize,
    /// Whether the keys of the node are names, not keywords.
    has_names: bool,
}

impl<'d> Identifiers<'d> {
    /// Returns an empty collection, for documents of OpenAPI 3.0 and Swagger 2.0.
    pub fn none(document: &'d Document) -> Self {
        Self {
            document,
            resources: Vec::new(),
            by_uri: HashMap::new(),
            files: HashMap::new(),
            schemas: HashMap::new(),
            owners: HashMap::new(),
            duplicates: Vec::new(),
            has_dynamic_references: false,
        }
    }

    /// Finds the identifiers of a document of OpenAPI 3.1 or later.
    pub fn of(document: &'d Document) -> Self {
        let mut identifiers = Self::none(document);
        for tree in document.trees() {
            // Relative URIs are only compared within a file. Other files are found by their paths.
            let base = Url::parse(&format!("document://{}/", tree.span.source.0)).ok();
            let own = tree.get("$self").and_then(Node::as_str);
            let uri = own.and_then(|own| join(base.as_ref(), own)).or(base);
            let file = identifiers.resources.len();
            if let Some(uri) = &uri {
                identifiers.by_uri.entry(without_fragment(uri)).or_insert(file);
            }
            identifiers.add(tree, uri);
            identifiers.files.insert(tree.span.source, file);
            identifiers.visit(tree, file);
        }
        identifiers
    }

    fn add(&mut self, root: &'d Node, uri: Option<Url>) {
        self.resources.push(Resource { root, uri, anchors: HashMap::new(), dynamic: HashMap::new() });
    }

    fn visit(&mut self, tree: &'d Node, file: usize) {
        let mut waiting = vec![Visit { node: tree, resource: file, has_names: false }];
        while let Some(Visit { node, mut resource, has_names }) = waiting.pop() {
            if !has_names {
                resource = self.identify(node, resource);
            }
            for entry in node.entries().iter().rev() {
                let key = entry.key.as_str();
                if !has_names && REFERENCES.contains(&key) {
                    self.has_dynamic_references |= key == "$dynamicRef" && entry.value.as_str().is_some();
                    if resource != file {
                        let mapped = entry.value.entries().iter().map(|entry| &entry.value);
                        let references = std::iter::once(&entry.value).chain(mapped);
                        self.owners.extend(references.map(|reference| (std::ptr::from_ref(reference), resource)));
                    }
                }
                if has_names || !is_data(key) {
                    waiting.push(Visit {
                        node: &entry.value,
                        resource,
                        has_names: !has_names && has_named_values(key),
                    });
                }
            }
            waiting.extend(node.elements().iter().rev().map(|node| Visit { node, resource, has_names: false }));
        }
    }

    /// Adds the identifiers of a node. Returns the resource that the values in the node belong to.
    fn identify(&mut self, node: &'d Node, resource: usize) -> usize {
        let identifier = |key: &str| node.get(key).and_then(|value| Some((value, value.as_str()?)));
        let mut resource = resource;
        if let Some((value, id)) = identifier("$id").filter(|(_, id)| !id.starts_with('#')) {
            let uri = join(self.resources.get(resource).and_then(|resource| resource.uri.as_ref()), id);
            resource = self.resources.len();
            if let Some(uri) = &uri {
                let known = *self.by_uri.entry(without_fragment(uri)).or_insert(resource);
                if let Some(first) = self.resources.get(known) {
                    self.duplicates.push(Duplicate { identifier: value, first: first.root, second: node });
                }
            }
            self.add(node, uri);
            self.schemas.insert(node, resource);
        }
        if let Some(resource) = self.resources.get_mut(resource) {
            // In JSON Schema drafts before 2019-09, an anchor is an `$id` that begins with `#`.
            let old = identifier("$id").and_then(|(value, id)| Some((value, id.strip_prefix('#')?)));
            for (value, anchor) in [identifier("$anchor"), identifier("$dynamicAnchor"), old].into_iter().flatten() {
                let first = *resource.anchors.entry(anchor).or_insert(node);
                if !std::ptr::eq(first, node) {
                    self.duplicates.push(Duplicate { identifier: value, first, second: node });
                }
            }
            if let Some((_, anchor)) = identifier("$dynamicAnchor") {
                resource.dynamic.entry(anchor).or_insert(node);
            }
        }
        resource
    }

    /// Returns the identifiers that two schemas have.
    pub fn duplicates(&self) -> &[Duplicate<'d>] {
        &self.duplicates
    }

    /// Returns the target of a reference. Returns `None` if no resource has the URI of the reference, or if the
    /// resource does not contain the target.
    pub fn find(&self, reference: &'d Node) -> Option<&'d Node> {
        self.find_from(reference.as_str()?, reference)
    }

    /// Returns the target of a reference, like [`find`](Self::find). The reference is relative to the resource of the
    /// node `at`.
    pub fn find_from(&self, reference: &str, at: &Node) -> Option<&'d Node> {
        let (uri, fragment) = split(reference);
        let resource = self.resource(uri, at)?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return Reference::parse(&format!("#{fragment}")).ok()?.pointer.resolve(resource.root).ok();
        }
        resource.anchors.get(fragment).copied()
    }

    /// Returns whether a resource has the URI of a reference. The reference is relative to the resource of the node
    /// `at`. Returns `false` for a reference that is only a fragment.
    pub fn has_resource(&self, reference: &str, at: &Node) -> bool {
        let uri = split(reference).0;
        !uri.is_empty() && self.resource(uri, at).is_some()
    }

    /// Returns the resource with the URI `uri`, which is relative to the resource of the node `at`.
    fn resource(&self, uri: &str, at: &Node) -> Option<&Resource<'d>> {
        let owner = self.resources.get(self.owner_index(at)?)?;
        if uri.is_empty() {
            return Some(owner);
        }
        let absolute = join(owner.uri.as_ref(), uri).map(|uri| without_fragment(&uri));
        let index = absolute.and_then(|uri| self.by_uri.get(&uri)).or_else(|| {
            let file = self.document.named(uri, at.span.source).ok()?;
            self.files.get(&file)
        });
        self.resources.get(*index?)
    }

    /// Returns the resource that contains a reference.
    pub fn owner_index(&self, reference: &Node) -> Option<ResourceIndex> {
        let index = self
            .owners
            .get(&std::ptr::from_ref(reference))
            .or_else(|| self.files.get(&self.document.containing(reference.span.source)));
        index.copied()
    }

    /// Returns the resource whose root is `node`.
    pub fn resource_at(&self, node: &Node) -> Option<ResourceIndex> {
        self.schemas.get(&std::ptr::from_ref(node)).copied()
    }

    /// Returns the resource of a file.
    pub fn file(&self, source: SourceId) -> Option<ResourceIndex> {
        self.files.get(&source).copied()
    }

    /// Returns whether the document, or a file that it refers to, contains a `$dynamicRef`.
    pub fn has_dynamic_references(&self) -> bool {
        self.has_dynamic_references
    }

    /// Returns the schema in a resource that has the `$dynamicAnchor` with the name `anchor`.
    pub fn dynamic(&self, resource: ResourceIndex, anchor: &str) -> Option<&'d Node> {
        self.resources.get(resource)?.dynamic.get(anchor).copied()
    }

    /// Returns the names of the `$dynamicAnchor`s of a resource, each with its schema.
    pub fn dynamics(&self, resource: ResourceIndex) -> impl Iterator<Item = (&'d str, &'d Node)> {
        let resource = self.resources.get(resource).into_iter();
        resource.flat_map(|resource| resource.dynamic.iter().map(|(name, node)| (*name, *node)))
    }
}

/// Returns whether the keys of a keyword's value are names, not keywords.
pub(crate) fn has_named_values(keyword: &str) -> bool {
    NAMED.contains(&keyword)
}

/// Returns whether the value of a keyword is data, in which nothing is a keyword.
pub(crate) fn is_data(keyword: &str) -> bool {
    DATA.contains(&keyword)
}

/// Returns the anchor in a `$dynamicRef`: its fragment. Returns `None` if the fragment is empty or a JSON Pointer.
pub(crate) fn anchor(reference: &str) -> Option<&str> {
    Some(split(reference).1).filter(|fragment| !fragment.is_empty() && !fragment.starts_with('/'))
}

fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

fn join(base: Option<&Url>, reference: &str) -> Option<Url> {
    match base {
        Some(base) => base.join(reference).ok(),
        None => Url::parse(reference).ok(),
    }
}

fn without_fragment(uri: &Url) -> String {
    let mut uri = uri.clone();
    uri.set_fragment(None);
    uri.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    fn document(files: &[(&str, &str)]) -> Document {
        let mut sources = Sources::new();
        let ids: Vec<SourceId> = files.iter().map(|(path, text)| sources.add(*path, *text)).collect();
        Document::read(&sources, ids[0], &mut Diagnostics::new()).unwrap()
    }

    #[test]
    fn references_are_relative_to_id() {
        let text = "components:\n  schemas:\n    A:\n      $id: schemas/a\n      $anchor: top\n      properties:\n        b: {$ref: '#/$defs/B'}\n        c: {$ref: b}\n        d: {$ref: '#deep'}\n        e: {$ref: '#/components/schemas/C'}\n      $defs:\n        B: {$anchor: deep, type: string}\n    C:\n      $id: schemas/b\n      example: {$id: schemas/a, $ref: x}\n    D: {$ref: 'schemas/a#deep'}\n    E: {$ref: '#deep'}\n";
        let document = document(&[("a.yaml", text)]);
        let identifiers = Identifiers::of(&document);
        let schemas = document.root.get("components").unwrap().get("schemas").unwrap();
        let schema = |name: &str| schemas.get(name).unwrap();
        let property = |name: &str| schema("A").get("properties").unwrap().get(name).unwrap().get("$ref").unwrap();
        let deep = schema("A").get("$defs").unwrap().get("B").unwrap();
        let found = |reference| identifiers.find(reference).map(std::ptr::from_ref);
        assert_eq!(found(property("b")), Some(std::ptr::from_ref(deep)));
        assert_eq!(found(property("c")), Some(std::ptr::from_ref(schema("C"))));
        assert_eq!(found(property("d")), Some(std::ptr::from_ref(deep)));
        assert_eq!(found(property("e")), None, "a pointer is relative to the resource");
        assert_eq!(found(schema("D").get("$ref").unwrap()), Some(std::ptr::from_ref(deep)));
        assert_eq!(found(schema("E").get("$ref").unwrap()), None, "anchors belong to a resource");
    }

    #[test]
    fn self_is_base_of_references() {
        let a = "$self: https://example.com/api/openapi\ncomponents:\n  schemas:\n    A: {$ref: 'openapi#/components/schemas/B'}\n    B: {$ref: 'b.yaml'}\n    C: {$ref: 'https://example.com/api/other#/X'}\n    D: {$ref: 'b.yaml#x'}\n";
        let b = "$self: https://example.com/api/other\nX: {$anchor: x, type: string}\n";
        let document = document(&[("a.yaml", a), ("b.yaml", b)]);
        let identifiers = Identifiers::of(&document);
        let schemas = document.root.get("components").unwrap().get("schemas").unwrap();
        let find = |name: &str| identifiers.find(schemas.get(name).unwrap().get("$ref").unwrap());
        assert_eq!(find("A"), schemas.get("B"));
        let b = document.trees().nth(1).unwrap();
        assert_eq!(find("C"), b.get("X"));
        assert_eq!(find("B"), Some(b), "files are found by their paths");
        assert_eq!(find("D"), b.get("X"), "anchors in other files too");
    }
}
