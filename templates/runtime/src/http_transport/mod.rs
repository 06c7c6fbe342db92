//! The default transport: HTTP/1.1 and HTTP/2 with `hyper`, TLS with `rustls`.
//!
//! - `connector` establishes connections: name resolution, TCP, proxies, TLS.
//! - `handshake` and `connection` record what a connection proves about the requests that were sent on it.
//! - `pools` keeps the connections, in one pool for each Tokio runtime.
//! - `body` converts request and response bodies, `error` decides whether a failed request may have been sent.
//!
//! The transport neither retries nor follows redirects: the layers above do. There is one exception, which is invisible
//! to them: if a kept connection turns out to be closed before `hyper` has taken the request from its queue, the
//! request is sent on another connection.
//!
//! This exception is safe. `hyper` returns a request (`TrySendError::take_message`) only while it is still in the queue
//! of its connection. A request that was taken from the queue is never returned, even if no part of it was written. RFC
//! 9110, section 9.2.2, and RFC 9112, section 9.3.1, allow clients to repeat a request that was not sent.

mod body;
mod connection;
mod connector;
mod error;
mod handshake;
mod pools;
mod resolver;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, Entry, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::Scheme;

use super::body::Body;
use super::content_coding;
use super::identity::ClientIdentity;
use super::proxy::ProxyRules;
use super::transport::{BoxFuture, Transport, TransportError};
use body::{RequestBody, response_body};
use connection::ConnectionRecord;
use error::failed;
use pools::Pools;

/// How long a connection may be idle and still be reused. Many load balancers drop idle connections after 60 seconds,
/// some without notice; it is then unknown whether a request on such a connection was processed. A new connection costs
/// less.
const IDLE: Duration = Duration::from_secs(30);

/// How long an HTTP/2 connection that waits for a response may be silent before a `PING` is sent. For HTTP/1.1, see
/// `connector`.
const PING_AFTER: Duration = Duration::from_secs(20);

/// How long the response to a `PING` may take.
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// The settings of the transport.
pub struct TransportOptions {
    /// The TLS configuration, without a client certificate.
    pub tls: rustls::ClientConfig,
    /// The client certificate.
    pub identity: Option<ClientIdentity>,
    /// The timeout for establishing a connection.
    pub connect_timeout: Duration,
    /// The proxy rules.
    pub proxies: ProxyRules,
    /// Addresses that replace name resolution.
    pub resolve: Vec<(String, SocketAddr)>,
}

/// The default transport.
#[derive(Clone)]
pub struct HttpTransport {
    proxies: Arc<ProxyRules>,
    pools: Arc<Pools>,
}

impl HttpTransport {
    /// Creates a transport. It establishes connections when requests need them.
    pub fn new(options: TransportOptions) -> Self {
        let proxies = Arc::new(options.proxies);
        let pools = Pools::new(
            options.tls,
            options.identity,
            connector::Route::new(options.connect_timeout, Arc::clone(&proxies), options.resolve),
        );
        Self { proxies, pools: Arc::new(pools) }
    }

    /// Converts a request for `hyper`.
    fn prepare(&self, request: http::Request<Body>) -> http::Request<RequestBody> {
        let (mut parts, body) = request.into_parts();
        if let Entry::Vacant(accept) = parts.headers.entry(ACCEPT) {
            accept.insert(HeaderValue::from_static("*/*"));
        }
        if !parts.headers.contains_key(ACCEPT_ENCODING) {
            let accepted = content_coding::accepted(&parts.method, &parts.headers);
            parts.headers.insert(ACCEPT_ENCODING, accepted);
        }
        // A proxy that forwards plain HTTP reads its credentials from the request; tunnels send them in `CONNECT`.
        if parts.uri.scheme() == Some(&Scheme::HTTP)
            && !parts.headers.contains_key(PROXY_AUTHORIZATION)
            && let Some(credentials) = self.proxies.credentials_of_forwarding_proxy(&parts.uri)
        {
            parts.headers.insert(PROXY_AUTHORIZATION, credentials);
        }
        let mut prepared = http::Request::new(RequestBody::from(body));
        *prepared.method_mut() = parts.method;
        *prepared.uri_mut() = parts.uri;
        *prepared.headers_mut() = parts.headers;
        prepared
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        // Without a pool, there is no connection that could have sent the request.
        let sending = self.pools.get().map(|pool| pool.request(self.prepare(request))).map_err(TransportError::NotSent);
        Box::pin(async move { sending?.await.map(received).map_err(failed) })
    }
}

/// Converts a response of `hyper`.
fn received(response: http::Response<hyper::body::Incoming>) -> http::Response<Body> {
    let (parts, body) = response.into_parts();
    let mut received = http::Response::new(response_body(body));
    *received.status_mut() = parts.status;
    *received.version_mut() = parts.version;
    *received.headers_mut() = parts.headers;
    received
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}
