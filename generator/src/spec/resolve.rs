//! Resolves the references of a document while it is read into the model.

use crate::source::{Document, Identifiers, Node};
use crate::validate::MAX_REFERENCE_CHAIN;

use super::{Schema, SchemaId, Spec};

/// A resolver for the references of a document.
pub(super) struct Resolver<'d> {
    document: &'d Document,
    identifiers: Identifiers<'d>,
}

impl<'d> Resolver<'d> {
    pub fn new(document: &'d Document, identifiers: Identifiers<'d>) -> Self {
        Self { document, identifiers }
    }

    /// Returns the values that `$id`, `$self`, `$anchor` and `$dynamicAnchor` identify.
    pub fn identifiers(&self) -> &Identifiers<'d> {
        &self.identifiers
    }

    /// Returns the target of the `$ref` of a node. `None` if the node has no `$ref`, or if the target does not exist.
    pub fn target(&self, node: &'d Node) -> Option<&'d Node> {
        self.find(node.get("$ref")?)
    }

    /// Returns the target of a reference. `reference` is the string that contains it.
    pub fn find(&self, reference: &'d Node) -> Option<&'d Node> {
        self.find_from(reference.as_str()?, reference)
    }

    /// Returns the target of a reference. The reference is relative to the schema resource or file that contains `at`.
    pub fn find_from(&self, reference: &str, at: &'d Node) -> Option<&'d Node> {
        let found = self.identifiers.find_from(reference, at);
        found.or_else(|| self.document.resolve(reference, at.span.source).ok())
    }

    /// Returns the node, or the final target of its reference. `None` if a target does not exist, or if the chain of
    /// references is too long.
    pub fn resolve(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCE_CHAIN {
            if !is_reference(node) {
                return Some(node);
            }
            node = self.target(node)?;
        }
        None
    }
}

/// Returns whether a node has a `$ref`.
pub(super) fn is_reference(node: &Node) -> bool {
    node.get("$ref").is_some_and(|reference| reference.as_str().is_some())
}

impl Spec {
    /// Returns a schema and the targets of its chain of references: the target of the schema's reference, the target of
    /// the reference of that target, and so on. Only the last schema has no reference.
    pub fn chain(&self, schema: SchemaId) -> impl Iterator<Item = &Schema> {
        let first = &self.schemas[schema];
        std::iter::successors(Some(first), |schema| Some(&self.schemas[schema.reference?])).take(MAX_REFERENCE_CHAIN)
    }
}
