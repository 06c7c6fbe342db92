//! An HTTP server on loopback that answers as it is told and keeps what it was sent, to the letter of the request line.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
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

use crate::sent::Sent;

/// What the server answers to one request.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    silent: bool,
}

impl Answer {
    /// An answer without a body.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), silent: false }
    }

    /// The request arrives and is never answered.
    pub fn never() -> Self {
        Self { silent: true, ..Self::new(200) }
    }

    /// With this header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    /// With a body of this media type.
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap());
        self.body = body.into();
        self
    }

    /// With this JSON as its body.
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }
}

/// The server. It stops when the test's runtime does.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    address: SocketAddr,
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<Sent>>,
    arrival: Notify,
}

impl Server {
    /// A server that gives these answers, one to a request. A request too many gets the status 599.
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start(answers, None).await
    }

    /// The same behind TLS.
    pub async fn answering_with_tls(answers: impl IntoIterator<Item = Answer>, tls: rustls::ServerConfig) -> Self {
        Self::start(answers, Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn start(answers: impl IntoIterator<Item = Answer>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Mutex::new(answers.into_iter().collect());
        let state = Arc::new(State { address, answers, sent: Mutex::default(), arrival: Notify::new() });
        tokio::spawn(accept(listener, tls, Arc::clone(&state)));
        Self { address, state }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for a client's `base_url`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.state.sent.lock().unwrap().clone()
    }

    /// Waits for the next request to arrive.
    pub async fn arrival(&self) {
        self.state.arrival.notified().await;
    }

    /// The request, of which there must be one.
    pub fn sent_once(&self) -> Sent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "one request was expected: {sent:#?}");
        sent.remove(0)
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            match tls {
                None => serve(stream, state).await,
                // A client that breaks the handshake off is one that refuses us, or that we refuse.
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
    let service = service_fn(move |request| answer(request, Arc::clone(&state)));
    // The client may go away at any time, as after a timeout.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: http::Request<Incoming>, state: Arc<State>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let sent = Sent::received(head, body, state.address);
    state.sent.lock().unwrap().push(sent);
    state.arrival.notify_one();
    let answer = state.answers.lock().unwrap().pop_front();
    let answer = answer.unwrap_or_else(|| Answer::new(599).body("text/plain", "a request too many"));
    if answer.silent {
        return std::future::pending().await;
    }
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}
