//! A transport that records requests and returns scripted replies.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};

use super::body::collect;
use crate::runtime::{Body, BoxFuture, Transport, TransportError};

/// A scripted reply.
#[derive(Clone)]
pub enum Reply {
    /// A response with this status, headers and body.
    Http(u16, &'static [(&'static str, &'static str)], &'static str),
    /// A response with this status and a truncated body.
    Broken(u16, &'static str),
    /// An error before the request is sent.
    NotSent,
    /// A broken connection, after which the request may have been sent.
    MaybeSent,
    /// No response: the call waits until its timeout.
    Hang,
    /// A response with this status, whose body never arrives.
    HangInBody(u16),
}

/// A transport that records requests. After its scripted replies, it returns an empty page.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    requests: Vec<Request<Bytes>>,
    script: VecDeque<Reply>,
}

impl Recorder {
    pub fn with_replies(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self(Arc::new(Mutex::new(Record { requests: Vec::new(), script: replies.into_iter().collect() })))
    }

    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.0.lock().unwrap().requests.clone()
    }
}

/// Returns all requests. Panics if their number is not `N`.
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
            let reply = {
                let mut state = this.0.lock().unwrap();
                state.requests.push(Request::from_parts(parts, body.into()));
                state.script.pop_front().unwrap_or(Reply::Http(200, &[], r#"{"items":[],"total":0}"#))
            };
            let head = |status: u16| Response::builder().status(status);
            match reply {
                Reply::Http(status, headers, body) => {
                    let head = headers.iter().fold(head(status), |head, (name, value)| head.header(*name, *value));
                    Ok(head.body(Body::from(body)).unwrap())
                }
                Reply::Broken(status, body) => {
                    let length = Some(body.len() as u64 + 1);
                    Ok(head(status).body(Body::stream(super::body::Chunks::new([body]), length)).unwrap())
                }
                Reply::NotSent => Err(TransportError::NotSent("name not found".into())),
                Reply::MaybeSent => Err(TransportError::MaybeSent("connection reset".into())),
                Reply::Hang => std::future::pending().await,
                Reply::HangInBody(status) => Ok(head(status).body(Body::stream(Hanging, None)).unwrap()),
            }
        })
    }
}
