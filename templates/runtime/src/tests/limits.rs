//! Limits of time while a body is on its way: a transport that takes it slowly, and a clock that tests move.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use tokio::time::Instant;

use super::body::Chunks;
use super::sample::{Client, ClientBuilder, ErrorBody};
use super::transport::Answer::{self, Hang, HangInBody, Http};
use super::transport::{Recorder, recorded};
use crate::runtime::{Body, BoxFuture, Error, ErrorKind, RetryPolicy, Transport, TransportError};

/// Takes so many seconds for each block of a body, then answers as the recorder does.
#[derive(Clone)]
struct Slow {
    seconds: u64,
    recorder: Recorder,
    /// Takes no more after so many blocks.
    stops_after: usize,
    taken: Arc<Mutex<Vec<Bytes>>>,
}

impl Slow {
    fn new(seconds: u64, answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { seconds, recorder: Recorder::answering(answers), stops_after: usize::MAX, taken: Arc::default() }
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
    let begun = Instant::now();
    let sent = client.request(method, "/x").body(body).send().await;
    (sent.map(|response| response.value), begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_body_that_moves_may_take_longer_than_the_defaults() {
    // 25 seconds for each block: in all, twice the limit of a call; with the second attempt, four times.
    let slow = Slow::new(25, [Http(503, &[], ""), Http(200, &[], "done")]);
    let (sent, seconds) = send(Method::PUT, &slow, |builder| builder).await;
    assert_eq!((sent.unwrap(), seconds), ("done".into(), 2 * 125));
    assert_eq!(slow.taken.lock().unwrap().concat(), b"abcdeabcde");
    let [_, _] = recorded(&slow.recorder);
}

#[tokio::test(start_paused = true)]
async fn the_limits_count_on_once_it_is_there() {
    // The last of the blocks is taken at 40 seconds. A POST has 60 more.
    let slow = Slow::new(10, [Hang]);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder).await;
    let error = sent.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("no answer within 60s, the limit of the whole call"));
    assert_eq!(seconds, 40 + 60);
    // A PUT has 30 an attempt, and goes a second time.
    let slow = Slow::new(10, [Hang, Http(200, &[], "done")]);
    let (sent, seconds) = send(Method::PUT, &slow, |builder| builder).await;
    assert_eq!(sent.unwrap(), "done");
    assert_eq!(seconds, 40 + 30 + 50);
    // A response whose body does not move has the limit of a pause.
    let slow = Slow::new(10, [HangInBody(200)]);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder).await;
    let error = sent.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("nothing of the body came for 30s, the limit of a pause"));
    // It begins when all blocks have been taken, at 50 seconds.
    assert_eq!(seconds, 50 + 30);
}

#[tokio::test(start_paused = true)]
async fn limits_that_are_set_count_all_the_while() {
    let slow = Slow::new(25, []);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder.timeout(Duration::from_secs(60))).await;
    assert!(sent.unwrap_err().to_string().contains("no answer within 60s, the limit of the whole call"));
    assert_eq!(seconds, 60);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder.attempt_timeout(Duration::from_secs(40))).await;
    assert!(sent.unwrap_err().to_string().contains("no answer within 40s, the limit of one attempt"));
    assert_eq!(seconds, 40);
}

#[tokio::test(start_paused = true)]
async fn a_body_of_which_nothing_moves_is_given_up() {
    let stalled = |seconds| Slow { stops_after: 2, ..Slow::new(seconds, []) };
    let (sent, seconds) = send(Method::POST, &stalled(10), |builder| builder).await;
    let error = sent.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Timeout, 1, true));
    assert!(error.to_string().contains("nothing of the body went out for 30s, the limit of a pause"), "{error}");
    assert_eq!(seconds, 10 + 30);
    // It is a timeout like others: a PUT goes again, and has the same time again.
    let (sent, seconds) = send(Method::PUT, &stalled(4), |builder| builder.idle_timeout(Duration::from_secs(5))).await;
    assert_eq!((sent.unwrap_err().attempts(), seconds), (3, 3 * (4 + 5)));
    // No limit that can be counted.
    let slow = Slow::new(50, [Http(200, &[], "done")]);
    let (sent, _) = send(Method::POST, &slow, |builder| builder.idle_timeout(Duration::MAX)).await;
    assert_eq!(sent.unwrap(), "done");
}

#[tokio::test(start_paused = true)]
async fn a_streamed_answer_pauses_as_long_as_it_may() {
    let recorder = Recorder::answering([HangInBody(200), Http(200, &[], "all"), HangInBody(404)]);
    let client = Client::builder().api_key("key").transport(recorder.clone()).build().unwrap();
    let begun = Instant::now();
    let mut answer = client.certificates().search().send_streamed().await.unwrap();
    // The caller's own time is none of the server's.
    tokio::time::sleep(Duration::from_secs(1000)).await;
    let error = answer.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && error.may_have_been_sent());
    assert_eq!(begun.elapsed().as_secs(), 1030);
    assert!(answer.next().await.is_none());

    // A transport of tests may give all at once.
    let mut answer = client.certificates().search().send_streamed().await.unwrap();
    assert_eq!((answer.length(), answer.next().await.unwrap().unwrap()), (Some(3), "all".into()));
    assert!(answer.next().await.is_none());

    // The body of an error is read whole, within the limits of every call.
    let begun = Instant::now();
    let post = client.request(Method::POST, "/x").send_streamed().await.unwrap_err();
    assert_eq!((post.status().unwrap().as_u16(), begun.elapsed().as_secs()), (404, 60));
}

/// Responds after some seconds, with a body of which a byte comes each second.
#[derive(Clone, Default)]
struct Download {
    status: u16,
    /// Seconds until the head.
    head: u64,
    /// Seconds, and bytes, of the body.
    body: u64,
    /// Whether the first response breaks off.
    breaks: bool,
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
            let length = this.body + u64::from(first && this.breaks);
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

/// What comes of a GET or POST: its bytes or its error, the seconds, and how many requests arrived.
async fn download(
    method: Method,
    download: &Download,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Result<usize, String>, u64, u32) {
    let builder = configure(Client::builder().api_key("key").retry(RetryPolicy::new().initial_backoff(Duration::ZERO)));
    let client = builder.transport(download.clone()).build().unwrap();
    let begun = Instant::now();
    let sent = client.request(method, "/x").send().await;
    let requests = *download.requests.lock().unwrap();
    (sent.map(|response| response.value.len()).map_err(|error| error.to_string()), begun.elapsed().as_secs(), requests)
}

#[tokio::test(start_paused = true)]
async fn response_body_that_moves_may_take_longer_than_the_defaults() {
    for method in [Method::GET, Method::POST] {
        let slow = Download { status: 200, head: 20, body: 200, ..Download::default() };
        assert_eq!(download(method, &slow, |builder| builder).await, (Ok(200), 220, 1));
    }
    // What it has taken does not count for a second attempt either.
    let broken = Download { status: 200, head: 20, body: 100, breaks: true, ..Download::default() };
    assert_eq!(download(Method::GET, &broken, |builder| builder).await, (Ok(100), 240, 2));
    // An error is no download.
    let error = Download { status: 404, body: 200, ..Download::default() };
    let (sent, seconds, requests) = download(Method::POST, &error, |builder| builder).await;
    assert!(sent.unwrap_err().contains("404"));
    assert_eq!((seconds, requests), (60, 1));
}

#[tokio::test(start_paused = true)]
async fn limit_that_is_set_replaces_the_default_of_an_attempt() {
    // A response that takes 40 seconds: three attempts of 30 seconds without a limit, one with it.
    let slow = || Download { status: 200, head: 40, body: 1, ..Download::default() };
    let (sent, seconds, requests) = download(Method::GET, &slow(), |builder| builder).await;
    assert!(sent.unwrap_err().contains("no answer within"));
    assert_eq!((seconds, requests), (60, 2));
    let two_minutes = Duration::from_secs(120);
    assert_eq!(download(Method::GET, &slow(), |builder| builder.timeout(two_minutes)).await, (Ok(1), 41, 1));
    let of_call = slow();
    let client = Client::builder().api_key("key").transport(of_call.clone()).build().unwrap();
    client.request(Method::GET, "/x").timeout(two_minutes).send().await.unwrap();
    assert_eq!(*of_call.requests.lock().unwrap(), 1);
    // Both may be set.
    let both = |builder: ClientBuilder| builder.timeout(two_minutes).attempt_timeout(Duration::from_secs(30));
    let (_, seconds, requests) = download(Method::GET, &slow(), both).await;
    assert_eq!((seconds, requests), (90, 3));
    // It counts the time of bodies too.
    let long = Download { status: 200, body: 200, ..Download::default() };
    let (sent, seconds, requests) = download(Method::GET, &long, |builder| builder.timeout(two_minutes)).await;
    assert!(sent.unwrap_err().contains("no complete answer within 120s, the limit of the whole call"));
    assert_eq!((seconds, requests), (120, 1));
}
