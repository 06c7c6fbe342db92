//! When and how soon a request is sent again.
//!
//! In: what happened to an attempt. Out: whether the same request may be sent again without doing its work twice, and
//! the wait before it.

use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use http::{Method, StatusCode};

/// How often, and how soon, a failed request is sent again.
///
/// What is sent again does not depend on this policy but on what is known of the attempt:
///
/// - nothing was sent (name resolution, connecting, TLS), or the answer is 429: any method;
/// - 502, 503, 504, a timeout (408 is one), a connection that broke: GET, HEAD, OPTIONS, PUT and DELETE only, unless the
///   spec (`x-idempotent`) or [`idempotent`](Self::idempotent) says otherwise;
/// - anything else, and a body that cannot be read twice: never.
///
/// The waits grow exponentially and are spread over their whole length at random ("full jitter"), so that clients that
/// failed together do not come back together. A `Retry-After` of the server, in seconds or as a date, is waited for before
/// that; one longer than [`max_retry_after`](Self::max_retry_after), or than the call has left, ends the call with its
/// error at once. All calls of a client share a [`RetryBudget`](super::RetryBudget), which ends retries in an outage.
///
/// A policy is given to the builder for all calls of a client, or to one call:
///
/// ```text
/// let client = Client::builder().retry(RetryPolicy::new().max_attempts(5)).build()?;
/// let page = client.certificates().search().retry(RetryPolicy::none()).send().await?;
/// ```
///
/// # A POST of unknown fate
///
/// A POST whose answer was lost is not sent again: its certificate may have been issued. The error says so, with
/// [`may_have_been_sent`](super::Error::may_have_been_sent). What to do then:
///
/// 1. Before the first POST, have something by which its result can be told from all others, and write it down where a
///    crash does not lose it: the key of the certificate signing request, a seat of its own, an external id.
/// 2. Where the error says that nothing was sent, send the POST again.
/// 3. Else search for the result by what you have, several times over as long as the server may take to finish what it
///    has begun. Where it is found, it is the answer.
/// 4. Only where it stays absent, send the POST again, with the same key or id: should both be done after all, they can be
///    recognized as one, and the second be revoked.
///
/// ```text
/// match certificates.issue(request.clone()).send().await {
///     Ok(issued) => return Ok(issued),
///     // Refused, and thus not done.
///     Err(error) if error.status().is_some_and(|status| status.is_client_error()) => return Err(error.into()),
///     Err(error) if error.may_have_been_sent() => {
///         if let Some(found) = search_for(&seat_id, &public_key).await? {
///             return Ok(found);
///         }
///     }
///     Err(_) => {}
/// }
/// certificates.issue(request).send().await
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    idempotent: Option<bool>,
}

impl Default for RetryPolicy {
    /// Three attempts, waits from 200 ms up to 10 s, a `Retry-After` of up to 30 s.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(30),
            idempotent: None,
        }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing is sent again.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets how often a request is sent at most, the first time included; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest wait before the second attempt; it doubles with each further one.
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the longest wait before any attempt, that of a `Retry-After` aside.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Sets the longest `Retry-After` that is waited for.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Says whether doing the request twice is the same as doing it once, in the place of the spec and the method.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Whether a further attempt may follow this many.
    pub(crate) fn allows_after(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Whether a request may be doubled: what the caller says, else the spec, else the method.
    pub(crate) fn retry_safe(&self, method: &Method, described: Option<bool>) -> bool {
        const SAFE_TO_DOUBLE: [Method; 5] = [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE];
        self.idempotent.or(described).unwrap_or_else(|| SAFE_TO_DOUBLE.contains(method))
    }

    /// The wait after this many attempts; an error where the server asks for a longer one than is waited for.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Result<Duration, String> {
        let doubled = 2u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.initial_backoff.saturating_mul(doubled).min(self.max_backoff);
        let jittered = longest.mul_f64(fastrand::f64());
        match retry_after {
            Some(wait) if wait > self.max_retry_after => {
                Err(format!("the server asks to wait {wait:.0?}, and {:?} is the limit", self.max_retry_after))
            }
            // Those who are told the same time do not come back together either.
            Some(wait) => Ok(wait.saturating_add(jittered)),
            None => Ok(jittered),
        }
    }
}

/// Whether an answer of this status says that a later attempt may do better.
pub fn retryable_status(status: StatusCode, retry_safe: bool) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => retry_safe,
        _ => false,
    }
}

/// The wait that a server asks for, in seconds or as a date. The date is held against the server's own clock where the
/// answer tells it.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text(RETRY_AFTER)?;
    // A server may well write more seconds than fit; that is long whatever the number is.
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let at = httpdate::parse_http_date(asked).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(at.duration_since(now).unwrap_or(Duration::ZERO))
}
