//! Tests of blocking calls with a server on loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use wiremock::matchers::{any, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::sample::Client;
use super::sample::operations::Search;
use crate::runtime::{Body, BoxFuture, ErrorKind, RetryPolicy, Transport, TransportError, blocking};

/// The maximum duration of the calls in these tests.
const MAX_DURATION: Duration = Duration::from_secs(5);

fn client(url: &str) -> Client {
    let retry = RetryPolicy::new().initial_backoff(Duration::ZERO);
    Client::builder().base_url(url).api_key("key").bearer_token("tok").retry(retry).build().unwrap()
}

/// A server with its own Tokio runtime, which responds while the thread of the test is blocked.
struct Server {
    url: String,
    server: Arc<MockServer>,
    runtime: Runtime,
}

impl Server {
    fn start(mocks: impl IntoIterator<Item = Mock>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(MockServer::start());
        for mock in mocks {
            runtime.block_on(server.register(mock));
        }
        Self { url: server.uri(), server: Arc::new(server), runtime }
    }

    fn requests(&self) -> usize {
        self.runtime.block_on(self.server.received_requests()).unwrap().len()
    }
}

fn page() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(r#"{"items":[{"id":1}],"total":1}"#, "application/json")
}

#[test]
fn blocking_iterators_are_send() {
    fn check<T: Send + std::fmt::Debug + 'static>() {}
    check::<blocking::Items<Search>>();
    check::<blocking::Pages<Search>>();
}

#[test]
fn many_threads_call_concurrently() {
    let server = Server::start([Mock::given(any()).respond_with(page().set_delay(Duration::from_millis(50)))]);
    let clients = [client(&server.url), client(&server.url)];
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..64 {
            let client = &clients[thread % 2];
            scope.spawn(move || {
                for _ in 0..3 {
                    let response = client.certificates().search().send_response_blocking().unwrap();
                    assert_eq!((response.value.items[0].id, response.status.as_u16()), (1, 200));
                }
            });
        }
    });
    // Sequentially, the calls would take 9.6 seconds.
    assert!(start.elapsed() < MAX_DURATION, "{:?}", start.elapsed());
    assert_eq!(server.requests(), 64 * 3);
}

#[test]
fn blocking_call_works_within_runtime() {
    let server = Server::start([Mock::given(any()).respond_with(page())]);
    let client = client(&server.url);
    let current_thread = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for runtime in [current_thread(), current_thread(), Runtime::new().unwrap()] {
        runtime.block_on(async {
            for _ in 0..3 {
                // The connection of this async call belongs to the runtime that the blocking call below blocks.
                client.certificates().search().send().await.unwrap();
                client
                    .certificates()
                    .search()
                    .options(crate::runtime::RequestOptions::new().timeout(MAX_DURATION))
                    .send_blocking()
                    .unwrap();
                let raw = client.request(http::Method::GET, "/raw").timeout(MAX_DURATION);
                assert_eq!(raw.send_blocking().unwrap().status, 200);
            }
        });
    }
    assert_eq!(server.requests(), 27);
}

#[test]
fn blocking_call_does_not_wait_for_credential_of_async_call() {
    let server = Server::start([Mock::given(any()).respond_with(page())]);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let provider = move || {
        let number = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            // The credential of the first call takes 10 ms. The call cannot receive it while the blocking call below
            // blocks its thread.
            tokio::time::sleep(Duration::from_millis(if number == 0 { 10 } else { 0 })).await;
            Ok("key")
        }
    };
    let client = Client::builder().base_url(&server.url).api_key_provider(provider).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let first = tokio::spawn(client.certificates().search().send());
        tokio::task::yield_now().await;
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        client
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().timeout(MAX_DURATION))
            .send_blocking()
            .unwrap();
        first.await.unwrap().unwrap();
    });
    assert_eq!((calls.load(Ordering::SeqCst), server.requests()), (2, 2));
}

#[test]
fn paginated_operation_is_iterator() {
    let part = |offset: &str, items: &str| {
        let body = format!(r#"{{"items":{items},"total":3}}"#);
        Mock::given(query_param("offset", offset)).respond_with(ResponseTemplate::new(200).set_body_string(body))
    };
    let server = Server::start([
        part("0", r#"[{"id":1},{"id":2}]"#),
        part("1", r#"[{"id":2},{"id":3}]"#),
        part("2", r#"[{"id":3}]"#),
    ]);
    let search = || client(&server.url).certificates().search();
    let ids =
        |items: blocking::Items<Search>| items.map(|item| item.map(|item| item.id)).collect::<Result<Vec<_>, _>>();
    assert_eq!(ids(search().items().blocking()).unwrap(), [1, 2, 3]);
    let pages: Vec<usize> = search().pages().blocking().map(|page| page.unwrap().items.len()).collect();
    assert_eq!(pages, [2, 1]);

    // An error ends the iterator.
    let mut missing = search().offset(7).items().blocking();
    assert_eq!(missing.next().unwrap().unwrap_err().status().unwrap(), 404);
    assert!(missing.next().is_none() && missing.next().is_none());

    // An iterator can resume at the position of another iterator.
    let mut first = search().items().blocking();
    assert_eq!(first.next().unwrap().unwrap().id, 1);
    let rest = search().items_from(first.position()).blocking();
    assert_eq!(ids(rest).unwrap(), [2, 3]);

    // Items that the async stream has fetched are not fetched again.
    let before = server.requests();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut items = search().items();
    assert_eq!(runtime.block_on(items.try_next()).unwrap().unwrap().id, 1);
    assert_eq!(ids(items.blocking()).unwrap(), [2, 3]);
    assert_eq!(server.requests() - before, 2);
}

#[test]
fn blocking_call_retries_and_times_out() {
    let busy = Mock::given(path("/busy")).respond_with(ResponseTemplate::new(503)).up_to_n_times(2);
    let slow = Mock::given(path("/slow")).respond_with(page().set_delay(Duration::from_secs(60)));
    let server = Server::start([busy, slow, Mock::given(any()).respond_with(page())]);
    let client = client(&server.url);
    let response = client.request(http::Method::GET, "/busy").send_blocking().unwrap();
    assert_eq!((response.status.as_u16(), server.requests()), (200, 3));

    let start = Instant::now();
    let slow = client.request(http::Method::GET, "/slow").timeout(Duration::from_millis(200)).send_blocking();
    assert_eq!(slow.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(start.elapsed() < MAX_DURATION);
}

#[test]
fn large_response_is_streamed_and_saved() {
    let server = Server::start([
        Mock::given(path("/large")).respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 3_000_000])),
        Mock::given(any()).respond_with(page()),
    ]);
    let client = client(&server.url);
    let large = || client.request(http::Method::GET, "/large").send_streamed_blocking().unwrap();
    assert_eq!((large().status.as_u16(), large().length()), (200, Some(3_000_000)));
    let chunks: Vec<_> = large().blocking().collect::<Result<_, _>>().unwrap();
    assert!(chunks.len() > 1 && chunks.iter().flatten().all(|byte| *byte == b'x'));
    assert_eq!(chunks.iter().map(|chunk| chunk.len()).sum::<usize>(), 3_000_000);
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("large");
    assert_eq!(large().save_blocking(&saved).unwrap(), 3_000_000);
    assert_eq!(std::fs::metadata(&saved).unwrap().len(), 3_000_000);
    let mut streamed = client.certificates().search().send_streamed_blocking().unwrap().blocking();
    assert!(streamed.next().unwrap().unwrap().starts_with(b"{") && streamed.next().is_none());
}

/// A transport that calls a closure for each request, and returns a page of a long listing.
struct Calling<F>(F);

impl<F: Fn() + Send + Sync + 'static> Transport for Calling<F> {
    fn send(&self, _: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        (self.0)();
        Box::pin(async { Ok(http::Response::new(Body::from(r#"{"items":[{"id":1},{"id":2}],"total":9}"#))) })
    }
}

fn calling(action: impl Fn() + Send + Sync + 'static) -> Client {
    Client::builder().api_key("key").transport(Calling(action)).build().unwrap()
}

#[test]
fn panic_propagates_to_blocked_thread() {
    let client = calling(|| panic!("a transport panics"));
    let call = || client.certificates().search().send_blocking();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a transport panics"));
    // After a panic, the iterator has ended and keeps its position.
    let calls = AtomicUsize::new(0);
    let client = calling(move || assert_eq!(calls.fetch_add(1, Ordering::SeqCst), 0));
    let mut items = client.certificates().search().items().blocking();
    assert!(items.next().is_some() && items.next().is_some());
    let position = format!("{:?}", items.position());
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| items.next())).unwrap_err();
    assert!(items.next().is_none());
    assert_eq!(format!("{:?}", items.position()), position);
    // The thread that runs blocking calls continues after the panic.
    calling(|| ()).certificates().search().send_blocking().unwrap();
}

#[test]
fn blocking_call_on_its_own_thread_is_error() {
    let inner = calling(|| ());
    let errors = Arc::new(AtomicUsize::new(0));
    let counted = errors.clone();
    let outer = calling(move || {
        let error = inner.certificates().search().send_blocking().unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Request, 0, false));
        assert!(error.to_string().contains("would wait for itself"), "{error}");
        let mut items = inner.certificates().search().items().blocking();
        assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Request);
        let start = format!("{:?}", items.position());
        assert!(items.next().is_none() && format!("{:?}", items.position()) == start);
        counted.fetch_add(1, Ordering::SeqCst);
    });
    outer.certificates().search().send_blocking().unwrap();
    assert_eq!(errors.load(Ordering::SeqCst), 1);
}

/// The span of a call has the current span of the calling thread as its parent.
#[cfg(feature = "tracing")]
#[test]
fn blocking_call_span_has_caller_as_parent() {
    use tracing_subscriber::layer::SubscriberExt;
    let recording = super::telemetry::Recording::start();
    tracing::subscriber::with_default(tracing_subscriber::Registry::default().with(recording.clone()), || {
        let _caller = tracing::info_span!("caller").entered();
        calling(|| ()).certificates().search().send_blocking().unwrap();
    });
    let [caller, call, attempt] = recording.exactly();
    assert_eq!((&call.parent, &attempt.parent), (&caller.id, &call.id));
}

#[test]
fn blocking_call_after_fork_is_error() {
    use std::sync::atomic::AtomicU32;
    let process_of_thread = AtomicU32::new(0);
    // The first call, in process 17, starts the thread that runs blocking calls. A forked process, here 18, does not
    // have this thread.
    assert!(blocking::check_process(&process_of_thread, 17).is_ok());
    assert!(blocking::check_process(&process_of_thread, 17).is_ok());
    let error = blocking::check_process(&process_of_thread, 18).unwrap_err().to_string();
    assert_eq!(
        error,
        "the call cannot block this thread: this process was forked after its parent made a blocking call, and the \
         thread that runs blocking calls does not exist here; fork before the first blocking call"
    );
    assert!(blocking::check_process(&process_of_thread, 17).is_ok());
}
