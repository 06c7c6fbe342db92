//! The security schemes of the spec, which determine how credentials are sent.

#[cfg(feature = "certificate-hosts")]
use super::super::metadata::setters;
use super::super::parameter::Location;

/// A security scheme of the spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name of the scheme in the spec, e.g. `apiKeyAuth`.
    pub name: &'static str,
    /// The kind of the scheme, which determines how the credential is sent.
    pub kind: SchemeKind,
    /// The changes to requests that use a client certificate instead of the credential; `None` if the spec does not
    /// allow a client certificate.
    #[cfg(feature = "certificate-hosts")]
    pub client_certificate: Option<ClientCertificateRule>,
    /// The name of the builder method that sets the credential, used in error messages.
    pub setter: &'static str,
}

#[cfg(feature = "certificate-hosts")]
setters! {
    SecurityScheme {}
    optional {
        client_certificate: ClientCertificateRule,
    }
}

impl SecurityScheme {
    /// Creates a scheme that does not allow a client certificate.
    #[doc(hidden)]
    pub const fn new(name: &'static str, setter: &'static str, kind: SchemeKind) -> Self {
        Self {
            name,
            kind,
            #[cfg(feature = "certificate-hosts")]
            client_certificate: None,
            setter,
        }
    }
}

/// The kind of a security scheme, which determines how its credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// An API key, sent in a header, query parameter or cookie.
    ApiKey {
        /// The location of the key. Building a client fails if it is [`Location::Path`].
        location: Location,
        /// The name of the header, query parameter or cookie.
        name: &'static str,
    },
    /// HTTP basic authentication.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another HTTP authentication scheme, sent in the `Authorization` header.
    Http {
        /// The name of the HTTP authentication scheme, which precedes the credential in the header.
        scheme: &'static str,
    },
    /// The client certificate of the connection, set with
    /// [`client_identity`](crate::runtime::ClientBuilder::client_identity).
    #[cfg(feature = "client-certificates")]
    MutualTls,
    /// An OAuth2 access token, sent as a bearer token.
    OAuth2 {
        /// The token URL of the client credentials grant, if the spec has one.
        token_url: Option<&'static str>,
    },
    /// An OpenID Connect access token, sent as a bearer token.
    OpenIdConnect,
}

impl SchemeKind {
    /// Returns the token URL of the client credentials grant. Returns `None` if the credential of the scheme is not an
    /// access token, and `Some(None)` if it is an access token but the spec has no token URL.
    pub(super) fn token_url(self) -> Option<Option<&'static str>> {
        match self {
            Self::OAuth2 { token_url } => Some(token_url),
            Self::Bearer | Self::OpenIdConnect => Some(None),
            Self::ApiKey { .. } | Self::Basic | Self::Http { .. } => None,
            #[cfg(feature = "client-certificates")]
            Self::MutualTls => None,
        }
    }
}

/// The changes to requests that use a client certificate instead of the credential of a security scheme.
#[cfg(feature = "certificate-hosts")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientCertificateRule {
    /// The prefix to add to the server's host name, e.g. `mtls.`. It is not added to IP addresses, or to host names
    /// that already begin with it.
    pub host_prefix: &'static str,
}

#[cfg(feature = "certificate-hosts")]
impl ClientCertificateRule {
    /// Creates a rule that adds this prefix.
    #[doc(hidden)]
    pub const fn new(host_prefix: &'static str) -> Self {
        Self { host_prefix }
    }
}
