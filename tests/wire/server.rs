//! An HTTP server on loopback that sends predefined responses and records the requests.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use super::sent::Sent;

/// The response of the server to one request.
#[derive(Debug, Clone)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    silent: bool,
}

impl Response {
    /// Creates a response without a body.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), silent: false }
    }

    /// Creates a response that is never sent.
    pub fn never() -> Self {
        Self { silent: true, ..Self::new(200) }
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    /// Sets a body with this media type.
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap());
        self.body = body.into();
        self
    }

    /// Sets a JSON body.
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }
}

/// A running server. It stops when the Tokio runtime of the test stops.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    address: SocketAddr,
    responses: Mutex<VecDeque<Response>>,
    sent: Mutex<Vec<Sent>>,
    arrival: Notify,
}

impl Server {
    /// Starts a server with these responses, one per request. Further requests get the status 599.
    pub async fn responding(responses: impl IntoIterator<Item = Response>) -> Self {
        Self::start(responses, None).await
    }

    /// Like [`responding`](Self::responding), with TLS.
    pub async fn responding_with_tls(responses: impl IntoIterator<Item = Response>, tls: rustls::ServerConfig) -> Self {
        Self::start(responses, Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn start(responses: impl IntoIterator<Item = Response>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let responses = Mutex::new(responses.into_iter().collect());
        let state = Arc::new(State { address, responses, sent: Mutex::default(), arrival: Notify::new() });
        tokio::spawn(accept(listener, tls, Arc::clone(&state)));
        Self { address, state }
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of the server, for `base_url` of a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all requests so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.state.sent.lock().unwrap().clone()
    }

    /// Waits for the next request to arrive.
    pub async fn arrival(&self) {
        self.state.arrival.notified().await;
    }

    /// Returns the only request. Panics if there is no request or more than one.
    pub fn sent_once(&self) -> Sent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "expected exactly one request: {sent:#?}");
        sent.remove(0)
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            match tls {
                None => serve(stream, state).await,
                // The handshake fails if the client or the server rejects the certificate of the other.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, state).await;
                    }
                }
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, state: Arc<State>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&state)));
    // The client may disconnect at any time, for example after a timeout.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    request: http::Request<Incoming>,
    state: Arc<State>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let sent = Sent::received(head, body, state.address);
    state.sent.lock().unwrap().push(sent);
    state.arrival.notify_one();
    let next = state.responses.lock().unwrap().pop_front();
    let next = next.unwrap_or_else(|| Response::new(599).body("text/plain", "unexpected request"));
    if next.silent {
        return std::future::pending().await;
    }
    let mut response = http::Response::new(Full::new(next.body));
    *response.status_mut() = next.status;
    *response.headers_mut() = next.headers;
    Ok(response)
}
