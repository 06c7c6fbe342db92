//! Replaces the module `telemetry` if the feature `tracing` is disabled. The functions record nothing.

use std::future::Future;
use std::time::Duration;

use http::{Method, StatusCode, Version};

use super::body::Body;
use super::error::Error;
use super::exchange::Outcome;
use super::failure::Failure;
use super::operation::OperationInfo;

/// A replacement for the span of a call.
pub struct CallSpan;

impl CallSpan {
    /// Creates the replacement for the span of a call.
    pub fn new(_: Option<&'static OperationInfo>, _: &Method) -> Self {
        Self
    }

    /// Returns the future unchanged.
    pub fn around<F: Future>(&self, call: F) -> F {
        call
    }

    /// Ignores the result of the call.
    pub fn end<T, E>(self, _: &Result<T, Error<E>>, _: impl Fn(&T) -> StatusCode) {}
}

/// Replaces the tracing span of an attempt if the feature `tracing` is off. Does nothing.
pub struct AttemptSpan;

impl AttemptSpan {
    /// Creates the replacement for the span of an attempt.
    pub fn new(_: &http::Request<Body>) -> Self {
        Self
    }

    /// Runs the function. With the feature `tracing`, it runs inside the span; without the feature, there is no span.
    pub fn within<T>(&self, begin: impl FnOnce() -> T) -> T {
        begin()
    }

    /// Returns the future unchanged.
    pub fn around<F: Future>(&self, attempt: F) -> F {
        attempt
    }

    /// Ignores the status and the HTTP version of the response.
    pub fn responded(&self, _: StatusCode, _: Version) {}

    /// Ignores the result of the attempt.
    pub fn end(self, _: &Outcome) {}
}

/// Ignores that a call waits before its next attempt.
pub fn waits(_: &Failure, _: Duration) {}

/// Returns the future unchanged.
#[cfg(feature = "blocking")]
pub fn carried<F: Future>(future: F) -> F {
    future
}
