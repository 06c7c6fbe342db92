//! Spans and events for [`tracing`](https://docs.rs/tracing) (feature `tracing`): a span per call, which contains a
//! span per attempt. Fields follow OpenTelemetry's conventions for HTTP clients.
//!
//! Spans are recorded by the subscriber of the process, for example from `tracing-subscriber` or
//! `tracing-opentelemetry`. Without a subscriber, the only overhead is the check of a flag.
//!
//! ```text
//! createOrder                                    span `call`, a child of the span in which `send()` is first polled
//! ├─ POST /orders/{id}                           span `attempt`: http.response.status_code = 503, error.type = "503"
//! ├─ the request waits to be sent again          event: error.type = "503", wait_ms = 180
//! └─ POST /orders/{id}                           span `attempt`: http.request.resend_count = 1
//! ```
//!
//! All spans and events have the target `<crate>::runtime::telemetry`. Spans have level INFO; the wait before another
//! attempt is an event of level DEBUG.
//!
//! | Field | Where | Content |
//! |---|---|---|
//! | `otel.name` | both | in calls, the operation id; in attempts, the method and `url.template` |
//! | `otel.kind` | both | in calls, `internal`; in attempts, `client`, because OpenTelemetry counts requests, not calls |
//! | `otel.status_code` | both | `ERROR` if there is no successful response |
//! | `error.type` | both, event | the status, e.g. `503`, or the [`ErrorKind`] as one of `request`, `credential`, `body`, `transport`, `timeout`, `decode`, `stream`, `too_large`; `cancelled` if the future was dropped |
//! | `http.request.method` | both | the method; `_OTHER` for non-standard methods |
//! | `http.response.status_code` | both | the status, if there is a response |
//! | `url.template` | both | the path template of the spec; not set for requests by method and path |
//! | `openapi.operation_id` | call | the operation id; not set for requests by method and path |
//! | `url.full` | attempt | scheme, host and port of the URL; path and query are `REDACTED` |
//! | `server.address`, `server.port` | attempt | the server of the request |
//! | `network.protocol.version` | attempt | the HTTP version, if there is a response: `1.1`, `2` |
//! | `http.request.resend_count` | attempt | the number of earlier requests of the call (attempts and redirects), if not 0 |
//! | `wait_ms` | event | the wait before the next attempt, in milliseconds |
//!
//! No field contains headers, bodies, queries or values of path parameters, because they may contain secrets or
//! personal data. For the same reason, `url.full` omits the path; use `url.template` instead.
//!
//! [`Transport::send`](super::Transport::send) is called within the span of the attempt. To add the header
//! `traceparent` to requests, implement a transport that adds the header and calls the original transport.
//!
//! # Example
//!
//! ```ignore
//! // Log to standard error, with the duration of each span.
//! tracing_subscriber::fmt().with_span_events(FmtSpan::CLOSE).with_env_filter("info").init();
//!
//! let span = tracing::info_span!("renewal", device = 17);
//! let certificate = client.certificates().get_certificate(serial).send().instrument(span).await?;
//! ```

use std::future::Future;
use std::time::Duration;

use http::{Method, StatusCode, Uri, Version};
use tracing::field::Empty;
use tracing::instrument::{Instrument, Instrumented};
use tracing::{Level, Span};

use super::body::Body;
use super::error::{Error, ErrorKind};
use super::exchange::Outcome;
use super::failure::Failure;
use super::method::QUERY;
use super::operation::OperationInfo;
use super::send::AttemptInfo;

/// The replacement for hidden parts of a URL, as defined by OpenTelemetry.
const REDACTED: &str = "REDACTED";

/// The span of a call.
pub(super) struct CallSpan(Open);

impl CallSpan {
    /// Creates the span of a call; `info` is `None` for a request by method and path.
    pub(super) fn new(info: Option<&'static OperationInfo>, method: &Method) -> Self {
        Self(Open::new(tracing::span!(
            Level::INFO,
            "call",
            otel.name = info.map_or_else(|| name(method), |info| info.id),
            otel.kind = "internal",
            otel.status_code = Empty,
            error.type = Empty,
            http.request.method = known(method),
            http.response.status_code = Empty,
            url.template = info.map(|info| info.path),
            openapi.operation_id = info.map(|info| info.id),
        )))
    }

    /// Runs the future of the call in the span.
    // Not an async function, because its future would store `call` twice.
    pub(super) fn around<F: Future>(&self, call: F) -> Instrumented<F> {
        call.instrument(self.0.span.clone())
    }

    /// Records the result of the call; `status` returns the status of a successful result.
    pub(super) fn end<T, E>(self, result: &Result<T, Error<E>>, status: impl Fn(&T) -> StatusCode) {
        match result {
            Ok(value) => self.0.end(Some(status(value)), None),
            Err(error) => {
                let status = error.status();
                self.0.end(status, Some(error_type(error.kind(), status.as_ref())));
            }
        }
    }
}

/// The span of an attempt.
pub(super) struct AttemptSpan(Open);

impl AttemptSpan {
    /// Creates the span of an attempt.
    pub(super) fn new(request: &http::Request<Body>) -> Self {
        let (method, uri) = (request.method(), request.uri());
        let attempt = request.extensions().get::<AttemptInfo>();
        let info = attempt.and_then(|attempt| attempt.operation);
        Self(Open::new(tracing::span!(
            Level::INFO,
            "attempt",
            otel.name = info.map_or_else(|| name(method).to_owned(), |info| format!("{} {}", name(method), info.path)),
            otel.kind = "client",
            otel.status_code = Empty,
            error.type = Empty,
            http.request.method = known(method),
            http.request.resend_count = attempt.map(|it| it.resends).filter(|count| *count > 0),
            http.response.status_code = Empty,
            network.protocol.version = Empty,
            server.address = uri.host().map(|host| host.trim_start_matches('[').trim_end_matches(']')),
            server.port = uri.port_u16().or_else(|| usual_port(uri)),
            url.full = redacted(uri),
            url.template = info.map(|info| info.path),
        )))
    }

    /// Calls `begin`, which starts the attempt, within the span.
    pub(super) fn within<T>(&self, begin: impl FnOnce() -> T) -> T {
        self.0.span.in_scope(begin)
    }

    /// Runs the future of the attempt in the span.
    pub(super) fn around<F: Future>(&self, attempt: F) -> Instrumented<F> {
        attempt.instrument(self.0.span.clone())
    }

    /// Records the status and the HTTP version of the response.
    pub(super) fn responded(&self, status: StatusCode, version: Version) {
        let version = match version {
            Version::HTTP_09 => "0.9",
            Version::HTTP_10 => "1.0",
            Version::HTTP_11 => "1.1",
            Version::HTTP_2 => "2",
            Version::HTTP_3 => "3",
            _ => "",
        };
        self.0.span.record("http.response.status_code", status.as_u16());
        self.0.span.record("network.protocol.version", version);
    }

    /// Records the result of the attempt.
    pub(super) fn end(self, outcome: &Outcome) {
        let (kind, status) = match outcome {
            // A redirect may be followed, so it is not an error.
            Outcome::Response(response) if response.status().as_u16() < 400 => return self.0.end(None, None),
            Outcome::Response(response) => (ErrorKind::Status, Some(response.status())),
            Outcome::Head(..) => return self.0.end(None, None),
            Outcome::NoBody(_) => (ErrorKind::Body, None),
            Outcome::TooLarge(_) => (ErrorKind::TooLarge, None),
            Outcome::None(error) if error.is_timeout() => (ErrorKind::Timeout, None),
            Outcome::TimedOut(..) => (ErrorKind::Timeout, None),
            Outcome::Broken(..) | Outcome::None(_) => (ErrorKind::Transport, None),
        };
        self.0.end(None, Some(error_type(kind, status.as_ref())));
    }
}

/// A span that records the error `cancelled` if it is dropped before [`end`](Self::end) is called.
struct Open {
    span: Span,
    ended: bool,
}

impl Open {
    fn new(span: Span) -> Self {
        Self { span, ended: false }
    }

    fn end(mut self, status: Option<StatusCode>, error_type: Option<&str>) {
        self.ended = true;
        if let Some(status) = status {
            self.span.record("http.response.status_code", status.as_u16());
        }
        if let Some(error_type) = error_type {
            self.fail(error_type);
        }
    }

    fn fail(&self, error_type: &str) {
        self.span.record("error.type", error_type);
        self.span.record("otel.status_code", "ERROR");
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.ended {
            self.fail("cancelled");
        }
    }
}

/// Records that a call waits before its next attempt.
pub(super) fn waits(failure: &Failure, wait: Duration) {
    let status = failure.response.as_ref().map(|response| response.status());
    tracing::debug!(
        error.type = error_type(failure.kind, status.as_ref()),
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        "the request waits to be sent again"
    );
}

/// Attaches the current span and subscriber to a future that is to be run on another thread.
#[cfg(feature = "blocking")]
pub(super) fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
    tracing::instrument::WithSubscriber::with_current_subscriber(future.in_current_span())
}

/// Returns the value of the field `error.type`, which must have few distinct values.
fn error_type(kind: ErrorKind, status: Option<&StatusCode>) -> &str {
    match kind {
        ErrorKind::Status => status.map_or("status", StatusCode::as_str),
        ErrorKind::Request => "request",
        ErrorKind::Credential => "credential",
        ErrorKind::Body => "body",
        ErrorKind::Transport => "transport",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Decode => "decode",
        ErrorKind::Stream => "stream",
        ErrorKind::TooLarge => "too_large",
        ErrorKind::File => "file",
        ErrorKind::Paging => "paging",
    }
}

/// Returns the method, or `_OTHER` for non-standard methods, to limit the number of distinct values.
fn known(method: &Method) -> &str {
    let standard = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if standard.contains(method) || method.as_str() == QUERY { method.as_str() } else { "_OTHER" }
}

/// Returns the method for the name of a span, or `HTTP` for non-standard methods.
fn name(method: &Method) -> &str {
    Some(known(method)).filter(|method| *method != "_OTHER").unwrap_or("HTTP")
}

fn usual_port(uri: &Uri) -> Option<u16> {
    match uri.scheme_str() {
        Some("http") => Some(80),
        Some("https") => Some(443),
        _ => None,
    }
}

/// Returns the URL with path and query replaced by `REDACTED`, because they may contain secret parameter values.
fn redacted(uri: &Uri) -> String {
    format!("{}://{}/{REDACTED}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |it| it.as_str()))
}
