//! Tests of TLS with a rustls server on loopback: client certificates, their host prefix, and untrusted servers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::sample::{Client, ClientBuilder};
use crate::runtime::tls::provider;
use crate::runtime::{ClientIdentity, ErrorKind, RetryPolicy};

/// A certificate authority.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        Self::named("tests")
    }

    pub fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Returns the certificate in PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Issues a certificate for these host names. Returns the certificate and its key in PEM.
    pub fn issue(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        Arc::new(roots)
    }
}

/// A received connection: the requested server name, whether the client sent a certificate, and the request head.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    server_name: Option<String>,
    certificate: bool,
    head: String,
}

pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server with this certificate. The server requests a client certificate issued by `clients`. If `required` is
    /// set, connections without a client certificate fail.
    pub async fn start(clients: &Authority, (certificate, key): (String, String), required: bool) -> Self {
        let verifier = WebPkiClientVerifier::builder_with_provider(clients.roots(), provider().unwrap());
        let verifier = if required { verifier } else { verifier.allow_unauthenticated() };
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        let config = ServerConfig::builder_with_provider(provider().unwrap())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let recording = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, recording) = (acceptor.clone(), Arc::clone(&recording));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let connection = stream.get_ref().1;
                    let server_name = connection.server_name().map(str::to_owned);
                    let certificate = connection.peer_certificates().is_some();
                    let mut head = vec![0; 4096];
                    let length = stream.read(&mut head).await.unwrap_or(0);
                    let head = String::from_utf8_lossy(&head[..length]).into_owned();
                    recording.lock().unwrap().push(Seen { server_name, certificate, head });
                    let response =
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 22\r\n\r\n{\"items\":[],\"total\":0}";
                    let _ = stream.write_all(response.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, seen }
    }

    pub fn client(
        &self,
        host: &str,
        authority: &Authority,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Client {
        let builder = Client::builder()
            .base_url(format!("https://{host}:{}", self.address.port()))
            .resolve("localhost", self.address)
            .resolve("clientauth.localhost", self.address)
            .root_certificate_pem(authority.certificate.pem())
            .retry(RetryPolicy::none());
        configure(builder).build().unwrap()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn identity(authority: &Authority) -> ClientIdentity {
    let (certificate, key) = authority.issue(&["client"], |_| {});
    ClientIdentity::from_pem(key + &certificate).unwrap()
}

pub const NAMES: &[&str] = &["localhost", "clientauth.localhost", "127.0.0.1"];

#[tokio::test]
async fn client_certificate_uses_prefixed_host_without_api_key() {
    let authority = Authority::new();
    let server = Server::start(&authority, authority.issue(NAMES, |_| {}), false).await;
    let both = server
        .client("localhost", &authority, |builder| builder.api_key("hunter2").client_certificate(identity(&authority)));
    both.certificates().search().send().await.unwrap();
    // An operation that needs no credential uses the host without the prefix.
    both.certificates().replace("code").send().await.unwrap();
    // The prefix is not added twice.
    let prefixed =
        server.client("clientauth.localhost", &authority, |builder| builder.client_certificate(identity(&authority)));
    prefixed.certificates().search().send().await.unwrap();
    // The prefix is not added to an IP address.
    let address = server.client("127.0.0.1", &authority, |builder| builder.client_certificate(identity(&authority)));
    address.certificates().search().send().await.unwrap();
    // Without a certificate, the API key is sent to the host without the prefix.
    let key = server.client("localhost", &authority, |builder| builder.api_key("hunter2"));
    key.certificates().search().send().await.unwrap();

    let seen = server.seen();
    let port = server.address.port();
    let names: Vec<_> = seen.iter().map(|seen| seen.server_name.as_deref()).collect();
    let expected =
        [Some("clientauth.localhost"), Some("localhost"), Some("clientauth.localhost"), None, Some("localhost")];
    assert_eq!(names, expected);
    let certificates: Vec<_> = seen.iter().map(|seen| seen.certificate).collect();
    assert_eq!(certificates, [true, true, true, true, false]);
    assert!(seen[0].head.contains(&format!("host: clientauth.localhost:{port}\r\n")), "{}", seen[0].head);
    let keys: Vec<_> = seen.iter().map(|seen| seen.head.contains("x-api-key: hunter2\r\n")).collect();
    assert_eq!(keys, [false, false, false, false, true]);
}

#[tokio::test]
async fn server_accepts_only_certificate_of_its_authority() {
    let authority = Authority::new();
    let server = Server::start(&authority, authority.issue(NAMES, |_| {}), true).await;
    let right = server.client("localhost", &authority, |builder| builder.client_certificate(identity(&authority)));
    right.certificates().search().send().await.unwrap();
    let missing = server.client("localhost", &authority, |builder| builder.api_key("hunter2"));
    let wrong =
        server.client("localhost", &authority, |builder| builder.client_certificate(identity(&Authority::new())));
    for client in [missing, wrong] {
        let error = client.certificates().search().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn untrusted_server_receives_nothing() {
    let authority = Authority::new();
    let expired = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 1);
    };
    let rows = [
        (Authority::named("another").issue(NAMES, |_| {}), "the issuer of the server's certificate is not trusted"),
        (authority.issue(&["other.example"], |_| {}), "is for another host"),
        (authority.issue(NAMES, expired), "has expired"),
    ];
    for (certificate, reason) in rows {
        let server = Server::start(&authority, certificate, false).await;
        let client = server.client("localhost", &authority, |builder| builder.api_key("hunter2"));
        let error = client.certificates().search().send().await.unwrap_err();
        assert!(!error.may_have_been_sent() && error.kind() == ErrorKind::Transport);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(server.seen().is_empty());
    }
}

#[test]
fn invalid_certificate_is_rejected_at_build() {
    let authority = Authority::new();
    let root = authority.certificate.pem();
    let builder = || Client::builder().base_url("https://localhost").root_certificate_pem(&root);
    assert!(builder().root_certificate_pem("nothing").build().is_err());
    assert!(builder().only_root_certificates_pem("nothing").build().is_err());
    let certificate = |authority| crate::runtime::Credential::client_certificate(identity(authority));
    let no_rule = builder().credential("Basic", certificate(&authority)).build().unwrap_err();
    assert!(no_rule.to_string().contains("`Basic`"), "{no_rule}");
}
