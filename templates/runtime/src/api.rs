//! The static description of an API: its name, servers, security schemes and environment variables.
//!
//! Generated code contains one [`ApiInfo`], which the client builder, the code that sends requests, and error messages
//! use.

#[cfg(feature = "credentials")]
use super::credentials::SecurityScheme;
use super::environment::EnvironmentVariable;
use super::metadata::setters;
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
    #[cfg(feature = "credentials")]
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
        #[cfg(feature = "credentials")]
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
            #[cfg(feature = "credentials")]
            security_schemes: &[],
            environment: &[],
            request_id_header: None,
            sensitive_properties: &[],
        }
    }

    /// Returns the security scheme with this name; `None` if the spec does not define it.
    #[cfg(feature = "credentials")]
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
    #[cfg(feature = "server-variables")]
    pub variables: &'static [ServerVariable],
}

setters! {
    ServerInfo {
        #[cfg(feature = "server-variables")]
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
        Self {
            name: None,
            url,
            #[cfg(feature = "server-variables")]
            variables: &[],
        }
    }
}

/// A variable of a server URL.
#[cfg(feature = "server-variables")]
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

#[cfg(feature = "server-variables")]
setters! {
    ServerVariable {
        allowed: &'static [&'static str],
        required: bool,
    }
}

#[cfg(feature = "server-variables")]
impl ServerVariable {
    /// Creates a variable that can have any value.
    #[doc(hidden)]
    pub const fn new(name: &'static str, default: &'static str) -> Self {
        Self { name, default, allowed: &[], required: false }
    }
}
