//! Tests of credentials: their location in the request, the selection of a scheme, and missing credentials.

use http::header::{AUTHORIZATION, COOKIE};

use super::sample::models::ImportRequest;
use super::sample::{Client, ClientBuilder};
use super::transport::{Recorder, recorded};
use crate::runtime::{Credential, ErrorKind};

fn client(recorder: &Recorder, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    configure(Client::builder()).transport(recorder.clone()).build().unwrap()
}

#[tokio::test]
async fn credential_is_sent_in_its_location() {
    let recorder = Recorder::default();
    let client = client(&recorder, |builder| {
        builder.basic_auth("user", "pass").query_key("q&k=").cookie_key("c").bearer_token("tok")
    });
    client.certificates().search().send().await.unwrap();
    client.certificates().replace("code").session("s").send().await.unwrap();
    client.certificates().health().send().await.unwrap();
    let [search, replace, health] = recorded(&recorder);
    assert_eq!(search.headers()[AUTHORIZATION], "Basic dXNlcjpwYXNz");
    assert_eq!(search.uri().query(), Some("key=q%26k%3D"));
    assert!(search.headers()[AUTHORIZATION].is_sensitive());
    assert_eq!(replace.headers()[COOKIE], "sid=s; session=c");
    assert_eq!(health.headers()[AUTHORIZATION], "Bearer tok");
}

#[tokio::test]
async fn query_credential_replaces_parameter_of_same_name() {
    let recorder = Recorder::default();
    let client = client(&recorder, |builder| builder.basic_auth("user", "pass").query_key("k").cookie_key("c"));
    client
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().query("key", "mine").query("keys", "a"))
        .send()
        .await
        .unwrap();
    let [search] = recorded(&recorder);
    assert_eq!(search.uri().query(), Some("keys=a&key=k"));
}

#[tokio::test]
async fn first_satisfied_requirement_is_used() {
    let recorder = Recorder::default();
    let both = client(&recorder, |builder| builder.api_key("k").basic_auth("u", "p").query_key("q"));
    both.certificates().search().send().await.unwrap();
    // No credential is configured, and the operation may be called without one.
    client(&recorder, |builder| builder).certificates().replace("code").send().await.unwrap();
    let [search, replace] = recorded(&recorder);
    assert_eq!(search.headers()["x-api-key"], "k");
    assert!(!search.headers().contains_key(AUTHORIZATION) && search.uri().query().is_none());
    assert!(!replace.headers().contains_key(COOKIE));
}

#[tokio::test]
async fn operation_without_security_sends_no_credential() {
    let recorder = Recorder::default();
    let client = client(&recorder, |builder| {
        builder.api_key("k").basic_auth("u", "p").bearer_token("t").query_key("q").cookie_key("c")
    });
    let upload = crate::runtime::Upload::bytes("a.zip", "zip");
    // The test only checks the request, so it ignores the result of the call.
    let _ = client.certificates().import(upload).send().await;
    let [import] = recorded(&recorder);
    assert!(!["x-api-key", "authorization", "cookie"].iter().any(|name| import.headers().contains_key(*name)));
    assert_eq!(import.uri().query(), None);
}

#[tokio::test]
async fn missing_credential_fails_before_sending() {
    let recorder = Recorder::default();
    let error = client(&recorder, |builder| builder.basic_auth("u", "hunter2"))
        .certificates()
        .search()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(!error.may_have_been_sent() && error.attempts() == 0);
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): nothing was sent: no credential is set: call \
         `api_key()` or `client_certificate()`, or `query_key()` on the client's builder (for `from_env()`, set \
         `SAMPLE_API_KEY` or `SAMPLE_CLIENT_CERTIFICATE_FILE`)"
    );
    assert!(recorder.requests().is_empty());
}

#[tokio::test]
async fn raw_request_sends_first_credential() {
    let recorder = Recorder::default();
    let client = client(&recorder, |builder| builder.bearer_token("tok").api_key("k"));
    client.request(http::Method::GET, "/x").send().await.unwrap();
    let [request] = recorded(&recorder);
    assert_eq!(request.headers()["x-api-key"], "k");
    assert!(!request.headers().contains_key(AUTHORIZATION));
}

#[test]
fn invalid_credential_is_rejected_at_build() {
    let error = |builder: ClientBuilder| builder.build().unwrap_err().to_string();
    for text in [
        error(Client::builder().api_key("hunter2\n")),
        error(Client::builder().api_key("")),
        error(Client::builder().bearer_token("hunter2\r\nx: y")),
        error(Client::builder().cookie_key("hunter2; x")),
        error(Client::builder().basic_auth("u", "hunter2\n")),
        error(Client::builder().basic_auth("u:", "hunter2")),
    ] {
        assert!(text.contains("()`") && !text.contains("hunter2"), "{text}");
    }
    let token_error = error(Client::builder().token("hunter2\n"));
    assert!(token_error.contains("`token()`"), "{token_error}");
    let wrong = Client::builder().credential("Bearer", Credential::api_key("hunter2")).build().unwrap_err();
    assert!(wrong.to_string().contains("`Bearer`"), "{wrong}");
    let unknown = Client::builder().credential("Nobody", Credential::api_key("hunter2")).build().unwrap_err();
    assert!(unknown.to_string().contains("`Nobody`"), "{unknown}");
}

#[tokio::test]
async fn other_http_scheme_and_oauth2_token_are_sent() {
    let recorder = Recorder::default();
    let sent = |builder: ClientBuilder| {
        let client = client(&recorder, |_| builder);
        async move { client.request(http::Method::GET, "/x").send().await.unwrap() }
    };
    sent(Client::builder().token("abc=")).await;
    sent(Client::builder().credential("OAuth2", Credential::bearer("eyJh"))).await;
    let [token, oauth] = recorded(&recorder);
    assert_eq!(token.headers()[AUTHORIZATION], "Token abc=");
    assert_eq!(oauth.headers()[AUTHORIZATION], "Bearer eyJh");
}

#[test]
fn debug_hides_secrets() {
    let recorder = Recorder::default();
    let builder = Client::builder()
        .api_key("hunter2")
        .basic_auth("u", "hunter2")
        .header("x-secret", "hunter2")
        .transport(recorder);
    let mut shown = format!("{builder:?} {:?}", Credential::basic("u", "hunter2"));
    let client = builder.build().unwrap();
    let certificates = client.certificates();
    let renew = certificates
        .renew("hunter2", ImportRequest::default())
        .options(crate::runtime::RequestOptions::new().header("a", "hunter2").query("b", "hunter2"));
    shown += &format!("{client:?} {certificates:?} {renew:?} {:?}", certificates.search().common_name("hunter2"));
    let raw = client.request(http::Method::POST, "/x").json("hunter2").query("a", "hunter2");
    shown += &format!("{raw:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("serial_number") && shown.contains("searchCertificates"), "{shown}");
}

#[test]
fn api_key_in_invalid_header_or_cookie_is_rejected() {
    use crate::runtime::{
        ApiClient, ApiInfo, ClientBuilder, Location, SchemeKind, SecurityScheme, ServerInfo, Service,
    };

    /// Builds a client of an API whose only security scheme is an API key with this location and name.
    macro_rules! built {
        ($location:ident, $name:literal) => {{
            struct Keyed;

            impl crate::runtime::sealed::Sealed for Keyed {}

            impl Service for Keyed {
                const API: &'static ApiInfo = &ApiInfo {
                    name: "",
                    version: "",
                    user_agent: "",
                    servers: &[ServerInfo { name: None, url: "https://a.test", variables: &[] }],
                    operation_servers: &[],
                    security_schemes: &[SecurityScheme {
                        name: "Key",
                        kind: SchemeKind::ApiKey { location: Location::$location, name: $name },
                        client_certificate: None,
                        setter: "key",
                    }],
                    environment: &[],
                    request_id_header: None,
                    sensitive_properties: &[],
                };

                fn from_api_client(_: ApiClient) -> Self {
                    Self
                }
            }

            let builder = ClientBuilder::<Keyed>::new().credential("Key", Credential::api_key("hunter2"));
            builder.transport(Recorder::default()).build().map(drop).map_err(|error| error.to_string())
        }};
    }

    for refused in [
        built!(Header, "Content-Length"),
        built!(Header, "TRANSFER-ENCODING"),
        built!(Header, "host"),
        built!(Header, "Connection"),
        built!(Header, "Keep-Alive"),
        built!(Header, "Upgrade"),
        built!(Header, "X Key"),
        built!(Header, "X-Key\r\nHost"),
        built!(Header, ""),
        built!(Cookie, "a=b; c"),
        built!(Cookie, "a\0"),
        built!(Cookie, ""),
    ] {
        let error = refused.unwrap_err();
        assert!(
            error.starts_with(
                "the security scheme `Key` sends its credential in a header or cookie whose name is not allowed"
            ),
            "{error}"
        );
    }
    for allowed in [built!(Header, "X-Key"), built!(Cookie, "Host"), built!(Query, "a=b&c")] {
        assert_eq!(allowed, Ok(()));
    }
}

#[tokio::test]
async fn framing_header_is_rejected() {
    let recorder = Recorder::default();
    let client = client(&recorder, |builder| builder.api_key("k"));
    for name in [
        "Content-Length",
        "transfer-encoding",
        "HOST",
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "upgrade",
    ] {
        let message = format!("the header `{name}` must not be set");
        let called = client
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().header(name, "v"))
            .send()
            .await
            .unwrap_err();
        let raw = client.request(http::Method::GET, "/x").header(name, "v").send().await.unwrap_err();
        for error in [called.to_string(), raw.to_string()] {
            assert!(error.contains(&message), "{error}");
        }
        let error = Client::builder().header(name, "v").build().unwrap_err().to_string();
        assert!(error.contains(&message), "{error}");
    }
    assert!(recorder.requests().is_empty());
}
