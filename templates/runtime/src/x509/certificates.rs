//! Certificates that belong together.
//!
//! In: the text or bytes of an answer. Out: DER in the order of a chain, PEM, or a client identity.

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

/// One or more certificates, each once, as DER.
///
/// Where exactly one of them issued none of the others, as far as names and key identifiers tell, it is the
/// [`leaf`](Self::leaf): it comes first, behind it the issuer of each, and behind this [`chain`](Self::chain) what does
/// not belong to it. Otherwise, and where there are more than 100, they stay as they came. Nothing is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificates {
    list: Vec<CertificateDer<'static>>,
    chain: usize,
}

impl Certificates {
    /// Reads what APIs answer: PEM with any text around its blocks, DER of a certificate, PKCS#7 as PEM or DER, or base64
    /// of any of these, with or without line breaks. The form is told by the content. In PEM, blocks of other kinds,
    /// such as a private key, are left alone.
    ///
    /// ```
    /// # use clientwright_runtime::runtime::x509::{CertificateError, Certificates};
    /// # fn example(answer: &str) -> Result<(), CertificateError> {
    /// let certificates = Certificates::parse(answer)?;
    /// for certificate in certificates.iter() {
    ///     println!("{} bytes of DER", certificate.len());
    /// }
    /// std::fs::write("chain.pem", certificates.to_pem()).ok();
    /// # Ok(())
    /// # }
    /// let error = Certificates::parse("<html>").unwrap_err();
    /// assert_eq!(error.to_string(), "byte 0 is `<`, which is no base64, and no PEM block is there");
    /// ```
    ///
    /// # Errors
    ///
    /// There is no certificate in it, or something in it is malformed; the error says what and where. A text that is
    /// still JSON, its line breaks written as `\n`, is such an error.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, CertificateError> {
        forms::certificates(input.as_ref()).map(Self::new)
    }

    fn new(list: Vec<CertificateDer<'static>>) -> Self {
        let mut seen = HashSet::new();
        let list = list.into_iter().filter(|der| seen.insert(der.clone())).collect();
        let (list, chain) = ordered(list);
        Self { list, chain }
    }

    /// Adds those of another answer: the chain that came beside the certificate.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.list.into_iter().chain(other.list).collect())
    }

    /// The certificate that issued none of the others, where there is exactly one.
    pub fn leaf(&self) -> Option<&CertificateDer<'static>> {
        self.chain().first()
    }

    /// The leaf and its issuers, each behind what it issued; empty where the leaf cannot be told.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        self.list.get(..self.chain).unwrap_or_default()
    }

    /// All certificates, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, CertificateDer<'static>> {
        self.list.iter()
    }

    /// All certificates, in order, as a rustls configuration takes them.
    pub fn into_vec(self) -> Vec<CertificateDer<'static>> {
        self.list
    }

    /// All certificates, in order, as PEM.
    pub fn to_pem(&self) -> String {
        self.list.iter().map(|der| pem(der)).collect()
    }

    /// The identity that they make with the private key of the leaf, which is PEM: for mutual TLS.
    ///
    /// ```
    /// # use clientwright_runtime::runtime::{ClientIdentity, x509::Certificates};
    /// # fn example(answer: &str, key_pem: &str) -> Result<ClientIdentity, Box<dyn std::error::Error>> {
    /// let identity = Certificates::parse(answer)?.client_identity(key_pem)?;
    /// # Ok(identity)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no key in it, or several, or it is encrypted or malformed. Whether it is the certificate's key is seen
    /// when the client is built.
    pub fn client_identity(&self, key_pem: impl AsRef<[u8]>) -> Result<ClientIdentity, IdentityError> {
        // Only the chain is shown to servers; what else came along is none of their business.
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

/// Shows how many there are, and how many of them are the chain.
impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({}, chain of {})", self.list.len(), self.chain)
    }
}

/// A certificate as a PEM block.
pub(super) fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    // 64 characters a line, as RFC 7468 has it; base64 is ASCII.
    for line in base64.as_bytes().chunks(64) {
        let _ = writeln!(pem, "{}", String::from_utf8_lossy(line));
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}
