//! Tests of servers with invalid certificates, and of the root certificates that a client trusts.

use http::Method;
use pki_clients::digicert_mpki::{Client, ClientBuilder};

use super::child_process;
use super::outcome::{NAME, assert_each_arrives_once, assert_nothing_sent, builder};
use super::server::Server;
use crate::wire::authority::{Authority, Issued, expired};

async fn assert_refused(certificate: &Issued, authority: &Authority, reason: &str) {
    let server = Server::start(certificate.server(None)).await;
    let client = builder(&server, authority).build().unwrap();
    assert_nothing_sent(&server, &client, reason).await;
    assert_eq!(server.connections().1, 0);
    // With certificate verification disabled, the client connects.
    let client = builder(&server, authority).danger_accept_invalid_certificates().build().unwrap();
    assert_each_arrives_once(&server, &client).await;
}

#[tokio::test]
async fn expired_certificate_is_refused() {
    let authority = Authority::new();
    assert_refused(&authority.issue(NAME, expired), &authority, "the server's certificate has expired").await;
}

#[tokio::test]
async fn certificate_not_yet_valid_is_refused() {
    let authority = Authority::new();
    let tomorrow = |params: &mut rcgen::CertificateParams| params.not_before = rcgen::date_time_ymd(2120, 1, 1);
    assert_refused(
        &authority.issue(NAME, tomorrow),
        &authority,
        "is not valid yet, or the clock of this machine is wrong",
    )
    .await;
}

#[tokio::test]
async fn self_signed_certificate_is_refused() {
    let reason = "the issuer of the server's certificate is not trusted";
    assert_refused(&Issued::new_self_signed(NAME), &Authority::new(), reason).await;
}

#[tokio::test]
async fn certificate_of_unknown_authority_is_refused() {
    let stranger = Authority::new().issue(NAME, |_| {});
    assert_refused(&stranger, &Authority::new(), "the issuer of the server's certificate is not trusted").await;
}

#[tokio::test]
async fn certificate_of_another_host_is_refused() {
    let authority = Authority::new();
    let certificate = authority.issue("two.digicert.com", |_| {});
    assert_refused(&certificate, &authority, "the server's certificate is for another host").await;
}

#[tokio::test]
async fn custom_roots_extend_or_replace_platform_roots() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = Server::start(authority.server(NAME)).await;
    let plain = || Client::builder().no_proxy().base_url(server.url(NAME)).resolve(NAME, server.address()).api_key("k");
    let untrusting = plain().only_root_certificates_pem(other.pem()).build().unwrap();
    let error = untrusting.service_status().hello().send().await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error}");
    for builder in [
        plain().root_certificate_pem(authority.pem()),
        plain().only_root_certificates_pem(authority.pem()),
        plain().only_root_certificates_pem(other.pem()).root_certificate_pem(authority.pem()),
        plain().root_certificate_pem(authority.pem() + &other.pem()),
    ] {
        builder.build().unwrap().request(Method::GET, "/x").send().await.unwrap();
    }
    assert_eq!(server.requests().len(), 4);
}

/// On Linux, the environment variable `SSL_CERT_FILE` sets the file with the root certificates of the platform.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn platform_roots_are_used() {
    let builder = |url: String, port: u16| {
        let address = (std::net::Ipv4Addr::LOCALHOST, port).into();
        Client::builder().no_proxy().base_url(url).resolve(NAME, address).api_key("k")
    };
    let get = async |builder: ClientBuilder| builder.build().unwrap().request(Method::GET, "/x").send().await;
    if let Some(port) = child_process::role() {
        let plain = || builder(format!("https://{NAME}:{port}"), port.parse().unwrap());
        let other = Authority::new().pem();
        get(plain()).await.unwrap();
        get(plain().root_certificate_pem(&other)).await.unwrap();
        let error = get(plain().only_root_certificates_pem(&other)).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
    } else {
        let authority = Authority::new();
        let server = Server::start(authority.server(NAME)).await;
        let roots = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&roots, authority.pem()).unwrap();
        let variables = [("SSL_CERT_FILE", roots.path().to_str().unwrap())];
        let port = server.address().port().to_string();
        let output = child_process::run("tls::trust::platform_roots_are_used", &port, &variables).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(server.requests().len(), 2);
        let port = server.address().port();
        get(builder(server.url(NAME), port).root_certificate_pem(Authority::new().pem())).await.unwrap_err();
    }
}
