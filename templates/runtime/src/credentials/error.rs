//! Errors of credentials that are invalid when the client is built, or unavailable when a request needs them. The
//! errors never contain the credential itself.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::super::api::ApiInfo;
use super::super::environment;
use super::super::server::BaseUrl;
use super::super::transport::BoxError;
use super::shown::Problem;

/// The reason why a client cannot be built with a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The spec has no security scheme with this name.
    #[error("the spec has no security scheme `{0}`")]
    NoSuchScheme(String),
    /// The security scheme requires another kind of credential, e.g. a bearer token instead of an API key.
    #[error("the security scheme `{0}` does not accept this kind of credential")]
    WrongKind(&'static str),
    /// The scheme sends its credential in a header or cookie whose name is not allowed.
    #[error(
        "the security scheme `{0}` sends its credential in a header or cookie whose name is not allowed: the name is \
         invalid in HTTP, or the client sets the header of this name itself"
    )]
    Name(&'static str),
    /// The credential is empty or contains characters that cannot be sent.
    #[error(
        "the credential given to `{0}()` is empty or contains characters that cannot be sent, such as a line break"
    )]
    Characters(&'static str),
    /// The user name contains a colon, which separates it from the password.
    #[error("the user name given to `{0}()` contains a colon, which HTTP basic authentication cannot send")]
    Colon(&'static str),
    /// Two different client certificates are set, e.g. for two security schemes.
    #[cfg(feature = "client-certificates")]
    #[error(
        "two different client certificates are set, but a connection can present only one: set the same identity for \
         all security schemes"
    )]
    TwoCertificates,
    /// The token URL is missing or invalid.
    #[error("the token URL of the security scheme `{scheme}` {message}")]
    TokenUrl {
        /// The name of the security scheme.
        scheme: &'static str,
        /// The reason. It does not contain the URL if the URL may contain a password.
        message: String,
    },
    /// The base URL is plain `http` to another machine, so that the credential would be sent unencrypted.
    #[error(transparent)]
    InsecureHttp(#[from] InsecureHttp),
    /// A parameter that [`ClientCredentials`](super::ClientCredentials) sets itself, such as `scope`, was added to
    /// token requests.
    #[error(
        "`parameter()` cannot set `{name}`, which `ClientCredentials` sets itself: use `new()` or `scope()` instead"
    )]
    TokenParameter {
        /// The name of the parameter.
        name: String,
    },
}

impl CredentialError {
    pub(super) fn of(problem: Problem, scheme: &'static str, setter: &'static str) -> Self {
        match problem {
            Problem::Kind => Self::WrongKind(scheme),
            Problem::Characters => Self::Characters(setter),
            Problem::Name => Self::Name(scheme),
            Problem::Colon => Self::Colon(setter),
        }
    }
}

/// The error for a credential that would be sent over plain `http` to another machine, which is not allowed by default.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the credential would be sent unencrypted to `{url}`: use `https`, or allow it with `allow_insecure_http()` on the \
     client's builder{}",
    from_env(.variable)
)]
pub struct InsecureHttp {
    url: String,
    variable: Option<&'static str>,
}

impl InsecureHttp {
    /// Creates the error for a base URL. The message contains the URL, which cannot contain credentials.
    pub(in super::super) fn new(url: &BaseUrl, api: &ApiInfo) -> Self {
        Self { url: url.to_string(), variable: environment::insecure_http_variable(api) }
    }
}

fn from_env(variable: &Option<&'static str>) -> String {
    variable.map(|name| format!(" (for `from_env()`, set `{name}=true`)")).unwrap_or_default()
}

/// The error for a credential that could not be obtained when a request needed it. Its source is the error of the
/// provider, or a [`TokenError`](crate::runtime::TokenError).
#[derive(Clone)]
pub struct CredentialFailure {
    scheme: &'static str,
    transient: bool,
    cause: Arc<dyn StdError + Send + Sync>,
}

impl CredentialFailure {
    /// Creates the error for a security scheme. `transient`: whether another attempt may succeed.
    pub(super) fn new(scheme: &'static str, transient: bool, cause: impl Into<BoxError>) -> Self {
        Self { scheme, transient, cause: Arc::from(cause.into()) }
    }

    /// Returns the name of the security scheme.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// Returns whether another attempt may succeed, e.g. because the token endpoint did not respond.
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

impl fmt::Display for CredentialFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the credential of the security scheme `{}` could not be obtained", self.scheme)
    }
}

/// Shows the same as `Display`, because the provider's error may contain secrets.
impl fmt::Debug for CredentialFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialFailure").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

impl StdError for CredentialFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// The error for a credential that a provider has returned and that cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("the credential from the credential provider {0}")]
pub struct NotSendable(pub Problem);
