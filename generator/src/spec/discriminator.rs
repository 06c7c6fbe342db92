//! Discriminators of unions and hierarchies.

use crate::source::Span;

use super::SchemaId;

/// `discriminator`
#[derive(Debug, Clone, PartialEq)]
pub struct Discriminator {
    /// `propertyName`; in Swagger 2.0, the value of `discriminator`.
    pub property: String,
    /// The location of the property's name.
    pub property_span: Span,
    /// `mapping`
    pub mapping: Vec<Mapping>,
    /// `defaultMapping`
    pub default: Option<SchemaId>,
    /// The location of the value of `discriminator`.
    pub span: Span,
}

/// An entry of `mapping`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The value of the property that the discriminator names.
    pub value: String,
    /// The schema that the value selects. `None` if the schema does not exist.
    pub schema: Option<SchemaId>,
    /// The location of the value.
    pub span: Span,
}
