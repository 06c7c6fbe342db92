//! Tests with servers that read a complete POST and then end the connection with an alert. The POST may have been
//! processed, so the client must not retry it, even if servers also use the alert to reject client certificates during
//! the handshake. `client_certificates` tests alerts during the handshake.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Method, Request, Response, Version};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use pki_clients::digicert_mpki::Client;
use pki_clients::runtime::{ErrorKind, RetryPolicy};
use rustls::AlertDescription as Alert;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::alert_server::provider;
use super::outcome::NAME;
use super::server::Server;
use crate::wire::authority::Authority;

const ALERTS: [Alert; 12] = [
    Alert::CertificateRequired,
    Alert::BadCertificate,
    Alert::UnsupportedCertificate,
    Alert::CertificateRevoked,
    Alert::CertificateExpired,
    Alert::CertificateUnknown,
    Alert::UnknownCA,
    Alert::AccessDenied,
    Alert::DecryptError,
    Alert::HandshakeFailure,
    Alert::InsufficientSecurity,
    Alert::InternalError,
];

/// The use of a client certificate: whether the server requests one, and whether the client sends one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ClientAuth {
    Off,
    NotPresented,
    Presented,
}

#[derive(Debug, Clone, Copy)]
struct Case {
    alert: Alert,
    version: &'static SupportedProtocolVersion,
    http: Version,
    client_auth: ClientAuth,
    /// Whether the connection has carried another request before.
    reused: bool,
    /// Whether the server sends session tickets, as servers do by default.
    tickets: bool,
}

/// The requests that a server has read completely.
#[derive(Default)]
struct Seen {
    posts: AtomicUsize,
    /// Notified when a POST arrives, which gets no response.
    unanswered: Notify,
}

/// Starts a server that responds to a GET, and ends the connection of a POST with the alert of the case.
async fn server(case: Case, authority: &Authority) -> (Server, Arc<Seen>) {
    let own = authority.issue(NAME, |_| {});
    let mut config = own.optional_server(
        (case.client_auth != ClientAuth::Off).then_some(authority),
        &[case.version],
        provider(case.alert),
    );
    let alpn: &[u8] = if case.http == Version::HTTP_2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![alpn.to_vec()];
    if !case.tickets {
        config.send_tls13_tickets = 0;
    }
    let (acceptor, seen) = (TlsAcceptor::from(Arc::new(config)), Arc::new(Seen::default()));
    let shared = Arc::clone(&seen);
    let server = Server::of(move |stream| {
        let (acceptor, seen) = (acceptor.clone(), Arc::clone(&shared));
        async move {
            let stream = Shared(Arc::new(Mutex::new(acceptor.accept(stream).await.unwrap())));
            let ended = Arc::clone(&seen);
            tokio::select! {
                () = serve(stream.clone(), case.http, seen) => {}
                () = ended.unanswered.notified() => {
                    let mut stream = stream;
                    let _ = stream.shutdown().await;
                    // Read remaining data, because closing a socket with unread data resets the connection, and the
                    // client may not receive the alert.
                    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                }
            }
        }
    })
    .await;
    (server, seen)
}

async fn serve(stream: Shared, version: Version, seen: Arc<Seen>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let seen = Arc::clone(&seen);
        async move {
            if request.method() == Method::POST {
                request.into_body().collect().await.unwrap();
                seen.posts.fetch_add(1, Ordering::SeqCst);
                seen.unanswered.notify_one();
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
        }
    });
    let stream = TokioIo::new(stream);
    if version == Version::HTTP_2 {
        let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await;
    } else {
        let _ = http1::Builder::new().serve_connection(stream, service).await;
    }
}

/// A TLS stream that can be closed while an HTTP connection uses it.
#[derive(Clone)]
struct Shared(Arc<Mutex<TlsStream<TcpStream>>>);

impl AsyncRead for Shared {
    fn poll_read(self: Pin<&mut Self>, task: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.0.lock().unwrap()).poll_read(task, into)
    }
}

impl AsyncWrite for Shared {
    fn poll_write(self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.0.lock().unwrap()).poll_write(task, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.0.lock().unwrap()).poll_flush(task)
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.0.lock().unwrap()).poll_shutdown(task)
    }
}

/// Runs a case. Returns a message about the first violated expectation, or `None`.
async fn run(case: Case) -> Option<String> {
    let authority = Authority::new();
    let (server, seen) = server(case, &authority).await;
    let builder = Client::builder().no_proxy().base_url(server.url(NAME)).root_certificate_pem(authority.pem());
    let builder = builder.resolve(NAME, server.address()).api_key("hunter2").timeout(Duration::from_secs(20));
    let builder = builder.retry(RetryPolicy::new().initial_backoff(Duration::from_millis(1)));
    let builder = match case.client_auth {
        ClientAuth::Presented => builder.client_identity(authority.client_identity()),
        _ => builder,
    };
    let client = builder.build().unwrap();
    if case.reused {
        client.request(Method::GET, "/before").send().await.unwrap();
    }
    let error = client.request(Method::POST, "/x").json(&serde_json::json!({"serial": "1"})).send().await.unwrap_err();
    let posts = seen.posts.load(Ordering::SeqCst);
    let got = (posts, error.attempts(), error.may_have_been_sent(), error.kind(), server.connections().0);
    let wanted = (1, 1, true, ErrorKind::Transport, 1);
    (got != wanted).then(|| format!("{case:?}: {got:?}: {error}"))
}

#[tokio::test]
async fn post_ended_by_alert_is_sent_once() {
    let mut wrong = Vec::new();
    for alert in ALERTS {
        for version in [&TLS12, &TLS13] {
            for http in [Version::HTTP_11, Version::HTTP_2] {
                for client_auth in [ClientAuth::Off, ClientAuth::NotPresented, ClientAuth::Presented] {
                    for reused in [false, true] {
                        wrong.extend(run(Case { alert, version, http, client_auth, reused, tickets: true }).await);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without session tickets, only received data shows the client that a connection has been used before.
#[tokio::test]
async fn post_ended_by_alert_without_tickets_is_sent_once() {
    let case = |http, client_auth, reused| Case {
        alert: Alert::AccessDenied,
        version: &TLS13,
        http,
        client_auth,
        reused,
        tickets: false,
    };
    let cases = [
        case(Version::HTTP_11, ClientAuth::Off, false),
        case(Version::HTTP_11, ClientAuth::Presented, true),
        case(Version::HTTP_11, ClientAuth::NotPresented, true),
        case(Version::HTTP_2, ClientAuth::Presented, false),
        case(Version::HTTP_2, ClientAuth::NotPresented, true),
    ];
    for case in cases {
        assert_eq!(run(case).await, None);
    }
}
