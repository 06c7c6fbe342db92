//! Performs TLS handshakes, and records whether the server requested a client certificate.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ProtocolVersion, SignatureScheme};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::super::transport::BoxError;
use super::connection::Io;

thread_local! {
    /// Whether the handshake that the current thread is processing has received a `CertificateRequest`.
    static CERTIFICATE_REQUESTED: Cell<bool> = const { Cell::new(false) };
}

/// A connector that performs TLS handshakes.
#[derive(Clone)]
pub struct Tls(TlsConnector);

/// A connection whose handshake is finished on the client side.
pub struct Handshake {
    /// The connection.
    pub stream: TlsStream<Io>,
    /// Whether the server negotiated TLS 1.3 and sent a `CertificateRequest` (RFC 8446, section 4.3.2).
    pub certificate_requested: bool,
}

impl Tls {
    /// Creates a connector with this configuration.
    pub fn new(mut config: ClientConfig) -> Self {
        // All handshakes share one certificate resolver, because rustls resumes a session only with the resolver of its
        // first handshake.
        config.client_auth_cert_resolver = Arc::new(Watched(config.client_auth_cert_resolver));
        Self(TlsConnector::from(Arc::new(config)))
    }

    /// Performs the handshake with a server, offering HTTP/2 and HTTP/1.1 (ALPN).
    pub async fn connect(&self, host: &str, io: Io) -> Result<Handshake, BoxError> {
        let connecting = self.0.connect(server_name(host)?, io);
        Ok(handshake(connecting).await?)
    }

    /// Performs the handshake with a proxy, without ALPN, so that the connection uses HTTP/1.1.
    pub async fn connect_to_proxy(&self, host: &str, io: Io) -> Result<Handshake, BoxError> {
        let connecting = self.0.with_alpn(Vec::new()).connect(server_name(host)?, io);
        Ok(handshake(connecting).await?)
    }
}

/// Converts the host of a URI to the name for which the server's certificate must be valid. Brackets around an IPv6
/// address are removed.
fn server_name(host: &str) -> Result<ServerName<'static>, BoxError> {
    let unbracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    Ok(ServerName::try_from(unbracketed.to_owned())?)
}

async fn handshake(mut connecting: tokio_rustls::Connect<Io>) -> io::Result<Handshake> {
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
    Ok(Handshake { stream, certificate_requested: requested && is_tls13 })
}

/// A certificate resolver that forwards to another one, and records when a server requests a client certificate.
#[derive(Debug)]
struct Watched(Arc<dyn ResolvesClientCert>);

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
