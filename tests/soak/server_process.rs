//! The server of the soak test. It runs in a separate process, so that the measured memory is only that of the client.
//! The server records the requests of each call.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use crate::plan::{KINDS, fault};
use crate::responses::{ok, response};
use crate::server::{Request, Script, Server, Step};

/// The argument that makes this program the server.
pub const SERVE: &str = "--serve";

/// The server process.
pub struct Process {
    child: Child,
    pub url: String,
}

/// The statistics of the server.
#[derive(Debug)]
pub struct Report {
    pub requests: usize,
    pub faults: usize,
    /// The number of faults in [`KINDS`] that occurred at least once.
    pub kinds: usize,
    /// The number of POSTs that were processed more than once.
    pub doubled: usize,
}

impl Process {
    /// Starts this program as the server for this many calls.
    pub fn start(calls: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([SERVE, &calls.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut url = Vec::new();
        let mut byte = [0];
        while child.stdout.as_mut().unwrap().read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            url.push(byte[0]);
        }
        Self { child, url: String::from_utf8(url).unwrap() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Report {
    /// Parses the report that the server returns at `/report`.
    pub fn read(text: &str) -> Self {
        let numbers: Vec<usize> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [requests, faults, kinds, doubled] = numbers.try_into().unwrap();
        Self { requests, faults, kinds, doubled }
    }
}

/// The state of the server: for each call, the number of its requests and of its processed POSTs (`done`), and for each
/// fault in [`KINDS`], the number of its occurrences.
struct Seen {
    requests: Vec<AtomicU8>,
    done: Vec<AtomicU8>,
    faults: Vec<AtomicUsize>,
}

impl Script for Arc<Seen> {
    fn respond(&self, request: &Request) -> Vec<Step> {
        if request.target == "/report" {
            return vec![response("200 OK", "", &self.report())];
        }
        let call = number(request);
        let fault = fault(call as u64, self.requests[call].fetch_add(1, Ordering::Relaxed));
        if request.method == "POST" && fault.is_none_or(|fault| fault.done) {
            self.done[call].fetch_add(1, Ordering::Relaxed);
        }
        let Some(fault) = fault else { return ok(&call.to_string()) };
        let kind = KINDS.iter().position(|kind| kind.name == fault.name).unwrap();
        self.faults[kind].fetch_add(1, Ordering::Relaxed);
        (fault.steps)(call as u64)
    }
}

impl Seen {
    fn report(&self) -> String {
        let requests: usize = self.requests.iter().map(|requests| usize::from(requests.load(Ordering::Relaxed))).sum();
        let faults = self.faults.iter().map(|faults| faults.load(Ordering::Relaxed));
        let doubled = self.done.iter().filter(|done| done.load(Ordering::Relaxed) > 1).count();
        format!(
            "{requests} {} {} {doubled}",
            faults.clone().sum::<usize>(),
            faults.filter(|faults| *faults > 0).count()
        )
    }
}

/// Returns the number of the call that a request belongs to. A GET has the number in its path, a POST in its body.
fn number(request: &Request) -> usize {
    let text = if request.method == "POST" { &request.body } else { &request.target };
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |before| before + 1);
    digits[start..].parse().unwrap()
}

/// Runs the server until the client process ends.
pub fn serve(calls: usize) {
    std::thread::spawn(|| {
        // The client process keeps standard input open as long as it runs.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let counters = |number| std::iter::repeat_with(AtomicU8::default).take(number).collect();
    let faults = KINDS.iter().map(|_| AtomicUsize::default()).collect();
    let seen = Arc::new(Seen { requests: counters(calls), done: counters(calls), faults });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start(seen).await;
        let mut out = std::io::stdout();
        writeln!(out, "http://{}", server.address()).unwrap();
        out.flush().unwrap();
        std::future::pending::<()>().await;
    });
}
