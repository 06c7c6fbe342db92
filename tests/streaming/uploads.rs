//! Tests of the framing of request bodies: with `Content-Length` if the length is known, chunked if it is unknown. A
//! body that is shorter or longer than announced is an error.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use pki_clients::keyfactor_command::{Client, Error};
use pki_clients::runtime::{Body, BoxError, ErrorKind};
use tokio::sync::oneshot;

use super::server::Server;

/// A stream of these blocks. A block that is `None` is returned as an error. The stream is pending before each block,
/// so that the client sends the previous ones.
struct Blocks {
    blocks: std::slice::Iter<'static, Option<&'static str>>,
    waited: bool,
}

impl Blocks {
    fn new(blocks: &'static [Option<&'static str>]) -> Self {
        Self { blocks: blocks.iter(), waited: false }
    }
}

impl Stream for Blocks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.waited = !self.waited;
        if self.waited {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(
            self.blocks.next().copied().map(|block| block.map(Bytes::from).ok_or_else(|| "the tape is torn".into())),
        )
    }
}

async fn put(server: &Server, body: Body) -> Result<Bytes, Error> {
    let client = Client::builder().basic_auth("user", "password").base_url(server.url()).build().unwrap();
    client.request(http::Method::PUT, "/archive").body(body).send().await.map(|response| response.value)
}

/// Starts a server that responds with the request body. If the body is chunked, the response contains the chunks with
/// their sizes, as received.
fn echo() -> Server {
    Server::start(|exchange| {
        let coding = exchange.head.header("transfer-encoding").map(str::to_owned);
        let body = match coding {
            Some(coding) => format!("{coding}: {}", exchange.read_chunks().replace("\r\n", "|")),
            None => format!("{}: {}", exchange.head.length(), String::from_utf8(exchange.read_all()).unwrap()),
        };
        exchange.respond("200 OK", "text/plain", &body);
    })
}

#[tokio::test]
async fn known_length_is_announced() {
    let server = echo();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "abc").unwrap();
    let stream = Body::stream(Blocks::new(&[Some("a"), Some(""), Some("bc"), Some("")]), Some(3));
    for body in [Body::bytes("abc"), Body::file(file.path()), stream] {
        assert_eq!(put(&server, body).await.unwrap(), "3: abc");
    }
    assert_eq!(put(&server, Body::bytes("")).await.unwrap(), "0: ");
    assert_eq!(put(&server, Body::stream(Blocks::new(&[]), Some(0))).await.unwrap(), "0: ");
    std::fs::write(file.path(), "").unwrap();
    assert_eq!(put(&server, Body::file(file.path())).await.unwrap(), "0: ");
    // This body is larger than the blocks that the client sends.
    let large = "x".repeat(1_000_000);
    assert_eq!(put(&server, Body::bytes(large.clone())).await.unwrap(), format!("1000000: {large}"));
}

#[tokio::test]
async fn unknown_length_is_sent_chunked() {
    let server = echo();
    let body = Body::stream(Blocks::new(&[Some("a"), Some("bc")]), None);
    assert_eq!(put(&server, body).await.unwrap(), "chunked: 1|a|2|bc|0||");
}

#[tokio::test]
async fn body_of_wrong_length_is_an_error_and_not_retried() {
    let cases: [(&'static [_], _, _); 6] = [
        (&[Some("a"), Some("b")], Some(3), "ended after 2 of the 3 bytes announced"),
        (&[Some("a"), Some("bcd")], Some(3), "longer than the 3 bytes announced"),
        // In the next two cases, the first block already has the announced length.
        (&[Some("abc"), Some("d")], Some(3), "longer than the 3 bytes announced"),
        (&[Some("abc"), None], Some(3), "the tape is torn"),
        (&[Some("a"), None], Some(3), "the tape is torn"),
        (&[Some("a"), None], None, "the tape is torn"),
    ];
    for (blocks, length, reason) in cases {
        let (tell, report) = oneshot::channel();
        let tell = Mutex::new(Some(tell));
        let server = Server::start(move |exchange| {
            let complete = match exchange.head.header("transfer-encoding") {
                Some(_) => exchange.read_chunks().ends_with("0\r\n\r\n"),
                None => exchange.read_all().len() as u64 == exchange.head.length(),
            };
            tell.lock().unwrap().take().unwrap().send(complete).unwrap();
        });
        let body = Body::replayable_stream(|| Blocks::new(blocks), length);
        let error = put(&server, body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(error.may_have_been_sent() && !error.is_retryable() && error.attempts() == 1, "{error}");
        assert!(!report.await.unwrap(), "the server received a complete body: {reason}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn caller_sets_the_media_type_of_bytes() {
    let server = Server::start(|exchange| {
        let media_type = exchange.head.header("content-type").unwrap().to_owned();
        exchange.respond("200 OK", "text/plain", &media_type);
    });
    let client = Client::builder().basic_auth("user", "password").base_url(server.url()).build().unwrap();
    let request = || client.request(http::Method::PUT, "/archive").body(Body::empty());
    assert_eq!(request().send().await.unwrap().value, "application/octet-stream");
    let request = request().header("content-type", "application/pkcs12");
    assert_eq!(request.send().await.unwrap().value, "application/pkcs12");
}
