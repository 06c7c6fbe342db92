//! The types of which the tables in `objects` consist: kinds of objects, types of values, fields.

use super::version::Version;

/// A kind of object that the specifications of OpenAPI, or the extensions of Clientwright, define.
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
    /// The items object of Swagger 2.0: the items of an array in a parameter or header.
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

/// The type that a value in a document must have.
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
    /// One of these strings, or a non-empty array of these strings without duplicates.
    Types(&'static [&'static str]),
    Object(Kind),
    /// An object, or a `$ref` to one.
    OrRef(Kind),
    /// A boolean, a schema, or a `$ref` to one.
    BooleanOrSchema,
    /// A schema, or an array of schemas.
    SchemaOrList,
    /// A schema, a boolean, or an array of strings.
    SchemaOrStrings,
    List(&'static Shape),
    /// An array without duplicates.
    Set(&'static Shape),
    /// An object whose keys are names that the document's author chooses.
    Map(&'static Shape),
    /// Like `Map`, but the names must match `^[a-zA-Z0-9._-]+$`.
    Components(&'static Shape),
}

/// The definition of a kind of object.
#[derive(Debug)]
pub(crate) struct Object {
    /// The name of the object in messages, with an article, such as "a parameter".
    pub name: &'static str,
    /// The fields that the specification defines.
    pub fields: &'static [Field],
    /// The fields that the object may have besides `fields`.
    pub others: OtherFields,
}

/// A field that the specification defines.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// The version that introduced the field, if an earlier version shares this table. The field is also read in
    /// documents of the earlier version, and `lint` reports its use.
    pub since: Option<Version>,
}

/// The fields that an object may have besides those with a fixed name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum OtherFields {
    /// Only extensions: `x-…`.
    Extensions,
    /// Paths, which begin with `/`, and `x-…`.
    Paths,
    /// Status codes and their ranges, and `x-…`.
    Responses,
    /// Runtime expressions, and `x-…`.
    Callbacks,
    /// Names of security schemes. Each value is an array of strings.
    Requirements,
    /// None. For the objects of Clientwright's extensions.
    Nothing,
}

/// The fields of a path item that contain operations in OpenAPI 3.0. Swagger 2.0 has no `trace`; OpenAPI 3.2 has
/// further fields.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Creates a required field.
pub(super) const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true, since: None }
}

/// Creates an optional field.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false, since: None }
}

/// Marks a field as new in OpenAPI 3.2.
pub(super) const fn since_3_2(field: Field) -> Field {
    Field { since: Some(Version::V3_2), ..field }
}

/// Creates the definition of an object with these fields, which may also have extensions.
pub(super) const fn object(name: &'static str, fields: &'static [Field]) -> Object {
    Object { name, fields, others: OtherFields::Extensions }
}

impl Object {
    /// Returns the field with the name `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the name of the object in messages, with an article and the word "object".
    pub fn object_name(&self) -> String {
        if self.name.ends_with(" object") { self.name.to_owned() } else { format!("{} object", self.name) }
    }

    /// Returns the name of the object in messages, without an article.
    pub fn bare_name(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(_, bare)| bare)
    }
}

impl Shape {
    /// Returns a description of the type for messages. Describes every kind of object as "an object".
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
            Self::BooleanOrSchema => "a boolean or a schema object".to_owned(),
            Self::SchemaOrList => "a schema object or an array of them".to_owned(),
            Self::SchemaOrStrings => "a schema object or an array of strings".to_owned(),
            Self::List(_) | Self::Set(_) => "an array".to_owned(),
        }
    }
}
