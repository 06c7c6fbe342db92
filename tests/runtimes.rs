//! Tests of clients in programs without a Tokio runtime, with an idle runtime, with several runtimes, and with
//! `reqwest` as another dependency.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{Method, Response};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::keyfactor_command;
use pki_clients::runtime::{
    Body, CredentialProvider, ErrorKind, PollError, PollPolicy, RetryPolicy, Secret, poll_until,
};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// A server that runs on its own thread.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl Server {
    fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (accepted, arrived) = (Arc::clone(&connections), Arc::clone(&requests));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                let arrived = Arc::clone(&arrived);
                let service = service_fn(move |_| {
                    arrived.fetch_add(1, Ordering::SeqCst);
                    let response = Response::new(Full::new(Bytes::from_static(b"{}")));
                    async move { Ok::<_, Infallible>(response) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, connections, requests, _runtime: runtime }
    }

    fn client(&self) -> Client {
        let builder = Client::builder().base_url(format!("http://{}", self.address)).api_key("k");
        // A call that hangs fails after this timeout.
        builder.retry(RetryPolicy::none()).timeout(Duration::from_secs(20)).build().unwrap()
    }

    fn seen(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn get(client: &Client) -> Result<(), Error> {
    client.request(Method::GET, "/x").send().await.map(|_| ())
}

/// Polls a future once, without a runtime, and returns its result. Panics if the future is pending.
fn now_or_never<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future is pending"),
    }
}

#[test]
fn idle_runtime_does_not_block_other_runtimes() {
    let server = Server::start();
    let client = server.client();
    let (first, second) = (current_thread(), current_thread());
    for round in 0..3 {
        first.block_on(get(&client)).unwrap();
        second.block_on(get(&client)).unwrap();
        // Each of the two runtimes keeps one connection open.
        assert_eq!(server.seen(), (2, 2 * (round + 1)));
    }
}

#[test]
fn ended_runtime_leaves_no_connection() {
    let server = Server::start();
    let client = server.client();
    for round in 1..=20 {
        current_thread().block_on(get(&client)).unwrap();
        assert_eq!(server.seen(), (round, round));
    }
    // After a client is dropped, another client can make calls in the same runtime.
    let runtime = current_thread();
    runtime.block_on(get(&client)).unwrap();
    drop(client);
    runtime.block_on(get(&server.client())).unwrap();
}

#[test]
fn blocking_call_has_its_own_connection_inside_and_outside_of_a_runtime() {
    let server = Server::start();
    let client = server.client();
    let runtime = current_thread();
    runtime.block_on(get(&client)).unwrap();
    client.request(Method::GET, "/x").send_blocking().unwrap();
    runtime.block_on(async { client.request(Method::GET, "/x").send_blocking() }).unwrap();
    assert_eq!(server.seen(), (2, 3));
}

/// A credential provider that never returns a credential to its first caller.
struct FirstCallHangs(AtomicUsize);

impl CredentialProvider for FirstCallHangs {
    fn lease(
        &self,
    ) -> pki_clients::runtime::BoxFuture<'_, Result<pki_clients::runtime::Lease, pki_clients::runtime::BoxError>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if number == 0 {
                std::future::pending::<()>().await;
            }
            Ok(Secret::new("token").into())
        })
    }
}

#[test]
fn idle_runtime_that_fetches_a_credential_does_not_block_other_runtimes() {
    let server = Server::start();
    let builder = keyfactor_command::Client::builder().base_url(format!("http://{}", server.address));
    let builder = builder.bearer_auth_provider(FirstCallHangs(AtomicUsize::new(0))).timeout(Duration::from_secs(20));
    let client = builder.retry(RetryPolicy::none()).build().unwrap();
    let (first, second) = (current_thread(), current_thread());
    let call = first.spawn(client.request(Method::GET, "/x").send());
    first.block_on(tokio::task::yield_now());
    second.block_on(client.request(Method::GET, "/x").send()).unwrap();
    assert!(!call.is_finished());
}

fn assert_needs_runtime<T>(result: Result<T, Error>) {
    let error = result.map(|_| ()).unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false), "{error}");
    assert!(error.to_string().contains("a Tokio runtime is required") && error.to_string().contains("send_blocking()"));
}

#[test]
fn call_outside_of_a_runtime_is_an_error() {
    let server = Server::start();
    let client = server.client();
    let request = || client.request(Method::GET, "/x");
    assert_needs_runtime(now_or_never(request().send()));
    assert_needs_runtime(now_or_never(request().send_streamed()));
    // Calls whose body is read from a file or a stream also need a runtime.
    assert_needs_runtime(now_or_never(request().body(Body::file("/nowhere")).send()));
    assert_needs_runtime(now_or_never(client.certificates().get("01").send()));
    assert_needs_runtime(now_or_never(client.certificates().get("01").send_response()));
    assert_needs_runtime(now_or_never(client.certificates().search().items().try_next()));
    assert_needs_runtime(now_or_never(client.certificates().search().pages().try_next()));
    let mut items = pin!(client.certificates().search().items());
    let polled = items.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Some(item)) = polled else { panic!("the future is pending") };
    assert_needs_runtime(item);
    let policy = PollPolicy::new();
    let polled = poll_until(&policy, || client.certificates().get("01").send(), |_| true);
    assert!(matches!(now_or_never(polled), Err(PollError::NoRuntime)));
    assert_eq!(server.seen(), (0, 0));
    // After these errors, the client can still make calls within a runtime, and blocking calls.
    current_thread().block_on(get(&client)).unwrap();
    request().send_blocking().unwrap();
}

#[test]
fn token_request_outside_of_a_runtime_is_an_error() {
    let server = Server::start();
    let credentials = pki_clients::runtime::ClientCredentials::new("id", "secret");
    let builder = keyfactor_command::Client::builder().base_url(format!("http://{}", server.address));
    let credentials = credentials.token_url(format!("http://{}/token", server.address));
    let client = builder.bearer_auth_client_credentials(credentials).build().unwrap();
    let error = now_or_never(client.request(Method::GET, "/x").send()).unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false), "{error}");
    assert_eq!(server.seen(), (0, 0));
}

#[test]
fn response_body_outside_of_a_runtime_is_an_error() {
    let server = Server::start();
    let runtime = current_thread();
    let response = || {
        let silent = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(silent).unwrap();
        let builder = Client::builder().base_url(format!("http://{}", listener.local_addr().unwrap())).api_key("k");
        let client = builder.build().unwrap();
        // Sends a response head, and never the body.
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Read the request before responding.
            tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 4096]).await.unwrap();
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut stream, head).await.unwrap();
            stream
        };
        let call = client.request(Method::GET, "/x").send_streamed();
        let (stream, response) = runtime.block_on(async { tokio::join!(serve, call) });
        (stream, response.unwrap())
    };
    let (_open, mut streamed) = response();
    let error = now_or_never(streamed.next()).unwrap().unwrap_err();
    assert!(error.to_string().contains("a Tokio runtime is required"), "{error}");
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Request, 200));
    assert!(now_or_never(streamed.next()).is_none());
    let (_open, streamed) = response();
    let error = now_or_never(streamed.save("/nowhere/at/all")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    drop(server);
}

/// A program may use `reqwest` with its default TLS in addition to the clients. If the clients enabled the feature
/// `reqwest/rustls-no-provider`, Cargo would enable it for the whole program, and this test would panic.
#[test]
fn reqwest_of_the_program_keeps_its_default_provider() {
    reqwest::Client::new();
}

#[test]
fn clients_do_not_depend_on_reqwest() {
    for features in [&["--all-features"][..], &[], &["--no-default-features"], &["--no-default-features", "-F", "ring"]]
    {
        // Without `--target all`: Cargo has downloaded only the packages for this platform.
        let mut command = std::process::Command::new(env!("CARGO"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["tree", "--offline", "--package", "pki-clients"]);
        command.args(["--edges", "normal", "--prefix", "none", "--format", "{p}"]).args(features);
        let output = command.output().unwrap();
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(tree.contains("hyper-util v"), "{tree}");
        assert!(!tree.lines().any(|package| package.starts_with("reqwest ")), "{features:?}: {tree}");
    }
}
