//! The static description of an API: its name, servers, security schemes and environment variables.
//!
//! Generated code contains one [`ApiInfo`], which the client builder, the code that sends requests, and error messages
//! use.

use super::environment::EnvironmentVariable;
use super::metadata::setters;
use super::parameter::Location;
use super::secret_paths::SecretPath;
use super::server::{ServerError, Which, find};

/// The description of an API. Generated code defines one `static` of this type.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApiInfo {
    /// The name of the API, used in error messages.
    pub name: &'static str,
    /// The version of the API (`info.version`).
    pub version: &'static str,
    /// The default `User-Agent`: the generated crate's name and version.
    pub user_agent: &'static str,
    /// The servers of the spec, in document order; empty if the spec defines servers only for individual operations.
    pub servers: &'static [ServerInfo],
    /// The servers that the spec defines for individual paths and operations, without duplicates.
    pub operation_servers: &'static [ServerInfo],
    /// The security schemes of the spec, in document order.
    pub security_schemes: &'static [SecurityScheme],
    /// The environment variables that `from_env()` reads.
    pub environment: &'static [EnvironmentVariable],
    /// The name of the response header that contains the request ID, e.g. `X-Request-Id`; `None` if the API has none.
    pub request_id_header: Option<&'static str>,
    /// The paths of all properties that contain secrets, at any depth of any request or response body. Error
    /// messages about requests by method and path, whose operation is unknown, mask these properties.
    pub sensitive_properties: &'static [SecretPath],
}

setters! {
    ApiInfo {
        user_agent: &'static str,
        servers: &'static [ServerInfo],
        operation_servers: &'static [ServerInfo],
        security_schemes: &'static [SecurityScheme],
        environment: &'static [EnvironmentVariable],
        sensitive_properties: &'static [SecretPath],
    }
    optional {
        request_id_header: &'static str,
    }
}

impl ApiInfo {
    /// Creates the description of an API without servers and security schemes.
    #[doc(hidden)]
    pub const fn new(name: &'static str, version: &'static str) -> Self {
        Self {
            name,
            version,
            user_agent: "",
            servers: &[],
            operation_servers: &[],
            security_schemes: &[],
            environment: &[],
            request_id_header: None,
            sensitive_properties: &[],
        }
    }

    /// Returns the security scheme with this name; `None` if the spec does not define it.
    pub fn security_scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }

    /// Returns the index of the server with this name or index. Generated code parses servers with this function.
    ///
    /// # Errors
    ///
    /// There is no server with this name or index.
    #[doc(hidden)]
    pub fn server_index(&self, text: &str) -> Result<usize, ServerError> {
        find(self.servers, &Which::parse(text)).map(|(index, _)| index)
    }
}

/// A server of the spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServerInfo {
    /// The name of the server: its `name` or `x-name`, or its description if it has neither.
    pub name: Option<&'static str>,
    /// The URL template, e.g. `https://{region}.example.com/v1`; may be relative.
    pub url: &'static str,
    /// The variables of the URL template.
    pub variables: &'static [ServerVariable],
}

setters! {
    ServerInfo {
        variables: &'static [ServerVariable],
    }
    optional {
        name: &'static str,
    }
}

impl ServerInfo {
    /// Creates a server without a name and variables.
    #[doc(hidden)]
    pub const fn new(url: &'static str) -> Self {
        Self { name: None, url, variables: &[] }
    }
}

/// A variable of a server URL.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name of the variable, which appears in braces in the URL template: `{name}`.
    pub name: &'static str,
    /// The default value.
    pub default: &'static str,
    /// The values that the spec allows; empty if any value is allowed.
    pub allowed: &'static [&'static str],
    /// Whether the default is only a placeholder, so that the user of the client must set a value.
    pub required: bool,
}

setters! {
    ServerVariable {
        allowed: &'static [&'static str],
        required: bool,
    }
}

impl ServerVariable {
    /// Creates a variable that can have any value.
    #[doc(hidden)]
    pub const fn new(name: &'static str, default: &'static str) -> Self {
        Self { name, default, allowed: &[], required: false }
    }
}

/// A security scheme of the spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name of the scheme in the spec, e.g. `apiKeyAuth`.
    pub name: &'static str,
    /// The kind of the scheme, which determines how the credential is sent.
    pub kind: SchemeKind,
    /// The changes to requests that use a client certificate instead of the credential; `None` if the spec does not
    /// allow a client certificate.
    pub client_certificate: Option<ClientCertificateRule>,
    /// The name of the builder method that sets the credential, used in error messages.
    pub setter: &'static str,
}

setters! {
    SecurityScheme {}
    optional {
        client_certificate: ClientCertificateRule,
    }
}

impl SecurityScheme {
    /// Creates a scheme that does not allow a client certificate.
    #[doc(hidden)]
    pub const fn new(name: &'static str, setter: &'static str, kind: SchemeKind) -> Self {
        Self { name, kind, client_certificate: None, setter }
    }
}

/// The kind of a security scheme, which determines how its credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// An API key, sent in a header, query parameter or cookie.
    ApiKey {
        /// The location of the key. Building a client fails if it is [`Location::Path`].
        location: Location,
        /// The name of the header, query parameter or cookie.
        name: &'static str,
    },
    /// HTTP basic authentication.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another HTTP authentication scheme, sent in the `Authorization` header.
    Http {
        /// The name of the HTTP authentication scheme, which precedes the credential in the header.
        scheme: &'static str,
    },
    /// The client certificate of the connection, set with
    /// [`client_identity`](super::ClientBuilder::client_identity).
    MutualTls,
    /// An OAuth2 access token, sent as a bearer token.
    OAuth2 {
        /// The token URL of the client credentials grant, if the spec has one.
        token_url: Option<&'static str>,
    },
    /// An OpenID Connect access token, sent as a bearer token.
    OpenIdConnect,
}

impl SchemeKind {
    /// Returns the token URL of the client credentials grant. Returns `None` if the credential of the scheme is not an
    /// access token, and `Some(None)` if it is an access token but the spec has no token URL.
    pub(super) fn token_url(self) -> Option<Option<&'static str>> {
        match self {
            Self::OAuth2 { token_url } => Some(token_url),
            Self::Bearer | Self::OpenIdConnect => Some(None),
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } | Self::MutualTls => None,
        }
    }
}

/// The changes to requests that use a client certificate instead of the credential of a security scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientCertificateRule {
    /// The prefix to add to the server's host name, e.g. `mtls.`. It is not added to IP addresses, or to host names
    /// that already begin with it.
    pub host_prefix: &'static str,
}

impl ClientCertificateRule {
    /// Creates a rule that adds this prefix.
    #[doc(hidden)]
    pub const fn new(host_prefix: &'static str) -> Self {
        Self { host_prefix }
    }
}
