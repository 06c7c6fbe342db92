//! Tests of credentials in headers: the selection of a credential, missing credentials, and invalid values.

use pki_clients::keyfactor_command::models::CertificateImportRequest;
use pki_clients::runtime::{ErrorKind, RequestOptions};
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};
use serde_json::json;

use super::sent::Sent;
use super::server::{Response, Server};
use super::vendor::{API_KEY, PASSWORD, USERNAME, Vendor};

/// Returns the request that the client of Keyfactor Command sends with these credentials.
async fn sent(credentials: impl FnOnce(keyfactor_command::ClientBuilder) -> keyfactor_command::ClientBuilder) -> Sent {
    let server = Server::responding([Response::new(200).json(&json!({}))]).await;
    let client = credentials(keyfactor_command::Client::builder().no_proxy()).base_url(server.url()).build().unwrap();
    client.certificates().import(CertificateImportRequest::new("MIIB")).send().await.unwrap();
    server.sent_once()
}

fn import_with(authorization: &str) -> Sent {
    Sent::anonymous("POST", "/Certificates/Import")
        .header("authorization", authorization)
        .accept("application/json")
        .header("x-keyfactor-requested-with", "APIClient")
        .json("application/json", json!({"Certificate": "MIIB"}))
}

#[tokio::test]
async fn basic_auth_supports_domain_users() {
    let sent = sent(|builder| builder.basic_auth(r"DOMAIN\user", "secret")).await;
    // The Base64 encoding of `DOMAIN\user:secret`.
    assert_eq!(sent, import_with("Basic RE9NQUlOXHVzZXI6c2VjcmV0"));
}

#[tokio::test]
async fn bearer_auth_sends_the_token() {
    assert_eq!(sent(|builder| builder.bearer_auth("eyJh.b-_c.d")).await, import_with("Bearer eyJh.b-_c.d"));
}

#[tokio::test]
async fn uses_first_scheme_and_last_credential() {
    let sent = sent(|builder| {
        builder.bearer_auth("eyJh").basic_auth("old", "old").basic_auth(r"DOMAIN\user", "secret").bearer_auth("eyJi")
    });
    assert_eq!(sent.await, import_with("Basic RE9NQUlOXHVzZXI6c2VjcmV0"));
}

#[tokio::test]
async fn missing_credential_names_the_builder_method_before_sending() {
    let server = Server::responding([]).await;
    let mpki = digicert_mpki::Client::builder().no_proxy().base_url(server.url()).build().unwrap();
    let error = mpki.service_status().hello().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.status()), (ErrorKind::Credential, 0, None));
    assert!(!error.may_have_been_sent() && !error.is_retryable() && error.body().is_none());
    assert_eq!(
        error.to_string(),
        "hello (GET /mpki/api/v1/hello): nothing was sent: no credential is set: call `api_key()` or \
         `client_certificate()` on the client's builder (for `from_env()`, set `DIGICERT_MPKI_API_KEY` or \
         `DIGICERT_MPKI_CLIENT_CERTIFICATE_FILE`)"
    );
    let iot = digicert_iot::Client::builder().no_proxy().base_url(server.url()).build().unwrap();
    let error = iot.authentication_certificates().get("1", "2").send().await.unwrap_err();
    assert!(error.to_string().contains("`api_key()` or `client_certificate()`"), "{error}");

    let keyfactor = keyfactor_command::Client::builder().no_proxy().base_url(server.url()).build().unwrap();
    let error = keyfactor.certificates().import(CertificateImportRequest::new("MIIB")).send().await.unwrap_err();
    assert!(error.to_string().contains("call `basic_auth()`, or `bearer_auth()` on the client's builder"), "{error}");
    assert_eq!(server.sent(), []);
}

#[tokio::test]
async fn credential_can_be_replaced_for_one_call() {
    let server = Server::responding([Response::new(200).json(&json!([]))]).await;
    let call = digicert_mpki::Client::at(&server.url())
        .seats()
        .list_types()
        .options(RequestOptions::new().header("x-api-key", "other"));
    call.send().await.unwrap();
    let expected = Sent::anonymous("GET", "/mpki/api/v1/seat-types").header("x-api-key", "other");
    assert_eq!(server.sent_once(), expected.accept("application/json"));
}

#[test]
fn invalid_credential_is_a_builder_error_and_not_shown() {
    let broken = format!("{API_KEY}\r\nx-injected: yes");
    let errors = [
        digicert_mpki::Client::builder().no_proxy().api_key(&*broken).build().unwrap_err(),
        digicert_mpki::Client::builder().no_proxy().api_key("").build().unwrap_err(),
        keyfactor_command::Client::builder()
            .no_proxy()
            .base_url("http://localhost")
            .bearer_auth(&*broken)
            .build()
            .unwrap_err(),
        keyfactor_command::Client::builder()
            .no_proxy()
            .base_url("http://localhost")
            .basic_auth("DOMAIN:user", PASSWORD)
            .build()
            .unwrap_err(),
        keyfactor_command::Client::builder()
            .no_proxy()
            .base_url("http://localhost")
            .basic_auth(USERNAME, &*broken)
            .build()
            .unwrap_err(),
    ];
    let setters = ["api_key()", "api_key()", "bearer_auth()", "basic_auth()", "basic_auth()"];
    for (error, setter) in errors.iter().zip(setters) {
        let shown = format!("{error} {error:?}");
        assert!(error.to_string().contains(setter), "{shown}");
        assert!(!shown.contains(API_KEY) && !shown.contains(PASSWORD) && !shown.contains("injected"), "{shown}");
    }
}
