//! Performs TLS handshakes.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::super::transport::BoxError;
use super::connection::Io;
#[cfg(feature = "client-certificates")]
use super::refusal::{Watched, watched};

/// A connector that performs TLS handshakes.
#[derive(Clone)]
pub struct Tls(TlsConnector);

/// A connection whose handshake is finished on the client side.
pub struct Handshake {
    /// The connection.
    pub stream: TlsStream<Io>,
    /// Whether the server negotiated TLS 1.3 and sent a `CertificateRequest` (RFC 8446, section 4.3.2).
    #[cfg(feature = "client-certificates")]
    pub certificate_requested: bool,
}

impl Tls {
    /// Creates a connector with this configuration.
    pub fn new(config: ClientConfig) -> Self {
        #[cfg(feature = "client-certificates")]
        let config = Watched::certificates_of(config);
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

async fn handshake(connecting: tokio_rustls::Connect<Io>) -> io::Result<Handshake> {
    #[cfg(feature = "client-certificates")]
    let (stream, certificate_requested) = watched(connecting).await?;
    #[cfg(not(feature = "client-certificates"))]
    let stream = connecting.await?;
    Ok(Handshake {
        stream,
        #[cfg(feature = "client-certificates")]
        certificate_requested,
    })
}
