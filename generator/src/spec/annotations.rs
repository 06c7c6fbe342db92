//! Objects that document other objects: links to documentation, examples, and `xml`.

use crate::source::Span;

use super::Value;

/// `externalDocs`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalDocs {
    /// `description`
    pub description: Option<String>,
    /// `url`
    pub url: String,
}

/// A named example of a parameter, header or media type. References are resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The name of the example. Empty if it has none.
    pub name: String,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `value`, or `dataValue` of OpenAPI 3.2.
    pub value: Option<Value>,
    /// `serializedValue` of OpenAPI 3.2: the value in the form in which it is sent.
    pub serialized: Option<String>,
    /// `externalValue`
    pub external: Option<String>,
    /// The location of the example.
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
