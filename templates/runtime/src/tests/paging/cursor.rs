//! Tests of pagination by cursor.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::super::sample::listings::{ByCursor, ByCursorThroughEmptyPages};
use super::{Reply, Server, collect, collect_all, ok};
use crate::runtime::ErrorKind;

/// Creates a server with three pages and the cursors `b+/=` and `c`.
fn pages() -> Server {
    Server::of([
        ("/things?limit=2", r#"{"items":[0,1],"next":"b+/="}"#),
        ("/things?at=b%2B%2F%3D&limit=2", r#"{"items":[2,3],"next":"c"}"#),
        ("/things?at=c&limit=2", r#"{"items":[4],"next":null}"#),
    ])
}

#[tokio::test]
async fn next_page_uses_cursor_of_last_page() {
    let server = pages();
    assert_eq!(collect_all(ByCursor::of(&server.client()).limit(2).items()).await, [0, 1, 2, 3, 4]);
    assert_eq!(server.targets().len(), 3);
}

#[tokio::test]
async fn missing_cursor_or_false_more_ends_listing() {
    for end in [r#""next":null"#, r#""next":"""#, r#""next":" ""#, r#""more":false"#, r#""next":"b","more":false"#] {
        let server = Server::new(move |_| ok(format!(r#"{{"items":[1],{end}}}"#)));
        assert_eq!(collect_all(ByCursor::of(&server.client()).items()).await, [1], "{end}");
        assert_eq!(server.targets().len(), 1);
    }
}

#[tokio::test]
async fn empty_page_ends_listing_and_total_does_not() {
    let server = Server::of([
        ("/things", r#"{"items":[1],"total":1,"next":"b"}"#),
        ("/things?at=b", r#"{"items":[2],"next":"c"}"#),
        ("/things?at=c", r#"{"items":[],"next":"d"}"#),
        ("/things?at=d", r#"{"items":[3]}"#),
    ]);
    let client = server.client();
    assert_eq!(collect_all(ByCursor::of(&client).items()).await, [1, 2]);
    assert_eq!(server.targets().len(), 3);
    // If the spec allows empty pages before the end, an empty page does not end the listing.
    assert_eq!(collect_all(ByCursorThroughEmptyPages::of(&client).items()).await, [1, 2, 3]);
    let mut pages = ByCursorThroughEmptyPages::of(&client).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.items.len());
    }
    assert_eq!(sizes, [1, 1, 1]);
}

#[tokio::test]
async fn repeated_cursor_is_error_after_received_items() {
    // Three cycles: from A to B to A, from A to A, and back to the cursor at which the caller started.
    let circular = Server::of([
        ("/things", r#"{"items":[0],"next":"A"}"#),
        ("/things?at=A", r#"{"items":[1],"next":"B"}"#),
        ("/things?at=B", r#"{"items":[2],"next":"A"}"#),
        ("/things?at=C", r#"{"items":[3],"next":"C"}"#),
    ]);
    let client = circular.client();
    for (mut listing, items) in [
        (ByCursor::of(&client).items(), vec![0, 1, 2]),
        (ByCursor::of(&client).at("B").items(), vec![2, 1]),
        (ByCursor::of(&client).at("C").items(), vec![3]),
        (ByCursor::of(&client).items_from("cursor=C".parse().unwrap()), vec![3]),
    ] {
        let (received, error) = collect(&mut listing).await;
        let error = error.unwrap();
        assert_eq!((received.as_slice(), error.kind()), (items.as_slice(), ErrorKind::Paging));
        assert_eq!(circular.targets().len(), items.len());
        // The position shows that the items of the page before the error have been returned.
        assert!(listing.position().to_string().contains("+1"), "{:?}", listing.position());
        let text = error.to_string();
        assert!(text.ends_with("repeats a cursor, so the listing would never end"), "{text}");
    }
}

#[tokio::test]
async fn more_without_cursor_is_error() {
    let server = Server::new(|_| ok(r#"{"items":[1],"more":true}"#));
    let (items, error) = collect(&mut ByCursor::of(&server.client()).items()).await;
    let error = error.unwrap();
    assert_eq!((items, error.kind()), (vec![1], ErrorKind::Paging));
    assert!(error.to_string().contains("indicates more pages but returns no cursor"), "{error}");
}

#[tokio::test]
async fn items_after_error_are_not_repeated() {
    // The first request for the second page fails.
    let failures = AtomicU64::new(0);
    let good = pages();
    let replies = good.reply.clone();
    let server = Server::new(move |target| {
        let first = target.contains("at=c") && failures.fetch_add(1, Ordering::SeqCst) == 0;
        if first { Reply(500, None, String::new()) } else { replies(target) }
    });
    let client = server.client();
    let mut items = ByCursor::of(&client).limit(2).items();
    let (mut received, error) = collect(&mut items).await;
    assert_eq!((received.len(), error.unwrap().status().unwrap().as_u16()), (4, 500));
    received.extend(collect_all(ByCursor::of(&client).limit(2).items_from(items.position())).await);
    assert_eq!(received, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn listing_resumes_at_any_item() {
    let server = pages();
    let client = server.client();
    let mut texts = Vec::new();
    for taken in 0..=5 {
        let mut items = ByCursor::of(&client).limit(2).items();
        for item in 0..taken {
            assert_eq!(items.try_next().await.unwrap(), Some(item));
        }
        let text = items.position().to_string();
        let rest = collect_all(ByCursor::of(&client).limit(2).items_from(text.parse().unwrap())).await;
        assert_eq!(rest, (taken..5).collect::<Vec<_>>(), "{text}");
        let mut pages = ByCursor::of(&client).limit(2).pages_from(text.parse().unwrap());
        let first = pages.try_next().await.unwrap().map(|page| page.items);
        assert_eq!(first.and_then(|items| items.first().copied()), (taken < 5).then_some(taken), "{text}");
        texts.push(text);
    }
    assert_eq!(texts, ["start", "start+1", "cursor=b+/=", "cursor+1=b+/=", "cursor=c", "cursor+1=c"]);
}

#[tokio::test]
async fn dropped_future_loses_no_page() {
    struct Slow(Server);

    impl crate::runtime::Transport for Slow {
        fn send(
            &self,
            request: http::Request<crate::runtime::Body>,
        ) -> crate::runtime::BoxFuture<
            'static,
            Result<http::Response<crate::runtime::Body>, crate::runtime::TransportError>,
        > {
            let response = self.0.send(request);
            Box::pin(async move {
                tokio::task::yield_now().await;
                response.await
            })
        }
    }

    let server = pages();
    let builder = super::Client::builder().api_key("k").base_url("https://one.example.com");
    let client = builder.transport(Slow(server.clone())).build().unwrap();
    let mut items = ByCursor::of(&client).limit(2).items();
    let mut received = Vec::new();
    loop {
        // The future is polled once and dropped.
        match tokio::time::timeout(Duration::ZERO, items.try_next()).await {
            Err(_) => {}
            Ok(item) => match item.unwrap() {
                Some(item) => received.push(item),
                None => break,
            },
        }
    }
    assert_eq!((received, server.targets().len()), (vec![0, 1, 2, 3, 4], 3));
}

#[tokio::test]
async fn listing_of_20_000_pages_ends() {
    let page = AtomicU64::new(0);
    let server = Server::new(move |_| match page.fetch_add(1, Ordering::Relaxed) + 1 {
        20_000 => ok(r#"{"items":[1]}"#),
        next => ok(format!(r#"{{"items":[1],"next":"{next}"}}"#)),
    });
    assert_eq!(collect_all(ByCursor::of(&server.client()).items()).await.len(), 20_000);
}
