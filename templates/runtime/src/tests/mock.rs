//! The mock: what it answers, what it records, and what it does not let pass.

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

/// What a panic of this says.
fn complaint(of: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(of)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn answers_are_typed() {
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

    // What may be missing is missing the way the spec has it, and text is text.
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
async fn errors_are_typed_and_answers_may_be_raw() {
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
    assert!(error.kind() == ErrorKind::Decode && error.to_string().contains("the answer is HTML"), "{error}");
    mock.on::<Search>().reply_raw(Response::new(Bytes::from_static(b"{\"items\":[],\"total\":0}")));
    assert_eq!(client.certificates().search().send().await.unwrap(), page([], 0));
}

#[tokio::test]
async fn answers_are_made_of_calls() {
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
async fn the_first_expectation_that_fits_and_has_an_answer_left_answers() {
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
async fn faults() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    let renew = || certificates.renew("1", ImportRequest::default()).send();
    // Nothing was sent: sent again, whatever the method.
    mock.on::<Renew>().fault(Fault::Refused).times(2).reply(None);
    assert_eq!(renew().await.unwrap(), None);
    assert_eq!(mock.calls::<Renew>().iter().map(|call| call.attempt()).collect::<Vec<_>>(), [1, 2, 3]);
    // It may have been sent: no POST is doubled.
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
    // A GET is: all faults but the one that takes all the time, then an answer.
    for fault in [Fault::Refused, Fault::Reset, Fault::TimesOut, Fault::Truncated, Fault::Hangs] {
        mock.on::<Search>().fault(fault).reply(page([], 0));
        certificates.search().send().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn retries_take_an_answer_each() {
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
async fn pages() {
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
async fn calls_are_recorded_as_they_would_be_sent() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Search>().reply(page([], 0)).always();
    mock.on::<Renew>().reply(None);
    mock.on::<Replace>().reply(());
    let search = certificates.search().limit(7).statuses([SearchStatus::Issued, "X".into()]).ratio(0.1);
    search.query("extra", "1").send().await.unwrap();
    let body = ImportRequest { password: Maybe::Value("hunter2".into()) };
    certificates.renew("a/b", body.clone()).header("x-a", "b").send().await.unwrap();
    certificates.replace("hunter2").send().await.unwrap();

    let [search] = &mock.calls::<Search>()[..] else { panic!("one call of Search") };
    assert_eq!(search.parameter::<i32>("limit"), Some(7));
    assert_eq!(search.parameter::<i64>("offset"), None);
    assert_eq!(search.parameter::<f32>("ratio"), Some(0.1));
    assert_eq!(search.parameter("status"), Some(vec![SearchStatus::Issued, "X".into()]));
    // What the client sends by itself was sent as well.
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
    // The expectation without an answer, which was made to look at it.
    assert!(complaint(|| mock.verify()).contains("has no answer"));
}

#[tokio::test]
async fn forms_are_recorded_by_their_parts() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Import>().reply("done".to_owned()).times(2);
    let file = tempfile::NamedTempFile::with_suffix(".zip").unwrap();
    // What looks like a boundary, or the end of a head, is content.
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
async fn raw_requests() {
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
    // An operation's request is one too.
    mock.on_request(Method::HEAD, "/prefix/health").reply_raw(Response::new(""));
    let error = client.request(Method::GET, "/health").send().await.unwrap_err();
    assert!(error.to_string().contains("the mock does not expect GET /prefix/health: it expects HEAD"), "{error}");
    assert!(complaint(|| mock.verify()).contains("HEAD /prefix/health (at "));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_expected_is_an_error_at_once() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    let start = Instant::now();
    let error = certificates.search().limit(7).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): the request was not sent: the mock does not expect \
         searchCertificates (GET /mpki/api/v1/certificate-search) with limit=7, x-requested-with=\"APIClient\": it \
         expects nothing more"
    );
    // Neither waited for nor sent again, though a GET that was not sent could be.
    assert!((error.attempts(), start.elapsed()) == (1, Duration::ZERO) && !error.is_retryable());
    assert!(error.kind() == ErrorKind::Transport && !error.may_have_been_sent());
    let source = std::error::Error::source(&error).and_then(std::error::Error::source);
    assert!(source.is_some_and(|source| source.is::<UnexpectedCall>()));

    // What comes close says why it is not it; else all that is left.
    mock.on::<Search>().parameter("limit", 8).reply(page([], 0));
    mock.on::<Search>().when(|call| call.parameter::<f32>("ratio").is_some()).reply(page([], 0));
    let text = certificates.search().limit(7).send().await.unwrap_err().to_string();
    assert!(text.contains("where limit=8 (at ") && text.contains("), but limit is 7; searchCertificates"), "{text}");
    assert!(text.contains("but the condition at ") && text.contains("tests/mock.rs:"), "{text}");
    let text = certificates.search().send().await.unwrap_err().to_string();
    assert!(text.contains("but limit is not set"), "{text}");
    let text = certificates.replace("hunter2").send().await.unwrap_err().to_string();
    assert!(text.contains("with enrollmentCode=***: it expects searchCertificates (GET"), "{text}");
    mock.on::<Replace>().parameter("enrollmentCode", "hunter3").reply(());
    let text = certificates.replace("hunter2").send().await.unwrap_err().to_string();
    assert!(text.contains("where enrollmentCode=*** (at") && text.contains("but enrollmentCode is ***"), "{text}");
    assert!(!complaint(|| drop((mock, certificates))).contains("hunter"));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_too_many_is_not_expected() {
    let mock = Mock::new();
    let certificates = client(&mock).certificates();
    mock.on::<Search>().fault(Fault::Reset);
    let error = certificates.search().send().await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert!(error.to_string().contains("does not expect attempt 2 of searchCertificates"), "{error}");
    assert!(error.to_string().ends_with(", but it has given all its answers"), "{error}");
    // The first one may have been sent.
    assert!(error.may_have_been_sent() && !error.is_retryable());
    let once = certificates.search().retry(RetryPolicy::none());
    assert_eq!(once.send().await.unwrap_err().attempts(), 1);
    let report = complaint(|| mock.verify());
    assert_eq!(report.matches("the mock does not expect").count(), 2, "{report}");
    // It has been said.
    mock.verify();
}

#[tokio::test]
async fn what_is_expected_and_not_called_is_said_when_the_last_handle_goes() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Renew>().reply(None).times(2).reply(None);
    mock.on::<Search>().parameter("limit", 1).reply(page([], 0));
    mock.on::<Replace>().reply(()).always();
    mock.on::<Health>();
    client.certificates().renew("1", ImportRequest::default()).send().await.unwrap();
    drop(mock.clone());
    drop(client);
    let report = complaint(|| drop(mock));
    let [title, renew, search, health] = &report.lines().collect::<Vec<_>>()[..] else { panic!("{report}") };
    assert_eq!(*title, "not what the mock expects:");
    assert!(
        renew.starts_with("  renewCertificate (POST /mpki/api/v1/certificate/{serial_number}/renew) (at "),
        "{report}"
    );
    assert!(
        renew.contains("tests/mock.rs:") && renew.ends_with(" was not called often enough: 2 more expected"),
        "{report}"
    );
    assert!(search.contains(" where limit=1 (at ") && search.ends_with("1 more expected"), "{report}");
    assert!(
        health.starts_with("  health (HEAD /health) (at ") && health.ends_with("call `reply` or another of its kind")
    );
}

#[test]
fn a_test_that_fails_already_is_left_alone() {
    let message = complaint(|| {
        let mock = Mock::new();
        mock.on::<Health>().reply(());
        panic!("{}", "the first reason");
    });
    assert_eq!(message, "the first reason");
}

#[tokio::test]
async fn wrong_tests_are_told_so() {
    let mock = Mock::new();
    let says = |what: &str, of: &dyn Fn()| {
        let message = complaint(of);
        assert!(message.contains(what), "{message}");
    };
    says("searchCertificates has no parameter `limti`; it has: offset, limit,", &|| {
        mock.on::<Search>().parameter("limti", 1);
    });
    says("no answer was added yet", &|| mock.on::<Search>().always());
    says("no answer was added yet", &|| drop(mock.on::<Search>().header("a", "b")));
    says("HTTP does not allow the header `a b`", &|| drop(mock.on::<Search>().header("a b", "b")));
    says("the path holds `?`", &|| drop(mock.on_request(Method::GET, "/a?b")));
    let other = Mock::new();
    other.on::<Replace>().reply(());
    client(&other).certificates().replace("1").send().await.unwrap();
    let calls = other.calls::<Replace>();
    says("the parameter `enrollmentCode` is no i64", &|| {
        let _ = calls[0].parameter::<i64>("enrollmentCode");
    });
    says("replaceCertificate has no parameter `x`", &|| {
        let _ = calls[0].parameter::<i64>("x");
    });
    complaint(|| mock.verify());
}

#[tokio::test]
async fn a_condition_may_look_at_the_mock() {
    let mock = Mock::new();
    let seen = mock.clone();
    mock.on::<Search>().when(move |_| seen.requests().len() == 1).reply(page([], 0));
    client(&mock).certificates().search().send().await.unwrap();
    mock.verify();
}

#[tokio::test]
async fn a_missing_credential_remains_an_error() {
    let mock = Mock::new();
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    let error = client.certificates().search().send().await.unwrap_err();
    assert_eq!((error.kind(), mock.requests().len()), (ErrorKind::Credential, 0));
}
