//! Detects whether a server has refused the TLS handshake of a connection because of the client's certificate.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, ClientConfig, ProtocolVersion, SignatureScheme};
use tokio::io::{AsyncRead, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::super::tls_failure;
use super::connection::Io;

/// The server's refusal of a connection's TLS handshake, if there was one. The connection shares this record with the
/// errors of its requests.
#[derive(Debug, Clone, Default)]
pub struct ConnectionRecord(Arc<OnceLock<HandshakeRefused>>);

/// The alert with which a server refused the TLS handshake after the client had finished it. The server has not
/// processed any request that was sent on the connection.
///
/// With TLS 1.3 a client finishes its handshake, and may send requests, before the server has verified the client's
/// certificate (RFC 8446, section 2, figure 1). A server that refuses the certificate then sends an alert instead of
/// the first response. An alert proves that the server has refused the handshake if all of the following conditions are
/// true:
///
/// - TLS 1.3 was negotiated. With TLS 1.2 the server verifies the certificate before it sends its `Finished`, and the
///   client sends no request before it has received this message (RFC 5246, section 7.3): a later alert has another
///   reason.
/// - The server sent a `CertificateRequest` in the handshake. Otherwise there is no certificate to refuse. rustls
///   supports neither post-handshake authentication (RFC 8446, section 4.6.2) nor renegotiation.
/// - The alert is about the client's certificate, or about a missing certificate (sections 4.4.2.4 and 6.2).
/// - The connection is fresh: no application data and no session ticket was received. A server sends tickets only after
///   it has received the client's `Finished` (section 4.6.1) and therefore verified the certificate. Some servers
///   respond to unauthenticated clients and send application data earlier (section 2, figure 1); an alert after such
///   data proves nothing.
///
/// Only a server that violates section 6.2, which reserves these alerts for the handshake, can meet all conditions
/// after it has read a request: it would have to finish the handshake without sending tickets, and send the alert
/// later.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("received fatal alert: {0:?}")]
pub struct HandshakeRefused(pub AlertDescription);

impl ConnectionRecord {
    /// Returns the refusal of the handshake, if it is certain that the server has refused it.
    pub fn refusal(&self) -> Option<HandshakeRefused> {
        self.0.get().copied()
    }
}

/// Watches whether the server refuses the handshake of a connection.
#[derive(Default)]
pub struct Watch {
    record: ConnectionRecord,
    /// Whether the server may still refuse the client's certificate: it sent a `CertificateRequest` of TLS 1.3, and has
    /// sent no application data yet.
    may_be_refused: bool,
}

impl Watch {
    /// Watches a new connection. `certificate_requested`: see [`Handshake`](super::handshake::Handshake).
    pub fn new(certificate_requested: bool) -> Self {
        Self { may_be_refused: certificate_requested, ..Self::default() }
    }

    /// Returns the record of the connection.
    pub fn record(&self) -> ConnectionRecord {
        self.record.clone()
    }

    /// Reads from the connection.
    pub fn poll_read(
        &mut self,
        io: &mut Io,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut *io).poll_read(context, buffer);
        match polled {
            Poll::Ready(Ok(())) => {
                self.may_be_refused &= buffer.filled().len() == before;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(match self.refusal(io) {
                // The refusal is stored in two places. The record is needed because `hyper`'s HTTP/2 code preserves
                // only the message of an error; the error is needed because an error before the first use of the
                // connection is reported without the record.
                Some(refusal) => io::Error::new(error.kind(), *self.record.0.get_or_init(|| refusal)),
                None => error,
            })),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Returns the refusal of the handshake, if the error of the TLS session proves that the server has refused it.
    /// Called after a failed read.
    fn refusal(&self, io: &mut Io) -> Option<HandshakeRefused> {
        if !self.may_be_refused {
            return None;
        }
        let Io::Tls(tls) = io else { return None };
        let session = tls.get_mut().1;
        // A TLS session that has failed returns its error again. The error of the read cannot be used, because it may
        // come from another TLS session: the one with an `https` proxy, through which this session is tunneled.
        let alert = match session.process_new_packets() {
            Err(error) => tls_failure::refusal(&error)?,
            Ok(_) => return None,
        };
        // Application data that was received before the alert, but not read because of the alert.
        let has_data = io::Read::read(&mut session.reader(), &mut [0]).is_ok_and(|length| length > 0);
        let is_fresh = !has_data && session.tls13_tickets_received() == 0;
        is_fresh.then_some(HandshakeRefused(alert))
    }
}

thread_local! {
    /// Whether the handshake that the current thread is processing has received a `CertificateRequest`.
    static CERTIFICATE_REQUESTED: Cell<bool> = const { Cell::new(false) };
}

/// Performs a handshake. Also returns whether the server negotiated TLS 1.3 and sent a `CertificateRequest`.
pub async fn watched(mut connecting: tokio_rustls::Connect<Io>) -> io::Result<(TlsStream<Io>, bool)> {
    let mut requested = false;
    let stream = poll_fn(|context| {
        // rustls calls the certificate resolver on this thread, during the `poll` that reads the `CertificateRequest`.
        CERTIFICATE_REQUESTED.set(false);
        let polled = Pin::new(&mut connecting).poll(context);
        requested |= CERTIFICATE_REQUESTED.get();
        polled
    })
    .await?;
    let is_tls13 = stream.get_ref().1.protocol_version() == Some(ProtocolVersion::TLSv1_3);
    Ok((stream, requested && is_tls13))
}

/// A certificate resolver that forwards to another one, and records when a server requests a client certificate.
#[derive(Debug)]
pub struct Watched(Arc<dyn ResolvesClientCert>);

impl Watched {
    /// Wraps the certificate resolver of a configuration. All handshakes share it, because rustls only resumes a session
    /// with the resolver of its first handshake.
    pub fn certificates_of(mut config: ClientConfig) -> ClientConfig {
        config.client_auth_cert_resolver = Arc::new(Self(config.client_auth_cert_resolver));
        config
    }
}

impl ResolvesClientCert for Watched {
    fn resolve(&self, root_hint_subjects: &[&[u8]], sigschemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        CERTIFICATE_REQUESTED.set(true);
        self.0.resolve(root_hint_subjects, sigschemes)
    }

    fn only_raw_public_keys(&self) -> bool {
        self.0.only_raw_public_keys()
    }

    fn has_certs(&self) -> bool {
        self.0.has_certs()
    }
}
