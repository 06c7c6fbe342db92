//! Sending of a call: attempts, redirects, renewal of credentials and retries.
//!
//! Takes an assembled request and the context of its call, and returns a successful response (complete, or its head and
//! an unread body) or a [`Failure`]. Only the head of the request and a replayable body are kept between attempts.

use std::error::Error as StdError;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{Method, StatusCode, Uri};
use tokio::runtime::Handle;

use super::body::{Body, BodyStream};
use super::client::ApiClient;
use super::error::ErrorKind;
use super::exchange::{Extent, Outcome, Reading, exchange};
use super::failure::{Context, Failure};
use super::head::{Draft, Head};
use super::limits::{Limit, Limits};
use super::offload;
use super::operation::OperationInfo;
use super::progress::Progress;
use super::redirect::{DocumentedRedirects, NotFollowed, Redirect, Redirects, Sent};
use super::request::{Request, RequestError};
use super::response::RawResponse;
use super::retry::{RetryPolicy, retry_after, retryable_status};
use super::telemetry;
use super::timeouts::Timeouts;
use super::transport::TransportError;

/// Information about an attempt for transports, found in the extensions of the request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The metadata of the operation; `None` for a request made by method and path.
    pub operation: Option<&'static OperationInfo>,
    /// The number of the attempt, starting at 1. Redirects that are followed belong to the same attempt.
    pub attempt: u32,
    /// The number of requests already sent for this call, by earlier attempts and before redirects.
    pub resends: u32,
    /// The unencoded values of the parameters.
    #[cfg(feature = "mock")]
    pub(super) parameters: super::mock::Parameters,
}

/// A successful response.
pub struct ReceivedResponse {
    /// The response; its body is empty if only the head was requested.
    pub response: RawResponse,
    /// The unread body, if only the head was requested.
    pub rest: Option<BodyStream>,
    /// Whether the caller may send the request again although the server may have processed it.
    pub retry_safe: bool,
    /// The timeout of the whole call for reading the body, if the caller set one for this call.
    pub limit: Option<Limit>,
}

/// A call in progress.
pub struct Sending {
    context: Context,
    /// The client, which is also in `context`; a separate field so that `context` can be borrowed mutably.
    client: ApiClient,
    extent: Extent,
    policy: RetryPolicy,
    draft: Draft,
    body: Body,
    replayable: bool,
    /// The number of requests given to the transport.
    requests: u32,
    redirects: Redirects,
    not_followed: Option<NotFollowed>,
    /// Whether the current request may be sent twice.
    retry_safe: bool,
    /// Whether the server responded with 303 to a request that must not be sent twice. Later requests of the call
    /// differ from the one that the caller could repeat.
    done: bool,
    /// Whether the credentials were renewed. This happens at most once.
    renewed: bool,
    limit: Limit,
    /// The maximum size of the response body in bytes.
    max_response_bytes: u64,
    /// Whether the timeout was set for this call rather than for the client.
    is_own_limit: bool,
    /// The tokens that the last retry took from the retry budget.
    taken: Option<u32>,
}

impl Sending {
    /// Creates a call from an assembled request, or converts the error of assembling it.
    pub fn new(context: Context, request: Result<Request, RequestError>, extent: Extent) -> Result<Self, Box<Failure>> {
        let mut request = request.map_err(|error| context.not_made(error))?;
        let client = context.client.clone();
        let shared = client.shared();
        let request_timeout = request.timeout;
        let limit = Limit::of_call(request_timeout.or(shared.timeouts.overall), Timeouts::DEFAULT_OVERALL);
        let policy = request.retry.take().unwrap_or_else(|| shared.retry.clone());
        let max_response_bytes = request.max_response_bytes.unwrap_or(shared.max_response_bytes);
        let documented = request.info.map_or(DocumentedRedirects::None, |info| info.documented_redirects);
        let redirects = Redirects::new(shared.redirects, request.redirects, documented);
        let body = std::mem::take(&mut request.body);
        Ok(Self {
            context,
            extent,
            retry_safe: policy.retry_safe(&request.method, request.idempotent),
            policy,
            draft: Draft::new(request),
            replayable: body.is_replayable(),
            body,
            requests: 0,
            redirects,
            not_followed: None,
            done: false,
            renewed: false,
            limit,
            max_response_bytes,
            is_own_limit: request_timeout.is_some(),
            taken: None,
            client,
        })
    }

    /// Sends the request until a response is accepted or no further attempt is allowed.
    // Takes `&mut self` since a future that owns `self` would store it twice.
    pub async fn perform(&mut self) -> Result<ReceivedResponse, Box<Failure>> {
        // First, because timers and file access of Tokio panic without a runtime.
        require_runtime().map_err(|error| self.context.not_made(error))?;
        self.measure().await.map_err(|error| self.context.not_made(error))?;
        loop {
            let outcome = self.attempt().await?;
            let failure = match self.judge(outcome) {
                Ok(received) => return Ok(received),
                Err(failure) => failure,
            };
            let Err(mut failure) = self.renew(failure).await else { continue };
            let Some(wait) = self.wait(&mut failure) else { return Err(self.give_up(failure)) };
            telemetry::waits(&failure, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Decodes a response within the timeouts of the call.
    ///
    /// # Errors
    ///
    /// Returns a message if a timeout was reached first.
    pub async fn decode<T: Send + 'static>(
        &self,
        response: &RawResponse,
        decode: impl FnOnce(&RawResponse) -> T + Send + 'static,
    ) -> Result<T, String> {
        offload::decode(response, self.max_response_bytes, &self.call_limits(), decode).await
    }

    /// Returns the context of the call.
    pub fn into_context(self) -> Context {
        self.context
    }

    async fn measure(&mut self) -> Result<(), RequestError> {
        self.body.measure().await.map_err(|error| RequestError::File(with_sources(&error)))?;
        self.draft.announce(&self.body);
        Ok(())
    }

    /// Makes an attempt: one exchange, and further ones for redirects. The timeout of the attempt covers all of them.
    async fn attempt(&mut self) -> Result<Outcome, Box<Failure>> {
        // Measured before sending, because a server may act on a partial request.
        if let Err(error) = self.body.measure().await {
            return Ok(Outcome::NoBody(error.into()));
        }
        let may_follow = self.retry_safe && self.replayable && self.policy.allows_after(1);
        let mut head = self.authorize().await?;
        self.context.attempts = self.context.attempts.saturating_add(1);
        let timeouts = &self.client.shared().timeouts;
        let (idle, is_set) = (timeouts.idle, timeouts.attempt.is_some());
        let length = timeouts.attempt(may_follow && !self.limit.is_set());
        let mut attempt_limit = length.map(|length| Limit::of_attempt(length, is_set));
        loop {
            self.context.uri = Some(head.uri().clone());
            let progress = (!self.body.is_empty()).then(Arc::<Progress>::default);
            let request = head.into_request(self.next_body(), self.context.attempts, self.requests);
            self.requests = self.requests.saturating_add(1);
            let limits = Limits::new(self.limit.clone(), attempt_limit.clone(), idle, progress);
            let reading = Reading {
                extent: self.extent,
                max_bytes: self.max_response_bytes,
                outcomes: self.redirects.outcomes(),
            };
            let outcome = exchange(self.client.shared(), request, &limits, reading).await;
            for limit in [Some(&mut self.limit), attempt_limit.as_mut()].into_iter().flatten() {
                limit.extend(&limits);
            }
            self.context.sent |= !matches!(outcome, Outcome::None(TransportError::NotSent(_)));
            let (Outcome::Response(response), Some(uri)) = (&outcome, &self.context.uri) else { return Ok(outcome) };
            let sent = Sent { method: self.draft.method(), uri, replayable: self.replayable };
            match self.redirects.next(&sent, response) {
                Ok(Some(redirect)) => self.follow(redirect),
                Ok(None) => return Ok(outcome),
                Err(reason) => {
                    self.not_followed = Some(reason);
                    return Ok(outcome);
                }
            }
            if let Err(error) = self.body.measure().await {
                return Ok(Outcome::NoBody(error.into()));
            }
            head = self.authorize().await?;
        }
    }

    async fn authorize(&mut self) -> Result<Head, Box<Failure>> {
        let limits = self.call_limits();
        self.draft.authorize(self.client.shared(), &mut self.context, &limits).await
    }

    /// Returns the limits for work that belongs to no exchange.
    fn call_limits(&self) -> Limits {
        Limits::new(self.limit.clone(), None, self.client.shared().timeouts.idle, None)
    }

    /// Renews the credential after it was rejected. A server that responds with 401 has not processed the request,
    /// whatever its method. Returns the failure if there is no other credential or if it was renewed before.
    async fn renew(&mut self, failure: Box<Failure>) -> Result<(), Box<Failure>> {
        let response = failure.response.as_ref().filter(|_| failure.kind == ErrorKind::Status);
        let rejected = response.is_some_and(|response| response.status() == StatusCode::UNAUTHORIZED);
        if !rejected || self.renewed {
            return Err(failure);
        }
        let shared = self.client.shared();
        if !self.replayable {
            // The request cannot be repeated, but the next call must not use this credential.
            shared.credentials.refuse(&self.context.credentials);
            return Err(failure);
        }
        let renewed = pin!(shared.credentials.renew(&self.context.credentials, shared));
        match self.call_limits().hold("no credential", renewed).await {
            Ok(Ok(true)) => {
                self.renewed = true;
                Ok(())
            }
            // On a timeout, the 401 response is more useful to the caller.
            Ok(Ok(false)) | Err(_) => Err(failure),
            Ok(Err(error)) => Err(self.context.not_renewed(*failure, error)),
        }
    }

    fn next_body(&mut self) -> Body {
        if self.replayable { self.body.clone() } else { std::mem::take(&mut self.body) }
    }

    /// Applies a redirect to this and all further attempts.
    fn follow(&mut self, redirect: Redirect) {
        if redirect.see_other {
            self.done |= !self.retry_safe;
            self.retry_safe = self.policy.retry_safe(&Method::GET, None);
            (self.body, self.replayable) = (Body::empty(), true);
        }
        self.draft.redirect(redirect);
    }

    /// Converts an outcome to a response or a failure, and decides whether the failure may be retried.
    fn judge(&mut self, outcome: Outcome) -> Result<ReceivedResponse, Box<Failure>> {
        if let Outcome::Response(response) | Outcome::Head(response, _) = &outcome
            && shows_health(response.status())
        {
            // `take`: a call may receive several such responses, for example a 401 first.
            self.client.shared().retry_budget.give_back(self.taken.take());
        }
        let (mut failure, retryable) = match outcome {
            Outcome::Response(response)
                if self.redirects.outcomes().contains(response.status(), response.headers()) =>
            {
                return Ok(self.received(response, None));
            }
            Outcome::Head(response, rest) => return Ok(self.received(response, Some(rest))),
            Outcome::Response(response) => {
                let (status, wait) = (response.status(), requested_wait(&response));
                let mut failure = self.context.status(response, self.not_followed.take());
                failure.retry_after = wait;
                (failure, retryable_status(status, self.retry_safe))
            }
            Outcome::TooLarge(response) => (self.context.too_large(response, self.max_response_bytes), false),
            Outcome::Broken(response, error) => {
                let failure = self.context.broken(response, error, self.retry_safe);
                let retryable = failure.retryable;
                (failure, retryable)
            }
            // Retrying does not help if a file has changed.
            Outcome::NoBody(error) => (self.context.no_body(error), false),
            Outcome::None(error) => {
                let timeout = error.is_timeout();
                let not_sent = matches!(error, TransportError::NotSent(_));
                let is_final = is_final(&error);
                let target = self.context.uri.as_ref().filter(|_| not_sent && !is_final);
                let detail = target.map(|uri| format!("the request was not sent to {}", origin(uri)));
                let retryable = !is_final && (self.retry_safe || not_sent);
                (self.context.no_response(&detail.unwrap_or_default(), timeout, None, error.into()), retryable)
            }
            Outcome::TimedOut(response, reason) => {
                // Only mentioned if it matters to the caller: the request is not safe to repeat.
                let unknown = !self.retry_safe && response.is_none();
                let detail = if unknown { "the request may have been sent" } else { "" };
                (self.context.no_response(detail, true, response, reason.into()), self.retry_safe)
            }
        };
        failure.retryable = retryable;
        Err(failure)
    }

    fn received(&self, response: RawResponse, rest: Option<BodyStream>) -> ReceivedResponse {
        let limit = self.is_own_limit.then(|| self.limit.clone());
        ReceivedResponse { response, rest, retry_safe: self.retry_safe && !self.done, limit }
    }

    /// Returns how long to wait before the next attempt, or `None` if there is none.
    fn wait(&mut self, failure: &mut Failure) -> Option<Duration> {
        // The policy does not count an attempt with a rejected credential.
        let attempts = failure.attempts.saturating_sub(u32::from(self.renewed));
        if !failure.retryable || !self.replayable || !self.policy.allows_after(attempts) {
            return None;
        }
        let planned = self.planned_wait(failure);
        if let Err(reason) = &planned {
            failure.not_sent_again(reason);
        }
        planned.ok()
    }

    /// Returns the wait that policy, timeout and retry budget allow, or the reason why there is none.
    fn planned_wait(&mut self, failure: &Failure) -> Result<Duration, String> {
        let wait = self.policy.wait(failure.attempts, failure.retry_after)?;
        // Waiting beyond the timeout would replace the failure by a less useful timeout error.
        if self.limit.is_reached_within(wait) {
            let length = self.limit.length();
            return Err(format!("waiting {wait:.1?} would exceed the timeout of the whole call, {length:?}"));
        }
        let timeout = failure.kind == ErrorKind::Timeout;
        self.taken = Some(self.client.shared().retry_budget.take(timeout).ok_or("the retry budget is exhausted")?);
        Ok(wait)
    }

    /// Returns the final failure. It is not retryable if the original request must not be repeated.
    fn give_up(&self, mut failure: Box<Failure>) -> Box<Failure> {
        failure.retryable &= !self.done;
        failure
    }
}

/// Returns an error if the current thread is not within a Tokio runtime.
pub fn require_runtime() -> Result<(), RequestError> {
    Handle::try_current().map(|_| ()).map_err(|_| RequestError::NoRuntime)
}

/// Returns whether a status shows that the server works normally, even if it rejects the request.
fn shows_health(status: StatusCode) -> bool {
    !status.is_server_error() && !matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// Returns scheme, host and port.
fn origin(uri: &Uri) -> String {
    let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |host| host.as_str()));
    format!("{scheme}://{authority}")
}

/// Returns the wait that the server requests, if the status is one that can be retried.
fn requested_wait(response: &RawResponse) -> Option<Duration> {
    let status = response.status();
    let may_request = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    if may_request { retry_after(response.headers(), SystemTime::now()) } else { None }
}

/// Returns whether retrying is pointless because a mock has no response for the request.
pub fn is_final(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        #[cfg(feature = "mock")]
        if error.is::<super::mock::UnexpectedCall>() {
            return true;
        }
        next = error.source();
    }
    false
}

/// Formats an error and its sources.
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
