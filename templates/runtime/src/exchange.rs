//! One exchange: a request goes through the transport, its answer is read within the limits of time and size.
//!
//! In: a request of one attempt. Out: an [`Outcome`]; what it means for the call is decided in `send`.

use std::future::Future;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use super::body::{Body, BodyStream};
use super::client::Shared;
use super::response::RawResponse;
use super::telemetry::AttemptSpan;
use super::transport::{BoxError, TransportError};

/// Until when an attempt may take, and which limit that is.
pub struct Limits {
    until: Option<Instant>,
    limit: Duration,
    of_what: &'static str,
}

impl Limits {
    /// The limits of an attempt that begins now.
    pub fn new(deadline: Option<Instant>, overall: Duration, attempt: Option<Duration>) -> Self {
        let attempt_end = attempt.and_then(|attempt| Some((Instant::now().checked_add(attempt)?, attempt)));
        match attempt_end {
            Some((end, attempt)) if deadline.is_none_or(|deadline| end < deadline) => {
                Self { until: Some(end), limit: attempt, of_what: "one attempt" }
            }
            _ => Self { until: deadline, limit: overall, of_what: "the whole call" },
        }
    }

    /// What to say when the limit is reached.
    pub fn reason(&self) -> String {
        format!("no answer within {:?}, the limit of {}", self.limit, self.of_what)
    }

    /// The future's value, unless the limit is reached first.
    async fn hold<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match self.until {
            Some(until) => tokio::time::timeout_at(until, future).await.ok(),
            None => Some(future.await),
        }
    }
}

/// What an attempt came to.
pub enum Outcome {
    /// A complete answer; of an unsuccessful one at least the part of its body that could be read.
    Answer(RawResponse),
    /// A successful answer with a body larger than the limit.
    TooLarge(RawResponse),
    /// A successful answer that broke off.
    Broken(RawResponse, BoxError),
    /// No answer.
    None(TransportError),
    /// The limit of time was reached; the answer as far as it had come.
    TimedOut(Option<RawResponse>),
}

/// Sends the request once and reads its answer.
pub async fn exchange(shared: &Shared, request: http::Request<Body>, limits: &Limits) -> Outcome {
    let span = AttemptSpan::new(&request);
    let outcome = span.around(send_and_read(shared, request, limits, &span)).await;
    span.end(&outcome);
    outcome
}

async fn send_and_read(shared: &Shared, request: http::Request<Body>, limits: &Limits, span: &AttemptSpan) -> Outcome {
    let response = match limits.hold(shared.transport.send(request)).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => return Outcome::None(error),
        None => return Outcome::TimedOut(None),
    };
    let (parts, body) = response.into_parts();
    span.answered(parts.status, parts.version);
    let announced = body.length();
    let mut read = Gathered::default();
    let end = limits.hold(read_body(body.into_stream(), announced, &mut read, shared.max_response_bytes)).await;
    let success = parts.status.is_success();
    let answer = RawResponse::new(parts.status, parts.headers, read.into_bytes());
    match end {
        Some(Ok(())) => Outcome::Answer(answer),
        // An unsuccessful status says more than the trouble with its body does.
        _ if !success => Outcome::Answer(answer),
        Some(Err(ReadError::TooLarge)) => Outcome::TooLarge(answer),
        Some(Err(ReadError::Broken(error))) => Outcome::Broken(answer, error),
        None => Outcome::TimedOut(Some(answer)),
    }
}

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
async fn read_body(
    mut body: BodyStream,
    announced: Option<u64>,
    read: &mut Gathered,
    limit: u64,
) -> Result<(), ReadError> {
    while let Some(chunk) = body.next().await {
        let chunk: Bytes = chunk.map_err(ReadError::Broken)?;
        if (read.len() as u64).saturating_add(chunk.len() as u64) > limit {
            return Err(ReadError::TooLarge);
        }
        read.push(chunk, announced);
    }
    Ok(())
}
