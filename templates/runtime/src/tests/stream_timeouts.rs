//! Tests of timeouts while a streamed response is read.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{Method, Response};
use tokio::time::{Instant, Interval, interval, timeout};

use super::sample::Client;
use crate::runtime::{Body, BoxError, BoxFuture, ErrorKind, StreamedResponse, Transport, TransportError};

/// A transport that responds with an endless body.
#[derive(Clone, Copy)]
enum Endless {
    /// One byte per second.
    Drips,
    /// Chunks of this size in bytes, without pauses.
    Floods(usize),
}

impl Transport for Endless {
    fn send(&self, _: http::Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let body = match *self {
            Self::Drips => Body::stream(Dripping(interval(Duration::from_secs(1))), None),
            Self::Floods(size) => Body::stream(Flood(Bytes::from(vec![b'\n'; size])), None),
        };
        Box::pin(async { Ok(Response::new(body)) })
    }
}

struct Dripping(Interval);

impl Stream for Dripping {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_tick(task).map(|_| Some(Ok(Bytes::from_static(b"\n"))))
    }
}

struct Flood(Bytes);

impl Stream for Flood {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(self.0.clone())))
    }
}

fn client(transport: Endless) -> Client {
    Client::builder().transport(transport).timeout(Duration::from_secs(5)).build().unwrap()
}

/// Reads a response until the first error, and returns the error.
async fn read<E>(mut response: StreamedResponse<E>) -> crate::runtime::Error<E> {
    loop {
        if let Err(error) = response.next().await.unwrap() {
            return error;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn call_timeout_includes_reading_stream() {
    let start = Instant::now();
    let request = client(Endless::Drips).request(Method::GET, "/x").timeout(Duration::from_millis(10_500));
    let error = read(request.send_streamed().await.unwrap()).await;
    assert!(error.is_timeout() && error.to_string().contains("within 10.5s, the timeout of the whole call"), "{error}");
    assert_eq!(start.elapsed().as_millis() / 100, 105);
}

#[tokio::test(start_paused = true)]
async fn client_timeout_ends_when_stream_starts() {
    let mut response = client(Endless::Drips).request(Method::GET, "/x").send_streamed().await.unwrap();
    let start = Instant::now();
    for _ in 0..100 {
        response.next().await.unwrap().unwrap();
    }
    assert_eq!(start.elapsed().as_secs(), 99);
}

#[tokio::test]
async fn timeout_ends_stream_without_pauses() {
    for transport in [Endless::Floods(0), Endless::Floods(1), Endless::Floods(8192)] {
        let request = || client(transport).request(Method::GET, "/x").timeout(Duration::from_millis(50));
        let error = read(request().send_streamed().await.unwrap()).await;
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        let error = request().send().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::TooLarge), "{error}");
    }
}

/// A timeout that the caller adds around the stream is a timer in the same task. It only expires if reading the stream
/// yields.
#[tokio::test]
async fn stream_without_pauses_yields_to_other_futures() {
    for transport in [Endless::Floods(0), Endless::Floods(1), Endless::Floods(8192)] {
        let response = client(transport).request(Method::GET, "/x").send_streamed().await.unwrap();
        assert!(timeout(Duration::from_millis(50), read(response)).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn empty_chunks_do_not_reset_idle_timeout() {
    struct Empty(Interval);
    impl Stream for Empty {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0.poll_tick(task).map(|_| Some(Ok(Bytes::new())))
        }
    }
    struct EmptyChunks;
    impl Transport for EmptyChunks {
        fn send(&self, _: http::Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
            let body = Body::stream(Empty(interval(Duration::from_secs(1))), None);
            Box::pin(async { Ok(Response::new(body)) })
        }
    }
    let client = Client::builder().transport(EmptyChunks).build().unwrap();
    let start = Instant::now();
    let error = read(client.request(Method::GET, "/x").send_streamed().await.unwrap()).await;
    assert!(error.to_string().contains("no body data was received for 30s"), "{error}");
    assert_eq!(start.elapsed().as_secs(), 30);
}
