//! The differences between the versions of OpenAPI.

use std::cmp::Ordering;

use crate::source::Node;
use crate::spec::{Bound, SchemaType, TypeSet, Version};

use super::fields;

/// The version of OpenAPI in which a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub version: Version,
}

impl Dialect {
    /// Returns whether the document is written in Swagger 2.0.
    pub fn is_swagger(self) -> bool {
        self.version == Version::V2_0
    }

    /// Returns whether the version is OpenAPI 3.1 or later. These versions use JSON Schema 2020-12. The additions of
    /// 3.2 are read in documents of 3.1 too.
    pub fn has_json_schema(self) -> bool {
        self.version >= Version::V3_1
    }

    /// Returns the lower limit of a number, from `minimum` and `exclusiveMinimum`.
    pub fn minimum(self, schema: &Node) -> Option<Bound> {
        self.limit(schema, ("minimum", "exclusiveMinimum"), Ordering::Greater)
    }

    /// Returns the upper limit of a number, from `maximum` and `exclusiveMaximum`.
    pub fn maximum(self, schema: &Node) -> Option<Bound> {
        self.limit(schema, ("maximum", "exclusiveMaximum"), Ordering::Less)
    }

    /// Returns a limit of a number. Before 3.1, the keyword `exclusive` is a boolean that makes the limit `key`
    /// exclusive. Since 3.1, it is a limit of its own, and the stricter of both limits is returned.
    fn limit(self, schema: &Node, (key, exclusive): (&str, &str), stricter: Ordering) -> Option<Bound> {
        let bound = |key: &str, exclusive: bool| {
            let node = schema.get(key)?;
            Some(Bound { number: fields::number(node)?.clone(), exclusive, span: node.span })
        };
        let inclusive = bound(key, fields::is_true(schema, exclusive));
        let exclusive = bound(exclusive, true).filter(|_| self.has_json_schema());
        match (inclusive, exclusive) {
            (Some(inclusive), Some(exclusive)) => {
                let is_stricter = inclusive.compare(&exclusive) == stricter;
                Some(if is_stricter { inclusive } else { exclusive })
            }
            (inclusive, exclusive) => inclusive.or(exclusive),
        }
    }
}

/// Returns the types in a value of `type`, which is a name or an array of names.
pub(super) fn types(value: &Node) -> TypeSet {
    let names = value.as_str().into_iter().chain(value.elements().iter().filter_map(Node::as_str));
    names.filter_map(SchemaType::named).collect()
}
