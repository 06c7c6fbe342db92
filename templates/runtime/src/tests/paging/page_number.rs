//! Listings by page number.

use super::super::sample::listings::{ByPage, ByPageFromZero};
use super::{Answer, Server, all, ok, whole};
use crate::runtime::{ErrorKind, Paginated};

/// Pages 1 to 3 of five items, and 404 behind them, as some servers answer; `said` stands beside the items.
fn strict(said: &'static str) -> Server {
    Server::new(move |target| {
        let items = match target.strip_prefix("/things?at=").unwrap().trim_end_matches("&limit=2") {
            "1" => "[0,1]",
            "2" => "[2,3]",
            "3" => "[4]",
            _ => return Answer(404, None, String::new()),
        };
        ok(format!(r#"{{"items":{items}{said}}}"#))
    })
}

#[tokio::test]
async fn pages_follow_by_their_number() {
    let server = Server::of([
        ("/things?at=1&limit=2", r#"{"items":[0,1]}"#),
        ("/things?at=2&limit=2", r#"{"items":[2]}"#),
        ("/things?at=3&limit=2", r#"{"items":[]}"#),
    ]);
    assert_eq!(whole(ByPage::of(&server.client()).limit(2).items()).await, [0, 1, 2]);
    assert_eq!(server.targets().len(), 3);
}

#[tokio::test]
async fn they_count_from_where_the_spec_or_the_caller_says() {
    let server = Server::new(|_| ok(r#"{"items":[]}"#));
    let client = server.client();
    assert!(whole(ByPage::of(&client).items()).await.is_empty());
    assert!(whole(ByPageFromZero::of(&client).items()).await.is_empty());
    assert!(whole(ByPageFromZero::of(&client).at("7").items()).await.is_empty());
    assert_eq!(server.targets(), ["/things?at=1", "/things?at=0", "/things?at=7"]);
}

#[tokio::test]
async fn totals_end_a_listing_whose_server_fails_behind_the_last_page() {
    for said in [r#","total":5"#, r#","pages":3"#, r#","total":-1,"pages":3"#, r#","total":5,"pages":0"#] {
        let server = strict(said);
        assert_eq!(whole(ByPage::of(&server.client()).items()).await, [0, 1, 2, 3, 4], "{said}");
        assert_eq!(server.targets().len(), 3);
    }
    // Without one, the answer behind the last page is what ends it.
    let (items, error) = all(&mut ByPage::of(&strict("").client()).items()).await;
    assert_eq!((items.len(), error.unwrap().status().unwrap().as_u16()), (5, 404));
}

#[tokio::test]
async fn pages_counted_from_zero_end_with_the_last_one() {
    let server =
        Server::of([("/things?at=0", r#"{"items":[0],"pages":2}"#), ("/things?at=1", r#"{"items":[1],"pages":2}"#)]);
    assert_eq!(whole(ByPageFromZero::of(&server.client()).items()).await, [0, 1]);
}

#[tokio::test]
async fn a_listing_takes_up_within_a_page_and_still_knows_the_total() {
    for said in [r#","total":5"#, r#","pages":3"#] {
        let server = strict(said);
        let client = server.client();
        let mut texts = Vec::new();
        for taken in 0..=5 {
            let mut items = ByPage::of(&client).limit(2).items();
            for item in 0..taken {
                assert_eq!(items.try_next().await.unwrap(), Some(item));
            }
            let text = items.position().to_string();
            let items = ByPage::of(&client).limit(2).items_from(text.parse().unwrap());
            assert_eq!(whole(items).await, (taken..5).collect::<Vec<_>>(), "{text}");
            texts.push(text);
        }
        assert_eq!(texts, ["page=1/0", "page+1=1/0", "page=2/2", "page+1=2/2", "page=3/4", "page+1=3/4"]);
    }
}

#[tokio::test]
async fn what_a_page_gains_is_found_from_behind_its_end() {
    let server = Server::new(|_| ok(r#"{"items":[0,1],"total":2}"#));
    let mut items = ByPage::of(&server.client()).items();
    assert_eq!(all(&mut items).await.0, [0, 1]);
    let grown = Server::of([
        ("/things?at=1", r#"{"items":[0,1,2],"total":4}"#),
        ("/things?at=2", r#"{"items":[3],"total":4}"#),
    ]);
    assert_eq!(whole(ByPage::of(&grown.client()).items_from(items.position())).await, [2, 3]);
    // And from a page that has lost what was taken.
    let shrunk =
        Server::of([("/things?at=1", r#"{"items":[0],"total":2}"#), ("/things?at=2", r#"{"items":[3],"total":2}"#)]);
    let mut pages = ByPage::of(&shrunk.client()).pages_from(items.position());
    assert_eq!(pages.try_next().await.unwrap().unwrap().items, [3]);
}

#[tokio::test]
async fn a_server_that_ignores_the_number_is_not_asked_forever() {
    let server = Server::new(|target| ok(format!(r#"{{"items":[0,1],"asked":"{target}"}}"#)));
    let (items, error) = all(&mut ByPage::of(&server.client()).items()).await;
    let error = error.unwrap();
    assert_eq!((items.len(), error.kind(), server.targets().len()), (2, ErrorKind::Paging, 2));
    assert!(error.to_string().contains("it seems to ignore the page number"), "{error}");
}

#[tokio::test]
async fn a_number_does_not_overflow() {
    let server = Server::new(|_| ok(r#"{"items":[1]}"#));
    for first in [i64::MAX, i64::MIN] {
        let mut items = ByPage::of(&server.client()).at(first.to_string()).items().max_pages(1);
        let error = all(&mut items).await.1.unwrap();
        assert_eq!(error.kind(), ErrorKind::Paging);
        assert_eq!(error.to_string().contains("the largest number that there is"), first == i64::MAX, "{error}");
    }
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn a_listing_is_described_once() {
    assert_eq!(format!("{:?}", ByPage::PAGING.style), "PageNumber { slot: 0, first: 1 }");
}
