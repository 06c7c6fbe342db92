//! TLS as the default transport does it: rustls, the platform's roots and those of the caller, a client certificate.
//!
//! In: roots and identity. Out: a rustls configuration, or why there is none. The crypto provider is the one that the
//! process has installed, else the one of the cargo feature `aws-lc-rs` or `ring`.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::identity::ClientIdentity;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no crypto provider.
    #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
    #[error(
        "no crypto provider for TLS: enable the cargo feature `aws-lc-rs` or `ring`, or install one with \
         `rustls::crypto::CryptoProvider::install_default` before the client is built"
    )]
    NoProvider,
    /// The provider cannot do what is needed.
    #[error("the crypto provider does not support TLS 1.2 and 1.3")]
    Versions(#[source] rustls::Error),
    /// The roots cannot be used.
    #[error("there are no usable root certificates")]
    Roots(#[source] rustls::Error),
    /// The PEM text of a root certificate cannot be used.
    #[error("the root certificate is no PEM text of a certificate")]
    RootPem(#[source] rustls::pki_types::pem::Error),
    /// The identity cannot be used.
    #[error("the client certificate and its key cannot be used")]
    Identity(#[source] rustls::Error),
}

/// The certificates of a PEM text; at least one.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(TlsError::RootPem)?;
    if certificates.is_empty() {
        return Err(TlsError::RootPem(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(certificates)
}

/// The configuration. Without `https` it trusts nobody: such a client speaks plain HTTP, and need not fail on a machine
/// that has no root certificates.
pub fn client_config(
    https: bool,
    roots: Vec<CertificateDer<'static>>,
    identity: Option<&ClientIdentity>,
) -> Result<ClientConfig, TlsError> {
    let provider = provider()?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Versions)?;
    let builder = if https {
        let verifier = Verifier::new_with_extra_roots(roots, provider).map_err(TlsError::Roots)?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let mut config = match identity {
        Some(identity) => {
            builder.with_client_auth_cert(identity.chain(), identity.key()).map_err(TlsError::Identity)?
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The crypto provider.
pub fn provider() -> Result<Arc<CryptoProvider>, TlsError> {
    if let Some(installed) = CryptoProvider::get_default() {
        return Ok(Arc::clone(installed));
    }
    #[cfg(feature = "aws-lc-rs")]
    return Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
    Err(TlsError::NoProvider)
}
