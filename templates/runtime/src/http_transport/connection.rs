//! A connection that detects whether the server has refused its TLS handshake.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::super::tls_failure;
use super::handshake::Handshake;

/// The byte stream of a connection: TCP, or TLS over another `Io`. A tunnel through a proxy with an `https` URL is TLS
/// over TLS.
pub enum Io {
    /// TCP.
    Tcp(TcpStream),
    /// TLS.
    Tls(Box<TlsStream<Io>>),
}

/// A connection on which requests are sent.
pub struct HttpStream {
    io: Io,
    record: ConnectionRecord,
    /// Whether the server may still refuse the client's certificate: it sent a `CertificateRequest` of TLS 1.3, and has
    /// sent no application data yet.
    may_be_refused: bool,
    is_proxied: bool,
}

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

impl HttpStream {
    /// Creates a connection without TLS.
    pub fn plain(io: Io) -> Self {
        Self { io, record: ConnectionRecord::default(), may_be_refused: false, is_proxied: false }
    }

    /// Creates a TLS connection whose handshake is finished on the client side.
    pub fn secure(handshake: Handshake) -> Self {
        let may_be_refused = handshake.certificate_requested;
        Self { may_be_refused, ..Self::plain(Io::Tls(Box::new(handshake.stream))) }
    }

    /// Marks the connection as a connection to a proxy that forwards plain HTTP.
    pub fn proxied(self) -> Self {
        Self { is_proxied: true, ..self }
    }

    /// Returns the byte stream, so that a tunnel can be established through it.
    pub fn into_io(self) -> Io {
        self.io
    }

    /// Returns the refusal of the handshake, if the error of the TLS session proves that the server has refused it.
    /// Called after a failed read.
    fn refusal(&mut self) -> Option<HandshakeRefused> {
        if !self.may_be_refused {
            return None;
        }
        let Io::Tls(tls) = &mut self.io else { return None };
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

impl Connection for HttpStream {
    fn connected(&self) -> Connected {
        let connected = Connected::new().proxy(self.is_proxied).extra(self.record.clone());
        match &self.io {
            Io::Tls(tls) if tls.get_ref().1.alpn_protocol() == Some(b"h2") => connected.negotiated_h2(),
            _ => connected,
        }
    }
}

impl AsyncRead for HttpStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.io).poll_read(context, buffer);
        match polled {
            Poll::Ready(Ok(())) => {
                this.may_be_refused &= buffer.filled().len() == before;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(match this.refusal() {
                // The refusal is stored in two places. The record is needed because `hyper`'s HTTP/2 code preserves
                // only the message of an error; the error is needed because an error before the first use of the
                // connection is reported without the record.
                Some(refusal) => io::Error::new(error.kind(), *this.record.0.get_or_init(|| refusal)),
                None => error,
            })),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for HttpStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_read(context, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write(context, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write_vectored(context, slices),
            Self::Tls(tls) => Pin::new(tls).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.is_write_vectored(),
            Self::Tls(tls) => tls.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_flush(context),
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_shutdown(context),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}
