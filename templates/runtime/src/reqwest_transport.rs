//! The default transport: `reqwest` with rustls.
//!
//! In: what the builder knows of connections. Out: a [`Transport`]; `reqwest` shows in no public signature. Its own
//! retries and redirects are off: both are decided above the seam. What stays is below it: where a kept connection turns
//! out to be closed before a byte of the request was written, hyper takes another one.

use std::error::Error as StdError;
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use rustls::client::Resumption;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use url::Url;

use super::body::Body;
use super::identity::ClientIdentity;
use super::proxy::Proxy;
use super::tls_failure;
use super::transport::{BoxError, BoxFuture, TimedOut, Transport, TransportError};
use super::urls::Urls;

/// How long a connection may be idle and still be used again. Load balancers drop idle connections, many after 60
/// seconds and some without a word; a request that goes into such a connection is lost, and nobody knows whether it
/// arrived. A new connection costs less.
const IDLE: Duration = Duration::from_secs(30);

/// How long nothing may come over HTTP/2 while an answer is awaited until the other side is asked for a sign of life.
/// For HTTP/1.1 the operating system asks, after 15 seconds.
const PING_AFTER: Duration = Duration::from_secs(20);

/// How long that sign of life may take.
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// What the default transport is made of.
pub struct TransportOptions {
    /// The TLS configuration, without a client certificate.
    pub tls: rustls::ClientConfig,
    /// The client certificate.
    pub identity: Option<ClientIdentity>,
    /// The limit of time of a connection.
    pub connect_timeout: Duration,
    /// The proxy.
    pub proxy: Proxy,
    /// Addresses that take the place of name resolution.
    pub resolve: Vec<(String, SocketAddr)>,
}

/// Sends requests with `reqwest`.
#[derive(Clone)]
pub struct ReqwestTransport(Arc<Inner>);

struct Inner {
    options: TransportOptions,
    urls: Urls,
    current: RwLock<Current>,
}

/// A client and the certificate that its connections show.
struct Current {
    certificate: Option<Arc<CertifiedKey>>,
    client: reqwest::Client,
    /// The connections of blocking calls. A connection is driven by the runtime that made it, which may be the one
    /// whose thread waits for the call.
    #[cfg(feature = "blocking")]
    blocking: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport of these options.
    pub fn new(options: TransportOptions) -> Result<Self, BoxError> {
        let current = RwLock::new(options.connect()?);
        Ok(Self(Arc::new(Inner { options, urls: Urls::default(), current })))
    }
}

impl Inner {
    /// The client whose connections show the certificate that the identity holds now. Where that is a new one, so is the
    /// client: connections that show the old one end with the requests that are under way on them.
    fn client(&self) -> Result<reqwest::Client, BoxError> {
        let is_current = |current: &Current| match (&self.options.identity, &current.certificate) {
            (Some(identity), Some(certificate)) => Arc::ptr_eq(&identity.certified_key(), certificate),
            _ => true,
        };
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        if is_current(&current) {
            return Ok(current.client());
        }
        drop(current);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have been first.
        if !is_current(&current) {
            *current = self.options.connect()?;
        }
        Ok(current.client())
    }
}

impl Current {
    /// The client whose connections the present thread may use.
    fn client(&self) -> reqwest::Client {
        #[cfg(feature = "blocking")]
        if super::blocking::is_its_thread() {
            return self.blocking.clone();
        }
        self.client.clone()
    }
}

impl TransportOptions {
    fn connect(&self) -> Result<Current, BoxError> {
        let mut tls = self.tls.clone();
        let certificate = self.identity.as_ref().map(ClientIdentity::certified_key);
        if let Some(certificate) = &certificate {
            tls.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(Arc::clone(certificate)));
            // A session that is resumed is that of the certificate it began with.
            tls.resumption = Resumption::default();
        }
        Ok(Current {
            #[cfg(feature = "blocking")]
            blocking: self.client(tls.clone())?,
            client: self.client(tls)?,
            certificate,
        })
    }

    fn client(&self, tls: rustls::ClientConfig) -> Result<reqwest::Client, BoxError> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(IDLE)
            .http2_keep_alive_interval(PING_AFTER)
            .http2_keep_alive_timeout(PONG_WITHIN);
        for (host, address) in &self.resolve {
            builder = builder.resolve(host, *address);
        }
        Ok(self.proxy.configure(builder)?.build()?)
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let request = self.0.client().map_err(TransportError::NotSent).and_then(|client| {
            let url = self.0.urls.of(request.uri()).map_err(|error| TransportError::NotSent(error.into()))?;
            Ok(client.execute(into_request(request, url)))
        });
        Box::pin(async move { request?.await.map(from_reqwest).map_err(failed) })
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport")
    }
}
/// The most that goes out as one piece: what a connection takes at once. Of more, one wants to see that it moves.
const ONE_PIECE: usize = 256 * 1024;

/// The request for `reqwest`.
fn into_request(request: http::Request<Body>, url: Url) -> reqwest::Request {
    let (parts, body) = request.into_parts();
    let mut request = reqwest::Request::new(parts.method, url);
    *request.headers_mut() = parts.headers;
    *request.version_mut() = parts.version;
    *request.body_mut() = Some(into_reqwest(body));
    request
}

fn into_reqwest(body: Body) -> reqwest::Body {
    if body.is_empty() {
        return reqwest::Body::default();
    }
    match body.as_bytes() {
        Some(bytes) if bytes.len() <= ONE_PIECE => bytes.clone().into(),
        _ => reqwest::Body::wrap_stream(body.into_stream()),
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

/// A request that has no answer. The URL is taken out of every error: it may hold secrets, and the caller knows the
/// operation.
fn failed(error: reqwest::Error) -> TransportError {
    let tls = tls_failure::cause(&error);
    let timeout = error.is_timeout();
    let refused = tls.as_ref().is_some_and(tls_failure::refuses_certificate);
    // Only a connection that was never made, or whose handshake the server refused, is sure to have carried nothing.
    let not_sent = error.is_connect() || refused;
    let is_end = tls_failure::is_end(&error);
    let words = match tls {
        Some(tls) if not_sent => tls_failure::words(&tls),
        _ if not_sent && timeout => "no connection in time",
        _ if not_sent && is_end => "the server closed the connection during the TLS handshake",
        _ if not_sent => "no connection",
        _ if is_end => "the server closed the connection without an answer",
        _ => "no answer",
    };
    let failed =
        timed(timeout, Failed { words, is_all: is_end || not_sent && timeout, error: error.without_url() }.into());
    if not_sent { TransportError::NotSent(failed) } else { TransportError::MaybeSent(failed) }
}

fn timed(timeout: bool, error: BoxError) -> BoxError {
    if timeout { TimedOut(error).into() } else { error }
}

/// What failed, in words. Its causes are those of `reqwest`, less the words that `reqwest` and `hyper` put before each of
/// them ("error sending request: client error (Connect)").
#[derive(Debug)]
struct Failed {
    words: &'static str,
    /// Whether the words say it all.
    is_all: bool,
    error: reqwest::Error,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words)
    }
}

impl StdError for Failed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.error.source().filter(|_| !self.is_all)?;
        cause.source().or(Some(cause))
    }
}

/// The body of an answer, with the errors of `reqwest` boxed.
struct Errors<S>(S);

impl<S: Stream<Item = reqwest::Result<Bytes>> + Unpin> Stream for Errors<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let boxed = |error: reqwest::Error| timed(error.is_timeout(), error.without_url().into());
        Pin::new(&mut self.0).poll_next(context).map(|chunk| chunk.map(|chunk| chunk.map_err(boxed)))
    }
}
