//! The client of OAuth2's client credentials grant (RFC 6749, section 4.4), as the caller describes it.
//!
//! In: id, secret, scopes, further parameters. Out: the form and the headers of token requests.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::super::secret::Secret;
use super::super::transport::BoxError;
use super::provider::CredentialProvider;

/// What the client sets by itself.
const OWN_PARAMETERS: [&str; 4] = ["grant_type", "client_id", "client_secret", "scope"];

/// A client that gets its tokens by OAuth2's client credentials grant.
///
/// ```ignore
/// let client = ClientCredentials::new("inventory", "the client secret")
///     .token_url("https://login.example.com/oauth2/token")
///     .scope("certificates:read")
///     .audience("https://api.example.com");
/// ```
///
/// The first call that needs a token asks for one; the client keeps it until shortly before it expires (a tenth of its
/// time, at most a minute), however many calls use it. One call asks at a time, the others wait for it. When the server
/// answers 401 the token is dropped, another one is asked for, and the request is sent again, once.
///
/// Token requests go through the transport of the client, and so through its TLS, proxy and root certificates. They are
/// sent again by the rules of the client's `RetryPolicy` for requests that may be doubled. An attempt takes as long as
/// one of the client's does, and all of it no longer than the call that waits for it. Redirects are not followed.
#[derive(Clone)]
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
    /// A client with this id and secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self::of(client_id.into(), ClientSecret::Fixed(client_secret.into()))
    }

    /// A client whose secret is asked for with each token, as from a vault. The term of the lease makes no difference:
    /// nothing but the token is kept.
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

    /// Sets where tokens are asked for, in the place of the URL that the API's description has. A relative URL stands
    /// behind the base URL of the client. It must be `https`, unless it leads to this machine.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Asks for this scope too. By default none is asked for by name, and the authorization server gives what it has
    /// for the client: the scopes that an API's description knows are often more than a client has, and asking for one
    /// too many is an error.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Asks for tokens for this audience: the parameter `audience`, as Auth0 and others have it.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.parameter("audience", audience)
    }

    /// Sends a further parameter with token requests, such as `resource`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends id and secret in the body of token requests (`client_secret_post`), not by HTTP basic authentication
    /// (`client_secret_basic`), which RFC 6749 prefers and which is the default.
    pub fn secret_in_body(mut self) -> Self {
        self.secret_in_body = true;
        self
    }

    /// Allows a token URL of plain `http` on another machine. Whoever is on the way reads the client's secret: it is for
    /// networks that encrypt by themselves, such as a service mesh. The builder's
    /// [`allow_insecure_http`](crate::runtime::ClientBuilder::allow_insecure_http) allows it too, for all credentials.
    pub fn danger_allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// The token URL that the caller has set.
    pub(super) fn given_token_url(&self) -> Option<&str> {
        self.token_url.as_deref()
    }

    /// Whether plain HTTP to another machine is allowed.
    pub(super) fn allows_plain_http(&self) -> bool {
        self.plain_http
    }

    /// A parameter that the client sets by itself.
    pub(super) fn forbidden_parameter(&self) -> Option<&str> {
        let mut names = self.parameters.iter().map(|(name, _)| name.as_str());
        names.find(|name| OWN_PARAMETERS.contains(name))
    }

    /// The secret, where it is known before it is asked for.
    pub(super) fn fixed_secret(&self) -> Option<&Secret> {
        match &self.secret {
            ClientSecret::Fixed(secret) => Some(secret),
            ClientSecret::Provider(_) => None,
        }
    }

    /// The secret of now.
    pub(super) async fn secret(&self) -> Result<Secret, BoxError> {
        match &self.secret {
            ClientSecret::Fixed(secret) => Ok(secret.clone()),
            ClientSecret::Provider(provider) => {
                let lease = provider.lease().await?;
                lease.into_secret().ok_or_else(|| "a client secret is wanted, not a user name and password".into())
            }
        }
    }

    /// The form of a token request.
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

    /// What follows `Basic` in the header `Authorization`, unless the body says who asks. RFC 6749, section 2.3.1: id
    /// and secret are encoded as in a form first, so that a colon in the id does not end it.
    pub(super) fn basic(&self, secret: &Secret) -> Option<Secret> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = || Secret::new(format!("{}:{}", encoded(&self.id), Secret::new(encoded(secret.expose())).expose()));
        (!self.secret_in_body).then(|| Secret::new(STANDARD.encode(pair().expose())))
    }
}

/// Shows no secret.
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
