//! What a spec says about the API as a whole: names, servers, security schemes.
//!
//! In: literals that generated code writes into one `static`. Out: the table that the builder, the sender and the
//! errors read.

use super::environment::EnvironmentVariable;
use super::parameter::Location;
use super::secret_paths::SecretPath;

/// The description of an API, one `static` in generated code.
#[derive(Debug)]
pub struct ApiInfo {
    /// The name of the API in messages.
    pub name: &'static str,
    /// The version that the spec gives the API.
    pub version: &'static str,
    /// The default `User-Agent`: the generated crate's name and version.
    pub user_agent: &'static str,
    /// The servers of the spec, in its order; empty where each operation has servers of its own.
    pub servers: &'static [ServerInfo],
    /// The servers of single paths and operations, each once.
    pub operation_servers: &'static [ServerInfo],
    /// The security schemes of the spec, in its order.
    pub security_schemes: &'static [SecurityScheme],
    /// The environment variables that `from_env()` reads.
    pub environment: &'static [EnvironmentVariable],
    /// The response header that carries the id of a request.
    pub request_id_header: Option<&'static str>,
    /// The names of all properties that hold secrets in any operation, at any depth: what is masked in the errors of
    /// requests by method and path.
    pub sensitive_properties: &'static [SecretPath],
}

impl ApiInfo {
    /// The security scheme of this name.
    pub fn security_scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }
}

/// A server of the spec.
#[derive(Debug)]
pub struct ServerInfo {
    /// `x-name`, else the description.
    pub name: Option<&'static str>,
    /// The URL, with `{variables}`; it may be relative.
    pub url: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server URL.
#[derive(Debug)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: &'static str,
    /// The value that is used unless the builder is given another.
    pub default: &'static str,
    /// The values that the spec allows; empty where any is allowed.
    pub allowed: &'static [&'static str],
    /// Whether the default is no more than a placeholder, so that a value must be given.
    pub required: bool,
}

/// A security scheme of the spec.
#[derive(Debug)]
pub struct SecurityScheme {
    /// The name by which operations refer to it.
    pub name: &'static str,
    /// How the credential travels.
    pub kind: SchemeKind,
    /// What a client certificate changes, where the spec says that one may take the place of the credential.
    pub client_certificate: Option<ClientCertificateRule>,
    /// The builder method that sets the credential, for messages.
    pub setter: &'static str,
}

/// How a credential travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// Where the key travels; [`Location::Path`] is an error when the client is built.
        location: Location,
        /// The name of the header, query parameter or cookie.
        name: &'static str,
    },
    /// HTTP basic authentication.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another scheme of the header `Authorization`.
    Http {
        /// The name of the scheme.
        scheme: &'static str,
    },
    /// An access token of OAuth2, which is sent as a bearer token.
    OAuth2 {
        /// Where the client credentials grant gets its tokens, as far as the spec says.
        token_url: Option<&'static str>,
    },
    /// An access token that OpenID Connect gives, which is sent as a bearer token.
    OpenIdConnect,
}

impl SchemeKind {
    /// Where the client credentials grant gets its tokens, as far as the spec says; `None` where the scheme takes no
    /// token.
    pub(super) fn token_url(self) -> Option<Option<&'static str>> {
        match self {
            Self::OAuth2 { token_url } => Some(token_url),
            Self::Bearer | Self::OpenIdConnect => Some(None),
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } => None,
        }
    }
}

/// What changes when a client certificate takes the place of a scheme's credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificateRule {
    /// The prefix that the server's host name gets, unless it has it already or is an IP address.
    pub host_prefix: &'static str,
}
