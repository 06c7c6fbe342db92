//! Selects the credentials that an operation requires, and fetches the credentials to be added to its request.
//!
//! Credentials from a provider or token endpoint are fetched when a request needs them, and again when the server
//! refuses them. If a credential is missing, the error names the builder methods that set it.

#[cfg(feature = "client-certificates")]
mod certificates;
mod credential;
mod error;
mod oauth;
mod provider;
mod renewal;
mod scheme;
mod shown;
mod token;
mod turns;

use std::fmt;
use std::sync::Arc;

use super::api::ApiInfo;
use super::client::Shared;
use super::environment;
use super::request::RequestError;
use super::secret::Secret;
use super::server::Servers;

use credential::Kind;
use error::NotSendable;
use renewal::{Granted, Renewal};
use token::TokenEndpoint;

#[cfg(feature = "client-certificates")]
pub use certificates::Certificates;
pub use credential::Credential;
pub use error::{CredentialError, CredentialFailure, InsecureHttp};
pub use oauth::ClientCredentials;
pub use provider::{CredentialProvider, Lease};
#[cfg(feature = "certificate-hosts")]
pub use scheme::ClientCertificateRule;
pub use scheme::{SchemeKind, SecurityScheme};
pub use shown::{EncodedCredential, Place};
pub use token::TokenError;

/// The name of the builder method for a client certificate, for error messages.
#[cfg(feature = "certificate-hosts")]
const CERTIFICATE_SETTER: &str = "client_certificate";

/// All credentials of a client.
pub struct Credentials {
    configured: Vec<Configured>,
}

/// A security scheme with a configured credential.
struct Configured {
    scheme: &'static SecurityScheme,
    source: Source,
}

/// The source of a credential.
enum Source {
    /// A credential that the caller set as a value, which never changes.
    Fixed(Arc<EncodedCredential>),
    /// A provider, and the credential fetched from it.
    Provider(Arc<dyn CredentialProvider>, Renewal),
    /// A token endpoint, and the token fetched from it.
    TokenEndpoint(Box<TokenEndpoint>, Renewal),
    /// The client certificate of the connection. The string is prepended to the server's host name, e.g. `mtls.`. It is
    /// empty for mutual TLS, which does not change the host name.
    #[cfg(feature = "client-certificates")]
    #[cfg_attr(not(feature = "certificate-hosts"), allow(dead_code))]
    Certificate(&'static str),
}

/// The security schemes that are selected for a request.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    names: &'static [&'static str],
    /// The prefix to add to the server's host name, if a client certificate replaces a credential.
    #[cfg(feature = "certificate-hosts")]
    pub host_prefix: Option<&'static str>,
    /// Whether the credential is part of the request, e.g. a header. A client certificate belongs to the connection
    /// instead.
    pub is_sent: bool,
}

/// A credential that is sent in a request.
pub struct Used {
    /// The index in [`Credentials`] of the configured credential.
    index: usize,
    /// Whether the credential can be fetched again, because it is from a provider or token endpoint.
    pub is_renewable: bool,
    /// The credential as sent in the request.
    pub credential: Arc<EncodedCredential>,
}

/// The security schemes that a request requires.
#[derive(Debug, Clone, Copy)]
pub enum Requirement {
    /// All schemes of one of these combinations, as in the spec's `security`.
    AnyOf(&'static [&'static [&'static str]]),
    /// For requests by method and path: the first scheme with a configured credential, if any.
    FirstConfigured,
}

impl Credentials {
    /// Creates the credentials from those that are set on the builder. If several credentials are set for a scheme, the
    /// last one is used, but a certificate always takes precedence. `certificates` are the client certificates.
    pub fn new(
        api: &'static ApiInfo,
        servers: &Servers,
        credentials: Vec<(String, Credential)>,
        #[cfg(feature = "client-certificates")] certificates: &mut Certificates,
        allow_insecure_http: bool,
    ) -> Result<Self, CredentialError> {
        let unknown = credentials.iter().find(|(name, _)| api.security_scheme(name).is_none());
        if let Some((name, _)) = unknown {
            return Err(CredentialError::NoSuchScheme(name.clone()));
        }
        let mut configured = Vec::new();
        for scheme in api.security_schemes {
            let mut own =
                credentials.iter().rev().filter(|(name, _)| name == scheme.name).map(|(_, credential)| &credential.0);
            #[cfg(feature = "client-certificates")]
            if let Some(source) = certificates.source(scheme, own.clone())? {
                configured.push(Configured { scheme, source });
                continue;
            }
            if let Some(kind) = own.next() {
                let source = source(scheme, kind, servers, allow_insecure_http)?;
                configured.push(Configured { scheme, source });
            }
        }
        // If operations have their own servers, the check for plain `http` is made when an operation is called.
        let is_for_all = servers.is_given() || api.operation_servers.is_empty();
        let is_any_sent = configured.iter().any(Configured::is_sent);
        if let Some(url) = servers.insecure_base()
            && !allow_insecure_http
            && is_for_all
            && is_any_sent
        {
            return Err(InsecureHttp::new(url, api).into());
        }
        Ok(Self { configured })
    }

    /// Selects the schemes for a request. If credentials are missing, the error names the builder methods that set
    /// them.
    pub fn select(&self, requirement: Requirement, api: &ApiInfo) -> Result<Selection, RequestError> {
        let names = self.choose(requirement, api)?;
        let selected = || self.by_names(names).map(|(_, configured)| configured);
        Ok(Selection {
            names,
            #[cfg(feature = "certificate-hosts")]
            host_prefix: selected().find_map(Configured::host_prefix),
            is_sent: selected().any(Configured::is_sent),
        })
    }

    /// Returns the credentials of the selected schemes. Credentials from providers and token endpoints are fetched if
    /// needed.
    pub async fn fetch(&self, selection: Selection, shared: &Shared) -> Result<Vec<Used>, RequestError> {
        let mut credentials = Vec::new();
        for (index, _) in self.by_names(selection.names) {
            credentials.extend(self.used(index, shared).await?);
        }
        Ok(credentials)
    }

    /// Returns the configured credentials of these schemes, with their indices.
    fn by_names(&self, names: &'static [&'static str]) -> impl Iterator<Item = (usize, &Configured)> {
        names.iter().filter_map(|name| {
            self.configured.iter().enumerate().find(|(_, configured)| configured.scheme.name == *name)
        })
    }

    /// Replaces credentials that the server has refused: fetches them again, unless another call has already done so.
    /// Returns whether any of the credentials has changed.
    pub async fn renew(&self, refused: &[Used], shared: &Shared) -> Result<bool, RequestError> {
        self.refuse(refused);
        let mut differs = false;
        for used in refused.iter().filter(|used| used.is_renewable) {
            let renewed = self.used(used.index, shared).await?;
            differs |= renewed.is_some_and(|renewed| !renewed.credential.is_same(&used.credential));
        }
        Ok(differs)
    }

    /// Drops credentials that the server has refused, so that the next request fetches them again.
    pub fn refuse(&self, refused: &[Used]) {
        for used in refused {
            if let Some(renewal) = self.configured.get(used.index).and_then(Configured::renewal) {
                renewal.refuse(&used.credential);
            }
        }
    }

    /// Returns the secrets of all credentials, which error messages mask.
    pub fn secrets(&self) -> Vec<Secret> {
        let secrets = self.configured.iter().flat_map(|configured| match &configured.source {
            Source::Fixed(credential) => credential.secrets.clone(),
            Source::Provider(_, renewal) => stored_secrets(renewal),
            Source::TokenEndpoint(endpoint, renewal) => {
                let mut secrets = stored_secrets(renewal);
                secrets.extend(endpoint.fixed_secret().cloned());
                secrets
            }
            #[cfg(feature = "client-certificates")]
            Source::Certificate(_) => Vec::new(),
        });
        secrets.collect()
    }

    /// Returns whether any credential is fetched from a token endpoint over TLS.
    pub fn is_fetched_through_tls(&self) -> bool {
        let mut sources = self.configured.iter().map(|configured| &configured.source);
        sources.any(|source| matches!(source, Source::TokenEndpoint(endpoint, _) if endpoint.is_https()))
    }

    /// Returns the current credential of the configured scheme with this index; `None` if it is a client certificate.
    async fn used(&self, index: usize, shared: &Shared) -> Result<Option<Used>, RequestError> {
        let Some(Configured { scheme, source }) = self.configured.get(index) else { return Ok(None) };
        let credential = match source {
            Source::Fixed(credential) => {
                return Ok(Some(Used { index, is_renewable: false, credential: Arc::clone(credential) }));
            }
            #[cfg(feature = "client-certificates")]
            Source::Certificate(_) => return Ok(None),
            Source::Provider(provider, renewal) => {
                // Boxed to keep the futures of all calls small.
                renewal.get(Box::pin(fetch_from_provider(scheme, provider.as_ref()))).await
            }
            Source::TokenEndpoint(endpoint, renewal) => {
                renewal.get(Box::pin(fetch_token(scheme, endpoint, shared))).await
            }
        };
        let credential = credential.map_err(RequestError::Credential)?;
        Ok(Some(Used { index, is_renewable: true, credential }))
    }

    /// Chooses the first combination of schemes whose credentials are all configured. An empty combination (no
    /// authentication) is chosen only if no other combination can be chosen, because a configured credential is meant
    /// to be used.
    fn choose(&self, requirement: Requirement, api: &ApiInfo) -> Result<&'static [&'static str], RequestError> {
        let combinations = match requirement {
            Requirement::FirstConfigured => {
                let first = self.configured.first();
                return Ok(first.map_or(&[], |configured| std::slice::from_ref(&configured.scheme.name)));
            }
            Requirement::AnyOf(combinations) => combinations,
        };
        let is_there = |name: &&str| self.configured.iter().any(|configured| configured.scheme.name == *name);
        let chosen = combinations.iter().find(|names| !names.is_empty() && names.iter().all(is_there));
        let anonymous = combinations.is_empty() || combinations.iter().any(|combination| combination.is_empty());
        match chosen {
            Some(chosen) => Ok(chosen),
            None if anonymous => Ok(&[]),
            None => {
                let missing = |names: &&[&'static str]| {
                    let missing = names.iter().filter(|name| !is_there(name));
                    missing.copied().collect::<Vec<_>>()
                };
                let missing: Vec<_> = combinations.iter().map(missing).collect();
                Err(RequestError::MissingCredential {
                    setters: setters(&missing, api),
                    variables: environment::variables_of(&missing, api),
                })
            }
        }
    }
}

impl Configured {
    fn renewal(&self) -> Option<&Renewal> {
        match &self.source {
            Source::Provider(_, renewal) | Source::TokenEndpoint(_, renewal) => Some(renewal),
            Source::Fixed(_) => None,
            #[cfg(feature = "client-certificates")]
            Source::Certificate(_) => None,
        }
    }

    /// Returns whether requests contain the credential. Otherwise, it is part of the connection, as a client certificate.
    #[cfg(feature = "client-certificates")]
    fn is_sent(&self) -> bool {
        !matches!(self.source, Source::Certificate(_))
    }

    /// Returns whether the request itself contains the credential, which is always true without client certificates.
    #[cfg(not(feature = "client-certificates"))]
    #[allow(clippy::unused_self)]
    fn is_sent(&self) -> bool {
        true
    }

    /// Returns the prefix to add to the server's host name, if a client certificate replaces the credential. Mutual TLS
    /// does not change the host name.
    #[cfg(feature = "certificate-hosts")]
    fn host_prefix(&self) -> Option<&'static str> {
        match &self.source {
            Source::Certificate(prefix) => Some(*prefix).filter(|prefix| !prefix.is_empty()),
            _ => None,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.configured.iter().map(|configured| configured.scheme.name)).finish()
    }
}

/// Creates the source of a scheme's credential. Fails if the credential does not match the scheme or cannot be sent.
fn source(
    scheme: &'static SecurityScheme,
    kind: &Kind,
    servers: &Servers,
    allow_insecure_http: bool,
) -> Result<Source, CredentialError> {
    match kind {
        Kind::Provider(provider) => Ok(Source::Provider(Arc::clone(provider), Renewal::default())),
        Kind::ClientCredentials(client) => {
            let token_url = scheme.kind.token_url().ok_or(CredentialError::WrongKind(scheme.name))?;
            let client = client.as_ref().clone();
            let endpoint = TokenEndpoint::new(scheme.name, client, token_url, servers, allow_insecure_http)?;
            Ok(Source::TokenEndpoint(Box::new(endpoint), Renewal::default()))
        }
        _ => match EncodedCredential::new(scheme, kind) {
            Ok(credential) => Ok(Source::Fixed(Arc::new(credential))),
            Err(problem) => Err(CredentialError::of(problem, scheme.name, scheme.setter)),
        },
    }
}

/// Fetches a credential from a provider.
async fn fetch_from_provider(
    scheme: &'static SecurityScheme,
    provider: &dyn CredentialProvider,
) -> Result<Granted, CredentialFailure> {
    let lease = provider.lease().await.map_err(|error| CredentialFailure::new(scheme.name, false, error))?;
    let term = lease.term();
    let credential = EncodedCredential::new(scheme, &lease.into_kind(scheme.kind));
    let credential = credential.map_err(|problem| CredentialFailure::new(scheme.name, false, NotSendable(problem)))?;
    Ok(Granted { credential, term })
}

/// Fetches a token from a token endpoint.
async fn fetch_token(
    scheme: &'static SecurityScheme,
    endpoint: &TokenEndpoint,
    shared: &Shared,
) -> Result<Granted, CredentialFailure> {
    let token = endpoint.fetch(shared).await;
    let token = token.map_err(|error| CredentialFailure::new(scheme.name, error.is_transient(), error))?;
    let unusable = |problem: shown::Problem| TokenError::NoToken(format!("the `access_token` {problem}"));
    let credential = EncodedCredential::new(scheme, &Kind::Bearer(token.secret));
    let credential = credential.map_err(|problem| CredentialFailure::new(scheme.name, false, unusable(problem)))?;
    Ok(Granted { credential, term: token.term })
}

fn stored_secrets(renewal: &Renewal) -> Vec<Secret> {
    renewal.stored().map(|credential| credential.secrets.clone()).unwrap_or_default()
}

/// Lists the builder methods of each combination: "`a()` or `client_certificate()`, or `b()` and `c()`".
fn setters(combinations: &[Vec<&str>], api: &ApiInfo) -> String {
    let setter = |name: &&str| match api.security_scheme(name) {
        #[cfg(feature = "certificate-hosts")]
        Some(scheme) if scheme.client_certificate.is_some() => {
            format!("`{}()` or `{CERTIFICATE_SETTER}()`", scheme.setter)
        }
        Some(scheme) => format!("`{}()`", scheme.setter),
        None => format!("`credential(\"{name}\", …)`"),
    };
    let combination = |names: &Vec<&str>| names.iter().map(setter).collect::<Vec<_>>().join(" and ");
    combinations.iter().map(combination).collect::<Vec<_>>().join(", or ")
}
