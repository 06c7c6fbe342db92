//! What stands in the place of `telemetry` where the feature `tracing` is off: nothing.

use std::future::Future;
use std::time::Duration;

use http::{Method, StatusCode, Version};

use super::body::Body;
use super::error::Error;
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
    pub fn run<T, E, F>(&self, call: F, _: impl Fn(&T) -> StatusCode) -> F
    where
        F: Future<Output = Result<T, Error<E>>>,
    {
        call
    }
}

/// The span of an attempt.
pub struct AttemptSpan;

impl AttemptSpan {
    /// The span of an attempt that begins now.
    pub fn new(_: &http::Request<Body>) -> Self {
        Self
    }

    /// The head of the answer has come.
    pub fn answered(&self, _: StatusCode, _: Version) {}

    /// The attempt.
    pub fn run<F: Future>(&self, attempt: F) -> F {
        attempt
    }
}

/// After a failure, a call waits before its next attempt.
pub fn waits(_: &Failure, _: Duration) {}

/// The future, to be run on another thread.
#[cfg(feature = "blocking")]
pub fn carried<F: Future>(future: F) -> F {
    future
}
