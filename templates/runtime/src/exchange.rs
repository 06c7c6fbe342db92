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

    /// What to say when the limit is reached, before the answer has begun or within it.
    pub fn reason(&self, begun: bool) -> String {
        let what = if begun { "no complete answer" } else { "no answer" };
        format!("{what} within {:?}, the limit of {}", self.limit, self.of_what)
    }

    /// The future's value, unless the limit is reached first.
    pub async fn hold<T>(&self, future: impl Future<Output = T>) -> Option<T> {
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
    let response = match limits.hold(shared.transport.send(request)).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => return Outcome::None(error),
        None => return Outcome::TimedOut(None),
    };
    let (parts, body) = response.into_parts();
    let mut read = BytesMut::new();
    let end = limits.hold(read_body(body.into_stream(), &mut read, shared.max_response_bytes)).await;
    let success = parts.status.is_success();
    let answer = RawResponse::new(parts.status, parts.headers, read.freeze());
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

/// Reads a body up to a limit; what was read until an error is kept.
async fn read_body(mut body: BodyStream, read: &mut BytesMut, limit: u64) -> Result<(), ReadError> {
    while let Some(chunk) = body.next().await {
        let chunk: Bytes = chunk.map_err(ReadError::Broken)?;
        if (read.len() as u64).saturating_add(chunk.len() as u64) > limit {
            return Err(ReadError::TooLarge);
        }
        read.extend_from_slice(&chunk);
    }
    Ok(())
}
