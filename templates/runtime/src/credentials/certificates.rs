//! The client certificates that replace credentials: those of security schemes, and that of the whole client.

use super::super::identity::ClientIdentity;
use super::Source;
use super::credential::Kind;
use super::error::CredentialError;
use super::scheme::{SchemeKind, SecurityScheme};

/// The client certificate of a client. A connection can present only one.
pub struct Certificates {
    /// Whether the client has a certificate that is set without a scheme. Such a certificate is the credential of all
    /// schemes for mutual TLS.
    has_own: bool,
    /// The certificate that is set for a scheme.
    of_scheme: Option<ClientIdentity>,
}

impl Certificates {
    /// Creates the certificates of a client. `own` is the certificate that is set without a scheme.
    pub fn new(own: Option<&ClientIdentity>) -> Self {
        Self { has_own: own.is_some(), of_scheme: None }
    }

    /// Returns the source of a scheme's credential if it is a certificate. `own` are the credentials of the scheme.
    pub(super) fn source<'a>(
        &mut self,
        scheme: &SecurityScheme,
        mut own: impl Iterator<Item = &'a Kind> + Clone,
    ) -> Result<Option<Source>, CredentialError> {
        let is_unset = own.clone().next().is_none();
        let certificate = own.find_map(|kind| match kind {
            Kind::Certificate(identity) => Some(identity),
            _ => None,
        });
        let Some(certificate) = certificate else {
            let is_own = is_unset && self.has_own && scheme.kind == SchemeKind::MutualTls;
            return Ok(is_own.then_some(Source::Certificate("")));
        };
        if self.of_scheme.as_ref().is_some_and(|identity| !identity.is_same(certificate)) {
            return Err(CredentialError::TwoCertificates);
        }
        self.of_scheme = Some(certificate.clone());
        let prefix = match scheme.kind {
            SchemeKind::MutualTls => Some(""),
            #[cfg(feature = "certificate-hosts")]
            _ => scheme.client_certificate.map(|rule| rule.host_prefix),
            #[cfg(not(feature = "certificate-hosts"))]
            _ => None,
        };
        prefix.map(|prefix| Some(Source::Certificate(prefix))).ok_or(CredentialError::WrongKind(scheme.name))
    }

    /// Returns the certificate to present. `own` is the certificate that is set without a scheme.
    ///
    /// # Errors
    ///
    /// The client has a certificate, and another one is set for a scheme.
    pub fn presented(self, own: Option<ClientIdentity>) -> Result<Option<ClientIdentity>, CredentialError> {
        match (self.of_scheme, own) {
            (Some(of_scheme), Some(own)) if !of_scheme.is_same(&own) => Err(CredentialError::TwoCertificates),
            (of_scheme, own) => Ok(of_scheme.or(own)),
        }
    }
}
