//! A response that comes as a whole or item by item, as the server has it.

use http::Method;
use serde_json::Value;

use super::super::sample::{Client, ErrorBody};
use super::super::transport::Answer::Http;
use super::{Ran, run_program};
use crate::runtime::cli::{Api, Apis, Program, entry_or_items};
use crate::runtime::streaming::{Frame, Framing, json_event};
use crate::runtime::{
    DecodeError, Event, EventData, Operation, OperationInfo, RawResponse, Streaming, SuccessInfo, decode,
};

struct Complete;

impl Operation for Complete {
    const INFO: &'static OperationInfo = &OperationInfo {
        id: "complete",
        path: "/complete",
        method: Method::GET,
        accept: "application/json",
        success: SuccessInfo::json(200),
        ..OperationInfo::BARE
    };
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

static PROGRAM: Program = Program { name: "chat", version: "1.0.0", about: "Chats.", apis: Apis::One(&CHAT) };

fn called(arguments: &[&str], media_type: &'static [(&'static str, &'static str)], body: &'static str) -> Ran {
    run_program(&PROGRAM, &[&["call", "complete"], arguments].concat(), "", vec![Http(200, media_type, body)])
}

#[test]
fn response_is_printed_as_its_media_type_says() {
    let whole = called(&[], &[("content-type", "application/json")], r#"{"text":"all"}"#);
    assert_eq!((whole.code, &whole.output[..]), (0, "{\n  \"text\": \"all\"\n}\n"), "{}", whole.errors);
    assert_eq!(whole.request().headers()["accept"], "application/json");

    let stream = "data: {\"delta\":\"a\"}\n\ndata: [DONE]\n\n";
    let items = called(&["--header", "Accept: text/event-stream"], &[("content-type", "text/event-stream")], stream);
    assert_eq!(items.code, 0, "{}", items.errors);
    assert_eq!(items.request().headers()["accept"], "text/event-stream");
    let items: Value = serde_json::from_str(&items.output).unwrap();
    assert_eq!((&items[0]["data"]["delta"], &items[1]["data"]), (&Value::from("a"), &Value::from("[DONE]")));
}
