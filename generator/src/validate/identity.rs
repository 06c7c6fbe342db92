//! Schemas that are identified by `$id`, `$anchor` or `$dynamicAnchor` (JSON Schema 2020-12, section 8.2).

use std::collections::HashMap;

use url::Url;

use super::version::Version;
use crate::source::{Document, Node, Reference, SourceId};

/// The schema resources of a document: the document itself, and each schema with an `$id`.
pub(super) struct Resources<'d> {
    resources: Vec<Resource<'d>>,
    /// The resource with each URI.
    by_uri: HashMap<Url, usize>,
    /// The schemas with anchors, by resource, file and name.
    anchors: HashMap<(usize, SourceId, &'d str), &'d Node>,
    /// The identifiers that are used again: the second `$id` or anchor, and the schema that has the first.
    duplicates: Vec<(&'d Node, &'d Node)>,
}

/// A schema resource.
struct Resource<'d> {
    /// Its absolute URI.
    uri: Option<Url>,
    root: &'d Node,
}

/// The base URI of documents without `$self`. It only serves to compare identifiers and is never retrieved.
const NO_BASE: &str = "document:///";

impl<'d> Resources<'d> {
    /// Creates the collection with the document as its first resource.
    pub fn new(document: &'d Document, version: Version) -> Self {
        let root = &document.root;
        let own = root.get("$self").filter(|_| version >= Version::V3_1).and_then(Node::as_str);
        let base = Url::parse(NO_BASE).ok();
        let uri = own.and_then(|own| base.as_ref()?.join(own).ok()).or(base);
        let by_uri = uri.clone().filter(|_| own.is_some()).map(|uri| (uri, 0)).into_iter().collect();
        Self { resources: vec![Resource { uri, root }], by_uri, anchors: HashMap::new(), duplicates: Vec::new() }
    }

    /// Adds the identifiers of a schema in a resource. Returns the resource that its parts belong to.
    pub fn add(&mut self, schema: &'d Node, resource: usize) -> usize {
        let id = schema.get("$id").and_then(|id| Some((id, self.absolute(id.as_str()?, resource)?)));
        let resource = match id {
            Some((id, uri)) => {
                let added = self.resources.len();
                self.resources.push(Resource { uri: Some(uri.clone()), root: schema });
                let known = *self.by_uri.entry(uri).or_insert(added);
                if let Some(first) = self.resources.get(known).filter(|_| known != added) {
                    self.duplicates.push((id, first.root));
                }
                added
            }
            None => resource,
        };
        for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(|name| schema.get(name)) {
            let Some(name) = anchor.as_str() else { continue };
            let first = *self.anchors.entry((resource, schema.span.source, name)).or_insert(schema);
            if !std::ptr::eq(first, schema) {
                self.duplicates.push((anchor, first));
            }
        }
        resource
    }

    /// Returns the identifiers that are used again, with the schemas that have the first.
    pub fn take_duplicates(&mut self) -> Vec<(&'d Node, &'d Node)> {
        std::mem::take(&mut self.duplicates)
    }

    /// Returns the target of a reference to an identifier, and the resource that contains it. Returns `None` for
    /// references by file name and JSON Pointer alone.
    pub fn resolve(&self, text: &str, from: SourceId, resource: usize) -> Option<(&'d Node, usize)> {
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let resource = match uri {
            "" => resource,
            _ => *self.by_uri.get(&self.absolute(uri, resource)?)?,
        };
        let root = self.resources.get(resource)?.root;
        let is_document = resource == 0 && uri.is_empty();
        let target = match fragment {
            "" if is_document => None,
            "" => Some(root),
            _ if fragment.starts_with('/') => {
                let pointer = Reference::parse(text).ok()?.pointer;
                pointer.resolve(root).ok().filter(|_| !is_document)
            }
            _ => self.anchors.get(&(resource, if uri.is_empty() { from } else { root.span.source }, fragment)).copied(),
        };
        target.map(|target| (target, resource))
    }

    /// Returns whether the file name of a reference is the URI of a resource.
    pub fn is_resource(&self, text: &str, resource: usize) -> bool {
        let uri = Reference::document_of(text);
        !uri.is_empty() && self.absolute(uri, resource).is_some_and(|uri| self.by_uri.contains_key(&uri))
    }

    /// Returns a URI that is relative to a resource as an absolute URI without its fragment.
    fn absolute(&self, uri: &str, resource: usize) -> Option<Url> {
        let base = self.resources.get(resource)?.uri.as_ref()?;
        let mut uri = base.join(uri).ok()?;
        uri.set_fragment(None);
        Some(uri)
    }
}
