//! A TLS server on loopback that counts connections and handshakes, and records requests with their client
//! certificates.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A received request.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// The method.
    pub method: Method,
    /// The HTTP version.
    pub version: Version,
    /// The number of the connection, counted from 1.
    pub connection: usize,
    /// The client certificate of the connection, in DER.
    pub certificate: Option<Vec<u8>>,
}

/// A running server. It stops when the Tokio runtime of the test stops.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    handshakes: AtomicUsize,
    requests: Mutex<Vec<ReceivedRequest>>,
    /// 1 if the response to the next request must be delayed until [`Server::release`] is called, else 0.
    held: AtomicUsize,
    arrival: Notify,
    release: Notify,
}

impl Server {
    /// Starts a server that responds to every request with `{}`.
    pub async fn start(tls: rustls::ServerConfig) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        Self::raw(move |stream, connection, seen| {
            let acceptor = acceptor.clone();
            async move {
                match acceptor.accept(stream).into_fallible().await {
                    Ok(stream) => serve(stream, connection, seen).await,
                    // rustls has sent an alert. Read and discard the data of the client before closing, because unread
                    // data would reset the connection, and the client might not receive the alert.
                    Err((_, mut stream)) => {
                        let _ = stream.shutdown().await;
                        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                    }
                }
            }
        })
        .await
    }

    /// Starts a server that handles each TCP connection with this function.
    pub async fn of<F: Future<Output = ()> + Send>(
        serve: impl Fn(TcpStream) -> F + Send + Sync + Clone + 'static,
    ) -> Self {
        Self::raw(move |stream, _, _| {
            let serve = serve.clone();
            async move { serve(stream).await }
        })
        .await
    }

    async fn raw<F: Future<Output = ()> + Send>(
        serve: impl Fn(TcpStream, usize, Arc<Seen>) -> F + Send + Sync + Clone + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
                let (serve, shared) = (serve.clone(), Arc::clone(&shared));
                tokio::spawn(async move { serve(stream, connection, shared).await });
            }
        });
        Self { address, seen }
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of this server, with `name` as the host.
    pub fn url(&self, name: &str) -> String {
        format!("https://{name}:{}", self.address.port())
    }

    /// Returns the number of connections and the number of completed handshakes so far.
    pub fn connections(&self) -> (usize, usize) {
        (self.seen.connections.load(Ordering::SeqCst), self.seen.handshakes.load(Ordering::SeqCst))
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Delays the response to the next request until [`release`](Self::release) is called.
    pub fn hold(&self) {
        self.seen.held.store(1, Ordering::SeqCst);
    }

    /// Waits until the request with the delayed response arrives.
    pub async fn arrival(&self) {
        let arrival = self.seen.arrival.notified();
        tokio::time::timeout(Duration::from_secs(10), arrival).await.expect("no request arrived within 10 s");
    }

    /// Sends the delayed response.
    pub fn release(&self) {
        self.seen.release.notify_one();
    }
}

async fn serve(stream: TlsStream<TcpStream>, connection: usize, seen: Arc<Seen>) {
    seen.handshakes.fetch_add(1, Ordering::SeqCst);
    let tls = stream.get_ref().1;
    let is_http2 = tls.alpn_protocol() == Some(b"h2");
    let certificate = tls.peer_certificates().and_then(|chain| chain.first()).map(|certificate| certificate.to_vec());
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (seen, certificate) = (Arc::clone(&seen), certificate.clone());
        async move {
            let (head, body) = request.into_parts();
            let is_head = head.method == Method::HEAD;
            let body = body.collect().await;
            if body.is_ok() {
                let (method, version) = (head.method, head.version);
                seen.requests.lock().unwrap().push(ReceivedRequest { method, version, connection, certificate });
            }
            if seen.held.swap(0, Ordering::SeqCst) == 1 {
                seen.arrival.notify_one();
                seen.release.notified().await;
            }
            // A response to HEAD has a `Content-Length` and no body.
            let body = Bytes::from_static(if is_head { b"" } else { b"{}" });
            Ok::<_, Infallible>(Response::builder().header("content-length", 2).body(Full::new(body)).unwrap())
        }
    });
    let stream = TokioIo::new(stream);
    // The client may disconnect at any time.
    if is_http2 {
        let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await;
    } else {
        let _ = http1::Builder::new().serve_connection(stream, service).await;
    }
}

/// Reads the first bytes that arrive, at most 8 KiB.
pub async fn read_some(stream: &mut TcpStream) -> Vec<u8> {
    let mut read = vec![0; 8192];
    let length = stream.read(&mut read).await.unwrap_or(0);
    read.truncate(length);
    read
}
