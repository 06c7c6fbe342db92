//! Runs each case with a GET and a POST, and prints a table of the outcomes. The calls run concurrently, each with its
//! own server and client.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use pki_clients::digicert_mpki::models::IssueCertificateRequest;
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::runtime::RetryPolicy;
use tokio::sync::Semaphore;

use super::cases::{ATTEMPT, CONNECT, Case, Expected, Fault, LIMIT, all};
use super::responses::{ok, response};
use super::server::{Request, Script, Server, Step, closed};

/// The time that a call may take in addition to its timeouts and delays, because the machine may be busy.
const SLACK: Duration = Duration::from_secs(15);

/// The result of a call.
struct Row {
    name: &'static str,
    method: Method,
    expected: Expected,
    requests: usize,
    outcome: Result<String, Error>,
    took: Duration,
    /// The result of a second call by the same client to `/healthy`, which must succeed.
    afterwards: Result<String, Error>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_has_expected_outcome() {
    let _alone = super::PROCESSORS.lock().await;
    let elsewhere = Server::start(|_: &Request| ok("01")).await;
    let cases = all(elsewhere.address()).into_iter().map(Arc::new);
    // Run calls concurrently, because they mostly wait, but not all at once, because some keep a processor busy.
    let turns = Arc::new(Semaphore::new(16));
    let run = |case, method| {
        let turns = Arc::clone(&turns);
        tokio::spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            run(case, method).await
        })
    };
    let runs: Vec<_> =
        cases.flat_map(|case| [Method::GET, Method::POST].map(|method| run(Arc::clone(&case), method))).collect();
    let mut rows = Vec::new();
    for run in runs {
        rows.push(run.await.unwrap());
    }
    let mut table = format!(
        "{:<37} {:<4} {:>8} {:>8}  {:<14} {:<4} {:<5} {:>8}\n",
        "the server", "", "requests", "attempts", "the caller got", "sent", "again", "time"
    );
    rows.iter().for_each(|row| table.write_fmt(format_args!("{row}\n")).unwrap());
    table.push_str("\nThe errors, one per line\n");
    for row in &rows {
        if let Err(error) = &row.outcome {
            writeln!(table, "{}, {}\n    {error}", row.name, row.method).unwrap();
        }
    }
    println!("{table}");
    let mismatches: Vec<_> = rows.iter().filter_map(Row::mismatch).collect();
    assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
    assert_eq!(elsewhere.connections(), 0, "a redirect to another origin was followed");
}

/// The script of the server for a case. Requests below `/healthy` get a valid response.
struct CaseScript(Arc<Case>);

impl Script for CaseScript {
    fn accepted(&self) -> Vec<Step> {
        match &self.0.fault {
            Fault::Accepted(steps) | Fault::Handshake(steps) => steps.clone(),
            _ => Vec::new(),
        }
    }

    fn respond(&self, request: &Request) -> Vec<Step> {
        match &self.0.fault {
            _ if request.target == "/healthy" => vec![response("200 OK", "", "healthy")],
            Fault::Response(respond) | Fault::Reused(respond) => respond(request),
            _ => ok("01"),
        }
    }
}

async fn run(case: Arc<Case>, method: Method) -> Row {
    let server = Server::start(CaseScript(Arc::clone(&case))).await;
    let (_socket, nobody) = closed();
    let (scheme, address) = match &case.fault {
        Fault::Refused => ("http", nobody),
        Fault::Handshake(_) => ("https", server.address()),
        _ => ("http", server.address()),
    };
    let expected = if method == Method::GET { case.get } else { case.post };
    // Only calls that are expected to time out have a short timeout. The others must not time out, even on a slow
    // machine.
    let reaches_a_limit = expected.kind.is_some() && !expected.at_least.is_zero();
    let slower = if reaches_a_limit { 1 } else { 20 };
    let client = Client::builder()
        .base_url(format!("{scheme}://{address}"))
        .api_key("key-of-the-tests")
        .connect_timeout(slower * CONNECT)
        .attempt_timeout(slower * ATTEMPT)
        .timeout(slower * 8 * ATTEMPT)
        .max_response_bytes(LIMIT)
        .retry(RetryPolicy::new().initial_backoff(Duration::from_millis(10)))
        .build()
        .unwrap();
    if matches!(case.fault, Fault::Reused(_)) {
        call_healthy_path(&client).await.unwrap();
    }
    let before = server.requests();
    let start = Instant::now();
    let outcome = match method {
        Method::GET => client.certificates().get("01").send().await.map(|got| got.serial_number),
        _ => issue(&client).await,
    };
    let (took, requests) = (start.elapsed(), server.requests() - before);
    let outcome = outcome.map(|serial_number| serial_number.unwrap_or_default());
    // Unread data on a connection must not become the response of the next call.
    let afterwards = match case.fault {
        Fault::Response(_) | Fault::Reused(_) => call_healthy_path(&client).await,
        _ => Ok("healthy".to_owned()),
    };
    Row { name: case.name, method, expected, requests, outcome, took, afterwards }
}

async fn issue(client: &Client) -> Result<Option<String>, Error> {
    let issued = client.certificates().issue(IssueCertificateRequest::new().with_csr("01")).send().await?;
    Ok(issued.serial_number)
}

async fn call_healthy_path(client: &Client) -> Result<String, Error> {
    let response = client.request(Method::GET, "/healthy").send().await?;
    Ok(String::from_utf8_lossy(&response.value).into_owned())
}

impl Row {
    /// Returns a message about the difference from the expected outcome, or `None` if there is none.
    fn mismatch(&self) -> Option<String> {
        let error = self.outcome.as_ref().err();
        let got = Expected {
            requests: self.requests,
            kind: error.map(Error::kind),
            attempts: error.map_or(0, Error::attempts),
            status: error.and_then(Error::status).map(|status| status.as_u16()),
            may_have_been_sent: error.is_none_or(Error::may_have_been_sent),
            is_retryable: error.is_some_and(Error::is_retryable),
            at_least: self.expected.at_least,
        };
        let in_time = (self.expected.at_least..self.expected.at_least + SLACK).contains(&self.took);
        let right_value = self.outcome.as_ref().ok().is_none_or(|value| value == "01");
        let afterwards = self.afterwards.as_ref().is_ok_and(|value| value == "healthy");
        if got == self.expected && in_time && right_value && afterwards {
            return None;
        }
        let Self { name, method, expected, took, outcome, afterwards, .. } = self;
        Some(format!(
            "{name}, {method}:\n    {got:?}, not\n    {expected:?}; {took:?}, {outcome:?}, afterwards {afterwards:?}"
        ))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<37} {:<4} {:>8} ", self.name, self.method.as_str(), self.requests)?;
        match &self.outcome {
            Ok(_) => write!(f, "{:>8}  {:<14} {:<4} {:<5} ", "", "the response", "", "")?,
            Err(error) => {
                let status = error.status().map(|status| format!(" {}", status.as_u16())).unwrap_or_default();
                let yes = |yes| if yes { "yes" } else { "no" };
                let (sent, again) = (yes(error.may_have_been_sent()), yes(error.is_retryable()));
                write!(
                    f,
                    "{:>8}  {:<14} {sent:<4} {again:<5} ",
                    error.attempts(),
                    format!("{:?}{status}", error.kind())
                )?;
            }
        }
        write!(f, "{:>6.2} s", self.took.as_secs_f64())
    }
}
