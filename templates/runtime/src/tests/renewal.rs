//! An authorization server and an API, above the seam, for tests of credentials that are fetched.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};

use super::sample::{Client, ClientBuilder};
use super::transport::{Answer, Recorder};
use crate::runtime::{Body, BoxFuture, ClientCredentials, Transport, TransportError};

type Script = dyn Fn(usize, &str) -> Answer + Send + Sync;

/// Answers token requests after a second, by their number, and others after a moment by what they show.
#[derive(Clone)]
pub struct Servers {
    tokens: Arc<dyn Fn(usize) -> Answer + Send + Sync>,
    api: Arc<Script>,
    /// The number of the request to the API that takes 25 seconds.
    slow: Option<usize>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

/// What a good token endpoint answers: `token-1`, then `token-2`.
pub fn token(number: usize, more: &str) -> Answer {
    let body = format!(r#"{{"access_token":"token-{number}","token_type":"Bearer"{more}}}"#);
    Answer::Http(200, &[("content-type", "application/json")], body.leak())
}

/// An API that takes everybody.
pub fn anybody(_: usize, _: &str) -> Answer {
    Answer::Http(200, &[], "{}")
}

impl Servers {
    /// Servers with these answers: to the number of a token request, to the number of another one and what it shows.
    pub fn new(
        tokens: impl Fn(usize) -> Answer + Send + Sync + 'static,
        api: impl Fn(usize, &str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self { tokens: Arc::new(tokens), api: Arc::new(api), slow: None, requests: Arc::default() }
    }

    /// The same, where the answer to this request of the API takes 25 seconds.
    pub fn slow(mut self, number: usize) -> Self {
        self.slow = Some(number);
        self
    }

    /// The client of the API, an OAuth2 client.
    pub fn client(&self) -> Client {
        self.built(|builder| builder.oauth2_client_credentials(ClientCredentials::new("the-id", "hunter2")))
    }

    /// The client of the API, configured like this.
    pub fn built(&self, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        configure(Client::builder()).transport(self.clone()).build().unwrap()
    }

    /// The token requests so far.
    pub fn token_requests(&self) -> Vec<Request<Bytes>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| is_token_request(request)).cloned().collect()
    }

    /// What the other requests have shown so far.
    pub fn shown(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| !is_token_request(request)).map(credential).collect()
    }
}

fn is_token_request<B>(request: &Request<B>) -> bool {
    request.uri().path().ends_with("/token")
}

fn credential<B>(request: &Request<B>) -> String {
    let headers = request.headers();
    let value = headers.get(AUTHORIZATION).or(headers.get("x-api-key"));
    value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

impl Transport for Servers {
    fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = super::body::collect(body).await.map_err(TransportError::MaybeSent)?;
            let request = Request::from_parts(parts, Bytes::from(body));
            let number = {
                let mut requests = this.requests.lock().unwrap();
                requests.push(request.clone());
                requests.iter().filter(|known| is_token_request(known) == is_token_request(&request)).count()
            };
            let answer = if is_token_request(&request) {
                let answer = (this.tokens)(number);
                tokio::time::sleep(Duration::from_secs(1)).await;
                answer
            } else {
                let is_slow = this.slow == Some(number);
                tokio::time::sleep(if is_slow { Duration::from_secs(25) } else { Duration::from_millis(10) }).await;
                (this.api)(number, &credential(&request))
            };
            // The recorder knows how to give each answer.
            Recorder::answering([answer]).send(request.map(Body::bytes)).await
        })
    }
}
