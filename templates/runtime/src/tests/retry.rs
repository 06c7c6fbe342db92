//! Tests of the rules for retries and delays, without a server.

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::runtime::RetryPolicy;
use crate::runtime::retry::{retry_after, retryable_status};

fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_str(retry_after).unwrap());
    if let Some(date) = date {
        headers.insert(DATE, HeaderValue::from_str(date).unwrap());
    }
    headers
}

#[test]
fn retry_after_is_parsed_in_both_forms() {
    let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
    let read = |text: &str, date| retry_after(&headers(text, date), now);
    assert_eq!(read("3", None), Some(Duration::from_secs(3)));
    assert_eq!(read(" 0 ", None), Some(Duration::ZERO));
    assert_eq!(read("99999999999999999999999", None), Some(Duration::from_secs(u64::MAX)));
    assert_eq!(read("Sun, 06 Nov 1994 08:49:47 GMT", None), Some(Duration::from_secs(10)));
    assert_eq!(read("Sun, 06 Nov 1994 08:49:30 GMT", None), Some(Duration::ZERO));
    // The clock of the server is one minute ahead of the local clock.
    let date = Some("Sun, 06 Nov 1994 08:50:37 GMT");
    assert_eq!(read("Sun, 06 Nov 1994 08:50:42 GMT", date), Some(Duration::from_secs(5)));
    for garbage in ["", "-1", "soon", "1.5"] {
        assert_eq!(read(garbage, None), None, "{garbage}");
    }
    assert_eq!(retry_after(&HeaderMap::new(), SystemTime::now()), None);
}

#[test]
fn backoff_grows_up_to_maximum() {
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(100)).max_backoff(Duration::from_millis(300));
    for (attempts, max) in [(1, 100), (2, 200), (3, 300), (40, 300), (u32::MAX, 300)] {
        for _ in 0..100 {
            assert!(policy.wait(attempts, None).unwrap() <= Duration::from_millis(max));
        }
    }
    let requested = Duration::from_secs(30);
    assert!(policy.wait(1, Some(requested)).unwrap() >= requested);
    let error = policy.wait(1, Some(requested + Duration::from_secs(1))).unwrap_err();
    assert_eq!(error, "the server requests a wait of 31s, but `max_retry_after` is 30s");
    // Because of jitter, clients with the same `Retry-After` wait for different times.
    let waits: std::collections::BTreeSet<_> = (0..100).map(|_| policy.wait(1, Some(requested)).unwrap()).collect();
    assert!(waits.len() > 50 && waits.iter().all(|wait| *wait < requested + Duration::from_millis(100)));
    let endless = RetryPolicy::new().initial_backoff(Duration::MAX).max_backoff(Duration::MAX);
    assert!(endless.wait(9, None).is_ok());
}

#[test]
fn max_attempts_includes_first_attempt() {
    assert!(RetryPolicy::default().allows_after(2));
    assert!(!RetryPolicy::default().allows_after(3));
    assert!(!RetryPolicy::none().allows_after(1));
    assert!(!RetryPolicy::new().max_attempts(0).allows_after(1));
}

#[test]
fn idempotent_methods_are_retry_safe() {
    let policy = RetryPolicy::new();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
        assert!(policy.retry_safe(&method, None), "{method}");
        assert!(!policy.retry_safe(&method, Some(false)), "{method}");
    }
    assert!(policy.retry_safe(&Method::from_bytes(b"QUERY").unwrap(), None));
    for method in [Method::POST, Method::PATCH, Method::CONNECT, Method::from_bytes(b"query").unwrap()] {
        assert!(!policy.retry_safe(&method, None), "{method}");
        assert!(policy.retry_safe(&method, Some(true)), "{method}");
    }
    assert!(policy.clone().idempotent(true).retry_safe(&Method::POST, Some(false)));
    assert!(!policy.idempotent(false).retry_safe(&Method::GET, Some(true)));
}

#[test]
fn retryable_statuses_depend_on_idempotency() {
    for status in [408, 429, 502, 503, 504] {
        assert!(retryable_status(StatusCode::from_u16(status).unwrap(), true), "{status}");
        assert_eq!(retryable_status(StatusCode::from_u16(status).unwrap(), false), status == 429, "{status}");
    }
    for status in [400, 401, 404, 409, 425, 500, 501] {
        assert!(!retryable_status(StatusCode::from_u16(status).unwrap(), true), "{status}");
    }
}
