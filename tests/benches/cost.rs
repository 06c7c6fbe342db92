//! Compares the cost of a call with `pki-clients` to the same call with a hand-written client that uses `reqwest` and
//! serde.
//!
//! Both clients call the same server on loopback, which responds from memory on its own threads. Several calls are
//! always in flight, so that the client is the bottleneck. The two clients alternate within a run, so that other load
//! on the machine slows down both. Allocations are counted on the thread of the client only, so that the server is not
//! included.
//!
//! `cargo bench -p clientwright-tests --bench cost` prints the table, and fails if a call exceeds its limits.

use std::future::Future;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use pki_clients::digicert_mpki;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

#[path = "cost/hand_written.rs"]
mod hand_written;

/// The number of runs. The result is their median.
const RUNS: usize = 7;
/// The number of turns that each client gets in a run. The two clients take turns.
const TURNS: usize = 20;
/// The duration of a turn.
const TURN: Duration = Duration::from_millis(40);
/// The number of concurrent calls, so high that the client never waits for the server.
const CONCURRENCY: usize = 8;
/// The minimum throughput relative to the hand-written client.
const MIN_RATIO: f64 = 0.90;
/// The maximum number of allocations per call beyond those of the hand-written client.
const MAX_ALLOCATIONS: f64 = 15.0;

const SERIAL_NUMBER: &str = "4099ABF9C1BB7C02BBE1CDC7836CA9D58A71C2A5";
const API_KEY: &str = "01_0123456789abcdef0123456789abcdef";

fn main() -> ExitCode {
    // `cargo test --benches` only checks that the benchmark runs.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let [runs, turns] = if measured { [RUNS, TURNS] } else { [1, 1] };
    // Both clients require a crypto provider, although neither uses TLS here.
    rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
    let url = serve();
    let generated = digicert_mpki::Client::builder().base_url(&url).api_key(API_KEY).build().unwrap();
    let hand = hand_written::Client::new(&url, API_KEY);

    println!("Cost of a call: median of {runs} runs of {turns} turns each, {CONCURRENCY} concurrent calls");
    println!("{:<12}{:<14}{:>14}{:>14}{:>10}{:>10}", "", "", "by hand", "pki-clients", "", "allowed");
    let small = compare(
        "small GET",
        [runs, turns, 200],
        || {
            let hand = hand.clone();
            async move { assert!(hand.certificate(SERIAL_NUMBER).await.unwrap().serial_number.is_some()) }
        },
        || {
            let call = generated.certificates().get(SERIAL_NUMBER);
            async move { assert!(call.send().await.unwrap().serial_number.is_some()) }
        },
    );
    let page = compare(
        "1 MB page",
        [runs, turns, 20],
        || {
            let hand = hand.clone();
            async move { assert!(hand.search("device-17", 1000).await.unwrap().items.len() > 500) }
        },
        || {
            let call = generated.certificates().search().common_name("device-17").limit(1000);
            async move { assert!(call.send().await.unwrap().items.len() > 500) }
        },
    );
    if small && page || !measured { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the cost of a call with each client, and returns whether the cost of the generated client is within the
/// limits.
fn compare<H, G>(
    name: &str,
    [runs, turns, counted]: [usize; 3],
    hand_written: impl Fn() -> H,
    generated: impl Fn() -> G,
) -> bool
where
    H: Future<Output = ()> + Send + 'static,
    G: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Warm up connections and buffers before measuring.
    let _ = (completed(&runtime, &hand_written), completed(&runtime, &generated));
    let (mut hand_speeds, mut speeds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let [mut hand, mut ours] = [(0, Duration::ZERO); 2];
        for turn in 0..turns {
            // Alternate which client goes first.
            if turn % 2 == 0 {
                add(&mut hand, completed(&runtime, &hand_written));
                add(&mut ours, completed(&runtime, &generated));
            } else {
                add(&mut ours, completed(&runtime, &generated));
                add(&mut hand, completed(&runtime, &hand_written));
            }
        }
        let [hand, ours] = [hand, ours].map(|(calls, time)| f64::from(calls) / time.as_secs_f64());
        hand_speeds.push(hand);
        speeds.push(ours);
        ratios.push(ours / hand);
    }
    let (hand_speed, speed, ratio, bound) = (median(hand_speeds), median(speeds), median(ratios), MIN_RATIO);
    println!("{name:<12}{:<14}{hand_speed:>14.0}{speed:>14.0}{ratio:>10.3}{:>10}", "calls/s", format!(">={bound:.2}"));

    let [hand_count, count] =
        [allocations(&runtime, counted, &hand_written), allocations(&runtime, counted, &generated)];
    let (more, bound) = (count - hand_count, MAX_ALLOCATIONS);
    println!(
        "{:<12}{:<14}{hand_count:>14.1}{count:>14.1}{more:>+10.1}{:>10}",
        "",
        "allocations",
        format!("<=+{bound}")
    );
    ratio >= MIN_RATIO && more <= MAX_ALLOCATIONS
}

/// Returns the number of calls completed in a turn, and the time they took.
fn completed<F: Future<Output = ()> + Send + 'static>(runtime: &Runtime, call: &impl Fn() -> F) -> (u32, Duration) {
    runtime.block_on(async {
        let (start, mut calls, mut done) = (Instant::now(), JoinSet::new(), 0);
        (0..CONCURRENCY).for_each(|_| drop(calls.spawn(call())));
        while let Some(completed) = calls.join_next().await {
            completed.unwrap();
            done += 1;
            if start.elapsed() < TURN {
                calls.spawn(call());
            }
        }
        (done, start.elapsed())
    })
}

fn add(sum: &mut (u32, Duration), (calls, time): (u32, Duration)) {
    sum.0 += calls;
    sum.1 += time;
}

/// Makes `count` calls, one after another, and returns the average number of allocations per call.
fn allocations<F: Future<Output = ()>>(runtime: &Runtime, count: usize, call: &impl Fn() -> F) -> f64 {
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            for _ in 0..count {
                call().await;
            }
        })
    });
    counted.count_total as f64 / count as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Starts a server that responds to searches with a page of 1 MB, and to everything else with one certificate.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let certificate = certificate(0).to_string();
    // Enough certificates for 1 MB.
    let count = 1_000_000 / certificate.len();
    let items: Vec<_> = (0..count).map(self::certificate).collect();
    let page = serde_json::json!({"total": 100_000, "offset": 0, "limit": 1000, "items": items}).to_string();
    let (page, certificate): (&'static [u8], &'static [u8]) = (response(&page).leak(), response(&certificate).leak());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || respond_all(stream, page, certificate));
        }
    });
    url
}

/// Responds to all requests of a connection. Requests have no body and are not pipelined.
fn respond_all(mut stream: TcpStream, page: &[u8], certificate: &[u8]) {
    stream.set_nodelay(true).unwrap();
    let (mut head, mut length) = ([0; 4096], 0);
    loop {
        match stream.read(&mut head[length..]) {
            Ok(0) | Err(_) => return,
            Ok(more) => length += more,
        }
        if head[..length].ends_with(b"\r\n\r\n") {
            let search = head.starts_with(b"GET /mpki/api/v1/certificate-search?");
            if stream.write_all(if search { page } else { certificate }).is_err() {
                return;
            }
            length = 0;
        }
    }
}

fn response(json: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         date: Sun, 06 Nov 1994 08:49:37 GMT\r\nserver: nginx\r\nx-request-id: 7b6c2f0e\r\n\r\n{json}"
    )
    .into_bytes()
}

fn certificate(index: usize) -> serde_json::Value {
    serde_json::json!({
        "profile": {"id": "b7a4b0a1-8d7c-4d41-9d0c-26f4a9d5a111", "name": "Devices"},
        "seat": {"seat_id": format!("device-{index}"), "seat_name": "A device", "email": "device@example.com"},
        "account": {"id": "3fae1d53-1c2d-4f0a-8a4d-0c9e3d2f4b55"},
        "business_unit": {"id": "96f4bbd3-6b2b-4f9d-93a4-1f2d7e1c9a10", "name": "Production"},
        "common_name": format!("device-{index}.example.com"),
        "status": "issued",
        "serial_number": format!("{index:040X}"),
        "valid_from": "2026-01-01T00:00:00Z",
        "valid_to": "2027-01-01T00:00:00Z",
        "thumbprint": "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e1d3f5b7a9c1e3d5f7b9a1c3e5d7f9b1a",
        "notes": "created by the benchmark"
    })
}
