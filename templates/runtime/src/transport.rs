//! The seam: what carries one HTTP exchange.
//!
//! In: a complete request, authorized and encoded. Out: the answer, or an error that says whether the request can have
//! reached the server. Retries, limits of time and credentials sit above it, so that a transport of tests sees the
//! true request.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::body::Body;

/// A boxed error of any kind.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Carries HTTP requests. The default is made of `hyper` and `rustls`; give the builder another one for tests or for
/// an HTTP stack of your own.
///
/// An implementation sends each request once: it neither retries nor follows redirects, for the caller decides both.
/// Dropping the future it returns gives the exchange up.
///
/// The extensions of the request hold an [`AttemptInfo`](super::AttemptInfo), which names the operation.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request and gives the head of its answer; the body is read by the caller.
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>>;
}

/// A transport that is shared, as with a test that looks at it later.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        T::send(self, request)
    }
}

/// Why a transport has no answer. The difference decides whether a request that must not be doubled may be sent again.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Nothing of the request has reached the server: name resolution, connecting or the TLS handshake failed. Such a
    /// request is sent again whatever its method, so a transport gives this error only with proof; without one, it gives
    /// [`MaybeSent`](Self::MaybeSent).
    #[error("the request was not sent")]
    NotSent(#[source] BoxError),
    /// The request, or a part of it, may have reached the server.
    #[error("the exchange failed after the request may have been sent")]
    MaybeSent(#[source] BoxError),
}

impl TransportError {
    /// Whether the reason is that something took too long: a source is [`TimedOut`] or an I/O error of that kind.
    pub fn is_timeout(&self) -> bool {
        is_timeout(self)
    }
}

/// Whether an error or one of its sources says that something took too long.
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

/// Something took longer than a transport allows; the source of a [`TransportError`].
#[derive(Debug, thiserror::Error)]
#[error("timed out")]
pub struct TimedOut(#[source] pub BoxError);
