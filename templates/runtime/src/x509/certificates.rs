//! [`Certificates`], the certificates of a response.

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

/// One or more different certificates, as DER.
///
/// If exactly one of them issued none of the others, by names and key identifiers, it is the [`leaf`](Self::leaf). It
/// comes first, followed by the issuer of each; certificates that do not belong to this [`chain`](Self::chain) come
/// last. Otherwise, or if there are more than 100, the order is unchanged. Nothing is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificates {
    list: Vec<CertificateDer<'static>>,
    chain: usize,
}

impl Certificates {
    /// Parses the formats returned by APIs: PEM with any text around its blocks, a certificate as DER, PKCS#7 as PEM or
    /// DER, or base64 of any of these, with or without line breaks. The format is detected from the content. Other PEM
    /// blocks, such as private keys, are ignored.
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
    /// There is no certificate, or the input is malformed; the error contains the position. A string that is still
    /// JSON, with its line breaks escaped as `\n`, is rejected too.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, CertificateError> {
        forms::certificates(input.as_ref()).map(Self::new)
    }

    fn new(list: Vec<CertificateDer<'static>>) -> Self {
        let mut seen = HashSet::new();
        let list = list.into_iter().filter(|der| seen.insert(der.clone())).collect();
        let (list, chain) = ordered(list);
        Self { list, chain }
    }

    /// Adds the certificates of another response, such as a separate chain.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.list.into_iter().chain(other.list).collect())
    }

    /// Returns the certificate that issued none of the others, if there is exactly one.
    pub fn leaf(&self) -> Option<&CertificateDer<'static>> {
        self.chain().first()
    }

    /// Returns the leaf and its issuers, each after the certificate it issued; empty if there is no unique leaf.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        self.list.get(..self.chain).unwrap_or_default()
    }

    /// Returns all certificates, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, CertificateDer<'static>> {
        self.list.iter()
    }

    /// Converts to a list of all certificates, in order, for a rustls configuration.
    pub fn into_vec(self) -> Vec<CertificateDer<'static>> {
        self.list
    }

    /// Returns all certificates, in order, as PEM.
    pub fn to_pem(&self) -> String {
        self.list.iter().map(|der| pem(der)).collect()
    }

    /// Creates a client identity for mutual TLS with the private key of the leaf, given as PEM.
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
    /// There is not exactly one key, or it is encrypted or malformed. Whether it belongs to the certificate is checked
    /// when the client is built.
    pub fn client_identity(&self, key_pem: impl AsRef<[u8]>) -> Result<ClientIdentity, IdentityError> {
        // Only the chain is sent to servers, not unrelated certificates.
        let shown = if self.chain == 0 { self.list.as_slice() } else { self.chain() };
        let chain: String = shown.iter().map(|der| pem(der)).collect();
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
