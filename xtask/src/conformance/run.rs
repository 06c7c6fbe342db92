//! The calls of one document: made side by side, judged, and controlled.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::{Mutex, RwLock, Semaphore};
use tokio::task::JoinSet;

use crate::controls::{self, Control, Good, Wrong};
use crate::document::{Document, Operation};
use crate::judge::{self, Case, Judged, Kind, Verdict};
use crate::plan::{self, Call, Planned};
use crate::prism::{Prism, Server};
use crate::program::{self, Outcome};
use crate::progress::Progress;
use crate::proxy::{Exchange, Proxy, Script, send};
use crate::record::{CallRecord, DocumentRecord};
use crate::substitute;

/// What holds for all calls of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How long one call may take.
    pub(crate) limit: Duration,
    pub(crate) seed: u64,
    /// How many calls are made at a time.
    pub(crate) workers: usize,
}

/// A document before its judges.
struct Session {
    document: Document,
    program: std::path::PathBuf,
    proxy: Proxy,
    server: Mutex<Server>,
    /// Calls that are made side by side hold it for reading; one that is made alone holds it whole.
    side_by_side: RwLock<()>,
    terms: Terms,
}

/// A call that was made: whether it was right, and its request where Prism took it.
struct Made {
    operation: usize,
    position: usize,
    call: Option<Call>,
    record: CallRecord,
    taken: Option<Exchange>,
}

/// What has passed in a call, and what the program said; else why there was no call.
type Passed = Result<(Vec<Exchange>, Outcome), String>;

/// Judges the program of a document.
pub(crate) async fn document(
    spec: &str,
    path: &Path,
    document: Document,
    program: &Path,
    prism: &Prism,
    terms: Terms,
    progress: &Progress,
) -> Result<DocumentRecord> {
    let server = Server::start(prism, path).await?;
    let proxy = Proxy::start(server.address).await?;
    let session = Arc::new(Session {
        document,
        program: program.to_owned(),
        proxy,
        server: Mutex::new(server),
        side_by_side: RwLock::new(()),
        terms,
    });
    let operations = &session.document.operations;
    let planned: Vec<Vec<Planned>> =
        operations.iter().map(|operation| plan::calls(&session.document, operation, terms.seed)).collect();
    progress.start(spec, planned.iter().map(Vec::len).sum());
    let workers = Arc::new(Semaphore::new(terms.workers));
    let mut tasks = JoinSet::new();
    let mut number = 0;
    for (operation, calls) in planned.into_iter().enumerate() {
        let first = number;
        number += calls.len();
        let (session, workers, progress) = (Arc::clone(&session), Arc::clone(&workers), progress.clone());
        // Operations run side by side, the calls of one after each other.
        tasks.spawn(async move {
            let mut made = Vec::new();
            for (position, planned) in calls.into_iter().enumerate() {
                let Ok(_permit) = workers.acquire().await else { break };
                made.push(session.call(operation, position, first + position, planned).await);
                progress.step();
            }
            made
        });
    }
    let mut made = Vec::new();
    while let Some(calls) = tasks.join_next().await {
        made.extend(calls.context("a task failed")?);
    }
    made.sort_by_key(|made| (made.operation, made.position));
    let good: Vec<Good<'_>> = made.iter().filter_map(|made| session.good(made)).collect();
    let controls = controls::run(&session.document, session.living().await?, &good).await?;
    let operations = operations.len();
    Ok(DocumentRecord {
        spec: spec.to_owned(),
        failed: None,
        operations,
        controls,
        calls: made.into_iter().map(|made| made.record).collect(),
    })
}

/// The controls of our own document, of the kinds that a run has not had.
pub(crate) async fn own_controls(folder: &Path, prism: &Prism, had: &[Wrong]) -> Result<Vec<Control>> {
    let missing: Vec<Wrong> = Wrong::ALL.into_iter().filter(|wrong| !had.contains(wrong)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let path = folder.join("control.yaml");
    std::fs::write(&path, controls::DOCUMENT).context("the document of the controls cannot be written")?;
    let mut sources = clientwright::source::Sources::new();
    let spec = clientwright::config::document(&path.to_string_lossy(), &mut sources)?;
    let document = crate::document::read(&sources, &spec, false)?;
    let operation = document.operations.first().context("the document of the controls is empty")?;
    let server = Server::start(prism, &path).await?;
    let good = Good { operation, schemes: vec!["Key".to_owned()], sent: controls::request() };
    let answer = send(server.address, &good.sent).await?;
    anyhow::ensure!(crate::prism::refusal(&answer).is_none(), "Prism refuses the good request of the controls");
    let mut controls = controls::run(&document, server.address, &[good]).await?;
    controls.retain(|control| missing.contains(&control.wrong));
    Ok(controls)
}

impl Session {
    /// A request that makes a control: one that was right and that Prism itself took.
    fn good<'a>(&'a self, made: &Made) -> Option<Good<'a>> {
        let (call, exchange) = (made.call.as_ref()?, made.taken.as_ref()?);
        let right = made.record.verdict.is_right() && made.record.verdict.left.is_empty();
        let operation = self.document.operations.get(made.operation)?;
        right.then(|| Good { operation, schemes: call.schemes.clone(), sent: exchange.sent.clone() })
    }

    async fn call(&self, operation: usize, position: usize, number: usize, planned: Planned) -> Made {
        let route = self.document.operations.get(operation).map(Operation::route).unwrap_or_default();
        let (call, verdict, exchange, outcome) = match planned {
            Err(obstacle) => {
                let record = CallRecord::new(route, obstacle.label, Verdict::wrong(Kind::Value, obstacle.reason));
                return Made { operation, position, call: None, record, taken: None };
            }
            Ok(call) => {
                let (verdict, exchange, outcome) = self.make(operation, number, &call).await;
                (call, verdict, exchange, outcome)
            }
        };
        let mut record = CallRecord::new(route, call.label.clone(), verdict);
        record.passed(exchange.as_ref(), outcome.as_ref());
        Made { operation, position, call: Some(call), record, taken: exchange }
    }

    /// Makes a call, and makes it again with an answer of ours where Prism has none.
    async fn make(&self, operation: usize, number: usize, call: &Call) -> (Verdict, Option<Exchange>, Option<Outcome>) {
        let Some(described) = self.document.operations.get(operation) else {
            return (Verdict::wrong(Kind::Run, "there is no such operation"), None, None);
        };
        let accept = plan::accepted(described, &call.asked);
        let probe = plan::takes_a_probe(&self.document.schemas, described, &call.asked);
        let script = Script { prefer: call.asked.prefer(), accept, answer: None, probe };
        let (exchanges, outcome) = match self.pass_to_prism(operation, number, call, script).await {
            Ok(passed) => passed,
            Err(reason) => return (Verdict::wrong(Kind::Run, reason), None, None),
        };
        let case =
            Case { document: &self.document, operation: described, call, exchanges: &exchanges, outcome: &outcome };
        let mut verdict = match judge::judge(case) {
            Judged::Done(verdict) => return (verdict, exchanges.last().cloned(), Some(outcome)),
            Judged::Unanswered(verdict) => verdict,
        };
        let answer = match substitute::answer(&self.document, described, &call.asked, self.terms.seed) {
            Ok(answer) => answer,
            Err(reason) => {
                verdict.faults.extend(Verdict::wrong(Kind::Value, reason).faults);
                return (verdict, exchanges.last().cloned(), Some(outcome));
            }
        };
        let script = Script { answer: Some(answer), probe, ..Script::default() };
        match self.pass(operation, number, call, script).await {
            Ok((exchanges, outcome)) => {
                judge::judge_answer(Case { exchanges: &exchanges, outcome: &outcome, ..case }, &mut verdict);
                (verdict, exchanges.last().cloned(), Some(outcome))
            }
            Err(reason) => (Verdict::wrong(Kind::Run, reason), None, None),
        }
    }

    /// Makes a call that Prism is to answer. Where Prism ends or hangs meanwhile, another call may have been the reason: it
    /// is started again, and the call made once more, alone.
    async fn pass_to_prism(&self, operation: usize, number: usize, call: &Call, script: Script) -> Passed {
        let first = {
            let _others = self.side_by_side.read().await;
            self.pass(operation, number, call, script.clone()).await
        };
        if let Ok((exchanges, _)) = &first
            && !exchanges.last().is_some_and(|exchange| exchange.received.is_missing())
        {
            return first;
        }
        let _alone = self.side_by_side.write().await;
        self.living().await.map_err(|error| format!("{error:#}"))?;
        let second = self.pass(operation, number, call, script).await;
        self.living().await.map_err(|error| format!("{error:#}"))?;
        second
    }

    /// The address of Prism, which is started again where it has ended or hangs.
    async fn living(&self) -> Result<SocketAddr> {
        let mut server = self.server.lock().await;
        if server.is_gone().await {
            *server = server.again().await?;
            self.proxy.redirect(server.address);
        }
        Ok(server.address)
    }

    async fn pass(&self, operation: usize, number: usize, call: &Call, script: Script) -> Passed {
        let described = self.document.operations.get(operation).ok_or("there is no such operation")?;
        let server = self.proxy.expect(number, script);
        let outcome = program::call(&self.program, &self.document, described, call, &server, self.terms.limit).await;
        let exchanges = self.proxy.take(number);
        Ok((exchanges, outcome?))
    }
}
