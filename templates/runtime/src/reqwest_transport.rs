//! The default transport: `reqwest` with rustls.
//!
//! In: what the builder knows of connections. Out: a [`Transport`]; `reqwest` shows in no public signature. Its own
//! retries and redirects are off: both are decided above the seam. What stays is below it: where a kept connection turns
//! out to be closed before a byte of the request was written, hyper takes another one.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use super::body::Body;
use super::transport::{BoxError, BoxFuture, TimedOut, Transport, TransportError};

/// What the default transport is made of.
pub struct TransportOptions {
    /// The TLS configuration.
    pub tls: rustls::ClientConfig,
    /// The limit of time of a connection.
    pub connect_timeout: Duration,
    /// Addresses that take the place of name resolution.
    pub resolve: Vec<(String, SocketAddr)>,
}

/// Sends requests with `reqwest`.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport of these options.
    pub fn new(options: TransportOptions) -> Result<Self, BoxError> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(options.tls)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(options.connect_timeout);
        for (host, address) in &options.resolve {
            builder = builder.resolve(host, *address);
        }
        Ok(Self { client: builder.build()? })
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let client = self.client.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request.map(into_reqwest))
                .map_err(|error| TransportError::NotSent(error.without_url().into()))?;
            let response = client.execute(request).await.map_err(failed)?;
            Ok(from_reqwest(response))
        })
    }
}

fn into_reqwest(body: Body) -> reqwest::Body {
    if body.is_empty() {
        return reqwest::Body::default();
    }
    match body.as_bytes() {
        Some(bytes) => bytes.clone().into(),
        None => reqwest::Body::wrap_stream(body.into_stream()),
    }
}

fn from_reqwest(response: reqwest::Response) -> http::Response<Body> {
    let (status, version) = (response.status(), response.version());
    let headers = response.headers().clone();
    let length = response.content_length();
    let stream = Errors(Box::pin(response.bytes_stream()));
    let mut answer = http::Response::new(Body::stream(stream, length));
    *answer.status_mut() = status;
    *answer.version_mut() = version;
    *answer.headers_mut() = headers;
    answer
}

/// The URL is taken out of every error: it may hold secrets, and the caller knows the operation.
fn failed(error: reqwest::Error) -> TransportError {
    // Only a connection that was never made is sure to have carried nothing.
    if error.is_connect() { TransportError::NotSent(boxed(error)) } else { TransportError::MaybeSent(boxed(error)) }
}

fn boxed(error: reqwest::Error) -> BoxError {
    let timeout = error.is_timeout();
    let error: BoxError = error.without_url().into();
    if timeout { TimedOut(error).into() } else { error }
}

/// The body of an answer, with the errors of `reqwest` boxed.
struct Errors<S>(Pin<Box<S>>);

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for Errors<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context).map(|chunk| chunk.map(|chunk| chunk.map_err(boxed)))
    }
}
