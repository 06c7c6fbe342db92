//! What differs between the versions of OpenAPI 3.

use crate::source::Node;
use crate::spec::{Bound, SchemaType, TypeSet, Version};

use super::fields;

/// The dialect of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub version: Version,
}

impl Dialect {
    /// Returns the dialect of a document. Validation has checked its version.
    pub fn of(root: &Node) -> Self {
        let version = root.get("openapi").and_then(Node::as_str).unwrap_or_default();
        let version = match version {
            version if version.starts_with("3.2") => Version::V3_2,
            version if version.starts_with("3.1") => Version::V3_1,
            _ => Version::V3_0,
        };
        Self { version }
    }

    /// Returns the types in `type`: one name, since 3.1 also an array of names.
    pub fn types(self, value: &Node) -> TypeSet {
        let names = value.as_str().into_iter().chain(value.elements().iter().filter_map(Node::as_str));
        names.filter_map(SchemaType::named).collect()
    }

    /// Returns the limit of a number: `minimum` or `maximum`, with `exclusiveMinimum` or `exclusiveMaximum`.
    pub fn limit(self, schema: &Node, key: &str, exclusive: &str) -> Option<Bound> {
        let node = schema.get(key)?;
        let number = fields::number(node)?.clone();
        Some(Bound { number, exclusive: fields::is_true(schema, exclusive), span: node.span })
    }
}
