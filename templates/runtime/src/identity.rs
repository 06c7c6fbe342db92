//! The client certificate and its private key, which can be replaced while the client is in use (mutual TLS).
//!
//! The identity is read from PEM or PKCS#12. A key that does not match its certificate is an error when the identity is
//! read, before a connection is made.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::InconsistentKeys;
use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::CertifiedKey;
use zeroize::{Zeroize, Zeroizing};

#[cfg(feature = "pkcs12")]
use super::pkcs12;
#[cfg(feature = "pkcs12")]
use super::secret::Secret;
use super::tls;
use super::transport::BoxError;

/// A certificate chain and its private key, for TLS client authentication.
///
/// Clones share the same identity. A program can keep a clone to replace the certificate of a client before it expires.
/// Requests after the replacement use new connections, which present the new certificate; requests in progress finish
/// on their existing connections.
///
/// ```no_run
/// # use clientwright_runtime::runtime::{ClientIdentity, IdentityError};
/// # fn example() -> Result<(), IdentityError> {
/// let identity = ClientIdentity::from_pem_files(["client.pem", "client.key"])?;
/// // Client::builder().client_certificate(identity.clone()).build()?
/// // Every hour, or when the files have changed:
/// match identity.reload() {
///     Ok(true) => println!("the client uses its new certificate"),
///     Ok(false) => {}
///     Err(error) => eprintln!("the client keeps using its old certificate: {error}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ClientIdentity(Arc<Handle>);

struct Handle {
    current: RwLock<Arc<CertifiedKey>>,
    source: Source,
}

/// The source of an identity, which [`ClientIdentity::reload`] reads again.
enum Source {
    Memory,
    Pem(Vec<PathBuf>),
    #[cfg(feature = "pkcs12")]
    Pkcs12(PathBuf, Secret),
}

/// The reason why a client identity cannot be used.
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
    /// The text is not valid PEM.
    #[error("the client identity is not valid PEM")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// There is no certificate.
    #[error("the client identity contains no certificate")]
    NoCertificate,
    /// There is no private key.
    #[error("the client identity contains no private key")]
    NoKey,
    /// There is more than one private key.
    #[error("the client identity contains more than one private key: keep only the key of the client's certificate")]
    SeveralKeys,
    /// The private key is encrypted.
    #[error("the private key of the client identity is encrypted: decrypt it first, for example with `openssl pkey`")]
    EncryptedKey,
    /// The key does not match the certificate.
    #[error(
        "the private key of the client identity does not match its first certificate, which must be the client's own"
    )]
    Mismatch,
    /// The certificate or its key cannot be used.
    #[error("the certificate or private key of the client identity cannot be used")]
    Unusable(#[source] rustls::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] BoxError),
    /// The identity cannot be reloaded, because it was not read from files.
    #[error("the client identity cannot be reloaded, because it was not read from files: use `replace()`")]
    NotFromFiles,
    /// The password of the PKCS#12 file is wrong.
    #[cfg(feature = "pkcs12")]
    #[error("the password of the PKCS#12 file is wrong, or the file is damaged")]
    Password,
    /// The file is not a PKCS#12 file, or uses unsupported features of PKCS#12.
    #[cfg(feature = "pkcs12")]
    #[error("the PKCS#12 file of the client identity cannot be read")]
    Pkcs12(#[source] BoxError),
}

impl ClientIdentity {
    /// Reads a certificate chain, starting with the client's certificate, and its private key from PEM text. The key
    /// may be before or after the chain; PKCS#8, PKCS#1 and SEC1 are supported.
    ///
    /// # Errors
    ///
    /// The certificate chain or the private key is missing, malformed or encrypted, or the key does not match the
    /// certificate.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, IdentityError> {
        Self::from_pem_parts([pem])
    }

    /// Reads a certificate chain and its private key from several PEM texts, e.g. the chain from one and the key from
    /// another.
    ///
    /// # Errors
    ///
    /// The certificate chain or the private key is missing, malformed or encrypted, or the key does not match the
    /// certificate.
    pub fn from_pem_parts(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, IdentityError> {
        Ok(Self::of(read_pem(parts)?, Source::Memory))
    }

    /// Reads a certificate chain and its private key from PEM files.
    ///
    /// # Errors
    ///
    /// A file cannot be read, the certificate chain or the private key is missing, malformed or encrypted, or the key
    /// does not match the certificate.
    pub fn from_pem_files(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, IdentityError> {
        Self::from_source(Source::Pem(paths.into_iter().map(|path| path.as_ref().to_owned()).collect()))
    }

    /// Reads a certificate chain and its private key from the content of a PKCS#12 file (`.p12`, `.pfx`), which must
    /// contain exactly one private key. Files of older programs, encrypted with RC2 or triple DES, are supported.
    ///
    /// ```no_run
    /// # use clientwright_runtime::runtime::ClientIdentity;
    /// # fn example(password: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let identity = ClientIdentity::from_pkcs12(std::fs::read("client.p12")?, password)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The password is wrong, the file contains no certificate or not exactly one private key, or the file is
    /// malformed.
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12(file: impl AsRef<[u8]>, password: impl Into<Secret>) -> Result<Self, IdentityError> {
        let (chain, key) = pkcs12::read(file.as_ref(), &password.into())?;
        Ok(Self::of(certify(chain, key)?, Source::Memory))
    }

    /// Reads a PKCS#12 file. The password is stored for [`reload`](Self::reload).
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its content is invalid: see [`from_pkcs12`](Self::from_pkcs12).
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12_file(path: impl AsRef<Path>, password: impl Into<Secret>) -> Result<Self, IdentityError> {
        Self::from_source(Source::Pkcs12(path.as_ref().to_owned(), password.into()))
    }

    /// Reads the files of this identity again and replaces the certificate and key with their content. Returns whether
    /// the certificate has changed. This blocks the current thread while the files are read.
    ///
    /// # Errors
    ///
    /// The files cannot be read, the key does not match the certificate (for example because the files are being
    /// replaced), or the identity was not read from files. The identity then remains unchanged.
    pub fn reload(&self) -> Result<bool, IdentityError> {
        let read = self.0.source.read()?;
        Ok(self.set(Arc::new(read)))
    }

    /// Replaces the certificate and key with those of another identity, for all clones of this identity and all clients
    /// that use it or a clone. [`reload`](Self::reload) still reads the files of this identity.
    pub fn replace(&self, identity: Self) {
        self.set(identity.certified_key());
    }

    /// Replaces the certificate and key, and returns whether the certificate has changed.
    fn set(&self, new: Arc<CertifiedKey>) -> bool {
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        // The same certificate has the same key, so existing connections can still be used.
        let changed = current.cert != new.cert;
        if changed {
            *current = new;
        }
        changed
    }

    fn from_source(source: Source) -> Result<Self, IdentityError> {
        Ok(Self::of(source.read()?, source))
    }

    fn of(certified: CertifiedKey, source: Source) -> Self {
        Self(Arc::new(Handle { current: RwLock::new(Arc::new(certified)), source }))
    }

    /// Returns the current certificate chain and key.
    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether both identities have the same certificate.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.certified_key().cert == other.certified_key().cert
    }
}

impl Source {
    fn read(&self) -> Result<CertifiedKey, IdentityError> {
        let file = |path: &PathBuf| {
            let error = |source| IdentityError::File { path: path.clone(), source };
            std::fs::read(path).map(Zeroizing::new).map_err(error)
        };
        match self {
            Self::Memory => Err(IdentityError::NotFromFiles),
            Self::Pem(paths) => {
                let parts = paths.iter().map(file).collect::<Result<Vec<_>, _>>()?;
                read_pem(parts.iter().map(|part| part.as_slice()))
            }
            #[cfg(feature = "pkcs12")]
            Self::Pkcs12(path, password) => {
                let (chain, key) = pkcs12::read(&file(path)?, password)?;
                certify(chain, key)
            }
        }
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdentity({} certificates, key ***)", self.certified_key().cert.len())
    }
}

/// Combines a certificate chain with its private key. Fails if the key does not match the first certificate of the
/// chain.
pub(super) fn certify(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, IdentityError> {
    let provider = tls::provider().map_err(|error| IdentityError::Tls(error.into()))?;
    let key = provider.key_provider.load_private_key(key).map_err(IdentityError::Unusable)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        // rustls cannot parse certificates of X.509 version 1, which many private CAs issue to clients. Only the server
        // needs to parse them.
        Err(rustls::Error::InvalidCertificate(_)) if holds_public_key(&certified) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err(IdentityError::Mismatch),
        Err(rustls::Error::NoCertificatesPresented) => Err(IdentityError::NoCertificate),
        Err(error) => Err(IdentityError::Unusable(error)),
    }
}

/// Returns whether the first certificate contains the public key that belongs to the private key.
fn holds_public_key(certified: &CertifiedKey) -> bool {
    let (Some(key), Some(certificate)) = (certified.key.public_key(), certified.cert.first()) else { return false };
    !key.is_empty() && certificate.windows(key.len()).any(|window| window == key.as_ref())
}

fn read_pem(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<CertifiedKey, IdentityError> {
    let mut chain = Vec::new();
    let mut keys = Vec::new();
    for part in parts {
        let pem = part.as_ref();
        // The parser skips sections that it does not support, so an encrypted key would be reported as missing.
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
    if chain.is_empty() { Err(IdentityError::NoCertificate) } else { certify(chain, key) }
}
