//! Tests of pagination: requests, items, the end, and resuming at a position.

mod cursor;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod loopback;
mod next_link;
mod offset;
mod page_number;
mod position;
mod seen;

use std::sync::{Arc, Mutex};

use http::{Request, Response};

use super::sample::{Client, ErrorBody};
use crate::runtime::{Body, BoxFuture, Error, Items, Paginated, RetryPolicy, Transport, TransportError};

/// A transport that records requests. It calls a function with the path and query of each request to get the reply.
#[derive(Clone)]
pub struct Server {
    reply: Arc<dyn Fn(&str) -> Reply + Send + Sync>,
    requests: Arc<Mutex<Vec<Request<()>>>>,
}

/// A reply: a status, a value of the header `Link`, and a body.
pub struct Reply(u16, Option<String>, String);

/// Returns a reply with the status 200.
pub fn ok(body: impl Into<String>) -> Reply {
    Reply(200, None, body.into())
}

impl Server {
    pub fn new(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self { reply: Arc::new(reply), requests: Arc::default() }
    }

    /// Creates a server with a reply body for each path and query. It replies with 404 to other requests.
    pub fn of<const N: usize>(replies: [(&'static str, &'static str); N]) -> Self {
        Self::new(move |target| match replies.iter().find(|(known, _)| *known == target) {
            Some((_, body)) => ok(*body),
            None => Reply(404, None, String::new()),
        })
    }

    pub fn client(&self) -> Client {
        self.client_at("https://one.example.com/")
    }

    pub fn client_at(&self, base: &str) -> Client {
        let builder = Client::builder().api_key("key").query_key("s%&t").retry(RetryPolicy::none());
        builder.base_url(base).transport(self.clone()).build().unwrap()
    }

    pub fn requests(&self) -> Vec<Request<()>> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Returns the paths and queries of the requests since the last call of this function.
    pub fn targets(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.uri().path_and_query().unwrap().to_string()).collect()
    }
}

impl Transport for Server {
    fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let (parts, _) = request.into_parts();
        let Reply(status, link, body) = (self.reply)(parts.uri.path_and_query().unwrap().as_str());
        self.requests.lock().unwrap().push(Request::from_parts(parts, ()));
        let head = Response::builder().status(status);
        let head = link.into_iter().fold(head, |head, link| head.header("link", link));
        Box::pin(async move { Ok(head.body(Body::from(body)).unwrap()) })
    }
}

/// Returns all items and the error that ended the stream.
pub async fn collect<O: Paginated<Item = i64, ErrorBody = ErrorBody>>(
    items: &mut Items<O>,
) -> (Vec<i64>, Option<Error<ErrorBody>>) {
    let mut received = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => received.push(item),
            Ok(None) => return (received, None),
            Err(error) => {
                // An error ends the stream.
                assert!(items.try_next().await.unwrap().is_none());
                return (received, Some(error));
            }
        }
    }
}

/// Returns all items. Panics on an error.
pub async fn collect_all<O: Paginated<Item = i64, ErrorBody = ErrorBody>>(mut items: Items<O>) -> Vec<i64> {
    let (received, error) = collect(&mut items).await;
    assert!(error.is_none(), "{error:?}");
    assert!(items.try_next().await.unwrap().is_none());
    received
}
