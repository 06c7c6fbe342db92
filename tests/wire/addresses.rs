//! Tests of request URLs: base URLs with and without a path, and optional and required server variables.

use pki_clients::keyfactor_command::models::CertificateImportRequest;
use pki_clients::{digicert_mpki, keyfactor_command};
use serde_json::json;

use super::authority::Authority;
use super::server::{Response, Server};
use super::vendor::Vendor;

#[tokio::test]
async fn base_url_may_have_a_path_and_a_trailing_slash() {
    for (path, target) in [
        ("", "/mpki/api/v1/seat-types"),
        ("/", "/mpki/api/v1/seat-types"),
        ("/digicert", "/digicert/mpki/api/v1/seat-types"),
        ("/a%20b/c/", "/a%20b/c/mpki/api/v1/seat-types"),
    ] {
        let server = Server::responding([Response::new(200).json(&json!([]))]).await;
        let client = digicert_mpki::Client::at(&format!("{}{path}", server.url()));
        client.seats().list_types().send().await.unwrap();
        assert_eq!(server.sent_once().target, target);
    }
}

#[tokio::test]
async fn trailing_slash_of_a_path_is_kept() {
    let server = Server::responding([Response::new(200).json(&json!([]))]).await;
    digicert_mpki::Client::at(&server.url()).enrollments().list().send().await.unwrap();
    assert_eq!(server.sent_once().target, "/mpki/api/v1/enrollment-details/");
}

#[tokio::test]
async fn host_and_base_path_are_server_variables() {
    let authority = Authority::new();
    for (base_path, target) in [
        (None, "/KeyfactorAPI/Certificates/Import"),
        (Some("Corp/KeyfactorAPI2"), "/Corp/KeyfactorAPI2/Certificates/Import"),
    ] {
        let response = Response::new(200).json(&json!({}));
        let server = Server::responding_with_tls([response], authority.server("command.example.com")).await;
        let host = format!("command.example.com:{}", server.address().port());
        let builder = keyfactor_command::Client::authenticated()
            .host(&*host)
            .resolve("command.example.com", server.address())
            .root_certificate_pem(authority.pem());
        let builder = match base_path {
            Some(base_path) => builder.base_path(base_path),
            None => builder,
        };
        let client = builder.build().unwrap();
        client.certificates().import(CertificateImportRequest::new("MIIB")).send().await.unwrap();
        let sent = server.sent_once();
        assert_eq!((&*sent.target, &*sent.headers["host"]), (target, &*host));
    }
}

#[test]
fn keyfactor_requires_a_host() {
    let error = keyfactor_command::Client::authenticated().build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server `https://{host}/{base_path}` requires a value for `host`: call the builder method of that name, \
         `server_variable(\"host\", …)` or `base_url()`"
    );
    keyfactor_command::Client::authenticated().base_path("KeyfactorAPI").build().unwrap_err();
    keyfactor_command::Client::authenticated().base_url("https://command.example.com/x").build().unwrap();
}

#[test]
fn invalid_server_address_is_a_builder_error() {
    for host in ["", "user@evil.example", "https://evil.example", "evil.example?", "a b"] {
        let built = digicert_mpki::Client::authenticated().host(host).build();
        assert!(built.is_err(), "{host:?}: {built:?}");
    }
    for url in ["", "one.digicert.com", "ftp://one.digicert.com", "https://u:p@one.digicert.com", "https://a?b", "/x"] {
        let built = digicert_mpki::Client::authenticated().base_url(url).build();
        assert!(built.is_err(), "{url:?}: {built:?}");
    }
}
