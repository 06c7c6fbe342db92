//! Tests of pagination with the generated clients and a server on loopback: the requested pages, the end of a listing,
//! errors, and resuming at a position.
//!
//! The three specs paginate by offset. The tests of the runtime cover other styles and common behaviour.

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use jiff::civil::date;
use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{AuditResourceType, SearchStatus};
use pki_clients::runtime::{ErrorKind, RequestOptions};
use serde_json::{Value, json};

use crate::wire::server::{Response, Server};
use crate::wire::vendor::Vendor;

/// Returns the response with a page of certificates with these common names. `total` is the size of the complete
/// listing.
fn page(total: i64, offset: i64, names: &[&str]) -> Response {
    let items: Vec<_> = names.iter().map(|name| json!({"common_name": name})).collect();
    Response::new(200).json(&json!({"total": total, "offset": offset, "limit": 2, "items": items}))
}

/// Returns three responses: the pages of a listing of five certificates.
fn pages() -> [Response; 3] {
    [page(5, 0, &["a", "b"]), page(5, 2, &["c", "d"]), page(5, 4, &["e"])]
}

fn targets(server: &Server) -> Vec<String> {
    server.sent().into_iter().map(|sent| sent.target).collect()
}

#[tokio::test]
async fn listing_follows_offset_and_total() {
    let server = Server::responding(pages()).await;
    let search = Client::at(&server.url()).certificates().search().status(SearchStatus::Issued).limit(2);

    let (mut items, mut names) = (search.items(), Vec::new());
    while let Some(certificate) = items.try_next().await.unwrap() {
        // A page is fetched only when its first item is requested.
        assert_eq!(server.sent().len(), names.len() / 2 + 1);
        names.push(certificate.common_name.unwrap());
        assert_eq!(items.position().offset(), i64::try_from(names.len()).ok());
    }
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
    // After the total is reached, no fourth page is requested.
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(
        targets(&server),
        [
            "/mpki/api/v1/certificate-search?status=ISSUED&offset=0&limit=2",
            "/mpki/api/v1/certificate-search?status=ISSUED&offset=2&limit=2",
            "/mpki/api/v1/certificate-search?status=ISSUED&offset=4&limit=2",
        ]
    );
}

#[tokio::test]
async fn pages_are_fetched_one_at_a_time_and_know_the_total() {
    let server = Server::responding(pages()).await;
    let mut pages = Client::at(&server.url()).certificates().search().limit(2).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        assert_eq!(page.total, Some(5));
        sizes.push(page.items.len());
        assert_eq!(server.sent().len(), sizes.len());
    }
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn items_and_pages_are_streams() {
    let server = Server::responding(pages()).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    let mut names = Vec::new();
    while let Some(certificate) = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await {
        names.push(certificate.unwrap().common_name.unwrap());
    }
    assert_eq!(names.concat(), "abcde");

    let server = Server::responding([page(1, 0, &["a"])]).await;
    let mut pages = Client::at(&server.url()).certificates().search().pages();
    assert!(poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await.unwrap().is_ok());
    assert!(poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await.is_none());
}

#[tokio::test]
async fn listing_starts_at_requested_offset_without_a_default_limit() {
    let server = Server::responding([page(5, 3, &["d", "e"])]).await;
    let mut items = Client::at(&server.url()).certificates().search().offset(3).items();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(targets(&server), ["/mpki/api/v1/certificate-search?offset=3"]);
}

#[tokio::test]
async fn next_offset_counts_received_items_not_the_requested_limit() {
    // The server returns fewer items than requested, so adding the requested limit to the offset would skip items.
    let server = Server::responding([page(3, 0, &["a", "b"]), page(3, 2, &["c"])]).await;
    let mut items = Client::at(&server.url()).certificates().search().limit(1000).items();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(targets(&server)[1], "/mpki/api/v1/certificate-search?offset=2&limit=1000");
}

#[tokio::test]
async fn empty_page_ends_listing_despite_larger_total() {
    let server = Server::responding([page(5, 0, &["a", "b"]), page(5, 2, &[])]).await;
    let mut items = Client::at(&server.url()).certificates().search().limit(2).items();
    let mut count = 0;
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, server.sent().len()), (2, 2));

    let server = Server::responding([page(0, 0, &[])]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.sent().len(), 1);
}

#[tokio::test]
async fn server_that_ignores_the_offset_is_an_error() {
    let server = Server::responding([page(5, 0, &["a", "b"]), page(5, 0, &["a", "b"])]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_some() && items.try_next().await.unwrap().is_some());
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(error.to_string().contains("ignore the offset"), "{error}");
}

#[tokio::test]
async fn error_ends_listing_and_position_allows_resuming() {
    let refused = Response::new(403).json(&json!({"errors": [{"code": "no_access", "message": "No"}]}));
    let server = Server::responding([page(5, 0, &["a", "b"]), refused]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_some() && items.try_next().await.unwrap().is_some());
    let error = items.try_next().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.operation()), (403, "searchCertificates"));
    assert_eq!(items.position().to_string(), "offset=2");
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.sent().len(), 2);
}

#[tokio::test]
async fn every_page_keeps_the_parameters() {
    let entries = |offset, items: Value| {
        Response::new(200).json(&json!({"total": 2, "offset": offset, "limit": 1, "items": items}))
    };
    let responses = [entries(0, json!([{"id": "1"}])), entries(1, json!([{"id": "2"}]))];

    let server = Server::responding(responses).await;
    let logs = Client::at(&server.url()).reporting().list_audit_logs();
    let types = [AuditResourceType::Enrollment, AuditResourceType::Seat];
    let mut items = logs.resource_type(types).limit(1).options(RequestOptions::new().query("data[a]", "b&c")).items();
    while items.try_next().await.unwrap().is_some() {}
    let query = "resource_type=enrollment&resource_type=seat&data%5Ba%5D=b%26c";
    assert_eq!(
        targets(&server),
        [0, 1].map(|offset| format!("/mpki/api/v1/audit-log?offset={offset}&limit=1&{query}"))
    );

    let responses = [entries(0, json!([{"subject": "CN=1"}])), entries(1, json!([{"subject": "CN=2"}]))];
    let server = Server::responding(responses).await;
    let report = Client::at(&server.url()).reporting().get_enrollment_code_report();
    let mut items = report.create_date(date(2022, 2, 22)).items();
    let mut subjects = Vec::new();
    while let Some(entry) = items.try_next().await.unwrap() {
        subjects.push(entry.subject.unwrap());
    }
    assert_eq!(subjects, ["CN=1", "CN=2"]);
    assert_eq!(
        targets(&server),
        [0, 1].map(|offset| format!("/mpki/api/v1/report/enrollment-code?offset={offset}&create_date=2022-02-22"))
    );
}

#[tokio::test]
async fn listing_resumed_within_a_page_returns_each_item_once() {
    let broken = Response::new(200).body("application/json", r#"{"total": 5, "offset": 2, "limit": 2, "items": [{"#);
    let server =
        Server::responding([page(5, 0, &["a", "b"]), broken, page(5, 2, &["c", "d"]), page(5, 4, &["e"])]).await;
    let client = Client::at(&server.url());
    let search = || client.certificates().search().limit(2);
    let mut names = Vec::new();
    let mut items = search().items();
    let error = loop {
        match items.try_next().await {
            Ok(item) => names.push(item.unwrap().common_name.unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), names.concat().as_str()), (ErrorKind::Decode, "ab"));
    // Store the position as a string, like a program that exits and continues later.
    let kept = items.position().to_string();
    let mut items = search().items_from(kept.parse().unwrap());
    while let Some(item) = items.try_next().await.unwrap() {
        names.push(item.common_name.unwrap());
        if names.len() == 3 {
            // Resume at a position in the middle of a page.
            items = search().items_from(items.position());
            break;
        }
    }
    assert_eq!(items.position().offset(), Some(3));
    assert_eq!(names.concat(), "abc");
}

#[tokio::test]
async fn pages_resume_at_their_position() {
    let server = Server::responding([page(5, 2, &["c", "d"]), page(5, 4, &["e"])]).await;
    let mut pages = Client::at(&server.url()).certificates().search().pages_from("offset=2".parse().unwrap());
    assert_eq!(pages.try_next().await.unwrap().unwrap().items.len(), 2);
    assert_eq!(pages.position().offset(), Some(4));
    assert_eq!(pages.try_next().await.unwrap().unwrap().items.len(), 1);
    assert!(pages.try_next().await.unwrap().is_none());
    let targets = targets(&server);
    assert_eq!(targets, [2, 4].map(|offset| format!("/mpki/api/v1/certificate-search?offset={offset}")));
}

#[tokio::test]
async fn server_that_repeats_a_page_with_a_new_offset_is_an_error() {
    // The second page has the requested offset, but contains the items of the first page.
    let server = Server::responding([page(9, 0, &["a", "b"]), page(9, 2, &["a", "b"])]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_some() && items.try_next().await.unwrap().is_some());
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
    assert_eq!(server.sent().len(), 2);
}

#[tokio::test]
async fn caller_limits_the_number_of_pages() {
    let server = Server::responding([page(9, 0, &["a"])]).await;
    let mut pages = Client::at(&server.url()).certificates().search().pages().max_pages(1);
    assert!(pages.try_next().await.unwrap().is_some());
    let error = pages.try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.operation()), (ErrorKind::Paging, 0, "searchCertificates"));
    assert_eq!(server.sent().len(), 1);
}

#[tokio::test]
async fn listing_ends_where_total_and_items_disagree() {
    // The page is empty, although its total is positive.
    let server = Server::responding([page(5, 0, &[])]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!((server.sent().len(), items.position().offset()), (1, Some(0)));

    // The page has more items than its total.
    let server = Server::responding([page(1, 0, &["a", "b"])]).await;
    let mut items = Client::at(&server.url()).certificates().search().items();
    assert!(items.try_next().await.unwrap().is_some() && items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.sent().len(), 1);

    // Some servers send `null` for an empty array.
    let null = Response::new(200).json(&json!({"total": 0, "offset": 0, "limit": 2, "items": null}));
    let server = Server::responding([null]).await;
    assert!(Client::at(&server.url()).certificates().search().items().try_next().await.unwrap().is_none());
    assert_eq!(server.sent().len(), 1);
}
