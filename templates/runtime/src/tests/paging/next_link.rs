//! Tests of pagination by next link.

use http::HeaderMap;
use http::header::{HeaderValue, LINK};

use super::super::sample::listings::{ByLink, ByLinkHeader, ByLinkWithKeyInQuery};
use super::{Reply, Server, collect, collect_all, ok};
use crate::runtime::ErrorKind;
use crate::runtime::paging::next_link;

/// Requests a listing whose first page contains this next link. Returns the URL of the request for the second page, or
/// the error. `base` is the base URL of the client.
async fn followed(base: &str, link: &'static str) -> Result<String, String> {
    let server = Server::new(move |target| {
        let first = target.ends_with("/things?limit=2");
        ok(if first { format!(r#"{{"items":[1],"next":{link:?}}}"#) } else { r#"{"items":[2]}"#.to_owned() })
    });
    let client = server.client_at(base);
    let (items, error) = collect(&mut ByLink::of(&client).limit(2).items()).await;
    let requests = server.requests();
    match error {
        None => {
            assert_eq!((items.as_slice(), requests.len()), ([1, 2].as_slice(), 2));
            // The request for the second page contains the headers and credentials of the operation too.
            assert_eq!(requests[1].headers()["x-api-key"], "key");
            assert_eq!(requests[1].headers()["accept"], "application/json");
            Ok(requests[1].uri().to_string())
        }
        Some(error) => {
            // The items of the first page are returned, and no second request is sent.
            assert_eq!((items.as_slice(), requests.len(), error.kind()), ([1].as_slice(), 1, ErrorKind::Paging));
            Err(error.to_string().rsplit_once(": the ").unwrap().1.to_owned())
        }
    }
}

#[tokio::test]
async fn link_is_resolved_against_request_and_sent_unchanged() {
    let (base, root) = ("https://one.example.com/api/v1/", "https://one.example.com");
    for (link, target) in [
        ("https://one.example.com/api/v1/things?page=2", "/api/v1/things?page=2"),
        // Links with the default port of the scheme, in another case, and outside of the base path.
        ("https://one.example.com:443/api/v1/things?page=2", "/api/v1/things?page=2"),
        ("HTTPS://ONE.example.COM/elsewhere", "/elsewhere"),
        ("//one.example.com/a", "/a"),
        ("/api/v2/things?page=2", "/api/v2/things?page=2"),
        ("?page=2", "/api/v1/things?page=2"),
        ("things?page=2", "/api/v1/things?page=2"),
        ("../v2?x", "/api/v2?x"),
        (" /a ", "/a"),
        // Percent-encoding is preserved and not applied again.
        ("/a%2Fb/%7Ec?q=%2B+%20&r=a%3Db&%C3%BC=;", "/a%2Fb/%7Ec?q=%2B+%20&r=a%3Db&%C3%BC=;"),
        ("/a?b=c d\u{fc}", "/a?b=c%20d%C3%BC"),
        // Fragments and user information are not sent.
        ("/a?b#c", "/a?b"),
        ("https://user:pw@one.example.com/a", "/a"),
        ("/a//b", "/a//b"),
    ] {
        assert_eq!(followed(base, link).await, Ok(format!("{root}{target}")), "{link}");
    }
    assert_eq!(followed("http://127.0.0.1:8080", "http://127.0.0.1:8080/x").await.unwrap(), "http://127.0.0.1:8080/x");
    assert_eq!(followed("http://[::1]", "http://[0:0::1]:80/x").await.unwrap(), "http://[::1]/x");
}

#[tokio::test]
async fn link_to_other_origin_is_error() {
    for (link, origin) in [
        ("https://evil.example.com/api/v1/things", "https://evil.example.com"),
        ("https://one.example.com.evil.com/", "https://one.example.com.evil.com"),
        ("https://one.example.com@evil.com/", "https://evil.com"),
        ("https://one.example.com:444/", "https://one.example.com:444"),
        ("http://one.example.com/", "http://one.example.com"),
        ("http://one.example.com:443/", "http://one.example.com:443"),
        ("//evil.com/", "https://evil.com"),
        ("\\\\evil.com/", "https://evil.com"),
        ("file:///etc/passwd", "file://"),
        ("javascript:alert(1)", "javascript://"),
    ] {
        let error = followed("https://one.example.com/api", link).await.unwrap_err();
        assert_eq!(
            error,
            format!("next link is not followed, because it leads to another origin: `{origin}`"),
            "{link}"
        );
    }
    let error = followed("https://one.example.com", "https://").await.unwrap_err();
    assert!(error.starts_with("next link cannot be read"), "{error}");
}

#[tokio::test]
async fn repeated_link_is_error() {
    let circular = |link: &'static str| {
        Server::new(move |target| match target {
            "/things?limit=2" => ok(format!(r#"{{"items":[1],"next":"{link}"}}"#)),
            _ => ok(r#"{"items":[2],"next":"/things?limit=2"}"#),
        })
    };
    for (link, count) in [("/things?limit=2", 1), ("?limit=2#again", 1), ("", 1), ("/things?page=2", 2)] {
        let server = circular(link);
        let (items, error) = collect(&mut ByLink::of(&server.client()).limit(2).items()).await;
        assert_eq!((items.len(), server.targets().len()), (count, count), "{link}");
        // Without a next link, the listing ends without an error.
        assert_eq!(error.is_none(), link.is_empty(), "{link}");
        if let Some(error) = error {
            assert_eq!(error.kind(), ErrorKind::Paging);
            assert!(error.to_string().contains("the server repeats a next link"), "{error}");
        }
    }
}

#[tokio::test]
async fn listing_resumes_at_link() {
    let server = Server::of([
        ("/v1/things", r#"{"items":[0,1],"next":"?page=2&x=%2F"}"#),
        ("/v1/things?page=2&x=%2F", r#"{"items":[2,3]}"#),
    ]);
    let client = server.client_at("https://one.example.com/v1");
    let mut texts = Vec::new();
    for taken in 0..=4 {
        let mut items = ByLink::of(&client).items();
        for item in 0..taken {
            assert_eq!(items.try_next().await.unwrap(), Some(item));
        }
        let text = items.position().to_string();
        let rest = collect_all(ByLink::of(&client).items_from(text.parse().unwrap())).await;
        assert_eq!(rest, (taken..4).collect::<Vec<_>>(), "{text}");
        texts.push(text);
    }
    let at = |taken: &str| format!("link{taken}=/v1/things?page=2&x=%2F");
    assert_eq!(texts, ["start".to_owned(), "start+1".to_owned(), at(""), at("+1"), at("+2")]);
}

#[tokio::test]
async fn stored_link_stays_at_server_of_client() {
    let server = Server::new(|_| ok(r#"{"items":[]}"#));
    let client = server.client();
    for text in ["link=//evil.com/x", "link=/\\evil.com", "link=/@evil.com"] {
        let _ = collect(&mut ByLink::of(&client).items_from(text.parse().unwrap())).await;
    }
    let requests = server.requests();
    assert!(!requests.is_empty());
    assert!(requests.iter().all(|request| request.uri().host() == Some("one.example.com")), "{requests:?}");
}

#[tokio::test]
async fn query_credential_is_sent_once_and_not_stored() {
    // Like many servers, this server repeats the complete query in the next link.
    let server = Server::new(|target| match target.contains("page=2") {
        false => ok(r#"{"items":[1],"next":"/things?page=2&key=s%25%26t&k%65y=s&limit=2"}"#),
        true => ok(r#"{"items":[2],"next":"/things?key=s%25%26t"}"#),
    });
    let client = server.client();
    let mut items = ByLinkWithKeyInQuery::of(&client).items();
    assert_eq!(items.try_next().await.unwrap(), Some(1));
    assert_eq!(items.position().to_string(), "link=/things?page=2&limit=2");
    let (rest, error) = collect(&mut items).await;
    assert_eq!(rest, [2]);
    assert_eq!(server.targets(), ["/things?key=s%25%26t", "/things?page=2&limit=2&key=s%25%26t"]);
    // The next link of the second page leads back to the first page. Links are compared without the credential.
    assert!(error.unwrap().to_string().contains("repeats a"));
}

#[tokio::test]
async fn link_header_is_followed() {
    let server = Server::new(|target| match target {
        "/things" => Reply(
            200,
            Some(r#"<?page=1>; rel="first prev", </things?page=2>; rel=next"#.into()),
            r#"{"items":[1]}"#.into(),
        ),
        _ => ok(r#"{"items":[2]}"#),
    });
    assert_eq!(collect_all(ByLinkHeader::of(&server.client()).items()).await, [1, 2]);
    assert_eq!(server.targets(), ["/things", "/things?page=2"]);
}

#[test]
fn link_header_is_parsed_by_rfc_8288() {
    let next = |values: &[&str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, HeaderValue::from_str(value).unwrap());
        }
        next_link(&headers)
    };
    for with_next in [
        r#"<x>; rel="next""#,
        r#"<x>;rel=next"#,
        r#"< x > ; REL = "NEXT""#,
        r#"<y>; rel="prev", <x>; rel="next""#,
        r#"<y>; rel=prev,<x>; rel=next; rel=prev"#,
        r#"<y,;>; title="a, <z>; rel=\"next\""; rel=first, <x>; rel="last  next""#,
        r#"<y>; rel="next"; anchor="/other", <x>; rel=next"#,
        r#", ,<x>; type="text/html" ; rel=next;"#,
        r#"<y>; rel, <x>; rel=next"#,
    ] {
        assert_eq!(next(&[with_next]).as_deref(), Some("x"), "{with_next}");
    }
    assert_eq!(next(&["<y>; rel=prev", "<x>; rel=next"]).as_deref(), Some("x"));
    for without_next in [
        "",
        "x",
        "<x>",
        "<x; rel=next",
        r#"<x>; rel="prev""#,
        "<x>; rel=nextish",
        "<x>; title=next",
        "<x> rel=next",
        r#"<x>; rel=prev; rel=next"#,
        r#"<x>; rel="next"#.trim_end_matches("next"),
    ] {
        assert_eq!(next(&[without_next]), None, "{without_next}");
    }
    assert_eq!(next(&[]), None);
}
