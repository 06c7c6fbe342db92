//! The error of every call.
//!
//! In: a `Failure` and the documented body of the error. Out: what a program asks of an error, and one line for
//! people.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::failure::Failure;

/// A call that has no successful answer.
///
/// `Display` is one line that holds the whole chain of causes and the first 512 bytes of the body, with secrets masked.
/// [`source`](std::error::Error::source) still gives the cause, for programs that look for a type in the chain; a
/// reporter that prints `Display` of every link will say the causes twice.
///
/// `E` is the API's enum of documented error bodies.
pub struct Error<E>(Box<Inner<E>>);

struct Inner<E> {
    failure: Failure,
    body: Option<E>,
}

/// What kind of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be made: a parameter, header or body cannot be encoded. Nothing was sent.
    Request,
    /// No credential is set that the operation takes, or it could not be had. Nothing was sent, save by an attempt before:
    /// [`may_have_been_sent`](Error::may_have_been_sent) says so, and [`status`](Error::status) where the server answered
    /// 401.
    Credential,
    /// The body of the request broke off while it was sent, or before it could be sent again: a file that changed or
    /// cannot be read, a stream that failed or has another length than it said.
    Body,
    /// There is no answer, or it broke off.
    Transport,
    /// A limit of time was reached.
    Timeout,
    /// The status is not a success.
    Status,
    /// The status is a success and the body is not what the spec promises.
    Decode,
    /// The response body is larger than the client reads into memory, or its decoded value would be:
    /// [`max_response_bytes`](super::ClientBuilder::max_response_bytes) limits both.
    TooLarge,
    /// The answer came and cannot be written to its file.
    File,
    /// A listing goes round in a circle, contradicts itself, leads to another server, or has more pages than allowed.
    Paging,
}

impl<E> Error<E> {
    pub(super) fn new(failure: Box<Failure>, body: Option<E>) -> Self {
        Self(Box::new(Inner { failure: *failure, body }))
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.failure.kind
    }

    /// The id of the operation; `request` for a request made by method and path.
    pub fn operation(&self) -> &'static str {
        self.0.failure.operation
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.failure.method
    }

    /// The path template, as the spec has it.
    pub fn path(&self) -> &str {
        &self.0.failure.path
    }

    /// How often the request was sent, or tried to be; 0 where it could not be made.
    pub fn attempts(&self) -> u32 {
        self.0.failure.attempts
    }

    /// The status of the answer, where there is one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.failure.response.as_ref().map(|response| response.status())
    }

    /// The headers of the answer, where there is one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.failure.response.as_ref().map(|response| response.headers())
    }

    /// The id that the server gave the request, from the header that the spec names.
    pub fn request_id(&self) -> Option<&str> {
        self.0.failure.request_id.as_deref()
    }

    /// The body of the error, as documented for the operation and status; the raw bytes in the enum's raw case where it
    /// is not, and where a successful answer did not decode.
    pub fn body(&self) -> Option<&E> {
        self.0.body.as_ref()
    }

    /// The body of the error, as [`body`](Self::body) gives it.
    pub fn into_body(self) -> Option<E> {
        self.0.body
    }

    /// The body of the answer as it came; of one that broke off or is too large, what was read.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.0.failure.response.as_ref().map(|response| response.body())
    }

    /// Whether the request may have reached the server, in this attempt or an earlier one. Where it is false, the
    /// server has certainly done nothing.
    pub fn may_have_been_sent(&self) -> bool {
        self.0.failure.sent
    }

    /// Whether a limit of time was reached: of the connection, the attempt or the call.
    pub fn is_timeout(&self) -> bool {
        self.0.failure.kind == ErrorKind::Timeout
    }

    /// Whether the same request may be sent again without doing its work twice, by the rules of
    /// [`RetryPolicy`](super::RetryPolicy), and may do better then.
    pub fn is_retryable(&self) -> bool {
        self.0.failure.retryable
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failure.retry_after
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.failure.text)
    }
}

/// Shows what `Display` shows, and no headers or bodies beside it: they may hold secrets.
impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.0.failure.text)
            .field("may_have_been_sent", &self.may_have_been_sent())
            .finish_non_exhaustive()
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
