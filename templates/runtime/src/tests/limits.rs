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
    // The answer's body too.
    let slow = Slow::new(10, [HangInBody(200)]);
    let (sent, seconds) = send(Method::POST, &slow, |builder| builder).await;
    assert!(sent.unwrap_err().is_timeout());
    assert_eq!(seconds, 40 + 60);
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
