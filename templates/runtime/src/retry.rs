//! Retries: decides whether and when a failed request is sent again.

use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use http::{Method, StatusCode};

use super::method::QUERY;

/// A policy for retries: the number of attempts, and the waits between them.
///
/// The kind of failure determines which requests are sent again:
///
/// - If nothing was sent (name resolution, connecting or TLS failed), or the status is 429: requests with any method.
/// - If the status is 502, 503, 504 or 408, the request timed out, or the connection broke: only idempotent requests.
///   These are requests with GET, HEAD, QUERY, OPTIONS, PUT or DELETE, unless the spec (`x-idempotent`) or
///   [`idempotent`](Self::idempotent) overrides this.
/// - After any other failure: none. Requests with a body that cannot be read twice, such as a stream, are never sent
///   again.
///
/// The maximum wait grows exponentially. The actual wait is random between zero and this maximum ("full jitter"), so
/// that clients that failed together do not retry together. A `Retry-After` of the server, in seconds or as a date, is
/// the minimum wait. If it exceeds [`max_retry_after`](Self::max_retry_after) or the remaining time of the call, the
/// call fails at once. All calls of a client share a [`RetryBudget`](super::RetryBudget), which stops retries during an
/// outage.
///
/// A policy can be set for all calls of a client, or for a single call:
///
/// ```text
/// let client = Client::builder().retry(RetryPolicy::new().max_attempts(5)).build()?;
/// let once = RequestOptions::new().retry(RetryPolicy::none());
/// let page = client.certificates().search().options(once).send().await?;
/// ```
///
/// # POST requests with unknown outcome
///
/// If the response to a POST is lost, the POST is not sent again, since the server may have processed it, for example
/// issued a certificate. In this case, [`may_have_been_sent`](super::Error::may_have_been_sent) of the error returns
/// true. To recover:
///
/// 1. Before the first POST, choose a value that identifies its result, such as the key of the certificate signing
///    request, a unique seat or an external id, and store it persistently.
/// 2. If `may_have_been_sent` returns false, send the POST again.
/// 3. Otherwise search for the result by that value, repeatedly, for as long as the server may take to complete the
///    request. If the result is found, use it.
/// 4. If the result is still not found, send the POST again with the same key or id. If both requests succeed after
///    all, the common value shows that the results are duplicates, and you can revoke the second one.
///
/// ```text
/// match certificates.issue(request.clone()).send().await {
///     Ok(issued) => return Ok(issued),
///     // Rejected, so it was not processed.
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
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    idempotent: Option<bool>,
}

impl Default for RetryPolicy {
    /// Returns a policy with three attempts, maximum waits from 200 ms up to 10 s, and a `Retry-After` of up to 30 s.
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
    /// Creates the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a policy without retries.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first; 0 is treated as 1. The default is 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the maximum wait before the second attempt. The maximum doubles before each further attempt. The default is
    /// 200 ms.
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the maximum wait before any attempt; only a `Retry-After` of the server may exceed it. The default is 10 s.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Sets the maximum `Retry-After` for which a call waits. If the server requests a longer wait, the call fails at
    /// once. The default is 30 s.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Sets whether the request is idempotent, overriding the spec and the method.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Returns whether another attempt is allowed after this number of attempts.
    pub(crate) fn allows_after(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Returns whether a request is idempotent and may therefore be sent twice. The setting of the policy takes
    /// precedence over the spec (`documented`), and the spec over the method.
    pub(crate) fn retry_safe(&self, method: &Method, documented: Option<bool>) -> bool {
        const IDEMPOTENT_METHODS: [Method; 5] =
            [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE];
        let is_idempotent = || IDEMPOTENT_METHODS.contains(method) || method.as_str() == QUERY;
        self.idempotent.or(documented).unwrap_or_else(is_idempotent)
    }

    /// Returns the wait after this number of attempts.
    ///
    /// # Errors
    ///
    /// Returns a message if `retry_after`, the wait requested by the server, exceeds the maximum.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Result<Duration, String> {
        let doubled = 2u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.initial_backoff.saturating_mul(doubled).min(self.max_backoff);
        let jittered = longest.mul_f64(fastrand::f64());
        match retry_after {
            Some(wait) if wait > self.max_retry_after => Err(format!(
                "the server requests a wait of {wait:.0?}, but `max_retry_after` is {:?}",
                self.max_retry_after
            )),
            // The random wait is added, so that clients that receive the same `Retry-After` do not retry together.
            Some(wait) => Ok(wait.saturating_add(jittered)),
            None => Ok(jittered),
        }
    }
}

/// Returns whether a request may be sent again after a response with this status. `retry_safe` is true if the request
/// is idempotent.
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

/// Returns the wait that the header `Retry-After` specifies in seconds or as a date. A date is compared to the header
/// `Date`, because the server's clock may differ, or to `now` if the response has no such header.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text(RETRY_AFTER)?;
    // A number that overflows is treated as a very long wait.
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let at = httpdate::parse_http_date(asked).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(at.duration_since(now).unwrap_or(Duration::ZERO))
}
