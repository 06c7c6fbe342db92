//! Listings by offset and limit.

use futures_core::Stream;

use super::sample::Client;
use super::sample::operations::Search;
use super::transport::Answer::{self, Http};
use super::transport::Recorder;
use crate::runtime::{ErrorKind, Items, Pages, RetryPolicy};

const PAGE_1: Answer = Http(200, &[], r#"{"items":[{"id":1},{"id":2}],"total":3}"#);
const PAGE_2: Answer = Http(200, &[], r#"{"items":[{"id":3}],"total":3}"#);

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
fn streams_move_between_threads() {
    fn check<T: Send + Unpin + Stream + std::fmt::Debug + 'static>() {}
    check::<Items<Search>>();
    check::<Pages<Search>>();
}

#[tokio::test]
async fn items_of_all_pages_until_the_total() {
    let recorder = Recorder::answering([PAGE_1, PAGE_2]);
    assert_eq!(ids(client(&recorder).certificates().search().limit(2).items()).await, [1, 2, 3]);
    assert_eq!(offsets(&recorder), ["offset=0&limit=2", "offset=2&limit=2"]);
}

#[tokio::test]
async fn it_starts_where_the_caller_says_and_ends_on_an_empty_page() {
    let unknown_total = Http(200, &[], r#"{"items":[{"id":8},{"id":9}],"total":-1}"#);
    let recorder = Recorder::answering([unknown_total, Http(200, &[], r#"{"items":[],"total":-1}"#)]);
    assert_eq!(ids(client(&recorder).certificates().search().offset(7).items()).await, [8, 9]);
    assert_eq!(offsets(&recorder), ["offset=7", "offset=9"]);
}

#[tokio::test]
async fn a_page_that_repeats_is_an_error_and_the_end() {
    let same = Http(200, &[], r#"{"items":[{"id":8}],"total":-1}"#);
    let recorder = Recorder::answering([same.clone(), same]);
    let mut items = client(&recorder).certificates().search().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, 8);
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(error.to_string().contains("the same page twice"), "{error}");
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(recorder.requests().len(), 2);
}

#[tokio::test]
async fn an_error_ends_it_and_the_position_takes_up_again() {
    let recorder = Recorder::answering([PAGE_1, Http(500, &[], ""), PAGE_2]);
    let client = client(&recorder);
    let mut items = client.certificates().search().items();
    assert_eq!(items.position(), 0);
    items.try_next().await.unwrap();
    assert_eq!(items.position(), 1);
    items.try_next().await.unwrap();
    assert_eq!(items.try_next().await.unwrap_err().status().unwrap(), 500);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(items.position(), 2);
    assert_eq!(ids(client.certificates().search().offset(items.position()).items()).await, [3]);
}

#[tokio::test]
async fn pages_come_whole_and_survive_a_dropped_future() {
    let recorder = Recorder::answering([PAGE_1, PAGE_2]);
    let mut pages = client(&recorder).certificates().search().pages();
    // Polled once and dropped: the page is not asked for a second time.
    drop(tokio::time::timeout(std::time::Duration::ZERO, pages.try_next()).await);
    let mut counts = Vec::new();
    while let Some(page) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut pages).poll_next(cx)).await {
        let page = page.unwrap();
        counts.push((page.items.len(), page.total));
    }
    assert!(counts.ends_with(&[(1, Some(3))]), "{counts:?}");
    assert_eq!(recorder.requests().len(), 2);
}
