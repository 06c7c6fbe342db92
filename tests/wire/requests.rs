//! Tests of headers and query parameters added by the caller, requests that are not in the spec, and requests that are
//! rejected before they are sent.

use http::Method;
use pki_clients::digicert_mpki::models::{
    EnrollmentSearchStatus, IssueCertificateRequest, RevokeCertificateRequest, SeatType,
};
use pki_clients::digicert_mpki::{Client, ErrorBody};
use pki_clients::keyfactor_command;
use pki_clients::runtime::{BuildError, ErrorKind, RequestOptions, RetryPolicy};
use serde_json::json;
use tokio::io::AsyncReadExt;

use super::sent::Sent;
use super::server::{Response, Server};
use super::vendor::{API_KEY, Vendor};

#[tokio::test]
async fn caller_adds_headers_and_query_parameters() {
    let types = json!([{"id": "USER_SEAT"}]);
    let server = Server::responding([Response::new(200).header("x-request-id", "r-1").json(&types)]).await;
    let client = Client::authenticated()
        .base_url(server.url())
        .user_agent("renewer/2.0")
        .header("x-tenant", "default")
        .header("x-trace", "default")
        .build()
        .unwrap();
    let call = client
        .seats()
        .list_types()
        .options(RequestOptions::new().header("X-Trace", "Zürich").header("accept", "application/hal+json"));
    let response =
        call.options(RequestOptions::new().query("a b", "c&d").query("a b", "ü+")).send_response().await.unwrap();

    let expected = Sent::by::<Client>("GET", "/mpki/api/v1/seat-types?a%20b=c%26d&a%20b=%C3%BC%2B")
        .accept("application/hal+json")
        .header("user-agent", "renewer/2.0")
        .header("x-tenant", "default")
        .header("x-trace", "Zürich");
    assert_eq!(server.sent_once(), expected);
    assert_eq!(response.value, [SeatType::new().with_id("USER_SEAT")]);
    assert_eq!((response.status.as_u16(), &response.headers["x-request-id"]), (200, &"r-1".parse().unwrap()));
    assert_eq!(response.body, types.to_string());
}

#[tokio::test]
async fn undocumented_request_can_be_sent() {
    let server =
        Server::responding([Response::new(202).json(&json!({"id": 1})), Response::new(409).body("text/plain", "no")]);
    let server = server.await;
    let client = Client::at(&server.url());
    let request = client.request(Method::PATCH, "/mpki/api/v2/new thing/%2Fx").query("q", "ä&b").header("x-a", "b");
    let response = request.json(&json!({"key": ["value", null]})).send().await.unwrap();
    assert_eq!((response.status.as_u16(), &response.value[..]), (202, &br#"{"id":1}"#[..]));
    let expected = Sent::by::<Client>("PATCH", "/mpki/api/v2/new%20thing/%2Fx?q=%C3%A4%26b")
        .accept("application/json, */*;q=0.5")
        .header("x-a", "b")
        .json("application/json", json!({"key": ["value", null]}));
    assert_eq!(server.sent_once(), expected);

    // Requests that are not in the spec return the same errors as operations.
    let error = client.request(Method::DELETE, "mpki/api/v2/thing").send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::Raw("no".into())));
    assert_eq!(error.to_string(), "request (DELETE mpki/api/v2/thing): 409 Conflict: no");
    assert_eq!(server.sent()[1].target, "/mpki/api/v2/thing");
}

#[tokio::test]
async fn empty_list_is_omitted_and_empty_string_is_sent() {
    let server = Server::responding([Response::new(200).json(&json!([]))]).await;
    let list = Client::at(&server.url()).enrollments().list().statuses([EnrollmentSearchStatus::Created]);
    list.statuses([EnrollmentSearchStatus::Created; 0]).email("").send().await.unwrap();
    assert_eq!(server.sent_once().target, "/mpki/api/v1/enrollment-details/?email=");
}

#[tokio::test]
async fn path_parameter_of_dots_is_never_sent() {
    let server = Server::responding([]).await;
    let client = Client::at(&server.url());
    for value in ["", ".", ".."] {
        let error = client.certificates().get(value).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{error}");
        assert!(!error.may_have_been_sent());
        let shown = error.to_string();
        assert!(shown.starts_with("getCertificate (GET /mpki/api/v1/certificate/{serial_number}): nothing was sent: "));
        assert!(shown.contains("`serial_number`"), "{shown}");
        client.certificates().revoke(value, RevokeCertificateRequest::new()).send().await.unwrap_err();
    }
    assert_eq!(server.sent(), []);
    // Values that merely contain dot segments are percent-encoded and sent.
    let server = Server::responding([Response::new(200).json(&json!({}))]).await;
    Client::at(&server.url()).certificates().get("../../seat/%2e%2e").send().await.unwrap();
    assert_eq!(server.sent_once().target, "/mpki/api/v1/certificate/..%2F..%2Fseat%2F%252e%252e");
}

#[tokio::test]
async fn header_value_with_line_break_is_never_sent() {
    let server = Server::responding([]).await;
    let client = keyfactor_command::Client::at(&server.url());
    let import = || client.certificates().import(keyfactor_command::models::CertificateImportRequest::new("MIIB"));
    let broken = "1.0\r\nx-injected: yes";
    let errors = [
        import().x_keyfactor_api_version(broken).send().await.unwrap_err(),
        import().options(RequestOptions::new().header("x-trace", broken)).send().await.unwrap_err(),
        import().options(RequestOptions::new().header("x trace", "1")).send().await.unwrap_err(),
        import().options(RequestOptions::new().header("content-length", "1")).send().await.unwrap_err(),
    ];
    for (error, name) in errors.iter().zip(["x-keyfactor-api-version", "x-trace", "x trace", "content-length"]) {
        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false), "{error}");
        assert!(error.to_string().contains(name) && !error.to_string().contains("injected"), "{error}");
    }
    assert_eq!(server.sent(), []);
    let error = Client::authenticated().header("x-trace", broken).build().unwrap_err();
    assert!(matches!(error, BuildError::Header(_)), "{error:?}");
    Client::authenticated().user_agent(broken).build().unwrap_err();
}

#[tokio::test]
async fn undecodable_response_is_reported_with_its_path() {
    let page = json!({"total": 2, "offset": 0, "limit": 2, "items": [{}, {"seat": {"seat_id": 5}}]});
    let html = Response::new(200).body("text/html", "<html>Sign in</html>");
    let server = Server::responding([Response::new(200).json(&page), html, Response::new(200)]).await;
    let client = Client::at(&server.url());
    let error = client.certificates().search().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 200));
    assert!(error.to_string().contains("at items[1].seat.seat_id: "), "{error}");
    assert_eq!(error.body(), Some(&ErrorBody::Raw(page.to_string().into())));
    let error = client.certificates().search().send().await.unwrap_err();
    assert!(error.to_string().contains("HTML, not JSON"), "{error}");
    let error = client.certificates().search().send().await.unwrap_err();
    assert!(error.to_string().contains("the body is empty"), "{error}");
}

#[tokio::test]
async fn redirect_to_other_origin_is_not_followed() {
    let elsewhere = Server::responding([]).await;
    let location = format!("{}/mpki?token=1", elsewhere.url());
    let server = Server::responding([Response::new(307).header("location", &location)]).await;
    let error = Client::at(&server.url()).seats().list_types().send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    assert!(error.to_string().contains(&elsewhere.url()) && !error.to_string().contains("token"), "{error}");
    assert_eq!(elsewhere.sent(), []);
}

#[tokio::test]
async fn only_safe_requests_are_retried() {
    let busy = || Response::new(503);
    let policy = RetryPolicy::new().max_attempts(3).initial_backoff(std::time::Duration::ZERO);
    let server = Server::responding([busy(), busy(), Response::new(204), busy()]).await;
    let client = Client::authenticated().base_url(server.url()).retry(policy).build().unwrap();

    client.certificates().revoke("1", RevokeCertificateRequest::new()).send().await.unwrap();
    let sent = server.sent();
    assert_eq!((sent.len(), &sent[0], &sent[1]), (3, &sent[1], &sent[2]));
    // A POST is not retried after a lost response, because this could issue a second certificate.
    let error = client.certificates().issue(IssueCertificateRequest::new()).send().await.unwrap_err();
    assert_eq!((error.attempts(), server.sent().len(), error.is_retryable()), (1, 4, false));
}

#[tokio::test]
async fn response_above_limit_is_not_read() {
    let server = Server::responding([Response::new(200).body("application/json", vec![b' '; 2000])]).await;
    let client = Client::authenticated().base_url(server.url()).max_response_bytes(1000).build().unwrap();
    let error = client.seats().list_types().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(!error.to_string().contains(API_KEY));
}

#[tokio::test]
async fn value_much_larger_than_its_body_is_refused() {
    let body = format!("[{}]", vec!["{}"; 2_100_000].join(",")).into_bytes();
    let server =
        Server::responding([body.clone(), body].map(|body| Response::new(200).body("application/json", body))).await;
    let client = Client::authenticated().base_url(server.url()).max_response_bytes(7_000_000).build().unwrap();
    let error = client.seats().list_types().send().await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::TooLarge, false));
    assert!(
        error.to_string().contains("the decoded value takes more than the 160 MiB allowed for a body of 6300001 bytes"),
        "{error}"
    );
    // Raising the response limit of a call also raises the memory limit of the decoded value.
    let types = client
        .seats()
        .list_types()
        .options(RequestOptions::new().max_response_bytes(128_000_000))
        .send()
        .await
        .unwrap();
    assert_eq!(types.len(), 2_100_000);
}

#[tokio::test]
async fn post_without_body_sends_content_length_zero() {
    // Many servers and firewalls respond with 411 if `Content-Length` is missing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::at(&format!("http://{}", listener.local_addr().unwrap()));
    let call = tokio::spawn(client.certificates().renew("1").send());
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    call.abort();
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.contains("\r\ncontent-length: 0\r\n"), "{head}");
}
