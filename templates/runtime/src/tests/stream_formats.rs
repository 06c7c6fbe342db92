//! Tests of streams of multipart parts and of gRPC gateways, of events by type, and of JSON Lines in requests.

use bytes::Bytes;
use http::Method;

use super::sample::models::ErrorEnvelope;
use super::sample::{Client, ErrorBody};
use super::streaming::{Chunks, operation, raw_response};
use crate::runtime::streaming::{self, Frame, Framing, decode_items};
use crate::runtime::{
    Call, DecodeError, ErrorKind, Event, Operation, OperationInfo, RawResponse, ReceivedPart, Streaming, SuccessInfo,
};

/// The data of an event, by the type of the event.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(any(feature = "cli", feature = "mock"), derive(serde::Serialize), serde(untagged))]
enum ByType {
    Numbers(Vec<i64>),
    Note(String),
    Other(String),
}

fn by_type(frame: Frame) -> Result<Event<ByType>, DecodeError> {
    match frame.event.as_str() {
        "numbers" => streaming::json_event_of(frame, ByType::Numbers, ByType::Other),
        "note" => streaming::text_event_of(frame, ByType::Note),
        _ => streaming::text_event_of(frame, ByType::Other),
    }
}

operation!(Typed, Event<ByType>, "text/event-stream", Events, events, by_type);
operation!(Texts, ReceivedPart<String>, "multipart/mixed", Parts, parts, streaming::text_part);
operation!(Values, ReceivedPart<Vec<i64>>, "multipart/mixed", Parts, parts, streaming::json_part);
operation!(Blobs, ReceivedPart<Bytes>, "multipart/mixed", Parts, parts, streaming::bytes_part);
operation!(Results, Vec<i64>, "application/json", JsonLines, results, streaming::result, |item: &RawResponse| {
    streaming::result_error(item, ErrorBody::ErrorEnvelope)
});

#[tokio::test]
async fn event_type_selects_type_of_data() {
    let chunks = Chunks::of(
        "text/event-stream",
        &[b"event: numbers\ndata: [1]\n\nevent: note\ndata: [1]\n\ndata: [1]\n\nevent: numbers\ndata: x\n\nevent: numbers\ndata: {}\n\n"],
    );
    let received = chunks.items::<Typed>().await;
    let data: Vec<_> = received.into_iter().map(|event| event.map(|event| event.data)).collect();
    let expected = [
        Ok(ByType::Numbers(vec![1])),
        Ok(ByType::Note("[1]".to_owned())),
        Ok(ByType::Other("[1]".to_owned())),
        Ok(ByType::Other("x".to_owned())),
        Err(ErrorKind::Decode),
    ];
    assert_eq!(data, expected);
}

const TEXTS: &[u8] = b"preamble\r\n--a b\r\nContent-Type: a/b;charset=latin1\r\nX-N: 1\r\n\r\n\xFCber\r\n\
--a bc\r\n\r\n--a b \t\r\n\r\n\r\n--a b\r\n\r\n--a b\n\nlast\n--a b--\r\nepilogue\r\n--a b\r\n";

#[tokio::test]
async fn parts_are_split_with_any_chunks() {
    let content_type = "multipart/mixed; charset=utf-8; boundary=\"a b\"";
    let expected = ["\u{fc}ber\r\n--a bc\r\n", "", "", "last"];
    let check = |parts: Vec<ReceivedPart<String>>, at: usize| {
        let contents: Vec<&str> = parts.iter().map(|part| part.content.as_str()).collect();
        assert_eq!(contents, expected, "cut at {at}");
        assert_eq!(parts.first().unwrap().headers["x-n"], "1");
    };
    check(decode_items::<Texts>(&raw_response(content_type, TEXTS)).unwrap(), 0);
    for cut in 0..=TEXTS.len() {
        let (one, other) = TEXTS.split_at(cut);
        let received = Chunks::of(content_type, &[one, other]).items::<Texts>().await;
        check(received.into_iter().map(Result::unwrap).collect(), cut);
    }
    let bytes: Vec<&[u8]> = TEXTS.chunks(1).collect();
    check(Chunks::of(content_type, &bytes).items::<Texts>().await.into_iter().map(Result::unwrap).collect(), 1);
}

#[tokio::test]
async fn part_has_typed_content() {
    let parts =
        b"--x\r\nContent-Type: application/json\r\n\r\n[1, 2]\r\n--x\r\n\r\n{}\r\n--x\r\n: 1\r\n\r\n[]\r\n--x--";
    let content_type = "multipart/mixed;boundary=x";
    let received = Chunks::of(content_type, &[parts]).items::<Values>().await;
    let [Ok(first), Err(ErrorKind::Decode), Err(ErrorKind::Decode)] = received.as_slice() else {
        panic!("{received:?}")
    };
    assert_eq!(first.content, [1, 2]);
    let received = Chunks::of(content_type, &[b"--x\n\n\x00\r\r\n--x--"]).items::<Blobs>().await;
    assert_eq!(received.first().unwrap().as_ref().unwrap().content, &b"\x00\r"[..]);
}

#[tokio::test]
async fn unfinished_and_endless_part_and_missing_boundary_are_errors() {
    let content_type = "multipart/mixed;boundary=x";
    let unfinished = Chunks::of(content_type, &[b"--x\r\n\r\na\r\n--x\r\n\r\nb\r\n--"]).items::<Texts>().await;
    assert!(matches!(unfinished.as_slice(), [Ok(_), Err(ErrorKind::Decode)]), "{unfinished:?}");
    let endless: Vec<&[u8]> = std::iter::once(&b"--x\r\n\r\n"[..]).chain([&b"yyyyyyyyyy"[..]; 100]).collect();
    let endless = Chunks::of(content_type, &endless).items::<Texts>().await;
    assert!(matches!(endless.as_slice(), [Err(ErrorKind::Decode)]), "{endless:?}");
    // Text before the first part is discarded as it arrives.
    let preamble: Vec<&[u8]> =
        [&b"yyyyyyyyyy"[..]; 100].into_iter().chain([&b"\r\n--x\r\n\r\na\r\n--x--"[..]]).collect();
    let received = Chunks::of(content_type, &preamble).items::<Texts>().await;
    assert!(matches!(received.as_slice(), [Ok(part)] if part.content == "a"), "{received:?}");
    for other in ["multipart/mixed", "text/html;boundary=x"] {
        let error = decode_items::<Texts>(&raw_response(other, TEXTS)).unwrap_err();
        assert!(error.to_string().contains(&format!("has the type `{other}` instead of `multipart/")), "{error}");
    }
}

#[tokio::test]
async fn reported_error_ends_results() {
    let body = b"{\"result\":[1]}\n{\"result\":{}}\n{\"error\":{\"error\":\"gone\"}}\n{\"result\":[2]}\n";
    let client = Client::builder().transport(Chunks::of("application/json", &[body])).build().unwrap();
    let mut items = Call::new::<Results>(client.api()).send_items::<Results>().await.unwrap();
    assert_eq!(items.try_next().await.unwrap(), Some(vec![1]));
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Decode);
    let error = items.try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Stream, 200));
    assert!(error.to_string().ends_with("reports an error in the stream: {\"error\":{\"error\":\"gone\"}}"), "{error}");
    assert_eq!(error.into_body(), Some(ErrorBody::ErrorEnvelope(ErrorEnvelope { error: "gone".to_owned() })));
    assert_eq!(items.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn reported_error_fails_complete_response() {
    let send = async |body: &[u8]| {
        let client = Client::builder().transport(Chunks::of("application/json", &[body])).build().unwrap();
        Call::new::<Results>(client.api()).send::<Results>().await
    };
    assert_eq!(send(b"{\"result\":[1]}\n{\"result\":[2]}").await.unwrap().value, [[1], [2]]);
    let error = send(b"{\"result\":[1]}\n{\"error\":{\"error\":\"gone\"}}").await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Stream, false));
    assert_eq!(error.raw_body().unwrap(), "{\"error\":{\"error\":\"gone\"}}");
    assert!(matches!(error.body(), Some(ErrorBody::ErrorEnvelope(body)) if body.error == "gone"), "{error}");
    let undocumented = send(b"{\"error\":5}").await.unwrap_err();
    assert!(matches!(undocumented.body(), Some(ErrorBody::Raw(body)) if body == "{\"error\":5}"), "{undocumented}");
    assert_eq!(send(b"{}").await.unwrap_err().kind(), ErrorKind::Decode);
}

#[cfg(feature = "mock")]
#[tokio::test]
async fn mock_replies_with_results() {
    let mock = crate::runtime::mock::Mock::new();
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    mock.on::<Results>().reply(vec![vec![1], vec![2]]);
    assert_eq!(Call::new::<Results>(client.api()).send::<Results>().await.unwrap().value, [[1], [2]]);
}

#[test]
fn json_lines_are_encoded_by_media_type() {
    let encode = |media_type| {
        let (lines, array) = streaming::json_lines(&["a", "\n"], media_type).unwrap();
        (String::from_utf8(lines).unwrap(), String::from_utf8(array).unwrap())
    };
    let array = "[\"a\",\"\\n\"]".to_owned();
    assert_eq!(encode("application/jsonl"), ("\"a\"\n\"\\n\"\n".to_owned(), array.clone()));
    let sequence = "\u{1e}\"a\"\n\u{1e}\"\\n\"\n".to_owned();
    assert_eq!(encode("application/geo+json-seq; v=1"), (sequence.clone(), array.clone()));
    #[cfg(any(feature = "cli", feature = "mock"))]
    assert_eq!(streaming::json_array(sequence.as_bytes()).unwrap(), array.into_bytes());
}
