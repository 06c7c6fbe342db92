//! An HTTP server on loopback that is both a token endpoint and an API. A function computes the responses, and all
//! requests are recorded.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A received request.
#[derive(Debug, Clone)]
pub struct Received {
    /// The path and query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
    /// The number of requests to this path so far, including this one.
    pub number: usize,
}

impl Received {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// The response to a request. `None` means that the server never responds.
pub type Reply = Option<Response<String>>;

/// Creates a response with this status, media type and body.
pub fn reply(status: u16, media_type: &str, body: impl Into<String>) -> Reply {
    Some(Response::builder().status(status).header("content-type", media_type).body(body.into()).unwrap())
}

/// Creates a JSON response.
pub fn json(status: u16, body: &serde_json::Value) -> Reply {
    reply(status, "application/json", body.to_string())
}

/// Creates the response of a token endpoint. The token contains `number`, e.g. `token-1`, and is valid for `expires_in`
/// seconds.
pub fn token(number: usize, expires_in: u64) -> Reply {
    json(200, &json!({"access_token": format!("token-{number}"), "token_type": "bearer", "expires_in": expires_in}))
}

/// A running server. It stops when the Tokio runtime of the test stops.
#[derive(Clone)]
pub struct Server(Arc<State>);

struct State {
    address: SocketAddr,
    respond: Box<dyn Fn(&Received) -> Reply + Send + Sync>,
    received: Mutex<Vec<Received>>,
    arrival: Notify,
}

impl Server {
    /// Starts a server that responds with this function.
    pub async fn start(respond: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { address, respond: Box::new(respond), received: Mutex::default(), arrival: Notify::new() };
        let server = Self(Arc::new(state));
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                let service = service_fn(move |request| this.clone().serve(request));
                // The client may disconnect at any time.
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        server
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address)
    }

    /// Returns the requests received at this path.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let received = self.0.received.lock().unwrap();
        received.iter().filter(|received| path_of(&received.target) == path).cloned().collect()
    }

    /// Returns the number of requests received at this path.
    pub fn count(&self, path: &str) -> usize {
        self.received(path).len()
    }

    /// Waits until this many requests have been received at this path.
    pub async fn arrival(&self, path: &str, count: usize) {
        while self.count(path) < count {
            self.0.arrival.notified().await;
        }
    }

    async fn serve(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        // If the client disconnects before it has sent the complete body, the server does not respond.
        let Ok(body) = body.collect().await else { return std::future::pending().await };
        let target = head.uri.to_string();
        let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
        let received = {
            let mut all = self.0.received.lock().unwrap();
            let number = all.iter().filter(|known| path_of(&known.target) == path_of(&target)).count() + 1;
            let received = Received { target, headers: head.headers, body, number };
            all.push(received.clone());
            received
        };
        self.0.arrival.notify_one();
        match (self.0.respond)(&received) {
            Some(response) => Ok(response.map(|body| Full::new(Bytes::from(body)))),
            None => std::future::pending().await,
        }
    }
}

fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}
