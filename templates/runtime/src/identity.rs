//! The certificate and key by which a client shows who it is, and their replacement while the client runs.
//!
//! In: PEM or PKCS#12. Out: what rustls takes. A key that does not fit its certificate is found here, when both are
//! given, not when a server refuses them.

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

/// A certificate chain and its private key, for TLS with a client certificate.
///
/// Clones are handles of the same identity, so the one that a program keeps replaces the certificate of a client that is
/// running, since a client's certificate expires too. Requests that begin after that go over new connections, which show
/// the new certificate; requests under way finish on theirs.
///
/// ```no_run
/// # use clientwright_runtime::runtime::{ClientIdentity, IdentityError};
/// # fn example() -> Result<(), IdentityError> {
/// let identity = ClientIdentity::from_pem_files(["client.pem", "client.key"])?;
/// // Client::builder().client_certificate(identity.clone()).build()?
/// // Every hour, or when the files have changed:
/// match identity.reload() {
///     Ok(true) => println!("the client shows its new certificate"),
///     Ok(false) => {}
///     Err(error) => eprintln!("the client keeps its old certificate: {error}"),
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

/// Where an identity is read from.
enum Source {
    Memory,
    Pem(Vec<PathBuf>),
    #[cfg(feature = "pkcs12")]
    Pkcs12(PathBuf, Secret),
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
    #[error("there is no certificate in the client identity")]
    NoCertificate,
    /// There is no private key.
    #[error("there is no private key in the client identity")]
    NoKey,
    /// There are several private keys.
    #[error("there are several private keys in the client identity")]
    SeveralKeys,
    /// The private key is encrypted.
    #[error("the private key of the client identity is encrypted: decrypt it first, as with `openssl pkey`")]
    EncryptedKey,
    /// The key belongs to another certificate.
    #[error("the private key of the client identity is not that of its certificate, which has to come first")]
    Mismatch,
    /// The certificate or its key cannot be used.
    #[error("the certificate of the client identity or its private key cannot be used")]
    Unusable(#[source] rustls::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] BoxError),
    /// The identity does not come from files.
    #[error("the client identity was not read from files: give it another one by `replace()`")]
    NotFromFiles,
    /// The password does not open the PKCS#12 file.
    #[cfg(feature = "pkcs12")]
    #[error("the password of the PKCS#12 file is wrong, or the file is damaged")]
    Password,
    /// The file is no PKCS#12, or one of a kind that cannot be read.
    #[cfg(feature = "pkcs12")]
    #[error("the PKCS#12 file of the client identity cannot be read")]
    Pkcs12(#[source] BoxError),
}

impl ClientIdentity {
    /// Reads a certificate chain, the client's own certificate first, and its private key from PEM text. The order of
    /// chain and key does not matter; keys may be PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    ///
    /// Chain or key are missing, malformed or encrypted, or do not belong together.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, IdentityError> {
        Self::from_pem_parts([pem])
    }

    /// Reads the same from several PEM texts: certificate here, chain there, key elsewhere.
    ///
    /// # Errors
    ///
    /// Chain or key are missing, malformed or encrypted, or do not belong together.
    pub fn from_pem_parts(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, IdentityError> {
        Ok(Self::of(read_pem(parts)?, Source::Memory))
    }

    /// Reads the same from files.
    ///
    /// # Errors
    ///
    /// A file cannot be read; chain or key are missing, malformed or encrypted, or do not belong together.
    pub fn from_pem_files(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, IdentityError> {
        Self::from_source(Source::Pem(paths.into_iter().map(|path| path.as_ref().to_owned()).collect()))
    }

    /// Reads the same from the bytes of a PKCS#12 file (`.p12`, `.pfx`), which must hold one private key. Files of older
    /// programs, encrypted with RC2 or triple DES, are read too.
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
    /// The password is wrong, there is no certificate or no key or more than one, or the file is malformed.
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12(file: impl AsRef<[u8]>, password: impl Into<Secret>) -> Result<Self, IdentityError> {
        let (chain, key) = pkcs12::read(file.as_ref(), &password.into())?;
        Ok(Self::of(certify(chain, key)?, Source::Memory))
    }

    /// Reads the same from a file. The password is kept, for [`reload`](Self::reload).
    ///
    /// # Errors
    ///
    /// The file cannot be read, or as for [`from_pkcs12`](Self::from_pkcs12).
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12_file(path: impl AsRef<Path>, password: impl Into<Secret>) -> Result<Self, IdentityError> {
        Self::from_source(Source::Pkcs12(path.as_ref().to_owned(), password.into()))
    }

    /// Reads the files again from which this identity was read, and takes over what they hold now. Whether that is
    /// another certificate is what it gives. The files are read on the spot: they belong on a local disk.
    ///
    /// # Errors
    ///
    /// The files cannot be read or do not fit together, as while somebody is replacing them: the identity stays what it
    /// was. So it does where it was not read from files.
    pub fn reload(&self) -> Result<bool, IdentityError> {
        let read = self.0.source.read()?;
        Ok(self.set(Arc::new(read)))
    }

    /// Takes over the certificate and key of another identity, for all clones of this one and the clients that they were
    /// given to. [`reload`](Self::reload) goes on reading the files of this one.
    pub fn replace(&self, identity: Self) {
        self.set(identity.certified_key());
    }

    /// Whether it is another certificate than before.
    fn set(&self, new: Arc<CertifiedKey>) -> bool {
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        // The same certificate has the same key: connections that show it need not be given up.
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

    /// The certificate chain and key as they are now.
    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether both are the same certificate and key.
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

/// The chain with its key, if that is what it is.
pub(super) fn certify(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, IdentityError> {
    let provider = tls::provider().map_err(|error| IdentityError::Tls(error.into()))?;
    let key = provider.key_provider.load_private_key(key).map_err(IdentityError::Unusable)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        // Certificates of X.509 version 1, which many private authorities issue to clients, are not read by rustls; the
        // server is the one to read them.
        Err(rustls::Error::InvalidCertificate(_)) if holds_public_key(&certified) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err(IdentityError::Mismatch),
        Err(rustls::Error::NoCertificatesPresented) => Err(IdentityError::NoCertificate),
        Err(error) => Err(IdentityError::Unusable(error)),
    }
}

/// Whether the key's public half stands in the certificate.
fn holds_public_key(certified: &CertifiedKey) -> bool {
    let (Some(key), Some(certificate)) = (certified.key.public_key(), certified.cert.first()) else { return false };
    !key.is_empty() && certificate.windows(key.len()).any(|window| window == key.as_ref())
}

fn read_pem(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<CertifiedKey, IdentityError> {
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
    if chain.is_empty() { Err(IdentityError::NoCertificate) } else { certify(chain, key) }
}
