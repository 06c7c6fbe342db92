//! Requests that the spec does not describe.
//!
//! In: a method, a path, and what the caller adds. Out: the answer as bytes; credentials, retries, limits and errors
//! are those of every other request.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;

use super::body::Body;
use super::client::ApiClient;
use super::error::Error;
use super::exchange::Extent;
use super::failure::{Context, Failure};
use super::request::{Extras, Request, RequestError, literal_path};
use super::response::Response;
use super::retry::RetryPolicy;
use super::send::Sending;
use super::streamed::StreamedResponse;
use super::telemetry::CallSpan;

/// A request by method and path: the door for what the spec does not say yet.
///
/// It carries the first credential that the client has. The path follows the server's; characters that a URL cannot
/// hold are percent-encoded, and what is encoded already stays.
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest<E> {
    client: ApiClient,
    method: Method,
    path: String,
    body: Body,
    content_type: Option<&'static str>,
    extras: Extras,
    problem: Option<RequestError>,
    error: PhantomData<fn() -> E>,
}

impl<E: From<Bytes> + Send + Sync + 'static> RawRequest<E> {
    /// A request of this method and path.
    pub fn new(client: &ApiClient, method: Method, path: String) -> Self {
        Self {
            client: client.clone(),
            method,
            path,
            body: Body::empty(),
            content_type: None,
            extras: Extras::default(),
            problem: None,
            error: PhantomData,
        }
    }

    /// Adds a header, in the place of one that this client would send under that name. Errors do not quote its value,
    /// except for common headers such as `Accept`, `If-Match` and `X-Request-Id`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extras.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter. Errors do not quote its value.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extras.query.push((name.into(), value.into()));
        self
    }

    /// Sets the body to a value, as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => {
                self.body = Body::bytes(json);
                self.content_type = Some("application/json");
            }
            Err(error) => {
                self.problem.get_or_insert(RequestError::Body(error.to_string()));
            }
        }
        self
    }

    /// Sets the body: bytes, text, a file, a stream. Its `Content-Type` is `application/octet-stream` unless
    /// [`header`](Self::header) sets another.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.content_type = Some("application/octet-stream");
        self
    }

    /// Limits the time of the whole call: all attempts, the waits between them, and reading the response, also a streamed
    /// one. It replaces the limit of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.extras.timeout = Some(timeout);
        self
    }

    /// Limits how many bytes of the response body are read into memory, instead of the client's `max_response_bytes`.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.extras.max_response_bytes = Some(limit);
        self
    }

    /// Sets whether this call follows redirects, instead of what the client's
    /// [`redirects`](super::ClientBuilder::redirects) says.
    pub fn redirects(mut self, followed: bool) -> Self {
        self.extras.redirects = Some(followed);
        self
    }

    /// Sets the retry policy of this call, in the place of the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.extras.retry = Some(policy);
        self
    }

    /// Sends the request and gives the whole successful answer.
    ///
    /// # Errors
    ///
    /// Anything but a successful answer; its body is the raw case of the API's error bodies.
    pub async fn send(self) -> Result<Response<Bytes>, Error<E>> {
        let span = CallSpan::new(None, &self.method);
        // Boxed, as that of an operation is.
        let result = span.around(Box::pin(self.read())).await;
        span.end(&result, |response| response.status);
        result
    }

    /// As [`send`](Self::send), while the caller's thread waits: see [`blocking`](super::blocking).
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send), and where the call cannot be waited for.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Bytes>, Error<E>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send()),
            Err(problem) => Err(Error::new(self.context().not_made(problem), None)),
        }
    }

    async fn read(self) -> Result<Response<Bytes>, Error<E>> {
        let answer = self.sending(Extent::Whole).map_err(unsuccessful)?.perform().await.map_err(unsuccessful)?;
        let body = answer.response.body().clone();
        Ok(answer.response.with_value(body))
    }

    /// Sends the request and gives the head of a successful answer, with the body to be read as it comes.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send), as long as the answer has not begun.
    pub async fn send_streamed(self) -> Result<StreamedResponse<E>, Error<E>> {
        let span = CallSpan::new(None, &self.method);
        let result = span.around(Box::pin(self.begin())).await;
        span.end(&result, |response| response.status);
        result
    }

    /// As [`send_streamed`](Self::send_streamed), while the caller's thread waits until the answer begins.
    ///
    /// # Errors
    ///
    /// As for [`send_blocking`](Self::send_blocking), as long as the answer has not begun.
    #[cfg(feature = "blocking")]
    pub fn send_streamed_blocking(self) -> Result<StreamedResponse<E>, Error<E>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send_streamed()),
            Err(problem) => Err(Error::new(self.context().not_made(problem), None)),
        }
    }

    async fn begin(self) -> Result<StreamedResponse<E>, Error<E>> {
        let mut sending = self.sending(Extent::Head).map_err(unsuccessful)?;
        let answer = sending.perform().await.map_err(unsuccessful)?;
        Ok(StreamedResponse::new(answer, sending.into_context()))
    }

    fn sending(self, extent: Extent) -> Result<Sending, Box<Failure>> {
        Sending::new(self.context(), self.assemble(), extent)
    }

    fn context(&self) -> Context {
        let path = Cow::Owned(self.path.clone());
        let mut context = Context::new(self.client.clone(), "request", self.method.clone(), path);
        context.secrets = self.extras.secrets().map(str::to_owned).collect();
        if self.content_type == Some("application/json") {
            context.keep_json(&self.body);
        }
        context
    }

    fn assemble(self) -> Result<Request, RequestError> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, */*;q=0.5"));
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Ok(Request {
            info: None,
            server: None,
            method: self.method,
            path: literal_path(&self.path)?,
            from_root: false,
            query: self.extras.query_pairs().collect(),
            cookies: Vec::new(),
            headers,
            extra_headers: self.extras.header_map()?,
            body: self.body,
            #[cfg(feature = "mock")]
            parameters: Default::default(),
            idempotent: None,
            timeout: self.extras.timeout,
            retry: self.extras.retry,
            max_response_bytes: self.extras.max_response_bytes,
            redirects: self.extras.redirects,
        })
    }
}

/// The error of a request that has no successful answer.
fn unsuccessful<E: From<Bytes>>(failure: Box<Failure>) -> Error<E> {
    let body = failure.response.as_ref().map(|response| E::from(response.body().clone()));
    Error::new(failure, body)
}

/// Shows method and path, no values.
impl<E> fmt::Debug for RawRequest<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
