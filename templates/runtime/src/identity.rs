//! The certificate and key by which a client shows who it is.
//!
//! In: PEM. Out: what rustls takes; the key is never shown and is overwritten when it is dropped.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use zeroize::{Zeroize, Zeroizing};

/// A certificate chain and its private key, for TLS with a client certificate.
#[derive(Clone)]
pub struct ClientIdentity(Arc<Identity>);

struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// Why there is no client identity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The text is no PEM.
    #[error("the PEM text of the client identity is malformed")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// There is no certificate.
    #[error("there is no certificate in the PEM text of the client identity")]
    NoCertificate,
    /// There is no private key.
    #[error("there is no private key in the PEM text of the client identity")]
    NoKey,
    /// There are several private keys.
    #[error("there are several private keys in the PEM text of the client identity")]
    SeveralKeys,
    /// The private key is encrypted.
    #[error("the private key of the client identity is encrypted: decrypt it first, as with `openssl pkey`")]
    EncryptedKey,
}

impl ClientIdentity {
    /// Reads a certificate chain, the client's own certificate first, and its private key from PEM text. The order of
    /// chain and key does not matter; keys may be PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    ///
    /// Chain or key are missing, malformed or encrypted.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, IdentityError> {
        Self::from_pem_parts([pem])
    }

    /// Reads the same from several PEM texts: certificate here, chain there, key elsewhere.
    ///
    /// # Errors
    ///
    /// Chain or key are missing, malformed or encrypted.
    pub fn from_pem_parts(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, IdentityError> {
        let mut chain = Vec::new();
        let mut keys = Vec::new();
        for part in parts {
            let pem = part.as_ref();
            // The parser skips what it does not know, so an encrypted key would look like a missing one.
            let encrypted: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
            if encrypted.iter().any(|mark| pem.windows(mark.len()).any(|window| window == *mark)) {
                return Err(IdentityError::EncryptedKey);
            }
            for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
                match section.map_err(IdentityError::Pem)? {
                    (SectionKind::Certificate, der) => chain.push(CertificateDer::from(der)),
                    (SectionKind::PrivateKey, der) => keys.push(PrivatePkcs8KeyDer::from(der).into()),
                    (SectionKind::RsaPrivateKey, der) => keys.push(PrivatePkcs1KeyDer::from(der).into()),
                    (SectionKind::EcPrivateKey, der) => keys.push(PrivateSec1KeyDer::from(der).into()),
                    _ => {}
                }
            }
        }
        if keys.len() > 1 {
            keys.iter_mut().for_each(|key: &mut PrivateKeyDer<'static>| key.zeroize());
            return Err(IdentityError::SeveralKeys);
        }
        let key = keys.pop().ok_or(IdentityError::NoKey)?;
        let identity = Identity { chain, key };
        if identity.chain.is_empty() { Err(IdentityError::NoCertificate) } else { Ok(Self(Arc::new(identity))) }
    }

    /// Reads the same from files.
    ///
    /// # Errors
    ///
    /// A file cannot be read; chain or key are missing, malformed or encrypted.
    pub fn from_pem_files(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, IdentityError> {
        let read = |path: &Path| {
            let error = |source| IdentityError::File { path: path.to_owned(), source };
            std::fs::read(path).map(Zeroizing::new).map_err(error)
        };
        let parts = paths.into_iter().map(|path| read(path.as_ref())).collect::<Result<Vec<_>, _>>()?;
        Self::from_pem_parts(parts.iter().map(|part| part.as_slice()))
    }

    /// The chain, the client's own certificate first.
    pub(super) fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.0.chain.clone()
    }

    /// The key.
    pub(super) fn key(&self) -> PrivateKeyDer<'static> {
        self.0.key.clone_key()
    }

    /// Whether both are the same certificate and key.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.0.chain == other.0.chain && self.0.key == other.0.key
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdentity({} certificates, key ***)", self.0.chain.len())
    }
}
