//! The interface between the client and the HTTP implementation.
//!
//! A transport sends one complete request and returns the response, or an error that says whether the request may have
//! reached the server. Retries, timeouts and credentials are handled above it, so that a test transport sees the real
//! request.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::body::Body;

/// A boxed error of any kind.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An HTTP implementation. The default uses `hyper` and `rustls`; set another one on the builder for tests or to use
/// your own HTTP stack.
///
/// An implementation sends each request once. It neither retries nor follows redirects, since the client does both.
/// Dropping the returned future cancels the exchange.
///
/// The request's extensions contain an [`AttemptInfo`](super::AttemptInfo), which identifies the operation.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and returns the head of the response; the caller reads the body.
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>>;
}

/// A shared transport, for example for a test that inspects it later.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        T::send(self, request)
    }
}

/// An error of a transport. The variant decides whether a request that is not idempotent may be sent again.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Nothing of the request reached the server: name resolution, connecting or the TLS handshake failed. Such a
    /// request is sent again regardless of its method, so a transport must only return this error if it is certain, and
    /// [`MaybeSent`](Self::MaybeSent) otherwise.
    #[error("the request was not sent")]
    NotSent(#[source] BoxError),
    /// The request, or a part of it, may have reached the server.
    #[error("the exchange failed after the request may have been sent")]
    MaybeSent(#[source] BoxError),
}

impl TransportError {
    /// Returns whether the cause is a timeout: a source is [`TimedOut`] or an I/O error of kind `TimedOut`.
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

/// A timeout of a transport; used as the source of a [`TransportError`].
#[derive(Debug, thiserror::Error)]
#[error("timed out")]
pub struct TimedOut(#[source] pub BoxError);
