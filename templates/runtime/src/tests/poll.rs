//! Tests of polling an operation until a condition is met, with a paused clock.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::sample::{Client, ErrorBody};
use super::transport::Recorder;
use super::transport::Reply::{self, Hang, Http, MaybeSent};
use crate::runtime::{PollError, PollPolicy, RetryPolicy, poll_until};

const PENDING: Reply = Http(200, &[], r#"{"items":[],"total":0}"#);
const DONE: Reply = Http(200, &[], r#"{"items":[{"id":1}],"total":1}"#);

type Polled = Result<usize, PollError<usize, ErrorBody>>;

/// Polls a search until it has an item. Returns the outcome, the time of each request, and the total time.
async fn poll(policy: &PollPolicy, replies: impl IntoIterator<Item = Reply>) -> (Polled, Vec<Duration>, Duration) {
    let recorder = Recorder::with_replies(replies);
    let builder = Client::builder().api_key("key").retry(RetryPolicy::none());
    let client = builder.transport(recorder.clone()).build().unwrap();
    let (start, mut times) = (Instant::now(), Vec::new());
    let request = || {
        times.push(start.elapsed());
        let search = client.certificates().search();
        async move { search.send().await.map(|page| page.items.len()) }
    };
    let outcome = poll_until(policy, request, |items| *items > 0).await;
    assert_eq!(recorder.requests().len(), times.len());
    (outcome, times, start.elapsed())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn first_request_is_immediate_and_waits_grow() {
    let (outcome, times, elapsed) = poll(&PollPolicy::new(), [DONE]).await;
    assert_eq!((outcome.unwrap(), times.len(), elapsed), (1, 1, Duration::ZERO));

    let policy = PollPolicy::new().timeout(seconds(1000)).initial_wait(seconds(1)).max_wait(seconds(8));
    let replies = [vec![PENDING; 9], vec![DONE]].concat();
    let (outcome, times, _) = poll(&policy, replies).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 10));
    for (index, max) in [1, 2, 4, 8, 8, 8, 8, 8, 8].into_iter().enumerate() {
        let wait = times[index + 1] - times[index];
        // The clock of tokio has a resolution of one millisecond.
        assert!(wait >= seconds(max) / 2 && wait <= seconds(max) + Duration::from_millis(1), "{index}: {wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_have_jitter() {
    let mut waits = Vec::new();
    for _ in 0..20 {
        let (_, times, _) = poll(&PollPolicy::new().initial_wait(seconds(30)), [PENDING, DONE]).await;
        waits.push(times[1].as_millis());
    }
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() > 10, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn permanent_error_ends_polling() {
    let (outcome, times, elapsed) = poll(&PollPolicy::new(), [PENDING, Http(404, &[], "gone"), DONE]).await;
    let error = outcome.unwrap_err();
    assert!(matches!(&error, PollError::Failed(error) if error.status().unwrap() == 404));
    assert_eq!((times.len(), elapsed), (2, times[1]));
    let PollError::Failed(inner) = &error else { unreachable!() };
    assert_eq!(error.to_string(), inner.to_string());
}

#[tokio::test(start_paused = true)]
async fn transient_error_continues_polling() {
    let replies = [Http(503, &[], ""), MaybeSent, PENDING, Http(429, &[("retry-after", "100")], ""), DONE];
    let (outcome, times, _) = poll(&PollPolicy::new(), replies).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 5));
    // The server's `Retry-After` is used if it is longer than the policy's wait.
    assert_eq!((times[4] - times[3]).as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn timeout_returns_last_value() {
    let policy = PollPolicy::new().timeout(seconds(60)).initial_wait(seconds(40)).max_wait(seconds(40));
    let (outcome, times, elapsed) = poll(&policy, [Http(503, &[], "")]).await;
    assert!(times.len() >= 3 && elapsed <= seconds(60), "{times:?}");
    // The last wait is shortened, so that a last request is sent within the timeout.
    let left = seconds(60) - times[times.len() - 2];
    assert_eq!((times[times.len() - 1] - times[times.len() - 2]).as_secs(), (left / 2).as_secs());
    match outcome.unwrap_err() {
        PollError::TimedOut { last, error, requests, elapsed: reported, .. } => {
            assert_eq!((last, error.is_none(), requests as usize, reported), (Some(0), true, times.len(), elapsed));
        }
        error => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_request_ends_at_timeout() {
    let policy = PollPolicy::new().timeout(seconds(10));
    let (outcome, times, elapsed) = poll(&policy, [Http(503, &[], "busy"), Hang, DONE]).await;
    assert_eq!((times.len(), elapsed.as_secs()), (2, 10));
    let error = outcome.unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("still pending after 2 requests in 10s; the last error: searchCertificates (GET "),
        "{message}"
    );
    assert!(message.ends_with("503 Service Unavailable: busy"), "{message}");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(format!("{error:?}"), format!("TimedOut({message})"));
    assert!(matches!(error, PollError::TimedOut { last: None, error: Some(_), .. }));
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_timeout_ends_polling() {
    let busy = Http(503, &[("retry-after", "120")], "");
    let (outcome, times, elapsed) = poll(&PollPolicy::new().timeout(seconds(100)), [PENDING, busy, DONE]).await;
    assert_eq!((times.len(), elapsed), (2, times[1]));
    assert!(matches!(outcome, Err(PollError::TimedOut { last: Some(0), error: Some(_), .. })));
}

#[tokio::test(start_paused = true)]
async fn zero_timeout_makes_one_request_and_max_is_unlimited() {
    let (outcome, times, _) = poll(&PollPolicy::new().timeout(Duration::ZERO), [PENDING, DONE]).await;
    assert!(times.len() == 1 && matches!(outcome, Err(PollError::TimedOut { last: Some(0), .. })));
    let forever = PollPolicy::new().timeout(Duration::MAX).max_wait(Duration::MAX).initial_wait(seconds(1));
    let (outcome, times, _) = poll(&forever, [vec![PENDING; 20], vec![DONE]].concat()).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 21));
}

#[tokio::test(start_paused = true)]
async fn dropped_polling_makes_no_more_requests() {
    let made = Cell::new(0);
    let mut replies = VecDeque::from([0, 0, 0, 1]);
    {
        let request = || {
            made.set(made.get() + 1);
            let reply = replies.pop_front().unwrap();
            async move { Ok::<_, crate::runtime::Error<()>>(reply) }
        };
        let policy = PollPolicy::new();
        let polling = poll_until(&policy, request, |reply| *reply > 0);
        assert!(tokio::time::timeout(Duration::from_millis(100), polling).await.is_err());
    }
    tokio::time::sleep(seconds(1000)).await;
    assert_eq!((made.get(), replies.len()), (1, 3));
}

#[test]
fn polling_is_send() {
    fn check<T: Send>(_: T) {}
    let client = Client::builder().api_key("key").transport(Recorder::default()).build().unwrap();
    check(async move {
        let request = || client.certificates().search().send();
        poll_until(&PollPolicy::new(), request, |page| page.total > 0).await
    });
}
