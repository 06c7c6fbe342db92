//! Documentation of objects.

use crate::source::Span;

use super::Value;

/// `externalDocs`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDocs {
    /// `description`
    pub description: Option<String>,
    /// `url`
    pub url: String,
}

/// A named example of a parameter, header or media type. References are resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its name; empty if it has none.
    pub name: String,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `value`, or `dataValue` of OpenAPI 3.2.
    pub value: Option<Value>,
    /// `serializedValue` of OpenAPI 3.2: the value as it is sent.
    pub serialized: Option<String>,
    /// `externalValue`
    pub external: Option<String>,
    /// Its location.
    pub span: Span,
}

/// `xml`: how a value is represented in XML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Xml {
    /// `prefix`
    pub prefix: Option<String>,
    /// `name`
    pub name: Option<String>,
    /// `namespace`
    pub namespace: Option<String>,
    /// `attribute`
    pub attribute: bool,
    /// `wrapped`
    pub wrapped: bool,
}
