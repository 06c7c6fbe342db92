//! Which calls meet which faults, and what must come of each call: known to the server and the client alike, by the call's
//! number alone.

use pki_clients::runtime::ErrorKind::{self, Decode, Status, Timeout, TooLarge, Transport};

use crate::answers::{
    Within, answer, busy, certificate, close, endless_body, json, of_length, redirect, reset, stall, status,
};
use crate::server::Step::{self, Forever, Write};

/// How many requests in a thousand meet a fault.
const FAULTS: u64 = 50;

/// How many calls in a thousand find nobody listening.
const REFUSED: u64 = 2;

/// How often the clients of the soak send a request.
pub const ATTEMPTS: u32 = 3;

/// A fault.
pub struct Fault {
    pub name: &'static str,
    /// What the server does, knowing the number of the call.
    pub steps: fn(u64) -> Vec<Step>,
    /// Whether the server does what a POST asks for before that, as far as anybody knows.
    pub done: bool,
    /// The error, where it is the last attempt.
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

/// What is sent again by GET alone.
const fn breaks(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Then::Again, post: Then::End }
}

/// What is never sent again.
const fn ends(name: &'static str, steps: fn(u64) -> Vec<Step>, error: ErrorKind) -> Fault {
    Fault { name, steps, done: true, error, get: Then::End, post: Then::End }
}

/// All kinds that the server knows.
pub const KINDS: &[Fault] = &[
    breaks("resets before the answer", |_| reset(Within::Nothing), Transport),
    breaks("resets within the headers", |_| reset(Within::Headers), Transport),
    breaks("resets within the body", |_| reset(Within::Body), Transport),
    breaks("closes before the answer", |_| close(Within::Nothing), Transport),
    breaks("promises too much", |_| close(Within::Body), Transport),
    breaks("stalls before the answer", |_| stall(Within::Nothing), Timeout),
    breaks("stalls within the headers", |_| stall(Within::Headers), Timeout),
    breaks("stalls within the body", |_| stall(Within::Body), Timeout),
    breaks(
        "never ends its headers",
        |_| vec![Write("HTTP/1.1 200 OK\r\na: ".to_owned()), Forever("b".to_owned())],
        Transport,
    ),
    breaks("an invalid status line", |_| vec![Write("HTTP/1.1 OK\r\n\r\n".to_owned()), Step::Stall], Transport),
    breaks("sends 502 as HTML", |_| vec![answer("502 Bad Gateway", "content-type: text/html\r\n", "<html>")], Status),
    breaks("sends 503", |_| busy("503 Service Unavailable", "0"), Status),
    ends("truncates its JSON", |_| vec![json(r#"{"serial_number":"0"#)], Decode),
    ends("promises too little", |call| vec![of_length(9, &certificate(&call.to_string()))], Decode),
    ends("sends HTML for JSON", |_| vec![answer("200 OK", "content-type: text/html\r\n", "<html>")], Decode),
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

/// Whether a call is a POST.
pub fn is_post(call: u64) -> bool {
    call % 2 == 1
}

/// Whether a call finds nobody listening.
pub fn is_refused(call: u64) -> bool {
    mixed(call) % 1000 < REFUSED
}

/// The fault that the request of this number of a call meets, if any.
pub fn fault(call: u64, request: u8) -> Option<&'static Fault> {
    let random = mixed(call.wrapping_mul(256) + u64::from(request) + 1);
    let met = random % 1000 < FAULTS;
    KINDS.get((random / 1000 % KINDS.len() as u64) as usize).filter(|_| met)
}

/// The error that a call must end in, of those that the server knows; `None` for the answer.
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

/// A number without a pattern, of one with it: the finalizer of MurmurHash3.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}
