//! Tests of the mock: replies, recorded calls, and unexpected calls.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;
use tokio::time::Instant;

use super::sample::models::{CertificateDetails, CertificatePage, ErrorEnvelope, ImportRequest, SearchStatus};
use super::sample::operations::{Health, Import, Renew, Replace, Search};
use super::sample::{Client, ErrorBody};
use crate::runtime::mock::{Fault, Mock, UnexpectedCall};
use crate::runtime::{Body, ErrorKind, Maybe, Operation, RetryPolicy, Upload};

fn client(mock: &Mock) -> Client {
    Client::builder().api_key("the-key").bearer_token("t").transport(mock.clone()).build().unwrap()
}

fn certificate(id: i64) -> CertificateDetails {
    CertificateDetails { id, status: Some(SearchStatus::Issued), enrollment_code: None }
}

fn page(ids: impl IntoIterator<Item = i64>, total: i64) -> CertificatePage {
    CertificatePage { items: ids.into_iter().map(certificate).collect(), total }
}

/// Returns the message of the panic of a closure.
fn panic_message(closure: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(closure)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn reply_is_typed() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Search>().reply(page([1], 1)).header("x-request-id", "r-1").header("x-a", "b").header("x-a", "c");
    let response = certificates.search().send_response().await.unwrap();
    assert_eq!((response.value, response.status.as_u16()), (page([1], 1), 200));
    assert_eq!(
        (response.headers["content-type"].as_bytes(), response.headers["x-request-id"].as_bytes()),
        (&b"application/json"[..], &b"r-1"[..])
    );
    assert_eq!(response.headers.get_all("x-a").iter().collect::<Vec<_>>(), ["b", "c"]);

    // `None` becomes the documented empty response, and a string becomes plain text.
    mock.on::<Renew>().reply(None).reply(Some(certificate(2)));
    let renew = || certificates.renew("1", ImportRequest::default()).send_response();
    let response = renew().await.unwrap();
    assert_eq!((response.value, response.status.as_u16(), response.body.len()), (None, 204, 0));
    assert_eq!(renew().await.unwrap().value, Some(certificate(2)));
    mock.on::<Import>().reply("don\"e".to_owned());
    let response = certificates.import(Upload::bytes("a", "b")).send_response().await.unwrap();
    assert_eq!((&response.value[..], response.headers["content-type"].as_bytes()), ("don\"e", &b"text/plain"[..]));
    mock.on::<Replace>().reply(());
    assert_eq!(certificates.replace("1").send_response().await.unwrap().status, 204);
    mock.on::<Health>().reply(());
    assert_eq!(certificates.health().send_response().await.unwrap().status, 200);
}

#[tokio::test]
async fn error_reply_is_typed_and_raw_reply_is_unchanged() {
    let mock = Mock::new();
    let client = client(&mock);
    let envelope = ErrorEnvelope { error: "no such certificate".to_owned() };
    mock.on::<Renew>().reply_status(StatusCode::NOT_FOUND, &envelope).header("x-request-id", "r-2");
    let error = client.certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!((error.status(), error.request_id()), (Some(StatusCode::NOT_FOUND), Some("r-2")));
    assert_eq!(error.body(), Some(&ErrorBody::ErrorEnvelope(envelope)));

    let html = Response::builder().status(200).header("content-type", "text/html").body("<html>").unwrap();
    mock.on::<Search>().reply_raw(html);
    let error = client.certificates().search().send().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.to_string().contains("the response is HTML"), "{error}");
    mock.on::<Search>().reply_raw(Response::new(Bytes::from_static(b"{\"items\":[],\"total\":0}")));
    assert_eq!(client.certificates().search().send().await.unwrap(), page([], 0));
}

#[tokio::test]
async fn reply_with_computes_response_from_call() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Renew>()
        .reply_with(|call| Some(certificate(call.parameter::<String>("serial_number").unwrap().parse().unwrap())))
        .times(2)
        .reply_raw_with(|call| Response::new(Body::from(format!("{{\"id\":{}}}", call.body_bytes().len()))));
    let renew = |serial_number: &str| client.certificates().renew(serial_number, ImportRequest::default()).send();
    assert_eq!(renew("3").await.unwrap(), Some(certificate(3)));
    assert_eq!(renew("4").await.unwrap(), Some(certificate(4)));
    assert_eq!(renew("5").await.unwrap().unwrap().id, 2);
}

#[tokio::test]
async fn first_matching_expectation_with_replies_left_replies() {
    let mock = Mock::new();
    let search = || client(&mock).certificates().search();
    mock.on::<Search>().parameter("limit", 2).parameter("status", ["ISSUED"]).reply(page([1], 1));
    mock.on::<Search>().when(|call| call.parameter::<f32>("ratio") == Some(0.1)).reply(page([2], 1)).times(2);
    mock.on::<Search>().reply(page([3], 1)).reply(page([4], 1));
    mock.on::<Search>().reply(page([5], 1)).always();
    let first = |page: CertificatePage| page.items[0].id;
    assert_eq!(first(search().send().await.unwrap()), 3);
    let both = search().limit(2).statuses([SearchStatus::Issued]);
    assert_eq!(first(both.clone().send().await.unwrap()), 1);
    assert_eq!(first(search().limit(2).send().await.unwrap()), 4);
    assert_eq!(first(search().ratio(0.1).send().await.unwrap()), 2);
    assert_eq!(first(both.send().await.unwrap()), 5);
    assert_eq!(first(search().ratio(0.1).send().await.unwrap()), 2);
    assert_eq!(first(search().ratio(0.1).send().await.unwrap()), 5);
    mock.verify();
}

#[tokio::test(start_paused = true)]
async fn injected_fault_is_retried_like_real_failure() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    let renew = || certificates.renew("1", ImportRequest::default()).send();
    // This fault occurs before the request is sent, so the POST is retried.
    mock.on::<Renew>().fault(Fault::Refused).times(2).reply(None);
    assert_eq!(renew().await.unwrap(), None);
    assert_eq!(mock.calls::<Renew>().iter().map(|call| call.attempt()).collect::<Vec<_>>(), [1, 2, 3]);
    // With these faults, the request may have been sent, so the POST is not retried.
    let start = Instant::now();
    for (fault, timeout) in [(Fault::Reset, false), (Fault::TimesOut, true), (Fault::Truncated, false)] {
        mock.on::<Renew>().fault(fault);
        let error = renew().await.unwrap_err();
        assert!(error.may_have_been_sent() && error.is_timeout() == timeout && error.attempts() == 1, "{error}");
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    mock.on::<Renew>().fault(Fault::Hangs);
    assert!(renew().await.unwrap_err().is_timeout());
    assert_eq!(start.elapsed().as_secs(), 60);
    // A GET is retried after each fault.
    for fault in [Fault::Refused, Fault::Reset, Fault::TimesOut, Fault::Truncated, Fault::Hangs] {
        mock.on::<Search>().fault(fault).reply(page([], 0));
        certificates.search().send().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn each_retry_takes_next_reply() {
    let mock = Mock::new();
    let start = Instant::now();
    let envelope = ErrorEnvelope { error: "busy".to_owned() };
    mock.on::<Search>()
        .reply_status(StatusCode::SERVICE_UNAVAILABLE, &envelope)
        .header("retry-after", "9")
        .reply(page([], 0));
    client(&mock).certificates().search().send().await.unwrap();
    assert_eq!((start.elapsed().as_secs(), mock.requests().len()), (9, 2));
}

#[tokio::test]
async fn items_request_each_page() {
    let mock = Mock::new();
    mock.on::<Search>().reply(page([1, 2], 3)).reply(page([3], 3));
    let mut items = client(&mock).certificates().search().limit(2).items();
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id);
    }
    assert_eq!(ids, [1, 2, 3]);
    let offsets: Vec<i64> = mock.calls::<Search>().iter().filter_map(|call| call.parameter("offset")).collect();
    assert_eq!(offsets, [0, 2]);
}

#[tokio::test]
async fn recorded_call_equals_sent_request() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Search>().reply(page([], 0)).always();
    mock.on::<Renew>().reply(None);
    mock.on::<Replace>().reply(());
    let search = certificates.search().limit(7).statuses([SearchStatus::Issued, "X".into()]).ratio(0.1);
    search.options(crate::runtime::RequestOptions::new().query("extra", "1")).send().await.unwrap();
    let body = ImportRequest { password: Maybe::Value("hunter2".into()) };
    certificates
        .renew("a/b", body.clone())
        .options(crate::runtime::RequestOptions::new().header("x-a", "b"))
        .send()
        .await
        .unwrap();
    certificates.replace("hunter2").send().await.unwrap();

    let [search] = &mock.calls::<Search>()[..] else { panic!("one call of Search") };
    assert_eq!(search.parameter::<i32>("limit"), Some(7));
    assert_eq!(search.parameter::<i64>("offset"), None);
    assert_eq!(search.parameter::<f32>("ratio"), Some(0.1));
    assert_eq!(search.parameter("status"), Some(vec![SearchStatus::Issued, "X".into()]));
    // Parameters that the client sets itself, without the caller, are recorded too.
    assert_eq!(search.parameter::<String>("x-requested-with").as_deref(), Some("APIClient"));
    assert_eq!((search.uri().host(), search.header("x-api-key")), (Some("one.example.com"), Some("the-key")));
    assert!(search.uri().query().unwrap().ends_with("&extra=1"));
    let () = search.body();

    let [renew] = &mock.calls::<Renew>()[..] else { panic!("one call of Renew") };
    assert_eq!(renew.parameter::<String>("serial_number").as_deref(), Some("a/b"));
    assert_eq!((renew.method(), renew.uri().path()), (&Method::POST, "/mpki/api/v1/certificate/a%2Fb/renew"));
    assert_eq!((renew.body(), renew.header("x-a")), (body, Some("b")));
    assert_eq!(renew.operation().unwrap().id, Renew::INFO.id);

    assert_eq!((mock.requests().len(), mock.calls::<Import>().len()), (3, 0));
    let shown = format!("{:?} {mock:?} {:?} {:?}", mock.requests(), mock.calls::<Renew>(), mock.on::<Search>());
    assert!(shown.contains("renewCertificate") && shown.contains("x-api-key"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("the-key"), "{shown}");
    // The call of `on` above created an expectation without a reply.
    assert!(panic_message(|| mock.verify()).contains("has no response"));
}

#[tokio::test]
async fn recorded_form_has_parts() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Import>().reply("done".to_owned()).times(2);
    let file = tempfile::NamedTempFile::with_suffix(".zip").unwrap();
    // This content resembles a boundary and the end of the headers of a part.
    let content = b"PK\r\n--\r\n\r\n--clientwright\0\xff\r\n";
    std::fs::write(file.path(), content).unwrap();
    certificates.import(file.path()).comment("ü \"x\"").send().await.unwrap();
    certificates.import(Upload::bytes("a\".zip", "").content_type("x/y")).send().await.unwrap();

    let [first, second] = &mock.calls::<Import>()[..] else { panic!("two calls of Import") };
    let [zip, comment] = &first.parts()[..] else { panic!("two parts") };
    assert_eq!(
        (&zip.name[..], zip.content_type.as_deref(), &zip.bytes[..]),
        ("file", Some("application/zip"), &content[..])
    );
    assert_eq!(zip.file_name.as_deref(), file.path().file_name().unwrap().to_str());
    assert_eq!(
        (&comment.name[..], comment.file_name.as_deref(), comment.text()),
        ("comment", None, "ü \"x\"".to_owned())
    );
    let empty = second.part("file").unwrap();
    assert_eq!((empty.file_name.as_deref(), empty.content_type.as_deref()), (Some("a\".zip"), Some("x/y")));
    assert!(empty.bytes.is_empty() && second.part("comment").is_none());
    assert!(!format!("{comment:?}").contains('ü'));
}

#[tokio::test]
async fn raw_request_is_expected_by_method_and_path() {
    let mock = Mock::new();
    let client = Client::builder().base_url("https://x/prefix/").api_key("k").transport(mock.clone()).build().unwrap();
    mock.on_request(Method::POST, "prefix/a b/c")
        .when(|call| call.uri().query() == Some("x=1"))
        .reply_status(StatusCode::CREATED, &json!({"a": 1}));
    let request = client.request(Method::POST, "a b/c").query("x", "1").json(&json!([2]));
    let response = request.send().await.unwrap();
    assert_eq!((response.status.as_u16(), &response.value[..]), (201, &b"{\"a\":1}"[..]));
    let [request] = &mock.requests()[..] else { panic!("one request") };
    assert!(request.operation().is_none() && request.parts().is_empty() && request.body_bytes() == "[2]");
    // `on_request` can also expect a request that belongs to an operation.
    mock.on_request(Method::HEAD, "/prefix/health").reply_raw(Response::new(""));
    let error = client.request(Method::GET, "/health").send().await.unwrap_err();
    assert!(error.to_string().contains("the mock does not expect GET /prefix/health: it expects HEAD"), "{error}");
    assert!(panic_message(|| mock.verify()).contains("HEAD /prefix/health (at "));
}

#[tokio::test(start_paused = true)]
async fn unexpected_call_fails_without_retry() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    let start = Instant::now();
    let error = certificates.search().limit(7).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): the request was not sent: the mock does not expect \
         searchCertificates (GET /mpki/api/v1/certificate-search) with limit=7, x-requested-with=\"APIClient\": it \
         expects no further calls"
    );
    // The call fails at the first attempt, although a GET that was not sent could be retried.
    assert!((error.attempts(), start.elapsed()) == (1, Duration::ZERO) && !error.is_retryable());
    assert!(error.kind() == ErrorKind::Transport && !error.may_have_been_sent());
    let source = std::error::Error::source(&error).and_then(std::error::Error::source);
    assert!(source.is_some_and(|source| source.is::<UnexpectedCall>()));

    // The error message explains why similar expectations do not match, or lists all remaining expectations.
    mock.on::<Search>().parameter("limit", 8).reply(page([], 0));
    mock.on::<Search>().when(|call| call.parameter::<f32>("ratio").is_some()).reply(page([], 0));
    let message = certificates.search().limit(7).send().await.unwrap_err().to_string();
    assert!(
        message.contains("where limit=8 (at ") && message.contains("), but limit is 7; searchCertificates"),
        "{message}"
    );
    assert!(message.contains("but the condition at ") && message.contains("tests/mock.rs:"), "{message}");
    let message = certificates.search().send().await.unwrap_err().to_string();
    assert!(message.contains("but limit is not set"), "{message}");
    let message = certificates.replace("hunter2").send().await.unwrap_err().to_string();
    assert!(message.contains("with enrollmentCode=***: it expects searchCertificates (GET"), "{message}");
    mock.on::<Replace>().parameter("enrollmentCode", "hunter3").reply(());
    let message = certificates.replace("hunter2").send().await.unwrap_err().to_string();
    assert!(
        message.contains("where enrollmentCode=*** (at") && message.contains("but enrollmentCode is ***"),
        "{message}"
    );
    assert!(!panic_message(|| drop((mock, certificates))).contains("hunter"));
}

#[tokio::test(start_paused = true)]
async fn attempt_beyond_replies_is_unexpected() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Search>().fault(Fault::Reset);
    let error = certificates.search().send().await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert!(error.to_string().contains("does not expect attempt 2 of searchCertificates"), "{error}");
    assert!(error.to_string().ends_with(", but all of its responses are used"), "{error}");
    // The first attempt may have been sent.
    assert!(error.may_have_been_sent() && !error.is_retryable());
    let once = certificates.search().options(crate::runtime::RequestOptions::new().retry(RetryPolicy::none()));
    assert_eq!(once.send().await.unwrap_err().attempts(), 1);
    let report = panic_message(|| mock.verify());
    assert_eq!(report.matches("the mock does not expect").count(), 2, "{report}");
    // The errors were reported above. A second `verify` does not report them again.
    mock.verify();
}

#[tokio::test]
async fn missing_call_panics_when_last_handle_is_dropped() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Renew>().reply(None).times(2).reply(None);
    mock.on::<Search>().parameter("limit", 1).reply(page([], 0));
    mock.on::<Replace>().reply(()).always();
    mock.on::<Health>();
    client.certificates().renew("1", ImportRequest::default()).send().await.unwrap();
    drop(mock.clone());
    drop(client);
    let report = panic_message(|| drop(mock));
    let [title, renew, search, health] = &report.lines().collect::<Vec<_>>()[..] else { panic!("{report}") };
    assert_eq!(*title, "the calls do not match the expectations of the mock:");
    assert!(
        renew.starts_with("  renewCertificate (POST /mpki/api/v1/certificate/{serial_number}/renew) (at "),
        "{report}"
    );
    assert!(
        renew.contains("tests/mock.rs:") && renew.ends_with(" was not called often enough: 2 more expected"),
        "{report}"
    );
    assert!(search.contains(" where limit=1 (at ") && search.ends_with("1 more expected"), "{report}");
    assert!(health.starts_with("  health (HEAD /health) (at ") && health.ends_with("call `reply` or a similar method"));
}

#[test]
fn mock_dropped_during_panic_keeps_first_panic() {
    let message = panic_message(|| {
        let mock = Mock::new();
        mock.on::<Health>().reply(());
        panic!("{}", "the first reason");
    });
    assert_eq!(message, "the first reason");
}

#[tokio::test]
async fn misuse_panics_with_explanation() {
    let mock = Mock::new();
    let panics_with = |expected: &str, closure: &dyn Fn()| {
        let message = panic_message(closure);
        assert!(message.contains(expected), "{message}");
    };
    panics_with("searchCertificates has no parameter `limti`; it has: offset, limit,", &|| {
        mock.on::<Search>().parameter("limti", 1);
    });
    panics_with("there is no response yet", &|| mock.on::<Search>().always());
    panics_with("there is no response yet", &|| drop(mock.on::<Search>().header("a", "b")));
    panics_with("the name or value of the header `a b` is not valid in HTTP", &|| {
        drop(mock.on::<Search>().header("a b", "b"))
    });
    panics_with("the path contains `?`", &|| drop(mock.on_request(Method::GET, "/a?b")));
    let other = Mock::new();
    other.on::<Replace>().reply(());
    client(&other).certificates().replace("1").send().await.unwrap();
    let calls = other.calls::<Replace>();
    panics_with("the parameter `enrollmentCode` is not a i64", &|| {
        let _ = calls[0].parameter::<i64>("enrollmentCode");
    });
    panics_with("replaceCertificate has no parameter `x`", &|| {
        let _ = calls[0].parameter::<i64>("x");
    });
    panic_message(|| mock.verify());
}

#[tokio::test]
async fn condition_may_read_mock() {
    let mock = Mock::new();
    let seen = mock.clone();
    mock.on::<Search>().when(move |_| seen.requests().len() == 1).reply(page([], 0));
    client(&mock).certificates().search().send().await.unwrap();
    mock.verify();
}

#[tokio::test]
async fn missing_credential_fails_before_mock() {
    let mock = Mock::new();
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    let error = client.certificates().search().send().await.unwrap_err();
    assert_eq!((error.kind(), mock.requests().len()), (ErrorKind::Credential, 0));
}
