//! Replacement of `telemetry` without the feature `tracing`. It does nothing.

use std::future::Future;
use std::time::Duration;

use http::{Method, StatusCode, Version};

use super::body::Body;
use super::error::Error;
use super::exchange::Outcome;
use super::failure::Failure;
use super::operation::OperationInfo;

/// The span of a call.
pub struct CallSpan;

impl CallSpan {
    /// Creates the span of a call.
    pub fn new(_: Option<&'static OperationInfo>, _: &Method) -> Self {
        Self
    }

    /// Runs the call.
    pub fn around<F: Future>(&self, call: F) -> F {
        call
    }

    /// Records the result of the call.
    pub fn end<T, E>(self, _: &Result<T, Error<E>>, _: impl Fn(&T) -> StatusCode) {}
}

/// The span of an attempt.
pub struct AttemptSpan;

impl AttemptSpan {
    /// Creates the span of an attempt.
    pub fn new(_: &http::Request<Body>) -> Self {
        Self
    }

    /// Runs the start of the attempt.
    pub fn within<T>(&self, begin: impl FnOnce() -> T) -> T {
        begin()
    }

    /// Runs the attempt.
    pub fn around<F: Future>(&self, attempt: F) -> F {
        attempt
    }

    /// Records the head of the response.
    pub fn responded(&self, _: StatusCode, _: Version) {}

    /// Records the result of the attempt.
    pub fn end(self, _: &Outcome) {}
}

/// Records that a call waits before its next attempt.
pub fn waits(_: &Failure, _: Duration) {}

/// Returns the future, to be run on another thread.
#[cfg(feature = "blocking")]
pub fn carried<F: Future>(future: F) -> F {
    future
}
