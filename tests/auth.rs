//! Tests of credentials with the generated clients and an HTTP server on loopback: OAuth2 tokens, credential providers,
//! rejected credentials, and the environment variables of `from_env()`.

mod environment;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use pki_clients::keyfactor_command::models::CertificateImportRequest;
use pki_clients::runtime::{
    Body, BoxError, BoxFuture, ClientCredentials, CredentialProvider, ErrorKind, Lease, RequestOptions, RetryPolicy,
    Secret,
};
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};
use serde_json::json;

use server::{Received, Reply, Server, json, reply, token};

const IMPORT: &str = "/Certificates/Import";

/// Returns a client that uses this server both as the API and as the token endpoint.
fn keyfactor(server: &Server) -> keyfactor_command::Client {
    let client = ClientCredentials::new("inventory", "hunter2").token_url(server.url("/token"));
    let builder = keyfactor_command::Client::builder().base_url(server.url(""));
    builder.bearer_auth_client_credentials(client).retry(RetryPolicy::none()).build().unwrap()
}

async fn import(client: &keyfactor_command::Client) -> Result<(), keyfactor_command::Error> {
    client.certificates().import(CertificateImportRequest::new("MIIB")).send().await.map(|_| ())
}

/// Starts a server that issues tokens at `/token`. Its other paths are an API that accepts the requests for which
/// `is_accepted` returns `true`.
async fn start_server(
    tokens: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    is_accepted: impl Fn(&Received) -> bool + Send + Sync + 'static,
) -> Server {
    let respond = move |received: &Received| match received.target.as_str() {
        "/token" => tokens(received),
        _ if is_accepted(received) => json(200, &json!({})),
        _ => reply(401, "text/plain", "who are you?"),
    };
    Server::start(respond).await
}

fn has_token(received: &Received, token: &str) -> bool {
    received.header("authorization").is_some_and(|shown| shown == format!("Bearer {token}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_calls_share_one_token_request() {
    let server = start_server(|it| token(it.number, 3600), |it| has_token(it, "token-1")).await;
    let client = keyfactor(&server);
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { import(&client).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let [request] = server.received("/token").try_into().unwrap();
    assert_eq!(request.body, "grant_type=client_credentials");
    // The Base64 encoding of `inventory:hunter2`.
    assert_eq!(request.header("authorization"), Some("Basic aW52ZW50b3J5Omh1bnRlcjI="));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(server.count(IMPORT), 64);
}

#[tokio::test]
async fn token_is_replaced_before_it_expires() {
    // Each token is valid for one second. The server accepts it for up to five seconds, so that the test also passes on
    // a slow machine.
    let issued = Arc::new(std::sync::Mutex::new(Vec::new()));
    let known = Arc::clone(&issued);
    let tokens = move |received: &Received| {
        issued.lock().unwrap().push(Instant::now());
        token(received.number, 1)
    };
    let is_accepted = move |received: &Received| {
        let known = known.lock().unwrap();
        let shown = received.header("authorization").and_then(|shown| shown.strip_prefix("Bearer token-"));
        let number: usize = shown.and_then(|number| number.parse().ok()).unwrap_or_default();
        number > 0 && known.get(number - 1).is_some_and(|at| at.elapsed() < Duration::from_secs(5))
    };
    let server = start_server(tokens, is_accepted).await;
    let client = keyfactor(&server);
    let start = Instant::now();
    let mut calls = 0;
    while server.count("/token") < 3 {
        import(&client).await.unwrap();
        calls += 1;
    }
    // Each call sent exactly one import request, so the server rejected no token.
    assert_eq!(server.count(IMPORT), calls);
    assert!(start.elapsed() > Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn token_request_of_dropped_call_passes_to_next_call() {
    let server =
        start_server(|it| if it.number == 1 { None } else { token(it.number, 3600) }, |it| has_token(it, "token-2"))
            .await;
    let client = keyfactor(&server);
    let first = {
        let client = client.clone();
        tokio::spawn(async move { import(&client).await })
    };
    server.arrival("/token", 1).await;
    let others: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { import(&client).await })
        })
        .collect();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    for call in others {
        call.await.unwrap().unwrap();
    }
    assert_eq!((server.count("/token"), server.count(IMPORT)), (2, 8));
}

#[tokio::test]
async fn rejected_token_is_replaced_and_post_sent_once_more() {
    let server = start_server(|it| token(it.number, 3600), |it| has_token(it, "token-2")).await;
    let client = keyfactor(&server);
    import(&client).await.unwrap();
    import(&client).await.unwrap();
    let shown = server.received(IMPORT);
    let shown: Vec<_> = shown.iter().map(|it| (it.header("authorization").unwrap(), it.body.as_str())).collect();
    let body = r#"{"Certificate":"MIIB"}"#;
    assert_eq!(shown, [("Bearer token-1", body), ("Bearer token-2", body), ("Bearer token-2", body)]);
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn permanently_rejected_token_takes_two_requests() {
    let server = start_server(|it| token(it.number, 3600), |_| false).await;
    let error = import(&keyfactor(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.status().unwrap().as_u16()), (ErrorKind::Status, 2, 401));
    assert_eq!((server.count("/token"), server.count(IMPORT)), (2, 2));
    assert!(error.to_string().ends_with("401 Unauthorized after 2 attempts: who are you?"), "{error}");
}

#[tokio::test]
async fn single_use_body_is_sent_once() {
    struct Once(Option<&'static str>);
    impl futures_core::Stream for Once {
        type Item = Result<bytes::Bytes, BoxError>;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Ready(self.0.take().map(|text| Ok(text.into())))
        }
    }
    let server = start_server(|it| token(it.number, 3600), |_| false).await;
    let call = keyfactor(&server).request(Method::POST, IMPORT).body(Body::stream(Once(Some("once")), Some(4)));
    let error = call.send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (401, 1));
    assert_eq!((server.count("/token"), server.count(IMPORT)), (1, 1));
}

#[tokio::test]
async fn failed_token_request_sends_nothing_and_reports_cause() {
    let quoting = json!({"error": "invalid_client", "error_description": "no client inventory has the secret hunter2"});
    let responses = [
        (json(400, &quoting), "responded with 400 Bad Request: invalid_client: no client inventory has the secret ***"),
        (reply(500, "text/html", "<h1>Oops</h1>"), "responded with 500 Internal Server Error: <h1>Oops</h1>"),
        (reply(200, "text/html", "<h1>Log in, token-9</h1>"), "without a token: 24 bytes of text/html, not JSON"),
        (json(200, &json!({"token_type": "bearer"})), "without a token: there is no `access_token`"),
    ];
    for (response, message) in responses {
        let server = start_server(move |_| response.clone(), |_| true).await;
        let error = import(&keyfactor(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 0));
        assert!(!error.may_have_been_sent() && error.to_string().ends_with(message), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        assert_eq!((server.count("/token"), server.count(IMPORT)), (1, 0));
    }
}

#[tokio::test]
async fn hanging_token_endpoint_is_bound_by_call_timeout() {
    let server = start_server(|_| None, |_| true).await;
    let call = keyfactor(&server).certificates().import(CertificateImportRequest::new("MIIB"));
    let error = call.options(RequestOptions::new().timeout(Duration::from_millis(300))).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
    assert_eq!((server.count("/token"), server.count(IMPORT)), (1, 0));
}

#[tokio::test]
async fn token_endpoint_redirect_is_not_followed() {
    let away = || http::Response::builder().status(307).header("location", "/elsewhere").body(String::new()).unwrap();
    let server = start_server(move |_| Some(away()), |_| true).await;
    let error = import(&keyfactor(&server)).await.unwrap_err();
    assert!(
        error.to_string().ends_with("307 Temporary Redirect: redirects of token requests are not followed"),
        "{error}"
    );
    assert_eq!((server.count("/elsewhere"), server.count(IMPORT)), (0, 0));
}

/// A credential provider that returns a new key for each call: `key-1`, `key-2`, …
#[derive(Clone, Default)]
struct Vault(Arc<AtomicUsize>);

impl CredentialProvider for Vault {
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(Lease::new(format!("key-{number}")).valid_for(Duration::from_secs(900))) })
    }
}

#[tokio::test]
async fn each_api_leases_its_credential_from_a_provider() {
    let second = |received: &Received| {
        let shown = received.header("x-api-key").or(received.header("authorization")).unwrap();
        match shown {
            // The Base64 encoding of `user:key-2`.
            "key-2" | "Bearer key-2" | "Basic dXNlcjprZXktMg==" => json(200, &json!({})),
            _ => reply(401, "text/plain", "replaced"),
        }
    };
    let server = Server::start(second).await;
    let mpki = digicert_mpki::Client::builder().base_url(server.url("/mpki")).api_key_provider(Vault::default());
    let iot = digicert_iot::Client::builder().base_url(server.url("/iot")).api_key_provider(Vault::default());
    let bearer = keyfactor_command::Client::builder().base_url(server.url("/bearer"));
    let bearer = bearer.bearer_auth_provider(Vault::default());
    let number = Arc::new(AtomicUsize::new(0));
    let basic = keyfactor_command::Client::builder().base_url(server.url("/basic")).basic_auth_provider(move || {
        let number = number.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Ok(Lease::basic("user", format!("key-{number}"))) }
    });
    mpki.build().unwrap().request(Method::DELETE, "/x").send().await.unwrap();
    iot.build().unwrap().request(Method::DELETE, "/x").send().await.unwrap();
    bearer.build().unwrap().request(Method::DELETE, "/x").send().await.unwrap();
    basic.build().unwrap().request(Method::DELETE, "/x").send().await.unwrap();
    for path in ["/mpki/x", "/iot/x", "/bearer/x", "/basic/x"] {
        assert_eq!(server.count(path), 2, "{path}");
    }
}

#[tokio::test]
async fn failing_provider_or_unsendable_credential_fails_the_call() {
    let server = Server::start(|_| json(200, &json!({}))).await;
    let builder = || digicert_mpki::Client::builder().base_url(server.url(""));
    let sealed = builder().api_key_provider(|| async { Err::<Secret, _>("the vault is sealed".into()) });
    let broken = builder().api_key_provider(|| async { Ok("hunter2\r\nx-injected: yes") });
    for (client, message) in [(sealed, "the vault is sealed"), (broken, "such as a line break")] {
        let error = client.build().unwrap().service_status().hello().send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 0));
        assert!(error.to_string().ends_with(message) && !format!("{error:?}").contains("hunter2"), "{error}");
    }
    assert_eq!(server.count("/mpki/api/v1/hello"), 0);
}

#[tokio::test]
async fn first_complete_security_alternative_is_used() {
    let server = start_server(|it| token(it.number, 3600), |_| true).await;
    let oauth = ClientCredentials::new("inventory", "hunter2").token_url(server.url("/token"));
    let builder = || keyfactor_command::Client::builder().base_url(server.url(""));
    let both = builder().bearer_auth_client_credentials(oauth.clone()).basic_auth("user", "pass").build().unwrap();
    import(&both).await.unwrap();
    // The client uses basic authentication, so it requests no token.
    assert_eq!(server.count("/token"), 0);
    import(&builder().bearer_auth_client_credentials(oauth).build().unwrap()).await.unwrap();
    let shown = server.received(IMPORT);
    let shown: Vec<_> = shown.iter().map(|it| it.header("authorization").unwrap()).collect();
    assert_eq!(shown, ["Basic dXNlcjpwYXNz", "Bearer token-1"]);

    let error = import(&builder().build().unwrap()).await.unwrap_err();
    assert!(
        error.to_string().ends_with(
            "no credential is set: call `basic_auth()`, or `bearer_auth()` on the client's builder (for `from_env()`, set \
             `KEYFACTOR_COMMAND_USERNAME` and `KEYFACTOR_COMMAND_PASSWORD`, or `KEYFACTOR_COMMAND_TOKEN` or \
             `KEYFACTOR_COMMAND_CLIENT_ID` and `KEYFACTOR_COMMAND_CLIENT_SECRET`)"
        ),
        "{error}"
    );
}
