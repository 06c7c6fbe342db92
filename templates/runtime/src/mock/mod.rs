//! A scripted transport for testing code that uses a client, without network access (feature `mock`).
//!
//! A test declares the expected calls of operations and their responses; the mock records each request. Credentials,
//! retries and timeouts work as with a real transport, so the mock receives exactly the requests that a server would
//! receive.
//!
//! ```text
//! use pki_clients::digicert_mpki::Client;
//! use pki_clients::digicert_mpki::models::{CertificatePage, ErrorDetail, RevocationReason, SingleError};
//! use pki_clients::digicert_mpki::operations::certificates::{Revoke, Search};
//! use pki_clients::runtime::http::StatusCode;
//! use pki_clients::runtime::mock::{Fault, Mock};
//!
//! // With a paused clock, waits between attempts take no time.
//! #[tokio::test(start_paused = true)]
//! async fn superseded_certificates_are_revoked() {
//!     let mock = Mock::new();
//!     // The client requires a credential, but the mock accepts any value.
//!     let client = Client::builder().api_key("test").transport(mock.clone()).build().unwrap();
//!
//!     // The first attempt fails, the second one receives a response.
//!     mock.on::<Search>().parameter("limit", 100).fault(Fault::Reset).reply(CertificatePage::new(3, 0, 100, three()));
//!     mock.on::<Revoke>().reply(()).times(2);
//!     let gone = SingleError::new(ErrorDetail::new().code("already_revoked"));
//!     mock.on::<Revoke>().reply_status(StatusCode::CONFLICT, &gone).header("x-request-id", "17");
//!
//!     revoke_superseded(&client).await.unwrap();
//!
//!     let calls = mock.calls::<Revoke>();
//!     assert_eq!(calls[0].parameter::<String>("serial_number").as_deref(), Some("01"));
//!     assert_eq!(calls[0].body().revocation_reason, Some(RevocationReason::Superseded));
//! }
//! ```
//!
//! # Rules
//!
//! * An expectation matches calls of its operation that satisfy all of its conditions. If several expectations with
//!   unused responses match, the first one is used, so declare specific expectations first.
//! * The responses of an expectation are used in order, each of them once. [`times`](Expectation::times) or
//!   [`always`](Expectation::always) repeats a response.
//! * Each attempt counts as a separate request: a call that is retried needs one response per attempt, and each attempt
//!   is recorded.
//! * An unexpected request fails with [`UnexpectedCall`] and is not retried.
//! * [`verify`](Mock::verify) panics if there was an unexpected call or a response was not used. The same check runs
//!   when the last clone of the mock is dropped, including the clones in clients. If a clone outlives the test, for
//!   example in a background task or in a condition of the mock itself, call `verify` at the end of the test.

mod expectation;
mod form;
mod record;
mod response;
mod state;

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;

use super::body::Body;
use super::operation::Operation;
use super::request::literal_path;
use super::transport::{BoxError, BoxFuture, Transport, TransportError};
use record::Record;
use state::{State, Target};

pub use expectation::{Expectation, RawCall};
pub use record::{RecordedCall, RecordedPart, RecordedRequest};
pub use response::Fault;
pub use state::UnexpectedCall;

pub(super) use record::Parameters;

/// A transport with scripted responses, which records requests. Clones share their state.
///
/// See the [module](self) for the rules and an example.
#[derive(Clone, Default)]
pub struct Mock(Arc<Inner>);

#[derive(Default)]
struct Inner(Mutex<State>);

impl Mock {
    /// Creates a mock without expectations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects calls of the operation `O`. Add responses to the returned expectation.
    #[track_caller]
    pub fn on<O: Operation>(&self) -> Expectation<'_, O> {
        Expectation::new(self, Target::Operation(O::INFO), Location::caller())
    }

    /// Expects requests with this method and URL path, even if they do not belong to an operation. The path includes
    /// the path of the server URL.
    ///
    /// # Panics
    ///
    /// A client would never send this path, e.g. because it contains a segment `..`.
    #[track_caller]
    pub fn on_request(&self, method: Method, path: &str) -> Expectation<'_, RawCall> {
        match literal_path(path) {
            Ok(path) => Expectation::new(self, Target::Request(method, path), Location::caller()),
            Err(error) => fail(&error.to_string()),
        }
    }

    /// Returns the requests received so far for the operation `O`, in order; each attempt is a separate request.
    pub fn calls<O: Operation>(&self) -> Vec<RecordedCall<O>> {
        let target = Target::Operation(O::INFO);
        self.requests().into_iter().filter(|request| target.covers(request)).map(RecordedCall::new).collect()
    }

    /// Returns all requests received so far, in order; each attempt is a separate request.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.0.lock().requests.clone()
    }

    /// Checks that there was no unexpected call and that all responses were used. The same check runs when the last
    /// clone of the mock is dropped, unless the thread is panicking.
    ///
    /// # Panics
    ///
    /// There was an unexpected call, or a response was not used. The message contains the call or the location of the
    /// expectation in the test.
    #[track_caller]
    pub fn verify(&self) {
        let report = self.0.lock().take_report();
        if let Some(report) = report {
            fail(&report);
        }
    }
}

impl Inner {
    /// Locks the state. A poisoned lock is harmless, because the state is consistent after every use.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let report = self.lock().take_report();
        if let Some(report) = report {
            fail(&report);
        }
    }
}

impl Transport for Mock {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let mock = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = read(body).await.map_err(TransportError::MaybeSent)?;
            let request = RecordedRequest::new(Record::new(head, body));
            // Conditions are functions of the test that may use the mock, so they run without the lock.
            let candidates = mock.0.lock().record(&request);
            let judged = candidates.into_iter().map(|candidate| candidate.judge(&request)).collect();
            let reply = mock.0.lock().reply(&request, judged);
            // While the response is pending, this clone would otherwise prevent the check that runs when the last clone
            // is dropped.
            drop(mock);
            match reply {
                Ok(reply) => reply.respond(&request).await,
                // The mock rejects the request as if it had not been sent.
                Err(unexpected) => Err(TransportError::NotSent(unexpected.into())),
            }
        })
    }
}

/// Returns the complete content of a body, including files, or `None` if there is no body.
async fn read(body: Body) -> Result<Option<bytes::Bytes>, BoxError> {
    if body.is_empty() {
        return Ok(None);
    }
    let mut stream = body.into_stream();
    let mut content = bytes::BytesMut::new();
    while let Some(chunk) = stream.next().await {
        content.extend_from_slice(&chunk?);
    }
    Ok(Some(content.freeze()))
}

/// Shows the numbers of expectations and requests.
impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("Mock")
            .field("expectations", &state.expectations.len())
            .field("requests", &state.requests.len())
            .finish_non_exhaustive()
    }
}

/// Fails the test.
#[track_caller]
#[allow(clippy::panic, reason = "a test fails by panicking")]
fn fail(message: &str) -> ! {
    panic!("{message}")
}
