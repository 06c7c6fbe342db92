//! Named schemas.

use crate::source::Span;

use super::{SchemaId, SchemaPath};

/// A schema with a name, which can be the target of references.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name of the component. For other schemas, a name that no component has.
    pub name: String,
    /// The schema.
    pub schema: SchemaId,
    /// Where it is defined.
    pub path: SchemaPath,
    /// The location of its name.
    pub span: Span,
}
