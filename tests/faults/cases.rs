//! The injected faults, and the expected outcome of a GET and a POST for each.

use std::net::SocketAddr;
use std::time::Duration;

use pki_clients::runtime::ErrorKind::{self, Decode, Status, Timeout, TooLarge, Transport};

use super::responses::{
    Within, at_once, busy, certificate, close, date_in, endless_body, json, of_length, ok, redirect, reset, response,
    stall, status,
};
use super::server::Request;
use super::server::Step::{self, Arrival, Close, Drip, Forever, Reset, Stall, Write};

/// The timeout of an attempt.
pub const ATTEMPT: Duration = Duration::from_secs(1);

/// The connect timeout.
pub const CONNECT: Duration = Duration::from_millis(500);

/// The client's size limit for response bodies, in bytes.
pub const LIMIT: u64 = 64 * 1024;

/// A fault, and the expected outcome of a GET and a POST.
pub struct Case {
    pub name: &'static str,
    pub fault: Fault,
    pub get: Expected,
    pub post: Expected,
}

/// The point at which the fault occurs.
pub enum Fault {
    /// The server refuses the connection.
    Refused,
    /// The server runs these steps on each connection, before it reads a request.
    Accepted(Vec<Step>),
    /// Like `Accepted`, with a client that uses TLS.
    Handshake(Vec<Step>),
    /// The server runs these steps after it has read a request.
    Response(Respond),
    /// Like `Response`, but the connection has carried another request before.
    Reused(Respond),
}

pub type Respond = Box<dyn Fn(&Request) -> Vec<Step> + Send + Sync>;

/// The expected outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The number of requests that arrive, including redirects.
    pub requests: usize,
    /// The kind of the error; `None` if the call succeeds.
    pub kind: Option<ErrorKind>,
    pub attempts: u32,
    pub status: Option<u16>,
    pub may_have_been_sent: bool,
    pub is_retryable: bool,
    /// The minimum duration of the call.
    pub at_least: Duration,
}

/// Expects that the call succeeds with this many requests.
fn success(requests: usize) -> Expected {
    let at_least = Duration::ZERO;
    let (kind, status) = (None, None);
    Expected { requests, kind, attempts: 0, status, may_have_been_sent: true, is_retryable: false, at_least }
}

/// Expects this error after one request, which arrived and must not be retried.
fn error(kind: ErrorKind) -> Expected {
    Expected { kind: Some(kind), attempts: 1, ..success(1) }
}

impl Expected {
    fn requests(self, requests: usize) -> Self {
        Self { requests, ..self }
    }

    fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    fn at_least(self, at_least: Duration) -> Self {
        Self { at_least, ..self }
    }

    fn retryable(self) -> Self {
        Self { is_retryable: true, ..self }
    }

    /// Expects three attempts instead of one, because the request may be retried.
    fn thrice(self) -> Self {
        let Self { requests, at_least, .. } = self;
        Self { requests: 3 * requests, attempts: 3, is_retryable: true, at_least: 3 * at_least, ..self }
    }

    fn unsent(self) -> Self {
        Self { requests: 0, may_have_been_sent: false, ..self }
    }
}

fn in_response(respond: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Fault {
    Fault::Response(Box::new(respond))
}

/// Returns a fault that runs these steps for the first request, and sends valid responses to later requests.
fn fault_then_success(first: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Fault {
    in_response(move |request| if request.number == 0 { first() } else { ok("01") })
}

/// Creates a case in which a GET is sent three times and a POST once, both with the same error.
fn once_or_thrice(name: &'static str, fault: Fault, expected: Expected) -> Case {
    Case { name, fault, get: expected.thrice(), post: expected }
}

/// Creates a case with the same expected outcome for GET and POST.
fn both(name: &'static str, fault: Fault, expected: Expected) -> Case {
    Case { name, fault, get: expected, post: expected }
}

/// Returns all cases. `elsewhere` is the address of another server, which redirects point to.
pub fn all(elsewhere: SocketAddr) -> Vec<Case> {
    [
        connections(),
        broken_connections(),
        invalid_responses(),
        endless(),
        busy_servers(),
        redirects(elsewhere),
        invalid_http(),
        reused_connections(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the cases in which the fault occurs before the server has read a request.
fn connections() -> Vec<Case> {
    let unsent = error(Transport).unsent().thrice();
    let late = error(Timeout).unsent().at_least(CONNECT).thrice();
    vec![
        both("refuses the connection", Fault::Refused, unsent),
        both("resets in the TLS handshake", Fault::Handshake(vec![Arrival, Reset]), unsent),
        both(
            "speaks no TLS",
            Fault::Handshake(vec![Write("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned()), Close]),
            unsent,
        ),
        both("stalls in the TLS handshake", Fault::Handshake(vec![Stall]), late),
        once_or_thrice("resets, reads nothing", Fault::Accepted(vec![Arrival, Reset]), error(Transport).requests(0)),
        once_or_thrice(
            "stalls, reads nothing",
            Fault::Accepted(vec![Stall]),
            error(Timeout).requests(0).at_least(ATTEMPT),
        ),
    ]
}

/// Returns the cases in which the connection breaks or stalls after the request has arrived, so that the outcome of the
/// request is unknown.
fn broken_connections() -> Vec<Case> {
    let (broken, late) = (error(Transport), error(Timeout).at_least(ATTEMPT));
    vec![
        once_or_thrice("resets before the response", in_response(|_| reset(Within::Nothing)), broken),
        once_or_thrice("resets within the headers", in_response(|_| reset(Within::Headers)), broken),
        once_or_thrice("resets within the body", in_response(|_| reset(Within::Body)), broken.status(200)),
        once_or_thrice("closes before the response", in_response(|_| close(Within::Nothing)), broken),
        once_or_thrice("closes within the headers", in_response(|_| close(Within::Headers)), broken),
        once_or_thrice("stalls before the response", in_response(|_| stall(Within::Nothing)), late),
        once_or_thrice("stalls within the headers", in_response(|_| stall(Within::Headers)), late),
        once_or_thrice("stalls within the body", in_response(|_| stall(Within::Body)), late.status(200)),
        both(
            "stalls within the body of a 404",
            in_response(|_| vec![Write("HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nno".to_owned()), Stall]),
            error(Status).status(404).at_least(ATTEMPT),
        ),
    ]
}

/// Returns the cases with responses whose framing or headers are invalid.
fn invalid_responses() -> Vec<Case> {
    let undecoded = error(Decode).status(200);
    let html = || "<html><body>Sign in</body></html>";
    vec![
        both("truncates its JSON", in_response(|_| vec![json(r#"{"serial_number":"0"#)]), undecoded),
        both("announces too little", in_response(|_| vec![of_length(9, &certificate("01"))]), undecoded),
        once_or_thrice("announces too much", in_response(|_| close(Within::Body)), error(Transport).status(200)),
        both(
            "sends HTML for JSON",
            in_response(move |_| vec![response("200 OK", "content-type: text/html\r\n", html())]),
            undecoded,
        ),
        once_or_thrice(
            "sends 502 as HTML",
            in_response(move |_| vec![response("502 Bad Gateway", "content-type: text/html\r\n", html())]),
            error(Status).status(502),
        ),
        both(
            "sends gzip unasked",
            in_response(|_| {
                vec![response(
                    "200 OK",
                    "content-type: application/json\r\ncontent-encoding: gzip\r\n",
                    "\u{1f}\u{8b}\u{8}",
                )]
            }),
            undecoded,
        ),
        both(
            "sends 204 with a body",
            in_response(|_| vec![response("204 No Content", "content-type: application/json\r\n", &certificate("02"))]),
            undecoded.status(204),
        ),
        // In one write each: a response that arrives after the next request cannot be told from the response to it.
        both("sends two responses", in_response(|_| at_once([ok("01"), ok("02")].concat())), success(1)),
        both(
            "sends a response and garbage",
            in_response(|_| at_once([ok("01"), vec![Write("garbage".to_owned())]].concat())),
            success(1),
        ),
        both("sends 500", in_response(|_| status("500 Internal Server Error")), error(Status).status(500)),
    ]
}

/// Returns the cases with responses that never end.
fn endless() -> Vec<Case> {
    let large = error(TooLarge).status(200);
    let chunked = "transfer-encoding: chunked\r\n";
    vec![
        both("never ends its body", in_response(|_| endless_body("200 OK", "", " ")), large),
        both(
            "never ends its chunks",
            in_response(move |_| endless_body("200 OK", chunked, &format!("3e8\r\n{:1000}\r\n", ""))),
            large,
        ),
        both(
            "never ends the body of a 400",
            in_response(move |_| endless_body("400 Bad Request", chunked, &format!("3e8\r\n{:1000}\r\n", ""))),
            error(Status).status(400),
        ),
        once_or_thrice(
            "never ends a chunk's extension",
            in_response(move |_| endless_body("200 OK", chunked, "1;a=a")),
            error(Transport).status(200),
        ),
        once_or_thrice(
            "never ends its trailers",
            in_response(|_| {
                vec![
                    Write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n".to_owned()),
                    Forever("a: b\r\n".to_owned()),
                ]
            }),
            error(Transport).status(200),
        ),
        once_or_thrice(
            "never ends its headers",
            in_response(|_| vec![Write("HTTP/1.1 200 OK\r\n".to_owned()), Forever("a: b\r\n".to_owned())]),
            error(Transport),
        ),
        once_or_thrice(
            "never ends one header",
            in_response(|_| vec![Write("HTTP/1.1 200 OK\r\na: ".to_owned()), Forever("b".to_owned())]),
            error(Transport),
        ),
        once_or_thrice(
            "never ends its 103s",
            in_response(|_| vec![Forever("HTTP/1.1 103 Early Hints\r\n\r\n".to_owned())]),
            error(Timeout).at_least(ATTEMPT),
        ),
        once_or_thrice(
            "drips its body",
            in_response(|_| vec![of_length(60_000, ""), Drip(" ".to_owned(), Duration::from_millis(50))]),
            error(Timeout).status(200).at_least(ATTEMPT),
        ),
    ]
}

/// Returns the cases with statuses such as 429 and 503, with and without `Retry-After`.
fn busy_servers() -> Vec<Case> {
    let second = Duration::from_secs(1);
    let unavailable = error(Status).status(503);
    let many = error(Status).status(429).retryable();
    vec![
        both(
            "429, retry after 1 s",
            fault_then_success(|| busy("429 Too Many Requests", "1")),
            success(2).at_least(second),
        ),
        // HTTP dates have a resolution of one second, so a date 2 s from now is at least 1 s away.
        both(
            "429, retry at a time",
            fault_then_success(|| busy("429 Too Many Requests", &date_in(2))),
            success(2).at_least(second),
        ),
        both("429, retry after an hour", fault_then_success(|| busy("429 Too Many Requests", "3600")), many),
        both(
            "429, retry at a time in an hour",
            fault_then_success(|| busy("429 Too Many Requests", &date_in(3600))),
            many,
        ),
        Case {
            name: "503, retry after 1 s",
            fault: fault_then_success(|| busy("503 Service Unavailable", "1")),
            get: success(2).at_least(second),
            post: unavailable,
        },
        Case {
            name: "503, retry at a time",
            fault: fault_then_success(|| busy("503 Service Unavailable", &date_in(2))),
            get: success(2).at_least(second),
            post: unavailable,
        },
        Case {
            name: "503, retry after an hour",
            fault: fault_then_success(|| busy("503 Service Unavailable", "3600")),
            get: unavailable.retryable(),
            post: unavailable,
        },
        Case {
            name: "503, retry at a time in an hour",
            fault: fault_then_success(|| busy("503 Service Unavailable", &date_in(3600))),
            get: unavailable.retryable(),
            post: unavailable,
        },
        both("always 429", in_response(|_| status("429 Too Many Requests")), error(Status).status(429).thrice()),
        once_or_thrice("always 503", in_response(|_| status("503 Service Unavailable")), unavailable),
        once_or_thrice("always 504", in_response(|_| status("504 Gateway Timeout")), error(Status).status(504)),
        once_or_thrice("always 408", in_response(|_| status("408 Request Timeout")), error(Status).status(408)),
    ]
}

/// Returns the cases with redirects, within the server and to the address `elsewhere`.
fn redirects(elsewhere: SocketAddr) -> Vec<Case> {
    let within = |status: &'static str| fault_then_success(move || redirect(status, "/elsewhere/within?a=b"));
    let away =
        move |status: &'static str| in_response(move |_| redirect(status, &format!("http://{elsewhere}/x?token=1")));
    let found = error(Status).status(302);
    let temporary = error(Status).status(307);
    vec![
        Case {
            name: "302 to itself",
            fault: in_response(|_| redirect("302 Found", "")),
            get: found.requests(11),
            post: found,
        },
        both("307 to itself", in_response(|_| redirect("307 Temporary Redirect", "")), temporary.requests(11)),
        Case { name: "302 within the origin", fault: within("302 Found"), get: success(2), post: found },
        both("307 within the origin", within("307 Temporary Redirect"), success(2)),
        both("303 within the origin", within("303 See Other"), success(2)),
        both("302 elsewhere", away("302 Found"), found),
        both("307 elsewhere", away("307 Temporary Redirect"), temporary),
        both("303 elsewhere", away("303 See Other"), error(Status).status(303)),
    ]
}

/// Returns the cases with invalid or unusual HTTP responses.
fn invalid_http() -> Vec<Case> {
    let wrong = |text: &'static str| in_response(move |_| vec![Write(text.to_owned()), Stall]);
    vec![
        both(
            "100 and 103 before the response",
            in_response(|_| {
                let hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".to_owned();
                [vec![Write(hints)], ok("01")].concat()
            }),
            success(1),
        ),
        both(
            "switches protocols unasked",
            wrong("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
            error(Status).status(101),
        ),
        once_or_thrice(
            "two different Content-Lengths",
            wrong("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x"),
            error(Transport),
        ),
        once_or_thrice(
            "a negative Content-Length",
            wrong("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}"),
            error(Transport),
        ),
        once_or_thrice(
            "a chunk without a size",
            wrong("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n"),
            error(Transport).status(200),
        ),
        once_or_thrice("an invalid status line", wrong("HTTP/1.1 OK\r\n\r\n"), error(Transport)),
        once_or_thrice(
            "a status of two digits",
            wrong("HTTP/1.1 99 Low\r\ncontent-length: 0\r\n\r\n"),
            error(Transport),
        ),
        once_or_thrice("another protocol", wrong("220 mail.example ESMTP ready\r\n"), error(Transport)),
        once_or_thrice(
            "an invalid header line",
            wrong("HTTP/1.1 200 OK\r\nno colon here\r\ncontent-length: 2\r\n\r\n{}"),
            error(Transport),
        ),
    ]
}

/// Returns the cases in which the fault occurs on a reused connection.
fn reused_connections() -> Vec<Case> {
    vec![
        Case {
            name: "closes a kept connection, no response",
            fault: Fault::Reused(Box::new(
                |request| if request.connection == 0 { close(Within::Nothing) } else { ok("01") },
            )),
            get: success(2),
            post: error(Transport),
        },
        Case {
            name: "resets a kept connection, no response",
            fault: Fault::Reused(Box::new(
                |request| if request.connection == 0 { reset(Within::Nothing) } else { ok("01") },
            )),
            get: success(2),
            post: error(Transport),
        },
    ]
}
