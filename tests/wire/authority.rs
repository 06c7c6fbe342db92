//! A certificate authority for tests, which issues the server and client certificates of TLS connections on loopback.

// Each test program uses only some of these functions.
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
    /// Creates an authority with a new key, which no platform trusts.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // The name contains the public key, because clients distinguish authorities by name.
        params.distinguished_name.push(rcgen::DnType::CommonName, format!("tests {:?}", key.public_key_raw()));
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Returns the certificate of the authority as PEM, for the trusted roots of a client.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Returns the TLS configuration of a server with a certificate for this name.
    pub fn server(&self, name: &str) -> rustls::ServerConfig {
        self.issue(name, |_| {}).server(None)
    }

    /// Returns the TLS configuration of a server with a certificate for this name. The server requires a client
    /// certificate issued by this authority.
    pub fn strict_server(&self, name: &str) -> rustls::ServerConfig {
        self.issue(name, |_| {}).server(Some(self))
    }

    /// Issues a client certificate, and returns it and its key as PEM.
    pub fn client_pem(&self) -> String {
        self.client(|_| {}).pem()
    }

    /// Issues a client certificate, and returns it and its key as a client identity.
    pub fn client_identity(&self) -> ClientIdentity {
        self.client(|_| {}).identity()
    }

    /// Issues a client certificate. `change` modifies its default parameters.
    pub fn client(&self, change: impl FnOnce(&mut CertificateParams)) -> Issued {
        self.issue("service-user", |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            change(params);
        })
    }

    /// Issues a server certificate for this name. `change` modifies its default parameters.
    pub fn issue(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Issued {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        Issued { certificate: params.signed_by(&key, &self.issuer).unwrap(), key }
    }
}

impl Issued {
    /// Creates a self-signed server certificate for this name.
    pub fn new_self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        Self { certificate: params.self_signed(&key).unwrap(), key }
    }

    /// Returns the certificate and key as PEM.
    pub fn pem(&self) -> String {
        format!("{}{}", self.key.serialize_pem(), self.certificate.pem())
    }

    /// Returns the certificate as DER.
    pub fn der(&self) -> Vec<u8> {
        self.certificate.der().to_vec()
    }

    /// Returns the certificate and key as a client identity.
    pub fn identity(&self) -> ClientIdentity {
        ClientIdentity::from_pem(self.pem()).unwrap()
    }

    /// Returns the TLS configuration of a server with this certificate. If `clients` is set, the server requires a
    /// client certificate issued by the authority `clients`.
    pub fn server(&self, clients: Option<&Authority>) -> rustls::ServerConfig {
        self.server_of_versions(clients, rustls::DEFAULT_VERSIONS)
    }

    /// Like [`server`](Self::server), limited to these TLS versions.
    pub fn server_of_versions(
        &self,
        clients: Option<&Authority>,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> rustls::ServerConfig {
        self.server_of(clients, versions, Arc::new(default_provider()), false)
    }

    /// Returns the TLS configuration of a server with this certificate. The server requests a client certificate issued
    /// by `clients`, but does not require one.
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

/// Makes a certificate expired.
pub fn expired(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 2, 1);
}
