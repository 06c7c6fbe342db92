//! Tests of retries and timeouts, with scripted replies and a paused clock.

use std::time::Duration;

use tokio::time::Instant;

use super::sample::models::ImportRequest;
use super::sample::{Client, ClientBuilder, ErrorBody};
use super::transport::Reply::{self, Broken, Hang, HangInBody, Http, MaybeSent, NotSent};
use super::transport::{Recorder, recorded};
use crate::runtime::{AttemptInfo, Body, ErrorKind, RetryPolicy, TransportError};

const PAGE: Reply = Http(200, &[], r#"{"items":[],"total":0}"#);
const CERTIFICATE: Reply = Http(200, &[], r#"{"id":1}"#);

fn client(recorder: &Recorder) -> Client {
    configured(recorder, |builder| builder)
}

fn configured(recorder: &Recorder, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    configure(Client::builder().api_key("key").bearer_token("tok")).transport(recorder.clone()).build().unwrap()
}

/// Makes a GET and a POST, each to a server with this first reply. Returns, for each, the number of requests and
/// whether the call succeeded.
async fn attempts(first: Reply) -> [(usize, bool); 2] {
    let get = Recorder::with_replies([first.clone(), PAGE]);
    let got = client(&get).certificates().search().send().await.is_ok();
    let post = Recorder::with_replies([first, CERTIFICATE]);
    let posted = client(&post).certificates().renew("1", ImportRequest::default()).send().await.is_ok();
    [(get.requests().len(), got), (post.requests().len(), posted)]
}

#[tokio::test(start_paused = true)]
async fn retries_depend_on_failure_and_method() {
    let (again, once) = ((2, true), (1, false));
    for both in [NotSent, Http(429, &[], "")] {
        assert_eq!(attempts(both).await, [again, again]);
    }
    for idempotent_only in [
        Http(502, &[], ""),
        Http(503, &[], ""),
        Http(504, &[], ""),
        MaybeSent,
        Broken(200, "{"),
        Broken(503, "x"),
        Hang,
        HangInBody(200),
        HangInBody(503),
    ] {
        assert_eq!(attempts(idempotent_only).await, [again, once]);
    }
    assert_eq!(attempts(Http(408, &[], "")).await, [again, once]);
    for never in [Http(400, &[], ""), Http(500, &[], ""), Http(302, &[], ""), Http(200, &[], "x"), Broken(500, "x")] {
        assert_eq!(attempts(never).await, [once, once]);
    }
}

#[tokio::test(start_paused = true)]
async fn spec_and_caller_override_idempotency() {
    // The spec documents this PUT as not idempotent, so it is not retried.
    let recorder = Recorder::with_replies([MaybeSent]);
    let error = client(&recorder).certificates().replace("c").send().await.unwrap_err();
    assert!(!error.is_retryable() && error.may_have_been_sent() && error.kind() == ErrorKind::Transport);
    // The spec documents this POST as idempotent, so it is retried.
    let recorder = Recorder::with_replies([MaybeSent, Http(200, &[], "done")]);
    let upload = crate::runtime::Upload::bytes("a.zip", &b"zip"[..]);
    assert_eq!(client(&recorder).certificates().import(upload).send().await.unwrap(), "done");
    let [first, second] = recorded(&recorder);
    assert_eq!(first.body(), second.body());
    // The caller declares this POST idempotent, so it is retried.
    let recorder = Recorder::with_replies([MaybeSent, CERTIFICATE]);
    let renew = client(&recorder).certificates().renew("1", ImportRequest::default());
    renew
        .options(crate::runtime::RequestOptions::new().retry(RetryPolicy::new().idempotent(true)))
        .send()
        .await
        .unwrap();
    // With `RetryPolicy::none()`, nothing is retried.
    let recorder = Recorder::with_replies([NotSent]);
    let none = configured(&recorder, |builder| builder.retry(RetryPolicy::none()));
    let error = none.certificates().search().send().await.unwrap_err();
    assert!(error.is_retryable() && !error.may_have_been_sent() && error.attempts() == 1);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_limited_and_numbered() {
    let recorder = Recorder::with_replies([NotSent, MaybeSent, NotSent]);
    let error = client(&recorder).certificates().search().send().await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    // The second attempt may have arrived, although the last attempt was not sent.
    assert!(error.may_have_been_sent());
    let numbers: Vec<_> = recorder
        .requests()
        .iter()
        .map(|request| {
            let info = request.extensions().get::<AttemptInfo>().unwrap();
            (info.operation.unwrap().id, info.attempt)
        })
        .collect();
    assert_eq!(numbers, [("searchCertificates", 1), ("searchCertificates", 2), ("searchCertificates", 3)]);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured() {
    let start = Instant::now();
    let recorder = Recorder::with_replies([Http(429, &[("retry-after", "7")], ""), PAGE]);
    client(&recorder).certificates().search().send().await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 7);

    let dates = &[("retry-after", "Sun, 06 Nov 1994 08:49:49 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let start = Instant::now();
    let recorder = Recorder::with_replies([Http(503, dates, ""), PAGE]);
    client(&recorder).certificates().search().send().await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 12);

    // If the wait that the server requests exceeds the maximum wait or the timeout of the call, the call fails
    // immediately.
    for timeout in [600, 5] {
        let start = Instant::now();
        let wait = if timeout == 5 { "7" } else { "31" };
        let headers: &'static [(&str, &str)] =
            if wait == "7" { &[("retry-after", "7")] } else { &[("retry-after", "31")] };
        let recorder = Recorder::with_replies([Http(429, headers, "")]);
        let search = client(&recorder)
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().timeout(Duration::from_secs(timeout)));
        let error = search.send().await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(wait.parse().unwrap())));
        assert!(error.is_retryable() && error.attempts() == 1 && error.status().unwrap() == 429);
        let why = match timeout {
            5 => "429 Too Many Requests (not sent again: waiting 7.",
            _ => {
                "429 Too Many Requests (not sent again: the server requests a wait of 31s, but `max_retry_after` is 30s)"
            }
        };
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_of_attempt_and_call_apply() {
    // Three attempts of 30 seconds do not fit into the call's timeout of 60 seconds.
    let start = Instant::now();
    let recorder = Recorder::with_replies([Hang, Hang, Hang]);
    let error = client(&recorder).certificates().search().send().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_sent() && error.kind() == ErrorKind::Timeout);
    assert_eq!((start.elapsed().as_secs(), error.attempts()), (60, 2));
    assert!(error.to_string().contains("no response within 60s, the timeout of the whole call"), "{error}");

    // A POST has no timeout per attempt by default, because it would not be retried.
    let start = Instant::now();
    let recorder = Recorder::with_replies([Hang]);
    let error = client(&recorder).certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!((start.elapsed().as_secs(), error.attempts(), error.is_timeout()), (60, 1, true));

    // The caller can set a timeout per attempt for a POST.
    let start = Instant::now();
    let recorder = Recorder::with_replies([Hang]);
    let short = configured(&recorder, |builder| builder.attempt_timeout(Duration::from_secs(3)));
    let error = short.certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 3);
    assert!(error.to_string().contains("no response within 3s, the timeout of one attempt"), "{error}");

    // The timeout of a request replaces that of the client.
    let start = Instant::now();
    let recorder = Recorder::with_replies([HangInBody(200)]);
    let search = client(&recorder)
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().timeout(Duration::from_secs(2)));
    let error = search.send().await.unwrap_err();
    assert_eq!((start.elapsed().as_secs(), error.status().unwrap().as_u16()), (2, 200));
    assert!(error.is_timeout());
    // `Duration::MAX` disables the timeout of the call.
    let recorder = Recorder::default();
    client(&recorder)
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().timeout(Duration::MAX))
        .send()
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn stream_body_is_not_retried() {
    let recorder = Recorder::with_replies([NotSent]);
    let body = Body::stream(super::body::Chunks::new(["a"]), None);
    let error = client(&recorder).request(http::Method::PUT, "/x").body(body).send().await.unwrap_err();
    assert_eq!((error.attempts(), recorder.requests().len()), (1, 1));

    let recorder = Recorder::with_replies([NotSent, PAGE]);
    let body = Body::replayable_stream(|| super::body::Chunks::new(["a"]), Some(1));
    client(&recorder).request(http::Method::PUT, "/x").body(body).send().await.unwrap();
    let [_, second] = recorded(&recorder);
    assert_eq!((&second.body()[..], second.headers()["content-length"].as_bytes()), (&b"a"[..], &b"1"[..]));
}

#[tokio::test]
async fn binary_bodies_are_unchanged() {
    let recorder = Recorder::with_replies([Http(200, &[], "png"), Http(204, &[], "")]);
    let client = client(&recorder);
    assert_eq!(client.certificates().draw(&b"\xff"[..]).send().await.unwrap().unwrap(), "png");
    // The spec documents the media type range `image/*`, so the caller sets the content type.
    let draw = client
        .certificates()
        .draw(Body::empty())
        .options(crate::runtime::RequestOptions::new().header("content-type", "image/gif"));
    assert_eq!(draw.send().await.unwrap(), None);
    let [first, second] = recorded(&recorder);
    assert_eq!(
        (first.headers()["content-type"].as_bytes(), &first.body()[..]),
        (&b"application/octet-stream"[..], &b"\xff"[..])
    );
    assert_eq!(
        (second.headers()["content-type"].as_bytes(), second.headers()["accept"].as_bytes()),
        (&b"image/gif"[..], &b"image/png"[..])
    );
}

#[tokio::test]
async fn response_with_large_content_length_is_not_read() {
    let recorder = Recorder::with_replies([Http(200, &[], "0123456789")]);
    let small = configured(&recorder, |builder| builder.max_response_bytes(9));
    let error = small.certificates().search().send().await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body().unwrap().len()), (ErrorKind::TooLarge, 0));
}

#[tokio::test]
async fn content_length_of_head_response_is_ignored() {
    // The response has a `Content-Length` and no body, like a response of `hyper` over HTTP/2.
    let recorder = Recorder::with_replies([Broken(200, ""), Broken(200, "")]);
    let head = || configured(&recorder, |builder| builder.max_response_bytes(0)).request(http::Method::HEAD, "/things");
    assert_eq!(head().send().await.unwrap().body.len(), 0);
    assert!(head().send_streamed().await.unwrap().next().await.is_none());
}

#[tokio::test]
async fn response_is_limited_and_error_keeps_received_body() {
    let recorder =
        Recorder::with_replies([Http(200, &[], "0123456789"), Http(500, &[], "0123456789"), Broken(404, "gone")]);
    let small = configured(&recorder, |builder| builder.max_response_bytes(9));
    let error = small.certificates().search().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("larger than the limit of 9 bytes"), "{error}");
    assert!(error.may_have_been_sent() && !error.is_retryable());
    // The error status takes precedence over the size of the body.
    let error = small.certificates().search().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 500));
    let error = small.certificates().search().send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::Raw("gone".into())));
}

#[tokio::test]
async fn call_overrides_response_limit() {
    let page = r#"{"items":[],"total":0}"#;
    let recorder = Recorder::with_replies([page, page, page, page].map(|page| Http(200, &[], page)));
    let small = configured(&recorder, |builder| builder.max_response_bytes(9));
    assert_eq!(
        small
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().max_response_bytes(22))
            .send()
            .await
            .unwrap()
            .total,
        0
    );
    assert!(small.request(http::Method::GET, "/things").max_response_bytes(22).send().await.is_ok());
    let large = configured(&recorder, |builder| builder);
    let error = large
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().max_response_bytes(21))
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("larger than the limit of 21 bytes"), "{error}");
    let error = large.request(http::Method::GET, "/things").max_response_bytes(21).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[test]
fn timeout_of_transport_is_recognized() {
    let io = std::io::Error::new(std::io::ErrorKind::TimedOut, "x");
    assert!(TransportError::MaybeSent(io.into()).is_timeout());
    assert!(TransportError::NotSent(crate::runtime::TimedOut("x".into()).into()).is_timeout());
    assert!(!TransportError::NotSent("timed out".into()).is_timeout());
}

#[tokio::test]
async fn value_that_cannot_be_encoded_is_replaced_by_the_next() {
    let recorder = Recorder::with_replies([PAGE]);
    let search = || client(&recorder).certificates().search().ratio(f32::NAN);
    let error = search().send().await.unwrap_err().to_string();
    assert!(error.contains("the query parameter `ratio` cannot be encoded: NaN"), "{error}");
    search().ratio(0.5).send().await.unwrap();
    assert_eq!(recorder.requests()[0].uri().query(), Some("ratio=0.5"));
}
