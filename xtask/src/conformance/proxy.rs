//! The recording proxy between the client and Prism: what passes through is kept, as it came.
//!
//! The first part of the path, `/c17`, says which call a request belongs to; it is taken off, and the wish for an answer
//! (`Prefer`) is put in. Where Prism cannot give that answer, one of ours goes out in its place.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CONNECTION, CONTENT_LENGTH, HOST, HeaderValue, TRANSFER_ENCODING};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request, as the client sent it, but for the prefix of its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer, as it went to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) sent: Sent,
    pub(crate) received: Received,
}

/// What happens to the requests of a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// The header that asks Prism for an answer.
    pub(crate) prefer: Option<String>,
    /// The media type of that answer: a client lists those of successes, and Prism would give nothing else.
    pub(crate) accept: Option<String>,
    /// What is answered in the place of Prism's answer.
    pub(crate) answer: Option<Received>,
    /// A member that the document does not declare is put into the answer, if that is an error.
    pub(crate) probe: bool,
}

/// The member that no document declares. What was decoded has lost it; what is passed on as it came still has it.
pub(crate) const PROBE: &str = "x-clientwright-undeclared";

/// The header of an answer that is none.
const MISSING: &str = "x-clientwright-missing";

impl Sent {
    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl Received {
    /// What the client gets where Prism breaks off.
    fn missing(error: &anyhow::Error) -> Self {
        Self { status: 502, headers: vec![(MISSING.to_owned(), format!("{error:#}"))], body: Vec::new() }
    }

    /// Whether it is a redirect (RFC 9110, section 15.4).
    pub(crate) fn leads_elsewhere(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308) && self.header("location").is_some()
    }

    /// Whether Prism has broken off.
    pub(crate) fn is_missing(&self) -> bool {
        self.header(MISSING).is_some()
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Serves until it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    upstream: Mutex<SocketAddr>,
    calls: Mutex<HashMap<usize, (Script, Vec<Exchange>)>>,
}

impl Proxy {
    /// Starts on a free port, in front of Prism.
    pub(crate) async fn start(upstream: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the proxy finds no free port")?;
        let address = listener.local_addr().context("the proxy has no address")?;
        let state = Arc::new(State { upstream: Mutex::new(upstream), calls: Mutex::default() });
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// Sends what comes from now on to another server.
    pub(crate) fn redirect(&self, upstream: SocketAddr) {
        *self.state.upstream.lock().unwrap_or_else(PoisonError::into_inner) = upstream;
    }

    /// Makes ready for a call, and gives the URL that it goes to.
    pub(crate) fn expect(&self, call: usize, script: Script) -> String {
        self.calls().insert(call, (script, Vec::new()));
        format!("http://{}/c{call}", self.address)
    }

    /// What has passed in a call.
    pub(crate) fn take(&self, call: usize) -> Vec<Exchange> {
        self.calls().remove(&call).map(|(_, exchanges)| exchanges).unwrap_or_default()
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, HashMap<usize, (Script, Vec<Exchange>)>> {
        self.state.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(Arc::clone(&state), request));
            // A client that hangs up is its own business: what it sent has been recorded.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn handle(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(pass(&state, request).await.unwrap_or_else(|error| {
        let mut response = Response::new(Full::from(format!("the proxy fails: {error:#}\n")));
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    }))
}

async fn pass(state: &State, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let (call, target) = split(target).context("the path belongs to no call")?;
    let sent = Sent {
        method: parts.method.as_str().to_owned(),
        target,
        headers: plain(&parts.headers),
        body: body.collect().await?.to_bytes().to_vec(),
    };
    let script = {
        let calls = state.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(&call).map(|(script, _)| script.clone()).context("nobody expects this call")?
    };
    let received = match script.answer {
        Some(answer) => answer,
        None => {
            let mut forwarded = sent.clone();
            if let Some(prefer) = script.prefer {
                forwarded.headers.push(("prefer".to_owned(), prefer));
            }
            if let Some(media_type) = script.accept {
                let known = forwarded.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(ACCEPT.as_str()));
                match known {
                    Some((_, accept)) => *accept = format!("{accept}, {media_type};q=0.1"),
                    None => forwarded.headers.push((ACCEPT.to_string(), media_type)),
                }
            }
            let upstream = *state.upstream.lock().unwrap_or_else(PoisonError::into_inner);
            let answered = send(upstream, &forwarded).await;
            answered.unwrap_or_else(|error| Received::missing(&error))
        }
    };
    let received = if script.probe { probed(received) } else { received };
    let response = response(&received)?;
    let mut calls = state.calls.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, exchanges)) = calls.get_mut(&call) {
        exchanges.push(Exchange { sent, received });
    }
    Ok(response)
}

/// An error with the member that nobody declares.
fn probed(mut received: Received) -> Received {
    if received.status >= 300
        && let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(&received.body)
    {
        members.insert(PROBE.to_owned(), true.into());
        received.body = serde_json::Value::Object(members).to_string().into_bytes();
    }
    received
}

/// `/c17/pets?a=b` is `/pets?a=b` of call 17.
fn split(target: &str) -> Option<(usize, String)> {
    let rest = target.strip_prefix("/c")?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (call, target) = rest.split_at_checked(end)?;
    // The root of a server without a path is `/` (RFC 9110, section 4.2.3).
    let slash = if target.starts_with('/') { "" } else { "/" };
    Some((call.parse().ok()?, format!("{slash}{target}")))
}

fn response(received: &Received) -> Result<Response<Full<Bytes>>> {
    let mut response = Response::builder().status(received.status);
    for (name, value) in received.headers.iter().filter(|(name, _)| !is_of_the_connection(name)) {
        response = response.header(name, value);
    }
    Ok(response.body(Full::from(received.body.clone()))?)
}

/// How long Prism may take for an answer: so short that a client which tries three times ends within the limit of a call.
const PATIENCE: Duration = Duration::from_secs(8);

/// Sends a request straight to a server.
pub(crate) async fn send(server: SocketAddr, sent: &Sent) -> Result<Received> {
    let mut request = Request::builder().method(sent.method.as_str()).uri(sent.target.as_str());
    for (name, value) in sent.headers.iter().filter(|(name, _)| !is_of_the_connection(name)) {
        request = request.header(name, HeaderValue::from_bytes(value.as_bytes())?);
    }
    let request = request.header(HOST, server.to_string()).body(Full::<Bytes>::from(sent.body.clone()))?;
    // A connection for each request: Prism closes idle ones at a bad moment.
    let stream = TcpStream::connect(server).await.context("Prism is not there")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answered = tokio::time::timeout(PATIENCE, sender.send_request(request)).await;
    let response = answered.context("Prism takes too long")?.context("Prism does not answer")?;
    let (parts, body) = response.into_parts();
    let received = Received {
        status: parts.status.as_u16(),
        headers: plain(&parts.headers),
        body: body.collect().await.context("Prism's answer breaks off")?.to_bytes().to_vec(),
    };
    connection.abort();
    Ok(received)
}

/// What belongs to one connection and not to the message.
fn is_of_the_connection(name: &str) -> bool {
    let own = [CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING];
    own.iter().any(|known| known.as_str().eq_ignore_ascii_case(name)) || name.eq_ignore_ascii_case("keep-alive")
}

fn plain(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_names_the_call() {
        assert_eq!(split("/c17/pets?a=b"), Some((17, "/pets?a=b".to_owned())));
        assert_eq!(split("/c17"), Some((17, "/".to_owned())));
        assert_eq!(split("/c17?a=b"), Some((17, "/?a=b".to_owned())));
        assert_eq!(split("/pets"), None);
    }
}
