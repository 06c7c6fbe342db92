//! A proxy that records requests and responses between the client and Prism.
//!
//! The first path segment of a request, e.g. `/c17`, is the number of the call. The proxy removes this segment, and
//! adds the header `Prefer`, which requests a particular response from Prism. If Prism cannot produce that response,
//! the call is repeated, and the proxy sends a response of its own.

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

/// A request of the client, without the call number in its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    /// The path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A response as sent to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A request and its response.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) request: RecordedRequest,
    pub(crate) response: RecordedResponse,
}

/// The instructions for handling the requests of a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// The header `Prefer`, which requests a particular response from Prism.
    pub(crate) prefer: Option<String>,
    /// The media type of the requested response. It is added to `Accept`, because Prism responds only with media types
    /// in this header.
    pub(crate) accept: Option<String>,
    /// The response to send without forwarding the request to Prism, if set.
    pub(crate) response: Option<RecordedResponse>,
    /// Whether to add the property [`PROBE`] to error responses.
    pub(crate) probe: bool,
}

/// The name of an undeclared property that is added to error responses. If the client's output contains this property,
/// the client did not decode the response.
pub(crate) const PROBE: &str = "x-clientwright-undeclared";

/// The name of the header that marks the responses which the proxy sends because Prism did not respond.
const MISSING: &str = "x-clientwright-missing";

impl RecordedRequest {
    /// Returns the value of the first header with this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl RecordedResponse {
    /// Creates the response that the client receives if Prism does not respond.
    fn missing(error: &anyhow::Error) -> Self {
        Self { status: 502, headers: vec![(MISSING.to_owned(), format!("{error:#}"))], body: Vec::new() }
    }

    /// Returns whether the response is a redirect (RFC 9110, section 15.4).
    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308) && self.header("location").is_some()
    }

    /// Returns whether the proxy created this response because Prism did not respond.
    pub(crate) fn is_missing(&self) -> bool {
        self.header(MISSING).is_some()
    }

    /// Returns the value of the first header with this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// A running proxy, which stops on drop.
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
    /// Starts a proxy that listens on a free port and forwards to `upstream`.
    pub(crate) async fn start(upstream: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the proxy cannot listen on a port")?;
        let address = listener.local_addr().context("cannot get the address of the proxy")?;
        let state = Arc::new(State { upstream: Mutex::new(upstream), calls: Mutex::default() });
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// Forwards subsequent requests to another server.
    pub(crate) fn redirect(&self, upstream: SocketAddr) {
        *self.state.upstream.lock().unwrap_or_else(PoisonError::into_inner) = upstream;
    }

    /// Registers a call. Returns the base URL to which the client must send this call.
    pub(crate) fn expect(&self, call: usize, script: Script) -> String {
        self.calls().insert(call, (script, Vec::new()));
        format!("http://{}/c{call}", self.address)
    }

    /// Removes a call. Returns its recorded exchanges.
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
            // Ignore errors: a client may close the connection early, after its requests have been recorded.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn handle(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(forward(&state, request).await.unwrap_or_else(|error| {
        let mut response = Response::new(Full::from(format!("error in the proxy: {error:#}\n")));
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    }))
}

async fn forward(state: &State, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let (call, target) = split(target).context("the path has no call number")?;
    let request = RecordedRequest {
        method: parts.method.as_str().to_owned(),
        target,
        headers: recorded_headers(&parts.headers),
        body: body.collect().await?.to_bytes().to_vec(),
    };
    let script = {
        let calls = state.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(&call).map(|(script, _)| script.clone()).context("unknown call number")?
    };
    let response = match script.response {
        Some(response) => response,
        None => {
            let mut forwarded = request.clone();
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
            let result = send(upstream, &forwarded).await;
            result.unwrap_or_else(|error| RecordedResponse::missing(&error))
        }
    };
    let response = if script.probe { with_probe(response) } else { response };
    let to_client = to_http(&response)?;
    let mut calls = state.calls.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, exchanges)) = calls.get_mut(&call) {
        exchanges.push(Exchange { request, response });
    }
    Ok(to_client)
}

/// Adds the property [`PROBE`] to an error response. Does not change other responses.
fn with_probe(mut response: RecordedResponse) -> RecordedResponse {
    if response.status >= 300
        && let Ok(serde_json::Value::Object(mut properties)) = serde_json::from_slice(&response.body)
    {
        properties.insert(PROBE.to_owned(), true.into());
        response.body = serde_json::Value::Object(properties).to_string().into_bytes();
    }
    response
}

/// Splits a target into the number of the call and the target for Prism, e.g. `/c17/pets?a=b` into 17 and `/pets?a=b`.
fn split(target: &str) -> Option<(usize, String)> {
    let rest = target.strip_prefix("/c")?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (call, target) = rest.split_at_checked(end)?;
    // An empty path is equivalent to `/` (RFC 9110, section 4.2.3).
    let slash = if target.starts_with('/') { "" } else { "/" };
    Some((call.parse().ok()?, format!("{slash}{target}")))
}

fn to_http(response: &RecordedResponse) -> Result<Response<Full<Bytes>>> {
    let mut builder = Response::builder().status(response.status);
    for (name, value) in response.headers.iter().filter(|(name, _)| !is_connection_header(name)) {
        builder = builder.header(name, value);
    }
    Ok(builder.body(Full::from(response.body.clone()))?)
}

/// The time limit for a response of Prism. It is shorter than the client's default time limit for a call, 30 seconds, so
/// that the proxy reports a missing response before the client gives up.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(8);

/// Sends a request directly to a server.
pub(crate) async fn send(server: SocketAddr, request: &RecordedRequest) -> Result<RecordedResponse> {
    let mut builder = Request::builder().method(request.method.as_str()).uri(request.target.as_str());
    for (name, value) in request.headers.iter().filter(|(name, _)| !is_connection_header(name)) {
        builder = builder.header(name, HeaderValue::from_bytes(value.as_bytes())?);
    }
    let http_request = builder.header(HOST, server.to_string()).body(Full::<Bytes>::from(request.body.clone()))?;
    // Use a new connection for each request, because Prism may close an idle connection at the moment it is reused.
    let stream = TcpStream::connect(server).await.context("cannot connect to Prism")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let result = tokio::time::timeout(RESPONSE_TIMEOUT, sender.send_request(http_request)).await;
    let response = result.context("Prism exceeded the time limit")?.context("Prism did not respond")?;
    let (parts, body) = response.into_parts();
    let recorded = RecordedResponse {
        status: parts.status.as_u16(),
        headers: recorded_headers(&parts.headers),
        body: body.collect().await.context("the response of Prism is incomplete")?.to_bytes().to_vec(),
    };
    connection.abort();
    Ok(recorded)
}

/// Returns whether a header applies only to the connection, so that a proxy must not forward it.
fn is_connection_header(name: &str) -> bool {
    let own = [CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING];
    own.iter().any(|known| known.as_str().eq_ignore_ascii_case(name)) || name.eq_ignore_ascii_case("keep-alive")
}

fn recorded_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_prefix_is_call_number() {
        assert_eq!(split("/c17/pets?a=b"), Some((17, "/pets?a=b".to_owned())));
        assert_eq!(split("/c17"), Some((17, "/".to_owned())));
        assert_eq!(split("/c17?a=b"), Some((17, "/?a=b".to_owned())));
        assert_eq!(split("/pets"), None);
    }
}
