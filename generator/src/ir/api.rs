//! An API as a whole: its servers, security schemes, types and operations.

use crate::source::Span;

use super::{Operation, Type, TypeDef};

/// One API.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// `info.title`
    pub title: String,
    /// `info.version`
    pub version: String,
    /// `info.description`
    pub description: Option<String>,
    /// The servers. If the document lists none, a single `/`, unless each operation has its own servers.
    pub servers: Vec<Server>,
    /// The servers of paths and operations, without duplicates, in document order.
    pub operation_servers: Vec<Server>,
    /// The security schemes, in document order.
    pub security_schemes: Vec<SecurityScheme>,
    /// All named and inline types, indexed by `TypeId`.
    pub types: Vec<TypeDef>,
    /// The location and type of each schema: of components, bodies, responses, parameters, properties, items and
    /// variants.
    pub schemas: Vec<(Span, Type)>,
    /// The operations, grouped by their first tag, in the order of `tags`, then of first use.
    pub groups: Vec<Group>,
    /// `x-request-id-header`: the response header that contains the server's ID of a request.
    pub request_id_header: Option<String>,
    /// The names of all properties that are sensitive anywhere, sorted.
    pub sensitive_properties: Vec<String>,
}

impl Api {
    /// Returns the variables of all servers.
    pub fn server_variables(&self) -> impl Iterator<Item = &ServerVariable> {
        self.servers.iter().chain(&self.operation_servers).flat_map(|server| &server.variables)
    }
}

/// The operations of one tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The tag; `None` for operations without one.
    pub tag: Option<String>,
    /// The tag's description.
    pub description: Option<String>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The operations whose first tag this is, in document order.
    pub operations: Vec<Operation>,
    /// The location of the first use of the tag.
    pub span: Span,
}

/// A server of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The name by which callers select it: `x-name`, or else its description.
    pub name: Option<String>,
    /// The URL, with `{name}` for each variable. May be relative.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables, in document order.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// The value if callers set none.
    pub default: String,
    /// `enum`: the allowed values; empty if any value is allowed.
    pub allowed: Vec<String>,
    /// `x-required`: the default is a placeholder, and callers must set a value.
    pub required: bool,
    /// Its location.
    pub span: Span,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// How the credential is sent.
    pub kind: SchemeKind,
    /// `x-client-certificate`: a TLS client certificate that may replace the credential.
    pub client_certificate: Option<ClientCertificate>,
    /// Its location.
    pub span: Span,
}

/// How a credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// An API key.
    ApiKey {
        /// Where the key is sent.
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
    /// Another scheme of the header `Authorization`.
    Http {
        /// The name of the scheme.
        scheme: String,
    },
    /// OAuth2 (RFC 6749). The token is sent as a bearer token.
    OAuth2 {
        /// The flows, in document order.
        flows: Vec<OAuthFlow>,
    },
    /// OpenID Connect. The token is sent as a bearer token.
    OpenIdConnect {
        /// The URL of the discovery document.
        url: String,
    },
}

impl SchemeKind {
    /// Returns whether the credential is a bearer token, which an authorization server may issue.
    pub fn is_token(&self) -> bool {
        match self {
            Self::Bearer { .. } | Self::OAuth2 { .. } | Self::OpenIdConnect { .. } => true,
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } => false,
        }
    }
}

/// An OAuth2 flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// Its name in the document: `clientCredentials`, `authorizationCode`, …
    pub name: String,
    /// `authorizationUrl`
    pub authorization_url: Option<String>,
    /// `tokenUrl`
    pub token_url: Option<String>,
    /// `refreshUrl`
    pub refresh_url: Option<String>,
    /// The scopes with their descriptions.
    pub scopes: Vec<(String, String)>,
}

impl OAuthFlow {
    /// The name of the flow without a user.
    pub const CLIENT_CREDENTIALS: &str = "clientCredentials";
}

/// Where an API key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// How a TLS client certificate replaces a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The prefix of the host, including its dot.
    pub host_prefix: String,
}
