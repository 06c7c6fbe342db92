//! A transport that tests script: code that uses a client is tested without a socket. Feature `mock`.
//!
//! In: what a test expects, operation by operation, and how each is to be answered. Out: answers to the calls of the
//! code under test, and a record of each request. Credentials, retries and limits of time sit above the transport, so
//! the request is the one that a server would see.
//!
//! ```text
//! use pki_clients::digicert_mpki::Client;
//! use pki_clients::digicert_mpki::models::{CertificatePage, ErrorDetail, RevocationReason, SingleError};
//! use pki_clients::digicert_mpki::operations::{Revoke, Search};
//! use pki_clients::runtime::http::StatusCode;
//! use pki_clients::runtime::mock::{Fault, Mock};
//!
//! // The clock is paused: waits between attempts take no time.
//! #[tokio::test(start_paused = true)]
//! async fn what_is_superseded_is_revoked() {
//!     let mock = Mock::new();
//!     // A credential is still demanded, for the request carries it; any will do.
//!     let client = Client::builder().api_key("test").transport(mock.clone()).build().unwrap();
//!
//!     // The first attempt breaks, the second is answered.
//!     mock.on::<Search>().parameter("limit", 100).fault(Fault::Reset).reply(CertificatePage::new(3, 0, 100, three()));
//!     mock.on::<Revoke>().reply(()).times(2);
//!     let gone = SingleError::new(ErrorDetail::new().code("already_revoked"));
//!     mock.on::<Revoke>().reply_status(StatusCode::CONFLICT, &gone).header("x-request-id", "17");
//!
//!     revoke_what_is_superseded(&client).await.unwrap();
//!
//!     let calls = mock.calls::<Revoke>();
//!     assert_eq!(calls[0].parameter::<String>("serial_number").as_deref(), Some("01"));
//!     assert_eq!(calls[0].body().revocation_reason, Some(RevocationReason::Superseded));
//! }
//! ```
//!
//! # The rules
//!
//! * An expectation answers the calls of its operation that all of its conditions hold for. Of several the first made
//!   that has an answer left does, so what is particular comes first.
//! * Each answer is given once, in the order in which they were added; [`times`](Expectation::times) and
//!   [`always`](Expectation::always) say otherwise of the last one added.
//! * Each attempt is a request of its own: one that is to be retried needs an answer for every attempt, and is
//!   recorded as often.
//! * A request that nothing expects gets an error, [`UnexpectedCall`], and is not retried.
//! * The mock panics where something unexpected was called, or an answer was not asked for: in
//!   [`verify`](Mock::verify), and where its last handle is dropped. A client holds a handle; where one outlives the
//!   test, as in a task in the background or in a condition of the mock's own, call `verify`.

mod answer;
mod expectation;
mod form;
mod record;
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

pub use answer::Fault;
pub use expectation::{Expectation, RawCall};
pub use record::{RecordedCall, RecordedPart, RecordedRequest};
pub use state::UnexpectedCall;

pub(super) use record::Parameters;

/// A transport that answers as a test tells it to, and records what it is asked. Clones are handles of one mock.
///
/// The [module](self) has the rules and an example.
#[derive(Clone, Default)]
pub struct Mock(Arc<Inner>);

#[derive(Default)]
struct Inner(Mutex<State>);

impl Mock {
    /// A mock that expects nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects calls of an operation.
    #[track_caller]
    pub fn on<O: Operation>(&self) -> Expectation<'_, O> {
        Expectation::new(self, Target::Operation(O::INFO), Location::caller())
    }

    /// Expects requests of this method to this path, whether made through an operation or without one. The path is that
    /// of the URL: the server's own comes first.
    ///
    /// # Panics
    ///
    /// The path is none that a client would send.
    #[track_caller]
    pub fn on_request(&self, method: Method, path: &str) -> Expectation<'_, RawCall> {
        match literal_path(path) {
            Ok(path) => Expectation::new(self, Target::Request(method, path), Location::caller()),
            Err(error) => fail(&error.to_string()),
        }
    }

    /// The requests of an operation so far, in the order in which they came; each attempt is one.
    pub fn calls<O: Operation>(&self) -> Vec<RecordedCall<O>> {
        let target = Target::Operation(O::INFO);
        self.requests().into_iter().filter(|request| target.covers(request)).map(RecordedCall::new).collect()
    }

    /// All requests so far, in the order in which they came; each attempt is one.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.0.lock().requests.clone()
    }

    /// Checks that nothing unexpected was called and that every answer was asked for. The last handle does the same
    /// when it is dropped, unless the thread is panicking already.
    ///
    /// # Panics
    ///
    /// Something unexpected was called, or an answer was not asked for; the message says what and where.
    #[track_caller]
    pub fn verify(&self) {
        let report = self.0.lock().take_report();
        if let Some(report) = report {
            fail(&report);
        }
    }
}

impl Inner {
    /// Every use of the lock leaves a good state, whatever panics around it.
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
            // Conditions are the test's code, which may look at the mock: they run while nothing is locked.
            let candidates = mock.0.lock().record(&request);
            let judged = candidates.into_iter().map(|candidate| candidate.judge(&request)).collect();
            let answer = mock.0.lock().answer(&request, judged);
            // A handle that waits would keep the mock from being checked.
            drop(mock);
            match answer {
                Ok(answer) => answer.give(&request).await,
                // There is no server, and no expectation that stands for one has taken the request.
                Err(unexpected) => Err(TransportError::NotSent(unexpected.into())),
            }
        })
    }
}

/// The whole content of a body, files included; `None` where there is no body.
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

/// Shows how much there is, no values.
impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("Mock")
            .field("expectations", &state.expectations.len())
            .field("requests", &state.requests.len())
            .finish_non_exhaustive()
    }
}

/// Fails the test that the mock is part of.
#[track_caller]
#[allow(clippy::panic, reason = "a test fails by panicking")]
fn fail(message: &str) -> ! {
    panic!("{message}")
}
