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
use serde_json::Value;

use super::record::RecordedRequest;
use crate::runtime::body::Body;
use crate::runtime::content::BodyKind;
use crate::runtime::operation::OperationInfo;
use crate::runtime::transport::{BoxError, TimedOut, TransportError};

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
    let success = info.success;
    let (body, usual_type) = match success.kind {
        None => (None, ""),
        Some(BodyKind::Text) => (text(serde_json::to_value(value).map_err(cannot)?), "text/plain; charset=utf-8"),
        Some(BodyKind::Bytes) => {
            let bytes: Option<Vec<u8>> =
                serde_json::to_value(value).and_then(serde_json::from_value).map_err(cannot)?;
            (bytes, "application/octet-stream")
        }
        Some(BodyKind::Json | BodyKind::Multipart) => {
            let json = serde_json::to_vec(value).map_err(cannot)?;
            (Some(json).filter(|json| !success.optional || json != b"null"), "application/json")
        }
    };
    let Some(body) = body else {
        let status = if success.kind.is_none() { status(success.status) } else { StatusCode::NO_CONTENT };
        return Ok(with_status(status, Body::empty()));
    };
    let mut response = with_status(status(success.status), Body::bytes(body));
    // What is asked for with a wildcard has no media type of its own.
    let documented = info.accept.split(", ").next().filter(|first| !first.is_empty() && !first.contains('*'));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(documented.unwrap_or(usual_type)));
    Ok(response)
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
fn text(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.into_bytes()),
        other => Some(other.to_string().into_bytes()),
    }
}
