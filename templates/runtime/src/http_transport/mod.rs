//! The default transport: HTTP/1.1 and HTTP/2 with `hyper`, TLS with `rustls`.
//!
//! - `connector` establishes connections: name resolution, TCP, proxies, TLS.
//! - `refusal` detects servers that refuse the client's certificate, and therefore process no request.
//! - `pools` stores the open connections, in one pool for each Tokio runtime.
//! - `body` converts request and response bodies, `error` decides whether a failed request may have been sent.
//!
//! Retries and redirects are not part of the transport, with one exception: if an idle connection turns out to be
//! closed before `hyper` has taken the request from the queue of the connection, the request is sent on another
//! connection.
//!
//! This retry is safe. `hyper` returns a request (`TrySendError::take_message`) only while the request is still in the
//! queue of its connection. A request that was taken from the queue is never returned, even if no part of it was
//! written. RFC 9110, section 9.2.2, and RFC 9112, section 9.3.1, allow clients to repeat a request that was not sent.

mod body;
mod connection;
mod connector;
mod error;
mod handshake;
mod pools;
#[cfg(feature = "client-certificates")]
mod refusal;
mod resolver;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, Entry, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::Scheme;

use super::body::Body;
use super::content_coding;
#[cfg(feature = "client-certificates")]
use super::identity::ClientIdentity;
use super::proxy::ProxyRules;
use super::transport::{BoxFuture, Transport, TransportError};
use body::{RequestBody, response_body};
use error::failed;
use pools::Pools;

/// The maximum idle time of a connection that is reused. Many load balancers drop idle connections after 60 seconds,
/// some without notice. It is then unknown whether a request on such a connection was processed, which is worse than
/// the cost of a new connection.
const IDLE: Duration = Duration::from_secs(30);

/// The time without data after which a `PING` is sent on an HTTP/2 connection that waits for a response. HTTP/1.1
/// connections use TCP keepalive instead (see `connector`).
const PING_AFTER: Duration = Duration::from_secs(20);

/// The maximum time until the response to a `PING`.
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// The settings of the default transport.
pub struct TransportOptions {
    /// The TLS configuration, without a client certificate.
    pub tls: rustls::ClientConfig,
    /// The client certificate.
    #[cfg(feature = "client-certificates")]
    pub identity: Option<ClientIdentity>,
    /// The timeout for establishing a connection.
    pub connect_timeout: Duration,
    /// The proxy rules.
    pub proxies: ProxyRules,
    /// Host names, and the addresses that are used for them instead of name resolution.
    pub resolve: Vec<(String, SocketAddr)>,
}

/// The default transport.
#[derive(Clone)]
pub struct HttpTransport {
    proxies: Arc<ProxyRules>,
    pools: Arc<Pools>,
}

impl HttpTransport {
    /// Creates a transport without connections. Connections are established when requests need them.
    pub fn new(options: TransportOptions) -> Self {
        let proxies = Arc::new(options.proxies);
        let pools = Pools::new(
            options.tls,
            #[cfg(feature = "client-certificates")]
            options.identity,
            connector::Route::new(options.connect_timeout, Arc::clone(&proxies), options.resolve),
        );
        Self { proxies, pools: Arc::new(pools) }
    }

    /// Converts a request to a `hyper` request, and adds default headers.
    fn prepare(&self, request: http::Request<Body>) -> http::Request<RequestBody> {
        let (mut parts, body) = request.into_parts();
        if let Entry::Vacant(accept) = parts.headers.entry(ACCEPT) {
            accept.insert(HeaderValue::from_static("*/*"));
        }
        if !parts.headers.contains_key(ACCEPT_ENCODING) {
            let accepted = content_coding::accepted(&parts.method, &parts.headers);
            parts.headers.insert(ACCEPT_ENCODING, accepted);
        }
        // A proxy that forwards plain HTTP reads its credentials from the request. For tunnels, the credentials are
        // sent in `CONNECT`.
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
        // If there is no pool, there is no connection on which the request could have been sent.
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
