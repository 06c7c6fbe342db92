//! Defines the documentation and the constraints of values.

use crate::source::Number;

use super::ExternalDocs;

/// The documentation of a value, including constraints that the Rust type does not express.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Doc {
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `externalDocs` of the schema and of the inline schemas that are merged into it, e.g. from `allOf`.
    pub external_docs: Vec<ExternalDocs>,
    /// `deprecated`
    pub deprecated: bool,
    /// The constraints that the Rust type does not express.
    pub constraints: Vec<Constraint>,
    /// `default`, as JSON.
    pub default: Option<String>,
    /// `example` and `examples`.
    pub examples: Vec<Example>,
    /// The documentation of the items of an array. `None` if the type of the items has a definition with documentation.
    pub items: Option<Box<Doc>>,
    /// The documentation of the values of a map. `None` if the type of the values has a definition with documentation.
    pub values: Option<Box<Doc>>,
    /// The documentation of each schema in a `oneOf` or `anyOf` whose schemas all have the same type, so that no union
    /// is generated.
    pub variants: Vec<Doc>,
}

/// An example of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Example {
    /// The value as JSON, or in the serialized form that is sent (`serializedValue`).
    pub value: String,
    /// The summary or description.
    pub description: Option<String>,
}

/// A constraint of a value that the Rust type does not express.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// `format`
    Format(String),
    /// `pattern`
    Pattern(String),
    /// The values of `enum` as JSON, if no enum type is generated for them.
    OneOf(Vec<String>),
    /// The schema in `not`, as JSON.
    Not(String),
    /// A keyword that no Rust type expresses, such as `if` or `contains`, and its value as JSON.
    Assertion(&'static str, String),
    /// `patternProperties`: the patterns of property names.
    PropertyPatterns(Vec<String>),
    /// `propertyNames`: the constraints of property names.
    PropertyNames(Vec<Constraint>),
    /// `contentMediaType`
    MediaType(String),
    /// `contentEncoding`
    ContentEncoding(String),
    /// `oneOf` or `anyOf` whose schemas only require or exclude properties: a choice between conditions.
    Properties {
        /// Whether exactly one of the choices must match (`oneOf`), instead of at least one (`anyOf`).
        exactly_one: bool,
        /// The choices.
        choices: Vec<Condition>,
    },
    /// `xml`: the representation of the value in XML. It is only documented: callers read and write XML themselves.
    Xml {
        /// `prefix`
        prefix: Option<String>,
        /// `name`
        name: Option<String>,
        /// `namespace`
        namespace: Option<String>,
        /// `attribute`
        attribute: bool,
        /// `wrapped`
        wrapped: bool,
    },
    /// `minLength`
    MinLength(Number),
    /// `maxLength`
    MaxLength(Number),
    /// `minimum` or `exclusiveMinimum`
    Minimum(Limit),
    /// `maximum` or `exclusiveMaximum`
    Maximum(Limit),
    /// `multipleOf`
    MultipleOf(Number),
    /// `minItems`
    MinItems(Number),
    /// `maxItems`
    MaxItems(Number),
    /// `minProperties`
    MinProperties(Number),
    /// `maxProperties`
    MaxProperties(Number),
    /// `uniqueItems`
    UniqueItems,
    /// `readOnly`, if callers of the generated client can set the value nevertheless.
    ReadOnly,
    /// The property is listed in `required`, but is not defined in `properties`.
    Undefined,
    /// The value is a JSON merge patch (RFC 7396).
    MergePatch,
    /// The value is a sequence of JSON values, one per line.
    JsonLines,
    /// The value is an event whose event type is one of these.
    EventTypes(Vec<String>),
}

/// A condition that an object must meet: one of the choices of [`Constraint::Properties`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The names of properties that are required together.
    pub required: Vec<String>,
    /// The schema in `not`, as JSON.
    pub not: Option<String>,
}

/// A limit of a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The limit, with all digits as in the document.
    pub number: Number,
    /// Whether the limit itself is excluded.
    pub exclusive: bool,
}

/// The values of keywords of a value's schema. Includes keywords of the target of the schema's `$ref` and of the
/// schemas in its `allOf`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Facts {
    /// `default`, as JSON.
    pub default: Option<String>,
    /// `minimum`
    pub minimum: Option<Limit>,
}
