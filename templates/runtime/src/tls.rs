//! TLS configuration of the default transport, with rustls.
//!
//! By default, the client trusts the root certificates of the platform and those set by the caller. The crypto provider
//! is the rustls provider installed for the process. If none is installed, it is the provider of the cargo feature
//! `aws-lc-rs` or `ring`.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// An error of the TLS configuration.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no crypto provider.
    #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
    #[error(
        "no crypto provider for TLS: enable the cargo feature `aws-lc-rs` or `ring`, or install one with \
         `rustls::crypto::CryptoProvider::install_default` before the client is built"
    )]
    NoProvider,
    /// The crypto provider supports neither TLS 1.2 nor TLS 1.3.
    #[error("the crypto provider supports neither TLS 1.2 nor TLS 1.3")]
    Versions(#[source] rustls::Error),
    /// The root certificates of the platform, or one of the caller's root certificates, cannot be used.
    #[error("the root certificates of the platform, or one of the configured root certificates, cannot be used")]
    Roots(#[source] rustls::Error),
    /// None of the caller's root certificates can be used.
    #[error("none of the configured root certificates can be used")]
    OwnRoots(#[source] rustls::client::VerifierBuilderError),
    /// The PEM of a root certificate cannot be parsed.
    #[error("a configured root certificate is not a valid PEM certificate")]
    RootPem(#[source] rustls::pki_types::pem::Error),
}

/// Settings that determine which server certificates a client trusts.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The caller's root certificates, as PEM.
    pub roots: Vec<Vec<u8>>,
    /// Whether only `roots` are trusted and the root certificates of the platform are ignored.
    pub only_these: bool,
    /// Whether every server certificate is accepted without verification.
    pub anybody: bool,
}

/// Creates the TLS configuration.
///
/// If `https` is false, the client only uses plain HTTP. No root certificates are loaded then, so that the client works
/// on machines without root certificates.
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

/// Parses all certificates in `pem`, which must contain at least one certificate.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(TlsError::RootPem)?;
    if certificates.is_empty() {
        return Err(TlsError::RootPem(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(certificates)
}

/// Returns the crypto provider installed for the process or, if none is installed, the provider of the cargo feature.
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

/// A verifier that accepts every server certificate. Handshake signatures are not checked, because they prove nothing
/// if the certificate is not verified.
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
