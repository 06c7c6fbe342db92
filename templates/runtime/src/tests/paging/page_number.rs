//! Tests of pagination by page number.

use super::super::sample::listings::{ByPage, ByPageFromZero};
use super::{Reply, Server, collect, collect_all, ok};
use crate::runtime::{ErrorKind, Paginated};

/// Creates a server with five items on pages 1 to 3, and 404 for other pages. `extra` is JSON that follows the items in
/// each body.
fn strict_server(extra: &'static str) -> Server {
    Server::new(move |target| {
        let items = match target.strip_prefix("/things?at=").unwrap().trim_end_matches("&limit=2") {
            "1" => "[0,1]",
            "2" => "[2,3]",
            "3" => "[4]",
            _ => return Reply(404, None, String::new()),
        };
        ok(format!(r#"{{"items":{items}{extra}}}"#))
    })
}

#[tokio::test]
async fn page_number_is_incremented() {
    let server = Server::of([
        ("/things?at=1&limit=2", r#"{"items":[0,1]}"#),
        ("/things?at=2&limit=2", r#"{"items":[2]}"#),
        ("/things?at=3&limit=2", r#"{"items":[]}"#),
    ]);
    assert_eq!(collect_all(ByPage::of(&server.client()).limit(2).items()).await, [0, 1, 2]);
    assert_eq!(server.targets().len(), 3);
}

#[tokio::test]
async fn first_page_number_comes_from_spec_or_caller() {
    let server = Server::new(|_| ok(r#"{"items":[]}"#));
    let client = server.client();
    assert!(collect_all(ByPage::of(&client).items()).await.is_empty());
    assert!(collect_all(ByPageFromZero::of(&client).items()).await.is_empty());
    assert!(collect_all(ByPageFromZero::of(&client).at("7").items()).await.is_empty());
    assert_eq!(server.targets(), ["/things?at=1", "/things?at=0", "/things?at=7"]);
}

#[tokio::test]
async fn total_ends_listing_at_last_page() {
    for extra in [r#","total":5"#, r#","pages":3"#, r#","total":-1,"pages":3"#, r#","total":5,"pages":0"#] {
        let server = strict_server(extra);
        assert_eq!(collect_all(ByPage::of(&server.client()).items()).await, [0, 1, 2, 3, 4], "{extra}");
        assert_eq!(server.targets().len(), 3);
    }
    // Without a total, the listing ends with the 404 response to the request for the page after the last.
    let (items, error) = collect(&mut ByPage::of(&strict_server("").client()).items()).await;
    assert_eq!((items.len(), error.unwrap().status().unwrap().as_u16()), (5, 404));
}

#[tokio::test]
async fn zero_based_pages_end_with_last_page() {
    let server =
        Server::of([("/things?at=0", r#"{"items":[0],"pages":2}"#), ("/things?at=1", r#"{"items":[1],"pages":2}"#)]);
    assert_eq!(collect_all(ByPageFromZero::of(&server.client()).items()).await, [0, 1]);
}

#[tokio::test]
async fn listing_resumed_within_page_keeps_total() {
    for extra in [r#","total":5"#, r#","pages":3"#] {
        let server = strict_server(extra);
        let client = server.client();
        let mut texts = Vec::new();
        for taken in 0..=5 {
            let mut items = ByPage::of(&client).limit(2).items();
            for item in 0..taken {
                assert_eq!(items.try_next().await.unwrap(), Some(item));
            }
            let text = items.position().to_string();
            let items = ByPage::of(&client).limit(2).items_from(text.parse().unwrap());
            assert_eq!(collect_all(items).await, (taken..5).collect::<Vec<_>>(), "{text}");
            texts.push(text);
        }
        assert_eq!(texts, ["page=1/0", "page+1=1/0", "page=2/2", "page+1=2/2", "page=3/4", "page+1=3/4"]);
    }
}

#[tokio::test]
async fn items_added_to_last_page_are_found() {
    let server = Server::new(|_| ok(r#"{"items":[0,1],"total":2}"#));
    let mut items = ByPage::of(&server.client()).items();
    assert_eq!(collect(&mut items).await.0, [0, 1]);
    let grown = Server::of([
        ("/things?at=1", r#"{"items":[0,1,2],"total":4}"#),
        ("/things?at=2", r#"{"items":[3],"total":4}"#),
    ]);
    assert_eq!(collect_all(ByPage::of(&grown.client()).items_from(items.position())).await, [2, 3]);
    // If items that were already returned have been removed from the page, the listing continues with the next page.
    let shrunk =
        Server::of([("/things?at=1", r#"{"items":[0],"total":2}"#), ("/things?at=2", r#"{"items":[3],"total":2}"#)]);
    let mut pages = ByPage::of(&shrunk.client()).pages_from(items.position());
    assert_eq!(pages.try_next().await.unwrap().unwrap().items, [3]);
}

#[tokio::test]
async fn ignored_page_number_is_error() {
    let server = Server::new(|target| ok(format!(r#"{{"items":[0,1],"requested":"{target}"}}"#)));
    let (items, error) = collect(&mut ByPage::of(&server.client()).items()).await;
    let error = error.unwrap();
    assert_eq!((items.len(), error.kind(), server.targets().len()), (2, ErrorKind::Paging, 2));
    assert!(error.to_string().contains("it seems to ignore the page number"), "{error}");
}

#[tokio::test]
async fn page_number_does_not_overflow() {
    let server = Server::new(|_| ok(r#"{"items":[1]}"#));
    for first in [i64::MAX, i64::MIN] {
        let mut items = ByPage::of(&server.client()).at(first.to_string()).items().max_pages(1);
        let error = collect(&mut items).await.1.unwrap();
        assert_eq!(error.kind(), ErrorKind::Paging);
        assert_eq!(error.to_string().contains("exceeds the largest integer"), first == i64::MAX, "{error}");
    }
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn paging_constant_has_style_and_first_page() {
    assert_eq!(format!("{:?}", ByPage::PAGING.style), "PageNumber { slot: 0, first: 1 }");
}
