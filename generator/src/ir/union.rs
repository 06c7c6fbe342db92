//! Defines unions of types, and how values are recognized as their variants.

use crate::source::Span;

use super::{Doc, Type};

/// A union of types, from `oneOf`, `anyOf` or a base schema with a discriminator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Union {
    /// The variants, in document order.
    pub variants: Vec<Variant>,
    /// Whether a value may match several variants at once, as with `anyOf`.
    pub any_of: bool,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The type of the value.
    pub ty: Type,
    /// The name in the document: the title of the schema or the value of the discriminator.
    pub label: Option<String>,
    /// The documentation. Empty if the type has a definition with documentation.
    pub doc: Doc,
    /// The condition that a JSON value must meet to be deserialized as this variant.
    pub test: Test,
    /// The source location.
    pub span: Span,
}

/// The condition that a JSON value must meet to be deserialized as a variant of a union.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// The value has one of these JSON types.
    Kind(Vec<JsonKind>),
    /// The value is an object with this property, which no other variant defines.
    Property(String),
    /// The value is an object in which this property has one of these values. No other variant of the union allows
    /// these values.
    PropertyValue(String, Vec<String>),
    /// The value is an object whose discriminator has one of these values.
    Discriminator(DiscriminatorValues),
    /// The value has one of these JSON types, and meets the condition of no other variant.
    Otherwise(Vec<JsonKind>),
    /// The value has one of these JSON types, meets the condition of no other variant, and can be deserialized as this
    /// variant but not as an earlier variant.
    Trial(Vec<JsonKind>),
}

/// The discriminator values of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DiscriminatorValues {
    /// The name of the discriminator property.
    pub property: String,
    /// The values that select the variant. Empty only if `is_base` is set and the base schema has no value of its own.
    pub values: Vec<String>,
    /// The number of values at the beginning of `values` that clients may send. The remaining values are only accepted
    /// in responses.
    pub chosen: usize,
    /// Whether the variant is the base schema of other variants. The base variant accepts all objects whose
    /// discriminator selects no other variant.
    pub is_base: bool,
}

/// A JSON type, except `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonKind {
    /// A boolean.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number with a fraction.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonKind {
    /// All types.
    pub const ALL: [Self; 6] = [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];
}
