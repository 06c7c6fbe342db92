//! A credential as the caller gives it.
//!
//! In: a secret, a provider of one, an OAuth2 client, a certificate. Out: a [`Credential`] for the builder; whether it
//! fits its scheme is decided when the client is built.

use std::fmt;
use std::sync::Arc;

use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::oauth::ClientCredentials;
use super::provider::CredentialProvider;

/// What a user proves who they are with.
///
/// The builder has methods for each security scheme of the API, so that this type is seldom met by name.
#[derive(Clone)]
pub struct Credential(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    ApiKey(Secret),
    Basic { username: String, password: Secret },
    Bearer(Secret),
    Authorization(Secret),
    Certificate(ClientIdentity),
    Provider(Arc<dyn CredentialProvider>),
    ClientCredentials(Box<ClientCredentials>),
}

impl Credential {
    /// An API key.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self(Kind::ApiKey(key.into()))
    }

    /// A user name and password for HTTP basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(Kind::Basic { username: username.into(), password: password.into() })
    }

    /// A bearer token; for OAuth2 and OpenID Connect an access token, whichever flow it comes from.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// What follows the name of the scheme in the header `Authorization`, for schemes of HTTP that are neither basic
    /// nor bearer. It is sent as it is: nothing is computed from the request or a challenge, as digest authentication
    /// would have it.
    pub fn authorization(credentials: impl Into<Secret>) -> Self {
        Self(Kind::Authorization(credentials.into()))
    }

    /// A credential that is asked for when it is needed, and asked for again when the server refuses it. It suits every
    /// scheme, see [`CredentialProvider`].
    pub fn provider(provider: impl CredentialProvider) -> Self {
        Self(Kind::Provider(Arc::new(provider)))
    }

    /// Tokens by OAuth2's client credentials grant, for schemes that take a bearer token.
    pub fn client_credentials(client: ClientCredentials) -> Self {
        Self(Kind::ClientCredentials(Box::new(client)))
    }

    /// A client certificate, in the place of the scheme's own credential.
    pub fn client_certificate(identity: ClientIdentity) -> Self {
        Self(Kind::Certificate(identity))
    }

    /// Whether it is a client certificate.
    #[cfg(feature = "cli")]
    pub(in super::super) fn is_certificate(&self) -> bool {
        matches!(self.0, Kind::Certificate(_))
    }
}

/// Shows no secret.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::ApiKey(_) => "ApiKey(***)",
            Kind::Basic { .. } => "Basic(***)",
            Kind::Bearer(_) => "Bearer(***)",
            Kind::Authorization(_) => "Authorization(***)",
            Kind::Certificate(_) => "ClientCertificate(***)",
            Kind::Provider(_) => "Provider(***)",
            Kind::ClientCredentials(_) => "ClientCredentials(***)",
        })
    }
}
