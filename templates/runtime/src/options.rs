//! [`RequestOptions`], the settings of a single request that do not depend on its operation.
//!
//! They are methods of a type of their own, because the methods of requests are the setters of parameters, which can
//! have any name.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use super::request::{RequestError, carries_credentials, header_name, header_value, query_pair, texts};
use super::retry::RetryPolicy;

/// Settings of a single request: a timeout, extra headers and query parameters, a retry policy and limits.
///
/// ```
/// # use std::time::Duration;
/// # use clientwright_runtime::runtime::{RequestOptions, RetryPolicy};
/// let options = RequestOptions::new().timeout(Duration::from_secs(120)).retry(RetryPolicy::new().max_attempts(5));
/// ```
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are passed to a request"]
pub struct RequestOptions {
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) max_response_bytes: Option<u64>,
    pub(super) redirects: Option<bool>,
}

impl RequestOptions {
    /// Creates options that change nothing: the settings of the client apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of the whole call: all attempts, the waits between them, and reading the response body, even if
    /// it is streamed. Replaces the client's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the maximum size of the response body in bytes, from which the memory limit of the decoded value is
    /// derived. Replaces the client's [`max_response_bytes`](super::ClientBuilder::max_response_bytes). If the response
    /// is a stream, the limit applies to each item.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = Some(limit);
        self
    }

    /// Adds a request header. It replaces the header of the same name that the client would otherwise send. Errors do
    /// not contain its value, except for common headers such as `Accept`, `If-Match` and `X-Request-Id`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Appends a query parameter, for example one that the spec does not define. Errors do not contain its value.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets whether redirects are followed, instead of the client's
    /// [`redirects`](super::ClientBuilder::redirects). By default, redirects that the spec documents as responses of
    /// the operation are not followed but returned as results. With `true`, these are followed too; with `false`, no
    /// redirect is followed.
    pub fn redirects(mut self, followed: bool) -> Self {
        self.redirects = Some(followed);
        self
    }

    /// Sets the retry policy, instead of the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Adds options: its settings replace those of `self`, its headers and query parameters are added.
    pub(super) fn add(&mut self, options: Self) {
        self.query.extend(options.query);
        self.headers.extend(options.headers);
        self.timeout = options.timeout.or(self.timeout);
        self.retry = options.retry.or(self.retry.take());
        self.max_response_bytes = options.max_response_bytes.or(self.max_response_bytes);
        self.redirects = options.redirects.or(self.redirects);
    }

    /// Returns the encoded query parameters.
    pub(super) fn query_pairs(&self) -> impl Iterator<Item = String> + '_ {
        self.query.iter().map(|(name, value)| query_pair(name, value))
    }

    /// Returns the headers. If a name was added several times, the header is sent several times.
    pub(super) fn header_map(&self) -> Result<HeaderMap, RequestError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let mut sent = header_value(name, value)?;
            sent.set_sensitive(carries_credentials(name));
            headers.append(header_name(name)?, sent);
        }
        Ok(headers)
    }

    /// Returns the strings that error messages must not contain: the values of all query parameters, and the values of
    /// headers that [may be secrets](texts).
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let query = self.query.iter().map(|(_, value)| value.as_str());
        query.chain(self.headers.iter().flat_map(|(name, value)| texts(name, value)))
    }
}

/// Shows the names of headers and query parameters, but no values, which may be secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("RequestOptions")
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("redirects", &self.redirects)
            .finish()
    }
}
