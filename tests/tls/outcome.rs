//! What a caller is told of two calls, a GET and a POST.

use std::time::{Duration, Instant};

use http::Method;
use pki_clients::digicert_mpki::{Client, ClientBuilder};
use pki_clients::runtime::{ErrorKind, RetryPolicy};

use crate::authority::Authority;
use crate::server::Server;

/// The name of the server.
pub const NAME: &str = "one.digicert.com";

/// A builder that finds the server under the name that the spec has.
pub fn builder(server: &Server, authority: &Authority) -> ClientBuilder {
    let builder = Client::builder().no_proxy().base_url(server.url(NAME)).root_certificate_pem(authority.pem());
    let builder = builder.resolve(NAME, server.address()).resolve("clientauth.one.digicert.com", server.address());
    // The default number of attempts, with next to no wait between them.
    builder.api_key("hunter2").retry(RetryPolicy::new().initial_backoff(Duration::from_millis(1)))
}

/// The error of a call.
#[derive(Debug)]
pub struct Failed {
    /// Its kind.
    pub kind: ErrorKind,
    /// Whether the request may have been sent.
    pub sent: bool,
    /// Its one line.
    pub line: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// Calls once by each method; nobody waits long for either.
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

/// Both calls fail before anything is sent, for this reason, and nothing arrives.
pub async fn nothing_is_sent(server: &Server, client: &Client, reason: &str) {
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

/// Both calls are answered, and each arrived once.
pub async fn each_arrives_once(server: &Server, client: &Client) {
    for outcome in calls(client).await {
        outcome.unwrap();
    }
    let arrived: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(arrived, [Method::GET, Method::POST]);
}
