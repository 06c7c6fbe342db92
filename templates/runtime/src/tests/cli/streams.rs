//! Tests of operations to which the server responds with a complete body or a stream of items.

use http::Method;
use serde_json::Value;

use super::super::sample::{Client, ErrorBody};
use super::super::transport::Reply::{self, Broken, Http};
use super::{RunResult, run_program};
use crate::runtime::cli::{Api, Apis, Program, entry_of_items, entry_or_items};
use crate::runtime::streaming::{Frame, Framing, json_event};
use crate::runtime::{
    DecodeError, Event, EventData, Operation, OperationInfo, RawResponse, Streaming, SuccessInfo, decode,
};

struct Complete;

impl crate::runtime::sealed::Sealed for Complete {}

impl Operation for Complete {
    const INFO: &'static OperationInfo = &OperationInfo::new("complete", Method::GET)
        .path("/complete")
        .accept("application/json")
        .success(SuccessInfo::json(200));
    type Body = ();
    type Output = Value;
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<Value, DecodeError> {
        decode::json(response)
    }
}

impl Streaming for Complete {
    type Item = Event<EventData<Value>>;

    const MEDIA_TYPE: &'static str = "text/event-stream; charset=utf-8";

    const FRAMING: Framing = Framing::Events;

    fn item(frame: Frame) -> Result<Self::Item, DecodeError> {
        json_event(frame)
    }
}

static CHAT: Api = Api::of::<Client>(&[entry_or_items::<Complete>("Completes.")]);

static EVENTS: Api = Api::of::<Client>(&[entry_of_items::<Complete>("Completes.")]);

fn called(api: &'static Api, arguments: &[&str], reply: Reply) -> RunResult {
    let program = Program { name: "chat", version: "1.0.0", about: "Chats.", apis: Apis::One(api) };
    run_program(&program, &[&["call", "complete"], arguments].concat(), "", vec![reply])
}

/// The output for the first event.
const FIRST: &str = "{\"event\":\"message\",\"data\":{\"delta\":\"a\"},\"id\":\"\"}\n";

const STREAM: &[(&str, &str)] = &[("content-type", "text/event-stream")];

#[test]
fn response_is_printed_by_media_type() {
    let complete = called(&CHAT, &[], Http(200, &[("content-type", "application/json")], r#"{"text":"all"}"#));
    assert_eq!((complete.code, &complete.output[..]), (0, "{\n  \"text\": \"all\"\n}\n"), "{}", complete.errors);
    assert_eq!(complete.request().headers()["accept"], "application/json");

    let stream = Http(200, STREAM, "data: {\"delta\":\"a\"}\n\ndata: [DONE]\n\n");
    let items = called(&CHAT, &["--header", "Accept: text/event-stream"], stream);
    assert_eq!(items.code, 0, "{}", items.errors);
    assert_eq!(items.request().headers()["accept"], "text/event-stream");
    assert_eq!(items.output, format!("{FIRST}{}\n", r#"{"event":"message","data":"[DONE]","id":""}"#));
}

#[test]
fn items_are_printed_before_stream_ends() {
    let items = called(&EVENTS, &[], Broken(200, "data: {\"delta\":\"a\"}\n\n"));
    assert_eq!((items.code, &items.output[..]), (3, FIRST), "{}", items.errors);
    assert!(items.errors.starts_with("error: complete (GET /complete)"), "{}", items.errors);
}

#[test]
fn response_of_other_media_type_is_error() {
    let reply = Http(200, &[("content-type", "text/html")], "<p>");
    let page = called(&EVENTS, &[], reply);
    assert_eq!((page.code, &page.output[..]), (4, ""), "{}", page.errors);
}

#[test]
fn stream_is_saved_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events");
    let result = called(&CHAT, &["-o", path.to_str().unwrap()], Http(200, STREAM, "data: 1\n\n"));
    assert_eq!((result.code, &result.output[..]), (0, ""), "{}", result.errors);
    assert_eq!(std::fs::read(&path).unwrap(), b"data: 1\n\n");
}
