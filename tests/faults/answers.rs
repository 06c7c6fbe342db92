//! Valid and invalid responses to write.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::server::Step::{self, Close, Forever, Reset, Stall, Write};

/// Returns the JSON that operations of the tests respond with: a certificate with this serial number.
pub fn certificate(serial_number: &str) -> String {
    format!(r#"{{"serial_number":"{serial_number}"}}"#)
}

/// Returns a response with its `Content-Length`.
pub fn response(status: &str, headers: &str, body: &str) -> Step {
    Write(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// Returns the correct response.
pub fn ok(serial_number: &str) -> Vec<Step> {
    vec![json(&certificate(serial_number))]
}

/// Returns a successful response with this JSON.
pub fn json(body: &str) -> Step {
    response("200 OK", "content-type: application/json\r\n", body)
}

/// Returns a successful response with this `Content-Length`, whatever the length of its body.
pub fn of_length(length: usize, body: &str) -> Step {
    Write(format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"))
}

/// Returns an error without a body.
pub fn status(status: &str) -> Vec<Step> {
    vec![response(status, "", "")]
}

/// Returns an error with `Retry-After`.
pub fn busy(status: &str, retry_after: &str) -> Vec<Step> {
    vec![response(status, &format!("retry-after: {retry_after}\r\n"), "")]
}

/// Returns a redirect.
pub fn redirect(status: &str, location: &str) -> Vec<Step> {
    vec![response(status, &format!("location: {location}\r\n"), "")]
}

/// The part of a response after which the server stops.
#[derive(Debug, Clone, Copy)]
pub enum Within {
    Nothing,
    Headers,
    Body,
}

/// Returns a correct response up to this part.
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

/// Returns an endless body with this header.
pub fn endless_body(status: &str, framing: &str, piece: &str) -> Vec<Step> {
    vec![
        Write(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{framing}\r\n")),
        Forever(piece.to_owned()),
    ]
}

/// Returns the HTTP date this many seconds from now, and a `Date` header with the current time.
pub fn date_in(seconds: u64) -> String {
    let at = SystemTime::now() + Duration::from_secs(seconds);
    let at = jiff::Timestamp::from_second(at.duration_since(UNIX_EPOCH).unwrap().as_secs() as i64).unwrap();
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
