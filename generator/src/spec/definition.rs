//! Named schemas.

use crate::source::Span;

use super::{SchemaId, SchemaPath};

/// A schema with a name, which can be the target of references.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name of the component. For a schema that is not a component, a name that no component has.
    pub name: String,
    /// The schema.
    pub schema: SchemaId,
    /// The path to the place where the schema is defined.
    pub path: SchemaPath,
    /// The location of the name. For a schema that is not a component, the location of the schema.
    pub span: Span,
}
