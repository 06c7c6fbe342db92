//! The interface between the client and the HTTP implementation.
//!
//! A [`Transport`] sends a complete request and returns the response, or an error that tells whether the request may
//! have reached the server. The client handles credentials, timeouts and retries, so that a test transport receives
//! exactly the requests that the server would receive.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::body::Body;

/// A boxed error of any kind.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An HTTP implementation. The default implementation uses `hyper` and `rustls`. For tests, or to use another HTTP
/// library, set a different one on the builder.
///
/// An implementation sends each request once: the client itself retries and follows redirects. Dropping the returned
/// future cancels the request.
///
/// The request's extensions contain an [`AttemptInfo`](super::AttemptInfo), which identifies the operation.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and returns the response as soon as its headers have arrived; the caller reads the body.
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>>;
}

/// Allows sharing a transport, for example with a test that inspects it after the calls.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        T::send(self, request)
    }
}

/// An error of a transport. The variant determines whether a request that is not idempotent may be sent again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No part of the request reached the server, for example because name resolution, connecting or the TLS handshake
    /// failed. The client may send the request again regardless of its method. If a transport is not certain, it must
    /// return [`MaybeSent`](Self::MaybeSent) instead.
    #[error("the request was not sent")]
    NotSent(#[source] BoxError),
    /// The request, or a part of it, may have reached the server.
    #[error("the connection failed; the request may have been sent")]
    MaybeSent(#[source] BoxError),
}

impl TransportError {
    /// Returns whether the cause is a timeout: one of the sources is [`TimedOut`] or an I/O error of kind `TimedOut`.
    pub fn is_timeout(&self) -> bool {
        is_timeout(self)
    }
}

/// Returns whether an error or one of its sources is a timeout.
pub(super) fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<std::io::Error>();
        if error.is::<TimedOut>() || io.is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return true;
        }
        next = error.source();
    }
    false
}

/// A timeout detected by a transport. To be used as the source of a [`TransportError`].
#[derive(Debug, thiserror::Error)]
#[error("timed out")]
pub struct TimedOut(#[source] pub BoxError);
