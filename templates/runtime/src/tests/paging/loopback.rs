//! Tests of pagination over real connections to servers on loopback.

use std::time::Duration;

use wiremock::matchers::{any, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::super::sample::Client;
use super::super::sample::listings::{ByCursor, ByLink, ByLinkHeader, ByPage};
use super::{collect, collect_all};
use crate::runtime::{ErrorKind, RetryPolicy};

fn client(base: &str) -> Client {
    let retry = RetryPolicy::new().initial_backoff(Duration::ZERO);
    Client::builder().base_url(base).api_key("key").retry(retry).build().unwrap()
}

fn page(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json")
}

/// Registers the response to the request for the first page, which has no query.
async fn mount_first_page(server: &MockServer, response: ResponseTemplate) {
    Mock::given(path("/api/things")).and(query_param_is_missing("page")).respond_with(response).mount(server).await;
}

async fn targets(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| request.url[url::Position::BeforePath..].to_owned()).collect()
}

#[tokio::test]
async fn link_is_followed_with_credentials_and_retries() {
    let server = MockServer::start().await;
    let link = format!(r#"<{}/api/things?page=2&q=a%2Fb%20c>; rel="next""#, server.uri());
    mount_first_page(&server, page(r#"{"items":[1,2]}"#).append_header("link", link)).await;
    // The first request for the second page fails.
    let second = || Mock::given(method("GET")).and(query_param("page", "2"));
    second().respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    second().respond_with(page(r#"{"items":[3]}"#)).mount(&server).await;

    let listing = ByLinkHeader::of(&client(&format!("{}/api", server.uri())))
        .options(crate::runtime::RequestOptions::new().header("x-mine", "m"))
        .items();
    assert_eq!(collect_all(listing).await, [1, 2, 3]);
    let followed = "/api/things?page=2&q=a%2Fb%20c";
    assert_eq!(targets(&server).await, ["/api/things", followed, followed]);
    for request in server.received_requests().await.unwrap() {
        assert_eq!(
            (&request.headers["x-api-key"], &request.headers["x-mine"]),
            (&"key".parse().unwrap(), &"m".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn link_to_other_server_is_not_followed() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any()).respond_with(page(r#"{"items":[9]}"#)).mount(&other).await;
    let port = other.address().port();
    for host in ["127.0.0.1", "localhost"] {
        server.reset().await;
        mount_first_page(&server, page(&format!(r#"{{"items":[1],"next":"http://{host}:{port}/api/things?page=2"}}"#)))
            .await;
        let mut items = ByLink::of(&client(&format!("{}/api", server.uri()))).items();
        let (received, error) = collect(&mut items).await;
        let error = error.unwrap();
        assert_eq!((received, error.kind()), (vec![1], ErrorKind::Paging));
        assert!(error.to_string().contains(&format!("`http://{host}:{port}`")), "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
    }
    // The other server receives no request, and therefore no credential.
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn items_after_broken_response_are_not_repeated() {
    // The first time the second page is requested, the response is truncated.
    let server = MockServer::start().await;
    let numbered = |number: &str| Mock::given(path("/api/things")).and(query_param("at", number));
    numbered("1").respond_with(page(r#"{"items":[1,2,3],"total":5}"#)).mount(&server).await;
    numbered("2").respond_with(page(r#"{"items":[4,"#)).up_to_n_times(1).mount(&server).await;
    numbered("2").respond_with(page(r#"{"items":[4,5],"total":5}"#)).mount(&server).await;

    let client = client(&format!("{}/api", server.uri()));
    let mut items = ByPage::of(&client).items();
    let (mut received, error) = collect(&mut items).await;
    assert_eq!((received.as_slice(), error.unwrap().kind()), ([1, 2, 3].as_slice(), ErrorKind::Decode));
    // The position may be stored as text and used in another process.
    let position = items.position().to_string();
    received.extend(collect_all(ByPage::of(&client).items_from(position.parse().unwrap())).await);
    assert_eq!((received, position.as_str()), (vec![1, 2, 3, 4, 5], "page=2/3"));
}

#[tokio::test]
async fn dropped_future_loses_no_item_on_slow_connection() {
    let server = MockServer::start().await;
    let slow = |body: &str| page(body).set_delay(Duration::from_millis(30));
    Mock::given(query_param_is_missing("at")).respond_with(slow(r#"{"items":[1,2],"next":"b"}"#)).mount(&server).await;
    Mock::given(query_param("at", "b")).respond_with(slow(r#"{"items":[3]}"#)).mount(&server).await;
    let mut items = ByCursor::of(&client(&server.uri())).items();
    let (mut received, mut dropped) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_millis(5), items.try_next()).await {
            Err(_) => dropped += 1,
            Ok(item) => match item.unwrap() {
                Some(item) => received.push(item),
                None => break,
            },
        }
    }
    assert_eq!((received, server.received_requests().await.unwrap().len()), (vec![1, 2, 3], 2));
    assert!(dropped > 0);
}
