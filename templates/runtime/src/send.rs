//! Sending: attempts, and what each of them means for the call.
//!
//! In: an assembled request and the context of its call. Out: a successful answer, whole or its head; or a `Failure`.
//! Between two attempts nothing is kept but the head of the request and a body that can be read again.

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

/// What a transport may know of the request beyond HTTP; it is in the request's extensions.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptInfo {
    /// The description of the operation; `None` for a request made by method and path.
    pub operation: Option<&'static OperationInfo>,
    /// Which attempt this is, counted from 1. A redirect that is followed is part of its attempt.
    pub attempt: u32,
    /// How many requests of the same call came before: earlier attempts, and what redirects led away from.
    pub resends: u32,
    /// The values behind the encoded parameters.
    #[cfg(feature = "mock")]
    pub(super) parameters: super::mock::Parameters,
}

/// A successful answer.
pub struct Answer {
    /// The answer; without its body where only its head was asked for.
    pub response: RawResponse,
    /// What there is to read then.
    pub rest: Option<BodyStream>,
    /// Whether the caller may send the request again once the server may have acted on it.
    pub retry_safe: bool,
    /// The limit of time for reading the rest, if the caller has set one for this call.
    pub limit: Option<Limit>,
}

/// A call under way.
pub struct Sending {
    context: Context,
    /// The client; the context has it too, and is written to.
    client: ApiClient,
    extent: Extent,
    policy: RetryPolicy,
    draft: Draft,
    body: Body,
    replayable: bool,
    /// How many requests were given to the transport.
    requests: u32,
    redirects: Redirects,
    not_followed: Option<NotFollowed>,
    /// Whether what is sent now may be sent twice.
    retry_safe: bool,
    /// Whether the server has done, with a 303, what must not be done twice. What is sent from then on is not what the
    /// caller would send again.
    done: bool,
    /// Whether the credentials have been renewed, which is done once.
    renewed: bool,
    limit: Limit,
    /// The limit of the response body, in bytes.
    max_response_bytes: u64,
    /// Whether the limit was set for this call, and not for all calls of the client.
    is_own_limit: bool,
    /// What the last retry took of the budget.
    taken: Option<u32>,
}

impl Sending {
    /// A call that is about to be sent, unless its request could not be assembled.
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

    /// Sends the request until it is answered or no further attempt is allowed.
    // By reference: a future that held the call by value would have it in memory twice.
    pub async fn perform(&mut self) -> Result<Answer, Box<Failure>> {
        // Before any timer or file: Tokio's panic without a runtime.
        require_runtime().map_err(|error| self.context.not_made(error))?;
        self.measure().await.map_err(|error| self.context.not_made(error))?;
        loop {
            let outcome = self.attempt().await?;
            let failure = match self.judge(outcome) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let Err(mut failure) = self.renew(failure).await else { continue };
            let Some(wait) = self.wait(&mut failure) else { return Err(self.give_up(failure)) };
            telemetry::waits(&failure, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Decodes a response within the limits of the call.
    ///
    /// # Errors
    ///
    /// A limit of time was reached first, as the text says.
    pub async fn decode<T: Send + 'static>(
        &self,
        response: &RawResponse,
        decode: impl FnOnce(&RawResponse) -> T + Send + 'static,
    ) -> Result<T, String> {
        offload::decode(response, self.max_response_bytes, &self.call_limits(), decode).await
    }

    /// What is known of the call.
    pub fn into_context(self) -> Context {
        self.context
    }

    async fn measure(&mut self) -> Result<(), RequestError> {
        self.body.measure().await.map_err(|error| RequestError::File(with_sources(&error)))?;
        self.draft.announce(&self.body);
        Ok(())
    }

    /// One attempt: an exchange, and those that redirects lead to. Its limit of time holds for all of them.
    async fn attempt(&mut self) -> Result<Outcome, Box<Failure>> {
        // Seen before anything is sent again: a server that gets a part of a request may act on it.
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
                limit.put_off(&limits);
            }
            self.context.sent |= !matches!(outcome, Outcome::None(TransportError::NotSent(_)));
            let (Outcome::Answer(answer), Some(uri)) = (&outcome, &self.context.uri) else { return Ok(outcome) };
            let sent = Sent { method: self.draft.method(), uri, replayable: self.replayable };
            match self.redirects.next(&sent, answer) {
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

    /// The limits of the call, for what belongs to no exchange.
    fn call_limits(&self) -> Limits {
        Limits::new(self.limit.clone(), None, self.client.shared().timeouts.idle, None)
    }

    /// Sees to it that a request whose credential was refused goes out with another one: a server that answers 401 has
    /// not acted on it, whatever its method. The failure comes back where there is none, or it was tried before.
    async fn renew(&mut self, failure: Box<Failure>) -> Result<(), Box<Failure>> {
        let refused = failure.response.as_ref().filter(|_| failure.kind == ErrorKind::Status);
        let refused = refused.is_some_and(|response| response.status() == StatusCode::UNAUTHORIZED);
        if !refused || self.renewed {
            return Err(failure);
        }
        let shared = self.client.shared();
        if !self.replayable {
            // Too late for this call; the next one is not to show it again.
            shared.credentials.refuse(&self.context.credentials);
            return Err(failure);
        }
        let renewed = pin!(shared.credentials.renew(&self.context.credentials, shared));
        match self.call_limits().hold("no credential", renewed).await {
            Ok(Ok(true)) => {
                self.renewed = true;
                Ok(())
            }
            // The answer says more than that there was no time for a second one.
            Ok(Ok(false)) | Err(_) => Err(failure),
            Ok(Err(error)) => Err(self.context.not_renewed(*failure, error)),
        }
    }

    fn next_body(&mut self) -> Body {
        if self.replayable { self.body.clone() } else { std::mem::take(&mut self.body) }
    }

    /// Goes where a redirect leads; further attempts go on from there.
    fn follow(&mut self, redirect: Redirect) {
        if redirect.see_other {
            self.done |= !self.retry_safe;
            self.retry_safe = self.policy.retry_safe(&Method::GET, None);
            (self.body, self.replayable) = (Body::empty(), true);
        }
        self.draft.redirect(redirect);
    }

    /// Makes an answer or a failure of an outcome, and decides whether the rules allow another attempt.
    fn judge(&mut self, outcome: Outcome) -> Result<Answer, Box<Failure>> {
        if let Outcome::Answer(response) | Outcome::Head(response, _) = &outcome
            && shows_health(response.status())
        {
            // Once: a 401 may come before the answer.
            self.client.shared().retry_budget.give_back(self.taken.take());
        }
        let (mut failure, retryable) = match outcome {
            Outcome::Answer(response) if self.redirects.outcomes().contains(response.status(), response.headers()) => {
                return Ok(self.answer(response, None));
            }
            Outcome::Head(response, rest) => return Ok(self.answer(response, Some(rest))),
            Outcome::Answer(response) => {
                let (status, wait) = (response.status(), asked_wait(&response));
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
            // A file that changed stays changed.
            Outcome::NoBody(error) => (self.context.no_body(error), false),
            Outcome::None(error) => {
                let timeout = error.is_timeout();
                let not_sent = matches!(error, TransportError::NotSent(_));
                let is_final = is_final(&error);
                let to = self.context.uri.as_ref().filter(|_| not_sent && !is_final);
                let what = to.map(|uri| format!("the request was not sent to {}", origin(uri)));
                let retryable = !is_final && (self.retry_safe || not_sent);
                (self.context.no_response(&what.unwrap_or_default(), timeout, None, error.into()), retryable)
            }
            Outcome::TimedOut(response, reason) => {
                // What is worth a word where it decides over what to do next.
                let unknown = !self.retry_safe && response.is_none();
                let what = if unknown { "the request may have been sent" } else { "" };
                (self.context.no_response(what, true, response, reason.into()), self.retry_safe)
            }
        };
        failure.retryable = retryable;
        Err(failure)
    }

    fn answer(&self, response: RawResponse, rest: Option<BodyStream>) -> Answer {
        let limit = self.is_own_limit.then(|| self.limit.clone());
        Answer { response, rest, retry_safe: self.retry_safe && !self.done, limit }
    }

    /// How long to wait before the next attempt; `None` where there is none.
    fn wait(&mut self, failure: &mut Failure) -> Option<Duration> {
        // An attempt with a refused credential is none of those that the policy counts.
        let attempts = failure.attempts.saturating_sub(u32::from(self.renewed));
        if !failure.retryable || !self.replayable || !self.policy.allows_after(attempts) {
            return None;
        }
        let planned = self.planned_wait(failure);
        if let Err(why) = &planned {
            failure.not_sent_again(why);
        }
        planned.ok()
    }

    /// The wait that policy, deadline and budget agree to, or why there is none.
    fn planned_wait(&mut self, failure: &Failure) -> Result<Duration, String> {
        let wait = self.policy.wait(failure.attempts, failure.retry_after)?;
        // A wait that the call has no time for would end in a timeout that hides what happened.
        if self.limit.is_reached_within(wait) {
            let length = self.limit.length();
            return Err(format!("a wait of {wait:.1?} does not fit into the {length:?} of the whole call"));
        }
        let timeout = failure.kind == ErrorKind::Timeout;
        self.taken = Some(self.client.shared().retry_budget.take(timeout).ok_or("the retry budget is exhausted")?);
        Ok(wait)
    }

    /// The failure as the caller gets it: about the request that the caller made, whatever became of it.
    fn give_up(&self, mut failure: Box<Failure>) -> Box<Failure> {
        failure.retryable &= !self.done;
        failure
    }
}

/// An error unless the present thread is within a Tokio runtime.
pub fn require_runtime() -> Result<(), RequestError> {
    Handle::try_current().map(|_| ()).map_err(|_| RequestError::NoRuntime)
}

/// Whether an answer shows that the server does its work, be it to refuse a request.
fn shows_health(status: StatusCode) -> bool {
    !status.is_server_error() && !matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// Scheme, host and port.
fn origin(uri: &Uri) -> String {
    let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |host| host.as_str()));
    format!("{scheme}://{authority}")
}

/// How long the server asks to wait, where the status makes that a request to come back.
fn asked_wait(response: &RawResponse) -> Option<Duration> {
    let status = response.status();
    let asks = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    if asks { retry_after(response.headers(), SystemTime::now()) } else { None }
}

/// Whether another attempt would end as this one did: a mock does not know the request.
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
