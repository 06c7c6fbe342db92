//! Tests of calls to a server on loopback, through the default transport.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::sample::models::{ImportRequest, SearchStatus};
use super::sample::operations::{Import, Renew, Search};
use super::sample::{Client, ErrorBody};
use crate::runtime::{Body, ErrorKind, RetryPolicy, Upload};

fn client(url: &str) -> Client {
    let retry = RetryPolicy::new().initial_backoff(Duration::ZERO);
    Client::builder().base_url(url).api_key("key").bearer_token("tok").retry(retry).build().unwrap()
}

/// Starts a server that reads one request on each connection, writes these bytes, and closes the connection. The server
/// stops with the test process.
fn raw_server(reply: &'static [u8]) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(reply);
        }
    });
    (url, count)
}

#[test]
fn call_future_is_send_and_static() {
    fn check<T: Send + 'static>(_: T) {}
    let client = client("http://127.0.0.1:1");
    check(client.certificates().search().send());
    check(client.certificates().search().send_response());
    check(client.certificates().import(Upload::bytes("a", "b")).send());
    check(client.request(http::Method::GET, "/x").send());
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Client>();
    shared::<(Search, Renew, Import)>();
}

#[tokio::test]
async fn combined_credentials_are_sent_together() {
    use wiremock::matchers::{basic_auth, header, query_param};
    let server = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_string(r#"{"items":[],"total":0}"#);
    let both = Mock::given(basic_auth("user", "pass")).and(query_param("key", "k&y ="));
    both.respond_with(page).expect(1).mount(&server).await;
    let cookie = Mock::given(header("cookie", "session=c"));
    cookie.respond_with(ResponseTemplate::new(204)).expect(1).mount(&server).await;
    let client = Client::builder().base_url(server.uri()).basic_auth("user", "pass").query_key("k&y =").cookie_key("c");
    let client = client.build().unwrap();
    client.certificates().search().send().await.unwrap();
    // Without `send()`: a request is a future too.
    client.certificates().replace("code").await.unwrap();
}

#[tokio::test]
async fn request_matches_operation() {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_raw(r#"{"items":[{"id":1,"status":"NEW"}],"total":1}"#, "x/y");
    Mock::given(method("GET")).respond_with(reply.insert_header("x-a", "b")).mount(&server).await;
    let client = client(&format!("{}/prefix/", server.uri()));
    let search = client
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().query("extra", "a b"))
        .common_name("a&b ü")
        .ratio(0.1)
        .limit(1)
        .limit(2);
    let search = search
        .statuses([SearchStatus::Issued, "X Y".into()])
        .options(crate::runtime::RequestOptions::new().header("accept", "application/json"));
    let response = search.send_response().await.unwrap();
    assert_eq!(response.value.items[0].status.as_ref().unwrap().as_str(), "NEW");
    assert_eq!((response.status.as_u16(), response.headers["x-a"].as_bytes()), (200, &b"b"[..]));
    assert!(response.body.starts_with(b"{\"items\""));

    let requests = server.received_requests().await.unwrap();
    let request = &requests[0];
    assert_eq!(
        format!("{}?{}", request.url.path(), request.url.query().unwrap()),
        "/prefix/mpki/api/v1/certificate-search?limit=2&status=ISSUED&status=X%20Y&common_name=a%26b%20%C3%BC&ratio=0.1\
         &extra=a%20b"
    );
    assert_eq!(request.headers["x-requested-with"], "APIClient");
    assert_eq!(request.headers["x-api-key"], "key");
    assert_eq!(request.headers["user-agent"], concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
    assert_eq!(request.headers.get_all("accept").iter().collect::<Vec<_>>(), ["application/json"]);
    assert!(!request.headers.contains_key("content-type") && !request.headers.contains_key("content-length"));
}

#[tokio::test]
async fn json_body_and_path_are_encoded() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let client = client(&server.uri());
    let body = ImportRequest { password: crate::runtime::Maybe::Value("p".into()) };
    assert_eq!(client.certificates().renew("a/b?c", body).send().await.unwrap(), None);
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.path(), "/mpki/api/v1/certificate/a%2Fb%3Fc/renew");
    assert_eq!(requests[0].headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(requests[0].body, br#"{"Password":"p"}"#);
}

#[tokio::test]
async fn file_upload_has_exact_length() {
    let server = MockServer::start().await;
    let replies = [ResponseTemplate::new(503), ResponseTemplate::new(200).set_body_string("done")];
    Mock::given(path("/import")).respond_with(replies[0].clone()).up_to_n_times(1).mount(&server).await;
    Mock::given(path("/import")).respond_with(replies[1].clone()).mount(&server).await;
    let file = tempfile::NamedTempFile::with_suffix(".zip").unwrap();
    std::fs::write(file.path(), vec![b'z'; 300_000]).unwrap();
    let import = client(&server.uri()).certificates().import(file.path()).comment("a comment");
    assert_eq!(import.send().await.unwrap(), "done");
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        let content_type = request.headers["content-type"].to_str().unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let text = String::from_utf8_lossy(&request.body);
        assert!(text.ends_with(&format!("\r\n--{boundary}--\r\n")));
        assert!(text.contains("name=\"comment\"\r\n\r\na comment\r\n"));
        assert!(text.contains(&format!("\r\n\r\n{}\r\n--{boundary}", "z".repeat(300_000))));
        assert_eq!(request.headers["content-length"], request.body.len().to_string().as_str());
        assert!(!request.headers.contains_key("transfer-encoding"));
    }
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn raw_request_is_sent_as_configured() {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(201).set_body_raw(vec![0xff, 0], "application/octet-stream");
    Mock::given(path("/a%20b/c")).respond_with(reply).mount(&server).await;
    Mock::given(path("/teapot")).respond_with(ResponseTemplate::new(418).set_body_string("short")).mount(&server).await;
    let client = client(&server.uri());
    let request = client.request(http::Method::POST, "a b/c").query("x", "1&2").header("x-a", "b");
    let response = request.json(&serde_json::json!({"a": 1})).timeout(Duration::from_secs(9)).send().await.unwrap();
    assert_eq!((response.status.as_u16(), &response.value[..]), (201, &[0xff, 0][..]));
    let error = client.request(http::Method::GET, "/teapot").send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::Raw("short".into())));
    assert_eq!(error.to_string(), "request (GET /teapot): 418 I'm a teapot: short");
    let stream = Body::stream(super::body::Chunks::new(["a", "b"]), None);
    client.request(http::Method::PUT, "/a%20b/c").body(stream).send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.query(), Some("x=1%262"));
    assert_eq!(
        (requests[0].headers["content-type"].as_bytes(), &requests[0].body[..]),
        (&b"application/json"[..], &b"{\"a\":1}"[..])
    );
    assert_eq!(
        (requests[2].headers["transfer-encoding"].as_bytes(), &requests[2].body[..]),
        (&b"chunked"[..], &b"ab"[..])
    );
}

#[tokio::test]
async fn head_response_has_no_body() {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_string("ten bytes!");
    Mock::given(method("HEAD")).respond_with(reply).mount(&server).await;
    let response = client(&server.uri()).certificates().health().send_response().await.unwrap();
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn refused_connection_sends_nothing() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = client(&format!("http://{closed}"));
    let error = client.certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    assert!(!error.may_have_been_sent() && error.is_retryable());
    let expected = format!(
        "after 3 attempts: the request was not sent to http://{closed}: no connection: tcp connect error: Connection \
         refused"
    );
    assert!(error.to_string().contains(&expected), "{error}");
}

#[tokio::test]
async fn broken_connection_does_not_retry_post() {
    // The server closes the connection without a response, within the headers, or within the body.
    for reply in [&b""[..], b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"id\":"] {
        let (url, count) = raw_server(reply);
        let error = client(&url).certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error}");
        assert!(error.may_have_been_sent() && !error.is_retryable() && !error.is_timeout());
        assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 1);
        let error = client(&url)
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().query("secret", "hunter2"))
            .send()
            .await
            .unwrap_err();
        assert_eq!((error.attempts(), error.is_retryable()), (3, true));
        assert!(!error.to_string().contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error}");
        assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 4);
    }
}

#[tokio::test]
async fn response_over_limit_is_error() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 100_000]))
        .mount(&server)
        .await;
    let small = Client::builder().base_url(server.uri()).api_key("k").max_response_bytes(99_999).build().unwrap();
    assert_eq!(small.certificates().search().send().await.unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn call_header_replaces_default_header() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("{\"items\":[],\"total\":0}"))
        .mount(&server)
        .await;
    let builder = Client::builder().base_url(server.uri()).api_key("k").user_agent("me/1");
    let client = builder.header("x-a", "default").header("accept", "x/default").build().unwrap();
    client.certificates().search().send().await.unwrap();
    client
        .certificates()
        .search()
        .options(
            crate::runtime::RequestOptions::new().header("x-a", "1").header("x-a", "2").header("x-api-key", "mine"),
        )
        .send()
        .await
        .unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].headers["user-agent"], "me/1");
    assert_eq!(requests[0].headers["x-a"], "default");
    assert_eq!(requests[0].headers["accept"], "application/json, text/plain");
    assert_eq!(requests[1].headers.get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(requests[1].headers.get_all("x-api-key").iter().collect::<Vec<_>>(), ["mine"]);
}

#[tokio::test]
async fn file_changed_between_attempts_is_error() {
    let server = MockServer::start().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "first").unwrap();
    let path = file.path().to_owned();
    let change = move |_: &wiremock::Request| {
        std::fs::write(&path, "second").unwrap();
        ResponseTemplate::new(503)
    };
    Mock::given(any()).respond_with(change).mount(&server).await;
    let request = client(&server.uri()).request(http::Method::PUT, "/x").body(file.path());
    let error = request.send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Body, 1, false));
    assert!(error.to_string().contains("the file changed after its length was measured"), "{error}");
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
