//! Schemas with a name or a type of their own.

use crate::source::Span;

use super::{SchemaId, SchemaPath};

/// A schema that references can lead to.
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
