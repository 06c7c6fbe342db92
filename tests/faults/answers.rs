//! Answers to write, right ones and wrong ones.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::server::Step::{self, Close, Forever, Reset, Stall, Write};

/// What operations of the tests answer with: a certificate of this serial number.
pub fn certificate(serial_number: &str) -> String {
    format!(r#"{{"serial_number":"{serial_number}"}}"#)
}

/// An answer with its length.
pub fn answer(status: &str, headers: &str, body: &str) -> Step {
    Write(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// The right answer.
pub fn ok(serial_number: &str) -> Vec<Step> {
    vec![json(&certificate(serial_number))]
}

/// A successful answer of this JSON.
pub fn json(body: &str) -> Step {
    answer("200 OK", "content-type: application/json\r\n", body)
}

/// A successful answer whose `Content-Length` is this, whatever its body is.
pub fn of_length(length: usize, body: &str) -> Step {
    Write(format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"))
}

/// An error without a body.
pub fn status(status: &str) -> Vec<Step> {
    vec![answer(status, "", "")]
}

/// An error with `Retry-After`.
pub fn busy(status: &str, retry_after: &str) -> Vec<Step> {
    vec![answer(status, &format!("retry-after: {retry_after}\r\n"), "")]
}

/// A redirect.
pub fn redirect(status: &str, location: &str) -> Vec<Step> {
    vec![answer(status, &format!("location: {location}\r\n"), "")]
}

/// The part of an answer after which the server stops.
#[derive(Debug, Clone, Copy)]
pub enum Within {
    Nothing,
    Headers,
    Body,
}

/// A good answer up to there.
fn begun(within: Within) -> Vec<Step> {
    match within {
        Within::Nothing => Vec::new(),
        Within::Headers => vec![Write("HTTP/1.1 200 OK\r\ncontent-type: applic".to_owned())],
        Within::Body => vec![of_length(100, r#"{"serial_number":"#)],
    }
}

pub fn reset(within: Within) -> Vec<Step> {
    [begun(within), vec![Reset]].concat()
}

pub fn close(within: Within) -> Vec<Step> {
    [begun(within), vec![Close]].concat()
}

pub fn stall(within: Within) -> Vec<Step> {
    [begun(within), vec![Stall]].concat()
}

/// A body without an end, announced as this.
pub fn endless_body(status: &str, framing: &str, piece: &str) -> Vec<Step> {
    vec![
        Write(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{framing}\r\n")),
        Forever(piece.to_owned()),
    ]
}

/// The time so many seconds from now, as HTTP writes it, and the headers that say when it is now.
pub fn date_in(seconds: u64) -> String {
    let at = SystemTime::now() + Duration::from_secs(seconds);
    let at = jiff::Timestamp::from_second(at.duration_since(UNIX_EPOCH).unwrap().as_secs() as i64).unwrap();
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
