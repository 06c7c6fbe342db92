//! Sends one request through the transport and reads the response within the limits on time and size.
//!
//! The module `send` decides whether an [`Outcome`] ends the call or leads to a retry.

use std::future::Future;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::Method;
#[cfg(feature = "cli")]
use http::{HeaderMap, header::CONTENT_TYPE};

use super::body::{Body, BodyStream};
use super::client::Shared;
#[cfg(feature = "cli")]
use super::content::essence;
use super::content_coding;
use super::limits::Limits;
use super::redirect::Outcomes;
use super::response::RawResponse;
use super::telemetry::AttemptSpan;
use super::transport::{BoxError, BoxFuture, TransportError};

/// The settings for reading a response.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The part of a successful response that is read. Unsuccessful responses are always read completely.
    pub extent: Extent,
    /// The maximum number of bytes of a body that are read.
    pub max_bytes: u64,
    /// The rules that decide which responses are successful.
    pub outcomes: Outcomes,
}

/// The part of a successful response that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The whole response, into memory.
    Whole,
    /// Only the head; the caller reads the body.
    #[cfg_attr(not(feature = "streamed"), allow(dead_code))]
    Head,
    /// The whole response, or only the head if the response has this media type.
    #[cfg(feature = "cli")]
    HeadOf(&'static str),
}

/// The result of an attempt.
pub enum Outcome {
    /// A response with its body. The body of an unsuccessful response may be incomplete.
    Response(RawResponse),
    /// The head of a successful response, and its unread body.
    Head(RawResponse, BodyStream),
    /// A successful response with a body larger than the limit.
    TooLarge(RawResponse),
    /// A successful response that was interrupted, or whose content coding cannot be decoded.
    Broken(RawResponse, BoxError),
    /// No response, because the request body could not be read.
    NoBody(BoxError),
    /// No response, because the transport failed.
    None(TransportError),
    /// A timeout was reached. Contains the part of the response that was received, if any, and a message.
    TimedOut(Option<RawResponse>, String),
}

/// Sends the request once and reads the response.
// Not an `async fn`: its future would contain the request until the response is read.
pub fn exchange<'a>(
    shared: &'a Shared,
    request: http::Request<Body>,
    limits: &'a Limits,
    reading: Reading,
) -> impl Future<Output = Outcome> + Send + 'a {
    let span = AttemptSpan::new(&request);
    let is_head = request.method() == Method::HEAD;
    let request = match limits.progress() {
        Some(progress) => request.map(|body| body.with_progress(progress.clone())),
        None => request,
    };
    let sending = span.within(|| shared.transport.send(request));
    async move {
        let outcome = span.around(read_response(sending, is_head, limits, reading, &span)).await;
        span.end(&outcome);
        outcome
    }
}

/// Waits for the response and reads it.
async fn read_response(
    sending: Sending,
    is_head: bool,
    limits: &Limits,
    reading: Reading,
    span: &AttemptSpan,
) -> Outcome {
    let Reading { extent, max_bytes, outcomes } = reading;
    let response = match limits.hold("no response", sending).await {
        Ok(Ok(response)) => response,
        // If the request body could not be read, the transport's error is only a consequence of that failure.
        Ok(Err(error)) => match limits.progress().and_then(|progress| progress.take_failure()) {
            Some(failure) => return Outcome::NoBody(failure),
            None => return Outcome::None(error),
        },
        Err(reason) => return Outcome::TimedOut(None, reason),
    };
    let (mut parts, body) = response.into_parts();
    // The `Content-Length` of a response to HEAD is that of a GET response (RFC 9110, section 9.3.2). The body is
    // replaced, because a transport over HTTP/2 may report an error if the empty body does not have this length.
    let body = if is_head { Body::empty() } else { body };
    span.responded(parts.status, parts.version);
    let success = outcomes.contains(parts.status, &parts.headers);
    let (body, error) = content_coding::content(&mut parts, body.into_stream());
    // If the status is unsuccessful, it is more important than the body, so an error of the content coding is ignored.
    // The body then remains encoded.
    if let Some(error) = error.filter(|_| success) {
        return Outcome::Broken(RawResponse::new(parts.status, parts.headers, Bytes::new()), error.into());
    }
    // The length of the content, if known.
    let announced = body.length();
    let is_head = match extent {
        Extent::Whole => false,
        Extent::Head => true,
        #[cfg(feature = "cli")]
        Extent::HeadOf(media_type) => has_media_type(&parts.headers, media_type),
    };
    if success && is_head {
        return Outcome::Head(RawResponse::new(parts.status, parts.headers, Bytes::new()), body);
    }
    if success && announced.is_some_and(|length| length > max_bytes) {
        return Outcome::TooLarge(RawResponse::new(parts.status, parts.headers, Bytes::new()));
    }
    if success {
        limits.receive();
    }
    let mut read = BodyBuffer::default();
    let end = {
        let reading = pin!(read_body(body, &mut read, max_bytes, limits));
        limits.hold("no complete response", reading).await
    };
    let response = RawResponse::new(parts.status, parts.headers, read.into_bytes());
    match end {
        Ok(Ok(())) => Outcome::Response(response),
        // An unsuccessful status is more important than an incomplete body.
        _ if !success => Outcome::Response(response),
        Ok(Err(ReadError::TooLarge)) => Outcome::TooLarge(response),
        Ok(Err(ReadError::Broken(error))) => Outcome::Broken(response, error),
        Err(reason) => Outcome::TimedOut(Some(response), reason),
    }
}

#[cfg(feature = "cli")]
fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| essence(value) == essence(media_type))
}

/// The future of a transport.
type Sending = BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

enum ReadError {
    TooLarge,
    Broken(BoxError),
}

/// The part of a body that was read. A body that arrives in one chunk, like most small bodies, is not copied.
#[derive(Default)]
struct BodyBuffer {
    first: Bytes,
    all: BytesMut,
}

impl BodyBuffer {
    /// The maximum number of bytes of memory that are reserved at once, even if the server announces a longer body.
    const MAX_RESERVED: u64 = 4 * 1024 * 1024;

    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, chunk: Bytes, announced: Option<u64>) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(announced.unwrap_or_default().min(Self::MAX_RESERVED) as usize);
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&chunk);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}

/// Reads a body of up to `limit` bytes into `read`, which after an error contains the bytes that preceded the error.
async fn read_body(mut body: BodyStream, read: &mut BodyBuffer, limit: u64, limits: &Limits) -> Result<(), ReadError> {
    let announced = body.length();
    while let Some(chunk) = body.next().await {
        let chunk: Bytes = chunk.map_err(ReadError::Broken)?;
        limits.received();
        if (read.len() as u64).saturating_add(chunk.len() as u64) > limit {
            return Err(ReadError::TooLarge);
        }
        read.push(chunk, announced);
    }
    Ok(())
}
