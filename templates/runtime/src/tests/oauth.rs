//! Tests of the OAuth2 client credentials grant: token requests, renewal, and calls without a token.

use std::time::Duration;

use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use tokio::time::Instant;

use super::auth_servers::{Servers, accept_all, token};
use super::sample::models::ImportRequest;
use super::sample::{Client, Error};
use super::transport::Reply::{self, Hang, Http, MaybeSent, NotSent};
use crate::runtime::{
    Body, BuildError, ClientCredentials, CredentialFailure, ErrorKind, RequestError, RetryPolicy, Secret, TokenError,
};

const REFUSED: Reply = Http(401, &[], "");

async fn call(client: &Client) -> Result<(), Error> {
    client.request(Method::GET, "/things").send().await.map(|_| ())
}

/// Makes this many concurrent calls and returns their results.
async fn calls(client: &Client, count: usize) -> Vec<Result<(), Error>> {
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test(start_paused = true)]
async fn concurrent_and_later_calls_share_token() {
    let servers = Servers::new(|number| token(number, r#","expires_in":3600"#), accept_all);
    let client = servers.client();
    assert!(calls(&client, 64).await.iter().all(Result::is_ok));
    call(&client).await.unwrap();
    assert_eq!(servers.token_requests().len(), 1);
    assert_eq!(servers.credentials(), vec!["Bearer token-1"; 65]);
}

#[tokio::test(start_paused = true)]
async fn token_request_follows_rfc_6749() {
    let servers = Servers::new(|number| token(number, ""), accept_all);
    // RFC 6749, appendix B: the client ID and secret are form-encoded before they are joined by a colon, which
    // preserves colons and non-ASCII characters.
    let credentials = ClientCredentials::new("a:b c", "s&%ü").scope("read").scope("write all").audience("https://api");
    let basic = servers.client_with(|builder| {
        builder.header("x-mine", "hunter2").oauth2_client_credentials(credentials.clone().parameter("resource", "r=1"))
    });
    call(&basic).await.unwrap();
    let url = "https://login.example.com/realm/token";
    let post =
        servers.client_with(|builder| builder.oauth2_client_credentials(credentials.secret_in_body().token_url(url)));
    call(&post).await.unwrap();

    let [basic, post] = servers.token_requests().try_into().unwrap();
    assert_eq!(
        (basic.method(), basic.uri().to_string().as_str()),
        (&Method::POST, "https://one.example.com/oauth/token")
    );
    assert_eq!(basic.headers()[CONTENT_TYPE], "application/x-www-form-urlencoded");
    assert_eq!(basic.headers()[ACCEPT], "application/json");
    // The Base64 encoding of `a%3Ab+c:s%26%25%C3%BC`.
    assert_eq!(basic.headers()[AUTHORIZATION], "Basic YSUzQWIrYzpzJTI2JTI1JUMzJUJD");
    assert!(basic.headers()[AUTHORIZATION].is_sensitive() && !basic.headers().contains_key("x-mine"));
    let form = "grant_type=client_credentials&scope=read+write+all&audience=https%3A%2F%2Fapi";
    assert_eq!(basic.body(), &format!("{form}&resource=r%3D1"));
    assert_eq!(post.uri(), url);
    assert!(!post.headers().contains_key(AUTHORIZATION));
    assert_eq!(post.body(), &format!("{form}&client_id=a%3Ab+c&client_secret=s%26%25%C3%BC"));
}

#[tokio::test(start_paused = true)]
async fn token_is_renewed_shortly_before_expiry() {
    for (more, renewed_after) in [
        (r#","expires_in":600"#, Some(540)),
        (r#","expires_in":3600"#, Some(3540)),
        (r#","expires_in":"3600""#, Some(3540)),
        (r#","expires_in":100.5"#, Some(91)),
        (r#","expires_in":0"#, Some(0)),
        (r#","expires_in":-30"#, Some(0)),
        ("", None),
        (r#","expires_in":null"#, None),
        (r#","expires_in":"soon""#, None),
        (r#","expires_in":"NaN""#, None),
        (r#","expires_in":[1]"#, None),
        (r#","expires_in":18446744073709551616"#, None),
        (r#","expires_in":1e300"#, None),
    ] {
        let servers = Servers::new(move |number| token(number, more), accept_all);
        let client = servers.client();
        call(&client).await.unwrap();
        let start = Instant::now();
        if let Some(seconds) = renewed_after.filter(|seconds| *seconds > 0) {
            tokio::time::advance(Duration::from_secs(seconds - 1)).await;
            call(&client).await.unwrap();
            assert_eq!(servers.token_requests().len(), 1, "{more} after {:?}", start.elapsed());
        }
        tokio::time::advance(Duration::from_secs(if renewed_after.is_some() { 1 } else { 400_000_000 })).await;
        call(&client).await.unwrap();
        let expected = if renewed_after.is_some() { 2 } else { 1 };
        assert_eq!(servers.token_requests().len(), expected, "{more} after {:?}", start.elapsed());
        assert_eq!(servers.credentials().last().unwrap(), &format!("Bearer token-{expected}"));
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_expired_token() {
    let servers = Servers::new(|number| token(number, r#","expires_in":0"#), accept_all);
    assert!(calls(&servers.client(), 64).await.iter().all(Result::is_ok));
    assert_eq!(servers.token_requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn valid_token_is_used_while_renewal_fails() {
    let down = |number| match number {
        1 => token(1, r#","expires_in":600"#),
        2 => Hang,
        3 => Http(400, &[], r#"{"error":"temporarily_unavailable"}"#),
        _ => token(number, r#","expires_in":600"#),
    };
    let servers = Servers::new(down, accept_all);
    let client = servers.client();
    call(&client).await.unwrap();
    tokio::time::advance(Duration::from_secs(545)).await;
    let start = Instant::now();
    assert!(calls(&client, 8).await.iter().all(Result::is_ok));
    // Only one of the calls tried to renew the token. The next renewal is delayed.
    assert_eq!((servers.token_requests().len(), start.elapsed()), (2, Duration::from_millis(5010)));
    assert!(calls(&client, 8).await.iter().all(Result::is_ok));
    assert_eq!(servers.token_requests().len(), 2);
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(calls(&client, 8).await.iter().all(Result::is_ok));
    assert_eq!(servers.token_requests().len(), 3);
    assert!(servers.credentials().iter().all(|shown| shown == "Bearer token-1"));
    tokio::time::advance(Duration::from_secs(60)).await;
    call(&client).await.unwrap();
    assert_eq!(servers.credentials().last().unwrap(), "Bearer token-4");
}

#[tokio::test(start_paused = true)]
async fn dropped_token_request_passes_to_waiting_call() {
    let servers = Servers::new(|number| if number == 1 { Hang } else { token(number, "") }, accept_all);
    let client = servers.client();
    let leader = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    while servers.token_requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let waiters = tokio::spawn(async move { calls(&client, 8).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(servers.token_requests().len(), 1);
    leader.abort();
    assert!(waiters.await.unwrap().iter().all(Result::is_ok));
    assert_eq!(servers.token_requests().len(), 2);
    assert_eq!(servers.credentials(), vec!["Bearer token-2"; 8]);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_token_failure() {
    let refused = r#"{"error":"invalid_client","error_description":"no client the-id with hunter2"}"#;
    let servers =
        Servers::new(move |number| if number == 1 { Http(401, &[], refused) } else { token(number, "") }, accept_all);
    let client = servers.client();
    let results = calls(&client, 64).await;
    assert_eq!((servers.token_requests().len(), servers.credentials().len()), (1, 0));
    for error in results.into_iter().map(Result::unwrap_err) {
        assert_eq!((error.kind(), error.attempts(), error.status()), (ErrorKind::Credential, 0, None));
        assert!(!error.may_have_been_sent() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "request (GET /things): nothing was sent: the credential of the security scheme `OAuth2` could not be \
             obtained: the token endpoint responded with 401 Unauthorized: invalid_client: no client the-id with ***"
        );
    }
    call(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn token_request_is_retried_by_client_policy() {
    for first in [NotSent, MaybeSent, Hang, Http(503, &[], ""), Http(429, &[("retry-after", "3")], "")] {
        let first_token = move |first: Reply| move |number| if number == 1 { first.clone() } else { token(number, "") };
        let servers = Servers::new(first_token(first.clone()), accept_all);
        call(&servers.client()).await.unwrap();
        assert_eq!(servers.token_requests().len(), 2);

        let servers = Servers::new(first_token(first), accept_all);
        let once = servers.client_with(|builder| {
            builder.retry(RetryPolicy::none()).oauth2_client_credentials(ClientCredentials::new("id", "hunter2"))
        });
        let error = call(&once).await.unwrap_err();
        assert_eq!((servers.token_requests().len(), error.kind()), (1, ErrorKind::Credential), "{error}");
        assert!(error.is_retryable() && !error.may_have_been_sent());
    }
}

#[tokio::test(start_paused = true)]
async fn call_timeout_includes_token_request() {
    let servers = Servers::new(|_| Hang, accept_all);
    let client = servers.client();
    let start = Instant::now();
    let error = client.request(Method::GET, "/things").timeout(Duration::from_secs(5)).send().await.unwrap_err();
    assert_eq!((start.elapsed(), servers.credentials().len()), (Duration::from_secs(5), 0));
    assert!(error.is_timeout() && !error.may_have_been_sent() && error.is_retryable() && error.attempts() == 0);
    assert_eq!(error.to_string(), "request (GET /things): no credential within 5s, the timeout of the whole call");
}

#[tokio::test(start_paused = true)]
async fn refused_token_is_renewed_and_request_retried_once() {
    let accepts_second = |_, shown: &str| if shown == "Bearer token-2" { Http(200, &[], "{}") } else { REFUSED };
    let servers = Servers::new(|number| token(number, ""), accepts_second);
    let client = servers.client_with(|builder| {
        builder.retry(RetryPolicy::none()).oauth2_client_credentials(ClientCredentials::new("the-id", "hunter2"))
    });
    client.request(Method::POST, "/things").json(&[1]).send().await.unwrap();
    assert_eq!(servers.credentials(), ["Bearer token-1", "Bearer token-2"]);
    call(&client).await.unwrap();
    assert_eq!(servers.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn concurrently_refused_calls_renew_token_once() {
    let accepts_second = |_, shown: &str| if shown == "Bearer token-2" { Http(200, &[], "{}") } else { REFUSED };
    let servers = Servers::new(|number| token(number, ""), accepts_second);
    assert!(calls(&servers.client(), 64).await.iter().all(Result::is_ok));
    assert_eq!((servers.token_requests().len(), servers.credentials().len()), (2, 128));
}

#[tokio::test(start_paused = true)]
async fn late_refusal_keeps_newer_token() {
    let accepts_second = |_, shown: &str| if shown == "Bearer token-2" { Http(200, &[], "{}") } else { REFUSED };
    let servers = Servers::new(|number| token(number, ""), accepts_second).slow(2);
    let client = servers.client();
    assert!(calls(&client, 2).await.iter().all(Result::is_ok));
    assert_eq!(servers.credentials(), ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]);
    assert_eq!(servers.token_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn second_refusal_is_returned() {
    let servers = Servers::new(|number| token(number, ""), |_, _| Http(401, &[], "no token-1 nor token-2"));
    let error = call(&servers.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 2));
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!((servers.token_requests().len(), servers.credentials().len()), (2, 2));
    assert!(!error.to_string().contains("token-2"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn refusal_does_not_count_as_attempt() {
    let replies = |number, _: &str| match number {
        1 => REFUSED,
        2 | 3 => Http(503, &[], ""),
        _ => Http(200, &[], "{}"),
    };
    let servers = Servers::new(|number| token(number, ""), replies);
    call(&servers.client()).await.unwrap();
    assert_eq!(servers.credentials().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn refusal_without_new_token_reports_both_errors() {
    let servers = Servers::new(
        |number| if number == 1 { token(1, "") } else { Http(400, &[], r#"{"error":"unauthorized_client"}"#) },
        |_, _| Http(401, &[], ""),
    );
    let error = call(&servers.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 1));
    assert_eq!(error.status().unwrap(), 401);
    assert!(error.may_have_been_sent());
    assert_eq!(
        error.to_string(),
        "request (GET /things): 401 Unauthorized: the credential was refused and could not be replaced: the \
         credential of the security scheme `OAuth2` could not be obtained: the token endpoint responded with \
         400 Bad Request: unauthorized_client"
    );
}

#[tokio::test(start_paused = true)]
async fn stream_body_is_not_sent_again_after_refusal() {
    let servers = Servers::new(|number| token(number, ""), |_, _| Http(401, &[], ""));
    let once = Body::stream(super::body::Chunks::new(["once"]), Some(4));
    let error = servers.client().request(Method::POST, "/things").body(once).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), servers.credentials().len()), (401, 1));
}

#[tokio::test(start_paused = true)]
async fn refused_stream_body_renews_token_for_next_call() {
    let accepts_second = |_, shown: &str| Http(if shown == "Bearer token-2" { 200 } else { 401 }, &[], "{}");
    let servers = Servers::new(|number| token(number, ""), accepts_second);
    let client = servers.client();
    for status in [401, 200, 200] {
        let once = Body::stream(super::body::Chunks::new(["once"]), Some(4));
        let sent = client.request(Method::POST, "/things").body(once).send().await;
        assert_eq!(sent.map_or_else(|error| error.status().unwrap(), |response| response.status).as_u16(), status);
    }
    assert_eq!((servers.credentials().len(), servers.token_requests().len()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn response_without_token_is_error() {
    for (reply, message) in [
        (
            Http(200, &[("content-type", "text/html")], "<p>hunter2</p>"),
            "without a token: 14 bytes of text/html, not JSON",
        ),
        (Http(200, &[], "{}"), "without a token: there is no `access_token`"),
        (Http(200, &[], r#"{"access_token":""}"#), "without a token: there is no `access_token`"),
        (Http(200, &[], r#"{"access_token":{"x":"leaked"}}"#), "without a token: there is no `access_token`"),
        (
            Http(200, &[], r#"{"access_token":"lea\nked"}"#),
            "without a token: the `access_token` is empty or contains characters that cannot be sent, such as a line \
             break",
        ),
        (
            Http(200, &[], r#"{"access_token":"leaked","token_type":"mac"}"#),
            "the token endpoint issued a token of the type `mac`, but only `Bearer` is supported",
        ),
        (Http(200, &[], r#"{"error":"invalid_scope"}"#), "responded with 200 OK: invalid_scope"),
        (
            Http(302, &[("location", "https://evil.example.com/?leaked")], ""),
            "responded with 302 Found: redirects of token requests are not followed",
        ),
        (
            Http(500, &[("content-type", "application/json")], r#"{"access_token":"leaked","why":"hunter2"}"#),
            r#"responded with 500 Internal Server Error: {"access_token":"***","why":"***"}"#,
        ),
        (Http(403, &[("content-type", "text/html")], "<p>No.</p>"), "responded with 403 Forbidden: <p>No.</p>"),
    ] {
        let servers = Servers::new(move |_| reply.clone(), accept_all);
        let error = call(&servers.client()).await.unwrap_err();
        assert_eq!((error.kind(), servers.credentials().len()), (ErrorKind::Credential, 0));
        let mut shown = format!("{error} {error:?}");
        let mut next = std::error::Error::source(&error);
        while let Some(error) = next {
            shown.push_str(&format!(" {error} {error:?}"));
            next = error.source();
        }
        assert!(error.to_string().ends_with(message), "{error}");
        assert!(!shown.contains("leaked") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(servers.token_requests().len(), 1, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn token_error_is_in_source_chain() {
    let servers = Servers::new(|_| Http(400, &[], r#"{"error":"invalid_scope"}"#), accept_all);
    let error = call(&servers.client()).await.unwrap_err();
    let request = std::error::Error::source(&error).unwrap().downcast_ref::<RequestError>().unwrap();
    let RequestError::Credential(failure) = request else { panic!("{request:?}") };
    assert_eq!(CredentialFailure::scheme(failure), "OAuth2");
    let reason = std::error::Error::source(failure).unwrap().downcast_ref::<TokenError>().unwrap();
    assert!(matches!(reason, TokenError::Refused { error, .. } if error == "invalid_scope"), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn bearer_token_may_come_from_token_endpoint() {
    let servers = Servers::new(|number| token(number, ""), |_, _| Http(200, &[], r#"{"status":"UP"}"#));
    let secret = ClientCredentials::with_provider("id", || async { Ok(Secret::new("from the vault")) });
    let client = servers.client_with(|builder| {
        builder.bearer_token_client_credentials(secret.token_url("https://login.example.com/token"))
    });
    client.certificates().health().send().await.unwrap();
    assert_eq!(servers.credentials(), ["Bearer token-1"]);
    let [request] = servers.token_requests().try_into().unwrap();
    // The Base64 encoding of `id:from+the+vault`.
    assert_eq!(request.headers()[AUTHORIZATION], "Basic aWQ6ZnJvbSt0aGUrdmF1bHQ=");

    let quoting = Servers::new(
        |_| Http(400, &[], r#"{"error":"no_client","error_description":"not by from the vault"}"#),
        accept_all,
    );
    let secret = ClientCredentials::with_provider("id", || async { Ok(Secret::new("from the vault")) });
    let client = quoting.client_with(|builder| builder.oauth2_client_credentials(secret));
    let error = call(&client).await.unwrap_err();
    assert!(error.to_string().ends_with("no_client: not by ***"), "{error}");

    let failing = ClientCredentials::with_provider("id", || async { Err::<Secret, _>("the vault is sealed".into()) });
    let client = servers.client_with(|builder| {
        builder.bearer_token_client_credentials(failing.token_url("https://login.example.com/token"))
    });
    let error = client.certificates().health().send().await.unwrap_err();
    assert!(error.to_string().ends_with("the client secret could not be obtained: the vault is sealed"), "{error}");
    assert_eq!(servers.token_requests().len(), 1);
}

#[test]
fn token_url_is_validated_at_build() {
    let client = || ClientCredentials::new("id", "hunter2");
    let built = |client: ClientCredentials| {
        Client::builder().bearer_token_client_credentials(client).build().map(|_| ()).map_err(|error| {
            assert!(matches!(error, BuildError::Credential(_)), "{error}");
            error.to_string()
        })
    };
    for url in [
        "https://login.example.com/token?tenant=1",
        "/token",
        "http://127.0.0.1:8080/token",
        "http://[::1]/token",
        "http://localhost/token",
        "http://127.9.9.9/token",
    ] {
        assert_eq!(built(client().token_url(url)), Ok(()), "{url}");
    }
    let plain = "http://login.example.com/token";
    assert_eq!(built(client().token_url(plain).danger_allow_plain_http()), Ok(()));
    for (client, message) in [
        (client(), "is missing: set it with `ClientCredentials::token_url()`"),
        (client().token_url(plain), "uses plain `http`, which would expose the client secret"),
        (client().token_url("http://evil.localhost/token"), "uses plain `http`"),
        (client().token_url("http://localhost.example.com/token"), "uses plain `http`"),
        (client().token_url("ftp://login.example.com/token"), "must be `https` or `http`"),
        (
            client().token_url("https://hunter2@login.example.com/"),
            "must not contain a user name, password or fragment",
        ),
        (client().token_url("https://"), "cannot be used: empty host"),
        (client().token_url("/token").parameter("scope", "x"), "`parameter()` cannot set `scope`"),
    ] {
        let error = built(client).unwrap_err();
        assert!(error.contains(message) && !error.contains("hunter2"), "{error}");
    }
    let wrong = Client::builder().credential("Basic", crate::runtime::Credential::client_credentials(client()));
    assert!(wrong.build().unwrap_err().to_string().contains("`Basic`"));
    let shown = format!("{:?} {:?}", client(), Client::builder().oauth2_client_credentials(client()));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn static_key_is_not_retried_after_refusal() {
    let replies = |number, _: &str| if number == 1 { REFUSED } else { Http(200, &[], r#"{"id":1}"#) };
    let servers = Servers::new(|number| token(number, ""), replies);
    let url = "https://login.example.com/token";
    let client = servers.client_with(|it| {
        it.bearer_token_client_credentials(ClientCredentials::new("id", "hunter2").token_url(url)).api_key("k")
    });
    // The refused credential is a static API key, which cannot change. So the request is not sent again.
    let error = client.certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), servers.credentials()), (401, vec!["k".to_owned()]));
}
