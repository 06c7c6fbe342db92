//! What stands in the place of `telemetry` where the feature `tracing` is off: nothing.

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
    /// The span of a call that begins now.
    pub fn new(_: Option<&'static OperationInfo>, _: &Method) -> Self {
        Self
    }

    /// The call.
    pub fn around<F: Future>(&self, call: F) -> F {
        call
    }

    /// What came of the call.
    pub fn end<T, E>(self, _: &Result<T, Error<E>>, _: impl Fn(&T) -> StatusCode) {}
}

/// The span of an attempt.
pub struct AttemptSpan;

impl AttemptSpan {
    /// The span of an attempt that begins now.
    pub fn new(_: &http::Request<Body>) -> Self {
        Self
    }

    /// What begins the attempt.
    pub fn within<T>(&self, begin: impl FnOnce() -> T) -> T {
        begin()
    }

    /// The attempt.
    pub fn around<F: Future>(&self, attempt: F) -> F {
        attempt
    }

    /// The head of the answer has come.
    pub fn answered(&self, _: StatusCode, _: Version) {}

    /// What came of the attempt.
    pub fn end(self, _: &Outcome) {}
}

/// After a failure, a call waits before its next attempt.
pub fn waits(_: &Failure, _: Duration) {}

/// The future, to be run on another thread.
#[cfg(feature = "blocking")]
pub fn carried<F: Future>(future: F) -> F {
    future
}
