//! Reads the environment variables that configure a client and applies them to its builder.
//!
//! [`ApiInfo`](super::ApiInfo) lists the variables. Errors contain the names of variables, but never their values.

#[cfg(feature = "credentials")]
mod credentials;

use std::ffi::OsString;
use std::path::Path;

use zeroize::Zeroizing;

use super::builder::ClientBuilder;
use super::client::Service;
#[cfg(feature = "client-certificates")]
use super::identity::IdentityError;

#[cfg(feature = "cli")]
pub use credentials::name_of;
#[cfg(feature = "credentials")]
pub use credentials::{CredentialPart, credentials, insecure_http_variable, variables_of};

/// An environment variable that `from_env()` reads.
#[derive(Debug)]
#[non_exhaustive]
pub struct EnvironmentVariable {
    /// The name of the variable, e.g. `PETSTORE_BASE_URL`.
    pub name: &'static str,
    /// The client setting that the variable sets.
    pub sets: EnvironmentSetting,
}

impl EnvironmentVariable {
    /// Creates a variable with this name.
    #[doc(hidden)]
    pub const fn new(name: &'static str, sets: EnvironmentSetting) -> Self {
        Self { name, sets }
    }
}

/// A client setting that can be set by an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentSetting {
    /// The name or the index of a server of the spec.
    Server,
    /// The base URL.
    BaseUrl,
    /// The value of the server variable with this name.
    #[cfg(feature = "server-variables")]
    ServerVariable(&'static str),
    /// The path of a PEM file with trusted root certificates.
    RootCertificateFile,
    /// Whether credentials may be sent over plain `http` to other machines: `true` or `false`.
    #[cfg(feature = "credentials")]
    AllowInsecureHttp,
    /// A part of the credential for the security scheme with this name.
    #[cfg(feature = "credentials")]
    Credential(&'static str, CredentialPart),
}

/// The reason why an environment variable cannot be used. Messages never contain the value of a variable, not even of a
/// variable for a path, because a secret may have been assigned to the wrong variable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// The variable is set to an empty string.
    #[error("the environment variable `{0}` is set but empty")]
    Empty(&'static str),
    /// The value is not UTF-8.
    #[error("the environment variable `{0}` is not UTF-8")]
    NotUnicode(&'static str),
    /// The file cannot be read.
    #[error("the file named by the environment variable `{name}` cannot be read")]
    File {
        /// The name of the variable.
        name: &'static str,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// The file is empty or not UTF-8.
    #[cfg(feature = "credentials")]
    #[error("the file named by the environment variable `{0}` is empty or not UTF-8")]
    NoText(&'static str),
    /// The value is neither `true` nor `false`.
    #[cfg(feature = "credentials")]
    #[error("the environment variable `{0}` must be `true` or `false`")]
    NotBoolean(&'static str),
    /// Two mutually exclusive variables are set.
    #[cfg(feature = "credentials")]
    #[error("the environment variables `{0}` and `{1}` are both set; unset one of them")]
    Both(&'static str, &'static str),
    /// A variable is set, but another variable that it requires is not set.
    #[cfg(feature = "credentials")]
    #[error("the environment variable `{set}` is set but requires `{missing}`: set both, or unset `{set}`")]
    Missing {
        /// The variable that is set.
        set: &'static str,
        /// The variable that is not set.
        missing: &'static str,
    },
    /// The client certificate cannot be used.
    #[cfg(feature = "client-certificates")]
    #[error("the client certificate named by the environment variable `{name}` cannot be used")]
    Certificate {
        /// The name of the variable.
        name: &'static str,
        /// The reason.
        #[source]
        source: IdentityError,
    },
}

/// A function that returns the value of an environment variable.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Applies all environment variables of the API to the builder.
pub fn apply<S: Service>(builder: ClientBuilder<S>, lookup: Lookup<'_>) -> Result<ClientBuilder<S>, EnvironmentError> {
    let builder = apply_server(builder, lookup)?;
    #[cfg(feature = "credentials")]
    let builder = credentials(S::API, lookup)?
        .into_iter()
        .fold(builder, |builder, (scheme, credential)| builder.credential(scheme, credential));
    Ok(builder)
}

/// Applies the environment variables of the API to the builder, except for credentials.
pub fn apply_server<S: Service>(
    mut builder: ClientBuilder<S>,
    lookup: Lookup<'_>,
) -> Result<ClientBuilder<S>, EnvironmentError> {
    for variable in S::API.environment {
        let Some(value) = text(variable.name, lookup)? else { continue };
        builder = match variable.sets {
            EnvironmentSetting::Server => builder.server_by_index_or_name(value.as_str()),
            EnvironmentSetting::BaseUrl => builder.base_url(value.as_str()),
            #[cfg(feature = "server-variables")]
            EnvironmentSetting::ServerVariable(name) => builder.server_variable(name, value.as_str()),
            EnvironmentSetting::RootCertificateFile => {
                builder.root_certificate_pem(read_file(variable.name, Path::new(value.as_str()))?)
            }
            #[cfg(feature = "credentials")]
            EnvironmentSetting::AllowInsecureHttp => {
                let allowed = value.parse().map_err(|_| EnvironmentError::NotBoolean(variable.name))?;
                builder.insecure_http(allowed)
            }
            #[cfg(feature = "credentials")]
            EnvironmentSetting::Credential(..) => builder,
        };
    }
    Ok(builder)
}

/// Returns the value of a variable, if it is set.
fn text(name: &'static str, lookup: Lookup<'_>) -> Result<Option<Zeroizing<String>>, EnvironmentError> {
    let Some(value) = lookup(name) else { return Ok(None) };
    // A value that is not UTF-8 remains in memory, because an `OsString` cannot be overwritten.
    let value = value.into_string().map(Zeroizing::new).map_err(|_| EnvironmentError::NotUnicode(name))?;
    if value.is_empty() { Err(EnvironmentError::Empty(name)) } else { Ok(Some(value)) }
}

fn read_file(name: &'static str, path: &Path) -> Result<Zeroizing<Vec<u8>>, EnvironmentError> {
    std::fs::read(path).map(Zeroizing::new).map_err(|source| EnvironmentError::File { name, source })
}
