//! What the table of OpenAPI's objects is made of: kinds of objects, shapes of values. The table is in `objects`.

use super::objects::{
    AUTHORIZATION_CODE_FLOW, CALLBACK, CLIENT_CERTIFICATE, CLIENT_CREDENTIALS_FLOW, COMPONENTS, CONTACT, DISCRIMINATOR,
    ENCODING, EXAMPLE, EXTERNAL_DOCS_OBJECT, HEADER, IMPLICIT_FLOW, INFO, LICENSE, LINK, MEDIA_TYPE, OAUTH_FLOWS,
    OPEN_API, OPERATION_OBJECT, PAGINATION, PARAMETER, PASSWORD_FLOW, PATH_ITEM, PATHS, REQUEST_BODY, RESPONSE,
    RESPONSES, SCHEMA_OBJECT, SECURITY_REQUIREMENT, SECURITY_SCHEME, SERVER, SERVER_VARIABLE, TAG, XML,
};

/// A kind of object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
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
    SecurityRequirement,
    /// Our extension `x-pagination`.
    Pagination,
    /// Our extension `x-client-certificate`.
    ClientCertificate,
}

/// What a value has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    Any,
    String,
    /// A string that is a URL.
    Url,
    /// A string that is an email address.
    Email,
    Boolean,
    Number,
    /// A number above 0.
    Positive,
    /// An integer that is not negative.
    Count,
    /// One of these strings.
    Choice(&'static [&'static str]),
    Object(Kind),
    /// An object, or a `$ref` to one.
    OrRef(Kind),
    /// A boolean, or a schema, or a `$ref` to one.
    BooleanOrSchema,
    List(&'static Shape),
    /// An object whose keys are names that the document's author chooses.
    Map(&'static Shape),
    /// The same, where the names have to match `^[a-zA-Z0-9._-]+$`.
    Components(&'static Shape),
}

/// A kind of object.
#[derive(Debug)]
pub(crate) struct Object {
    /// What messages call it, with its article.
    pub name: &'static str,
    pub fields: &'static [Field],
    pub others: Others,
}

/// A member that the specification names.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
}

/// Which members an object may have besides those that are named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Others {
    /// None but `x-…`.
    Extensions,
    /// Paths, which begin with `/`, and `x-…`.
    Paths,
    /// Status codes and their ranges, and `x-…`.
    Responses,
    /// Expressions, and `x-…`.
    Callbacks,
    /// Any name, for a list of strings.
    Requirements,
    /// None: this is an extension of ours.
    Nothing,
}

/// The members of a path item that are operations.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Kind {
    /// What messages call it, with its article.
    pub fn name(self) -> &'static str {
        self.object().name
    }

    /// The same, without its article.
    pub fn bare_name(self) -> &'static str {
        let name = self.name();
        name.split_once(' ').map_or(name, |(_, bare)| bare)
    }

    /// Its members.
    pub fn object(self) -> &'static Object {
        match self {
            Self::OpenApi => &OPEN_API,
            Self::Info => &INFO,
            Self::Contact => &CONTACT,
            Self::License => &LICENSE,
            Self::Server => &SERVER,
            Self::ServerVariable => &SERVER_VARIABLE,
            Self::Components => &COMPONENTS,
            Self::Paths => &PATHS,
            Self::PathItem => &PATH_ITEM,
            Self::Operation => &OPERATION_OBJECT,
            Self::ExternalDocs => &EXTERNAL_DOCS_OBJECT,
            Self::Parameter => &PARAMETER,
            Self::RequestBody => &REQUEST_BODY,
            Self::MediaType => &MEDIA_TYPE,
            Self::Encoding => &ENCODING,
            Self::Responses => &RESPONSES,
            Self::Response => &RESPONSE,
            Self::Callback => &CALLBACK,
            Self::Example => &EXAMPLE,
            Self::Link => &LINK,
            Self::Header => &HEADER,
            Self::Tag => &TAG,
            Self::Schema => &SCHEMA_OBJECT,
            Self::Discriminator => &DISCRIMINATOR,
            Self::Xml => &XML,
            Self::SecurityScheme => &SECURITY_SCHEME,
            Self::OAuthFlows => &OAUTH_FLOWS,
            Self::ImplicitFlow => &IMPLICIT_FLOW,
            Self::PasswordFlow => &PASSWORD_FLOW,
            Self::ClientCredentialsFlow => &CLIENT_CREDENTIALS_FLOW,
            Self::AuthorizationCodeFlow => &AUTHORIZATION_CODE_FLOW,
            Self::SecurityRequirement => &SECURITY_REQUIREMENT,
            Self::Pagination => &PAGINATION,
            Self::ClientCertificate => &CLIENT_CERTIFICATE,
        }
    }
}

impl Object {
    /// The member of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Shape {
    /// What messages call it.
    pub fn wanted(&self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Url => "a URL".to_owned(),
            Self::Email => "an email address".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Positive => "a number greater than 0".to_owned(),
            Self::Count => "a non-negative integer".to_owned(),
            Self::Choice([choice]) => format!("`{choice}`"),
            Self::Choice(choices) => format!("one of `{}`", choices.join("`, `")),
            Self::Object(kind) | Self::OrRef(kind) => format!("an object ({})", kind.bare_name()),
            Self::BooleanOrSchema => "a boolean or an object (schema)".to_owned(),
            Self::List(_) => "an array".to_owned(),
            Self::Map(_) | Self::Components(_) => "an object".to_owned(),
        }
    }
}
