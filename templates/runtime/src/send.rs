//! Sending: credentials, attempts, limits of time and size.
//!
//! In: an assembled request and the context of its call. Out: a successful answer, read whole; or a `Failure`. Between
//! two attempts nothing is kept but the head of the request and a body that can be read again.

use std::error::Error as StdError;
use std::future::Future;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, COOKIE, HeaderMap, HeaderValue};
use http::{Method, StatusCode, Uri};
use tokio::time::Instant;

use super::body::{Body, BodyStream};
use super::client::Shared;
use super::failure::{Context, Failure};
use super::operation::OperationInfo;
use super::pieces::FileError;
use super::request::{Request, RequestError};
use super::response::RawResponse;
use super::retry::{retry_after, retryable_status};
use super::security::Requirement;
use super::transport::{BoxError, TransportError};

/// What a transport may know of the request beyond HTTP; it is in the request's extensions.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The description of the operation; `None` for a request made by method and path.
    pub operation: Option<&'static OperationInfo>,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
}

/// The head of a request: the same for every attempt.
struct Head {
    info: Option<&'static OperationInfo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

/// Sends a request until it is answered or no further attempt is allowed.
pub async fn perform(
    mut context: Context,
    request: Result<Request, RequestError>,
) -> Result<(RawResponse, Context), Box<Failure>> {
    let client = context.client.clone();
    let shared = client.shared();
    let mut request = request.map_err(|error| context.not_made(error))?;
    let overall = request.timeout.unwrap_or(shared.timeouts.overall);
    let policy = request.retry.take().unwrap_or_else(|| shared.retry.clone());
    let may_double = policy.may_double(&request.method, request.idempotent);
    // A limit too far to be counted is none.
    let deadline = Instant::now().checked_add(overall);

    if let Err(error) = request.body.measure().await {
        return Err(context.not_made(RequestError::File(with_sources(&error))));
    }
    let mut body = std::mem::take(&mut request.body);
    let head = head(shared, request, &body).map_err(|error| context.not_made(error))?;
    let repeatable = policy.allows_after(1) && body.is_replayable();
    let attempt_limit = shared.timeouts.attempt(repeatable && may_double);

    loop {
        context.attempts = context.attempts.saturating_add(1);
        let again = repeatable && policy.allows_after(context.attempts);
        let this_body = if again { body.clone() } else { std::mem::take(&mut body) };
        let limits = Limits::new(deadline, overall, attempt_limit);
        let outcome = attempt(shared, head.request(this_body, context.attempts), &limits).await;
        let failure = match judge(&mut context, outcome, may_double, &limits, shared.max_response_bytes) {
            Ok(response) => return Ok((response, context)),
            Err(failure) => failure,
        };
        if !again || !failure.retryable {
            return Err(failure);
        }
        let Some(wait) = policy.wait(context.attempts, failure.retry_after) else { return Err(failure) };
        // A wait that the call has no time for would end in a timeout that hides what happened.
        let next = Instant::now().checked_add(wait);
        if deadline.is_some_and(|deadline| next.is_none_or(|next| next >= deadline)) {
            return Err(failure);
        }
        tokio::time::sleep(wait).await;
    }
}

/// Makes the head: base URL, credentials, headers.
fn head(shared: &Shared, request: Request, body: &Body) -> Result<Head, RequestError> {
    let requirement = request.info.map_or(Requirement::FirstConfigured, |info| Requirement::AnyOf(info.security));
    let authorization = shared.credentials.authorize(requirement, shared.api)?;

    let mut url = authorization.base.unwrap_or(&shared.base).join(&request.path);
    let query: Vec<_> = request.query.into_iter().chain(authorization.query).collect();
    if !query.is_empty() {
        url.push('?');
        url.push_str(&query.join("&"));
    }
    let uri =
        url.parse().map_err(|error: http::uri::InvalidUri| RequestError::Path(format!("makes no URL: {error}")))?;

    let mut headers = shared.headers.clone();
    headers.extend(request.headers);
    for (name, value) in authorization.headers {
        headers.insert(name, value);
    }
    let cookies: Vec<_> = request.cookies.into_iter().chain(authorization.cookies).collect();
    if !cookies.is_empty() {
        let mut cookies = HeaderValue::try_from(cookies.join("; ")).map_err(|_| RequestError::Header {
            name: COOKIE.to_string(),
            message: "holds characters that cannot be sent".to_owned(),
        })?;
        cookies.set_sensitive(true);
        headers.insert(COOKIE, cookies);
    }
    headers.extend(request.extra_headers);
    // RFC 9110, section 8.6: a method that gives content a meaning says so too where there is none.
    let takes_content = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    if let Some(length) = body.length().filter(|_| takes_content || !body.is_empty()) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Ok(Head { info: request.info, method: request.method, uri, headers })
}

impl Head {
    fn request(&self, body: Body, attempt: u32) -> http::Request<Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request.extensions_mut().insert(AttemptInfo { operation: self.info, attempt });
        request
    }
}

/// Until when an attempt may take, and which limit that is.
struct Limits {
    until: Option<Instant>,
    limit: Duration,
    of_what: &'static str,
}

impl Limits {
    fn new(deadline: Option<Instant>, overall: Duration, attempt: Option<Duration>) -> Self {
        let attempt_end = attempt.and_then(|attempt| Some((Instant::now().checked_add(attempt)?, attempt)));
        match attempt_end {
            Some((end, attempt)) if deadline.is_none_or(|deadline| end < deadline) => {
                Self { until: Some(end), limit: attempt, of_what: "one attempt" }
            }
            _ => Self { until: deadline, limit: overall, of_what: "the whole call" },
        }
    }

    /// What to say when the limit is reached.
    fn reason(&self) -> String {
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
enum Outcome {
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

async fn attempt(shared: &Shared, request: http::Request<Body>, limits: &Limits) -> Outcome {
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

/// Makes an answer or a failure of an outcome, and decides whether the rules allow another attempt.
fn judge(
    context: &mut Context,
    outcome: Outcome,
    may_double: bool,
    limits: &Limits,
    max_response_bytes: u64,
) -> Result<RawResponse, Box<Failure>> {
    context.sent |= !matches!(outcome, Outcome::None(TransportError::NotSent(_)));
    let (mut failure, retryable) = match outcome {
        Outcome::Answer(response) if response.status().is_success() => return Ok(response),
        Outcome::Answer(response) => {
            let (status, wait) = (response.status(), asked_wait(&response));
            let mut failure = context.status(response);
            failure.retry_after = wait;
            (failure, retryable_status(status, may_double))
        }
        Outcome::TooLarge(response) => (context.too_large(response, max_response_bytes), false),
        Outcome::Broken(response, error) => {
            (context.no_answer("the answer broke off", false, Some(response), error), may_double)
        }
        Outcome::None(error) => {
            let timeout = error.is_timeout();
            // A file that changed stays changed.
            let retryable = !holds_file_error(&error) && (may_double || matches!(error, TransportError::NotSent(_)));
            (context.no_answer("", timeout, None, error.into()), retryable)
        }
        Outcome::TimedOut(response) => (context.no_answer("", true, response, limits.reason().into()), may_double),
    };
    failure.retryable = retryable;
    Err(failure)
}

/// How long the server asks to wait, where the status makes that a request to come back.
fn asked_wait(response: &RawResponse) -> Option<Duration> {
    let status = response.status();
    let asks = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    if asks { retry_after(response.headers(), SystemTime::now()) } else { None }
}

/// Whether the body, and not the connection, is what failed.
fn holds_file_error(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<FileError>() {
            return true;
        }
        next = error.source();
    }
    false
}

/// An error and its sources in one text.
fn with_sources(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
