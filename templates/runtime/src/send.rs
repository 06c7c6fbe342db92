//! Sending: attempts, and what each of them means for the call.
//!
//! In: an assembled request and the context of its call. Out: a successful answer, read whole; or a `Failure`. Between
//! two attempts nothing is kept but the head of the request and a body that can be read again.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use tokio::time::Instant;

use super::exchange::{Limits, Outcome, exchange};
use super::failure::{Context, Failure};
use super::head::Draft;
use super::operation::OperationInfo;
use super::pieces::FileError;
use super::request::{Request, RequestError};
use super::response::RawResponse;
use super::retry::{retry_after, retryable_status};
use super::transport::TransportError;

/// What a transport may know of the request beyond HTTP; it is in the request's extensions.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The description of the operation; `None` for a request made by method and path.
    pub operation: Option<&'static OperationInfo>,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
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
    let draft = Draft::new(shared, request, &body);
    let replayable = body.is_replayable();
    let repeatable = policy.allows_after(1) && replayable;
    let attempt_limit = shared.timeouts.attempt(repeatable && may_double);
    let call_limits = Limits::new(deadline, overall, None);
    let mut renewed = false;

    loop {
        let head = draft.authorize(shared, &mut context, &call_limits).await?;
        context.attempts = context.attempts.saturating_add(1);
        // An attempt with a refused credential is none of those that the policy counts.
        let again = repeatable && policy.allows_after(context.attempts.saturating_sub(u32::from(renewed)));
        let may_renew = !renewed && replayable && context.credentials.iter().any(|used| used.is_renewable);
        let this_body = if again || may_renew { body.clone() } else { std::mem::take(&mut body) };
        let limits = Limits::new(deadline, overall, attempt_limit);
        let outcome = exchange(shared, head.into_request(this_body, context.attempts), &limits).await;
        let failure = match judge(&mut context, outcome, may_double, &limits, shared.max_response_bytes) {
            Ok(response) => return Ok((response, context)),
            Err(failure) if may_renew => match draft.refused(shared, &context, &call_limits, failure).await {
                Some(failure) => failure,
                None => {
                    renewed = true;
                    continue;
                }
            },
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
            let retryable = !is_final(&error) && (may_double || matches!(error, TransportError::NotSent(_)));
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

/// Whether another attempt would end as this one did: the body, and not the connection, is what failed, or a mock does
/// not know the request.
pub fn is_final(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<FileError>() {
            return true;
        }
        #[cfg(feature = "mock")]
        if error.is::<super::mock::UnexpectedCall>() {
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
