//! The default transport: `reqwest` with rustls.
//!
//! In: what the builder knows of connections. Out: a [`Transport`]; `reqwest` shows in no public signature. Its own
//! retries and redirects are off: both are decided above the seam.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use url::Url;

use super::body::Body;
use super::transport::{BoxError, BoxFuture, TimedOut, Transport, TransportError};

/// What the default transport is made of.
#[derive(Clone)]
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
    /// The connections of blocking calls. A connection is driven by the runtime that made it, which may be the one
    /// whose thread waits for the call.
    #[cfg(feature = "blocking")]
    blocking: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport of these options.
    pub fn new(options: TransportOptions) -> Result<Self, BoxError> {
        Ok(Self {
            #[cfg(feature = "blocking")]
            blocking: Self::connections(options.clone())?,
            client: Self::connections(options)?,
        })
    }

    fn connections(options: TransportOptions) -> Result<reqwest::Client, BoxError> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(options.tls)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(options.connect_timeout);
        for (host, address) in &options.resolve {
            builder = builder.resolve(host, *address);
        }
        Ok(builder.build()?)
    }

    /// The client whose connections the present thread may use.
    fn client(&self) -> reqwest::Client {
        #[cfg(feature = "blocking")]
        if super::blocking::is_its_thread() {
            return self.blocking.clone();
        }
        self.client.clone()
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let client = self.client();
        Box::pin(async move {
            let response = client.execute(into_request(request)?).await.map_err(failed)?;
            Ok(from_reqwest(response))
        })
    }
}

/// The request for `reqwest`, whose own conversion writes the URL out piece by piece.
fn into_request(request: http::Request<Body>) -> Result<reqwest::Request, TransportError> {
    let (parts, body) = request.into_parts();
    let mut url = String::with_capacity(parts.uri.path().len() + 128);
    // Writing to a `String` does not fail.
    let _ = write!(url, "{}", parts.uri);
    let url = Url::parse(&url).map_err(|error| TransportError::NotSent(error.into()))?;
    let mut request = reqwest::Request::new(parts.method, url);
    *request.headers_mut() = parts.headers;
    *request.version_mut() = parts.version;
    *request.body_mut() = Some(into_reqwest(body));
    Ok(request)
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

fn from_reqwest(mut response: reqwest::Response) -> http::Response<Body> {
    let (status, version) = (response.status(), response.version());
    let headers = std::mem::take(response.headers_mut());
    let length = response.content_length();
    let stream = Errors(response.bytes_stream());
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
struct Errors<S>(S);

impl<S: Stream<Item = reqwest::Result<Bytes>> + Unpin> Stream for Errors<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(context).map(|chunk| chunk.map(|chunk| chunk.map_err(boxed)))
    }
}
