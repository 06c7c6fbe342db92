//! The building blocks of the tables of objects: kinds of objects, types of values, fields.

use super::version::Version;

/// A kind of object of the specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// The root of a document.
    OpenApi,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    /// The items of an array in a parameter or header of 2.0.
    Items,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    ImplicitFlow,
    PasswordFlow,
    ClientCredentialsFlow,
    AuthorizationCodeFlow,
    DeviceAuthorizationFlow,
    SecurityRequirement,
    /// The extension `x-pagination`.
    Pagination,
    /// The extension `x-client-certificate`.
    ClientCertificate,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    Any,
    String,
    /// A string that is a URL.
    Url,
    /// A string that is an email address.
    Email,
    /// A string that is a media type.
    MediaType,
    /// A string that identifies a schema: a URI without a fragment.
    SchemaUri,
    /// A string that names a schema within its document.
    Anchor,
    Boolean,
    Number,
    /// A number greater than 0.
    Positive,
    /// A non-negative integer.
    Count,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// One of these strings, or an array of several different ones.
    Types(&'static [&'static str]),
    Object(Kind),
    /// An object, or a `$ref` to one.
    OrRef(Kind),
    /// A boolean, a schema, or a `$ref` to one.
    BooleanOrSchema,
    /// A schema, or an array of them.
    SchemaOrList,
    /// A schema, or an array of strings.
    SchemaOrStrings,
    List(&'static Shape),
    /// An array without duplicates.
    Set(&'static Shape),
    /// An object whose keys are names that the document's author chooses.
    Map(&'static Shape),
    /// The same, where the names have to match `^[a-zA-Z0-9._-]+$`.
    Components(&'static Shape),
}

/// The definition of a kind of object.
#[derive(Debug)]
pub(crate) struct Object {
    /// Its name in messages, with its article.
    pub name: &'static str,
    /// The fields that the specification defines.
    pub fields: &'static [Field],
    /// The other fields that it may have.
    pub others: OtherFields,
}

/// A field that the specification defines.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// The version that introduced the field, if an earlier version shares this table. The field is also read in
    /// documents of the earlier version, and `lint` reports it.
    pub since: Option<Version>,
}

/// The fields that an object may have besides those with a fixed name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum OtherFields {
    /// Only `x-…`.
    Extensions,
    /// Paths, which begin with `/`, and `x-…`.
    Paths,
    /// Status codes and their ranges, and `x-…`.
    Responses,
    /// Expressions, and `x-…`.
    Callbacks,
    /// Any name, for an array of strings.
    Requirements,
    /// None: an extension of Clientwright.
    Nothing,
}

/// The fields of a path item that are operations in all versions.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A required field.
pub(super) const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true, since: None }
}

/// An optional field.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false, since: None }
}

/// A field that is new in OpenAPI 3.2.
pub(super) const fn since_3_2(field: Field) -> Field {
    Field { since: Some(Version::V3_2), ..field }
}

/// An object with these fields and extensions.
pub(super) const fn object(name: &'static str, fields: &'static [Field]) -> Object {
    Object { name, fields, others: OtherFields::Extensions }
}

impl Object {
    /// Returns the field with a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns its name in messages, without its article.
    pub fn bare_name(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(_, bare)| bare)
    }
}

impl Shape {
    /// Returns a description for messages. Does not include the name of the expected object.
    pub fn expected(&self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Url => "a URL".to_owned(),
            Self::Email => "an email address".to_owned(),
            Self::MediaType => "a media type".to_owned(),
            Self::SchemaUri => "a URI without a fragment".to_owned(),
            Self::Anchor => "an anchor: a letter or `_`, then letters, digits, `-`, `_` and `.`".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Positive => "a number greater than 0".to_owned(),
            Self::Count => "a non-negative integer".to_owned(),
            Self::Choice([choice]) => format!("`{choice}`"),
            Self::Choice(choices) => format!("one of `{}`", choices.join("`, `")),
            Self::Types(_) => "a string or an array of strings".to_owned(),
            Self::Object(_) | Self::OrRef(_) | Self::Map(_) | Self::Components(_) => "an object".to_owned(),
            Self::BooleanOrSchema => "a boolean or an object (schema)".to_owned(),
            Self::SchemaOrList => "an object (schema) or an array of them".to_owned(),
            Self::SchemaOrStrings => "an object (schema) or an array of strings".to_owned(),
            Self::List(_) | Self::Set(_) => "an array".to_owned(),
        }
    }
}
