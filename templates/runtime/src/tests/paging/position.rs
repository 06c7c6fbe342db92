//! Positions as text, and in the wrong place.

use super::super::sample::listings::{ByCursor, ByLink, ByOffset, ByPage};
use super::{Server, all, ok};
use crate::runtime::{ErrorKind, Position};

#[test]
fn a_position_is_read_as_it_was_written() {
    for text in [
        "start",
        "start+3",
        "offset=0",
        "offset=9223372036854775807",
        "page=7",
        "page+3=7",
        "page+3=7/120",
        "cursor=a",
        "cursor+3==b=+c/ü ",
        "link=/things?page=2&x=%2F+y",
        "link+1=//a/b",
    ] {
        let position: Position = text.parse().unwrap();
        assert_eq!(position.to_string(), text);
    }
    // Items behind an offset are an offset.
    assert_eq!("offset+3=4".parse::<Position>().unwrap().to_string(), "offset=7");
}

#[test]
fn what_is_no_position_is_refused() {
    for text in [
        "",
        "7",
        "offset",
        "offset=",
        "offset=x",
        "offset=9223372036854775808",
        "page=1/",
        "page+=1",
        "page+-1=1",
        "cursor=",
        "link=",
        "link=https://elsewhere.example/x",
        "link=x",
        "start=1",
        "elsewhere=1",
    ] {
        let error = text.parse::<Position>().unwrap_err();
        assert!(error.to_string().starts_with("no position of a listing: "), "{error}");
    }
}

#[test]
fn debug_shows_no_cursor_and_no_link() {
    let debug = |text: &str| format!("{:?}", text.parse::<Position>().unwrap());
    assert_eq!(debug("page+3=7"), "Position(page+3=7)");
    assert_eq!(debug("cursor+3=secret"), r#"Position { at: "cursor", taken: 3, .. }"#);
    assert_eq!(debug("link=/x?token=secret"), r#"Position { at: "next link", taken: 0, .. }"#);
}

#[tokio::test]
async fn a_position_of_another_kind_of_listing_is_an_error_before_anything_is_sent() {
    let server = Server::new(|_| ok(r#"{"items":[]}"#));
    let client = server.client();
    let position = |text: &str| text.parse::<Position>().unwrap();
    let errors = [
        all(&mut ByOffset::of(&client).items_from(position("page=2"))).await,
        all(&mut ByPage::of(&client).items_from(position("offset=2"))).await,
        all(&mut ByCursor::of(&client).items_from(position("link=/x"))).await,
        all(&mut ByLink::of(&client).items_from(position("cursor=secret"))).await,
    ];
    for (items, error) in errors {
        let error = error.unwrap();
        assert_eq!((items.len(), error.kind(), error.may_have_been_sent()), (0, ErrorKind::Request, false));
        assert!(error.to_string().contains("the position is of a listing by "), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(server.targets().is_empty());
    // The beginning is in all of them.
    assert!(all(&mut ByOffset::of(&client).items_from(position("start"))).await.1.is_none());
    assert_eq!(server.targets(), ["/things?at=0"]);
}
