//! Credentials that are asked for while the client is in use, as from a vault.
//!
//! In: the caller's own source of secrets. Out: a [`Lease`]: the secret, and how long it may be used.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::super::api::SchemeKind;
use super::super::secret::Secret;
use super::super::transport::{BoxError, BoxFuture};
use super::credential::Kind;

/// Gives a credential when a request needs one.
///
/// A closure that gives a future is a provider:
///
/// ```ignore
/// let client = Client::builder()
///     .api_key_provider(|| async { Ok(read_from_vault("api-key").await?) })
///     .build()?;
/// ```
///
/// So is a type of your own, which needs no copies of what it works with:
///
/// ```ignore
/// impl CredentialProvider for Vault {
///     fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
///         Box::pin(async move {
///             let (username, password) = self.read("database/creds/reader").await?;
///             Ok(Lease::basic(username, password).valid_for(Duration::from_secs(900)))
///         })
///     }
/// }
/// ```
///
/// When is it asked?
///
/// - When the first request needs the credential. The client keeps what it gets.
/// - Shortly before the term of the lease ends: a tenth of it, at most a minute. If the provider fails then, the old
///   secret is used to its end. A lease of no term is kept as long as the server takes it.
/// - When the server answers 401: the secret is dropped, the provider is asked once more, and where it gives another
///   secret the request is sent again, once, whatever its method: a server that answers 401 has not acted on it. A body
///   that cannot be sent twice is not: then the next request asks.
///
/// It is asked by one call at a time, however many wait: those take what that call gets, its error too. If that call is
/// dropped, the next one asks. Blocking calls do not wait for others, so that one of them may ask at the same time. The
/// call's limit of time holds for the provider as well.
///
/// An error of the provider ends the call with an error of the kind [`Credential`](crate::runtime::ErrorKind::Credential), in
/// whose chain of sources it is. Its text is shown, so it must not hold a secret.
pub trait CredentialProvider: Send + Sync + 'static {
    /// The credential, and how long it may be used.
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>>;
}

impl<F, Fut, T> CredentialProvider for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, BoxError>> + Send + 'static,
    T: Into<Lease>,
{
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        let lease = self();
        Box::pin(async move { lease.await.map(Into::into) })
    }
}

/// A credential as a provider gives it. A [`Secret`] or a string is one by itself: of no term, kept until the server
/// refuses it.
#[derive(Clone)]
pub struct Lease {
    given: Given,
    valid_for: Option<Duration>,
}

#[derive(Clone)]
enum Given {
    Secret(Secret),
    Basic { username: String, password: Secret },
}

impl Lease {
    /// An API key, a token or whatever else the scheme takes, save user name and password.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { given: Given::Secret(secret.into()), valid_for: None }
    }

    /// A user name and password for HTTP basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { given: Given::Basic { username: username.into(), password: password.into() }, valid_for: None }
    }

    /// Says how long the credential may be used from now on. With [`Duration::ZERO`] each call asks for it, save those
    /// that wait for the same answer.
    pub fn valid_for(mut self, term: Duration) -> Self {
        self.valid_for = Some(term);
        self
    }

    /// How long the credential may be used.
    pub(super) fn term(&self) -> Option<Duration> {
        self.valid_for
    }

    /// The secret, where it is one alone.
    pub(super) fn into_secret(self) -> Option<Secret> {
        match self.given {
            Given::Secret(secret) => Some(secret),
            Given::Basic { .. } => None,
        }
    }

    /// What it is for this kind of scheme.
    pub(super) fn into_kind(self, kind: SchemeKind) -> Kind {
        match (self.given, kind) {
            (Given::Basic { username, password }, _) => Kind::Basic { username, password },
            (Given::Secret(secret), SchemeKind::ApiKey { .. }) => Kind::ApiKey(secret),
            (Given::Secret(secret), SchemeKind::Http { .. }) => Kind::Authorization(secret),
            (Given::Secret(secret), _) => Kind::Bearer(secret),
        }
    }
}

/// Shows no secret.
impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("valid_for", &self.valid_for).finish_non_exhaustive()
    }
}

impl From<Secret> for Lease {
    fn from(secret: Secret) -> Self {
        Self::new(secret)
    }
}

impl From<String> for Lease {
    fn from(secret: String) -> Self {
        Self::new(secret)
    }
}

impl From<&str> for Lease {
    fn from(secret: &str) -> Self {
        Self::new(secret)
    }
}
