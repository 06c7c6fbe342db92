//! Tests of client certificates with a server that requires them, for TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2. Clients
//! have no certificate, or an untrusted, expired or valid one.
//!
//! With TLS 1.3, the client has finished its handshake and sent its request before the rejection arrives. The alert of
//! the server shows that the server has not read the request.

use pki_clients::digicert_mpki::Client;
use pki_clients::runtime::ClientIdentity;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

use super::outcome::{NAME, assert_each_arrives_once, assert_nothing_sent, builder};
use super::server::Server;
use crate::wire::authority::{Authority, expired};

const BOTH_HTTP: &[&[&[u8]]] = &[&[], &[b"http/1.1"], &[b"h2"]];
const BOTH_TLS: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

/// Starts a server for each combination of a version of TLS and one of HTTP. The authority issues the certificates of the
/// servers, and of the clients that the servers accept.
async fn servers(authority: &Authority) -> Vec<Server> {
    let mut servers = Vec::new();
    for version in BOTH_TLS {
        for alpn in BOTH_HTTP {
            servers.push(strict(authority, version, alpn).await);
        }
    }
    servers
}

async fn strict(authority: &Authority, version: &'static SupportedProtocolVersion, alpn: &[&[u8]]) -> Server {
    let both_names = authority.issue("clientauth.one.digicert.com", |params| {
        params.subject_alt_names.push(rcgen::SanType::DnsName(NAME.try_into().unwrap()));
    });
    let mut config = both_names.server_of_versions(Some(authority), &[version]);
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    Server::start(config).await
}

async fn assert_refused(identity: impl Fn(&Authority) -> Option<ClientIdentity>, reason: &str) {
    let authority = Authority::new();
    for server in servers(&authority).await {
        let client = client(&server, &authority, identity(&authority));
        assert_nothing_sent(&server, &client, reason).await;
        assert_eq!(server.connections().1, 0);
    }
}

fn client(server: &Server, authority: &Authority, identity: Option<ClientIdentity>) -> Client {
    let builder = builder(server, authority);
    match identity {
        Some(identity) => builder.client_certificate(identity),
        None => builder,
    }
    .build()
    .unwrap()
}

#[tokio::test]
async fn missing_certificate_is_reported() {
    assert_refused(|_| None, "the server requires a client certificate").await;
}

#[tokio::test]
async fn certificate_of_untrusted_authority_is_reported() {
    let reason = "the server rejected the client certificate: the server does not trust its issuer";
    assert_refused(|_| Some(Authority::new().client_identity()), reason).await;
}

#[tokio::test]
async fn expired_client_certificate_is_reported() {
    let reason = "the server rejected the client certificate: it has expired";
    assert_refused(|authority| Some(authority.client(expired).identity()), reason).await;
}

#[tokio::test]
async fn certificate_is_used_next_to_another_credential() {
    let authority = Authority::new();
    let own = authority.client(|_| {});
    let server = strict(&authority, &TLS13, &[b"http/1.1"]).await;
    let client = builder(&server, &authority).client_identity(own.identity()).build().unwrap();
    assert_each_arrives_once(&server, &client).await;
    assert!(server.requests().iter().all(|request| request.certificate.as_ref() == Some(&own.der())));
}

#[tokio::test]
async fn two_different_certificates_are_refused() {
    let authority = Authority::new();
    let builder = Client::builder().client_certificate(authority.client(|_| {}).identity());
    let error = builder.client_identity(authority.client(|_| {}).identity()).build().unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn valid_certificate_is_accepted() {
    let authority = Authority::new();
    for server in servers(&authority).await {
        let own = authority.client(|_| {});
        assert_each_arrives_once(&server, &client(&server, &authority, Some(own.identity()))).await;
        assert!(server.requests().iter().all(|request| request.certificate.as_ref() == Some(&own.der())));
    }
}
