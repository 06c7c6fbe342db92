//! An API as a whole: where it is served, how callers show who they are, and what belongs together.

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
    /// Where it is served; one relative `/` where the document lists none, unless each operation has servers of its own.
    pub servers: Vec<Server>,
    /// The servers of single paths and operations, each once, in the order of the document.
    pub operation_servers: Vec<Server>,
    /// How callers show who they are, in the order of the document.
    pub security_schemes: Vec<SecurityScheme>,
    /// Every named and every inline type, indexed by `TypeId`.
    pub types: Vec<TypeDef>,
    /// The type of each schema that has one of its own, by where the schema is written: a component, or what a body, an
    /// answer, a parameter, a member, an element or an arm is said to be.
    pub schemas: Vec<(Span, Type)>,
    /// The operations by their first tag, in the order of the document's tags, then of first use.
    pub groups: Vec<Group>,
    /// `x-request-id-header`: the response header that carries the server's id of a request.
    pub request_id_header: Option<String>,
    /// Wire names of every member that is sensitive anywhere, sorted.
    pub sensitive_properties: Vec<String>,
}

impl Api {
    /// The variables of all servers.
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
    /// The operations whose first tag this is, in the order of the document.
    pub operations: Vec<Operation>,
    /// Where the tag is first written.
    pub span: Span,
}

/// A place where the API is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// What callers choose it by: `x-name`, else its description.
    pub name: Option<String>,
    /// The URL, with `{name}` for each variable; may be relative.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// The variables, in the order of the document.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The value where the caller gives none.
    pub default: String,
    /// The only values it may have; empty where any goes.
    pub allowed: Vec<String>,
    /// `x-required`: the default is a placeholder, and the caller must give a value.
    pub required: bool,
    /// Where it is written.
    pub span: Span,
}

/// A way to show who calls.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// How it shows on the wire.
    pub kind: SchemeKind,
    /// `x-client-certificate`: a TLS client certificate may take its place.
    pub client_certificate: Option<ClientCertificate>,
    /// Where it is defined.
    pub span: Span,
}

/// How a credential shows on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key under a name.
    ApiKey {
        /// Where the key goes.
        location: ApiKeyLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
    },
    /// RFC 7617.
    Basic,
    /// RFC 6750.
    Bearer {
        /// `bearerFormat`
        format: Option<String>,
    },
    /// Another scheme of the header `Authorization`.
    Http {
        /// The name of the scheme.
        scheme: String,
    },
    /// RFC 6749; the token shows as by RFC 6750.
    OAuth2 {
        /// The ways to a token, in the order of the document.
        flows: Vec<OAuthFlow>,
    },
    /// OpenID Connect; the token shows as by RFC 6750.
    OpenIdConnect {
        /// Where the provider describes itself.
        url: String,
    },
}

impl SchemeKind {
    /// Whether it takes a bearer token, which may come from an authorization server.
    pub fn is_token(&self) -> bool {
        match self {
            Self::Bearer { .. } | Self::OAuth2 { .. } | Self::OpenIdConnect { .. } => true,
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } => false,
        }
    }
}

/// A way to an OAuth2 token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// Its name in the document: `clientCredentials`, `authorizationCode`, …
    pub name: String,
    /// Where a user is sent to.
    pub authorization_url: Option<String>,
    /// Where tokens are asked for.
    pub token_url: Option<String>,
    /// Where they are renewed, if that is elsewhere.
    pub refresh_url: Option<String>,
    /// The scopes, and what each is for.
    pub scopes: Vec<(String, String)>,
}

impl OAuthFlow {
    /// The flow that needs no user.
    pub const CLIENT_CREDENTIALS: &str = "clientCredentials";
}

/// Where an API key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A header.
    Header,
    /// A pair of the query.
    Query,
    /// A cookie.
    Cookie,
}

/// How a TLS client certificate takes the place of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// What goes in front of the host, with its dot.
    pub host_prefix: String,
}
