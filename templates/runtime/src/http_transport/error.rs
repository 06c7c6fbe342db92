//! Converts errors of `hyper`, and decides whether the failed request may have been sent.

use std::error::Error as StdError;
use std::fmt;
use std::io;

#[cfg(feature = "client-certificates")]
use http::Extensions;
use hyper_util::client::legacy;

use super::super::tls_failure;
use super::super::transport::{BoxError, TimedOut, TransportError};
#[cfg(feature = "client-certificates")]
use super::refusal::{ConnectionRecord, HandshakeRefused};

/// Converts the error of a request that received no response.
///
/// In two cases it is certain that the request was not sent:
///
/// - No connection was established (`is_connect`): name resolution, TCP, the proxy or the TLS handshake failed. The
///   request is sent only after these steps, and none of them sends a part of the request: TCP Fast Open (RFC 7413) and
///   TLS early data (RFC 8446, section 4.2.10) are not used, and `CONNECT` (RFC 9110, section 9.3.6) and SOCKS (RFC
///   1928, section 4) contain only the name of the server.
/// - The server refused the TLS handshake after the client had finished it: see the module `refusal`.
///
/// In all other cases the request may have been sent:
///
/// - A connection is closed or reset without a response: the server may have read the request (RFC 9110, section
///   9.2.2). This includes idle connections that the server closes while a request is being sent (RFC 9112, section
///   9.3.1).
/// - `REFUSED_STREAM`, and `GOAWAY` with a last stream identifier below that of the request. RFC 9113, sections 6.8 and
///   8.7, guarantees that such a request was not processed, but `hyper` does not expose the identifier. Requests that
///   are still in the queue of `hyper` are sent on another connection (see the module `http_transport`).
/// - `hyper` could not send a request on a new connection: the error is the same as for a request that was sent.
pub fn failed(error: legacy::Error) -> TransportError {
    #[cfg(feature = "client-certificates")]
    let refused = refusal(&error).map(|refused| rustls::Error::AlertReceived(refused.0));
    #[cfg(not(feature = "client-certificates"))]
    let refused: Option<rustls::Error> = None;
    let not_sent = error.is_connect() || refused.is_some();
    let timeout = is_timeout(&error);
    let is_end = tls_failure::is_end(&error);
    let message = match refused.as_ref().or_else(|| tls_failure::cause(&error)) {
        Some(tls) if not_sent => tls_failure::explanation(tls),
        _ if not_sent && timeout => "no connection was established before the timeout",
        _ if not_sent && is_end => "the server closed the connection during the TLS handshake",
        _ if not_sent => "no connection",
        _ if is_end => "the server closed the connection without a response",
        _ => "no response",
    };
    let is_complete = is_end || not_sent && timeout;
    let failed: BoxError = Failed { message, is_complete, error }.into();
    let failed = if timeout { TimedOut(failed).into() } else { failed };
    if not_sent { TransportError::NotSent(failed) } else { TransportError::MaybeSent(failed) }
}

/// Returns why the server refused the TLS handshake on the connection of the failed request. Returns `None` if it did not
/// refuse the handshake.
#[cfg(feature = "client-certificates")]
fn refusal(error: &legacy::Error) -> Option<HandshakeRefused> {
    if let Some(refused) = tls_failure::find::<HandshakeRefused>(error) {
        return Some(*refused);
    }
    let mut extras = Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.get::<ConnectionRecord>()?.refusal()
}

/// Marks the error of a response body as a timeout if one of its causes is a timeout.
pub fn with_timeout(error: BoxError) -> BoxError {
    if is_timeout(error.as_ref()) { TimedOut(error).into() } else { error }
}

fn is_timeout(error: &(dyn StdError + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| {
        let error: &'_ (dyn StdError + 'static) = *error;
        error.source()
    });
    causes.any(|cause| {
        let io = cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::TimedOut);
        io || cause.is::<TimedOut>() || cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_timeout)
    })
}

/// The error of a failed request, with a message that explains the cause.
#[derive(Debug)]
struct Failed {
    message: &'static str,
    /// Whether the message is complete without the source, which is then hidden.
    is_complete: bool,
    error: legacy::Error,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl StdError for Failed {
    /// Returns the source of hyper-util's error. The error itself is skipped, because its message ("client error
    /// (Connect)") is less useful.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source().filter(|_| !self.is_complete)
    }
}
