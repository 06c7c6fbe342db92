//! Responses of a mock, and faults that it injects.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde::ser::Error as _;

use super::record::RecordedRequest;
use crate::runtime::body::Body;
use crate::runtime::content::BodyKind;
use crate::runtime::decode;
use crate::runtime::operation::OperationInfo;
use crate::runtime::success::{self, SuccessInfo};
use crate::runtime::transport::{BoxError, TimedOut, TransportError};
use crate::runtime::wire_value::WireValue;

/// A simulated failure, which a mock injects instead of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is refused: nothing was sent, so the client may send any request again.
    Refused,
    /// The connection breaks before a response arrives: the request may have been sent.
    Reset,
    /// The transport reports a timeout immediately: the request may have been sent.
    TimesOut,
    /// A response never arrives, so that the call ends at its timeout. A test that does not pause the Tokio clock waits
    /// for the whole timeout.
    Hangs,
    /// A successful response is interrupted within its body.
    Truncated,
}

/// A response or fault, with additional headers.
#[derive(Clone)]
pub(super) struct Reply {
    content: Content,
    /// Headers to add to the response; they replace headers with the same name.
    pub headers: HeaderMap,
}

/// A function that creates a response for a request.
type Make = dyn Fn(&RecordedRequest) -> Response<Body> + Send + Sync;

#[derive(Clone)]
enum Content {
    Response(Response<Body>),
    Made(Arc<Make>),
    Fault(Fault),
}

impl Reply {
    /// Creates a reply that is always this response.
    pub fn response(response: Response<Body>) -> Self {
        Self { content: Content::Response(response), headers: HeaderMap::new() }
    }

    /// Creates a reply whose response the function `make` creates for each request.
    pub fn made(make: impl Fn(&RecordedRequest) -> Response<Body> + Send + Sync + 'static) -> Self {
        Self { content: Content::Made(Arc::new(make)), headers: HeaderMap::new() }
    }

    /// Creates a reply that is a fault.
    pub fn fault(fault: Fault) -> Self {
        Self { content: Content::Fault(fault), headers: HeaderMap::new() }
    }

    /// Returns the response to a request, or the error that a fault causes.
    pub async fn respond(self, request: &RecordedRequest) -> Result<Response<Body>, TransportError> {
        let mut response = match self.content {
            Content::Response(response) => response,
            Content::Made(make) => make(request),
            Content::Fault(fault) => fault.inject().await?,
        };
        response.headers_mut().extend(self.headers);
        Ok(response)
    }
}

impl Fault {
    async fn inject(self) -> Result<Response<Body>, TransportError> {
        let error = |kind: io::ErrorKind, message: &str| -> BoxError { io::Error::new(kind, message).into() };
        match self {
            // As with a real refused connection, nothing is sent (RFC 9293, section 3.10.7.3).
            Fault::Refused => {
                Err(TransportError::NotSent(error(io::ErrorKind::ConnectionRefused, "the mock refuses the connection")))
            }
            Fault::Reset => {
                Err(TransportError::MaybeSent(error(io::ErrorKind::ConnectionReset, "the mock resets the connection")))
            }
            Fault::TimesOut => Err(TransportError::MaybeSent(TimedOut("the mock does not respond".into()).into())),
            Fault::Hangs => std::future::pending().await,
            // The announced length is 2 bytes, but the body ends after 1 byte, as in an interrupted response.
            Fault::Truncated => Ok(Response::new(Body::stream(Chunk(Some(Bytes::from_static(b"{"))), Some(2)))),
        }
    }
}

/// A stream of one chunk.
struct Chunk(Option<Bytes>);

impl Stream for Chunk {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Creates a successful response with this value as its body, and with the status and the media type that the spec
/// documents.
pub(super) fn success<T: Serialize>(info: &OperationInfo, value: &T) -> Result<Response<Body>, String> {
    let cannot = |error: serde_json::Error| format!("the response of {} cannot be encoded: {error}", info.id);
    if info.successes.is_empty() {
        // A media type range in `Accept`, such as `text/*`, is not a valid `Content-Type`.
        let documented = info.accept.split(", ").next().filter(|first| !first.is_empty() && !first.contains('*'));
        return encode(info.success, documented, value).map_err(cannot);
    }
    let output = WireValue::of(value).map_err(cannot)?;
    match success::variant(info, output) {
        Some((variant, value)) => {
            let documented = Some(variant.media_type).filter(|it| !it.is_empty() && !it.contains('*'));
            encode(variant.success, documented, &value).map_err(cannot)
        }
        None => Err(format!("the spec documents no response of {} with this value: use `reply_raw`", info.id)),
    }
}

/// Encodes a value as the body of a response.
fn encode<T: Serialize>(
    success: SuccessInfo,
    documented: Option<&'static str>,
    value: &T,
) -> Result<Response<Body>, serde_json::Error> {
    // If a string is documented as both text and JSON, the media type documented first is used.
    let is_json = documented.is_some_and(decode::is_json);
    let (body, usual_type) = match success.kind {
        None => (None, ""),
        Some(BodyKind::Text) if !is_json => (text(&WireValue::of(value)?), "text/plain; charset=utf-8"),
        Some(BodyKind::Bytes) => {
            let bytes: Option<Vec<u8>> = serde_json::to_value(value).and_then(serde_json::from_value)?;
            (bytes, "application/octet-stream")
        }
        Some(BodyKind::Events) => (Some(events(&WireValue::of(value)?)), "text/event-stream"),
        Some(BodyKind::JsonLines) => (Some(lines(&WireValue::of(value)?, "", "")), "application/x-ndjson"),
        Some(BodyKind::Results) => (Some(lines(&WireValue::of(value)?, "{\"result\":", "}")), "application/json"),
        Some(BodyKind::Parts) => {
            return Err(serde_json::Error::custom("the mock does not encode multipart responses: use `reply_raw`"));
        }
        Some(BodyKind::Text | BodyKind::Json | BodyKind::Form | BodyKind::Multipart) => {
            let json = serde_json::to_vec(value)?;
            (Some(json).filter(|json| !success.optional || json != b"null"), "application/json")
        }
    };
    let Some(body) = body else {
        let status = if success.kind.is_none() { status(success.status) } else { StatusCode::NO_CONTENT };
        return Ok(with_status(status, Body::empty()));
    };
    let mut response = with_status(status(success.status), Body::bytes(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(documented.unwrap_or(usual_type)));
    Ok(response)
}

/// Encodes an array of events as an event stream.
fn events(items: &WireValue) -> Vec<u8> {
    let mut stream = String::new();
    for item in items.items() {
        for name in ["event", "id"] {
            if let Some(text) = item.get(name).and_then(WireValue::as_str).filter(|text| !text.is_empty()) {
                stream.extend([name, ": ", text, "\n"]);
            }
        }
        let data = item.get("data").and_then(text).unwrap_or_else(|| b"null".to_vec());
        for line in String::from_utf8_lossy(&data).split('\n') {
            stream.extend(["data: ", line, "\n"]);
        }
        stream.push('\n');
    }
    stream.into_bytes()
}

/// Encodes an array of values as JSON Lines, each value between `before` and `after`.
fn lines(items: &WireValue, before: &str, after: &str) -> Vec<u8> {
    items.items().iter().map(|item| format!("{before}{item}{after}\n")).collect::<String>().into()
}

/// Returns a response with this status and a JSON body.
pub(super) fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Response<Body>, String> {
    let json = serde_json::to_vec(value).map_err(|error| format!("the response cannot be encoded: {error}"))?;
    let mut response = with_status(status, Body::bytes(json));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn with_status(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// Converts a documented status to [`StatusCode`]. An invalid status becomes 200.
fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}

/// Returns a value as plain text, or `None` for `null`.
fn text(value: &WireValue) -> Option<Vec<u8>> {
    match value {
        WireValue::Null => None,
        WireValue::String(text) => Some(text.clone().into_bytes()),
        other => Some(other.to_json().into_bytes()),
    }
}
