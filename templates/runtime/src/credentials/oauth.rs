//! OAuth2's client credentials grant (RFC 6749, section 4.4): the settings of the client, and the form and headers of
//! token requests.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::super::secret::Secret;
use super::super::transport::BoxError;
use super::provider::CredentialProvider;

/// The parameters of token requests that [`ClientCredentials`] sets itself.
const OWN_PARAMETERS: [&str; 4] = ["grant_type", "client_id", "client_secret", "scope"];

/// An OAuth2 client that uses the client credentials grant.
///
/// ```ignore
/// let client = ClientCredentials::new("inventory", "the client secret")
///     .token_url("https://login.example.com/oauth2/token")
///     .scope("certificates:read")
///     .audience("https://api.example.com");
/// ```
///
/// The first call that needs a token requests one. The token is renewed when a tenth of its lifetime remains, but not
/// earlier than one minute before it expires. Only one call requests a token at a time; other calls wait for the token.
/// If the server responds with 401, the token is dropped, a new one is requested, and the call is sent again, once.
///
/// Token requests use the transport of the client, and therefore its TLS settings, proxy and root certificates. They
/// are retried like idempotent requests, according to the client's `RetryPolicy`. Each attempt has the client's attempt
/// timeout, and all attempts together have the timeout of the waiting call. Redirects are not followed.
#[derive(Clone)]
#[must_use]
pub struct ClientCredentials {
    id: String,
    secret: ClientSecret,
    token_url: Option<String>,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    secret_in_body: bool,
    plain_http: bool,
}

#[derive(Clone)]
enum ClientSecret {
    Fixed(Secret),
    Provider(Arc<dyn CredentialProvider>),
}

impl ClientCredentials {
    /// Creates a client with this ID and secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self::of(client_id.into(), ClientSecret::Fixed(client_secret.into()))
    }

    /// Creates a client with this ID, whose secret is fetched for each token request, for example from a vault. The
    /// term of the provider's [`Lease`](super::Lease) is ignored, because the client stores only the token, not the
    /// secret.
    pub fn with_provider(client_id: impl Into<String>, client_secret: impl CredentialProvider) -> Self {
        Self::of(client_id.into(), ClientSecret::Provider(Arc::new(client_secret)))
    }

    fn of(id: String, secret: ClientSecret) -> Self {
        Self {
            id,
            secret,
            token_url: None,
            scopes: Vec::new(),
            parameters: Vec::new(),
            secret_in_body: false,
            plain_http: false,
        }
    }

    /// Sets the token URL, which replaces the one in the spec. A relative URL is appended to the base URL of the
    /// client. The URL must be `https`, unless its host is the local machine.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Requests this scope, in addition to the scopes of earlier calls. By default no scope is requested, and the
    /// authorization server grants the scopes that it has configured for the client. The scopes in the spec are not
    /// requested, because many clients are allowed only some of them, and requesting a scope that is not allowed is an
    /// error.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Requests tokens for this audience (parameter `audience`, as used by Auth0 and others).
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.parameter("audience", audience)
    }

    /// Adds another parameter to token requests, such as `resource`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends the client ID and secret in the body of token requests (`client_secret_post`) instead of HTTP basic
    /// authentication (`client_secret_basic`), which is the default and preferred by RFC 6749.
    pub fn secret_in_body(mut self) -> Self {
        self.secret_in_body = true;
        self
    }

    /// Allows a token URL with plain `http` on another machine: **the client secret can be intercepted**. Intended for
    /// networks that provide encryption, such as a service mesh. The builder's
    /// [`allow_insecure_http`](crate::runtime::ClientBuilder::allow_insecure_http) allows plain `http` for this token
    /// URL and for all credentials.
    pub fn danger_allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Returns the token URL that the caller has set.
    pub(super) fn configured_token_url(&self) -> Option<&str> {
        self.token_url.as_deref()
    }

    /// Returns whether the token URL may be plain `http` on another machine.
    pub(super) fn allows_plain_http(&self) -> bool {
        self.plain_http
    }

    /// Returns the name of a parameter that the caller has added although this type sets it itself, if there is one.
    pub(super) fn forbidden_parameter(&self) -> Option<&str> {
        let mut names = self.parameters.iter().map(|(name, _)| name.as_str());
        names.find(|name| OWN_PARAMETERS.contains(name))
    }

    /// Returns the client secret; `None` if it is fetched from a provider.
    pub(super) fn fixed_secret(&self) -> Option<&Secret> {
        match &self.secret {
            ClientSecret::Fixed(secret) => Some(secret),
            ClientSecret::Provider(_) => None,
        }
    }

    /// Returns the client secret, and fetches it if it is from a provider.
    pub(super) async fn secret(&self) -> Result<Secret, BoxError> {
        match &self.secret {
            ClientSecret::Fixed(secret) => Ok(secret.clone()),
            ClientSecret::Provider(provider) => {
                let lease = provider.lease().await?;
                lease.into_secret().ok_or_else(|| "expected a client secret, got a user name and password".into())
            }
        }
    }

    /// Returns the URL-encoded body of a token request.
    pub(super) fn form(&self, secret: &Secret) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.scopes.is_empty() {
            form.append_pair("scope", &self.scopes.join(" "));
        }
        form.extend_pairs(&self.parameters);
        if self.secret_in_body {
            form.append_pair("client_id", &self.id).append_pair("client_secret", secret.expose());
        }
        form.finish()
    }

    /// Returns the credentials of the `Authorization: Basic` header; `None` if they are sent in the body. The ID and
    /// the secret are form-encoded first (RFC 6749, section 2.3.1), so that the ID may contain a colon.
    pub(super) fn basic(&self, secret: &Secret) -> Option<Secret> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = || Secret::new(format!("{}:{}", encoded(&self.id), Secret::new(encoded(secret.expose())).expose()));
        (!self.secret_in_body).then(|| Secret::new(STANDARD.encode(pair().expose())))
    }
}

/// Shows the settings without secrets.
impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("ClientCredentials")
            .field("client_id", &self.id)
            .field("scopes", &self.scopes)
            .field("parameters", &parameters)
            .finish_non_exhaustive()
    }
}
