//! Plans which calls meet which faults, and the expected outcome of each call. The server and the client compute it
//! from the number of the call.

use pki_clients::runtime::ErrorKind::{self, Decode, Status, Timeout, TooLarge, Transport};

use crate::answers::{
    Within, busy, certificate, close, endless_body, json, of_length, redirect, reset, response, stall, status,
};
use crate::server::Step::{self, Forever, Write};

/// The number of requests in a thousand that meet a fault.
const FAULTS: u64 = 50;

/// The number of calls in a thousand whose connection is refused.
const REFUSED: u64 = 2;

/// The maximum number of attempts of the clients of the soak test.
pub const ATTEMPTS: u32 = 3;

/// A fault.
pub struct Fault {
    pub name: &'static str,
    /// The steps of the server, from the number of the call.
    pub steps: fn(u64) -> Vec<Step>,
    /// Whether the server may have processed a POST before the fault.
    pub done: bool,
    /// The error if this is the last attempt.
    pub error: ErrorKind,
    pub get: Then,
    pub post: Then,
}

/// What follows a fault.
#[derive(Clone, Copy, PartialEq)]
pub enum Then {
    /// Another attempt.
    Again,
    /// Another request of the same attempt.
    Follow,
    /// The error.
    End,
}

/// Returns a fault after which only a GET is retried.
const fn breaks(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Then::Again, post: Then::End }
}

/// Returns a fault after which nothing is retried.
const fn ends(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Then::End, post: Then::End }
}

/// All kinds of faults of the server.
pub const KINDS: &[Fault] = &[
    breaks("resets before the response", |_| reset(Within::Nothing), Transport),
    breaks("resets within the headers", |_| reset(Within::Headers), Transport),
    breaks("resets within the body", |_| reset(Within::Body), Transport),
    breaks("closes before the response", |_| close(Within::Nothing), Transport),
    breaks("announces too much", |_| close(Within::Body), Transport),
    breaks("stalls before the response", |_| stall(Within::Nothing), Timeout),
    breaks("stalls within the headers", |_| stall(Within::Headers), Timeout),
    breaks("stalls within the body", |_| stall(Within::Body), Timeout),
    breaks(
        "never ends its headers",
        |_| vec![Write("HTTP/1.1 200 OK\r\na: ".to_owned()), Forever("b".to_owned())],
        Transport,
    ),
    breaks("an invalid status line", |_| vec![Write("HTTP/1.1 OK\r\n\r\n".to_owned()), Step::Stall], Transport),
    breaks("sends 502 as HTML", |_| vec![response("502 Bad Gateway", "content-type: text/html\r\n", "<html>")], Status),
    breaks("sends 503", |_| busy("503 Service Unavailable", "0"), Status),
    ends("truncates its JSON", |_| vec![json(r#"{"serial_number":"0"#)], Decode),
    ends("announces too little", |call| vec![of_length(9, &certificate(&call.to_string()))], Decode),
    ends("sends HTML for JSON", |_| vec![response("200 OK", "content-type: text/html\r\n", "<html>")], Decode),
    ends("never ends its body", |_| endless_body("200 OK", "", " "), TooLarge),
    ends("sends 500", |_| status("500 Internal Server Error"), Status),
    ends("303 elsewhere", |_| redirect("303 See Other", "http://127.0.0.2:9/x"), Status),
    Fault { done: false, post: Then::Again, ..breaks("sends 429", |_| busy("429 Too Many Requests", "0"), Status) },
    Fault {
        done: false,
        get: Then::Follow,
        post: Then::Follow,
        ..breaks("307 to itself", |_| redirect("307 Temporary Redirect", ""), Status)
    },
];

/// Returns whether a call is a POST.
pub fn is_post(call: u64) -> bool {
    call % 2 == 1
}

/// Returns whether the connection of a call is refused.
pub fn is_refused(call: u64) -> bool {
    mixed(call) % 1000 < REFUSED
}

/// Returns the fault that a request of a call meets, if any.
pub fn fault(call: u64, request: u8) -> Option<&'static Fault> {
    let random = mixed(call.wrapping_mul(256) + u64::from(request) + 1);
    let met = random % 1000 < FAULTS;
    KINDS.get((random / 1000 % KINDS.len() as u64) as usize).filter(|_| met)
}

/// Returns the expected error of a call; `None` for a response.
pub fn outcome(call: u64) -> Option<ErrorKind> {
    let mut attempts = 1;
    for request in 0.. {
        let fault = fault(call, request)?;
        match if is_post(call) { fault.post } else { fault.get } {
            Then::Follow => {}
            Then::Again if attempts < ATTEMPTS => attempts += 1,
            Then::Again | Then::End => return Some(fault.error),
        }
    }
    None
}

/// Hashes a number with the finalizer of MurmurHash3, to remove patterns.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}
