//! The client certificates that replace credentials: those of security schemes, and that of the whole client.

use super::super::identity::ClientIdentity;
use super::Source;
use super::credential::Kind;
use super::error::CredentialError;
use super::scheme::{SchemeKind, SecurityScheme};

/// The client certificate of a client. A connection can present only one.
pub struct Certificates {
    /// The certificate that is set without a scheme. It is the credential of all schemes for mutual TLS.
    of_client: Option<ClientIdentity>,
    /// The certificate that is set for a scheme.
    of_scheme: Option<ClientIdentity>,
}

impl Certificates {
    /// Creates the certificates of a client. `of_client` is the certificate that is set without a scheme.
    pub fn new(of_client: Option<ClientIdentity>) -> Self {
        Self { of_client, of_scheme: None }
    }

    /// Returns the source of a scheme's credential if it is a certificate. `credentials` are those of the scheme.
    pub(super) fn source<'a>(
        &mut self,
        scheme: &SecurityScheme,
        mut credentials: impl Iterator<Item = &'a Kind> + Clone,
    ) -> Result<Option<Source>, CredentialError> {
        let is_unset = credentials.clone().next().is_none();
        let certificate = credentials.find_map(|kind| match kind {
            Kind::Certificate(identity) => Some(identity),
            _ => None,
        });
        let Some(certificate) = certificate else {
            let is_of_client = is_unset && self.of_client.is_some() && scheme.kind == SchemeKind::MutualTls;
            return Ok(is_of_client.then_some(Source::Certificate("")));
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

    /// Returns the certificate to present.
    ///
    /// # Errors
    ///
    /// The client has a certificate, and another one is set for a scheme.
    pub fn presented(self) -> Result<Option<ClientIdentity>, CredentialError> {
        match (self.of_scheme, self.of_client) {
            (Some(of_scheme), Some(of_client)) if !of_scheme.is_same(&of_client) => {
                Err(CredentialError::TwoCertificates)
            }
            (of_scheme, of_client) => Ok(of_scheme.or(of_client)),
        }
    }
}
