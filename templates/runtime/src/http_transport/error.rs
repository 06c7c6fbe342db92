//! Errors of requests: whether the request may have been sent, and what to tell the caller.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use http::Extensions;
use hyper_util::client::legacy;

use super::super::tls_failure;
use super::super::transport::{BoxError, TimedOut, TransportError};
use super::ConnectionRecord;
use super::connection::HandshakeRefused;

/// A request without a response.
///
/// It is proven not to have been sent in two cases:
///
/// - No connection was made (`is_connect`): name resolution, TCP, the proxy or the TLS handshake failed. A request goes to
///   its connection only after all of these, and nothing of it travels with them: TCP Fast Open (RFC 7413) and TLS early
///   data (RFC 8446, section 4.2.10) are not used, and `CONNECT` (RFC 9110, section 9.3.6) and SOCKS (RFC 1928, section 4)
///   carry the name of the server only.
/// - The server refused the TLS handshake after the client had finished it: see [`HandshakeRefused`].
///
/// Everything else may have been sent:
///
/// - A connection that ends or is reset without a response: the server may have read the request (RFC 9110, section 9.2.2).
///   That includes kept connections that the server closes while a request is on its way (RFC 9112, section 9.3.1).
/// - `REFUSED_STREAM`, and `GOAWAY` with a last stream identifier below that of the request. RFC 9113, sections 6.8 and
///   8.7, promises that such a request was not processed; the transport does not rely on it, because `hyper` does not
///   expose the identifier. Requests that `hyper` still had in its queue go to another connection (see the module
///   `http_transport`).
/// - A request that `hyper` gives back unsent on a fresh connection: its error is not distinct from that of a request that
///   was sent.
pub fn failed(error: legacy::Error) -> TransportError {
    let refused = refusal(&error);
    let not_sent = error.is_connect() || refused.is_some();
    let timeout = is_timeout(&error);
    let is_end = tls_failure::is_end(&error);
    let refused = refused.map(|refused| rustls::Error::AlertReceived(refused.0));
    let words = match refused.as_ref().or_else(|| tls_failure::cause(&error)) {
        Some(tls) if not_sent => tls_failure::words(tls),
        _ if not_sent && timeout => "no connection in time",
        _ if not_sent && is_end => "the server closed the connection during the TLS handshake",
        _ if not_sent => "no connection",
        _ if is_end => "the server closed the connection without an answer",
        _ => "no answer",
    };
    let is_all = is_end || not_sent && timeout;
    let failed: BoxError = Failed { words, is_all, error }.into();
    let failed = if timeout { TimedOut(failed).into() } else { failed };
    if not_sent { TransportError::NotSent(failed) } else { TransportError::MaybeSent(failed) }
}

/// The refusal of the handshake of the connection that the request was, or would have been, sent on.
fn refusal(error: &legacy::Error) -> Option<HandshakeRefused> {
    if let Some(refused) = tls_failure::find::<HandshakeRefused>(error) {
        return Some(*refused);
    }
    let mut extras = Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.get::<ConnectionRecord>()?.refusal()
}

/// The error of a body, marked as a timeout if it is one.
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

/// What failed, in words.
#[derive(Debug)]
struct Failed {
    words: &'static str,
    /// Whether the words say it all.
    is_all: bool,
    error: legacy::Error,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words)
    }
}

impl StdError for Failed {
    /// The cause of hyper-util's error, whose own text ("client error (Connect)") says less than the words.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source().filter(|_| !self.is_all)
    }
}
