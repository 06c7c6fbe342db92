//! Requests by method and path, for operations that are missing in the spec.

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
use super::options::RequestOptions;
use super::request::{Request, RequestError, literal_path};
use super::response::Response;
use super::retry::RetryPolicy;
use super::send::Sending;
#[cfg(feature = "streamed")]
use super::streamed::StreamedResponse;
use super::telemetry::CallSpan;

/// A request by method and path, for operations that are missing in the spec.
///
/// The request uses the first security scheme of the spec for which the client has a credential. The path is appended
/// to the server URL. Characters that are invalid in a path are percent-encoded; existing percent-encoding is
/// preserved.
#[must_use = "requests do nothing until sent"]
pub struct RawRequest<E> {
    client: ApiClient,
    method: Method,
    path: String,
    body: Body,
    content_type: Option<&'static str>,
    options: RequestOptions,
    problem: Option<RequestError>,
    error: PhantomData<fn() -> E>,
}

impl<E: From<Bytes> + Send + Sync + 'static> RawRequest<E> {
    /// Creates a request.
    #[doc(hidden)]
    pub fn new(client: &ApiClient, method: Method, path: String) -> Self {
        Self {
            client: client.clone(),
            method,
            path,
            body: Body::empty(),
            content_type: None,
            options: RequestOptions::default(),
            problem: None,
            error: PhantomData,
        }
    }

    /// Adds a request header. It replaces the header of the same name that the client would otherwise send. Errors do
    /// not contain its value, except for common headers such as `Accept`, `If-Match` and `X-Request-Id`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options = self.options.header(name, value);
        self
    }

    /// Appends a query parameter. Errors do not contain its value.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options = self.options.query(name, value);
        self
    }

    /// Sets the body to a value, serialized as JSON.
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

    /// Sets the body to bytes, text, a file or a stream. The default `Content-Type` is `application/octet-stream`; set
    /// another with [`header`](Self::header).
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.content_type = Some("application/octet-stream");
        self
    }

    /// Sets options, for example options that several requests share. Headers and query parameters are added to those set
    /// before; all other options replace those set before.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options.add(options);
        self
    }

    /// Sets the timeout of the whole call: all attempts, the waits between them, and reading the response body, even if
    /// it is streamed. Replaces the client's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Sets the maximum size of the response body in bytes. Replaces the client's `max_response_bytes`.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.options = self.options.max_response_bytes(limit);
        self
    }

    /// Sets whether this call follows redirects, instead of the client's
    /// [`redirects`](super::ClientBuilder::redirects).
    pub fn redirects(mut self, followed: bool) -> Self {
        self.options = self.options.redirects(followed);
        self
    }

    /// Sets the retry policy of this call, instead of the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options = self.options.retry(policy);
        self
    }

    /// Sends the request and returns the complete successful response.
    ///
    /// # Errors
    ///
    /// There is no successful response. The body of an error response is always returned as raw bytes, in the
    /// variant for undocumented bodies of the API's error enum.
    pub async fn send(self) -> Result<Response<Bytes>, Error<E>> {
        let span = CallSpan::new(None, &self.method);
        // Boxed to keep the caller's future small, as for operations.
        let result = span.around(Box::pin(self.read())).await;
        span.end(&result, |response| response.status);
        result
    }

    /// Like [`send`](Self::send), but blocks the thread until the call is complete: see [`blocking`](super::blocking).
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send), and an error if the current thread cannot make blocking calls.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Bytes>, Error<E>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send()),
            Err(problem) => Err(Error::new(self.context().not_made(problem), None)),
        }
    }

    async fn read(self) -> Result<Response<Bytes>, Error<E>> {
        let received = self.sending(Extent::Whole).map_err(unsuccessful)?.perform().await.map_err(unsuccessful)?;
        let body = received.response.body().clone();
        Ok(received.response.with_value(body))
    }

    /// Sends the request and returns a successful response as soon as its headers arrive; the body is read as it
    /// arrives.
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send) until the response headers arrive.
    #[cfg(feature = "streamed")]
    pub async fn send_streamed(self) -> Result<StreamedResponse<E>, Error<E>> {
        let span = CallSpan::new(None, &self.method);
        let result = span.around(Box::pin(self.begin())).await;
        span.end(&result, |response| response.status);
        result
    }

    /// Like [`send_streamed`](Self::send_streamed), but blocks the thread until the response headers arrive.
    ///
    /// # Errors
    ///
    /// The errors of [`send_blocking`](Self::send_blocking) until the response headers arrive.
    #[cfg(all(feature = "blocking", feature = "streamed"))]
    pub fn send_streamed_blocking(self) -> Result<StreamedResponse<E>, Error<E>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send_streamed()),
            Err(problem) => Err(Error::new(self.context().not_made(problem), None)),
        }
    }

    #[cfg(feature = "streamed")]
    async fn begin(self) -> Result<StreamedResponse<E>, Error<E>> {
        let mut sending = self.sending(Extent::Head).map_err(unsuccessful)?;
        let received = sending.perform().await.map_err(unsuccessful)?;
        Ok(StreamedResponse::new(received, sending.into_context()))
    }

    fn sending(self, extent: Extent) -> Result<Sending, Box<Failure>> {
        Sending::new(self.context(), self.assemble(), extent)
    }

    fn context(&self) -> Context {
        let path = Cow::Owned(self.path.clone());
        let mut context = Context::new(self.client.clone(), "request", self.method.clone(), path);
        context.secrets = self.options.secrets().map(str::to_owned).collect();
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
            query: self.options.query_pairs().collect(),
            cookies: Vec::new(),
            headers,
            extra_headers: self.options.header_map()?,
            body: self.body,
            #[cfg(feature = "mock")]
            parameters: Default::default(),
            idempotent: None,
            timeout: self.options.timeout,
            retry: self.options.retry,
            max_response_bytes: self.options.max_response_bytes,
            redirects: self.options.redirects,
        })
    }
}

/// Converts a failure to an error with the body of the response, if any.
fn unsuccessful<E: From<Bytes>>(failure: Box<Failure>) -> Error<E> {
    let body = failure.response.as_ref().map(|response| E::from(response.body().clone()));
    Error::new(failure, body)
}

/// Shows the method, the path and a summary of the body; omits headers and query parameters, which may contain secrets.
impl<E> fmt::Debug for RawRequest<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
