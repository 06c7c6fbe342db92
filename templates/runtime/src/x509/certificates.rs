//! [`Certificates`], the certificates parsed from a response.

use std::collections::HashSet;
use std::fmt;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;

use super::error::CertificateError;
use super::forms;
use super::order::ordered;
use crate::runtime::identity::{ClientIdentity, IdentityError};

/// One or more certificates, without duplicates, as DER.
///
/// The certificates are ordered for TLS. The [`leaf`](Self::leaf) is the certificate that issued none of the others. It
/// is first, followed by its issuer, the issuer of the issuer, and so on: this is the [`chain`](Self::chain).
/// Certificates outside the chain are last. If there are several possible leaves, or more than 100 certificates, the
/// order remains unchanged. Issuers are found by names and key identifiers; signatures are not verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificates {
    list: Vec<CertificateDer<'static>>,
    chain: usize,
}

impl Certificates {
    /// Parses certificates in the formats that APIs return: PEM, with any text between its blocks; a certificate as
    /// DER; PKCS#7 as PEM or DER; or base64 of any of these, with or without line breaks. The format is detected from
    /// the content. PEM blocks of other types, such as private keys, are ignored.
    ///
    /// ```
    /// # use clientwright_runtime::runtime::x509::{CertificateError, Certificates};
    /// # fn example(body: &str) -> Result<(), CertificateError> {
    /// let certificates = Certificates::parse(body)?;
    /// for certificate in certificates.iter() {
    ///     println!("{} bytes of DER", certificate.len());
    /// }
    /// std::fs::write("chain.pem", certificates.to_pem()).ok();
    /// # Ok(())
    /// # }
    /// let error = Certificates::parse("<html>").unwrap_err();
    /// assert_eq!(error.to_string(), "byte 0 is `<`, which is not base64, and there is no PEM block");
    /// ```
    ///
    /// # Errors
    ///
    /// The input contains no certificate, or is malformed; the error contains the position. A JSON string that was not
    /// decoded, with line breaks escaped as `\n`, is malformed.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, CertificateError> {
        forms::certificates(input.as_ref()).map(Self::new)
    }

    fn new(list: Vec<CertificateDer<'static>>) -> Self {
        let mut seen = HashSet::new();
        let list = list.into_iter().filter(|der| seen.insert(der.clone())).collect();
        let (list, chain) = ordered(list);
        Self { list, chain }
    }

    /// Adds other certificates, e.g. if an API returns the chain separately from the certificate.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.list.into_iter().chain(other.list).collect())
    }

    /// Returns the certificate that issued none of the others. Returns `None` if there is not exactly one such
    /// certificate, or if there are more than 100 certificates.
    pub fn leaf(&self) -> Option<&CertificateDer<'static>> {
        self.chain().first()
    }

    /// Returns the leaf and its issuers, each issuer after the certificate that it issued. Returns an empty slice if
    /// [`leaf`](Self::leaf) returns `None`.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        self.list.get(..self.chain).unwrap_or_default()
    }

    /// Returns all certificates, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, CertificateDer<'static>> {
        self.list.iter()
    }

    /// Converts the certificates to a list, in order, for a rustls configuration.
    pub fn into_vec(self) -> Vec<CertificateDer<'static>> {
        self.list
    }

    /// Returns all certificates, in order, as PEM.
    pub fn to_pem(&self) -> String {
        self.list.iter().map(|der| pem(der)).collect()
    }

    /// Creates a client identity for mutual TLS from the chain and the private key of the leaf, given as PEM.
    ///
    /// ```
    /// # use clientwright_runtime::runtime::{ClientIdentity, x509::Certificates};
    /// # fn example(body: &str, key_pem: &str) -> Result<ClientIdentity, Box<dyn std::error::Error>> {
    /// let identity = Certificates::parse(body)?.client_identity(key_pem)?;
    /// # Ok(identity)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `key_pem` does not contain exactly one private key, or the key is encrypted or malformed. A key that does not
    /// belong to the certificate is an error when the client is built.
    pub fn client_identity(&self, key_pem: impl AsRef<[u8]>) -> Result<ClientIdentity, IdentityError> {
        // Certificates outside the chain are not sent to servers.
        let sent = if self.chain == 0 { self.list.as_slice() } else { self.chain() };
        let chain: String = sent.iter().map(|der| pem(der)).collect();
        ClientIdentity::from_pem_parts([chain.as_bytes(), key_pem.as_ref()])
    }
}

impl<'a> IntoIterator for &'a Certificates {
    type Item = &'a CertificateDer<'static>;
    type IntoIter = std::slice::Iter<'a, CertificateDer<'static>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Certificates {
    type Item = CertificateDer<'static>;
    type IntoIter = std::vec::IntoIter<CertificateDer<'static>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// Shows the number of certificates and the length of the chain.
impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({}, chain of {})", self.list.len(), self.chain)
    }
}

/// Formats a certificate as a PEM block.
pub(super) fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    // 64 characters per line (RFC 7468); base64 is ASCII.
    for line in base64.as_bytes().chunks(64) {
        let _ = writeln!(pem, "{}", String::from_utf8_lossy(line));
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}
