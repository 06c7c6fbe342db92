//! Listings by cursor.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::super::sample::listings::{ByCursor, ByCursorThroughEmptyPages};
use super::{Answer, Server, all, ok, whole};
use crate::runtime::ErrorKind;

/// Three pages, by the cursors `b+/=` and `c`.
fn pages() -> Server {
    Server::of([
        ("/things?limit=2", r#"{"items":[0,1],"next":"b+/="}"#),
        ("/things?at=b%2B%2F%3D&limit=2", r#"{"items":[2,3],"next":"c"}"#),
        ("/things?at=c&limit=2", r#"{"items":[4],"next":null}"#),
    ])
}

#[tokio::test]
async fn pages_follow_by_the_cursor_that_came_with_the_last() {
    let server = pages();
    assert_eq!(whole(ByCursor::of(&server.client()).limit(2).items()).await, [0, 1, 2, 3, 4]);
    assert_eq!(server.targets().len(), 3);
}

#[tokio::test]
async fn a_listing_ends_without_a_cursor_or_where_the_server_says_so() {
    for end in [r#""next":null"#, r#""next":"""#, r#""next":" ""#, r#""more":false"#, r#""next":"b","more":false"#] {
        let server = Server::new(move |_| ok(format!(r#"{{"items":[1],{end}}}"#)));
        assert_eq!(whole(ByCursor::of(&server.client()).items()).await, [1], "{end}");
        assert_eq!(server.targets().len(), 1);
    }
}

#[tokio::test]
async fn a_total_does_not_end_it_and_an_empty_page_does() {
    let server = Server::of([
        ("/things", r#"{"items":[1],"total":1,"next":"b"}"#),
        ("/things?at=b", r#"{"items":[2],"next":"c"}"#),
        ("/things?at=c", r#"{"items":[],"next":"d"}"#),
        ("/things?at=d", r#"{"items":[3]}"#),
    ]);
    let client = server.client();
    assert_eq!(whole(ByCursor::of(&client).items()).await, [1, 2]);
    assert_eq!(server.targets().len(), 3);
    // Where the spec says that pages may be empty on the way, they are.
    assert_eq!(whole(ByCursorThroughEmptyPages::of(&client).items()).await, [1, 2, 3]);
    let mut pages = ByCursorThroughEmptyPages::of(&client).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.items.len());
    }
    assert_eq!(sizes, [1, 1, 1]);
}

#[tokio::test]
async fn cursors_that_go_round_are_an_error_behind_the_items_that_came() {
    // From A to B to A; to itself; back to where the caller began.
    let round = Server::of([
        ("/things", r#"{"items":[0],"next":"A"}"#),
        ("/things?at=A", r#"{"items":[1],"next":"B"}"#),
        ("/things?at=B", r#"{"items":[2],"next":"A"}"#),
        ("/things?at=C", r#"{"items":[3],"next":"C"}"#),
    ]);
    let client = round.client();
    for (mut listing, items) in [
        (ByCursor::of(&client).items(), vec![0, 1, 2]),
        (ByCursor::of(&client).at("B").items(), vec![2, 1]),
        (ByCursor::of(&client).at("C").items(), vec![3]),
        (ByCursor::of(&client).items_from("cursor=C".parse().unwrap()), vec![3]),
    ] {
        let (came, error) = all(&mut listing).await;
        let error = error.unwrap();
        assert_eq!((came.as_slice(), error.kind()), (items.as_slice(), ErrorKind::Paging));
        assert_eq!(round.targets().len(), items.len());
        // The page before the error has been taken.
        assert!(listing.position().to_string().contains("+1"), "{:?}", listing.position());
        let text = error.to_string();
        assert!(text.ends_with("gives a cursor that it gave before: the listing goes round in a circle"), "{text}");
    }
}

#[tokio::test]
async fn more_without_a_cursor_is_an_error_and_not_the_end() {
    let server = Server::new(|_| ok(r#"{"items":[1],"more":true}"#));
    let (items, error) = all(&mut ByCursor::of(&server.client()).items()).await;
    let error = error.unwrap();
    assert_eq!((items, error.kind()), (vec![1], ErrorKind::Paging));
    assert!(error.to_string().contains("there is more, and gives no cursor"), "{error}");
}

#[tokio::test]
async fn after_an_error_within_the_listing_each_item_comes_once() {
    // The second page fails the first time.
    let failures = AtomicU64::new(0);
    let good = pages();
    let answers = good.answer.clone();
    let server = Server::new(move |target| {
        let first = target.contains("at=c") && failures.fetch_add(1, Ordering::SeqCst) == 0;
        if first { Answer(500, None, String::new()) } else { answers(target) }
    });
    let client = server.client();
    let mut items = ByCursor::of(&client).limit(2).items();
    let (mut came, error) = all(&mut items).await;
    assert_eq!((came.len(), error.unwrap().status().unwrap().as_u16()), (4, 500));
    came.extend(whole(ByCursor::of(&client).limit(2).items_from(items.position())).await);
    assert_eq!(came, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_listing_takes_up_at_any_item() {
    let server = pages();
    let client = server.client();
    let mut texts = Vec::new();
    for taken in 0..=5 {
        let mut items = ByCursor::of(&client).limit(2).items();
        for item in 0..taken {
            assert_eq!(items.try_next().await.unwrap(), Some(item));
        }
        let text = items.position().to_string();
        let rest = whole(ByCursor::of(&client).limit(2).items_from(text.parse().unwrap())).await;
        assert_eq!(rest, (taken..5).collect::<Vec<_>>(), "{text}");
        let mut pages = ByCursor::of(&client).limit(2).pages_from(text.parse().unwrap());
        let first = pages.try_next().await.unwrap().map(|page| page.items);
        assert_eq!(first.and_then(|items| items.first().copied()), (taken < 5).then_some(taken), "{text}");
        texts.push(text);
    }
    assert_eq!(texts, ["start", "start+1", "cursor=b+/=", "cursor+1=b+/=", "cursor=c", "cursor+1=c"]);
}

#[tokio::test]
async fn a_dropped_future_loses_no_page() {
    struct Slow(Server);

    impl crate::runtime::Transport for Slow {
        fn send(
            &self,
            request: http::Request<crate::runtime::Body>,
        ) -> crate::runtime::BoxFuture<
            'static,
            Result<http::Response<crate::runtime::Body>, crate::runtime::TransportError>,
        > {
            let answer = self.0.send(request);
            Box::pin(async move {
                tokio::task::yield_now().await;
                answer.await
            })
        }
    }

    let server = pages();
    let builder = super::Client::builder().api_key("k").base_url("https://one.example.com");
    let client = builder.transport(Slow(server.clone())).build().unwrap();
    let mut items = ByCursor::of(&client).limit(2).items();
    let mut came = Vec::new();
    loop {
        // Polled once and dropped, whatever it was waiting for.
        match tokio::time::timeout(Duration::ZERO, items.try_next()).await {
            Err(_) => {}
            Ok(item) => match item.unwrap() {
                Some(item) => came.push(item),
                None => break,
            },
        }
    }
    assert_eq!((came, server.targets().len()), (vec![0, 1, 2, 3, 4], 3));
}

#[tokio::test]
async fn a_listing_of_a_hundred_thousand_pages_ends() {
    let page = AtomicU64::new(0);
    let server = Server::new(move |_| match page.fetch_add(1, Ordering::Relaxed) + 1 {
        100_000 => ok(r#"{"items":[1]}"#),
        next => ok(format!(r#"{{"items":[1],"next":"{next}"}}"#)),
    });
    assert_eq!(whole(ByCursor::of(&server.client()).items()).await.len(), 100_000);
}
