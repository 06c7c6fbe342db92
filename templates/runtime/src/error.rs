//! The error type of all calls.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::failure::Failure;
use super::node::Node;

/// The error of a call that failed.
///
/// `Display` is one line that contains the whole chain of causes and the first 512 bytes of the response body, with
/// secrets masked. [`source`](std::error::Error::source) also returns the cause, for programs that search the chain for
/// an error type. Error reporters that print the whole chain therefore print the causes twice.
///
/// `E` is the generated enum of the error bodies that the spec documents.
pub struct Error<E>(Box<Inner<E>>);

struct Inner<E> {
    failure: Failure,
    body: Option<E>,
}

/// The kind of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be created, e.g. because a parameter, header or body cannot be encoded. Nothing was sent.
    Request,
    /// No credential that the operation accepts is configured, or the credential could not be obtained. Nothing was
    /// sent, except by an earlier attempt of the call: in this case, [`may_have_been_sent`](Error::may_have_been_sent)
    /// returns `true`, and [`status`](Error::status) returns 401 if the server refused the credential.
    Credential,
    /// The body of the request could not be read while it was being sent, or before it was sent again: a file changed or
    /// cannot be read, or a stream failed or does not have the specified length.
    Body,
    /// There is no response, e.g. because the connection failed, or the response was interrupted.
    Transport,
    /// A timeout was reached: the timeout of the connection, of the attempt or of the call, or the idle timeout of a
    /// transfer without progress.
    Timeout,
    /// The status of the response is not a success.
    Status,
    /// The status of the response is a success, but the body does not match the spec.
    Decode,
    /// The status of the response is a success, but the response is a stream in which the server reports an error.
    Stream,
    /// The response body, or the memory of its decoded value, exceeds the client's limit:
    /// [`max_response_bytes`](super::ClientBuilder::max_response_bytes) limits both.
    TooLarge,
    /// The response cannot be saved to a file.
    File,
    /// A paginated listing repeats a page, is inconsistent, links to another server, or has more pages than allowed.
    Paging,
}

impl<E> Error<E> {
    pub(super) fn new(failure: Box<Failure>, body: Option<E>) -> Self {
        Self(Box::new(Inner { failure: *failure, body }))
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.failure.kind
    }

    /// Returns the operation ID; `request` for a request made by method and path.
    pub fn operation(&self) -> &'static str {
        self.0.failure.operation
    }

    /// Returns the HTTP method of the request.
    pub fn method(&self) -> &Method {
        &self.0.failure.method
    }

    /// Returns the path template of the operation, as in the spec.
    pub fn path(&self) -> &str {
        &self.0.failure.path
    }

    /// Returns the number of attempts to send the request; 0 if it was not sent.
    pub fn attempts(&self) -> u32 {
        self.0.failure.attempts
    }

    /// Returns the status of the response, if there is one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.failure.response.as_ref().map(|response| response.status())
    }

    /// Returns the headers of the response, if there is one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.failure.response.as_ref().map(|response| response.headers())
    }

    /// Returns the request ID, from the response header that contains it according to the spec.
    pub fn request_id(&self) -> Option<&str> {
        self.0.failure.request_id.as_deref()
    }

    /// Returns the response body, decoded as the spec documents it for the operation and status. If the spec does not
    /// document a body for the status, or if a successful response could not be decoded, returns the variant of `E` for
    /// raw bytes. For an error of the kind [`Stream`](ErrorKind::Stream), returns the error that the server reports.
    pub fn body(&self) -> Option<&E> {
        self.0.body.as_ref()
    }

    /// Returns the decoded body of the response by value. See [`body`](Self::body).
    pub fn into_body(self) -> Option<E> {
        self.0.body
    }

    /// Returns the raw body of the response, or the part that was read if the response was interrupted or is too large.
    /// For an error of the kind [`Stream`](ErrorKind::Stream), returns the item in which the server reports the error.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.0.failure.response.as_ref().map(|response| response.body())
    }

    /// Returns whether any attempt of the call may have reached the server. If `false`, the server has not processed
    /// the request.
    pub fn may_have_been_sent(&self) -> bool {
        self.0.failure.sent
    }

    /// Returns whether a timeout was reached, e.g. the timeout of the connection, of the attempt or of the call.
    pub fn is_timeout(&self) -> bool {
        self.0.failure.kind == ErrorKind::Timeout
    }

    /// Returns whether the same request may succeed if it is sent again. Returns `false` if sending it again could
    /// repeat its effect, according to the rules of [`RetryPolicy`](super::RetryPolicy).
    pub fn is_retryable(&self) -> bool {
        self.0.failure.retryable
    }

    /// Returns how long the server asks clients to wait before the next request, e.g. in the header `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failure.retry_after
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.failure.message)
    }
}

/// Shows the same message as `Display`, but neither the response headers nor the complete response body, which may
/// contain secrets.
impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.0.failure.message)
            .field("may_have_been_sent", &self.may_have_been_sent())
            .finish_non_exhaustive()
    }
}

/// Serializes the kind, the message, the operation, the number of attempts, `may_have_been_sent`, the status, the
/// request ID and the decoded body. Secrets are masked in the message, but not in the body.
impl<E: Serialize> Serialize for Error<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failure = &self.0.failure;
        let mut error = serializer.serialize_struct("Error", 8)?;
        error.serialize_field("kind", &failure.kind)?;
        error.serialize_field("message", &failure.message)?;
        error.serialize_field("operation", failure.operation)?;
        error.serialize_field("attempts", &failure.attempts)?;
        error.serialize_field("may_have_been_sent", &failure.sent)?;
        error.serialize_field("status", &self.status().map(|status| status.as_u16()))?;
        error.serialize_field("request_id", &failure.request_id)?;
        error.serialize_field("body", &self.0.body)?;
        error.end()
    }
}

impl<E> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.failure.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// Serializes an undocumented body. If the body is JSON, it is serialized as this JSON value, otherwise as a string.
///
/// # Errors
///
/// Returns the errors of the serializer.
pub fn serialize_raw<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_slice::<Node>(body) {
        Ok(value) => value.serialize(serializer),
        Err(_) => serializer.serialize_str(&String::from_utf8_lossy(body)),
    }
}
