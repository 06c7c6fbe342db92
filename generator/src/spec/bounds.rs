//! Limits on the size of values.

use crate::source::{Number, Span};

/// The limits on numbers, strings, arrays and objects that a schema specifies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// `minimum` or `exclusiveMinimum`, whichever is greater.
    pub minimum: Option<Bound>,
    /// `maximum` or `exclusiveMaximum`, whichever is less.
    pub maximum: Option<Bound>,
    /// `multipleOf`
    pub multiple_of: Option<Bound>,
    /// `minLength`
    pub min_length: Option<Bound>,
    /// `maxLength`
    pub max_length: Option<Bound>,
    /// `minItems`
    pub min_items: Option<Bound>,
    /// `maxItems`
    pub max_items: Option<Bound>,
    /// `minProperties`
    pub min_properties: Option<Bound>,
    /// `maxProperties`
    pub max_properties: Option<Bound>,
    /// `uniqueItems`
    pub unique_items: bool,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The number, with its digits.
    pub number: Number,
    /// Whether the number itself is excluded.
    pub exclusive: bool,
    /// Its location.
    pub span: Span,
}
