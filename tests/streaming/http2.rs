//! Tests of streamed bodies over HTTP/2, where streams share a connection and have separate flow-control windows.

use std::convert::Infallible;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use pki_clients::digicert_mpki::Client;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const SIZE: u64 = 256 * 1024 * 1024;

/// The maximum number of bytes that one side may send before the other reads them, because of flow-control windows and
/// buffers.
const IN_FLIGHT: u64 = 16 * 1024 * 1024;

/// A client of an HTTP/2 server, and the number of bytes that the server has sent.
struct Pair {
    client: Client,
    /// The number of bytes of the response body that the server has passed to `hyper` for sending.
    given: Arc<AtomicU64>,
}

impl Pair {
    async fn new() -> Self {
        Self::with_idle_timeout(Duration::from_secs(30)).await
    }

    async fn with_idle_timeout(idle: Duration) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["server.test".to_owned()]).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let mut config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let given = Arc::new(AtomicU64::new(0));
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), Arc::clone(&given)));
        let builder = Client::builder().api_key("key").base_url(format!("https://server.test:{}", address.port()));
        let builder = builder.resolve("server.test", address).root_certificate_pem(cert.pem());
        Self { client: builder.idle_timeout(idle).build().unwrap(), given }
    }

    /// Lets the server, which runs on the same thread, send until flow control blocks it. Returns the number of bytes
    /// sent.
    async fn run_server(&self) -> u64 {
        loop {
            let before = self.given.load(Ordering::Relaxed);
            for _ in 0..5000 {
                tokio::task::yield_now().await;
            }
            let now = self.given.load(Ordering::Relaxed);
            if now == before {
                return now;
            }
        }
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, given: Arc<AtomicU64>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, given) = (tls.clone(), Arc::clone(&given));
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else { return };
            let service = service_fn(move |request| respond(request, Arc::clone(&given)));
            let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            // The client may disconnect at any time.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond(
    request: Request<Incoming>,
    given: Arc<AtomicU64>,
) -> Result<Response<BoxBody<Bytes, Infallible>>, Infallible> {
    assert_eq!(request.version(), Version::HTTP_2);
    let text = |text: String| Response::new(BoxBody::new(Full::new(Bytes::from(text))));
    match request.uri().path() {
        "/upload" => {
            let mut body = request.into_body();
            let mut read = 0;
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else { break };
                read += frame.into_data().map_or(0, |data| data.len());
            }
            Ok(text(read.to_string()))
        }
        "/refuse" => {
            let mut response = text("too large".to_owned());
            *response.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
            Ok(response)
        }
        "/stall" => {
            let _unread = request.into_body();
            std::future::pending().await
        }
        _ => Ok(Response::new(BoxBody::new(Zeros { left: SIZE, given }))),
    }
}

/// A body of zeros that counts the bytes read from it.
struct Zeros {
    left: u64,
    given: Arc<AtomicU64>,
}

impl Body for Zeros {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static BLOCK: [u8; 64 * 1024] = [0; 64 * 1024];
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= BLOCK.len() as u64;
        self.given.fetch_add(BLOCK.len() as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&BLOCK)))))
    }
}

fn sparse() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive");
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    (folder, path)
}

#[tokio::test]
async fn file_is_uploaded() {
    let pair = Pair::new().await;
    let (_folder, path) = sparse();
    let response = pair.client.request(http::Method::PUT, "/upload").body(path).send().await.unwrap();
    assert_eq!(response.value, SIZE.to_string());
}

#[tokio::test]
async fn response_waits_for_its_reader() {
    let pair = Pair::new().await;
    let mut response = pair.client.request(http::Method::GET, "/zeros").send_streamed().await.unwrap();
    let mut read = response.next().await.unwrap().unwrap().len() as u64;
    let given = pair.run_server().await;
    assert!(given < IN_FLIGHT, "the server sent {given} unread bytes");
    while let Some(chunk) = response.next().await {
        read += chunk.unwrap().len() as u64;
    }
    assert_eq!(read, SIZE);
}

#[tokio::test]
async fn body_waits_for_the_server() {
    let pair = Pair::with_idle_timeout(Duration::from_millis(500)).await;
    let (_folder, path) = sparse();
    let error = pair.client.request(http::Method::POST, "/stall").body(path).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("no body data was sent for 500ms"), "{error}");
}

#[tokio::test]
async fn early_response_is_returned() {
    let pair = Pair::new().await;
    let (_folder, path) = sparse();
    let error = pair.client.request(http::Method::POST, "/refuse").body(path).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(413), "{error}");
}
