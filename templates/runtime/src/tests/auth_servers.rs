//! A transport that acts as both a token endpoint and an API, for tests of credentials that the client fetches.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};

use super::sample::{Client, ClientBuilder};
use super::transport::{Recorder, Reply};
use crate::runtime::{Body, BoxFuture, ClientCredentials, Transport, TransportError};

type Script = dyn Fn(usize, &str) -> Reply + Send + Sync;

/// A transport that replies to token requests after 1 s and to API requests after 10 ms.
#[derive(Clone)]
pub struct Servers {
    tokens: Arc<dyn Fn(usize) -> Reply + Send + Sync>,
    api: Arc<Script>,
    /// The number of the API request whose reply takes 25 seconds.
    slow: Option<usize>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

/// Returns the reply to the token request with this number: the token `token-1`, `token-2` and so on. `more` is
/// additional JSON, e.g. the lifetime of the token.
pub fn token(number: usize, more: &str) -> Reply {
    let body = format!(r#"{{"access_token":"token-{number}","token_type":"Bearer"{more}}}"#);
    Reply::Http(200, &[("content-type", "application/json")], body.leak())
}

/// Returns the reply of an API that accepts every credential.
pub fn accept_all(_: usize, _: &str) -> Reply {
    Reply::Http(200, &[], "{}")
}

impl Servers {
    /// Creates servers with two functions: the first returns the reply to a token request, given the number of the
    /// request. The second returns the reply to an API request, given the number of the request and its credential.
    pub fn new(
        tokens: impl Fn(usize) -> Reply + Send + Sync + 'static,
        api: impl Fn(usize, &str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self { tokens: Arc::new(tokens), api: Arc::new(api), slow: None, requests: Arc::default() }
    }

    /// Delays the reply to the API request with this number by 25 seconds.
    pub fn slow(mut self, number: usize) -> Self {
        self.slow = Some(number);
        self
    }

    /// Returns a client of the API with OAuth2 client credentials.
    pub fn client(&self) -> Client {
        self.client_with(|builder| builder.oauth2_client_credentials(ClientCredentials::new("the-id", "hunter2")))
    }

    /// Returns a client of the API with this configuration.
    pub fn client_with(&self, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        configure(Client::builder()).transport(self.clone()).build().unwrap()
    }

    /// Returns the token requests so far.
    pub fn token_requests(&self) -> Vec<Request<Bytes>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| is_token_request(request)).cloned().collect()
    }

    /// Returns the credentials of the API requests so far.
    pub fn credentials(&self) -> Vec<String> {
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
            let reply = if is_token_request(&request) {
                let reply = (this.tokens)(number);
                tokio::time::sleep(Duration::from_secs(1)).await;
                reply
            } else {
                let is_slow = this.slow == Some(number);
                tokio::time::sleep(if is_slow { Duration::from_secs(25) } else { Duration::from_millis(10) }).await;
                (this.api)(number, &credential(&request))
            };
            // Use a recorder, which implements all variants of `Reply`.
            Recorder::with_replies([reply]).send(request.map(Body::bytes)).await
        })
    }
}
