//! Tests of decoding large bodies on another thread.

use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::runtime::RawResponse;
use crate::runtime::limits::{Limit, Limits};
use crate::runtime::offload::decode;

const LIMIT: u64 = 1024 * 1024;

fn response(bytes: usize) -> RawResponse {
    RawResponse::new(StatusCode::OK, HeaderMap::new(), vec![b' '; bytes].into())
}

fn limits(length: Duration) -> Limits {
    Limits::new(Limit::of_call(Some(length), length), None, length, None)
}

fn this_thread(_: &RawResponse) -> thread::ThreadId {
    thread::current().id()
}

#[tokio::test]
async fn large_body_is_decoded_on_another_thread() {
    let limits = limits(Duration::from_secs(60));
    let here = thread::current().id();
    assert_eq!(decode(&response(256 * 1024), LIMIT, &limits, this_thread).await.unwrap(), here);
    assert_ne!(decode(&response(256 * 1024 + 1), LIMIT, &limits, this_thread).await.unwrap(), here);
}

#[tokio::test]
async fn timeout_ends_decoding() {
    let (release, released) = mpsc::channel::<()>();
    let waits = move |_: &RawResponse| released.recv().is_ok();
    let reason = decode(&response(LIMIT as usize), LIMIT, &limits(Duration::from_millis(20)), waits).await.unwrap_err();
    assert_eq!(reason, "the response was not decoded within 20ms, the timeout of the whole call");
    release.send(()).unwrap();
}

#[test]
fn large_body_is_decoded_without_tokio() {
    let (limits, response) = (limits(Duration::from_secs(60)), response(LIMIT as usize));
    let decoding = pin!(decode(&response, LIMIT, &limits, this_thread));
    let polled = decoding.poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(polled, Poll::Ready(Ok(thread::current().id())));
}

#[tokio::test]
#[should_panic(expected = "of the type itself")]
async fn panic_while_decoding_propagates_to_call() {
    let panics = |_: &RawResponse| -> () { panic!("of the type itself") };
    let _ = decode(&response(LIMIT as usize), LIMIT, &limits(Duration::from_secs(60)), panics).await;
}
