//! The soak test: makes many calls, 64 at a time, to a server that injects a fault into one in 20 requests. Checks that
//! every call ends with the expected response or error, that no POST is processed twice, and that the memory of the
//! client does not grow.
//!
//! `cargo test` makes 5,000 calls, `cargo xtask faults` 100,000. `SOAK_CALLS` overrides the number.

#[path = "soak/plan.rs"]
mod plan;
#[allow(dead_code, reason = "only the fault table uses all of them")]
#[path = "faults/responses.rs"]
mod responses;
#[allow(dead_code, reason = "only the fault table uses its counters; the server of the soak counts itself")]
#[path = "faults/server.rs"]
mod server;
#[path = "soak/server_process.rs"]
mod server_process;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::Method;
use pki_clients::digicert_mpki::models::IssueCertificateRequest;
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::runtime::{ErrorKind, RetryPolicy};

use plan::{ATTEMPTS, is_post, is_refused, outcome};
use server_process::{Process, Report, SERVE};

/// The number of concurrent calls.
const CONCURRENCY: u64 = 64;

/// The timeout of an attempt.
const ATTEMPT: Duration = Duration::from_secs(1);

/// After the first 10 % of the calls, the memory of the client may grow by 10 % plus this many KiB.
const SLACK: u64 = 2048;

/// The state that all callers share.
struct Soak {
    client: Client,
    /// A client whose server address refuses all connections.
    refused: Client,
    calls: u64,
    next: AtomicU64,
    tally: Mutex<Tally>,
}

/// The counted outcomes of the calls.
#[derive(Default)]
struct Tally {
    ended: u64,
    responses: u64,
    /// The number of errors by kind.
    errors: BTreeMap<String, u64>,
    /// The number of calls that were retried and failed nevertheless.
    retried: u64,
    /// The number of calls that were not retried because the retry budget was exhausted.
    over_budget: u64,
    /// The number of calls that timed out because of a slow machine, not because of a fault.
    late: u64,
    /// Messages about unexpected outcomes of calls.
    wrong: Vec<String>,
    /// Resident memory in KiB after 10 %, 50 % and 100 % of the calls.
    memory: Vec<u64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == SERVE) {
        server_process::serve(arguments[at + 1].parse().unwrap());
        return ExitCode::SUCCESS;
    }
    // Test runners run this program with `--list` to list its tests, but it has no tests.
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let calls = std::env::var("SOAK_CALLS").map_or(5000, |calls| calls.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(soak(calls))
}

async fn soak(calls: u64) -> ExitCode {
    let server = Process::start(calls);
    let (_socket, nobody) = server::closed();
    let soak = Arc::new(Soak {
        client: client(&server.url),
        refused: client(&format!("http://{nobody}")),
        calls,
        next: AtomicU64::new(0),
        tally: Mutex::default(),
    });
    let start = Instant::now();
    let callers: Vec<_> = (0..CONCURRENCY).map(|_| tokio::spawn(Arc::clone(&soak).call_on())).collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let took = start.elapsed();
    let report = soak.client.request(Method::GET, "/report").send().await.unwrap();
    let report = Report::read(std::str::from_utf8(&report.value).unwrap());
    let tally = std::mem::take(&mut *soak.tally.lock().unwrap());
    tally.print(&report, took);
    tally.judge(calls, &report, took)
}

fn client(url: &str) -> Client {
    let policy = RetryPolicy::new().max_attempts(ATTEMPTS).initial_backoff(Duration::from_millis(10));
    let builder = Client::builder().base_url(url).api_key("key-of-the-tests").retry(policy);
    builder.attempt_timeout(ATTEMPT).timeout(8 * ATTEMPT).max_response_bytes(64 * 1024).build().unwrap()
}

impl Soak {
    /// Makes calls, one after another, until all concurrent callers together have made all calls of the test.
    async fn call_on(self: Arc<Self>) {
        loop {
            let call = self.next.fetch_add(1, Ordering::Relaxed);
            if call >= self.calls {
                return;
            }
            let client = if is_refused(call) { &self.refused } else { &self.client };
            let outcome = match is_post(call) {
                false => client.certificates().get(call.to_string()).send().await.map(|got| got.serial_number),
                true => issue(client, call).await,
            };
            self.count(call, outcome);
        }
    }

    fn count(&self, call: u64, got: Result<Option<String>, Error>) {
        let mut tally = self.tally.lock().unwrap();
        tally.ended += 1;
        if [self.calls / 10, self.calls / 2, self.calls].contains(&tally.ended) {
            tally.memory.extend(resident());
        }
        let expected = if is_refused(call) { Some(ErrorKind::Transport) } else { outcome(call) };
        match &got {
            Ok(serial_number) => {
                tally.responses += 1;
                if expected.is_some() || serial_number.as_deref() != Some(&*call.to_string()) {
                    tally.wrong.push(format!("call {call} got {serial_number:?}, expected {expected:?}"));
                }
            }
            Err(error) => {
                *tally.errors.entry(format!("{:?}", error.kind())).or_default() += 1;
                tally.retried += u64::from(error.attempts() > 1);
                tally.over_budget += u64::from(error.to_string().contains("the retry budget is exhausted"));
                if error.is_timeout() && expected != Some(ErrorKind::Timeout) {
                    tally.late += 1;
                } else if Some(error.kind()) != expected {
                    tally.wrong.push(format!("call {call} got {error}, expected {expected:?}"));
                }
            }
        }
    }
}

async fn issue(client: &Client, call: u64) -> Result<Option<String>, Error> {
    let issued = client.certificates().issue(IssueCertificateRequest::new().with_csr(call.to_string())).send().await?;
    Ok(issued.serial_number)
}

/// Returns the resident memory of this process in KiB, if the system reports it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

impl Tally {
    fn print(&self, report: &Report, took: Duration) {
        let seconds = took.as_secs_f64();
        let Self { ended, responses, errors, late, over_budget, .. } = self;
        println!(
            "the soak: {ended} calls, {CONCURRENCY} at a time, in {seconds:.1} s ({:.0} per second)",
            *ended as f64 / seconds
        );
        println!(
            "  the server  {} requests, {} faults of {} kinds, {} POSTs processed twice",
            report.requests, report.faults, report.kinds, report.doubled
        );
        let errors: Vec<_> = errors.iter().map(|(kind, number)| format!("{kind} {number}")).collect();
        println!("  the callers {responses} responses, {} errors: {}", ended - responses, errors.join(", "));
        println!(
            "              {} failed after retries, {over_budget} not retried because of the budget, {late} late",
            self.retried
        );
        let memory: Vec<_> = self.memory.iter().map(|kib| format!("{:.1}", *kib as f64 / 1024.0)).collect();
        println!("  the memory  {} MiB at 10, 50 and 100 %", memory.join(", "));
    }

    fn judge(&self, calls: u64, report: &Report, took: Duration) -> ExitCode {
        let mut violations: Vec<String> = self.wrong.iter().take(20).cloned().collect();
        let mut must = |holds: bool, what: &str| {
            if !holds {
                violations.push(what.to_owned());
            }
        };
        must(self.ended == calls, "some calls have not ended");
        must(report.doubled == 0, "a POST was processed twice");
        must(report.kinds == plan::KINDS.len(), "a kind of fault did not occur: make more calls");
        must(self.late <= calls / 1000, "calls took too long");
        must(took < Duration::from_secs(60) + Duration::from_millis(5) * calls as u32, "the run took too long");
        if let [tenth, _, all] = self.memory[..] {
            must(all <= tenth + tenth / 10 + SLACK, "the memory has grown");
        }
        for violation in &violations {
            println!("  WRONG       {violation}");
        }
        if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
