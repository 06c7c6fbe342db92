//! Tests of pagination by offset and limit.

use futures_core::Stream;

use super::super::sample::Client;
use super::super::sample::listings::{ByOffset, ByOffsetUntilShortPage};
use super::super::sample::operations::Search;
use super::super::transport::Recorder;
use super::super::transport::Reply::{self, Http};
use super::{Server, collect, collect_all, ok};
use crate::runtime::{ErrorKind, Items, Pages, RetryPolicy};

const PAGE_1: Reply = Http(200, &[], r#"{"items":[{"id":1},{"id":2}],"total":3}"#);
const PAGE_2: Reply = Http(200, &[], r#"{"items":[{"id":3}],"total":3}"#);

fn client(recorder: &Recorder) -> Client {
    Client::builder().api_key("k").retry(RetryPolicy::none()).transport(recorder.clone()).build().unwrap()
}

fn offsets(recorder: &Recorder) -> Vec<String> {
    recorder.requests().iter().map(|request| request.uri().query().unwrap().to_owned()).collect()
}

async fn ids(mut items: Items<Search>) -> Vec<i64> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id);
    }
    assert!(items.try_next().await.unwrap().is_none());
    ids
}

#[test]
fn paging_streams_are_send() {
    fn check<T: Send + Unpin + Stream + std::fmt::Debug + 'static>() {}
    check::<Items<Search>>();
    check::<Pages<Search>>();
}

#[tokio::test]
async fn items_end_at_total() {
    let recorder = Recorder::with_replies([PAGE_1, PAGE_2]);
    assert_eq!(ids(client(&recorder).certificates().search().limit(2).items()).await, [1, 2, 3]);
    assert_eq!(offsets(&recorder), ["offset=0&limit=2", "offset=2&limit=2"]);
}

#[tokio::test]
async fn listing_starts_at_offset_and_ends_at_empty_page() {
    let unknown_total = Http(200, &[], r#"{"items":[{"id":8},{"id":9}],"total":-1}"#);
    let recorder = Recorder::with_replies([unknown_total, Http(200, &[], r#"{"items":[],"total":-1}"#)]);
    assert_eq!(ids(client(&recorder).certificates().search().offset(7).items()).await, [8, 9]);
    assert_eq!(offsets(&recorder), ["offset=7", "offset=9"]);
}

#[tokio::test]
async fn repeated_page_is_error() {
    let same = Http(200, &[], r#"{"items":[{"id":8}],"total":-1}"#);
    let recorder = Recorder::with_replies([same.clone(), same]);
    let mut items = client(&recorder).certificates().search().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, 8);
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(error.to_string().contains("the same page twice"), "{error}");
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(recorder.requests().len(), 2);
}

#[tokio::test]
async fn error_ends_listing_and_position_resumes_it() {
    let recorder = Recorder::with_replies([PAGE_1, Http(500, &[], ""), PAGE_2]);
    let client = client(&recorder);
    let mut items = client.certificates().search().items();
    assert_eq!(items.position().offset(), Some(0));
    items.try_next().await.unwrap();
    assert_eq!(items.position().offset(), Some(1));
    items.try_next().await.unwrap();
    assert_eq!(items.try_next().await.unwrap_err().status().unwrap(), 500);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(items.position().to_string(), "offset=2");
    assert_eq!(ids(client.certificates().search().items_from(items.position())).await, [3]);
}

#[tokio::test]
async fn dropped_future_loses_no_page() {
    let recorder = Recorder::with_replies([PAGE_1, PAGE_2]);
    let mut pages = client(&recorder).certificates().search().pages();
    // The future is polled once and dropped. The page is not requested again.
    drop(tokio::time::timeout(std::time::Duration::ZERO, pages.try_next()).await);
    let mut counts = Vec::new();
    while let Some(page) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut pages).poll_next(cx)).await {
        let page = page.unwrap();
        counts.push((page.items.len(), page.total));
    }
    assert!(counts.ends_with(&[(1, Some(3))]), "{counts:?}");
    assert_eq!(recorder.requests().len(), 2);
}

/// Returns the value of the query parameter `offset` of a request target, and the page that begins at this offset in a
/// listing of the numbers from 0 to `count - 1`. A page has up to two numbers.
fn page_of(target: &str, count: i64) -> (i64, Vec<i64>) {
    let offset = target.split(['=', '&']).nth(1).unwrap().parse().unwrap();
    (offset, (offset..count.min(offset + 2)).collect())
}

#[tokio::test]
async fn positive_total_ends_listing() {
    // Each case has the body of the first page, the expected number of requests, and the expected items.
    let cases: [(&'static str, usize, &[i64]); 7] = [
        // The number of items reaches or exceeds the total.
        (r#"{"items":[0,1],"total":2}"#, 1, &[0, 1]),
        (r#"{"items":[0,1],"total":1}"#, 1, &[0, 1]),
        // These totals are ignored, because they cannot be correct.
        (r#"{"items":[0,1],"total":0}"#, 2, &[0, 1]),
        (r#"{"items":[0,1],"total":-1}"#, 2, &[0, 1]),
        (r#"{"items":[0,1],"total":null}"#, 2, &[0, 1]),
        // An empty page ends the listing, regardless of the total.
        (r#"{"items":[],"total":5}"#, 1, &[]),
        (r#"{"items":null,"total":5}"#, 1, &[]),
    ];
    for (first, requests, items) in cases {
        let server = Server::new(move |target| ok(if target.ends_with("=0") { first } else { r#"{"items":[]}"# }));
        assert_eq!(collect_all(ByOffset::of(&server.client()).items()).await, items, "{first}");
        assert_eq!(server.targets().len(), requests, "{first}");
    }
}

#[tokio::test]
async fn latest_total_is_used() {
    let growing = Server::of([
        ("/things?at=0", r#"{"items":[0,1],"total":3}"#),
        ("/things?at=2", r#"{"items":[2,3],"total":5}"#),
        ("/things?at=4", r#"{"items":[4],"total":5}"#),
    ]);
    assert_eq!(collect_all(ByOffset::of(&growing.client()).items()).await, [0, 1, 2, 3, 4]);
    let shrinking = Server::of([
        ("/things?at=0", r#"{"items":[0,1],"total":6}"#),
        ("/things?at=2", r#"{"items":[2,3],"total":4}"#),
    ]);
    assert_eq!(collect_all(ByOffset::of(&shrinking.client()).items()).await, [0, 1, 2, 3]);
}

#[tokio::test]
async fn short_page_is_last_only_if_documented() {
    // The server returns at most 2 items per page.
    let server = Server::new(|target| ok(format!(r#"{{"items":{:?}}}"#, page_of(target, 5).1)));
    let client = server.client();
    assert_eq!(collect_all(ByOffset::of(&client).limit(100).items()).await, [0, 1, 2, 3, 4]);
    assert_eq!(server.targets(), ["at=0", "at=2", "at=4", "at=5"].map(|at| format!("/things?{at}&limit=100")));
    assert_eq!(collect_all(ByOffsetUntilShortPage::of(&client).limit(2).items()).await, [0, 1, 2, 3, 4]);
    assert_eq!(server.targets().len(), 3);
    // If the request has no limit, no page counts as short, so only an empty page ends the listing.
    assert_eq!(collect_all(ByOffsetUntilShortPage::of(&client).items()).await, [0, 1, 2, 3, 4]);
    assert_eq!(server.targets().len(), 4);
}

#[tokio::test]
async fn false_more_ends_listing() {
    let server = Server::of([
        ("/things?at=0", r#"{"items":[0],"more":true}"#),
        ("/things?at=1", r#"{"items":[1],"more":false}"#),
    ]);
    assert_eq!(collect_all(ByOffset::of(&server.client()).items()).await, [0, 1]);
}

#[tokio::test]
async fn ignored_offset_is_detected_by_items() {
    // Each response also contains its request target, so that only the items are the same.
    let server = Server::new(|target| ok(format!(r#"{{"items":[0,1],"requested":"{target}"}}"#)));
    let (items, error) = collect(&mut ByOffset::of(&server.client()).items()).await;
    let error = error.unwrap();
    assert_eq!((items, error.kind()), (vec![0, 1], ErrorKind::Paging));
    assert_eq!(
        error.to_string(),
        "list (GET /things): 200 OK: the server sent the same page twice: it seems to ignore the offset"
    );
    assert!(error.may_have_been_sent() && !error.is_retryable());
    assert_eq!(server.targets().len(), 2);
}

#[tokio::test]
async fn offset_does_not_overflow() {
    let server = Server::new(|_| ok(r#"{"items":[7,8]}"#));
    let (items, error) = collect(&mut ByOffset::of(&server.client()).at((i64::MAX - 1).to_string()).items()).await;
    assert_eq!(items, [7, 8]);
    assert!(error.unwrap().to_string().ends_with("the offset exceeds the largest integer"));
    assert_eq!(server.targets().len(), 1);
}

#[tokio::test]
async fn max_pages_limits_listing() {
    let server = Server::new(|target| ok(format!(r#"{{"items":{:?}}}"#, page_of(target, i64::MAX).1)));
    let client = server.client();
    let mut items = ByOffset::of(&client).items().max_pages(2);
    let (received, error) = collect(&mut items).await;
    let error = error.unwrap();
    assert_eq!((received, error.kind(), error.attempts()), (vec![0, 1, 2, 3], ErrorKind::Paging, 0));
    assert!(error.to_string().contains("more than 2 pages, the maximum set with `max_pages`"), "{error}");
    assert_eq!(server.targets().len(), 2);
    assert_eq!(items.position().offset(), Some(4));

    // A listing with exactly `max_pages` pages is not an error.
    let server = Server::of([("/things?at=0", r#"{"items":[0],"total":1}"#)]);
    assert_eq!(collect_all(ByOffset::of(&server.client()).items().max_pages(1)).await, [0]);
    let mut pages = ByOffset::of(&server.client()).pages().max_pages(0);
    assert!(pages.try_next().await.is_err());
}

#[tokio::test]
async fn listing_resumes_at_any_item() {
    let server = Server::new(|target| {
        let (_, items) = page_of(target, 5);
        ok(format!(r#"{{"items":{items:?},"total":5}}"#))
    });
    let client = server.client();
    for taken in 0..=5 {
        let mut items = ByOffset::of(&client).items();
        for item in 0..taken {
            assert_eq!(items.try_next().await.unwrap(), Some(item));
        }
        let position = items.position();
        assert_eq!(position.offset(), Some(taken));
        assert_eq!(collect_all(ByOffset::of(&client).items_from(position)).await, (taken..5).collect::<Vec<_>>());
    }
}
