//! Tests of timeouts while bodies are transferred, with slow transports and a paused clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use tokio::time::Instant;

use super::body::Chunks;
use super::sample::{Client, ClientBuilder, ErrorBody};
use super::transport::Reply::{self, Hang, HangInBody, Http};
use super::transport::{Recorder, recorded};
use crate::runtime::{Body, BoxFuture, Error, ErrorKind, RetryPolicy, Transport, TransportError};

/// A transport that needs some seconds to read each block of a request body, and then replies like its recorder.
#[derive(Clone)]
struct Slow {
    seconds: u64,
    recorder: Recorder,
    /// The number of blocks after which the transport stops reading.
    stops_after: usize,
    taken: Arc<Mutex<Vec<Bytes>>>,
}

impl Slow {
    fn new(seconds: u64, replies: impl IntoIterator<Item = Reply>) -> Self {
        Self { seconds, recorder: Recorder::with_replies(replies), stops_after: usize::MAX, taken: Arc::default() }
    }
}

impl Transport for Slow {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let mut stream = body.into_stream();
            let mut blocks = 0;
            while blocks < this.stops_after {
                let Some(block) = stream.next().await else { break };
                this.taken.lock().unwrap().push(block.map_err(TransportError::MaybeSent)?);
                tokio::time::sleep(Duration::from_secs(this.seconds)).await;
                blocks += 1;
            }
            if blocks == this.stops_after {
                return std::future::pending().await;
            }
            this.recorder.send(http::Request::from_parts(parts, Body::empty())).await
        })
    }
}

async fn send(
    method: Method,
    slow: &Slow,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Result<Bytes, Error<ErrorBody>>, u64) {
    let builder = configure(Client::builder().api_key("key").retry(RetryPolicy::new().initial_backoff(Duration::ZERO)));
    let client = builder.transport(slow.clone()).build().unwrap();
    let body = Body::replayable_stream(|| Chunks::new(["a", "b", "c", "d", "e"]), Some(5));
    let start = Instant::now();
    let sent = client.request(method, "/x").body(body).send().await;
    (sent.map(|response| response.value), start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn progressing_upload_may_exceed_default_timeouts() {
    // Each of the five blocks takes 25 seconds. So each attempt takes 125 seconds, longer than the default call timeout
    // of 60 seconds.
    let slow = Slow::new(25, [Http(503, &[], ""), Http(200, &[], "done")]);
    let (sent, seconds) = send(Method::PUT, &slow, |builder| builder).await;
    assert_eq!((sent.unwrap(), seconds), ("done".into(), 2 * 125));
    assert_eq!(slow.taken.lock().unwrap().concat(), b"abcdeabcde");
    let [_, _] = recorded(&slow.recorder);
}

#[tokio::test(start_paused = true)]
async fn timeouts_resume_after_upload() {
    // The last block is read after 40 seconds. Then the POST has 60 more seconds, the default timeout of a call.
    let slow = Slow::new(10, [Hang]);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder).await;
    let error = sent.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("no response within 60s, the timeout of the whole call"));
    assert_eq!(seconds, 40 + 60);
    // After the upload, an attempt of a PUT has 30 seconds, the default attempt timeout. Then the PUT is retried.
    let slow = Slow::new(10, [Hang, Http(200, &[], "done")]);
    let (sent, seconds) = send(Method::PUT, &slow, |builder| builder).await;
    assert_eq!(sent.unwrap(), "done");
    assert_eq!(seconds, 40 + 30 + 50);
    // If the response body stalls, the idle timeout applies.
    let slow = Slow::new(10, [HangInBody(200)]);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder).await;
    let error = sent.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("no body data was received for 30s, the idle timeout"));
    // The idle timeout starts when all blocks have been read, after 50 seconds.
    assert_eq!(seconds, 50 + 30);
}

#[tokio::test(start_paused = true)]
async fn configured_timeouts_include_upload() {
    let slow = Slow::new(25, []);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder.timeout(Duration::from_secs(60))).await;
    assert!(sent.unwrap_err().to_string().contains("no response within 60s, the timeout of the whole call"));
    assert_eq!(seconds, 60);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder.attempt_timeout(Duration::from_secs(40))).await;
    assert!(sent.unwrap_err().to_string().contains("no response within 40s, the timeout of one attempt"));
    assert_eq!(seconds, 40);
}

#[tokio::test(start_paused = true)]
async fn stalled_upload_times_out() {
    let stalled = |seconds| Slow { stops_after: 2, ..Slow::new(seconds, []) };
    let (sent, seconds) = send(Method::POST, &stalled(10), |builder| builder).await;
    let error = sent.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Timeout, 1, true));
    assert!(error.to_string().contains("no body data was sent for 30s, the idle timeout"), "{error}");
    assert_eq!(seconds, 10 + 30);
    // A PUT is retried after this timeout, as after other timeouts. The idle timeout of each attempt is the same.
    let (sent, seconds) = send(Method::PUT, &stalled(4), |builder| builder.idle_timeout(Duration::from_secs(5))).await;
    assert_eq!((sent.unwrap_err().attempts(), seconds), (3, 3 * (4 + 5)));
    // `Duration::MAX` disables the idle timeout.
    let slow = Slow::new(50, [Http(200, &[], "done")]);
    let (sent, _) = send(Method::POST, &slow, |builder| builder.idle_timeout(Duration::MAX)).await;
    assert_eq!(sent.unwrap(), "done");
}

#[tokio::test(start_paused = true)]
async fn streamed_response_has_idle_timeout() {
    let recorder = Recorder::with_replies([HangInBody(200), Http(200, &[], "all"), HangInBody(404)]);
    let client = Client::builder().api_key("key").transport(recorder.clone()).build().unwrap();
    let start = Instant::now();
    let mut response = client.certificates().search().send_streamed().await.unwrap();
    // The idle timeout does not include time that the caller needs between two blocks.
    tokio::time::sleep(Duration::from_secs(1000)).await;
    let error = response.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && error.may_have_been_sent());
    assert_eq!(start.elapsed().as_secs(), 1030);
    assert!(response.next().await.is_none());

    // If the transport returns the complete body at once, the stream has a single chunk.
    let mut response = client.certificates().search().send_streamed().await.unwrap();
    assert_eq!((response.length(), response.next().await.unwrap().unwrap()), (Some(3), "all".into()));
    assert!(response.next().await.is_none());

    // A call reads the complete body of an error response before it returns, so the timeouts of calls apply.
    let start = Instant::now();
    let post = client.request(Method::POST, "/x").send_streamed().await.unwrap_err();
    assert_eq!((post.status().unwrap().as_u16(), start.elapsed().as_secs()), (404, 60));
}

/// A transport that responds after some seconds, with a body of one byte per second.
#[derive(Clone, Default)]
struct Download {
    status: u16,
    /// Seconds until the response headers.
    head: u64,
    /// The duration of the body in seconds, which is also its length in bytes.
    body: u64,
    /// Whether the first response is truncated.
    truncated: bool,
    requests: Arc<Mutex<u32>>,
}

impl Transport for Download {
    fn send(&self, _: http::Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let this = self.clone();
        let first = {
            let mut requests = this.requests.lock().unwrap();
            *requests += 1;
            *requests == 1
        };
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(this.head)).await;
            let length = this.body + u64::from(first && this.truncated);
            let body = Seconds { left: this.body, next: None };
            Ok(Response::builder().status(this.status).body(Body::stream(body, Some(length))).unwrap())
        })
    }
}

struct Seconds {
    left: u64,
    next: Option<std::pin::Pin<Box<tokio::time::Sleep>>>,
}

impl futures_core::Stream for Seconds {
    type Item = Result<Bytes, crate::runtime::BoxError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        task: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        if self.left == 0 {
            return std::task::Poll::Ready(None);
        }
        let next = self.next.get_or_insert_with(|| Box::pin(tokio::time::sleep(Duration::from_secs(1))));
        std::task::ready!(next.as_mut().poll(task));
        (self.next, self.left) = (None, self.left - 1);
        std::task::Poll::Ready(Some(Ok(Bytes::from_static(b"x"))))
    }
}

/// Sends a request. Returns the length of the response body or the error, the seconds that the call took, and the
/// number of requests.
async fn download(
    method: Method,
    download: &Download,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Result<usize, String>, u64, u32) {
    let builder = configure(Client::builder().api_key("key").retry(RetryPolicy::new().initial_backoff(Duration::ZERO)));
    let client = builder.transport(download.clone()).build().unwrap();
    let start = Instant::now();
    let sent = client.request(method, "/x").send().await;
    let requests = *download.requests.lock().unwrap();
    (sent.map(|response| response.value.len()).map_err(|error| error.to_string()), start.elapsed().as_secs(), requests)
}

#[tokio::test(start_paused = true)]
async fn progressing_download_may_exceed_default_timeouts() {
    for method in [Method::GET, Method::POST] {
        let slow = Download { status: 200, head: 20, body: 200, ..Download::default() };
        assert_eq!(download(method, &slow, |builder| builder).await, (Ok(200), 220, 1));
    }
    // The first download is truncated and retried. Its time is not included in the timeout of the second attempt.
    let broken = Download { status: 200, head: 20, body: 100, truncated: true, ..Download::default() };
    assert_eq!(download(Method::GET, &broken, |builder| builder).await, (Ok(100), 240, 2));
    // Reading the body of an error response does not extend the timeout.
    let error = Download { status: 404, body: 200, ..Download::default() };
    let (sent, seconds, requests) = download(Method::POST, &error, |builder| builder).await;
    assert!(sent.unwrap_err().contains("404"));
    assert_eq!((seconds, requests), (60, 1));
}

#[tokio::test(start_paused = true)]
async fn configured_timeout_replaces_default_attempt_timeout() {
    // A response after 40 seconds exceeds the default attempt timeout of 30 seconds. A configured call timeout replaces
    // this default.
    let slow = || Download { status: 200, head: 40, body: 1, ..Download::default() };
    let (sent, seconds, requests) = download(Method::GET, &slow(), |builder| builder).await;
    assert!(sent.unwrap_err().contains("no response within"));
    assert_eq!((seconds, requests), (60, 2));
    let two_minutes = Duration::from_secs(120);
    assert_eq!(download(Method::GET, &slow(), |builder| builder.timeout(two_minutes)).await, (Ok(1), 41, 1));
    let per_call = slow();
    let client = Client::builder().api_key("key").transport(per_call.clone()).build().unwrap();
    client.request(Method::GET, "/x").timeout(two_minutes).send().await.unwrap();
    assert_eq!(*per_call.requests.lock().unwrap(), 1);
    // If both timeouts are configured, each of three attempts ends after 30 seconds, before the timeout of the call.
    let both = |builder: ClientBuilder| builder.timeout(two_minutes).attempt_timeout(Duration::from_secs(30));
    let (_, seconds, requests) = download(Method::GET, &slow(), both).await;
    assert_eq!((seconds, requests), (90, 3));
    // A timeout that the caller configures includes the time to read the body.
    let long = Download { status: 200, body: 200, ..Download::default() };
    let (sent, seconds, requests) = download(Method::GET, &long, |builder| builder.timeout(two_minutes)).await;
    assert!(sent.unwrap_err().contains("no complete response within 120s, the timeout of the whole call"));
    assert_eq!((seconds, requests), (120, 1));
}
