//! Tests of content codings: decoding of responses and compression of request bodies.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response};

use super::body::{Chunks, collect};
use super::sample::{Client, ErrorBody};
use crate::runtime::content_coding::accepted;
use crate::runtime::{
    Body, BodyInfo, BoxFuture, Call, DecodeError, ErrorKind, Operation, OperationInfo, ParameterInfo, RawResponse,
    SuccessInfo, Transport, TransportError, decode,
};

/// An operation that sends and returns a string.
struct Echo;

impl crate::runtime::sealed::Sealed for Echo {}

impl Operation for Echo {
    const INFO: &'static OperationInfo = &OperationInfo::new("echo", Method::PUT)
        .path("/echo")
        .parameters(&[ParameterInfo::header("Content-Encoding").of::<String>()])
        .body(BodyInfo::text::<String>("text/plain"))
        .success(SuccessInfo::text(200));
    type Body = String;
    type Output = String;
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<String, DecodeError> {
        decode::text(response)
    }
}

/// A transport that returns one response and records requests.
#[derive(Clone)]
struct Server {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    /// The length of the chunks into which the body is split.
    chunk_size: usize,
    body: Bytes,
    received: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Server {
    fn new(status: u16, coding: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-encoding", coding), ("x-kept", "yes")];
        Self { status, headers, chunk_size: usize::MAX, body: body.into(), received: Arc::default() }
    }

    fn client(&self) -> Client {
        Client::builder().transport(self.clone()).max_response_bytes(1024 * 1024).build().unwrap()
    }

    fn call(&self) -> Call {
        Call::new::<Echo>(self.client().api())
    }
}

impl Transport for Server {
    fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = collect(body).await.map_err(TransportError::MaybeSent)?;
            this.received.lock().unwrap().push(Request::from_parts(parts, body.into()));
            let head = Response::builder().status(this.status).header("content-length", this.body.len());
            let head = this.headers.iter().fold(head, |head, (name, value)| head.header(*name, *value));
            let chunks: Vec<Vec<u8>> = match this.chunk_size {
                usize::MAX => vec![this.body.to_vec()],
                length => this.body.chunks(length).map(<[u8]>::to_vec).collect(),
            };
            Ok(head.body(Body::stream(Chunks::new(chunks), Some(this.body.len() as u64))).unwrap())
        })
    }
}

const TEXT: &str = r#"{"items":[],"total":7}"#;

#[cfg(feature = "gzip")]
fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[cfg(feature = "gzip")]
fn deflated(text: &[u8], has_header: bool) -> Vec<u8> {
    let mut compressed = Vec::with_capacity(1024);
    let mut encoder = flate2::Compress::new(flate2::Compression::default(), has_header);
    encoder.compress_vec(text, &mut compressed, flate2::FlushCompress::Finish).unwrap();
    compressed
}

/// `TEXT`, compressed with brotli by Node.js.
#[cfg(feature = "brotli")]
const BROTLI: &[u8] =
    b"\x8b\x0a\x80\x7b\x22\x69\x74\x65\x6d\x73\x22\x3a\x5b\x5d\x2c\x22\x74\x6f\x74\x61\x6c\x22\x3a\x37\x7d\x03";

/// `TEXT` with a checksum, compressed by the program `zstd`.
#[cfg(feature = "zstd")]
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x58\xb1\x00\x00\x7b\x22\x69\x74\x65\x6d\x73\x22\x3a\x5b\x5d\x2c\x22\x74\x6f\x74\x61\x6c\x22\x3a\x37\x7d\xb1\x5b\xae\xff";

/// Returns `TEXT` in each coding.
fn encoded() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        #[cfg(feature = "gzip")]
        ("gzip", gzip(TEXT.as_bytes())),
        #[cfg(feature = "gzip")]
        ("X-GZIP", [gzip(&TEXT.as_bytes()[..5]), gzip(&TEXT.as_bytes()[5..])].concat()),
        #[cfg(feature = "gzip")]
        ("deflate", deflated(TEXT.as_bytes(), true)),
        #[cfg(feature = "gzip")]
        ("deflate", deflated(TEXT.as_bytes(), false)),
        #[cfg(feature = "brotli")]
        ("br", BROTLI.to_vec()),
        #[cfg(feature = "zstd")]
        ("zstd", ZSTD.to_vec()),
        // A skippable frame may precede other frames (RFC 8878, section 3.1.2).
        #[cfg(feature = "zstd")]
        ("zstd", [b"\x50\x2A\x4D\x18\x03\x00\x00\x00abc", ZSTD].concat()),
        #[cfg(all(feature = "gzip", feature = "brotli"))]
        ("br, gzip", gzip(BROTLI)),
        ("identity", TEXT.into()),
    ]
}

#[tokio::test]
async fn response_is_decoded_with_any_chunk_size() {
    for (coding, body) in encoded() {
        for chunk_size in [1, 2, 3, 7, usize::MAX] {
            let mut server = Server::new(200, coding, body.clone());
            server.chunk_size = chunk_size;
            let response = server.call().send::<Echo>().await.unwrap();
            assert_eq!((&response.value[..], &response.body[..]), (TEXT, TEXT.as_bytes()), "{coding} {chunk_size}");
            assert!(!response.headers.contains_key("content-encoding") && response.headers.contains_key("x-kept"));
            assert_eq!(response.headers.contains_key("content-length"), coding == "identity");

            let mut streamed = server.call().send_streamed::<Echo>().await.unwrap();
            assert_eq!(streamed.length().is_some(), coding == "identity");
            let mut content = Vec::new();
            while let Some(chunk) = streamed.next().await {
                content.extend_from_slice(&chunk.unwrap());
            }
            assert_eq!(content, TEXT.as_bytes(), "{coding} {chunk_size}");
        }
        let error = Server::new(404, coding, body.clone()).call().send::<Echo>().await.unwrap_err();
        assert_eq!((error.kind(), &error.raw_body().unwrap()[..]), (ErrorKind::Status, TEXT.as_bytes()));
    }
}

#[tokio::test]
async fn truncated_body_is_transport_error() {
    for (coding, body) in encoded().into_iter().filter(|(coding, _)| *coding != "identity") {
        let error = Server::new(200, coding, body[..body.len() - 1].to_vec()).call().send::<Echo>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{coding}: {error}");
        assert!(error.to_string().contains("the body ended before the end of its"), "{error}");
    }
}

#[tokio::test]
async fn body_invalid_in_its_coding_is_decode_error() {
    for (coding, body) in encoded().into_iter().filter(|(coding, _)| *coding != "identity") {
        let mut longer = body.clone();
        longer.extend(b"what is this?");
        for wrong in [TEXT.as_bytes().to_vec(), longer] {
            let error = Server::new(200, coding, wrong).call().send::<Echo>().await.unwrap_err();
            let text = error.to_string();
            assert!(error.kind() == ErrorKind::Decode && text.contains("the body is not valid"), "{coding}: {error}");
            assert!(!error.is_retryable());
        }
    }
    #[cfg(feature = "zstd")]
    {
        let mut wrong = ZSTD.to_vec();
        *wrong.last_mut().unwrap() ^= 1;
        let error = Server::new(200, "zstd", wrong).call().send::<Echo>().await.unwrap_err();
        assert!(error.to_string().contains("the checksum does not match"), "{error}");
    }
}

#[tokio::test]
async fn unknown_coding_is_named_in_error() {
    let error = Server::new(200, "lzma", "x").call().send::<Echo>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("the response body cannot be decoded: the content coding `lzma`"), "{error}");
    let error = Server::new(200, "lzma", "x").call().send_streamed::<Echo>().await.unwrap_err();
    assert!(error.to_string().contains("`lzma`"), "{error}");
    // If the status is an error, the call fails with this status, and the error contains the encoded body.
    let error = Server::new(503, "lzma", "x").call().send::<Echo>().await.unwrap_err();
    assert_eq!((error.kind(), &error.raw_body().unwrap()[..]), (ErrorKind::Status, &b"x"[..]));
    assert!(error.to_string().contains("<1 bytes in the content coding lzma>"), "{error}");
    let error = Server::new(200, "gzip, gzip, gzip, gzip", "x").call().send::<Echo>().await.unwrap_err();
    assert!(error.to_string().contains("more than 3 content codings"), "{error}");
}

#[tokio::test]
async fn empty_or_partial_content_is_not_decoded() {
    for status in [200, 204] {
        let response = Server::new(status, "gzip", "").call().send::<Echo>().await.unwrap();
        assert_eq!(response.value, "");
    }
    // A 206 response contains a range of the encoded bytes. The caller assembles the ranges before decoding.
    let response = Server::new(206, "gzip", "part").call().send::<Echo>().await.unwrap();
    assert_eq!(
        (&response.value[..], response.headers.get("content-encoding").map(|value| value.as_bytes())),
        ("part", Some(&b"gzip"[..]))
    );
}

#[tokio::test]
async fn response_limit_counts_decoded_bytes() {
    let bombs: Vec<(&str, Vec<u8>)> = vec![
        #[cfg(feature = "gzip")]
        ("gzip", gzip(&vec![b' '; 64 * 1024 * 1024])),
        #[cfg(feature = "gzip")]
        ("gzip, gzip", gzip(&gzip(&vec![b' '; 64 * 1024 * 1024]))),
        #[cfg(feature = "brotli")]
        ("br", BROTLI_BOMB.to_vec()),
        #[cfg(feature = "zstd")]
        (
            "zstd",
            ruzstd::encoding::compress_to_vec(
                &vec![b' '; 64 * 1024 * 1024][..],
                ruzstd::encoding::CompressionLevel::Fastest,
            ),
        ),
    ];
    for (coding, bomb) in bombs {
        assert!(bomb.len() < 100_000);
        let error = Server::new(200, coding, bomb.clone()).call().send::<Echo>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{coding}: {error}");
        let error = Server::new(500, coding, bomb).call().send::<Echo>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status, "{coding}: {error}");
        assert!(error.raw_body().unwrap().len() <= 1024 * 1024);
    }
}

/// 100 MiB of spaces, compressed with brotli by Node.js.
#[cfg(feature = "brotli")]
const BROTLI_BOMB: &[u8] = b"\
    \xcb\xff\xff\x3f\xf8\x25\x40\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\x11\x80\xee\xfd\
    \x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\x01\x10\x87\x05\x00\xba\xf7\
    \x7f\xfc\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\xff\xf8\xff\xff\x07\xbf\x04\x40\x1c\x16\x00\xe8\xde\
    \xff\xf1\xff\xff\x0f\x7e\x09\x80\x38\x2c\x00\xd0\xbd\xff\xe3\xff\xff\x1f\xfc\x12\x00\x71\x58\x00\xa0\x7b\
    \xff\xc7\xff\xff\x3f\xf8\x25\x00\xe2\xb0\x00\x40\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\x01\x80\xee\
    \xfd\x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\x01\x10\x87\x05\x00\xba\
    \xf7\x7f\xf9\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\x7f\x00";

#[test]
fn range_and_head_requests_accept_only_identity() {
    let headers = |name: Option<&'static str>| {
        http::HeaderMap::from_iter(name.map(|name| (name.parse().unwrap(), "bytes=5-".parse().unwrap())))
    };
    assert_eq!(accepted(&Method::GET, &headers(Some("range"))), "identity");
    assert_eq!(accepted(&Method::HEAD, &headers(None)), "identity");
    let all = accepted(&Method::GET, &headers(None));
    #[cfg(all(feature = "gzip", feature = "brotli", feature = "zstd"))]
    assert_eq!(all, "zstd, br, gzip, deflate");
    assert!(!all.is_empty());
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn content_encoding_parameter_compresses_body() {
    use std::io::Read;
    let server = Server::new(200, "identity", TEXT);
    let send = |coding: &'static str, fill: fn(&mut Call)| {
        let mut call = server.call();
        call.set(0, &coding);
        fill(&mut call);
        let received = server.received.clone();
        async move {
            call.send::<Echo>().await.map_err(|error| error.to_string())?;
            Ok::<_, String>(received.lock().unwrap().pop().unwrap())
        }
    };
    fn coding(request: &Request<Bytes>) -> &str {
        request.headers()["content-encoding"].to_str().unwrap()
    }
    let read = |request: &Request<Bytes>| {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&request.body()[..]).read_to_string(&mut text).unwrap();
        text
    };
    let request = send("gzip", |call| call.text("hello")).await.unwrap();
    assert_eq!((coding(&request), &read(&request)[..]), ("gzip", "hello"));
    assert_eq!(request.headers()["content-length"], request.body().len().to_string());
    // A stream is compressed while it is being sent, so the length of the body is not known in advance.
    let request = send("gzip", |call| call.body(Body::stream(Chunks::new(["hel", "lo"]), Some(5)))).await.unwrap();
    assert_eq!((request.headers().contains_key("content-length"), &read(&request)[..]), (false, "hello"));
    let request = send("identity", |call| call.text("hello")).await.unwrap();
    assert_eq!(&request.body()[..], b"hello");
    let error = send("br", |call| call.text("hello")).await.unwrap_err();
    assert!(error.contains("`br`") && error.contains("nothing was sent"), "{error}");
    // The caller sets `Content-Encoding` and compresses the body itself, so the client sends it unchanged.
    let request = send("gzip", |call| {
        call.options(crate::runtime::RequestOptions::new().header("Content-Encoding", "br"));
        call.text("raw");
    });
    let request = request.await.unwrap();
    assert_eq!((coding(&request), &request.body()[..]), ("br", &b"raw"[..]));
}
