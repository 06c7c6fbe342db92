//! Tests of the retry budget: its token count, and its use by the calls of a client.

use super::sample::Client;
use super::sample::models::ImportRequest;
use super::transport::Recorder;
use super::transport::Reply::{self, Hang, Http, MaybeSent, NotSent};
use crate::runtime::{RetryBudget, RetryPolicy};

fn client(recorder: &Recorder, budget: &RetryBudget) -> Client {
    let builder = Client::builder().api_key("key").bearer_token("tok").retry_budget(budget.clone());
    builder.transport(recorder.clone()).build().unwrap()
}

fn remaining(budget: &RetryBudget) -> u32 {
    let shown = format!("{budget:?}");
    let remaining = shown.strip_prefix("RetryBudget(").and_then(|shown| shown.split_once('/')).unwrap().0;
    remaining.parse().unwrap()
}

#[test]
fn budget_takes_and_returns_tokens() {
    let budget = RetryBudget::new(22);
    assert_eq!((budget.take(false), budget.take(true), budget.take(false)), (Some(5), Some(10), Some(5)));
    assert_eq!((budget.take(false), budget.take(true), remaining(&budget)), (None, None, 2));
    budget.give_back(None);
    budget.give_back(Some(10));
    assert_eq!(remaining(&budget), 13);
    for _ in 0..100 {
        budget.give_back(Some(u32::MAX));
        budget.give_back(None);
    }
    assert_eq!(remaining(&budget), 22);
    assert_eq!((RetryBudget::new(0).take(false), RetryBudget::unlimited().take(true)), (None, Some(10)));
    assert_eq!(
        format!("{:?} {:?}", RetryBudget::default(), RetryBudget::unlimited()),
        "RetryBudget(500/500) RetryBudget(unlimited)"
    );
}

#[tokio::test(start_paused = true)]
async fn outage_exhausts_budget_and_responses_refill_it() {
    let budget = RetryBudget::default();
    let outage = vec![Http(503, &[], "down"); 400];
    let recorder = Recorder::with_replies(outage);
    let client = client(&recorder, &budget);
    let search = || client.certificates().search();
    // The budget allows 100 retries, two per call. After that, each call is sent only once.
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
    assert_eq!((recorder.requests().len(), remaining(&budget)), (400, 0));
    // From here on the server responds. Five responses return enough tokens for one retry.
    for _ in 0..5 {
        search().send().await.unwrap();
    }
    assert_eq!(remaining(&budget), 5);
}

/// Makes a GET with these replies, and with a retry budget of 100 tokens of which 10 are already taken. Returns how
/// many tokens are left.
async fn remaining_after(replies: impl IntoIterator<Item = Reply>) -> u32 {
    let budget = RetryBudget::new(100);
    // Take tokens first: a full budget would ignore the tokens that the call returns.
    budget.take(true).unwrap();
    let recorder = Recorder::with_replies(replies);
    let _ = client(&recorder, &budget).certificates().search().send().await;
    remaining(&budget)
}

#[tokio::test(start_paused = true)]
async fn retry_takes_tokens_and_response_returns_them() {
    let page = || Http(200, &[], r#"{"items":[],"total":0}"#);
    assert_eq!(remaining_after([page()]).await, 91);
    assert_eq!(remaining_after([Http(404, &[], "")]).await, 91);
    // This response does not show that the server works, and the call is not retried.
    assert_eq!(remaining_after([Http(500, &[], "")]).await, 90);
    assert_eq!(remaining_after([Http(200, &[], "not JSON, but a response")]).await, 91);
    // A retry that gets a response returns its tokens. An earlier retry that failed does not.
    assert_eq!(remaining_after([MaybeSent, page()]).await, 90);
    assert_eq!(remaining_after([Hang, page()]).await, 90);
    assert_eq!(remaining_after([NotSent, Http(429, &[], ""), page()]).await, 85);
    assert_eq!(remaining_after([NotSent, Http(429, &[], ""), Http(404, &[], "")]).await, 85);
    // No attempt gets a response. A retry takes 5 tokens, and a retry after a timeout 10.
    assert_eq!(remaining_after([MaybeSent, MaybeSent, MaybeSent]).await, 80);
    assert_eq!(remaining_after([Hang, MaybeSent, MaybeSent]).await, 75);
    // A retry that is not made takes no tokens.
    assert_eq!(remaining_after([Http(429, &[("retry-after", "31")], "")]).await, 90);
}

#[tokio::test(start_paused = true)]
async fn retry_after_refused_credential_returns_tokens_once() {
    let budget = RetryBudget::new(100);
    budget.take(true).unwrap();
    let recorder = Recorder::with_replies([Http(503, &[], ""), Http(401, &[], "")]);
    let keys = std::sync::atomic::AtomicUsize::new(0);
    let provider = move || {
        let number = keys.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async move { Ok(format!("key-{number}")) }
    };
    let builder = Client::builder().api_key_provider(provider).retry_budget(budget.clone());
    let client = builder.transport(recorder.clone()).build().unwrap();
    client.request(http::Method::GET, "/things").send().await.unwrap();
    // The last response returns the tokens of the retry, and one more token.
    assert_eq!((recorder.requests().len(), remaining(&budget)), (3, 91));
}

#[tokio::test(start_paused = true)]
async fn first_attempt_needs_no_budget() {
    let none = RetryBudget::new(0);
    let recorder = Recorder::with_replies([Http(200, &[], r#"{"id":1}"#), NotSent]);
    let client = client(&recorder, &none);
    client.certificates().renew("1", ImportRequest::default()).send().await.unwrap();
    let renew = client
        .certificates()
        .renew("1", ImportRequest::default())
        .options(crate::runtime::RequestOptions::new().retry(RetryPolicy::new().max_attempts(9)));
    let error = renew.send().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_been_sent()), (1, false));
    assert!(error.to_string().ends_with("name not found (not sent again: the retry budget is exhausted)"), "{error}");
}
