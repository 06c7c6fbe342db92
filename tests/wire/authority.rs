//! A certificate authority of the tests, and what it makes for both ends of a TLS connection on loopback.

use std::sync::Arc;

use pki_clients::runtime::ClientIdentity;
use rcgen::{BasicConstraints, Certificate, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;

/// A certificate authority.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one, that nobody else trusts.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Its certificate, for a client to trust.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A server of this name.
    pub fn server(&self, name: &str) -> rustls::ServerConfig {
        self.server_config(name, false)
    }

    /// A server of this name that lets no client in without a certificate of this authority.
    pub fn strict_server(&self, name: &str) -> rustls::ServerConfig {
        self.server_config(name, true)
    }

    /// A client's certificate and key, as PEM.
    pub fn client_pem(&self) -> String {
        let (certificate, key) = self.issue("service-user", ExtendedKeyUsagePurpose::ClientAuth);
        format!("{}{}", key.serialize_pem(), certificate.pem())
    }

    /// The same as a client takes it.
    pub fn client_identity(&self) -> ClientIdentity {
        ClientIdentity::from_pem(self.client_pem()).unwrap()
    }

    fn server_config(&self, name: &str, strict: bool) -> rustls::ServerConfig {
        let provider = Arc::new(default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = if strict {
            let mut roots = RootCertStore::empty();
            roots.add(self.certificate.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let (certificate, key) = self.issue(name, ExtendedKeyUsagePurpose::ServerAuth);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        builder.with_single_cert(vec![certificate.der().clone()], key).unwrap()
    }

    fn issue(&self, name: &str, purpose: ExtendedKeyUsagePurpose) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![purpose];
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}
