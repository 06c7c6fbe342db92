//! Tests of streamed items, with chunks that are split at any position, and over a connection.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::sample::{Client, ErrorBody};
use crate::runtime::streaming::{self, Frame, Framing, decode_items};
use crate::runtime::{
    Body, BoxError, BoxFuture, Call, DecodeError, ErrorKind, Event, EventData, Operation, OperationInfo, RawResponse,
    Streaming, SuccessInfo, Transport, TransportError,
};

macro_rules! operation {
    ($name:ident, $item:ty, $media_type:literal, $framing:ident, $success:ident, $read:expr) => {
        operation!($name, $item, $media_type, $framing, $success, $read, |item: &RawResponse| {
            ErrorBody::from(item.body().clone())
        });
    };
    ($name:ident, $item:ty, $media_type:literal, $framing:ident, $success:ident, $read:expr, $error:expr) => {
        struct $name;

        impl crate::runtime::sealed::Sealed for $name {}

        impl Operation for $name {
            const INFO: &'static OperationInfo = &OperationInfo::new("stream", Method::GET)
                .path("/stream")
                .accept($media_type)
                .success(SuccessInfo::$success(200));
            type Body = ();
            type Output = Vec<$item>;
            type ErrorBody = ErrorBody;

            fn decode(response: &RawResponse) -> Result<Self::Output, DecodeError> {
                decode_items::<Self>(response)
            }

            fn decode_error(response: &RawResponse) -> ErrorBody {
                ErrorBody::from(response.body().clone())
            }

            fn item_error(item: &RawResponse) -> ErrorBody {
                $error(item)
            }
        }

        impl Streaming for $name {
            type Item = $item;

            const MEDIA_TYPE: &'static str = $media_type;

            const FRAMING: Framing = Framing::$framing;

            fn item(frame: Frame) -> Result<$item, DecodeError> {
                $read(frame)
            }
        }
    };
}

pub(super) use operation;

operation!(Chat, Event<EventData<Vec<i64>>>, "text/event-stream", Events, events, streaming::json_event);
operation!(Log, Event<String>, "text/event-stream", Events, events, streaming::text_event);
operation!(Export, Value, "application/x-ndjson", JsonLines, json_lines, streaming::json_line);

/// A transport that responds with these chunks and records the request headers.
#[derive(Clone)]
pub(super) struct Chunks {
    content_type: &'static str,
    chunks: Arc<Vec<Bytes>>,
    /// Whether the body ends after the last chunk. Otherwise it remains pending.
    ends: bool,
    request_headers: Arc<Mutex<Option<HeaderMap>>>,
}

impl Chunks {
    pub(super) fn of(content_type: &'static str, chunks: &[&[u8]]) -> Self {
        let chunks = chunks.iter().map(|chunk| Bytes::copy_from_slice(chunk)).collect();
        Self { content_type, chunks: Arc::new(chunks), ends: true, request_headers: Arc::default() }
    }

    pub(super) async fn items<O: Streaming>(&self) -> Vec<Result<O::Item, ErrorKind>> {
        let client = Client::builder().max_response_bytes(64).transport(self.clone()).build().unwrap();
        let mut items = Call::new::<O>(client.api()).send_items::<O>().await.unwrap();
        let mut all = Vec::new();
        loop {
            match items.try_next().await {
                Ok(None) => return all,
                Ok(Some(item)) => all.push(Ok(item)),
                Err(error) => all.push(Err(error.kind())),
            }
        }
    }
}

impl Transport for Chunks {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        *self.request_headers.lock().unwrap() = Some(request.headers().clone());
        let given = ChunkStream { chunks: self.chunks.iter().cloned().collect(), ends: self.ends };
        let mut response = http::Response::new(Body::stream(given, None));
        response.headers_mut().insert("content-type", self.content_type.parse().unwrap());
        Box::pin(async { Ok(response) })
    }
}

struct ChunkStream {
    chunks: VecDeque<Bytes>,
    ends: bool,
}

impl Stream for ChunkStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.chunks.pop_front() {
            None if !self.ends => Poll::Pending,
            chunk => Poll::Ready(chunk.map(Ok)),
        }
    }
}

pub(super) fn raw_response(content_type: &'static str, body: &[u8]) -> RawResponse {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", content_type.parse().unwrap());
    RawResponse::new(StatusCode::OK, headers, Bytes::copy_from_slice(body))
}

/// A stream of events that uses every rule of the standard, with mixed line endings.
const EVENTS: &[u8] = b"\xEF\xBB\xBF: hello\r\rdata: one\r\ndata:two\ndata:  three\r\n\r\nevent: add\rid: 7\rdata: \xC3\xBC\r\r\
retry: 250\ndata\n\nevent: lost\n\nid: a\0b\nretry: 1x\nother: x\ndata:a:b\n\nid\ndata: \xEF\xBB\xBF\n\ndata: never ended\n";

fn expected() -> Vec<Event<String>> {
    let event = |data: &str| Event::new(data.to_owned());
    let mut all = vec![
        event("one\ntwo\n three"),
        event("\u{fc}").event("add").id("7"),
        event("").id("7"),
        event("a:b").id("7"),
        event("\u{feff}"),
    ];
    all.iter_mut().skip(2).for_each(|event| event.retry = Some(Duration::from_millis(250)));
    all
}

#[tokio::test]
async fn events_are_parsed_by_standard_with_any_chunks() {
    assert_eq!(decode_items::<Log>(&raw_response("text/event-stream", EVENTS)).unwrap(), expected());
    for cut in 0..=EVENTS.len() {
        let (one, other) = EVENTS.split_at(cut);
        let received = Chunks::of("text/event-stream; charset=utf-8", &[one, other]).items::<Log>().await;
        assert_eq!(received.into_iter().map(Result::unwrap).collect::<Vec<_>>(), expected(), "cut at {cut}");
    }
    let bytes: Vec<&[u8]> = EVENTS.chunks(1).collect();
    assert_eq!(Chunks::of("text/event-stream", &bytes).items::<Log>().await.len(), 5);
}

#[tokio::test]
async fn json_data_is_typed_and_invalid_item_does_not_end_stream() {
    let chunks =
        Chunks::of("text/event-stream", &[b"data: [1,\ndata: 2]\n\ndata: [DONE]\n\ndata: {}\n\ndata: [3]\n\n"]);
    let received = chunks.items::<Chat>().await;
    let [Ok(first), Ok(done), Err(ErrorKind::Decode), Ok(last)] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!((first.data.value(), last.data.value()), (Some(&vec![1, 2]), Some(&vec![3])));
    assert_eq!(done.data, EventData::Text("[DONE]".to_owned()));
    let request_headers = chunks.request_headers.lock().unwrap().take().unwrap();
    assert_eq!(request_headers["accept"], "text/event-stream");
}

#[tokio::test]
async fn json_lines_and_sequences_are_parsed_with_any_chunks() {
    for (content_type, body) in [
        ("application/x-ndjson", &b"\xEF\xBB\xBF{\"a\":1}\r\n\n \n[2,\"\xC3\xBC\"]\n3"[..]),
        ("application/json-seq", b"\x1e{\"a\":\n1}\n\x1e[2,\"\xC3\xBC\"]\n\x1e3\n"),
    ] {
        let expected = [json!({"a": 1}), json!([2, "ü"]), json!(3)];
        for cut in 0..=body.len() {
            let (one, other) = body.split_at(cut);
            let received = Chunks::of(content_type, &[one, other]).items::<Export>().await;
            assert_eq!(
                received.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
                expected,
                "{content_type} at {cut}"
            );
        }
    }
}

#[tokio::test]
async fn event_id_is_shared_and_its_length_is_limited() {
    let stream = |length: usize| format!("id: {}\n\n{}", "x".repeat(length), "data\n\n".repeat(2)).into_bytes();
    let events = decode_items::<Log>(&raw_response("text/event-stream", &stream(8192))).unwrap();
    let [first, second] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((first.id.len(), Arc::ptr_eq(&first.id, &second.id)), (8192, true));
    let error = decode_items::<Log>(&raw_response("text/event-stream", &stream(8193))).unwrap_err();
    assert!(error.to_string().contains("an event ID is longer than 8192 bytes"), "{error}");
}

#[tokio::test]
async fn every_field_counts_towards_event_limit() {
    let parts = ["id: 1234567890\n", "event: 1234567890\n", "data: 1234567890\ndata: 1234567890\ndata: 1234567890\n"];
    let within = Chunks::of("text/event-stream", &[parts.concat().as_bytes(), b"\n"]).items::<Log>().await;
    assert!(matches!(within.as_slice(), [Ok(_)]), "{within:?}");
    for part in parts {
        let stream = format!("{}{part}: {:40}\n\ndata\n\n", parts.concat(), "");
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        for chunks in [vec![stream.as_bytes()], bytes] {
            let received = Chunks::of("text/event-stream", &chunks).items::<Log>().await;
            assert!(matches!(received.as_slice(), [Err(ErrorKind::Decode)]), "{part}: {received:?}");
        }
    }
}

/// Returns the number of items that a stream returns before it is pending.
async fn ready_items<O: Streaming>(content_type: &'static str, chunks: &[&[u8]]) -> usize {
    let transport = Chunks { ends: false, ..Chunks::of(content_type, chunks) };
    let client = Client::builder().transport(transport).build().unwrap();
    let mut items = Call::new::<O>(client.api()).send_items::<O>().await.unwrap();
    let mut number = 0;
    while let Poll::Ready(item) = poll_fn(|task| Poll::Ready(Pin::new(&mut items).poll_next(task))).await {
        assert!(item.is_some());
        number += 1;
    }
    number
}

#[tokio::test]
async fn json_sequence_item_is_complete_at_line_end() {
    for (text, expected) in [
        ("{\"a\":[{}]", 0),
        ("{\"a\":\"]}\\\\\\\"{\",\"b\":[{}]}\n", 1),
        ("[{\"a\":[1,\n2]},\n", 0),
        ("[{\"a\":[1,\n2]}]\n", 1),
        ("\"\"\n", 1),
        ("\"[\n", 0),
        ("12", 0),
        ("12\n", 1),
        ("true \r\n", 1),
        ("\n \n", 0),
        ("1 2\n", 0),
        ("1 2\n\u{1e}", 1),
        ("1\n2\n", 2),
        ("[1]\u{1e}[2]\n", 2),
    ] {
        let text = format!("\u{1e}{text}");
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        for chunks in [vec![text.as_bytes()], bytes] {
            let ready = ready_items::<Export>("application/json-seq", &chunks).await;
            assert_eq!(ready, expected, "{text:?} in {} chunks", chunks.len());
        }
    }
}

/// If the incomplete text were parsed again at each line end, this test would take minutes.
#[test]
fn incomplete_item_is_not_parsed_at_each_line() {
    let text = format!("\u{1e}[{}", "0,".repeat(1 << 20)).into_bytes();
    let chunks: Vec<&[u8]> = std::iter::once(text.as_slice()).chain([&b"\n"[..]; 12_000]).collect();
    let (done, is_done) = std::sync::mpsc::channel();
    let transport = Chunks::of("application/json-seq", &chunks);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().transport(transport).build().unwrap();
        done.send(runtime.block_on(async {
            let mut items = Call::new::<Export>(client.api()).send_items::<Export>().await.unwrap();
            items.try_next().await.map_err(|error| error.kind())
        }))
    });
    let received = is_done.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(received, Err(ErrorKind::Decode));
}

#[tokio::test]
async fn endless_item_and_other_media_type_are_errors() {
    let endless = Chunks::of("text/event-stream", &[b"data: 1\n\ndata: ", &[b'x'; 100], b"\n\ndata: 2\n\n"]);
    let received = endless.items::<Log>().await;
    assert!(matches!(received.as_slice(), [Ok(_), Err(ErrorKind::Decode)]), "{received:?}");
    let client = Client::builder().transport(Chunks::of("application/json", &[b"{}"])).build().unwrap();
    let error = Call::new::<Chat>(client.api()).send_items::<Chat>().await.unwrap_err();
    assert!(error.to_string().contains("`application/json` instead of `text/event-stream`"), "{error}");
    assert!(decode_items::<Chat>(&raw_response("application/json", b"{}")).is_err());
}

/// The server writes the last event only after the others have been read.
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn event_is_returned_as_soon_as_it_is_complete() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (read, was_read) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap() > 2 {
            line.clear();
        }
        let mut stream = reader.into_inner();
        stream.set_nodelay(true).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            .unwrap();
        for part in ["data: 1\r", "\n\r\nda", "ta: 2\n\n: still there\n\n"] {
            write!(stream, "{:x}\r\n{part}\r\n", part.len()).unwrap();
            stream.flush().unwrap();
        }
        // The rest is sent only after both events have been read.
        was_read.recv().unwrap();
        stream.write_all(b"9\r\ndata: 3\n\n\r\n0\r\n\r\n").unwrap();
    });
    let client = Client::builder().base_url(url).build().unwrap();
    let mut items = Call::new::<Log>(client.api()).send_items::<Log>().await.unwrap();
    assert_eq!(items.status(), 200);
    assert_eq!(items.try_next().await.unwrap().unwrap().data, "1");
    assert_eq!(items.try_next().await.unwrap().unwrap().data, "2");
    read.send(()).unwrap();
    assert_eq!(items.try_next().await.unwrap().unwrap().data, "3");
    assert!(items.try_next().await.unwrap().is_none());
    server.join().unwrap();
}

#[cfg(feature = "mock")]
#[tokio::test]
async fn mock_replies_with_items() {
    let mock = crate::runtime::mock::Mock::new();
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    let events = vec![Event::new("a\nb".to_owned()).event("add").id("1"), Event::new("c".to_owned()).id("1")];
    mock.on::<Log>().reply(events.clone()).times(2);
    assert_eq!(Call::new::<Log>(client.api()).send::<Log>().await.unwrap().value, events);
    let mut items = Call::new::<Log>(client.api()).send_items::<Log>().await.unwrap();
    assert_eq!(items.try_next().await.unwrap().as_ref(), events.first());
    let typed = vec![Event::new(EventData::Value(vec![1, 2])), Event::new(EventData::Text("[DONE]".to_owned()))];
    mock.on::<Chat>().reply(typed.clone());
    assert_eq!(Call::new::<Chat>(client.api()).send::<Chat>().await.unwrap().value, typed);
    mock.on::<Export>().reply(vec![json!({"a": 1}), json!(null)]);
    let lines = Call::new::<Export>(client.api()).send::<Export>().await.unwrap();
    assert_eq!(lines.body, "{\"a\":1}\nnull\n");
    assert_eq!(lines.value, [json!({"a": 1}), json!(null)]);
}
