//! What came back: the raw answer, and the typed one with the raw one beside it.
//!
//! In: status, headers and the body as read, within the client's limit. Out: what `decode` reads and callers see.

use std::any::Any;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::disposition;

/// A complete answer, not decoded yet.
#[derive(Clone)]
pub struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl RawResponse {
    /// An answer of these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The text of a header; `None` where it is missing or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The file name that `Content-Disposition` gives the body (RFC 6266): one segment that is safe to add to a path on any
    /// system. `None` if the header has none, or nothing safe is left of it.
    ///
    /// The server chooses it: a file of that name may exist already.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// The typed answer: `value` beside what it was read from.
    pub fn with_value<T>(self, value: T) -> Response<T> {
        Response { value, status: self.status, headers: self.headers, body: self.body }
    }
}

/// Shows no content: a body may hold secrets.
impl std::fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).field("body_bytes", &self.body.len()).finish()
    }
}

/// A successful answer: its value and all that came with it.
///
/// It is in memory as a whole, within the `max_response_bytes` of the client or the call; a
/// [`StreamedResponse`](super::StreamedResponse) may have any size.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers. A body that was compressed has been decoded: `Content-Encoding` and `Content-Length` are removed then.
    pub headers: HeaderMap,
    /// The body as it came, without its content coding.
    pub body: Bytes,
}

impl<T> Response<T> {
    /// The file name that `Content-Disposition` gives the body (RFC 6266): one segment that is safe to add to a path on any
    /// system. `None` if the header has none, or nothing safe is left of it.
    ///
    /// The server chooses it: a file of that name may exist already.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// The value, and what it was read from.
    pub(super) fn into_parts(self) -> (T, RawResponse) {
        (self.value, RawResponse::new(self.status, self.headers, self.body))
    }
}

/// Shows no headers and no raw content, not as `value` either: they may hold secrets that a typed `value` masks.
impl<T: std::fmt::Debug + 'static> std::fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value: &dyn Any = &self.value;
        let is_raw = value.is::<Bytes>() || value.is::<Option<Bytes>>();
        let mut shown = f.debug_struct("Response");
        if !is_raw {
            shown.field("value", &self.value);
        }
        shown.field("status", &self.status).field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}
