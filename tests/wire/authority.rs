//! A certificate authority of the tests, and what it makes for both ends of a TLS connection on loopback.

// Each test uses what it needs of this.
#![allow(dead_code)]

use std::sync::Arc;

use pki_clients::runtime::ClientIdentity;
use rcgen::{BasicConstraints, Certificate, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;

/// A certificate authority.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub struct Issued {
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    /// A new one, that nobody else trusts.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Two authorities of one name would be taken for each other.
        params.distinguished_name.push(rcgen::DnType::CommonName, format!("tests {:?}", key.public_key_raw()));
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Its certificate, for a client to trust.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A server of this name.
    pub fn server(&self, name: &str) -> rustls::ServerConfig {
        self.issue(name, |_| {}).server(None)
    }

    /// A server of this name that lets no client in without a certificate of this authority.
    pub fn strict_server(&self, name: &str) -> rustls::ServerConfig {
        self.issue(name, |_| {}).server(Some(self))
    }

    /// A client's certificate and key, as PEM.
    pub fn client_pem(&self) -> String {
        self.client(|_| {}).pem()
    }

    /// The same as a client takes it.
    pub fn client_identity(&self) -> ClientIdentity {
        self.client(|_| {}).identity()
    }

    /// A client's certificate, changed in this way.
    pub fn client(&self, change: impl FnOnce(&mut CertificateParams)) -> Issued {
        self.issue("service-user", |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            change(params);
        })
    }

    /// A certificate for a server of this name, changed in this way.
    pub fn issue(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        Issued { certificate: params.signed_by(&key, &self.issuer).unwrap(), key }
    }
}

impl Issued {
    /// A server's certificate that nobody but itself vouches for.
    pub fn by_itself(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        Self { certificate: params.self_signed(&key).unwrap(), key }
    }

    /// Both as PEM.
    pub fn pem(&self) -> String {
        format!("{}{}", self.key.serialize_pem(), self.certificate.pem())
    }

    /// The certificate alone.
    pub fn der(&self) -> Vec<u8> {
        self.certificate.der().to_vec()
    }

    /// Both as a client takes them.
    pub fn identity(&self) -> ClientIdentity {
        ClientIdentity::from_pem(self.pem()).unwrap()
    }

    /// A server that shows this certificate, and lets no client in without one of `clients`.
    pub fn server(&self, clients: Option<&Authority>) -> rustls::ServerConfig {
        self.server_of_versions(clients, rustls::DEFAULT_VERSIONS)
    }

    /// The same in these versions of TLS.
    pub fn server_of_versions(
        &self,
        clients: Option<&Authority>,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> rustls::ServerConfig {
        self.server_of(clients, versions, Arc::new(default_provider()), false)
    }

    /// A server that asks for a certificate of one of `clients`, and does without.
    pub fn optional_server(
        &self,
        clients: Option<&Authority>,
        versions: &[&'static rustls::SupportedProtocolVersion],
        provider: Arc<CryptoProvider>,
    ) -> rustls::ServerConfig {
        self.server_of(clients, versions, provider, true)
    }

    fn server_of(
        &self,
        clients: Option<&Authority>,
        versions: &[&'static rustls::SupportedProtocolVersion],
        provider: Arc<CryptoProvider>,
        optional: bool,
    ) -> rustls::ServerConfig {
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_protocol_versions(versions).unwrap();
        let builder = match clients {
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.certificate.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = if optional { verifier.allow_unauthenticated() } else { verifier };
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
            None => builder.with_no_client_auth(),
        };
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        builder.with_single_cert(vec![self.certificate.der().clone()], key).unwrap()
    }
}

/// A time that is over.
pub fn expired(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 2, 1);
}
