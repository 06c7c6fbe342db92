//! Defines the root of the intermediate representation: an API with its servers, security schemes, types and
//! operations.

use crate::source::Span;

use super::{Contact, ExternalDocs, License, Operation, Type, TypeDef, Webhooks};

/// An API, created from one OpenAPI document.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// `info.title`
    pub title: String,
    /// `info.version`
    pub version: String,
    /// `info.summary`. `None` if it repeats the description.
    pub summary: Option<String>,
    /// `info.description`
    pub description: Option<String>,
    /// `externalDocs` of `info` and of the document.
    pub external_docs: Vec<ExternalDocs>,
    /// `info.contact`
    pub contact: Option<Contact>,
    /// `info.license`
    pub license: Option<License>,
    /// `info.termsOfService`
    pub terms_of_service: Option<String>,
    /// `servers` of the document. If the document lists none: one server with the URL `/`, or no server if every
    /// operation lists servers.
    pub servers: Vec<Server>,
    /// `servers` of path items and operations, without duplicates, in document order.
    pub operation_servers: Vec<Server>,
    /// The security schemes, in document order.
    pub security_schemes: Vec<SecurityScheme>,
    /// The definitions of component schemas and of inline schemas that need a Rust type, indexed by `TypeId`.
    pub types: Vec<TypeDef>,
    /// The location and type of each schema in the document, including inline schemas.
    pub schemas: Vec<(Span, Type)>,
    /// The operations, grouped by tag. An operation is in the group of its first tag that has no kind or the kind
    /// `nav`, or else of its first tag. The groups are in the order of `tags` of the document; tags that are not listed
    /// there follow in the order of their first use.
    pub groups: Vec<Group>,
    /// Whether a client is generated. Documents without `paths`, e.g. with webhooks only, need no client.
    pub has_client: bool,
    /// The webhooks.
    pub webhooks: Webhooks,
    /// `x-request-id-header`: the name of the response header that contains the ID of the request.
    pub request_id_header: Option<String>,
    /// The names of all properties that are marked as sensitive in any schema, sorted.
    pub sensitive_properties: Vec<String>,
}

impl Api {
    /// Returns the variables of all servers, including servers of path items and operations.
    pub fn server_variables(&self) -> impl Iterator<Item = &ServerVariable> {
        self.servers.iter().chain(&self.operation_servers).flat_map(|server| &server.variables)
    }
}

/// The operations of one tag, for which a sub-client is generated.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The name of the tag. `None` for the group of operations without tags.
    pub tag: Option<String>,
    /// The tags that contain this tag (`parent`), from the outermost to the innermost.
    pub parents: Vec<ParentTag>,
    /// `kind` of the tag, e.g. `nav`.
    pub kind: Option<String>,
    /// The summary and the description of the tag.
    pub description: Option<String>,
    /// `externalDocs` of the tag.
    pub external_docs: Option<ExternalDocs>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The operations that the tag groups, in document order.
    pub operations: Vec<Operation>,
    /// The location of the tag in `tags` of the document, or else in the first operation of the group.
    pub span: Span,
}

/// A tag that contains other tags.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentTag {
    /// The name.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
}

/// A tag of an operation, other than the tag that determines the operation's group.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// The summary and the description.
    pub description: Option<String>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
}

/// A server of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The name with which callers select the server: `name` or `x-name`, or the description if both are missing.
    pub name: Option<String>,
    /// The URL, with a placeholder such as `{region}` for each variable. May be relative to the URL of the document.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables, in document order.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The name in the placeholder of the URL.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `default`: the value that is used if callers set no value.
    pub default: String,
    /// `enum`: the allowed values; empty if any value is allowed.
    pub allowed: Vec<String>,
    /// `x-required`: whether callers must set a value, because the default is only an example.
    pub required: bool,
    /// The source location.
    pub span: Span,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityScheme {
    /// The name in `components.securitySchemes`.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// The type of the credential, and how it is sent.
    pub kind: SchemeKind,
    /// `x-client-certificate`: a TLS client certificate that may replace the credential.
    pub client_certificate: Option<ClientCertificate>,
    /// The source location.
    pub span: Span,
}

/// The type of a security scheme, which determines how the credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// An API key.
    ApiKey {
        /// The part of the request that contains the key.
        location: ApiKeyLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
    },
    /// HTTP basic authentication (RFC 7617).
    Basic,
    /// HTTP bearer authentication (RFC 6750).
    Bearer {
        /// `bearerFormat`
        format: Option<String>,
    },
    /// Another authentication scheme of the header `Authorization`, e.g. `Digest`.
    Http {
        /// The name of the authentication scheme.
        scheme: String,
    },
    /// Mutual TLS (RFC 8446, section 4.3.2). The credential is the client certificate of the connection.
    MutualTls,
    /// OAuth2 (RFC 6749). The token is sent as a bearer token.
    OAuth2 {
        /// The flows, in document order.
        flows: Vec<OAuthFlow>,
        /// `oauth2MetadataUrl`: the URL of the metadata of the authorization server (RFC 8414).
        metadata_url: Option<String>,
    },
    /// OpenID Connect. The token is sent as a bearer token.
    OpenIdConnect {
        /// The URL of the discovery document.
        url: String,
    },
}

impl SchemeKind {
    /// Returns whether the credential is a bearer token. An authorization server can issue such credentials.
    pub fn is_token(&self) -> bool {
        match self {
            Self::Bearer { .. } | Self::OAuth2 { .. } | Self::OpenIdConnect { .. } => true,
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } | Self::MutualTls => false,
        }
    }

    /// Returns whether the credential is an API key in the header `Authorization`. Documents of Swagger 2.0 define
    /// bearer tokens in this way, because Swagger 2.0 has no security scheme for bearer tokens.
    pub fn is_authorization_key(&self) -> bool {
        matches!(self, Self::ApiKey { location: ApiKeyLocation::Header, name } if name.eq_ignore_ascii_case("authorization"))
    }
}

/// An OAuth2 flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// The key in `flows`: `clientCredentials`, `authorizationCode`, …
    pub name: String,
    /// `authorizationUrl`
    pub authorization_url: Option<String>,
    /// `deviceAuthorizationUrl`
    pub device_authorization_url: Option<String>,
    /// `tokenUrl`
    pub token_url: Option<String>,
    /// `refreshUrl`
    pub refresh_url: Option<String>,
    /// `scopes`: the names and descriptions.
    pub scopes: Vec<(String, String)>,
}

impl OAuthFlow {
    /// The name of the client credentials flow, which involves no user.
    pub const CLIENT_CREDENTIALS: &str = "clientCredentials";
}

/// The part of a request that contains an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// The rule for a TLS client certificate that replaces a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The prefix that is added to the host of the server if a certificate is used. Includes the dot: e.g.
    /// `clientauth.`.
    pub host_prefix: String,
}
