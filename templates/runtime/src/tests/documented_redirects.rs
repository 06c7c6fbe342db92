//! Tests of documented redirects, which a call returns as a response instead of following them.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::sample::{Client, ErrorBody};
use super::transport::Reply::{self, HangInBody, Http};
use super::transport::{Recorder, recorded};
use crate::runtime::{
    Call, DecodeError, DocumentedRedirects, ErrorKind, Operation, OperationInfo, RawResponse, Response, SuccessInfo,
    decode,
};

/// An operation that returns 200 with a string while a job runs, 303 when it is done, and 304 if not modified.
struct JobState;

/// An operation that documents `3XX` responses, i.e. every redirect.
struct Any;

#[derive(Debug, PartialEq)]
enum State {
    Ok(String),
    SeeOther,
    NotModified,
    Raw(Bytes),
}

impl crate::runtime::sealed::Sealed for JobState {}

impl Operation for JobState {
    const INFO: &'static OperationInfo = &OperationInfo::new("jobState", http::Method::GET)
        .path("/jobs/1")
        .success(SuccessInfo::text(200))
        .documented_redirects(DocumentedRedirects::Only(&[303, 304]));
    type Body = ();
    type Output = State;
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<State, DecodeError> {
        match response.status().as_u16() {
            200 => decode::text(response).map(State::Ok),
            303 => Ok(State::SeeOther),
            304 => Ok(State::NotModified),
            _ => Ok(State::Raw(response.body().clone())),
        }
    }
}

impl crate::runtime::sealed::Sealed for Any {}

impl Operation for Any {
    const INFO: &'static OperationInfo =
        &OperationInfo::new("any", http::Method::GET).documented_redirects(DocumentedRedirects::All);
    type Body = ();
    type Output = ();
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<(), DecodeError> {
        decode::empty(response)
    }
}

const SEE_OTHER: Reply = Http(303, &[("location", "/results/1")], "<a href=/results/1>here</a>");
const FOUND: Reply = Http(302, &[("location", "/elsewhere")], "");
const RUNNING: Reply = Http(200, &[], "running");

fn call<O: Operation>(recorder: &Recorder) -> Call {
    let client = Client::builder().base_url("https://jobs.example").transport(recorder.clone()).build().unwrap();
    Call::new::<O>(client.api())
}

async fn outcome(script: impl IntoIterator<Item = Reply>) -> (Response<State>, usize) {
    let recorder = Recorder::with_replies(script);
    let response = call::<JobState>(&recorder).send::<JobState>().await.unwrap();
    (response, recorder.requests().len())
}

#[tokio::test]
async fn documented_redirect_is_output() {
    let (response, requests) = outcome([SEE_OTHER]).await;
    assert_eq!((response.value, response.status, requests), (State::SeeOther, StatusCode::SEE_OTHER, 1));
    assert_eq!(response.headers["location"], "/results/1");
    let (response, requests) = outcome([Http(304, &[("etag", "x")], "")]).await;
    assert_eq!((response.value, response.headers["etag"].as_bytes(), requests), (State::NotModified, &b"x"[..], 1));
    // An undocumented redirect is followed. Its target may respond with a documented redirect.
    let (response, requests) = outcome([FOUND, RUNNING]).await;
    assert_eq!((response.value, requests), (State::Ok("running".to_owned()), 2));
    let (response, requests) = outcome([FOUND, SEE_OTHER]).await;
    assert_eq!((response.value, requests), (State::SeeOther, 2));
}

#[tokio::test]
async fn status_range_documents_every_redirect() {
    for status in [300, 301, 302, 303, 304, 307, 308, 399] {
        let recorder = Recorder::with_replies([Http(status, &[("location", "/x")], "")]);
        let response = call::<Any>(&recorder).send::<Any>().await.unwrap();
        assert_eq!((response.status.as_u16(), recorder.requests().len()), (status, 1));
    }
    let recorder = Recorder::with_replies([Http(404, &[], "")]);
    assert_eq!(call::<Any>(&recorder).send::<Any>().await.unwrap_err().kind(), ErrorKind::Status);
}

#[tokio::test]
async fn call_option_follows_documented_redirects() {
    let recorder = Recorder::with_replies([SEE_OTHER, RUNNING]);
    let mut following = call::<JobState>(&recorder);
    following.options(crate::runtime::RequestOptions::new().redirects(true));
    let response = following.send::<JobState>().await.unwrap();
    assert_eq!(response.value, State::Ok("running".to_owned()));
    let [_, second] = recorded(&recorder);
    assert_eq!((second.method(), second.uri().path()), (&Method::GET, "/results/1"));

    // A redirect without `Location` is still returned. A redirect that must not be followed is an error with the
    // reason.
    for script in [Http(304, &[], ""), Http(303, &[], "")] {
        let recorder = Recorder::with_replies([script]);
        let mut following = call::<JobState>(&recorder);
        following.options(crate::runtime::RequestOptions::new().redirects(true));
        assert!(following.send::<JobState>().await.unwrap().status.is_redirection());
    }
    let recorder = Recorder::with_replies([Http(303, &[("location", "https://other.example/")], "")]);
    let mut following = call::<JobState>(&recorder);
    following.options(crate::runtime::RequestOptions::new().redirects(true));
    let error = following.send::<JobState>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert!(error.to_string().contains("it leads to a different origin than https://jobs.example"), "{error}");
}

#[tokio::test]
async fn call_option_follows_no_redirect() {
    let recorder = Recorder::with_replies([FOUND, SEE_OTHER]);
    let mut staying = call::<JobState>(&recorder);
    staying.options(crate::runtime::RequestOptions::new().redirects(false));
    let error = staying.clone().send::<JobState>().await.unwrap_err();
    assert!(error.to_string().ends_with("302 Found: redirects are disabled; Location: /elsewhere"), "{error}");
    assert_eq!(staying.send::<JobState>().await.unwrap().value, State::SeeOther);
    // `redirects(true)` of the call overrides `redirects(false)` of the client.
    let recorder = Recorder::with_replies([FOUND, RUNNING]);
    let builder = Client::builder().base_url("https://jobs.example").transport(recorder.clone()).redirects(false);
    let mut following = Call::new::<JobState>(builder.build().unwrap().api());
    following.options(crate::runtime::RequestOptions::new().redirects(true));
    assert_eq!(following.send::<JobState>().await.unwrap().value, State::Ok("running".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn documented_redirect_is_streamed_and_limited_like_success() {
    let recorder = Recorder::with_replies([SEE_OTHER, SEE_OTHER, HangInBody(303)]);
    let mut response = call::<JobState>(&recorder).send_streamed::<JobState>().await.unwrap();
    assert_eq!((response.status, response.header("location")), (StatusCode::SEE_OTHER, Some("/results/1")));
    assert!(response.next().await.unwrap().unwrap().starts_with(b"<a"));
    let mut small = call::<JobState>(&recorder);
    small.options(crate::runtime::RequestOptions::new().max_response_bytes(3));
    assert_eq!(small.send::<JobState>().await.unwrap_err().kind(), ErrorKind::TooLarge);
    let mut short = call::<JobState>(&recorder);
    short.options(crate::runtime::RequestOptions::new().timeout(std::time::Duration::from_secs(1)));
    assert!(short.send::<JobState>().await.unwrap_err().is_timeout());
}
