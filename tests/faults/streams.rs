//! A client of an API with streaming operations, written like generated code, because the committed clients have no
//! such operations.

use bytes::Bytes;
use http::Method;
use pki_clients::digicert_iot::models::FieldValue;
use pki_clients::runtime::sealed::Sealed;
use pki_clients::runtime::streaming::{self, Frame, Framing, decode_items};
use pki_clients::runtime::{
    ApiClient, ApiInfo, DecodeError, Event, Operation, OperationInfo, RawResponse, Service, Streaming, SuccessInfo,
};
use serde_json::Value;

/// The client of the API.
pub struct Client(pub ApiClient);

impl Sealed for Client {}

impl Service for Client {
    const API: &'static ApiInfo = &ApiInfo::new("streams", "1.0.0").user_agent("streams/1.0.0");

    fn from_api_client(inner: ApiClient) -> Self {
        Self(inner)
    }
}

macro_rules! operation {
    ($(#[$doc:meta])* $name:ident, $item:ty, $media_type:literal, $framing:ident, $success:ident, $read:expr) => {
        $(#[$doc])*
        pub struct $name;

        impl Sealed for $name {}

        impl Operation for $name {
            const INFO: &'static OperationInfo = &OperationInfo::new("stream", Method::GET).path("/stream").accept($media_type).success(SuccessInfo::$success(200));
            type Body = ();
            type Output = Vec<$item>;
            type ErrorBody = Bytes;

            fn decode(response: &RawResponse) -> Result<Self::Output, DecodeError> {
                decode_items::<Self>(response)
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

operation!(
    /// An operation that returns Server-Sent Events with string data.
    Log, Event<String>, "text/event-stream", Events, events, streaming::text_event
);
operation!(
    /// An operation that returns a JSON text sequence or JSON Lines, with items of any JSON type.
    Export, Value, "application/json-seq", JsonLines, json_lines, streaming::json_line
);
operation!(
    /// An operation that returns JSON Lines with items of a union type.
    Fields, FieldValue, "application/x-ndjson", JsonLines, json_lines, streaming::json_line
);
