//! What the mock answers.
//!
//! In: a value, a response or a fault, as a test gives it. Out: what a transport gives.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use super::record::RecordedRequest;
use crate::runtime::body::Body;
use crate::runtime::content::BodyKind;
use crate::runtime::decode;
use crate::runtime::operation::OperationInfo;
use crate::runtime::success::{self, SuccessInfo};
use crate::runtime::transport::{BoxError, TimedOut, TransportError};
use crate::runtime::wire_value::WireValue;

/// What may go wrong in the place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is refused: nothing was sent, so any request may be sent again.
    Refused,
    /// The connection breaks before an answer comes: the request may have been sent.
    Reset,
    /// The transport gives up waiting, at once: the request may have been sent.
    TimesOut,
    /// No answer ever comes: the call ends when its limit of time is reached. That takes as long as it says, unless the
    /// test has paused the clock.
    Hangs,
    /// A successful answer begins and breaks off within its body.
    Truncated,
}

/// An answer, and what it needs to be given.
#[derive(Clone)]
pub(super) struct Answer {
    content: Content,
    /// Headers that take the place of the content's own.
    pub headers: HeaderMap,
}

/// Makes a response of a request.
type Make = dyn Fn(&RecordedRequest) -> Response<Body> + Send + Sync;

#[derive(Clone)]
enum Content {
    Response(Response<Body>),
    Made(Arc<Make>),
    Fault(Fault),
}

impl Answer {
    /// Always this one.
    pub fn response(response: Response<Body>) -> Self {
        Self { content: Content::Response(response), headers: HeaderMap::new() }
    }

    /// Made when it is asked for.
    pub fn made(make: impl Fn(&RecordedRequest) -> Response<Body> + Send + Sync + 'static) -> Self {
        Self { content: Content::Made(Arc::new(make)), headers: HeaderMap::new() }
    }

    /// No answer, or a half one.
    pub fn fault(fault: Fault) -> Self {
        Self { content: Content::Fault(fault), headers: HeaderMap::new() }
    }

    /// Answers a request.
    pub async fn give(self, request: &RecordedRequest) -> Result<Response<Body>, TransportError> {
        let mut response = match self.content {
            Content::Response(response) => response,
            Content::Made(make) => make(request),
            Content::Fault(fault) => fault.happen().await?,
        };
        response.headers_mut().extend(self.headers);
        Ok(response)
    }
}

impl Fault {
    async fn happen(self) -> Result<Response<Body>, TransportError> {
        let error = |kind: io::ErrorKind, message: &str| -> BoxError { io::Error::new(kind, message).into() };
        match self {
            // What it stands for: without a TCP connection nothing is sent (RFC 9293, section 3.10.7.3).
            Fault::Refused => {
                Err(TransportError::NotSent(error(io::ErrorKind::ConnectionRefused, "the mock refuses the connection")))
            }
            Fault::Reset => {
                Err(TransportError::MaybeSent(error(io::ErrorKind::ConnectionReset, "the mock resets the connection")))
            }
            Fault::TimesOut => Err(TransportError::MaybeSent(TimedOut("the mock gives no answer".into()).into())),
            Fault::Hangs => std::future::pending().await,
            // Longer than what comes of it, as a broken connection leaves it.
            Fault::Truncated => Ok(Response::new(Body::stream(Chunk(Some(Bytes::from_static(b"{"))), Some(2)))),
        }
    }
}

/// A body of one chunk.
struct Chunk(Option<Bytes>);

impl Stream for Chunk {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// The successful answer that carries this value, as the spec of the operation has it.
pub(super) fn success<T: Serialize>(info: &OperationInfo, value: &T) -> Result<Response<Body>, String> {
    let cannot = |error: serde_json::Error| format!("the answer of {} cannot be encoded: {error}", info.id);
    if info.successes.is_empty() {
        // What is asked for with a wildcard has no media type of its own.
        let documented = info.accept.split(", ").next().filter(|first| !first.is_empty() && !first.contains('*'));
        return answer(info.success, documented, value).map_err(cannot);
    }
    let output = WireValue::of(value).map_err(cannot)?;
    match success::variant(info, output) {
        Some((variant, value)) => {
            let documented = Some(variant.media_type).filter(|it| !it.is_empty() && !it.contains('*'));
            answer(variant.success, documented, &value).map_err(cannot)
        }
        None => Err(format!("{} documents no such answer: give it by `reply_raw`", info.id)),
    }
}

/// The answer that carries this value in this way.
fn answer<T: Serialize>(
    success: SuccessInfo,
    documented: Option<&'static str>,
    value: &T,
) -> Result<Response<Body>, serde_json::Error> {
    // A value that is documented as text and as JSON is sent as the first of them.
    let is_json = documented.is_some_and(decode::is_json);
    let (body, usual_type) = match success.kind {
        None => (None, ""),
        Some(BodyKind::Text) if !is_json => (text(&WireValue::of(value)?), "text/plain; charset=utf-8"),
        Some(BodyKind::Bytes) => {
            let bytes: Option<Vec<u8>> = serde_json::to_value(value).and_then(serde_json::from_value)?;
            (bytes, "application/octet-stream")
        }
        Some(BodyKind::Events) => (Some(events(&WireValue::of(value)?)), "text/event-stream"),
        Some(BodyKind::JsonLines) => (Some(lines(&WireValue::of(value)?)), "application/x-ndjson"),
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

/// Events as they come over the wire.
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

/// JSON texts, each on a line of its own.
fn lines(items: &WireValue) -> Vec<u8> {
    items.items().iter().map(|item| format!("{item}\n")).collect::<String>().into()
}

/// An answer of a status with a JSON body.
pub(super) fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Response<Body>, String> {
    let json = serde_json::to_vec(value).map_err(|error| format!("the answer cannot be encoded: {error}"))?;
    let mut response = with_status(status, Body::bytes(json));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn with_status(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// Tables hold statuses as the spec has them; one that HTTP does not know is answered as plain success.
fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}

/// What stands in a text for a value.
fn text(value: &WireValue) -> Option<Vec<u8>> {
    match value {
        WireValue::Null => None,
        WireValue::String(text) => Some(text.clone().into_bytes()),
        other => Some(other.to_json().into_bytes()),
    }
}
