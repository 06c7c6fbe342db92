//! Tests of redirects: the requests that are sent to follow them, and the errors for redirects that are not followed.

use http::{HeaderMap, Method, Request, StatusCode};

use super::sample::Client;
use super::sample::models::ImportRequest;
use super::transport::Reply::{self, Http, NotSent};
use super::transport::{Recorder, recorded};
use crate::runtime::redirect::{DocumentedRedirects, NotFollowed, Redirects, Sent};
use crate::runtime::{AttemptInfo, Body, ErrorKind, RawResponse, RetryPolicy};

const PAGE: Reply = Http(200, &[], r#"{"items":[],"total":0}"#);
const CERTIFICATE: Reply = Http(200, &[], r#"{"id":1}"#);

/// Returns a redirect. Leaks the header value, because the headers of a reply are `'static`.
fn redirect(status: u16, location: &str) -> Reply {
    let location: &'static str = String::leak(location.to_owned());
    Http(status, Box::leak(Box::new([("location", location)])), "")
}

fn client(recorder: &Recorder) -> Client {
    let builder = Client::builder().base_url("https://pki.example:8443/base").api_key("api-key").bearer_token("tok");
    builder.transport(recorder.clone()).build().unwrap()
}

fn sent(request: &Request<bytes::Bytes>) -> String {
    format!("{} {} {}", request.method(), request.uri(), String::from_utf8_lossy(request.body()))
}

/// Resolves a `Location` against `https://pki.example:8443/base/certificate?page=1`.
fn resolve_location(location: &[u8]) -> Result<String, NotFollowed> {
    let mut headers = HeaderMap::new();
    headers.insert("location", http::HeaderValue::from_bytes(location).unwrap());
    let response = RawResponse::new(StatusCode::FOUND, headers, bytes::Bytes::new());
    let uri = "https://pki.example:8443/base/certificate?page=1".parse().unwrap();
    let sent = Sent { method: &Method::GET, uri: &uri, replayable: true };
    Redirects::new(true, None, DocumentedRedirects::None)
        .next(&sent, &response)
        .map(|redirect| redirect.unwrap().url.to_string())
}

#[test]
fn location_within_origin_is_resolved() {
    for (location, url) in [
        ("/x", "https://pki.example:8443/x"),
        ("x?a=b", "https://pki.example:8443/base/x?a=b"),
        ("?page=2", "https://pki.example:8443/base/certificate?page=2"),
        ("", "https://pki.example:8443/base/certificate?page=1"),
        ("../../../y", "https://pki.example:8443/y"),
        ("%2e%2e/%2E%2e/y", "https://pki.example:8443/y"),
        ("//PKI.example:8443/z", "https://pki.example:8443/z"),
        ("HTTPS://pki.example:8443", "https://pki.example:8443/"),
        // If a URL has the scheme of the base URL, but no `//` after the scheme, the scheme is ignored.
        ("https:/x", "https://pki.example:8443/x"),
        ("https:evil.example", "https://pki.example:8443/base/evil.example"),
        ("/x#fragment", "https://pki.example:8443/x"),
        (" /x ", "https://pki.example:8443/x"),
        ("/a b/ü?q=ü \"<>", "https://pki.example:8443/a%20b/%C3%BC?q=%C3%BC%20%22%3C%3E"),
        ("/a\tb", "https://pki.example:8443/ab"),
        ("\\x\\y", "https://pki.example:8443/x/y"),
        ("/%0d%0ax-injected: 1", "https://pki.example:8443/%0d%0ax-injected:%201"),
        ("/@evil.example", "https://pki.example:8443/@evil.example"),
    ] {
        assert_eq!(resolve_location(location.as_bytes()), Ok(url.to_owned()), "{location}");
    }
}

#[test]
fn location_outside_origin_is_rejected() {
    let origin = Err(NotFollowed::Origin("https://pki.example:8443".to_owned()));
    for location in [
        "http://pki.example:8443/x",
        "https://pki.example/x",
        "https://pki.example:443/x",
        "https://evil.example:8443/x",
        "https://pki.example.evil.example:8443/",
        "https://pki.example.:8443/",
        "//evil.example:8443/x",
        "\\\\evil.example:8443/x",
        "/\\evil.example:8443/x",
        "/\t/evil.example:8443/x",
        "https:///evil.example:8443/x",
        "https://pki.example:8443@evil.example:8443/",
        "https://evil.example:8443\\@pki.example:8443/",
        "ftp://pki.example:8443/x",
        "javascript:alert(1)",
        "data:text/plain,x",
        "file:///etc/passwd",
    ] {
        assert_eq!(resolve_location(location.as_bytes()), origin, "{location}");
    }
    for user in ["https://u@pki.example:8443/x", "https://:p@pki.example:8443/x", "//u:p@pki.example:8443/x"] {
        assert_eq!(
            resolve_location(user.as_bytes()),
            Err(NotFollowed::Location("contains a user name or a password")),
            "{user}"
        );
    }
    assert_eq!(resolve_location(b"/\xff"), Err(NotFollowed::Location("is not UTF-8")));
    assert_eq!(resolve_location(b"https://[::1"), Err(NotFollowed::Location("is not a valid URL")));
}

#[tokio::test]
async fn get_is_redirected_with_credentials() {
    for status in [301, 302, 303, 307, 308] {
        let recorder = Recorder::with_replies([redirect(status, "/v2/search?limit=5"), redirect(status, "more"), PAGE]);
        let search = client(&recorder)
            .certificates()
            .search()
            .limit(3)
            .options(crate::runtime::RequestOptions::new().header("x-a", "b"));
        search.send().await.unwrap();
        let requests = recorded::<3>(&recorder);
        let urls = requests.each_ref().map(|request| request.uri().to_string());
        let first = "https://pki.example:8443/base/mpki/api/v1/certificate-search?limit=3";
        assert_eq!(urls, [first, "https://pki.example:8443/v2/search?limit=5", "https://pki.example:8443/v2/more"]);
        for request in &requests {
            assert_eq!(
                (&request.headers()["x-api-key"], &request.headers()["x-a"]),
                (&"api-key".parse().unwrap(), &"b".parse().unwrap())
            );
            assert_eq!(request.extensions().get::<AttemptInfo>().unwrap().attempt, 1);
        }
    }
}

#[tokio::test]
async fn post_is_redirected_if_status_defines_method() {
    for status in [307, 308] {
        let recorder = Recorder::with_replies([redirect(status, "/v2/renew"), CERTIFICATE]);
        client(&recorder).certificates().renew("1", ImportRequest::default()).send().await.unwrap();
        let [first, second] = recorded(&recorder);
        assert_eq!(
            sent(&second),
            format!("POST https://pki.example:8443/v2/renew {}", sent(&first).rsplit_once(' ').unwrap().1)
        );
        assert_eq!(first.headers(), second.headers());
    }
    // The 303 response to a POST redirects to its result, which is requested by GET.
    let recorder = Recorder::with_replies([redirect(303, "/v2/certificate/1"), CERTIFICATE]);
    let renew = client(&recorder).certificates().renew("1", ImportRequest::default());
    renew.options(crate::runtime::RequestOptions::new().header("content-language", "de")).send().await.unwrap();
    let [first, second] = recorded(&recorder);
    assert!(first.headers().contains_key("content-type") && first.headers().contains_key("content-length"));
    assert_eq!(sent(&second), "GET https://pki.example:8443/v2/certificate/1 ");
    let names: Vec<_> = second.headers().keys().filter(|name| name.as_str().starts_with("content-")).collect();
    assert!(names.is_empty() && second.headers().contains_key("accept"), "{names:?}");

    for status in [301, 302] {
        let recorder = Recorder::with_replies([redirect(status, "/v2/renew")]);
        let error = client(&recorder).certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, status));
        assert!(!error.is_retryable() && error.may_have_been_sent() && recorder.requests().len() == 1);
    }
    // A HEAD request is redirected as HEAD.
    let recorder = Recorder::with_replies([redirect(303, "/up"), Http(200, &[], "")]);
    client(&recorder).certificates().health().send().await.unwrap();
    assert_eq!(sent(&recorded::<2>(&recorder)[1]), "HEAD https://pki.example:8443/up ");
}

#[tokio::test]
async fn query_is_redirected_with_its_body() {
    for (status, second) in [(301, "QUERY"), (302, "QUERY"), (307, "QUERY"), (303, "GET")] {
        let recorder = Recorder::with_replies([redirect(status, "/found"), PAGE]);
        let method = Method::from_bytes(b"QUERY").unwrap();
        client(&recorder).request(method, "/notes").body("blue").send().await.unwrap();
        let body = if second == "QUERY" { "blue" } else { "" };
        let expected = format!("{second} https://pki.example:8443/found {body}");
        assert_eq!(sent(&recorded::<2>(&recorder)[1]), expected, "{status}");
    }
}

#[tokio::test]
async fn stream_body_is_not_sent_again() {
    let once = || Body::stream(super::body::Chunks::new(["a"]), None);
    let recorder = Recorder::with_replies([redirect(307, "/x"), redirect(303, "/y"), PAGE]);
    let client = client(&recorder);
    let error = client.request(Method::PUT, "/").body(once()).send().await.unwrap_err();
    assert!(error.to_string().contains("because the body can be sent only once; Location: /x"), "{error}");
    client.request(Method::PUT, "/").body(once()).send().await.unwrap();
    assert_eq!(sent(&recorded::<3>(&recorder)[2]), "GET https://pki.example:8443/y ");
}

#[tokio::test(start_paused = true)]
async fn get_after_redirected_post_is_retried() {
    // If the GET fails, the POST is not sent again.
    for failure in [NotSent, Http(429, &[], ""), Http(503, &[], "")] {
        let recorder = Recorder::with_replies([redirect(303, "/done"), failure, CERTIFICATE]);
        client(&recorder).certificates().renew("1", ImportRequest::default()).send().await.unwrap();
        let methods = recorded::<3>(&recorder).map(|request| request.method().clone());
        assert_eq!(methods, [Method::POST, Method::GET, Method::GET]);
    }
    let recorder = Recorder::with_replies([redirect(303, "/done"), NotSent, NotSent, NotSent]);
    let error = client(&recorder).certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    assert_eq!((error.attempts(), recorder.requests().len()), (3, 4));
    // The error concerns the POST of the caller, which was sent, although the GET was not.
    assert!(error.may_have_been_sent() && !error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn retry_starts_at_redirect_target() {
    let recorder = Recorder::with_replies([redirect(308, "/v2"), Http(503, &[], ""), redirect(307, "/v3"), PAGE]);
    client(&recorder).certificates().search().send().await.unwrap();
    let requests = recorded::<4>(&recorder);
    let attempts = requests.each_ref().map(|request| request.extensions().get::<AttemptInfo>().unwrap().attempt);
    assert_eq!(attempts, [1, 1, 2, 2]);
    assert_eq!(requests.each_ref().map(|request| request.uri().path().to_owned())[1..], ["/v2", "/v2", "/v3"]);
}

#[tokio::test]
async fn redirects_are_limited() {
    let recorder = Recorder::with_replies(vec![redirect(302, ""); 12]);
    let error = client(&recorder).certificates().search().send().await.unwrap_err();
    assert_eq!((recorder.requests().len(), error.attempts(), error.is_retryable()), (11, 1, false));
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): 302 Found: the redirect \
         is not followed, because the call already followed 10 redirects"
    );
    // The limit of ten redirects applies to the call, not to each attempt.
    let script = (0..20).map(|index| if index == 7 { Http(503, &[], "") } else { redirect(302, "") });
    let recorder = Recorder::with_replies(script);
    let builder = Client::builder().base_url("https://pki.example").api_key("api-key").transport(recorder.clone());
    let client = builder.retry(RetryPolicy::new().initial_backoff(std::time::Duration::ZERO)).build().unwrap();
    client.certificates().search().send().await.unwrap_err();
    assert_eq!(recorder.requests().len(), 12);
}

#[tokio::test]
async fn redirect_error_shows_target_without_secret() {
    for (location, shown) in [
        (
            "https://u:p@other.example/x?token=hunter2#hunter2",
            "302 Found: the redirect is not followed, because it leads to a different origin than \
             https://pki.example:8443; \
             Location: https://other.example/x",
        ),
        ("https://other.example/api-key/x", "Location: https://other.example/***/x"),
        (
            "https://u:hunter2@pki.example:8443/",
            "302 Found: the redirect is not followed, because its Location contains a user name or a password; \
             Location: \
             https://pki.example:8443/",
        ),
        ("ftp://hunter2@[", "the redirect is not followed, because its Location is not a valid URL; Location: ["),
        ("//u:hunter2@other.example/x", "Location: other.example/x"),
    ] {
        let recorder = Recorder::with_replies([redirect(302, location)]);
        let error = client(&recorder).certificates().search().send().await.unwrap_err();
        assert_eq!((error.kind(), recorder.requests().len()), (ErrorKind::Status, 1));
        assert!(error.to_string().ends_with(shown), "{error}");
    }
    let post = Recorder::with_replies([redirect(302, "/login?return=hunter2")]);
    let error = client(&post).certificates().renew("1", ImportRequest::default()).send().await.unwrap_err();
    let shown = "302 Found: the redirect after POST is not followed, because HTTP does not define the method of the next request; Location: /login";
    assert!(error.to_string().ends_with(shown), "{error}");

    let recorder =
        Recorder::with_replies([redirect(302, "/login?return=hunter2"), Http(304, &[], ""), Http(302, &[], "x")]);
    let builder = Client::builder().base_url("https://pki.example").api_key("api-key").transport(recorder.clone());
    let off = builder.redirects(false).build().unwrap();
    let error = off.certificates().search().send().await.unwrap_err();
    assert!(error.to_string().ends_with("302 Found: redirects are disabled; Location: /login"), "{error}");
    for shown in ["304 Not Modified", "302 Found: x"] {
        let error = off.certificates().search().send().await.unwrap_err();
        assert!(error.to_string().ends_with(shown), "{error}");
    }
}

#[tokio::test]
async fn redirect_keeps_only_query_credential_of_client() {
    // The `Location` repeats the credential of the query, changes it or omits it. The name of the credential may be
    // percent-encoded.
    for (location, query) in [
        ("/v2?limit=1&key=s3cr%20t", "limit=1&key=s3cr%20t"),
        ("/v2?key=other&limit=1&k%65y=x&%6Bey", "limit=1&key=s3cr%20t"),
        ("/v2?key=other", "key=s3cr%20t"),
        ("/v2?limit=1", "limit=1&key=s3cr%20t"),
        ("/v2", "key=s3cr%20t"),
        ("/v2?monkey=1&a=%26key=2", "monkey=1&a=%26key=2&key=s3cr%20t"),
    ] {
        let recorder = Recorder::with_replies([redirect(302, location), PAGE]);
        let builder = Client::builder().base_url("https://pki.example").query_key("s3cr t");
        let client = builder.transport(recorder.clone()).build().unwrap();
        client.request(Method::GET, "/v1").query("limit", "1").send().await.unwrap();
        let [first, second] = recorded(&recorder);
        assert_eq!(first.uri().query().unwrap(), "limit=1&key=s3cr%20t");
        assert_eq!((second.uri().path(), second.uri().query().unwrap()), ("/v2", query), "{location}");
    }
}
