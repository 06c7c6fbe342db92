//! Why a credential cannot be used, when the client is built and when a request needs it. The credential itself is never
//! part of it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::super::api::ApiInfo;
use super::super::environment;
use super::super::server::BaseUrl;
use super::super::transport::BoxError;
use super::shown::Problem;

/// Why a client cannot be built with a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The spec has no such scheme.
    #[error("the spec has no security scheme `{0}`")]
    NoSuchScheme(String),
    /// The scheme takes another kind of credential.
    #[error("the security scheme `{0}` does not take this kind of credential")]
    WrongKind(&'static str),
    /// The scheme's header or cookie cannot carry a credential.
    #[error(
        "the security scheme `{0}` is for a header or cookie that cannot carry a credential: HTTP does not allow its \
         name, or the client sets it"
    )]
    Name(&'static str),
    /// The credential holds characters that cannot be sent.
    #[error("the credential given to `{0}()` is empty or holds characters that cannot be sent, such as a line break")]
    Characters(&'static str),
    /// The user name holds a colon, which ends it.
    #[error("the user name given to `{0}()` holds a colon, which HTTP basic authentication cannot send")]
    Colon(&'static str),
    /// Two schemes were given different certificates.
    #[error("two different client certificates were given: a connection can show only one")]
    TwoCertificates,
    /// The URL at which tokens are asked for is missing or cannot be used.
    #[error("the token URL of the security scheme `{scheme}` {message}")]
    TokenUrl {
        /// The scheme.
        scheme: &'static str,
        /// What is wrong; the URL is left out where it may hold a password.
        message: String,
    },
    /// The base URL is plain `http` to another machine, where a credential can be read on the way.
    #[error(transparent)]
    InsecureHttp(#[from] InsecureHttp),
    /// A parameter of token requests is one that the client sets by itself.
    #[error("the parameter `{name}` of token requests is set by the client: use the method for it")]
    TokenParameter {
        /// Its name.
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

/// A credential would be sent over plain `http` to a host that is not this machine, and the builder does not allow it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the credential can be read on the way to `{url}`: use `https`, or allow it by `allow_insecure_http()` on the \
     client's builder{}",
    from_env(.variable)
)]
pub struct InsecureHttp {
    url: String,
    variable: Option<&'static str>,
}

impl InsecureHttp {
    /// The error for a base URL, which holds no credentials.
    pub(in super::super) fn new(url: &BaseUrl, api: &ApiInfo) -> Self {
        Self { url: url.to_string(), variable: environment::name_of_insecure_http(api) }
    }
}

fn from_env(variable: &Option<&'static str>) -> String {
    variable.map(|name| format!(" (for `from_env()`, set `{name}=true`)")).unwrap_or_default()
}

/// Why a credential could not be had when a request needed it. The error of the provider, or a
/// [`TokenError`](crate::runtime::TokenError), is its source.
#[derive(Clone)]
pub struct CredentialFailure {
    scheme: &'static str,
    transient: bool,
    cause: Arc<dyn StdError + Send + Sync>,
}

impl CredentialFailure {
    /// A failure of this scheme. `transient`: whether asking again may do better.
    pub(super) fn new(scheme: &'static str, transient: bool, cause: impl Into<BoxError>) -> Self {
        Self { scheme, transient, cause: Arc::from(cause.into()) }
    }

    /// The security scheme.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// Whether asking again may do better, as far as that is known.
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

impl fmt::Display for CredentialFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the credential of the security scheme `{}` could not be had", self.scheme)
    }
}

/// Shows what `Display` shows: what a provider's error holds is not known.
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

/// What a provider gave that cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("what the provider gave {0}")]
pub struct NotSendable(pub Problem);
