//! Tests of client certificates instead of API keys, over TLS: the host name gets the prefix `clientauth.`, and no API
//! key is sent.

use pki_clients::digicert_iot;
use pki_clients::digicert_mpki::{Client, ClientBuilder};
use pki_clients::runtime::ErrorKind;
use serde_json::json;

use super::authority::Authority;
use super::sent::Sent;
use super::server::{Response, Server};
use super::vendor::API_KEY;

const HOST: &str = "clientauth.one.digicert.com";

/// Starts a server that requires a client certificate. Returns a client builder that resolves `name` to the server and
/// trusts its certificate.
async fn strict_server(authority: &Authority, name: &str) -> (Server, ClientBuilder) {
    let response = Response::new(200).body("text/plain;charset=utf-8", "UP");
    let server = Server::responding_with_tls([response], authority.strict_server(name)).await;
    let builder = Client::builder().no_proxy().resolve(name, server.address()).root_certificate_pem(authority.pem());
    (server, builder)
}

fn expected(host: &str) -> Sent {
    Sent::anonymous("GET", "/mpki/api/v1/health/extensive")
        .accept("text/plain;charset=utf-8, application/json")
        .header("host", host)
}

#[tokio::test]
async fn host_gets_prefix_and_no_key_is_sent() {
    let authority = Authority::new();
    let (server, builder) = strict_server(&authority, HOST).await;
    let client = builder.client_certificate(authority.client_identity()).build().unwrap();
    client.service_status().get_health().send().await.unwrap();
    assert_eq!(server.sent_once(), expected(HOST));
}

#[tokio::test]
async fn configured_key_is_not_sent_with_a_certificate() {
    let authority = Authority::new();
    let (server, builder) = strict_server(&authority, HOST).await;
    let client = builder.client_certificate(authority.client_identity()).api_key(API_KEY).build().unwrap();
    client.service_status().get_health().send().await.unwrap();
    assert_eq!(server.sent_once(), expected(HOST));
}

#[tokio::test]
async fn other_host_gets_the_prefix_once() {
    let authority = Authority::new();
    let name = "clientauth.demo.one.digicert.com";
    for host in ["demo.one.digicert.com", name] {
        let (server, builder) = strict_server(&authority, name).await;
        let client = builder.host(host).client_certificate(authority.client_identity()).build().unwrap();
        client.service_status().get_health().send().await.unwrap();
        assert_eq!(server.sent_once(), expected(name));
    }
}

#[tokio::test]
async fn base_url_gets_prefix_and_keeps_port_and_path() {
    let authority = Authority::new();
    let name = "clientauth.pki.example";
    let (server, builder) = strict_server(&authority, name).await;
    let port = server.address().port();
    let client = builder
        .base_url(format!("https://pki.example:{port}/digicert/"))
        .client_certificate(authority.client_identity())
        .build()
        .unwrap();
    client.service_status().get_health().send().await.unwrap();
    let sent = server.sent_once();
    assert_eq!(
        (&*sent.target, &*sent.headers["host"]),
        ("/digicert/mpki/api/v1/health/extensive", &*format!("{name}:{port}"))
    );
}

#[tokio::test]
async fn host_without_certificate_has_no_prefix() {
    let authority = Authority::new();
    let response = || Response::new(200).body("text/plain;charset=utf-8", "UP");
    for host in ["one.digicert.com", "one.digicert.co.jp"] {
        let server = Server::responding_with_tls([response()], authority.server(host)).await;
        let builder =
            Client::builder().no_proxy().resolve(host, server.address()).root_certificate_pem(authority.pem());
        // `one.digicert.com` is the default host, so that case does not set a host.
        let builder = if host == "one.digicert.com" { builder } else { builder.host(host) };
        builder.api_key(API_KEY).build().unwrap().service_status().get_health().send().await.unwrap();
        assert_eq!(server.sent_once(), expected(host).header("x-api-key", API_KEY));
    }
}

#[tokio::test]
async fn other_api_of_the_vendor_gets_the_prefix_too() {
    let authority = Authority::new();
    let server =
        Server::responding_with_tls([Response::new(200).json(&json!({}))], authority.strict_server(HOST)).await;
    let client = digicert_iot::Client::builder()
        .no_proxy()
        .resolve(HOST, server.address())
        .root_certificate_pem(authority.pem())
        .client_certificate(authority.client_identity())
        .build()
        .unwrap();
    client.authentication_certificates().get("1", "2").send().await.unwrap();
    let target = "/iot/api/v1/enrollment-profile/1/authentication-certificate/2";
    let expected = Sent::anonymous("GET", target).accept("application/json").header("host", HOST);
    assert_eq!(server.sent_once(), expected);
}

#[tokio::test]
async fn untrusted_server_receives_nothing() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::responding_with_tls([], stranger.server("one.digicert.com")).await;
    let client = Client::builder()
        .no_proxy()
        .resolve("one.digicert.com", server.address())
        .root_certificate_pem(authority.pem())
        .api_key(API_KEY)
        .retry(pki_clients::runtime::RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.service_status().get_health().send().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Transport, false), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(server.sent(), []);
}

#[tokio::test]
async fn client_without_certificate_is_rejected() {
    let authority = Authority::new();
    let (server, builder) = strict_server(&authority, "one.digicert.com").await;
    let client = builder.api_key(API_KEY).retry(pki_clients::runtime::RetryPolicy::none()).build().unwrap();
    let error = client.service_status().get_health().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(server.sent(), []);
}
