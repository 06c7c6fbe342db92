//! Limits of time. Once the server has the request, the clock runs by itself from timer to timer: nobody waits.

use std::time::Duration;

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{IssueCertificateRequest, ServiceUp};
use pki_clients::runtime::RetryPolicy;
use tokio::time::Instant;

use crate::server::{Answer, Server};
use crate::vendor::Vendor;

/// How long a call takes whose request arrives and is never answered, and its error.
async fn unanswered<T: Send + 'static>(
    server: &Server,
    call: impl Future<Output = Result<T, pki_clients::digicert_mpki::Error>> + Send + 'static,
) -> (Duration, pki_clients::digicert_mpki::Error) {
    let call = tokio::spawn(call);
    server.arrival().await;
    tokio::time::pause();
    let start = Instant::now();
    let Err(error) = call.await.unwrap() else { panic!("there is an answer") };
    (start.elapsed(), error)
}

/// Whether a time is the limit, less what passed before the request arrived.
fn is_about(elapsed: Duration, limit: u64) -> bool {
    let limit = Duration::from_secs(limit);
    elapsed <= limit + Duration::from_millis(10) && elapsed >= limit.mul_f64(0.75)
}

#[tokio::test]
async fn the_limit_of_the_client() {
    let server = Server::answering([Answer::never()]).await;
    let client = Client::authenticated().base_url(server.url()).timeout(Duration::from_secs(1000)).build().unwrap();
    let issue = client.certificates().issue(IssueCertificateRequest::new());
    let (elapsed, error) = unanswered(&server, issue.send()).await;
    assert!(is_about(elapsed, 1000), "{elapsed:?}");
    assert!(error.is_timeout() && error.may_have_been_sent() && !error.is_retryable());
    assert_eq!((error.attempts(), error.status()), (1, None));
    assert!(error.to_string().starts_with("issueCertificate (POST /mpki/api/v1/certificate): "), "{error}");
    assert!(error.to_string().contains("1000"), "{error}");
}

#[tokio::test]
async fn the_limit_of_a_call_takes_the_place_of_the_clients() {
    let server = Server::answering([Answer::never()]).await;
    let issue = Client::at(&server.url()).certificates().issue(IssueCertificateRequest::new());
    let (elapsed, error) = unanswered(&server, issue.timeout(Duration::from_secs(7000)).send()).await;
    assert!(is_about(elapsed, 7000), "{elapsed:?}");
    assert!(error.is_timeout());
}

#[tokio::test]
async fn without_a_word_of_the_caller_a_minute() {
    let server = Server::answering([Answer::never()]).await;
    let health = Client::at(&server.url()).service_status().get_health().retry(RetryPolicy::none());
    let (elapsed, error) = unanswered(&server, health.send()).await;
    assert!(is_about(elapsed, 60), "{elapsed:?}");
    assert!(error.is_timeout() && error.is_retryable());
}

#[tokio::test]
async fn an_attempt_that_hangs_gives_way_to_the_next() {
    let server = Server::answering([Answer::never(), Answer::new(200).body("text/plain", "UP")]).await;
    let policy = RetryPolicy::new().initial_backoff(Duration::ZERO);
    let call = tokio::spawn(Client::at(&server.url()).service_status().get_health().retry(policy).send());
    server.arrival().await;
    // Past the limit of an attempt and no further: the second one has a clock that goes as clocks do.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    tokio::time::resume();
    assert_eq!(call.await.unwrap().unwrap(), ServiceUp::Up);
    assert_eq!(server.sent().len(), 2);
}

#[tokio::test]
async fn dropping_a_call_harms_nobody() {
    let server = Server::answering([Answer::never(), Answer::new(200).body("text/plain", "UP")]).await;
    let client = Client::at(&server.url());
    let call = tokio::spawn(client.service_status().get_health().send());
    server.arrival().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(client.service_status().get_health().send().await.unwrap(), ServiceUp::Up);
}
