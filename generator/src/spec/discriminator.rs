//! Discriminators of unions and hierarchies.

use crate::source::Span;

use super::SchemaId;

/// `discriminator`
#[derive(Debug, Clone, PartialEq)]
pub struct Discriminator {
    /// `propertyName`; in Swagger 2.0 the discriminator itself.
    pub property: String,
    /// The location of the property's name.
    pub property_span: Span,
    /// `mapping`
    pub mapping: Vec<Mapping>,
    /// `defaultMapping`
    pub default: Option<SchemaId>,
    /// Its location.
    pub span: Span,
}

/// An entry of `mapping`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The value of the property.
    pub value: String,
    /// The schema that it selects. `None` if it does not exist.
    pub schema: Option<SchemaId>,
    /// The location of the value.
    pub span: Span,
}
