//! Tests of replacing the certificate of a running client: new requests use the new certificate, and requests in flight
//! complete with the old one.

use http::Method;
use pki_clients::digicert_mpki::Client;
use pki_clients::runtime::ClientIdentity;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

use super::outcome::builder;
use super::server::Server;
use crate::wire::authority::{Authority, Issued};

/// The host name to which the client sends requests with a client certificate.
const PREFIXED: &str = "clientauth.one.digicert.com";

async fn server(authority: &Authority, version: &'static SupportedProtocolVersion, alpn: &[u8]) -> Server {
    let certificate = authority.issue(PREFIXED, |_| {});
    let mut config = certificate.server_of_versions(Some(authority), &[version]);
    config.alpn_protocols = vec![alpn.to_vec()];
    Server::start(config).await
}

fn client(server: &Server, authority: &Authority, identity: &ClientIdentity) -> Client {
    builder(server, authority).client_certificate(identity.clone()).build().unwrap()
}

async fn get(client: &Client) {
    client.request(Method::GET, "/x").send().await.unwrap();
}

/// Returns the number of the connection and the client certificate of each received request.
fn certificates_used(server: &Server) -> Vec<(usize, Vec<u8>)> {
    server.requests().into_iter().map(|request| (request.connection, request.certificate.unwrap())).collect()
}

#[tokio::test]
async fn new_requests_use_the_new_certificate() {
    let authority = Authority::new();
    // Test both TLS versions, because they resume sessions differently.
    for version in [&TLS12, &TLS13] {
        for alpn in [&b"h2"[..], b"http/1.1"] {
            let server = server(&authority, version, alpn).await;
            let [old, new, newest] = [(); 3].map(|()| authority.client(|_| {}));
            let identity = old.identity();
            let client = client(&server, &authority, &identity);
            get(&client).await;
            get(&client).await;
            identity.replace(new.identity());
            get(&client).await;
            get(&client.clone()).await;
            // Replacing the certificate with itself keeps the connection.
            identity.replace(new.identity());
            get(&client).await;
            identity.replace(newest.identity());
            get(&client).await;
            let expected = [(1, &old), (1, &old), (2, &new), (2, &new), (2, &new), (3, &newest)];
            assert_eq!(certificates_used(&server), expected.map(|(connection, issued)| (connection, issued.der())));
        }
    }
}

#[tokio::test]
async fn request_in_flight_is_completed() {
    let authority = Authority::new();
    for alpn in [&b"h2"[..], b"http/1.1"] {
        let server = server(&authority, &TLS13, alpn).await;
        let (old, new) = (authority.client(|_| {}), authority.client(|_| {}));
        let identity = old.identity();
        let client = client(&server, &authority, &identity);
        server.hold();
        let under_way = tokio::spawn(client.request(Method::POST, "/x").send());
        server.arrival().await;
        identity.replace(new.identity());
        get(&client).await;
        server.release();
        under_way.await.unwrap().unwrap();
        // The connection of the old certificate is not reused.
        get(&client).await;
        assert_eq!(certificates_used(&server), [(1, old.der()), (2, new.der()), (2, new.der())]);
    }
}

#[tokio::test]
async fn certificate_files_are_read_again() {
    let authority = Authority::new();
    let server = server(&authority, &TLS13, b"h2").await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let write = |issued: &Issued| std::fs::write(file.path(), issued.pem()).unwrap();
    let (old, new) = (authority.client(|_| {}), authority.client(|_| {}));
    write(&old);
    let identity = ClientIdentity::from_pem_files([file.path()]).unwrap();
    let client = client(&server, &authority, &identity);
    get(&client).await;
    assert!(!identity.reload().unwrap());
    get(&client).await;
    // The client ignores a partially written file, and keeps its current certificate.
    std::fs::write(file.path(), &new.pem()[..40]).unwrap();
    identity.reload().unwrap_err();
    get(&client).await;
    write(&new);
    assert!(identity.reload().unwrap());
    get(&client).await;
    assert_eq!(certificates_used(&server), [(1, old.der()), (1, old.der()), (1, old.der()), (2, new.der())]);
}
