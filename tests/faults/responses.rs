//! Steps of a server that write valid and invalid responses.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::server::Step::{self, Close, Forever, Reset, Stall, Write};

/// Returns the response body of the operations that the tests call: the JSON of a certificate with this serial number.
pub fn certificate(serial_number: &str) -> String {
    format!(r#"{{"serial_number":"{serial_number}"}}"#)
}

/// Returns a response with these header lines and the `Content-Length` of its body.
pub fn response(status: &str, headers: &str, body: &str) -> Step {
    Write(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// Returns a valid response: a certificate with this serial number.
pub fn ok(serial_number: &str) -> Vec<Step> {
    vec![json(&certificate(serial_number))]
}

/// Joins writes, so that the client receives their text at once.
pub fn at_once(writes: Vec<Step>) -> Vec<Step> {
    let text = |step| match step {
        Write(text) => text,
        other => panic!("{other:?} is not a write"),
    };
    vec![Write(writes.into_iter().map(text).collect())]
}

/// Returns a response with status 200 and this JSON body.
pub fn json(body: &str) -> Step {
    response("200 OK", "content-type: application/json\r\n", body)
}

/// Returns a response with status 200 and this `Content-Length`, which may differ from the length of the body.
pub fn of_length(length: usize, body: &str) -> Step {
    Write(format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"))
}

/// Returns a response with this status and no body.
pub fn status(status: &str) -> Vec<Step> {
    vec![response(status, "", "")]
}

/// Returns a response with this status, `Retry-After` and no body.
pub fn busy(status: &str, retry_after: &str) -> Vec<Step> {
    vec![response(status, &format!("retry-after: {retry_after}\r\n"), "")]
}

/// Returns a redirect with this status and `Location`.
pub fn redirect(status: &str, location: &str) -> Vec<Step> {
    vec![response(status, &format!("location: {location}\r\n"), "")]
}

/// The point within a response at which the server stops writing.
#[derive(Debug, Clone, Copy)]
pub enum Within {
    Nothing,
    Headers,
    Body,
}

/// Returns a valid response up to this point.
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

/// Returns a response with this header line whose body repeats `piece` endlessly.
pub fn endless_body(status: &str, framing: &str, piece: &str) -> Vec<Step> {
    vec![
        Write(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{framing}\r\n")),
        Forever(piece.to_owned()),
    ]
}

/// Returns the HTTP date this many seconds from now, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn date_in(seconds: u64) -> String {
    let at = SystemTime::now() + Duration::from_secs(seconds);
    let at = jiff::Timestamp::from_second(at.duration_since(UNIX_EPOCH).unwrap().as_secs() as i64).unwrap();
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
