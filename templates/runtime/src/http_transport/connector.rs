//! Establishes connections to servers, directly or through a proxy.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::{Authority, Scheme};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::time::timeout;
use tower_service::Service;

use super::super::proxy::ProxyRules;
use super::super::transport::{BoxError, TimedOut};
use super::connection::{HttpStream, Io};
use super::handshake::Tls;
use super::resolver::Resolver;

/// The time without data after which TCP checks whether the peer still responds (keepalive), and the interval between
/// two checks.
const TCP_KEEPALIVE: Duration = Duration::from_secs(15);

/// The number of unanswered checks after which TCP aborts the connection.
const TCP_KEEPALIVE_RETRIES: u32 = 3;

/// The time after which TCP aborts the connection if sent data is not acknowledged.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);

/// The port of a SOCKS proxy whose URL has none (RFC 1928, section 3).
const SOCKS_PORT: u16 = 1080;

/// The settings of connections except TLS: name resolution, TCP and proxies.
#[derive(Clone)]
pub struct Route {
    tcp: HttpConnector<Resolver>,
    resolver: Resolver,
    proxies: Arc<ProxyRules>,
    limit: Duration,
}

/// A connector for `hyper`. Its timeout includes name resolution, TCP, the proxy and TLS.
#[derive(Clone)]
pub struct Connector {
    route: Route,
    tls: Tls,
}

impl Route {
    /// Creates a route. `limit` is the timeout for establishing a connection, and `resolve` contains host names with
    /// the addresses that replace their name resolution.
    pub fn new(limit: Duration, proxies: Arc<ProxyRules>, resolve: Vec<(String, SocketAddr)>) -> Self {
        let resolver = Resolver::new(resolve);
        let mut tcp = HttpConnector::new_with_resolver(resolver.clone());
        tcp.enforce_http(false);
        // The timeout is divided among the addresses of a host, so that an address that does not respond leaves time
        // for the other addresses.
        tcp.set_connect_timeout(Some(limit));
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(TCP_KEEPALIVE));
        tcp.set_keepalive_interval(Some(TCP_KEEPALIVE));
        tcp.set_keepalive_retries(Some(TCP_KEEPALIVE_RETRIES));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(TCP_USER_TIMEOUT));
        Self { tcp, resolver, proxies, limit }
    }
}

impl Connector {
    /// Creates a connector with this route and TLS configuration.
    pub fn new(route: Route, tls: ClientConfig) -> Self {
        Self { route, tls: Tls::new(tls) }
    }

    async fn connect(self, target: Uri) -> Result<HttpStream, BoxError> {
        let is_tls = target.scheme() == Some(&Scheme::HTTPS);
        let io = match self.route.proxies.intercept(&target) {
            None => self.tcp(target.clone()).await?,
            Some(proxy) if is_socks(proxy.uri()) => self.through_socks(&proxy, &target).await?,
            Some(proxy) if is_tls => self.through_tunnel(&proxy, target.clone()).await?,
            Some(proxy) => return Ok(self.to_proxy(proxy.uri().clone()).await?.proxied()),
        };
        if !is_tls {
            return Ok(HttpStream::plain(io));
        }
        Ok(HttpStream::secure(self.tls.connect(host(&target)?, io).await?))
    }

    async fn tcp(&self, target: Uri) -> Result<Io, BoxError> {
        Ok(Io::Tcp(self.route.tcp.clone().call(target).await?.into_inner()))
    }

    /// Connects to a proxy, with TLS if the scheme of its URL is `https`.
    async fn to_proxy(&self, proxy: Uri) -> Result<HttpStream, BoxError> {
        let io = self.tcp(proxy.clone()).await?;
        if proxy.scheme() != Some(&Scheme::HTTPS) {
            return Ok(HttpStream::plain(io));
        }
        Ok(HttpStream::secure(self.tls.connect_to_proxy(host(&proxy)?, io).await?))
    }

    /// Establishes a tunnel through a proxy (`CONNECT`, RFC 9110, section 9.3.6).
    async fn through_tunnel(&self, proxy: &Intercept, target: Uri) -> Result<Io, BoxError> {
        let mut tunnel = Tunnel::new(proxy.uri().clone(), ToProxy(self.clone()));
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        Ok(tunnel.call(target).await?.into_inner())
    }

    /// Connects through a SOCKS proxy (RFC 1928). With `socks5h`, the proxy resolves the host name of the server; with
    /// `socks5`, the client does.
    async fn through_socks(&self, proxy: &Intercept, target: &Uri) -> Result<Io, BoxError> {
        let port = target.port_u16().unwrap_or(if target.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 });
        let target = match proxy.uri().scheme_str() {
            Some("socks5") => self.resolve(host(target)?, port).await?.to_string(),
            _ => format!("{}:{port}", host(target)?),
        };
        let mut socks = SocksV5::new(with_port(proxy.uri(), SOCKS_PORT)?, ToProxy(self.clone()));
        if let Some((user, password)) = proxy.raw_auth() {
            socks = socks.with_auth(user.to_owned(), password.to_owned());
        }
        Ok(socks.call(uri(Scheme::HTTP, target.parse()?)?).await?.into_inner())
    }

    /// Resolves a host name to its first IP address, and returns this address with `port`.
    async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, BoxError> {
        if let Ok(address) = host.trim_matches(['[', ']']).parse() {
            return Ok(SocketAddr::new(address, port));
        }
        let name: Name = host.parse()?;
        let mut address =
            self.route.resolver.clone().call(name).await?.next().ok_or("the host name has no IP address")?;
        // The port of the URL, or the default port of its scheme, replaces the port of an address set by `resolve()`.
        address.set_port(port);
        Ok(address)
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<HttpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let (limit, connecting) = (self.route.limit, self.clone().connect(target));
        Box::pin(async move {
            match timeout(limit, connecting).await {
                Ok(connected) => connected.map(TokioIo::new),
                Err(_) => Err(TimedOut(format!("no connection was established within {limit:?}").into()).into()),
            }
        })
    }
}

/// A connector for connections to proxies.
#[derive(Clone)]
struct ToProxy(Connector);

impl Service<Uri> for ToProxy {
    type Response = TokioIo<Io>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        let connector = self.0.clone();
        Box::pin(async move { Ok(TokioIo::new(connector.to_proxy(proxy).await?.into_io())) })
    }
}

fn is_socks(proxy: &Uri) -> bool {
    matches!(proxy.scheme_str(), Some("socks5" | "socks5h"))
}

fn host(uri: &Uri) -> Result<&str, BoxError> {
    uri.host().ok_or_else(|| "the URL has no host".into())
}

fn uri(scheme: Scheme, authority: Authority) -> Result<Uri, http::Error> {
    Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build()
}

/// Returns the URI of a proxy. If the URI has no port, `port` is added.
fn with_port(proxy: &Uri, port: u16) -> Result<Uri, BoxError> {
    if proxy.port().is_some() {
        return Ok(proxy.clone());
    }
    Ok(uri(Scheme::HTTP, format!("{}:{port}", host(proxy)?).parse()?)?)
}
