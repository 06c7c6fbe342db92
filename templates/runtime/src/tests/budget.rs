//! The budget of retries, alone and under the calls of a client.

use super::sample::Client;
use super::sample::models::ImportRequest;
use super::transport::Answer::{self, Hang, Http, MaybeSent, NotSent};
use super::transport::Recorder;
use crate::runtime::{RetryBudget, RetryPolicy};

fn client(recorder: &Recorder, budget: &RetryBudget) -> Client {
    let builder = Client::builder().api_key("key").bearer_token("tok").retry_budget(budget.clone());
    builder.transport(recorder.clone()).build().unwrap()
}

fn left(budget: &RetryBudget) -> u32 {
    let shown = format!("{budget:?}");
    let left = shown.strip_prefix("RetryBudget(").and_then(|shown| shown.split_once('/')).unwrap().0;
    left.parse().unwrap()
}

#[test]
fn tokens_are_taken_and_given_back() {
    let budget = RetryBudget::new(22);
    assert_eq!((budget.take(false), budget.take(true), budget.take(false)), (Some(5), Some(10), Some(5)));
    assert_eq!((budget.take(false), budget.take(true), left(&budget)), (None, None, 2));
    budget.give_back(None);
    budget.give_back(Some(10));
    assert_eq!(left(&budget), 13);
    for _ in 0..100 {
        budget.give_back(Some(u32::MAX));
        budget.give_back(None);
    }
    assert_eq!(left(&budget), 22);
    assert_eq!((RetryBudget::new(0).take(false), RetryBudget::unlimited().take(true)), (None, Some(10)));
    assert_eq!(
        format!("{:?} {:?}", RetryBudget::default(), RetryBudget::unlimited()),
        "RetryBudget(500/500) RetryBudget(unlimited)"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_retries_and_an_answer_allows_them_again() {
    let budget = RetryBudget::default();
    let outage = vec![Http(503, &[], "down"); 400];
    let recorder = Recorder::answering(outage);
    let client = client(&recorder, &budget);
    let search = || client.certificates().search();
    // A hundred retries, two a call; then each call is sent once.
    for _ in 0..50 {
        assert_eq!(search().send().await.unwrap_err().attempts(), 3);
    }
    let error = search().send().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable(), recorder.requests().len()), (1, true, 151));
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): 503 Service Unavailable (not sent again: the retry \
         budget is exhausted): down"
    );
    for _ in 0..249 {
        search().send().await.unwrap_err();
    }
    assert_eq!((recorder.requests().len(), left(&budget)), (400, 0));
    // From here on the server answers; five answers are a retry.
    for _ in 0..5 {
        search().send().await.unwrap();
    }
    assert_eq!(left(&budget), 5);
}

/// What is left of 100 tokens after a GET with these answers.
async fn after(answers: impl IntoIterator<Item = Answer>) -> u32 {
    let budget = RetryBudget::new(100);
    // Not full, so that what is given back shows.
    budget.take(true).unwrap();
    let recorder = Recorder::answering(answers);
    let _ = client(&recorder, &budget).certificates().search().send().await;
    left(&budget)
}

#[tokio::test(start_paused = true)]
async fn what_retries_take_and_answers_give_back() {
    let page = || Http(200, &[], r#"{"items":[],"total":0}"#);
    assert_eq!(after([page()]).await, 91);
    assert_eq!(after([Http(404, &[], "")]).await, 91);
    // Neither success nor a retry.
    assert_eq!(after([Http(500, &[], "")]).await, 90);
    assert_eq!(after([Http(200, &[], "no JSON, yet an answer")]).await, 91);
    // The retry that was answered costs nothing, the one before it does.
    assert_eq!(after([MaybeSent, page()]).await, 90);
    assert_eq!(after([Hang, page()]).await, 90);
    assert_eq!(after([NotSent, Http(429, &[], ""), page()]).await, 85);
    assert_eq!(after([NotSent, Http(429, &[], ""), Http(404, &[], "")]).await, 85);
    // No answer at all. A timeout takes more, and the second attempt has no time for a third.
    assert_eq!(after([MaybeSent, MaybeSent, MaybeSent]).await, 80);
    assert_eq!(after([Hang, MaybeSent, MaybeSent]).await, 75);
    // A retry that does not happen takes nothing.
    assert_eq!(after([Http(429, &[("retry-after", "31")], "")]).await, 90);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_refused_and_then_answered_gives_back_once() {
    let budget = RetryBudget::new(100);
    budget.take(true).unwrap();
    let recorder = Recorder::answering([Http(503, &[], ""), Http(401, &[], "")]);
    let keys = std::sync::atomic::AtomicUsize::new(0);
    let provider = move || {
        let number = keys.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async move { Ok(format!("key-{number}")) }
    };
    let builder = Client::builder().api_key_provider(provider).retry_budget(budget.clone());
    let client = builder.transport(recorder.clone()).build().unwrap();
    client.request(http::Method::GET, "/things").send().await.unwrap();
    // What the retry took, and the one token of an answer.
    assert_eq!((recorder.requests().len(), left(&budget)), (3, 91));
}

#[tokio::test(start_paused = true)]
async fn the_first_attempt_is_never_refused() {
    let none = RetryBudget::new(0);
    let recorder = Recorder::answering([Http(200, &[], r#"{"id":1}"#), NotSent]);
    let client = client(&recorder, &none);
    client.certificates().renew("1", ImportRequest::default()).send().await.unwrap();
    let renew = client.certificates().renew("1", ImportRequest::default()).retry(RetryPolicy::new().max_attempts(9));
    let error = renew.send().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_been_sent()), (1, false));
    assert!(error.to_string().ends_with("name not found (not sent again: the retry budget is exhausted)"), "{error}");
}
