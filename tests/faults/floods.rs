//! An HTTP/2 server that floods its client with frames (RFC 9113, section 6). It encodes the frames itself, because
//! HTTP libraries do not send such floods.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The length of the connection preface that a client sends, in bytes.
const PREFACE: usize = 24;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;

const END_HEADERS: u8 = 4;

/// `:status: 200` in HPACK: entry 8 of the static table.
const STATUS_200: u8 = 0x88;

/// The frames that the server sends after the request.
#[derive(Debug, Clone)]
pub struct Flood {
    first: Vec<u8>,
    again_and_again: Vec<u8>,
}

impl Flood {
    pub fn pings() -> Self {
        Self { first: Vec::new(), again_and_again: frame(PING, 0, 0, &[0; 8]) }
    }

    pub fn settings() -> Self {
        Self { first: Vec::new(), again_and_again: frame(SETTINGS, 0, 0, &[]) }
    }

    pub fn empty_data() -> Self {
        Self { first: frame(HEADERS, END_HEADERS, 1, &[STATUS_200]), again_and_again: frame(DATA, 0, 1, &[]) }
    }

    /// Returns a header block that never ends.
    pub fn continuation() -> Self {
        // A literal header without indexing, with the name `a` and the value `b`.
        let headers = [0, 1, b'a', 1, b'b'].repeat(3000);
        Self { first: frame(HEADERS, 0, 1, &[STATUS_200]), again_and_again: frame(CONTINUATION, 0, 1, &headers) }
    }

    /// Returns headers that HPACK compresses strongly: an entry of 3,900 bytes in the dynamic table, and 16,000
    /// references to the entry, of one byte each.
    pub fn hpack_bomb() -> Self {
        // A literal header with indexing, with the name `a`. The length of its value is encoded as 127 plus an integer.
        let mut headers = vec![STATUS_200, 0x40, 1, b'a', 127, 0xbd, 0x1d];
        headers.extend([b'x'; 127 + 0x3d + (0x1d << 7)]);
        let entry = frame(HEADERS, 0, 1, &headers);
        let references = frame(CONTINUATION, END_HEADERS, 1, &[0xbe; 16_000]);
        Self { first: [entry, references].concat(), again_and_again: frame(PING, 0, 0, &[0; 8]) }
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Starts the server. Returns its address and its certificate.
pub async fn start(flood: Flood) -> (SocketAddr, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["server.test".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let mut config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let tls = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // `serve` returns `None` when the connection ends.
            tokio::spawn(serve(tls.clone(), stream, flood.clone()));
        }
    });
    (address, cert.pem())
}

async fn serve(tls: TlsAcceptor, stream: TcpStream, flood: Flood) -> Option<()> {
    let (mut reader, mut writer) = tokio::io::split(tls.accept(stream).await.ok()?);
    reader.read_exact(&mut [0; PREFACE]).await.ok()?;
    writer.write_all(&frame(SETTINGS, 0, 0, &[])).await.ok()?;
    while next_frame(&mut reader).await? != HEADERS {}
    writer.write_all(&flood.first).await.ok()?;
    // Read the frames of the client, so that it does not block on writing and keeps reading.
    tokio::spawn(async move { while next_frame(&mut reader).await.is_some() {} });
    let block = flood.again_and_again.repeat(1 + 8192 / flood.again_and_again.len());
    loop {
        writer.write_all(&block).await.ok()?;
    }
}

/// Reads a frame and returns its type, or `None` at the end of the connection.
async fn next_frame(reader: &mut (impl AsyncRead + Unpin)) -> Option<u8> {
    let mut head = [0; 9];
    reader.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    reader.read_exact(&mut payload).await.ok()?;
    Some(head[3])
}
