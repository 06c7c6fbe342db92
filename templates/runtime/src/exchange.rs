//! One exchange: a request goes through the transport, its answer is read within the limits of time and size.
//!
//! In: a request of one attempt. Out: an [`Outcome`]; what it means for the call is decided in `send`.

use std::future::Future;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::Method;
#[cfg(feature = "cli")]
use http::{HeaderMap, header::CONTENT_TYPE};

use super::body::{Body, BodyStream};
use super::client::Shared;
use super::content_coding;
use super::limits::Limits;
use super::redirect::Outcomes;
use super::response::RawResponse;
#[cfg(feature = "cli")]
use super::streaming::essence;
use super::telemetry::AttemptSpan;
use super::transport::{BoxError, BoxFuture, TransportError};

/// How an exchange reads an answer.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How much of a successful answer is read. An unsuccessful one is always read whole.
    pub extent: Extent,
    /// How many bytes of a body are read at most.
    pub max_bytes: u64,
    /// Which answers are successful.
    pub outcomes: Outcomes,
}

/// How much of a successful answer an exchange reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, into memory.
    Whole,
    /// Its head; the caller reads the body.
    Head,
    /// All of it, or its head if it is of this media type.
    #[cfg(feature = "cli")]
    HeadOf(&'static str),
}

/// What an attempt came to.
pub enum Outcome {
    /// A complete answer; of an unsuccessful one at least the part of its body that could be read.
    Answer(RawResponse),
    /// The head of a successful answer, and its body to be read.
    Head(RawResponse, BodyStream),
    /// A successful answer with a body larger than the limit.
    TooLarge(RawResponse),
    /// A successful answer that broke off.
    Broken(RawResponse, BoxError),
    /// No answer, for the body of the request broke off.
    NoBody(BoxError),
    /// No answer.
    None(TransportError),
    /// A limit of time was reached, as the text says; the answer as far as it had come.
    TimedOut(Option<RawResponse>, String),
}

/// Sends the request once and reads its answer.
// What is done with the request is done before there is a future, which would hold it as long as it lives.
pub fn exchange<'a>(
    shared: &'a Shared,
    request: http::Request<Body>,
    limits: &'a Limits,
    reading: Reading,
) -> impl Future<Output = Outcome> + Send + 'a {
    let span = AttemptSpan::new(&request);
    let is_head = request.method() == Method::HEAD;
    let request = match limits.progress() {
        Some(progress) => request.map(|body| body.watched(progress.clone())),
        None => request,
    };
    let sending = span.within(|| shared.transport.send(request));
    async move {
        let outcome = span.around(answer(sending, is_head, limits, reading, &span)).await;
        span.end(&outcome);
        outcome
    }
}

/// Waits for the answer and reads it.
async fn answer(sending: Sending, is_head: bool, limits: &Limits, reading: Reading, span: &AttemptSpan) -> Outcome {
    let Reading { extent, max_bytes, outcomes } = reading;
    let response = match limits.hold("no answer", sending).await {
        Ok(Ok(response)) => response,
        // The transport's error only follows from this one, and need not name it.
        Ok(Err(error)) => match limits.progress().and_then(|progress| progress.take_failure()) {
            Some(failure) => return Outcome::NoBody(failure),
            None => return Outcome::None(error),
        },
        Err(reason) => return Outcome::TimedOut(None, reason),
    };
    let (mut parts, body) = response.into_parts();
    // The `Content-Length` of an answer to HEAD is that of another answer (RFC 9110, section 9.3.2); over HTTP/2 a
    // transport may hold the body to it nevertheless.
    let body = if is_head { Body::empty() } else { body };
    span.answered(parts.status, parts.version);
    let success = outcomes.contains(parts.status, &parts.headers);
    let (body, error) = content_coding::content(&mut parts, body.into_stream());
    // An unsuccessful status says more than its body, which comes as it is.
    if let Some(error) = error.filter(|_| success) {
        return Outcome::Broken(RawResponse::new(parts.status, parts.headers, Bytes::new()), error.into());
    }
    // The length of the content, where that is known.
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
    let mut read = Gathered::default();
    let end = {
        let reading = pin!(read_body(body, &mut read, max_bytes, limits));
        limits.hold("no complete answer", reading).await
    };
    let answer = RawResponse::new(parts.status, parts.headers, read.into_bytes());
    match end {
        Ok(Ok(())) => Outcome::Answer(answer),
        // An unsuccessful status says more than the trouble with its body does.
        _ if !success => Outcome::Answer(answer),
        Ok(Err(ReadError::TooLarge)) => Outcome::TooLarge(answer),
        Ok(Err(ReadError::Broken(error))) => Outcome::Broken(answer, error),
        Err(reason) => Outcome::TimedOut(Some(answer), reason),
    }
}

#[cfg(feature = "cli")]
fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| essence(value) == essence(media_type))
}

/// What a transport gives for a request.
type Sending = BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

enum ReadError {
    TooLarge,
    Broken(BoxError),
}

/// What has been read of a body. One that comes in one piece, as small ones do, is not copied.
#[derive(Default)]
struct Gathered {
    first: Bytes,
    all: BytesMut,
}

impl Gathered {
    /// The most that is set aside at once, whatever the server announces.
    const AHEAD: u64 = 4 * 1024 * 1024;

    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, chunk: Bytes, announced: Option<u64>) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(announced.unwrap_or_default().min(Self::AHEAD) as usize);
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&chunk);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}

/// Reads a body up to a limit; what was read until an error is kept.
async fn read_body(mut body: BodyStream, read: &mut Gathered, limit: u64, limits: &Limits) -> Result<(), ReadError> {
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
