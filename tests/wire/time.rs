//! Tests of timeouts. When the server has received the request, the clock is paused and advances to the next timer, so
//! that the tests do not wait.

use std::time::Duration;

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{IssueCertificateRequest, ServiceUp};
use pki_clients::runtime::{RequestOptions, RetryPolicy};
use tokio::time::Instant;

use super::server::{Response, Server};
use super::vendor::Vendor;

/// Makes a call whose request arrives and gets no response. Returns its duration and error.
async fn call_without_response<T: Send + 'static>(
    server: &Server,
    call: impl Future<Output = Result<T, pki_clients::digicert_mpki::Error>> + Send + 'static,
) -> (Duration, pki_clients::digicert_mpki::Error) {
    let call = tokio::spawn(call);
    server.arrival().await;
    tokio::time::pause();
    let start = Instant::now();
    let Err(error) = call.await.unwrap() else { panic!("the call succeeded") };
    (start.elapsed(), error)
}

/// Returns whether a duration is about this timeout in seconds. It may be shorter than the timeout, because the
/// measurement starts only when the request has arrived.
fn is_about(elapsed: Duration, limit: u64) -> bool {
    let limit = Duration::from_secs(limit);
    elapsed <= limit + Duration::from_millis(10) && elapsed >= limit.mul_f64(0.75)
}

#[tokio::test]
async fn client_timeout_ends_the_call() {
    let server = Server::responding([Response::never()]).await;
    let client = Client::authenticated().base_url(server.url()).timeout(Duration::from_secs(1000)).build().unwrap();
    let issue = client.certificates().issue(IssueCertificateRequest::new());
    let (elapsed, error) = call_without_response(&server, issue.send()).await;
    assert!(is_about(elapsed, 1000), "{elapsed:?}");
    assert!(error.is_timeout() && error.may_have_been_sent() && !error.is_retryable());
    assert_eq!((error.attempts(), error.status()), (1, None));
    assert!(error.to_string().starts_with("issueCertificate (POST /mpki/api/v1/certificate): "), "{error}");
    assert!(error.to_string().contains("1000"), "{error}");
}

#[tokio::test]
async fn call_timeout_overrides_the_client_timeout() {
    let server = Server::responding([Response::never()]).await;
    let issue = Client::at(&server.url()).certificates().issue(IssueCertificateRequest::new());
    let (elapsed, error) =
        call_without_response(&server, issue.options(RequestOptions::new().timeout(Duration::from_secs(7000))).send())
            .await;
    assert!(is_about(elapsed, 7000), "{elapsed:?}");
    assert!(error.is_timeout());
}

#[tokio::test]
async fn default_timeout_is_one_minute() {
    let server = Server::responding([Response::never()]).await;
    let health = Client::at(&server.url())
        .service_status()
        .get_health()
        .options(RequestOptions::new().retry(RetryPolicy::none()));
    let (elapsed, error) = call_without_response(&server, health.send()).await;
    assert!(is_about(elapsed, 60), "{elapsed:?}");
    assert!(error.is_timeout() && error.is_retryable());
}

#[tokio::test]
async fn attempt_timeout_starts_the_next_attempt() {
    let server = Server::responding([Response::never(), Response::new(200).body("text/plain", "UP")]).await;
    let policy = RetryPolicy::new().initial_backoff(Duration::ZERO);
    let call = tokio::spawn(
        Client::at(&server.url()).service_status().get_health().options(RequestOptions::new().retry(policy)).send(),
    );
    server.arrival().await;
    // Advance the clock just past the timeout of an attempt, 30 seconds. The second attempt needs a running clock.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    tokio::time::resume();
    assert_eq!(call.await.unwrap().unwrap(), ServiceUp::Up);
    assert_eq!(server.sent().len(), 2);
}

#[tokio::test]
async fn dropped_call_leaves_the_client_usable() {
    let server = Server::responding([Response::never(), Response::new(200).body("text/plain", "UP")]).await;
    let client = Client::at(&server.url());
    let call = tokio::spawn(client.service_status().get_health().send());
    server.arrival().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(client.service_status().get_health().send().await.unwrap(), ServiceUp::Up);
}
