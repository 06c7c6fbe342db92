//! Providers of credentials that are fetched while the client is in use, for example from a vault.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::super::secret::Secret;
use super::super::transport::{BoxError, BoxFuture};
use super::credential::Kind;
use super::scheme::SchemeKind;

/// A provider of a credential, which is called when a request needs the credential.
///
/// A closure that returns a future is a provider:
///
/// ```ignore
/// let client = Client::builder()
///     .api_key_provider(|| async { Ok(read_from_vault("api-key").await?) })
///     .build()?;
/// ```
///
/// A type can implement the trait if the future must borrow from it:
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
/// The client calls the provider:
///
/// - When the first request needs the credential. The client stores the credential for later requests.
/// - Shortly before the lease expires: when a tenth of its term remains, but not earlier than one minute before the
///   end. If the provider fails then, the old secret is used until the lease expires. A lease without a term is used
///   until the server refuses it.
/// - When the server responds with 401: the secret is dropped. If the body of the request can be sent again, the
///   provider is called at once. If it returns another secret, the request is sent again, once, regardless of its
///   method, because a server that responds with 401 has not processed the request. If the body cannot be sent again,
///   the call returns the 401, and the next request calls the provider.
///
/// Only one call runs the provider at a time; other calls wait for the result and share it, including errors. If the
/// running call is dropped, the next one runs the provider. Blocking calls and async calls do not wait for each other,
/// so one of each may run the provider at the same time. The timeout of a call includes the time of the provider.
///
/// If the provider fails, the call fails with an error of the kind
/// [`Credential`](crate::runtime::ErrorKind::Credential), whose chain of sources contains the provider's error. The
/// message of the provider's error is shown and must not contain secrets.
pub trait CredentialProvider: Send + Sync + 'static {
    /// Returns the credential and its term.
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

/// A credential from a provider, and how long it can be used (its term). A [`Secret`] or a string converts to a lease
/// without a term, whose credential is used until the server refuses it.
#[derive(Clone)]
#[must_use = "a lease does nothing until a provider returns it"]
pub struct Lease {
    kind: LeaseKind,
    valid_for: Option<Duration>,
}

#[derive(Clone)]
enum LeaseKind {
    Secret(Secret),
    Basic { username: String, password: Secret },
}

impl Lease {
    /// Creates a lease of an API key, a token or another single secret.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { kind: LeaseKind::Secret(secret.into()), valid_for: None }
    }

    /// Creates a lease of a user name and password for HTTP basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { kind: LeaseKind::Basic { username: username.into(), password: password.into() }, valid_for: None }
    }

    /// Sets how long the credential can be used from now on. With [`Duration::ZERO`], each call fetches the credential
    /// again, except for calls that wait for another call to fetch it.
    pub fn valid_for(mut self, term: Duration) -> Self {
        self.valid_for = Some(term);
        self
    }

    /// Returns how long the credential can be used; `None` if that is unknown.
    pub(super) fn term(&self) -> Option<Duration> {
        self.valid_for
    }

    /// Returns the secret; `None` if the lease is a user name and password.
    pub(super) fn into_secret(self) -> Option<Secret> {
        match self.kind {
            LeaseKind::Secret(secret) => Some(secret),
            LeaseKind::Basic { .. } => None,
        }
    }

    /// Converts the lease to the kind of credential that the scheme requires.
    pub(super) fn into_kind(self, kind: SchemeKind) -> Kind {
        match (self.kind, kind) {
            (LeaseKind::Basic { username, password }, _) => Kind::Basic { username, password },
            (LeaseKind::Secret(secret), SchemeKind::ApiKey { .. }) => Kind::ApiKey(secret),
            (LeaseKind::Secret(secret), SchemeKind::Http { .. }) => Kind::Authorization(secret),
            (LeaseKind::Secret(secret), _) => Kind::Bearer(secret),
        }
    }
}

/// Shows how long the credential can be used, but no secret.
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
