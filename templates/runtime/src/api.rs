//! The static description of an API: its name, servers and security schemes.
//!
//! Generated code contains one [`ApiInfo`]; the builder, the sender and the error messages read it.

use super::environment::EnvironmentVariable;
use super::parameter::Location;
use super::secret_paths::SecretPath;

/// The description of an API: one `static` in generated code.
#[derive(Debug)]
pub struct ApiInfo {
    /// The name of the API, used in messages.
    pub name: &'static str,
    /// The version of the API (`info.version`).
    pub version: &'static str,
    /// The default `User-Agent`: the generated crate's name and version.
    pub user_agent: &'static str,
    /// The servers of the spec, in the same order; empty if each operation has its own servers.
    pub servers: &'static [ServerInfo],
    /// The servers of individual paths and operations, without duplicates.
    pub operation_servers: &'static [ServerInfo],
    /// The security schemes of the spec, in its order.
    pub security_schemes: &'static [SecurityScheme],
    /// The environment variables that `from_env()` reads.
    pub environment: &'static [EnvironmentVariable],
    /// The response header that contains the request ID.
    pub request_id_header: Option<&'static str>,
    /// The names of all properties that contain secrets in any operation, at any depth. They are masked in the errors
    /// of requests by method and path.
    pub sensitive_properties: &'static [SecretPath],
}

impl ApiInfo {
    /// Returns the security scheme with this name.
    pub fn security_scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }
}

/// A server of the spec.
#[derive(Debug)]
pub struct ServerInfo {
    /// `x-name`, or else the description.
    pub name: Option<&'static str>,
    /// The URL template, with `{variables}`; may be relative.
    pub url: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server URL.
#[derive(Debug)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: &'static str,
    /// The default value.
    pub default: &'static str,
    /// The values that the spec allows; empty if any value is allowed.
    pub allowed: &'static [&'static str],
    /// Whether the default is only a placeholder, so that a value must be set.
    pub required: bool,
}

/// A security scheme of the spec.
#[derive(Debug)]
pub struct SecurityScheme {
    /// The name by which operations refer to it.
    pub name: &'static str,
    /// How the credential is sent.
    pub kind: SchemeKind,
    /// What a client certificate changes, if the spec allows one instead of the credential.
    pub client_certificate: Option<ClientCertificateRule>,
    /// The builder method that sets the credential, used in messages.
    pub setter: &'static str,
}

/// How a credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// The location of the key. [`Location::Path`] is an error when the client is built.
        location: Location,
        /// The name of the header, query parameter or cookie.
        name: &'static str,
    },
    /// HTTP basic authentication.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another scheme of the `Authorization` header.
    Http {
        /// The name of the scheme.
        scheme: &'static str,
    },
    /// An OAuth2 access token, sent as a bearer token.
    OAuth2 {
        /// The token URL of the client credentials grant, if the spec has one.
        token_url: Option<&'static str>,
    },
    /// An OpenID Connect access token, sent as a bearer token.
    OpenIdConnect,
}

impl SchemeKind {
    /// Returns the token URL of the client credentials grant, if the spec has one. The outer `Option` is `None` if the
    /// scheme does not use tokens.
    pub(super) fn token_url(self) -> Option<Option<&'static str>> {
        match self {
            Self::OAuth2 { token_url } => Some(token_url),
            Self::Bearer | Self::OpenIdConnect => Some(None),
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } => None,
        }
    }
}

/// What changes when a client certificate replaces the credential of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificateRule {
    /// The prefix that is added to the server's host name, unless it already has the prefix or is an IP address.
    pub host_prefix: &'static str,
}
