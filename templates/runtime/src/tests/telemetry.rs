//! Tests of the spans and events of calls.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use http::Method;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Instrument, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use super::sample::models::ImportRequest;
use super::sample::{Client, ClientBuilder};
use super::transport::Recorder;
use super::transport::Reply::{self, Broken, Hang, HangInBody, Http, NotSent};
use crate::runtime::{Maybe, RetryPolicy};

const PAGE: Reply = Http(200, &[], r#"{"items":[],"total":0}"#);

/// A span or an event with its recorded fields.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub name: String,
    pub id: Option<Id>,
    pub parent: Option<Id>,
    fields: BTreeMap<&'static str, String>,
    closed: bool,
}

impl Seen {
    /// Returns the fields, sorted by name.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }
}

/// A layer that records all spans and events in the order in which they start.
#[derive(Clone, Default)]
pub struct Recording(Arc<Mutex<Vec<Seen>>>);

/// Enables the `tracing` callsites of the runtime. `tracing` may cache a callsite as disabled if another test uses it
/// while a subscriber is being set. Rebuilding the cache enables it again.
fn register() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let retry = RetryPolicy::new().initial_backoff(Duration::ZERO);
    for _ in 0..1000 {
        let recording = Recording::default();
        let client = client(&Recorder::with_replies([NotSent]), |builder| builder.retry(retry.clone()));
        let call = client.certificates().search().send().with_subscriber(recording.subscriber());
        runtime.block_on(call).unwrap();
        if recording.seen().len() == 4 {
            return;
        }
        tracing::callsite::rebuild_interest_cache();
    }
    panic!("the callsites remain disabled");
}

impl Recording {
    pub fn start() -> Self {
        static REGISTERED: Once = Once::new();
        REGISTERED.call_once(|| std::thread::spawn(register).join().unwrap());
        Self::default()
    }

    fn subscriber(&self) -> impl Subscriber + Send + Sync + 'static {
        Registry::default().with(self.clone())
    }

    fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }

    /// Returns all spans and events. Panics if their number is not `N`.
    pub fn exactly<const N: usize>(&self) -> [Seen; N] {
        self.seen().try_into().unwrap_or_else(|seen: Vec<_>| panic!("{N} expected: {seen:#?}"))
    }

    fn change(&self, id: &Id, change: impl FnOnce(&mut Seen)) {
        change(self.0.lock().unwrap().iter_mut().find(|seen| seen.id.as_ref() == Some(id)).unwrap());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recording {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let parent = context.span(id).unwrap().parent().map(|parent| parent.id());
        let name = attributes.metadata().name().to_owned();
        let mut seen = Seen { name, id: Some(id.clone()), parent, ..Seen::default() };
        attributes.record(&mut seen);
        self.0.lock().unwrap().push(seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        self.change(id, |seen| values.record(seen));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let parent = context.event_span(event).map(|parent| parent.id());
        let mut seen = Seen { name: event.metadata().level().to_string(), parent, ..Seen::default() };
        event.record(&mut seen);
        self.0.lock().unwrap().push(seen);
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.change(&id, |seen| seen.closed = true);
    }
}

fn client(recorder: &Recorder, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder().api_key("key").bearer_token("tok").retry(RetryPolicy::new());
    configure(builder).transport(recorder.clone()).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn call_with_retry_records_span_per_attempt() {
    let recording = Recording::start();
    let recorder = Recorder::with_replies([Http(503, &[("retry-after", "2")], "busy"), Http(200, &[], r#"{"id":1}"#)]);
    let put = client(&recorder, |builder| builder.base_url("https://[::1]:8443/base/"));
    let call = async {
        let span = tracing::info_span!("caller");
        let renew = put.certificates().renew("s/1", ImportRequest::default());
        renew
            .options(crate::runtime::RequestOptions::new().retry(RetryPolicy::new().idempotent(true)))
            .send()
            .instrument(span)
            .await
    };
    call.with_subscriber(recording.subscriber()).await.unwrap();

    let [caller, call, first, wait, second] = recording.exactly();
    assert_eq!(
        call.fields(),
        [
            ("http.request.method", "POST"),
            ("http.response.status_code", "200"),
            ("openapi.operation_id", "renewCertificate"),
            ("otel.kind", "internal"),
            ("otel.name", "renewCertificate"),
            ("url.template", "/mpki/api/v1/certificate/{serial_number}/renew"),
        ]
    );
    assert_eq!(
        first.fields(),
        [
            ("error.type", "503"),
            ("http.request.method", "POST"),
            ("http.response.status_code", "503"),
            ("network.protocol.version", "1.1"),
            ("otel.kind", "client"),
            ("otel.name", "POST /mpki/api/v1/certificate/{serial_number}/renew"),
            ("otel.status_code", "ERROR"),
            ("server.address", "::1"),
            ("server.port", "8443"),
            ("url.full", "https://[::1]:8443/REDACTED"),
            ("url.template", "/mpki/api/v1/certificate/{serial_number}/renew"),
        ]
    );
    assert_eq!(
        second.fields(),
        [
            ("http.request.method", "POST"),
            ("http.request.resend_count", "1"),
            ("http.response.status_code", "200"),
            ("network.protocol.version", "1.1"),
            ("otel.kind", "client"),
            ("otel.name", "POST /mpki/api/v1/certificate/{serial_number}/renew"),
            ("server.address", "::1"),
            ("server.port", "8443"),
            ("url.full", "https://[::1]:8443/REDACTED"),
            ("url.template", "/mpki/api/v1/certificate/{serial_number}/renew"),
        ]
    );
    assert_eq!((wait.name, wait.fields["error.type"].as_str()), ("DEBUG".into(), "503"));
    // The wait is the server's `Retry-After` plus the jitter of the first wait.
    let waited: u64 = wait.fields["wait_ms"].parse().unwrap();
    assert!((2000..=2200).contains(&waited), "{waited}");
    assert_eq!([&caller.name, &call.name, &first.name, &second.name], ["caller", "call", "attempt", "attempt"]);
    assert_eq!((&caller.parent, &call.parent), (&None, &caller.id));
    assert_eq!([&first.parent, &wait.parent, &second.parent], [&call.id; 3]);
    assert!(caller.closed && call.closed && first.closed && second.closed);
}

#[tokio::test(start_paused = true)]
async fn failure_is_recorded_as_error_type() {
    let error_types = async |replies: Vec<Reply>, timeout: u64| {
        let recording = Recording::start();
        let recorder = Recorder::with_replies(replies);
        let client = client(&recorder, |builder| builder.max_response_bytes(30).retry(RetryPolicy::none()));
        let search = client
            .certificates()
            .search()
            .options(crate::runtime::RequestOptions::new().timeout(Duration::from_secs(timeout)));
        let failed = search.send().with_subscriber(recording.subscriber()).await.is_err();
        let seen = recording.seen().into_iter().map(|mut seen| {
            assert_eq!(seen.fields.contains_key("error.type"), seen.fields.contains_key("otel.status_code"));
            seen.fields.remove("error.type").unwrap_or_default()
        });
        (failed, seen.collect::<Vec<_>>().join(" < "))
    };
    let failed = |text: &str| (true, text.to_owned());
    assert_eq!(error_types(vec![Http(404, &[], "")], 60).await, failed("404 < 404"));
    assert_eq!(error_types(vec![NotSent], 60).await, failed("transport < transport"));
    assert_eq!(error_types(vec![Broken(200, "{")], 60).await, failed("transport < transport"));
    assert_eq!(error_types(vec![Hang], 1).await, failed("timeout < timeout"));
    let long = Http(200, &[], r#"{"items":[],"total":0,"more":"and more"}"#);
    assert_eq!(error_types(vec![long], 60).await, failed("too_large < too_large"));
    // The attempt succeeded. Only the call failed, when it decoded the response.
    assert_eq!(error_types(vec![Http(200, &[], "<html>")], 60).await, failed("decode < "));
    assert_eq!(error_types(vec![PAGE], 60).await, (false, " < ".to_owned()));

    // Nothing is sent, so there is no span of an attempt.
    let recording = Recording::start();
    let none = client(&Recorder::default(), |builder| builder);
    let renew = none.certificates().renew("..", ImportRequest::default());
    renew.send().with_subscriber(recording.subscriber()).await.unwrap_err();
    let [call] = recording.exactly();
    assert_eq!(call.fields["error.type"], "request");
}

#[tokio::test]
async fn dropped_call_is_recorded_as_cancelled() {
    let recording = Recording::start();
    let recorder = Recorder::with_replies([Hang]);
    let client = client(&recorder, |builder| builder);
    let call = async {
        let mut call = Box::pin(client.certificates().search().send());
        std::future::poll_fn(|context| {
            assert!(call.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
    };
    call.with_subscriber(recording.subscriber()).await;
    let [call, attempt] = recording.exactly();
    for span in [call, attempt] {
        assert!(span.closed);
        assert_eq!(
            (span.fields["error.type"].as_str(), span.fields["otel.status_code"].as_str()),
            ("cancelled", "ERROR")
        );
    }
}

/// Makes a call with a secret in every possible location.
#[tokio::test(start_paused = true)]
async fn spans_contain_no_secret() {
    let secret = "hunter2";
    let recording = Recording::start();
    let calls = async {
        let builders: [fn(ClientBuilder) -> ClientBuilder; 5] = [
            |builder| builder.api_key("hunter2"),
            |builder| builder.basic_auth("hunter2", "hunter2"),
            |builder| builder.bearer_token("hunter2"),
            |builder| builder.query_key("hunter2"),
            |builder| builder.cookie_key("hunter2"),
        ];
        for builder in builders {
            let replies = || [Http(503, &[("x-request-id", "hunter2")], r#"{"error":"hunter2"}"#), NotSent];
            let build = |recorder: &Recorder| {
                let retry = RetryPolicy::new().max_attempts(2).idempotent(true);
                let builder = builder(Client::builder().retry(retry)).header("x-secret", "hunter2");
                builder.transport(recorder.clone()).build().unwrap()
            };
            let recorder = Recorder::with_replies(replies());
            let request = build(&recorder).request(Method::POST, "/hunter2/b").query("q", secret).body(secret);
            request.header("x-other", secret).send().await.unwrap_err();
            let recorder = Recorder::with_replies(replies());
            let body = ImportRequest { password: Maybe::Value(secret.into()) };
            let renew = build(&recorder)
                .certificates()
                .renew(secret, body)
                .options(crate::runtime::RequestOptions::new().query("q", secret));
            let _ = renew
                .options(crate::runtime::RequestOptions::new().header("x-other", secret))
                .send()
                .await
                .unwrap_err();
            let recorder = Recorder::with_replies(replies());
            let _ = build(&recorder).certificates().replace(secret).send().await.unwrap_err();
        }
    };
    calls.with_subscriber(recording.subscriber()).await;
    let seen = recording.seen();
    assert!(seen.iter().filter(|seen| seen.name == "attempt").count() >= 20, "{seen:#?}");
    for seen in &seen {
        assert!(!format!("{seen:?}").contains(secret), "{seen:#?}");
    }
    // The span of a request without URL template is named after the method of the request.
    let raw = seen.iter().find(|seen| seen.name == "attempt" && !seen.fields.contains_key("url.template")).unwrap();
    assert_eq!(
        (raw.fields["otel.name"].as_str(), raw.fields["url.full"].as_str()),
        ("POST", "https://one.example.com/REDACTED")
    );
    assert_eq!(raw.fields["server.port"], "443");
}

#[tokio::test]
async fn unknown_method_is_recorded_as_other() {
    let recording = Recording::start();
    let client = client(&Recorder::default(), |builder| builder);
    let request = client.request(Method::from_bytes(b"HUNTER2").unwrap(), "/");
    request.send().with_subscriber(recording.subscriber()).await.unwrap();
    let [call, attempt] = recording.exactly();
    assert_eq!((call.fields["otel.name"].as_str(), call.fields["http.request.method"].as_str()), ("HTTP", "_OTHER"));
    assert_eq!(
        (attempt.fields["otel.name"].as_str(), attempt.fields["http.request.method"].as_str()),
        ("HTTP", "_OTHER")
    );
}

#[tokio::test]
async fn filtering_subscriber_does_not_affect_call() {
    struct Filtering;
    impl Subscriber for Filtering {
        fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
            *metadata.level() < Level::INFO
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            panic!("no span is enabled")
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }
    let client = client(&Recorder::default(), |builder| builder);
    client.certificates().search().send().with_subscriber(Filtering).await.unwrap();
}

#[tokio::test]
async fn redirected_request_has_resend_count() {
    let recording = Recording::start();
    let moved = Http(307, &[("location", "/hunter2/elsewhere?q=hunter2")], "");
    let recorder = Recorder::with_replies([moved, PAGE]);
    let client = client(&recorder, |builder| builder);
    client.certificates().search().send().with_subscriber(recording.subscriber()).await.unwrap();
    let [call, first, second] = recording.exactly();
    assert_eq!(call.fields["http.response.status_code"], "200");
    assert_eq!(first.fields["http.response.status_code"], "307");
    assert!(!first.fields.contains_key("error.type") && !first.fields.contains_key("http.request.resend_count"));
    assert_eq!(second.fields["http.request.resend_count"], "1");
    assert_eq!(second.fields["url.full"], "https://one.example.com/REDACTED");
}

#[tokio::test]
async fn streamed_response_closes_spans_when_it_starts() {
    let recording = Recording::start();
    let client = client(&Recorder::with_replies([HangInBody(200)]), |builder| builder);
    let streamed = client.certificates().search().send_streamed().with_subscriber(recording.subscriber());
    let _streamed = streamed.await.unwrap();
    let [call, attempt] = recording.exactly();
    for span in [call, attempt] {
        assert!(span.closed && !span.fields.contains_key("error.type"));
        assert_eq!(span.fields["http.response.status_code"], "200");
    }
}
