//! TLS as the default transport does it: rustls, the platform's roots and those of the caller.
//!
//! In: whom to trust. Out: a rustls configuration, or why there is none. The crypto provider is the one that the
//! process has installed, else the one of the cargo feature `aws-lc-rs` or `ring`.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

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
    /// None of the caller's roots can be used.
    #[error("there are no usable root certificates")]
    OwnRoots(#[source] rustls::client::VerifierBuilderError),
    /// The PEM text of a root certificate cannot be used.
    #[error("the root certificate is no PEM text of a certificate")]
    RootPem(#[source] rustls::pki_types::pem::Error),
}

/// Whom a client trusts.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The caller's root certificates, as PEM.
    pub roots: Vec<Vec<u8>>,
    /// Whether the platform's roots are left out.
    pub only_these: bool,
    /// Whether anybody is trusted.
    pub anybody: bool,
}

/// The configuration. Without `https` it trusts nobody: such a client speaks plain HTTP, and need not fail on a machine
/// that has no root certificates.
pub fn client_config(https: bool, trust: &Trust) -> Result<ClientConfig, TlsError> {
    let provider = provider()?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Versions)?;
    let mut roots = Vec::new();
    for pem in &trust.roots {
        roots.extend(certificates(pem)?);
    }
    let verifier: Option<Arc<dyn ServerCertVerifier>> = if trust.anybody {
        Some(Arc::new(Unverified(provider)))
    } else if !https {
        None
    } else if trust.only_these {
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(root).map_err(TlsError::Roots)?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider);
        Some(verifier.build().map_err(TlsError::OwnRoots)?)
    } else {
        Some(Arc::new(Verifier::new_with_extra_roots(roots, provider).map_err(TlsError::Roots)?))
    };
    let builder = match verifier {
        Some(verifier) => builder.dangerous().with_custom_certificate_verifier(verifier),
        None => builder.with_root_certificates(RootCertStore::empty()),
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates of a PEM text; at least one.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(TlsError::RootPem)?;
    if certificates.is_empty() {
        return Err(TlsError::RootPem(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(certificates)
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

/// Takes whatever a server shows. Its signatures prove nothing then, so they are not looked at either.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
