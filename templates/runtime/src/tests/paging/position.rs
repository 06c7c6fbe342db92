//! Tests of positions in a listing: parsing, formatting, and use with another style of pagination.

use super::super::sample::listings::{ByCursor, ByLink, ByOffset, ByPage};
use super::{Server, collect, ok};
use crate::runtime::{ErrorKind, Position};

#[test]
fn position_round_trips_as_text() {
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
    // The number of items after the offset, here 3, is added to the offset.
    assert_eq!("offset+3=4".parse::<Position>().unwrap().to_string(), "offset=7");
}

#[test]
fn invalid_position_is_rejected() {
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
        assert!(error.to_string().starts_with("invalid position in paginated results: "), "{error}");
    }
}

#[test]
fn debug_hides_cursor_and_link() {
    let debug = |text: &str| format!("{:?}", text.parse::<Position>().unwrap());
    assert_eq!(debug("page+3=7"), "Position(page+3=7)");
    assert_eq!(debug("cursor+3=secret"), r#"Position { at: "cursor", taken: 3, .. }"#);
    assert_eq!(debug("link=/x?token=secret"), r#"Position { at: "next link", taken: 0, .. }"#);
}

#[tokio::test]
async fn position_of_other_pagination_style_fails_before_sending() {
    let server = Server::new(|_| ok(r#"{"items":[]}"#));
    let client = server.client();
    let position = |text: &str| text.parse::<Position>().unwrap();
    let errors = [
        collect(&mut ByOffset::of(&client).items_from(position("page=2"))).await,
        collect(&mut ByPage::of(&client).items_from(position("offset=2"))).await,
        collect(&mut ByCursor::of(&client).items_from(position("link=/x"))).await,
        collect(&mut ByLink::of(&client).items_from(position("cursor=secret"))).await,
    ];
    for (items, error) in errors {
        let error = error.unwrap();
        assert_eq!((items.len(), error.kind(), error.may_have_been_sent()), (0, ErrorKind::Request, false));
        assert!(error.to_string().contains("the position is for a listing paged by "), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(server.targets().is_empty());
    // The position `start` is valid for every style of pagination.
    assert!(collect(&mut ByOffset::of(&client).items_from(position("start"))).await.1.is_none());
    assert_eq!(server.targets(), ["/things?at=0"]);
}
