//! Responses: the raw response, and the typed response with the raw one.

use std::any::Any;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::disposition;

/// A complete, undecoded response.
#[derive(Clone)]
pub struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl RawResponse {
    /// Creates a response.
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body }
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the value of a header, or `None` if it is missing or not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the file name from `Content-Disposition` (RFC 6266), reduced to a single path segment that is safe on
    /// all systems. Returns `None` if the header has no file name or nothing safe is left of it.
    ///
    /// The server chooses the name: a file with that name may already exist.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// Converts to a typed response with this decoded value.
    pub fn with_value<T>(self, value: T) -> Response<T> {
        Response { value, status: self.status, headers: self.headers, body: self.body }
    }
}

/// Omits headers and content, which may contain secrets.
impl std::fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).field("body_bytes", &self.body.len()).finish()
    }
}

/// A successful response: the decoded value, the status, the headers and the body.
///
/// The body is completely in memory, limited by the `max_response_bytes` of the client or the call. A
/// [`StreamedResponse`](super::StreamedResponse) may have any size.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers. If the body was compressed, `Content-Encoding` and `Content-Length` are removed.
    pub headers: HeaderMap,
    /// The undecoded body, without its content coding.
    pub body: Bytes,
}

impl<T> Response<T> {
    /// Returns the file name from `Content-Disposition` (RFC 6266), reduced to a single path segment that is safe on
    /// all systems. Returns `None` if the header has no file name or nothing safe is left of it.
    ///
    /// The server chooses the name: a file with that name may already exist.
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// Splits into the value and the raw response.
    pub(super) fn into_parts(self) -> (T, RawResponse) {
        (self.value, RawResponse::new(self.status, self.headers, self.body))
    }
}

/// Omits headers and raw content, even as `value`: they may contain secrets that a typed `value` masks.
impl<T: std::fmt::Debug + 'static> std::fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value: &dyn Any = &self.value;
        let is_raw = value.is::<Bytes>() || value.is::<Option<Bytes>>();
        let mut debug = f.debug_struct("Response");
        if !is_raw {
            debug.field("value", &self.value);
        }
        debug.field("status", &self.status).field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}
