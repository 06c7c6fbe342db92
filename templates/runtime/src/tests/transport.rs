//! A transport without a socket: it records what it is given and answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};

use super::body::collect;
use crate::runtime::{Body, BoxFuture, Transport, TransportError};

/// One answer of a script.
#[derive(Clone)]
pub enum Answer {
    /// A status, headers and a body.
    Http(u16, &'static [(&'static str, &'static str)], &'static str),
    /// A status and a body that breaks off.
    Broken(u16, &'static str),
    /// Nothing was sent.
    NotSent,
    /// The connection broke.
    MaybeSent,
    /// No answer ever.
    Hang,
    /// A head, and a body that never comes.
    HangInBody(u16),
}

/// Records requests. Beyond its script it answers with an empty page.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    requests: Vec<Request<Bytes>>,
    script: VecDeque<Answer>,
}

impl Recorder {
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self(Arc::new(Mutex::new(Record { requests: Vec::new(), script: answers.into_iter().collect() })))
    }

    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.0.lock().unwrap().requests.clone()
    }
}

/// All requests, which must be this many.
pub fn recorded<const N: usize>(recorder: &Recorder) -> [Request<Bytes>; N] {
    recorder.requests().try_into().unwrap_or_else(|requests: Vec<_>| panic!("{} requests, not {N}", requests.len()))
}

struct Hanging;

impl futures_core::Stream for Hanging {
    type Item = Result<Bytes, crate::runtime::BoxError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = collect(body).await.map_err(TransportError::MaybeSent)?;
            let answer = {
                let mut state = this.0.lock().unwrap();
                state.requests.push(Request::from_parts(parts, body.into()));
                state.script.pop_front().unwrap_or(Answer::Http(200, &[], r#"{"items":[],"total":0}"#))
            };
            let head = |status: u16| Response::builder().status(status);
            match answer {
                Answer::Http(status, headers, body) => {
                    let head = headers.iter().fold(head(status), |head, (name, value)| head.header(*name, *value));
                    Ok(head.body(Body::from(body)).unwrap())
                }
                Answer::Broken(status, body) => {
                    let length = Some(body.len() as u64 + 1);
                    Ok(head(status).body(Body::stream(super::body::Chunks::new([body]), length)).unwrap())
                }
                Answer::NotSent => Err(TransportError::NotSent("name not found".into())),
                Answer::MaybeSent => Err(TransportError::MaybeSent("connection reset".into())),
                Answer::Hang => std::future::pending().await,
                Answer::HangInBody(status) => Ok(head(status).body(Body::stream(Hanging, None)).unwrap()),
            }
        })
    }
}
