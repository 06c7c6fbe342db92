//! Listings of each kind: what is asked for, what comes, when it ends, where it takes up again.

mod cursor;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod loopback;
mod next_link;
mod offset;
mod page_number;
mod position;

use std::sync::{Arc, Mutex};

use http::{Request, Response};

use super::sample::{Client, ErrorBody};
use crate::runtime::{Body, BoxFuture, Error, Items, Paginated, RetryPolicy, Transport, TransportError};

/// A transport that answers each request by a function of its path and query, and keeps those.
#[derive(Clone)]
pub struct Server {
    answer: Arc<dyn Fn(&str) -> Answer + Send + Sync>,
    requests: Arc<Mutex<Vec<Request<()>>>>,
}

/// A status, a value of the header `Link`, and a body.
pub struct Answer(u16, Option<String>, String);

/// A body with the status 200.
pub fn ok(body: impl Into<String>) -> Answer {
    Answer(200, None, body.into())
}

impl Server {
    pub fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self { answer: Arc::new(answer), requests: Arc::default() }
    }

    /// A server that has an answer for each path and query, and 404 for others.
    pub fn of<const N: usize>(answers: [(&'static str, &'static str); N]) -> Self {
        Self::new(move |target| match answers.iter().find(|(known, _)| *known == target) {
            Some((_, body)) => ok(*body),
            None => Answer(404, None, String::new()),
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

    /// The paths and queries that came since the last time.
    pub fn targets(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.uri().path_and_query().unwrap().to_string()).collect()
    }
}

impl Transport for Server {
    fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let (parts, _) = request.into_parts();
        let Answer(status, link, body) = (self.answer)(parts.uri.path_and_query().unwrap().as_str());
        self.requests.lock().unwrap().push(Request::from_parts(parts, ()));
        let head = Response::builder().status(status);
        let head = link.into_iter().fold(head, |head, link| head.header("link", link));
        Box::pin(async move { Ok(head.body(Body::from(body)).unwrap()) })
    }
}

/// All that a listing has, and the error that ends it.
pub async fn all<O: Paginated<Item = i64, ErrorBody = ErrorBody>>(
    items: &mut Items<O>,
) -> (Vec<i64>, Option<Error<ErrorBody>>) {
    let mut all = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => all.push(item),
            Ok(None) => return (all, None),
            Err(error) => {
                // An error is the end.
                assert!(items.try_next().await.unwrap().is_none());
                return (all, Some(error));
            }
        }
    }
}

/// All that a listing without errors has.
pub async fn whole<O: Paginated<Item = i64, ErrorBody = ErrorBody>>(mut items: Items<O>) -> Vec<i64> {
    let (all, error) = all(&mut items).await;
    assert!(error.is_none(), "{error:?}");
    assert!(items.try_next().await.unwrap().is_none());
    all
}
