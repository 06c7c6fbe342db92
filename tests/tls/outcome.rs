//! The outcome of two calls, a GET and a POST.

use std::time::{Duration, Instant};

use http::Method;
use pki_clients::digicert_mpki::{Client, ClientBuilder};
use pki_clients::runtime::{ErrorKind, RetryPolicy};

use super::server::Server;
use crate::wire::authority::Authority;

/// The name of the server.
pub const NAME: &str = "one.digicert.com";

/// Returns a builder that reaches the server under the name in the spec.
pub fn builder(server: &Server, authority: &Authority) -> ClientBuilder {
    let builder = Client::builder().no_proxy().base_url(server.url(NAME)).root_certificate_pem(authority.pem());
    let builder = builder.resolve(NAME, server.address()).resolve("clientauth.one.digicert.com", server.address());
    // The default number of attempts, with almost no delay between them.
    builder.api_key("hunter2").retry(RetryPolicy::new().initial_backoff(Duration::from_millis(1)))
}

/// The error of a call.
#[derive(Debug)]
pub struct Failed {
    /// Its kind.
    pub kind: ErrorKind,
    /// Whether the request may have been sent.
    pub sent: bool,
    /// Its message, a single line.
    pub line: String,
    /// The number of attempts.
    pub attempts: u32,
}

/// Makes a call by each method; neither takes long.
pub async fn calls(client: &Client) -> [Result<(), Failed>; 2] {
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
            Failed { kind: error.kind(), sent: error.may_have_been_sent(), line, attempts: error.attempts() }
        }));
    }
    outcomes.try_into().unwrap()
}

/// Checks that both calls fail for this reason before anything is sent, and that nothing arrives.
pub async fn assert_nothing_sent(server: &Server, client: &Client, reason: &str) {
    for outcome in calls(client).await {
        let failed = outcome.unwrap_err();
        println!("{}", failed.line);
        assert!(failed.line.contains(reason), "{failed:?}");
        assert_eq!((failed.kind, failed.sent), (ErrorKind::Transport, false), "{failed:?}");
        // Nothing was sent, so a POST is tried as often as a GET.
        assert_eq!(failed.attempts, 3, "{failed:?}");
    }
    assert_eq!(server.requests().len(), 0);
    assert_eq!(server.connections().0, 6);
}

/// Checks that both calls succeed, and that each arrived once.
pub async fn assert_each_arrives_once(server: &Server, client: &Client) {
    for outcome in calls(client).await {
        outcome.unwrap();
    }
    let arrived: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(arrived, [Method::GET, Method::POST]);
}
