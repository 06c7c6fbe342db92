//! Makes two calls, a GET and a POST, and checks their outcomes.

use std::time::{Duration, Instant};

use http::Method;
use pki_clients::digicert_mpki::{Client, ClientBuilder};
use pki_clients::runtime::{ErrorKind, RetryPolicy};

use super::server::Server;
use crate::wire::authority::Authority;

/// The host name of the server: the default host in the spec.
pub const NAME: &str = "one.digicert.com";

/// Returns a client builder that trusts the authority and resolves the host names of the spec to this server.
pub fn builder(server: &Server, authority: &Authority) -> ClientBuilder {
    let builder = Client::builder().no_proxy().base_url(server.url(NAME)).root_certificate_pem(authority.pem());
    let builder = builder.resolve(NAME, server.address()).resolve("clientauth.one.digicert.com", server.address());
    // Retry as often as by default, but with almost no delay.
    builder.api_key("hunter2").retry(RetryPolicy::new().initial_backoff(Duration::from_millis(1)))
}

/// The error of a call.
#[derive(Debug)]
pub struct FailedCall {
    /// The kind of the error.
    pub kind: ErrorKind,
    /// Whether the request may have been sent.
    pub sent: bool,
    /// The message of the error, a single line.
    pub line: String,
    /// The number of attempts.
    pub attempts: u32,
}

/// Makes a GET and then a POST. Asserts that each takes less than 5 seconds, and that the message of an error is one
/// line without the credential.
pub async fn calls(client: &Client) -> [Result<(), FailedCall>; 2] {
    let mut outcomes = Vec::new();
    for method in [Method::GET, Method::POST] {
        let began = Instant::now();
        let request = client.request(method, "/x");
        let outcome = request.json(&serde_json::json!({"serial": "1"})).send().await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        outcomes.push(outcome.map(|_| ()).map_err(|error| {
            let line = error.to_string();
            assert!(!line.contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{line}");
            assert!(!line.contains('\n'), "{line}");
            FailedCall { kind: error.kind(), sent: error.may_have_been_sent(), line, attempts: error.attempts() }
        }));
    }
    outcomes.try_into().unwrap()
}

/// Makes two calls. Asserts that both fail with this reason, that their errors say that nothing was sent, and that no
/// request arrives at the server.
pub async fn assert_nothing_sent(server: &Server, client: &Client, reason: &str) {
    for outcome in calls(client).await {
        let failed = outcome.unwrap_err();
        println!("{}", failed.line);
        assert!(failed.line.contains(reason), "{failed:?}");
        assert_eq!((failed.kind, failed.sent), (ErrorKind::Transport, false), "{failed:?}");
        // A request that was not sent is retried, even if it is a POST.
        assert_eq!(failed.attempts, 3, "{failed:?}");
    }
    assert_eq!(server.requests().len(), 0);
    assert_eq!(server.connections().0, 6);
}

/// Asserts that both calls succeed and that each request arrives once.
pub async fn assert_each_arrives_once(server: &Server, client: &Client) {
    for outcome in calls(client).await {
        outcome.unwrap();
    }
    let arrived: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(arrived, [Method::GET, Method::POST]);
}
