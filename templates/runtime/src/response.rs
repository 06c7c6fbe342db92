//! Responses: [`RawResponse`] with undecoded bytes, and [`Response`] with a decoded value.

use std::any::Any;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

#[cfg(feature = "files")]
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

    /// Returns the value of a header, or `None` if the header is missing or contains characters other than visible
    /// ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the file name from `Content-Disposition` (RFC 6266), reduced to a single path segment that is safe on
    /// all systems: `a` for `../../a`. Returns `None` if there is no file name, or if no safe characters remain.
    ///
    /// The server chooses the name, so a file with that name may already exist.
    #[cfg(feature = "files")]
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// Converts the response to a typed response with this decoded value.
    pub fn with_value<T>(self, value: T) -> Response<T> {
        Response { value, status: self.status, headers: self.headers, body: self.body }
    }
}

/// Shows the status and the size of the body; omits headers and content, which may contain secrets.
impl std::fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).field("body_bytes", &self.body.len()).finish()
    }
}

/// A successful response: the decoded value, the status, the headers and the body.
///
/// The body is completely in memory, and its size is limited by the `max_response_bytes` of the client or the call. For
/// larger bodies, use a `StreamedResponse`.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers. If the body was compressed, `Content-Encoding` and `Content-Length` are removed.
    pub headers: HeaderMap,
    /// The body as bytes. If the body was compressed, these are the decompressed bytes.
    pub body: Bytes,
}

impl<T> Response<T> {
    /// Returns the file name from `Content-Disposition` (RFC 6266), reduced to a single path segment that is safe on
    /// all systems: `a` for `../../a`. Returns `None` if there is no file name, or if no safe characters remain.
    ///
    /// The server chooses the name, so a file with that name may already exist.
    #[cfg(feature = "files")]
    pub fn file_name(&self) -> Option<String> {
        disposition::file_name(&self.headers)
    }

    /// Splits the response into the value and the raw response.
    #[cfg(feature = "paging")]
    pub(super) fn into_parts(self) -> (T, RawResponse) {
        (self.value, RawResponse::new(self.status, self.headers, self.body))
    }
}

/// Omits the headers, the raw body and a `value` of raw bytes, since all of them may contain secrets. A typed `value`
/// masks its secrets itself.
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
