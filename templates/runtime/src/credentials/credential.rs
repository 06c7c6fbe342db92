//! The credentials that the caller sets on the client builder.
//!
//! Building the client fails if a [`Credential`] does not match its security scheme.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "client-certificates")]
use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::oauth::ClientCredentials;
use super::provider::CredentialProvider;

/// A credential for a security scheme.
///
/// The builder has methods for each security scheme of the API, so this type is rarely needed.
#[derive(Clone)]
pub struct Credential(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    ApiKey(Secret),
    Basic {
        username: String,
        password: Secret,
    },
    Bearer(Secret),
    Authorization(Secret),
    #[cfg(feature = "client-certificates")]
    Certificate(ClientIdentity),
    Provider(Arc<dyn CredentialProvider>),
    ClientCredentials(Box<ClientCredentials>),
}

impl Credential {
    /// Creates an API key.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self(Kind::ApiKey(key.into()))
    }

    /// Creates a user name and password for HTTP basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(Kind::Basic { username: username.into(), password: password.into() })
    }

    /// Creates a bearer token. For OAuth2 and OpenID Connect, it is an access token from any flow.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// Creates a credential for an HTTP scheme other than basic and bearer: the part of the `Authorization` header that
    /// follows the name of the scheme. The value is sent unchanged. Schemes that compute the value from the request
    /// or a challenge, such as digest authentication, are not supported.
    pub fn authorization(credentials: impl Into<Secret>) -> Self {
        Self(Kind::Authorization(credentials.into()))
    }

    /// Creates a credential that is fetched when a request needs it, and again when the server refuses it with status
    /// 401; see [`CredentialProvider`]. Supports all schemes except mutual TLS.
    pub fn provider(provider: impl CredentialProvider) -> Self {
        Self(Kind::Provider(Arc::new(provider)))
    }

    /// Creates a credential that requests tokens with OAuth2's client credentials grant, for schemes that use bearer
    /// tokens.
    pub fn client_credentials(client: ClientCredentials) -> Self {
        Self(Kind::ClientCredentials(Box::new(client)))
    }

    /// Creates a credential that is a client certificate (mutual TLS), which replaces the key or token of the scheme.
    #[cfg(feature = "client-certificates")]
    pub fn client_certificate(identity: ClientIdentity) -> Self {
        Self(Kind::Certificate(identity))
    }

    /// Returns whether the credential is a client certificate.
    #[cfg(feature = "cli")]
    pub(in super::super) fn is_certificate(&self) -> bool {
        matches!(self.0, Kind::Certificate(_))
    }
}

/// Shows the kind of the credential, but no secret.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::ApiKey(_) => "ApiKey(***)",
            Kind::Basic { .. } => "Basic(***)",
            Kind::Bearer(_) => "Bearer(***)",
            Kind::Authorization(_) => "Authorization(***)",
            #[cfg(feature = "client-certificates")]
            Kind::Certificate(_) => "ClientCertificate(***)",
            Kind::Provider(_) => "Provider(***)",
            Kind::ClientCredentials(_) => "ClientCredentials(***)",
        })
    }
}
