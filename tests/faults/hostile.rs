//! Tests with servers that try to exhaust the memory or time of a client. Each is called by a separate client process,
//! whose duration and peak memory are measured.
//!
//! `cargo xtask faults` prints the table.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use bytes::Bytes;
use pki_clients::digicert_mpki;
use pki_clients::runtime::{Call, Error, ErrorKind, RequestOptions, RetryPolicy, Streaming};
use tokio::sync::Semaphore;

use super::attacks::{self, Attack};
use super::streams;

/// The environment variable that makes this program a client. It contains the task, the URL, and the path of the
/// server's certificate.
const TASK: &str = "HOSTILE_TASK";

/// The timeout of a call, which includes reading a streamed response.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The maximum duration of a call that the test accepts.
const MAX_TIME: Duration = TIMEOUT.saturating_mul(3);

/// The maximum number of bytes by which the memory of the client process may grow during a call.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;

/// The limit that the client sets for a response body and for an item of a stream, in bytes.
const MAX_RESPONSE: u64 = 8 * 1024 * 1024;

/// The call that the client makes.
#[derive(Debug, Clone, Copy)]
pub enum Task {
    /// Gets a certificate.
    Get,
    /// Lists certificates, up to a large number of items.
    List,
    /// Reads a stream of Server-Sent Events to its end.
    Events,
    /// Reads a JSON text sequence to its end.
    Texts,
    /// Reads JSON Lines, each a value of a union type, to the end.
    Unions,
}

/// Not a test by itself: makes the call in the client processes that
/// [`each_hostile_server_takes_bounded_time_and_memory`] starts with [`TASK`] set.
#[test]
fn child_calls_hostile_server() {
    let Ok(task) = env::var(TASK) else { return };
    let mut task = task.split(' ');
    let (name, url, root) = (task.next().unwrap(), task.next().unwrap(), task.next());
    let (before, begun) = (peak(), Instant::now());
    let end = move |outcome: &str| {
        let (seconds, memory) = (begun.elapsed().as_secs_f64(), peak() - before);
        println!("\nseconds={seconds}\nmemory={memory}\noutcome={outcome}");
    };
    // Exit if the call never ends, so that the test fails instead of waiting forever.
    thread::spawn(move || {
        thread::sleep(2 * MAX_TIME);
        end("no end");
        std::process::exit(1);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    end(&runtime.block_on(call(name, url, root)));
}

/// Makes the call. Returns the number of received items, or the kind and message of the error.
async fn call(task: &str, url: &str, root: Option<&str>) -> String {
    let result = match task {
        "Get" | "List" => {
            let mut builder = digicert_mpki::Client::builder().base_url(url).api_key("key").timeout(TIMEOUT);
            if let Some(root) = root {
                let address = url.rsplit_once(':').unwrap().1;
                let address = format!("127.0.0.1:{address}").parse().unwrap();
                builder = builder.resolve("server.test", address).root_certificate_pem(fs::read(root).unwrap());
            }
            let builder = builder.retry(RetryPolicy::none()).max_response_bytes(MAX_RESPONSE);
            let client = builder.build().unwrap();
            if task == "Get" {
                client.certificates().get("01").send().await.map(|_| 1).map_err(|error| outcome(&error))
            } else {
                list(client).await
            }
        }
        "Events" => items::<streams::Log>(url).await,
        "Texts" => items::<streams::Export>(url).await,
        "Unions" => items::<streams::Fields>(url).await,
        other => panic!("{other}"),
    };
    result.map_or_else(|error| error, |number| format!("{number} items"))
}

async fn list(client: digicert_mpki::Client) -> Result<u64, String> {
    let mut items = client.certificates().search().items();
    let mut number = 0;
    while number < 20_000 && items.try_next().await.map_err(|error| outcome(&error))?.is_some() {
        number += 1;
    }
    Ok(number)
}

async fn items<O: Streaming<ErrorBody = Bytes>>(url: &str) -> Result<u64, String> {
    let builder = pki_clients::runtime::ClientBuilder::<streams::Client>::new().base_url(url);
    let builder = builder.retry(RetryPolicy::none()).max_response_bytes(MAX_RESPONSE);
    let client = builder.build().unwrap();
    let mut call = Call::new::<O>(&client.0);
    call.options(RequestOptions::new().timeout(TIMEOUT));
    let mut items = call.send_items::<O>().await.map_err(|error| outcome(&error))?;
    let mut number = 0;
    while items.try_next().await.map_err(|error| outcome(&error))?.is_some() {
        number += 1;
    }
    Ok(number)
}

/// Returns the kind and message of an error, for the table.
fn outcome<E>(error: &Error<E>) -> String {
    format!("{:?}: {}", error.kind(), error.to_string().replace('\n', " "))
}

/// Returns the peak resident memory of this process in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// The outcome and cost of a call, as reported by a client process.
struct Report {
    outcome: String,
    seconds: f64,
    memory: u64,
}

fn report(attack: &Attack, address: &str, root: Option<&str>) -> Report {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "faults::hostile::child_calls_hostile_server", "--nocapture"]);
    let task = format!("{:?} {address} {}", attack.task, root.unwrap_or_default());
    let output = command.env(TASK, task.trim()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let value = |name| {
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| {
            panic!("{}: {text}{}", attack.name, String::from_utf8_lossy(&output.stderr));
        })
    };
    Report {
        outcome: value("outcome=").to_owned(),
        seconds: value("seconds=").parse().unwrap(),
        memory: value("memory=").parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hostile_server_takes_bounded_time_and_memory() {
    let _alone = super::PROCESSORS.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let turns = Arc::new(Semaphore::new(4));
    let runs: Vec<_> = attacks::all()
        .into_iter()
        .map(|attack| {
            let (turns, folder) = (Arc::clone(&turns), folder.path().to_owned());
            tokio::spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                let (url, root) = attack.server.start(&folder, attack.name).await;
                let run = move || {
                    let report = report(&attack, &url, root.as_deref());
                    (attack, report)
                };
                tokio::task::spawn_blocking(run).await.unwrap()
            })
        })
        .collect();
    let mut table = format!("{:<37} {:>8} {:>8}  {}\n", "the server", "time", "memory", "outcome of the call");
    let mut wrong = String::new();
    for run in runs {
        let (Attack { name, expected, .. }, Report { outcome, seconds, memory }) = run.await.unwrap();
        writeln!(table, "{name:<37} {seconds:>6.2} s {:>5} MiB  {outcome}", memory >> 20).unwrap();
        let is_expected = expected.matches(&outcome);
        if !is_expected || seconds > MAX_TIME.as_secs_f64() || memory > MAX_MEMORY {
            writeln!(wrong, "{name}: {outcome} after {seconds:.2} s with {memory} bytes, not {expected:?}").unwrap();
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The expected outcome of a call.
#[derive(Debug, Clone, Copy)]
pub enum Expected {
    /// The call fails with an error of this kind.
    Error(ErrorKind),
    /// The call succeeds with this many items.
    Items(u64),
}

impl Expected {
    fn matches(self, outcome: &str) -> bool {
        match self {
            Self::Error(kind) => outcome.starts_with(&format!("{kind:?}: ")),
            Self::Items(number) => outcome == format!("{number} items"),
        }
    }
}
