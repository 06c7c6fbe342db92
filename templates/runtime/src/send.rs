//! Sends a call: attempts, redirects, renewal of credentials and retries.
//!
//! A [`Sending`] is created from an encoded request and its context. The result is a [`Failure`] or a successful
//! response, either complete or with an unread body.

use std::error::Error as StdError;
#[cfg(feature = "credentials")]
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

/// Information about an attempt, which transports find in the extensions of the request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The metadata of the operation; `None` for a request made by method and path.
    pub operation: Option<&'static OperationInfo>,
    /// The number of the attempt, starting at 1. After a redirect, the new request has the same number.
    pub attempt: u32,
    /// The number of requests already sent for this call, including redirected requests.
    pub resends: u32,
    /// The unencoded values of the parameters.
    #[cfg(feature = "mock")]
    pub(super) parameters: super::mock::Parameters,
}

/// A successful response.
pub struct ReceivedResponse {
    /// The response. If the body is streamed, it is in `rest`, and the body of this response is empty.
    pub response: RawResponse,
    /// The unread body of a streamed response.
    #[cfg_attr(not(feature = "streamed"), allow(dead_code))]
    pub rest: Option<BodyStream>,
    /// Whether the caller may send the request again, because it is idempotent.
    #[cfg_attr(not(feature = "streamed"), allow(dead_code))]
    pub retry_safe: bool,
    /// The timeout of the whole call, if the caller set it for this call; it applies to reading `rest` too.
    #[cfg_attr(not(feature = "streamed"), allow(dead_code))]
    pub limit: Option<Limit>,
}

/// A call in progress.
pub struct Sending {
    context: Context,
    /// The client. `context` contains it too; the copy allows borrowing `context` mutably at the same time.
    client: ApiClient,
    extent: Extent,
    policy: RetryPolicy,
    draft: Draft,
    body: Body,
    replayable: bool,
    /// The number of requests passed to the transport.
    requests: u32,
    redirects: Redirects,
    not_followed: Option<NotFollowed>,
    /// Whether the current request is idempotent and may be sent twice.
    retry_safe: bool,
    /// Whether the server responded with 303 to a request that must not be sent twice. The caller must then not repeat
    /// the call, although the current request, the GET after the 303, may be repeated.
    done: bool,
    /// Whether the credentials were renewed. They are renewed at most once per call.
    #[cfg(feature = "credentials")]
    renewed: bool,
    limit: Limit,
    /// The maximum size of the response body in bytes.
    max_response_bytes: u64,
    /// Whether the timeout was set for this call rather than for the client.
    is_own_limit: bool,
    /// The number of tokens that the last retry took from the retry budget; `None` before the first retry, and after
    /// the tokens were given back.
    taken: Option<u32>,
}

impl Sending {
    /// Creates a call from an encoded request, or converts the error of encoding the request to a failure.
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
            #[cfg(feature = "credentials")]
            renewed: false,
            limit,
            max_response_bytes,
            is_own_limit: request_timeout.is_some(),
            taken: None,
            client,
        })
    }

    /// Sends the request, and repeats it until a response is a result of the call or no further attempt is allowed.
    // Takes `&mut self`, since a future that owns `self` would store `self` twice.
    pub async fn perform(&mut self) -> Result<ReceivedResponse, Box<Failure>> {
        // Checked first, because Tokio's timers and file access panic without a runtime.
        require_runtime().map_err(|error| self.context.not_made(error))?;
        #[cfg(feature = "uploads")]
        self.measure().await.map_err(|error| self.context.not_made(error))?;
        self.draft.announce(&self.body);
        loop {
            let outcome = self.attempt().await?;
            let failure = match self.judge(outcome) {
                Ok(received) => return Ok(received),
                Err(failure) => failure,
            };
            #[cfg(feature = "credentials")]
            let Err(failure) = self.renew(failure).await else { continue };
            let mut failure = failure;
            let Some(wait) = self.wait(&mut failure) else { return Err(self.give_up(failure)) };
            telemetry::waits(&failure, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Decodes a response within the timeouts and the size limit of the call.
    ///
    /// # Errors
    ///
    /// A timeout was reached before the response was decoded; the error is the message.
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

    /// Determines the length of the files in the request body.
    #[cfg(feature = "uploads")]
    async fn measure(&mut self) -> Result<(), RequestError> {
        self.body.measure().await.map_err(|error| RequestError::File(with_sources(&error)))
    }

    /// Makes an attempt: sends the request and follows redirects. The timeout of the attempt includes the redirects.
    async fn attempt(&mut self) -> Result<Outcome, Box<Failure>> {
        // The files of the request body are checked before anything is sent, because a server may act on a partial
        // request.
        #[cfg(feature = "uploads")]
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
            #[cfg(feature = "uploads")]
            if let Err(error) = self.body.measure().await {
                return Ok(Outcome::NoBody(error.into()));
            }
            head = self.authorize().await?;
        }
    }

    #[cfg(not(feature = "credentials"))]
    async fn authorize(&mut self) -> Result<Head, Box<Failure>> {
        self.draft.head(self.client.shared()).map_err(|error| self.context.not_made(error))
    }

    #[cfg(feature = "credentials")]
    async fn authorize(&mut self) -> Result<Head, Box<Failure>> {
        let limits = self.call_limits();
        self.draft.authorize(self.client.shared(), &mut self.context, &limits).await
    }

    /// Returns the limits for work outside of an attempt: authorization and decoding.
    fn call_limits(&self) -> Limits {
        Limits::new(self.limit.clone(), None, self.client.shared().timeouts.idle, None)
    }

    /// Renews the credential if the server rejected it with 401, so that the request can be sent again. This is safe
    /// for any method, because a server that responds with 401 has not processed the request.
    ///
    /// # Errors
    ///
    /// Returns the failure if it is not a 401, if the request cannot be sent again, or if the credential was renewed
    /// before or cannot be renewed.
    #[cfg(feature = "credentials")]
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

    /// Changes the request of this and all further attempts according to a redirect.
    fn follow(&mut self, redirect: Redirect) {
        if redirect.see_other {
            self.done |= !self.retry_safe;
            self.retry_safe = self.policy.retry_safe(&Method::GET, None);
            (self.body, self.replayable) = (Body::empty(), true);
        }
        self.draft.redirect(redirect);
    }

    /// Converts the outcome of an attempt to a response or a failure, and decides whether the failure is retryable.
    fn judge(&mut self, outcome: Outcome) -> Result<ReceivedResponse, Box<Failure>> {
        if let Outcome::Response(response) | Outcome::Head(response, _) = &outcome
            && shows_health(response.status())
        {
            // `take`, so that the tokens are given back once: a call may receive several such responses, e.g. a 401 and
            // then a 200.
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
            // Not retryable: if a file has changed, for example, a retry would fail too.
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
                // That the request may have been sent matters to the caller only if repeating the request is not safe.
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

    /// Returns the wait before the next attempt, or `None` if no further attempt is allowed.
    fn wait(&mut self, failure: &mut Failure) -> Option<Duration> {
        let attempts = failure.attempts;
        // An attempt with a rejected credential does not count toward the policy's maximum.
        #[cfg(feature = "credentials")]
        let attempts = attempts.saturating_sub(u32::from(self.renewed));
        if !failure.retryable || !self.replayable || !self.policy.allows_after(attempts) {
            return None;
        }
        let planned = self.planned_wait(failure);
        if let Err(reason) = &planned {
            failure.not_sent_again(reason);
        }
        planned.ok()
    }

    /// Returns the wait before the next attempt, or the reason why the retry policy, the timeout or the retry budget
    /// does not allow another attempt.
    fn planned_wait(&mut self, failure: &Failure) -> Result<Duration, String> {
        let wait = self.policy.wait(failure.attempts, failure.retry_after)?;
        // Waiting beyond the timeout would replace the failure with a less useful timeout error.
        if self.limit.is_reached_within(wait) {
            let length = self.limit.length();
            return Err(format!("waiting {wait:.1?} would exceed the timeout of the whole call, {length:?}"));
        }
        let timeout = failure.kind == ErrorKind::Timeout;
        self.taken = Some(self.client.shared().retry_budget.take(timeout).ok_or("the retry budget is exhausted")?);
        Ok(wait)
    }

    /// Returns the failure to report to the caller, marked as not retryable if the caller must not repeat the call.
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

/// Returns scheme, host and port of a URL: `https://api.example.com:8443`.
fn origin(uri: &Uri) -> String {
    let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |host| host.as_str()));
    format!("{scheme}://{authority}")
}

/// Returns the wait that the server requests by `Retry-After`. The header is ignored for statuses other than 429 and
/// 5xx.
fn requested_wait(response: &RawResponse) -> Option<Duration> {
    let status = response.status();
    let may_request = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    if may_request { retry_after(response.headers(), SystemTime::now()) } else { None }
}

/// Returns whether retrying after this error is pointless, because it comes from a mock that has no response for the
/// request.
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

/// Formats an error and its sources, separated by colons.
#[cfg(feature = "uploads")]
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
