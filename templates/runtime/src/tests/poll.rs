//! Asking until something is done, with a clock that tests move.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::sample::{Client, ErrorBody};
use super::transport::Answer::{self, Hang, Http, MaybeSent};
use super::transport::Recorder;
use crate::runtime::{PollError, PollPolicy, RetryPolicy, poll_until};

const PENDING: Answer = Http(200, &[], r#"{"items":[],"total":0}"#);
const DONE: Answer = Http(200, &[], r#"{"items":[{"id":1}],"total":1}"#);

type Polled = Result<usize, PollError<usize, ErrorBody>>;

/// Asks a listing until it has an item. Gives the outcome, when each request was made, and how long all took.
async fn poll(policy: &PollPolicy, answers: impl IntoIterator<Item = Answer>) -> (Polled, Vec<Duration>, Duration) {
    let recorder = Recorder::answering(answers);
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
async fn it_asks_at_once_and_then_ever_less_often() {
    let (outcome, times, elapsed) = poll(&PollPolicy::new(), [DONE]).await;
    assert_eq!((outcome.unwrap(), times.len(), elapsed), (1, 1, Duration::ZERO));

    let policy = PollPolicy::new().timeout(seconds(1000)).initial_wait(seconds(1)).max_wait(seconds(8));
    let answers = [vec![PENDING; 9], vec![DONE]].concat();
    let (outcome, times, _) = poll(&policy, answers).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 10));
    for (index, longest) in [1, 2, 4, 8, 8, 8, 8, 8, 8].into_iter().enumerate() {
        let wait = times[index + 1] - times[index];
        // The clock of tokio counts in milliseconds.
        assert!(
            wait >= seconds(longest) / 2 && wait <= seconds(longest) + Duration::from_millis(1),
            "{index}: {wait:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_waits_are_spread() {
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
async fn a_permanent_error_ends_it_at_once() {
    let (outcome, times, elapsed) = poll(&PollPolicy::new(), [PENDING, Http(404, &[], "gone"), DONE]).await;
    let error = outcome.unwrap_err();
    assert!(matches!(&error, PollError::Failed(error) if error.status().unwrap() == 404));
    assert_eq!((times.len(), elapsed), (2, times[1]));
    let PollError::Failed(inner) = &error else { unreachable!() };
    assert_eq!(error.to_string(), inner.to_string());
}

#[tokio::test(start_paused = true)]
async fn a_passing_error_does_not() {
    let answers = [Http(503, &[], ""), MaybeSent, PENDING, Http(429, &[("retry-after", "100")], ""), DONE];
    let (outcome, times, _) = poll(&PollPolicy::new(), answers).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 5));
    // The server's wait counts where it is longer than ours.
    assert_eq!((times[4] - times[3]).as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn the_time_is_kept_and_the_last_answer_too() {
    let policy = PollPolicy::new().timeout(seconds(60)).initial_wait(seconds(40)).max_wait(seconds(40));
    let (outcome, times, elapsed) = poll(&policy, [Http(503, &[], "")]).await;
    assert!(times.len() >= 3 && elapsed <= seconds(60), "{times:?}");
    // What the wait had no room for was asked once more, within the time.
    let left = seconds(60) - times[times.len() - 2];
    assert_eq!((times[times.len() - 1] - times[times.len() - 2]).as_secs(), (left / 2).as_secs());
    match outcome.unwrap_err() {
        PollError::TimedOut { last, error, requests, elapsed: said, .. } => {
            assert_eq!((last, error.is_none(), requests as usize, said), (Some(0), true, times.len(), elapsed));
        }
        error => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_does_not_outlast_the_time() {
    let policy = PollPolicy::new().timeout(seconds(10));
    let (outcome, times, elapsed) = poll(&policy, [Http(503, &[], "busy"), Hang, DONE]).await;
    assert_eq!((times.len(), elapsed.as_secs()), (2, 10));
    let error = outcome.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("still pending after 2 requests in 10s; the last error: searchCertificates (GET "),
        "{text}"
    );
    assert!(text.ends_with("503 Service Unavailable: busy"), "{text}");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(format!("{error:?}"), format!("TimedOut({text})"));
    assert!(matches!(error, PollError::TimedOut { last: None, error: Some(_), .. }));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_time_has_no_room_for_ends_it_at_once() {
    let busy = Http(503, &[("retry-after", "120")], "");
    let (outcome, times, elapsed) = poll(&PollPolicy::new().timeout(seconds(100)), [PENDING, busy, DONE]).await;
    assert_eq!((times.len(), elapsed), (2, times[1]));
    assert!(matches!(outcome, Err(PollError::TimedOut { last: Some(0), error: Some(_), .. })));
}

#[tokio::test(start_paused = true)]
async fn no_time_is_one_request_and_endless_time_is_no_limit() {
    let (outcome, times, _) = poll(&PollPolicy::new().timeout(Duration::ZERO), [PENDING, DONE]).await;
    assert!(times.len() == 1 && matches!(outcome, Err(PollError::TimedOut { last: Some(0), .. })));
    let forever = PollPolicy::new().timeout(Duration::MAX).max_wait(Duration::MAX).initial_wait(seconds(1));
    let (outcome, times, _) = poll(&forever, [vec![PENDING; 20], vec![DONE]].concat()).await;
    assert_eq!((outcome.unwrap(), times.len()), (1, 21));
}

#[tokio::test(start_paused = true)]
async fn dropping_it_makes_no_further_request() {
    let made = Cell::new(0);
    let mut answers = VecDeque::from([0, 0, 0, 1]);
    {
        let request = || {
            made.set(made.get() + 1);
            let answer = answers.pop_front().unwrap();
            async move { Ok::<_, crate::runtime::Error<()>>(answer) }
        };
        let policy = PollPolicy::new();
        let polling = poll_until(&policy, request, |answer| *answer > 0);
        assert!(tokio::time::timeout(Duration::from_millis(100), polling).await.is_err());
    }
    tokio::time::sleep(seconds(1000)).await;
    assert_eq!((made.get(), answers.len()), (1, 3));
}

#[test]
fn it_moves_between_threads() {
    fn moves<T: Send>(_: T) {}
    let client = Client::builder().api_key("key").transport(Recorder::default()).build().unwrap();
    moves(async move {
        let request = || client.certificates().search().send();
        poll_until(&PollPolicy::new(), request, |page| page.total > 0).await
    });
}
