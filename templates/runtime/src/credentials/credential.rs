//! Credentials as configured by the caller.
//!
//! Whether a [`Credential`] matches its scheme is checked when the client is built.

use std::fmt;
use std::sync::Arc;

use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::oauth::ClientCredentials;
use super::provider::CredentialProvider;

/// A credential for a security scheme.
///
/// The builder has methods for each security scheme of the API, so that this type is rarely needed.
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

    /// A bearer token. For OAuth2 and OpenID Connect, this is an access token from any flow.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// The value of the `Authorization` header after the scheme name, for HTTP schemes other than basic and bearer. It
    /// is sent unchanged: nothing is computed from the request or a challenge, so digest authentication is not
    /// supported.
    pub fn authorization(credentials: impl Into<Secret>) -> Self {
        Self(Kind::Authorization(credentials.into()))
    }

    /// A credential that is fetched when it is needed, and again when the server refuses it. Supports every scheme, see
    /// [`CredentialProvider`].
    pub fn provider(provider: impl CredentialProvider) -> Self {
        Self(Kind::Provider(Arc::new(provider)))
    }

    /// Tokens of OAuth2's client credentials grant, for schemes that use bearer tokens.
    pub fn client_credentials(client: ClientCredentials) -> Self {
        Self(Kind::ClientCredentials(Box::new(client)))
    }

    /// A client certificate instead of the scheme's own credential.
    pub fn client_certificate(identity: ClientIdentity) -> Self {
        Self(Kind::Certificate(identity))
    }

    /// Returns whether it is a client certificate.
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
