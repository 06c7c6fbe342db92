//! Makes and checks all calls of a document, and runs the negative controls.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::{Mutex, RwLock, Semaphore};
use tokio::task::JoinSet;

use crate::controls::{self, AcceptedRequest, Control, Mutation};
use crate::document::{Document, Operation};
use crate::judge::{self, Case, Checked, Decision, Kind, Verdict};
use crate::plan::{self, Argument, Call, Planned, RequestedResponse};
use crate::planted::{self, RightCall};
use crate::prism::{Prism, Server};
use crate::program::{self, Outcome};
use crate::progress::Progress;
use crate::proxy::{Exchange, Proxy, Script, send};
use crate::record::{CallRecord, DocumentRecord};
use crate::schemas::has_schemas_of_2020;
use crate::substitute;

/// Settings for all calls of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// The time limit per call.
    pub(crate) call_timeout: Duration,
    pub(crate) seed: u64,
    /// The number of concurrent calls.
    pub(crate) workers: usize,
}

/// The state for checking one document.
struct Session {
    document: Document,
    program: std::path::PathBuf,
    proxy: Proxy,
    server: Mutex<Server>,
    /// The lock that allows a call to run alone: a call that must run alone holds the write lock, all other calls hold
    /// a read lock.
    concurrency: RwLock<()>,
    settings: Settings,
}

/// A finished call, with its record and its last exchange.
struct FinishedCall {
    operation: usize,
    position: usize,
    call: Option<Call>,
    record: CallRecord,
    exchange: Option<Exchange>,
    outcome: Option<Outcome>,
}

/// The recorded exchanges of a call and the output of the program, or the reason why the call could not be made.
type CallResult = Result<(Vec<Exchange>, Outcome), String>;

/// Makes and checks all calls of a document.
pub(crate) async fn document(
    spec: &str,
    folder: &Path,
    document: Document,
    program: &Path,
    prism: &Prism,
    settings: Settings,
    progress: &Progress,
) -> Result<DocumentRecord> {
    let path = folder.join("document.json");
    std::fs::write(&path, document.for_prism.to_string()).context("cannot write the document for Prism")?;
    let server = Server::start(prism, &path).await?;
    let proxy = Proxy::start(server.address).await?;
    let session = Arc::new(Session {
        document,
        program: program.to_owned(),
        proxy,
        server: Mutex::new(server),
        concurrency: RwLock::new(()),
        settings,
    });
    let operations = &session.document.operations;
    let planned: Vec<Vec<Planned>> =
        operations.iter().map(|operation| plan::calls(&session.document, operation, settings.seed)).collect();
    progress.start(spec, planned.iter().map(Vec::len).sum());
    let workers = Arc::new(Semaphore::new(settings.workers));
    let mut tasks = JoinSet::new();
    let mut number = 0;
    for (operation, calls) in planned.into_iter().enumerate() {
        let first = number;
        number += calls.len();
        let (session, workers, progress) = (Arc::clone(&session), Arc::clone(&workers), progress.clone());
        // Operations run concurrently, but the calls of an operation run sequentially.
        tasks.spawn(async move {
            let mut finished = Vec::new();
            for (position, planned) in calls.into_iter().enumerate() {
                let Ok(_permit) = workers.acquire().await else { break };
                finished.push(session.call(operation, position, first + position, planned).await);
                progress.step();
            }
            finished
        });
    }
    let mut finished = Vec::new();
    while let Some(calls) = tasks.join_next().await {
        finished.extend(calls.context("a task failed")?);
    }
    finished.sort_by_key(|finished| (finished.operation, finished.position));
    let accepted_requests: Vec<AcceptedRequest<'_>> =
        finished.iter().filter_map(|finished| session.accepted_request(finished)).collect();
    let mut controls = controls::run(&session.document, session.running_server().await?, &accepted_requests).await?;
    let right: Vec<RightCall<'_>> = finished.iter().filter_map(|finished| session.right_call(finished)).collect();
    controls.extend(planted::run(&session.document, &right));
    let operations = operations.len();
    Ok(DocumentRecord {
        spec: spec.to_owned(),
        failed: None,
        operations,
        has_schemas_of_2020: has_schemas_of_2020(&session.document.for_prism),
        controls,
        calls: finished.into_iter().map(|finished| finished.record).collect(),
    })
}

/// Runs the controls of the built-in document, except the kinds that the documents of the run already covered.
pub(crate) async fn own_controls(folder: &Path, prism: &Prism, covered: &[Mutation]) -> Result<Vec<Control>> {
    let all = Mutation::ALL.into_iter().chain(Mutation::PLANTED);
    let missing: Vec<Mutation> = all.filter(|mutation| !covered.contains(mutation)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let path = folder.join("control.yaml");
    std::fs::write(&path, controls::DOCUMENT).context("cannot write the document of the controls")?;
    let mut sources = clientwright::source::Sources::new();
    let spec = clientwright::config::document(&path.to_string_lossy(), &mut sources)?;
    let document = crate::document::read(&sources, &spec, false)?;
    let operation = document.operations.first().context("the document of the controls has no operation")?;
    let server = Server::start(prism, &path).await?;
    let valid = AcceptedRequest { operation, schemes: vec!["Key".to_owned()], request: controls::request() };
    let response = send(server.address, &valid.request).await?;
    anyhow::ensure!(
        crate::prism::refusal(&response).is_none(),
        "Prism refuses the valid request for the built-in document"
    );
    let call = Call {
        label: "control".to_owned(),
        arguments: vec![Argument { parameter: 0, value: 3.into() }, Argument { parameter: 1, value: "yes".into() }],
        body: None,
        requested: RequestedResponse::default(),
        schemes: Vec::new(),
    };
    let outcome = Outcome { exit: Some(0), stdout: response.body.clone(), stderr: String::new() };
    let exchange = Exchange { request: valid.request.clone(), response };
    let right = RightCall { operation, call: &call, exchange: &exchange, outcome: &outcome };
    let mut controls = planted::run(&document, &[right]);
    controls.extend(controls::run(&document, server.address, &[valid]).await?);
    controls.retain(|control| missing.contains(&control.mutation));
    Ok(controls)
}

impl Session {
    /// Returns the request of a call that passed without waived refusals, from which a control can be derived.
    fn accepted_request<'a>(&'a self, finished: &FinishedCall) -> Option<AcceptedRequest<'a>> {
        let (call, exchange) = (finished.call.as_ref()?, finished.exchange.as_ref()?);
        let passed = finished.record.verdict.passed() && finished.record.verdict.waived.is_empty();
        let operation = self.document.operations.get(finished.operation)?;
        passed.then(|| AcceptedRequest { operation, schemes: call.schemes.clone(), request: exchange.request.clone() })
    }

    /// Returns a call that both validators accepted, in which errors can be planted.
    fn right_call<'a>(&'a self, finished: &'a FinishedCall) -> Option<RightCall<'a>> {
        let operation = self.document.operations.get(finished.operation)?;
        let (call, exchange) = (finished.call.as_ref()?, finished.exchange.as_ref()?);
        let outcome = finished.outcome.as_ref()?;
        let is_right = finished.record.decision == Decision::Right;
        is_right.then_some(RightCall { operation, call, exchange, outcome })
    }

    async fn call(&self, operation: usize, position: usize, number: usize, planned: Planned) -> FinishedCall {
        let route = self.document.operations.get(operation).map(Operation::route).unwrap_or_default();
        let (call, verdict, exchange, outcome) = match planned {
            Err(error) => {
                let record = CallRecord::new(route, error.label, Verdict::failed(error.kind, error.reason));
                return FinishedCall { operation, position, call: None, record, exchange: None, outcome: None };
            }
            Ok(call) => {
                let (verdict, exchange, outcome) = self.make_and_check(operation, number, &call).await;
                (call, verdict, exchange, outcome)
            }
        };
        let mut record = CallRecord::new(route, call.label.clone(), verdict);
        record.set_messages(exchange.as_ref(), outcome.as_ref());
        FinishedCall { operation, position, call: Some(call), record, exchange, outcome }
    }

    /// Makes and checks a call. If Prism has no usable response, repeats the call with a generated response.
    async fn make_and_check(
        &self,
        operation: usize,
        number: usize,
        call: &Call,
    ) -> (Verdict, Option<Exchange>, Option<Outcome>) {
        let Some(definition) = self.document.operations.get(operation) else {
            return (Verdict::failed(Kind::Run, "unknown operation"), None, None);
        };
        let accept = plan::requested_media_type(definition, &call.requested);
        let probe = plan::accepts_probe(&self.document.schemas, definition, &call.requested);
        let script = Script { prefer: call.requested.prefer(), accept, response: None, probe };
        let (exchanges, outcome) = match self.call_prism(operation, number, call, script).await {
            Ok(result) => result,
            Err(reason) => return (Verdict::failed(Kind::Run, reason), None, None),
        };
        let case =
            Case { document: &self.document, operation: definition, call, exchanges: &exchanges, outcome: &outcome };
        let mut verdict = match judge::check(case) {
            Checked::Complete(verdict) => return (verdict, exchanges.last().cloned(), Some(outcome)),
            Checked::NoResponse(verdict) => verdict,
        };
        let response = match substitute::response(&self.document, definition, &call.requested, self.settings.seed) {
            Ok(response) => response,
            Err(reason) => {
                verdict.failures.extend(Verdict::failed(Kind::Value, reason).failures);
                return (verdict, exchanges.last().cloned(), Some(outcome));
            }
        };
        let script = Script { response: Some(response), probe, ..Script::default() };
        match self.call_once(operation, number, call, script).await {
            Ok((exchanges, outcome)) => {
                judge::check_response(Case { exchanges: &exchanges, outcome: &outcome, ..case }, &mut verdict);
                (verdict, exchanges.last().cloned(), Some(outcome))
            }
            Err(reason) => (Verdict::failed(Kind::Run, reason), None, None),
        }
    }

    /// Makes a call to Prism. If Prism crashes or hangs, possibly because of a concurrent call, restarts Prism and
    /// repeats the call without concurrent calls.
    async fn call_prism(&self, operation: usize, number: usize, call: &Call, script: Script) -> CallResult {
        let first = {
            let _shared = self.concurrency.read().await;
            self.call_once(operation, number, call, script.clone()).await
        };
        if let Ok((exchanges, _)) = &first
            && !exchanges.last().is_some_and(|exchange| exchange.response.is_missing())
        {
            return first;
        }
        let _exclusive = self.concurrency.write().await;
        self.running_server().await.map_err(|error| format!("{error:#}"))?;
        let second = self.call_once(operation, number, call, script).await;
        self.running_server().await.map_err(|error| format!("{error:#}"))?;
        second
    }

    /// Returns the address of Prism. Restarts Prism if it has exited or hangs.
    async fn running_server(&self) -> Result<SocketAddr> {
        let mut server = self.server.lock().await;
        if server.is_unresponsive().await {
            *server = server.restarted().await?;
            self.proxy.redirect(server.address);
        }
        Ok(server.address)
    }

    async fn call_once(&self, operation: usize, number: usize, call: &Call, script: Script) -> CallResult {
        let definition = self.document.operations.get(operation).ok_or("unknown operation")?;
        let server = self.proxy.expect(number, script);
        let outcome =
            program::call(&self.program, &self.document, definition, call, &server, self.settings.call_timeout).await;
        let exchanges = self.proxy.take(number);
        Ok((exchanges, outcome?))
    }
}
