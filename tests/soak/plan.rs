//! The fault that is injected into each request, and the expected outcome of each call. The server and the client both
//! compute these from the number of the call.

use pki_clients::runtime::ErrorKind::{self, Decode, Status, Timeout, TooLarge, Transport};

use crate::responses::{
    Within, busy, certificate, close, endless_body, json, of_length, redirect, reset, response, stall, status,
};
use crate::server::Step::{self, Forever, Write};

/// The number of requests per thousand into which a fault is injected.
const FAULTS: u64 = 50;

/// The number of calls per thousand whose connection is refused.
const REFUSED: u64 = 2;

/// The maximum number of attempts of a call.
pub const ATTEMPTS: u32 = 3;

/// A fault that the server injects into a request, and the expected effects.
pub struct Fault {
    pub name: &'static str,
    /// Returns the steps with which the server causes the fault, given the number of the call.
    pub steps: fn(u64) -> Vec<Step>,
    /// Whether the server counts a POST as processed although it injects the fault.
    pub done: bool,
    /// The error of the call, if the request is not retried.
    pub error: ErrorKind,
    pub get: Reaction,
    pub post: Reaction,
}

/// The expected reaction of the client to a fault.
#[derive(Clone, Copy, PartialEq)]
pub enum Reaction {
    /// The client makes another attempt, if any are left.
    Retry,
    /// The client follows a redirect within the same attempt.
    Follow,
    /// The call fails with the error.
    Fail,
}

/// Returns a fault after which only a GET is retried.
const fn retried_if_safe(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Reaction::Retry, post: Reaction::Fail }
}

/// Returns a fault after which nothing is retried.
const fn never_retried(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Reaction::Fail, post: Reaction::Fail }
}

/// All faults that the server injects.
pub const KINDS: &[Fault] = &[
    retried_if_safe("resets before the response", |_| reset(Within::Nothing), Transport),
    retried_if_safe("resets within the headers", |_| reset(Within::Headers), Transport),
    retried_if_safe("resets within the body", |_| reset(Within::Body), Transport),
    retried_if_safe("closes before the response", |_| close(Within::Nothing), Transport),
    retried_if_safe("announces too much", |_| close(Within::Body), Transport),
    retried_if_safe("stalls before the response", |_| stall(Within::Nothing), Timeout),
    retried_if_safe("stalls within the headers", |_| stall(Within::Headers), Timeout),
    retried_if_safe("stalls within the body", |_| stall(Within::Body), Timeout),
    retried_if_safe(
        "never ends its headers",
        |_| vec![Write("HTTP/1.1 200 OK\r\na: ".to_owned()), Forever("b".to_owned())],
        Transport,
    ),
    retried_if_safe(
        "an invalid status line",
        |_| vec![Write("HTTP/1.1 OK\r\n\r\n".to_owned()), Step::Stall],
        Transport,
    ),
    retried_if_safe(
        "sends 502 as HTML",
        |_| vec![response("502 Bad Gateway", "content-type: text/html\r\n", "<html>")],
        Status,
    ),
    retried_if_safe("sends 503", |_| busy("503 Service Unavailable", "0"), Status),
    never_retried("truncates its JSON", |_| vec![json(r#"{"serial_number":"0"#)], Decode),
    never_retried("announces too little", |call| vec![of_length(9, &certificate(&call.to_string()))], Decode),
    never_retried("sends HTML for JSON", |_| vec![response("200 OK", "content-type: text/html\r\n", "<html>")], Decode),
    never_retried("never ends its body", |_| endless_body("200 OK", "", " "), TooLarge),
    never_retried("sends 500", |_| status("500 Internal Server Error"), Status),
    never_retried("303 elsewhere", |_| redirect("303 See Other", "http://127.0.0.2:9/x"), Status),
    Fault {
        done: false,
        post: Reaction::Retry,
        ..retried_if_safe("sends 429", |_| busy("429 Too Many Requests", "0"), Status)
    },
    Fault {
        done: false,
        get: Reaction::Follow,
        post: Reaction::Follow,
        ..retried_if_safe("307 to itself", |_| redirect("307 Temporary Redirect", ""), Status)
    },
];

/// Returns whether a call is a POST.
pub fn is_post(call: u64) -> bool {
    call % 2 == 1
}

/// Returns whether the connection of a call is refused.
pub fn is_refused(call: u64) -> bool {
    hash(call) % 1000 < REFUSED
}

/// Returns the fault to inject into a request of a call, if any. `request` is the number of requests of the call before
/// this one.
pub fn fault(call: u64, request: u8) -> Option<&'static Fault> {
    let random = hash(call.wrapping_mul(256) + u64::from(request) + 1);
    let met = random % 1000 < FAULTS;
    KINDS.get((random / 1000 % KINDS.len() as u64) as usize).filter(|_| met)
}

/// Returns the expected error of a call, or `None` if the call should succeed.
pub fn outcome(call: u64) -> Option<ErrorKind> {
    let mut attempts = 1;
    for request in 0.. {
        let fault = fault(call, request)?;
        match if is_post(call) { fault.post } else { fault.get } {
            Reaction::Follow => {}
            Reaction::Retry if attempts < ATTEMPTS => attempts += 1,
            Reaction::Retry | Reaction::Fail => return Some(fault.error),
        }
    }
    None
}

/// Hashes a number with the finalizer of MurmurHash3, so that the faults of successive calls follow no pattern.
fn hash(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}
