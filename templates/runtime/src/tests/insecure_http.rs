//! Tests of credentials over plain HTTP: only loopback addresses are allowed, unless the builder or the environment
//! allows other hosts.

use http::Method;

use super::sample::{Client, ClientBuilder};
use super::transport::Recorder;
use crate::runtime::environment::apply;
use crate::runtime::{BuildError, ClientCredentials, CredentialError, ErrorKind, Lease};

const REFUSED: &str = "the credential would be sent unencrypted to `http://pki.example.com/x`: use `https`, or allow \
                       it with `allow_insecure_http()` on the client's builder (for `from_env()`, set \
                       `SAMPLE_ALLOW_INSECURE_HTTP=true`)";

fn builder_at(base: &str) -> ClientBuilder {
    Client::builder().base_url(base)
}

#[test]
fn build_rejects_each_kind_of_credential() {
    let client = ClientCredentials::new("id", "hunter2").token_url("https://login.example.com/token");
    let insecure = || builder_at("http://pki.example.com/x");
    for builder in [
        insecure().api_key("hunter2"),
        insecure().basic_auth("user", "hunter2"),
        insecure().bearer_token("hunter2"),
        insecure().query_key("hunter2"),
        insecure().cookie_key("hunter2"),
        insecure().token("hunter2"),
        insecure().bearer_token_client_credentials(client),
        insecure().api_key_provider(|| async { Ok(Lease::new("hunter2")) }),
    ] {
        let error = builder.build().unwrap_err();
        assert!(matches!(error, BuildError::Credential(CredentialError::InsecureHttp(_))), "{error:?}");
        assert_eq!(error.to_string(), REFUSED);
    }
    // Without a credential, plain HTTP is allowed.
    insecure().build().unwrap();
}

#[test]
fn loopback_is_address_or_exactly_localhost() {
    for base in
        ["http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]/x", "http://localhost", "http://LOCALHOST:1"]
    {
        assert!(builder_at(base).api_key("k").build().is_ok(), "{base}");
    }
    for base in [
        "http://evil.localhost",
        "http://localhost.example.com",
        "http://localhost.",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://[::2]",
    ] {
        assert!(builder_at(base).api_key("k").build().is_err(), "{base}");
        assert!(builder_at(&base.replace("http:", "https:")).api_key("k").build().is_ok(), "{base}");
    }
}

#[tokio::test]
async fn builder_or_environment_allows_insecure_http() {
    let lookup =
        |allowed: &'static str| move |name: &str| (name == "SAMPLE_ALLOW_INSECURE_HTTP").then(|| allowed.into());
    let configured = |allowed| apply(builder_at("http://pki.example.com/x").api_key("k"), &lookup(allowed));
    for builder in
        [builder_at("http://pki.example.com/x").api_key("k").allow_insecure_http(), configured("true").unwrap()]
    {
        let recorder = Recorder::default();
        let client = builder.transport(recorder.clone()).build().unwrap();
        assert!(format!("{client:?}").contains("allow_insecure_http: true"));
        client.request(Method::GET, "/y").send().await.unwrap();
        assert_eq!(recorder.requests()[0].headers()["x-api-key"], "k");
    }
    assert!(configured("false").unwrap().build().is_err());
    let error = configured("yes").unwrap_err().to_string();
    assert_eq!(error, "the environment variable `SAMPLE_ALLOW_INSECURE_HTTP` must be `true` or `false`");
}

#[tokio::test]
async fn call_to_insecure_operation_server_sends_nothing() {
    let recorder = Recorder::default();
    let called = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let provider = {
        let called = called.clone();
        move || {
            called.store(true, std::sync::atomic::Ordering::SeqCst);
            async { Ok(Lease::new("hunter2")) }
        }
    };
    let builder = || Client::builder().api_key_provider(provider.clone()).transport(recorder.clone());
    let error = builder().build().unwrap().certificates().report().send().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent(), error.attempts()), (ErrorKind::Request, false, 0));
    assert_eq!(
        error.to_string(),
        "report (GET /weekly): nothing was sent: the credential would be sent unencrypted to \
         `http://eu.reports.example.com`: use `https`, or allow it with `allow_insecure_http()` on the client's \
         builder (for `from_env()`, set `SAMPLE_ALLOW_INSECURE_HTTP=true`)"
    );
    assert!(recorder.requests().is_empty() && !called.load(std::sync::atomic::Ordering::SeqCst));
    builder().allow_insecure_http().build().unwrap().certificates().report().send().await.unwrap();
    assert_eq!(recorder.requests().len(), 1);
}

#[test]
fn token_url_follows_same_rule() {
    let client = || ClientCredentials::new("id", "hunter2").token_url("http://login.example.com/token");
    let error = Client::builder().bearer_token_client_credentials(client()).build().unwrap_err().to_string();
    assert!(error.contains("`danger_allow_plain_http()` or `allow_insecure_http()`"), "{error}");
    Client::builder().bearer_token_client_credentials(client()).allow_insecure_http().build().unwrap();
}
