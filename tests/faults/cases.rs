//! The faults of the table, and what a GET and a POST must make of each.

use std::net::SocketAddr;
use std::time::Duration;

use pki_clients::runtime::ErrorKind::{self, Decode, Status, Timeout, TooLarge, Transport};

use crate::answers::{
    Within, answer, busy, certificate, close, date_in, endless_body, json, of_length, ok, redirect, reset, stall,
    status,
};
use crate::server::Request;
use crate::server::Step::{self, Arrival, Close, Drip, Forever, Reset, Stall, Write};

/// The limit of time of an attempt.
pub const ATTEMPT: Duration = Duration::from_secs(1);

/// The limit of time of a connection.
pub const CONNECT: Duration = Duration::from_millis(500);

/// The most that the client reads.
pub const LIMIT: u64 = 64 * 1024;

/// A fault, and what must come of it.
pub struct Case {
    pub name: &'static str,
    pub fault: Fault,
    pub get: Expected,
    pub post: Expected,
}

/// Where it strikes.
pub enum Fault {
    /// Nobody listens.
    Refused,
    /// This is done to each connection before anything is read of it.
    Accepted(Vec<Step>),
    /// The same, where the client wants TLS.
    Handshake(Vec<Step>),
    /// This is the answer to a request.
    Answered(Answers),
    /// The same, after another request on the same connection.
    Reused(Answers),
}

pub type Answers = Box<dyn Fn(&Request) -> Vec<Step> + Send + Sync>;

/// What must come of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// How many requests arrive, those of redirects included.
    pub requests: usize,
    /// The kind of the error; `None` for the right answer.
    pub kind: Option<ErrorKind>,
    pub attempts: u32,
    pub status: Option<u16>,
    pub may_have_been_sent: bool,
    pub is_retryable: bool,
    /// How long it takes at least.
    pub at_least: Duration,
}

/// The right answer after so many requests.
fn right(requests: usize) -> Expected {
    let at_least = Duration::ZERO;
    let (kind, status) = (None, None);
    Expected { requests, kind, attempts: 0, status, may_have_been_sent: true, is_retryable: false, at_least }
}

/// This error, after one attempt that arrived and must not be repeated.
fn error(kind: ErrorKind) -> Expected {
    Expected { kind: Some(kind), attempts: 1, ..right(1) }
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

    /// The same after three attempts, as of a request that may be sent again.
    fn thrice(self) -> Self {
        let Self { requests, at_least, .. } = self;
        Self { requests: 3 * requests, attempts: 3, is_retryable: true, at_least: 3 * at_least, ..self }
    }

    fn unsent(self) -> Self {
        Self { requests: 0, may_have_been_sent: false, ..self }
    }
}

fn answered(answers: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Fault {
    Fault::Answered(Box::new(answers))
}

/// This first, then the right answer.
fn at_first(first: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Fault {
    answered(move |request| if request.number == 0 { first() } else { ok("01") })
}

/// A case whose GET is tried three times and whose POST once, with the same error.
fn once_or_thrice(name: &'static str, fault: Fault, expected: Expected) -> Case {
    Case { name, fault, get: expected.thrice(), post: expected }
}

/// A case that is the same for GET and POST.
fn both(name: &'static str, fault: Fault, expected: Expected) -> Case {
    Case { name, fault, get: expected, post: expected }
}

/// All cases; `elsewhere` is the address of another server.
pub fn all(elsewhere: SocketAddr) -> Vec<Case> {
    [connections(), breaks(), lies(), endless(), busy_ones(), redirects(elsewhere), syntax(), kept()]
        .into_iter()
        .flatten()
        .collect()
}

/// What happens to connections before a request is read.
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

/// What happens after a request has arrived: its fate is unknown.
fn breaks() -> Vec<Case> {
    let (broken, late) = (error(Transport), error(Timeout).at_least(ATTEMPT));
    vec![
        once_or_thrice("resets before the answer", answered(|_| reset(Within::Nothing)), broken),
        once_or_thrice("resets within the headers", answered(|_| reset(Within::Headers)), broken),
        once_or_thrice("resets within the body", answered(|_| reset(Within::Body)), broken.status(200)),
        once_or_thrice("closes before the answer", answered(|_| close(Within::Nothing)), broken),
        once_or_thrice("closes within the headers", answered(|_| close(Within::Headers)), broken),
        once_or_thrice("stalls before the answer", answered(|_| stall(Within::Nothing)), late),
        once_or_thrice("stalls within the headers", answered(|_| stall(Within::Headers)), late),
        once_or_thrice("stalls within the body", answered(|_| stall(Within::Body)), late.status(200)),
        both(
            "stalls within the body of a 404",
            answered(|_| vec![Write("HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nno".to_owned()), Stall]),
            error(Status).status(404).at_least(ATTEMPT),
        ),
    ]
}

/// Answers that are not what they say.
fn lies() -> Vec<Case> {
    let undecoded = error(Decode).status(200);
    let html = || "<html><body>Sign in</body></html>";
    vec![
        both("truncates its JSON", answered(|_| vec![json(r#"{"serial_number":"0"#)]), undecoded),
        both("promises too little", answered(|_| vec![of_length(9, &certificate("01"))]), undecoded),
        once_or_thrice("promises too much", answered(|_| close(Within::Body)), error(Transport).status(200)),
        both(
            "sends HTML for JSON",
            answered(move |_| vec![answer("200 OK", "content-type: text/html\r\n", html())]),
            undecoded,
        ),
        once_or_thrice(
            "sends 502 as HTML",
            answered(move |_| vec![answer("502 Bad Gateway", "content-type: text/html\r\n", html())]),
            error(Status).status(502),
        ),
        both(
            "sends gzip unasked",
            answered(|_| {
                vec![answer(
                    "200 OK",
                    "content-type: application/json\r\ncontent-encoding: gzip\r\n",
                    "\u{1f}\u{8b}\u{8}",
                )]
            }),
            undecoded,
        ),
        both(
            "sends 204 with a body",
            answered(|_| vec![answer("204 No Content", "content-type: application/json\r\n", &certificate("02"))]),
            undecoded.status(204),
        ),
        both("sends two answers", answered(|_| [ok("01"), ok("02")].concat()), right(1)),
        both(
            "sends an answer and garbage",
            answered(|_| [ok("01"), vec![Write("garbage".to_owned())]].concat()),
            right(1),
        ),
        both("sends 500", answered(|_| status("500 Internal Server Error")), error(Status).status(500)),
    ]
}

/// Answers that do not end.
fn endless() -> Vec<Case> {
    let large = error(TooLarge).status(200);
    let chunked = "transfer-encoding: chunked\r\n";
    vec![
        both("never ends its body", answered(|_| endless_body("200 OK", "", " ")), large),
        both(
            "never ends its chunks",
            answered(move |_| endless_body("200 OK", chunked, &format!("3e8\r\n{:1000}\r\n", ""))),
            large,
        ),
        both(
            "never ends the body of a 400",
            answered(move |_| endless_body("400 Bad Request", chunked, &format!("3e8\r\n{:1000}\r\n", ""))),
            error(Status).status(400),
        ),
        once_or_thrice(
            "never ends a chunk's extension",
            answered(move |_| endless_body("200 OK", chunked, "1;a=a")),
            error(Transport).status(200),
        ),
        once_or_thrice(
            "never ends its trailers",
            answered(|_| {
                vec![
                    Write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n".to_owned()),
                    Forever("a: b\r\n".to_owned()),
                ]
            }),
            error(Transport).status(200),
        ),
        once_or_thrice(
            "never ends its headers",
            answered(|_| vec![Write("HTTP/1.1 200 OK\r\n".to_owned()), Forever("a: b\r\n".to_owned())]),
            error(Transport),
        ),
        once_or_thrice(
            "never ends one header",
            answered(|_| vec![Write("HTTP/1.1 200 OK\r\na: ".to_owned()), Forever("b".to_owned())]),
            error(Transport),
        ),
        once_or_thrice(
            "never ends its 103s",
            answered(|_| vec![Forever("HTTP/1.1 103 Early Hints\r\n\r\n".to_owned())]),
            error(Timeout).at_least(ATTEMPT),
        ),
        once_or_thrice(
            "drips its body",
            answered(|_| vec![of_length(60_000, ""), Drip(" ".to_owned(), Duration::from_millis(50))]),
            error(Timeout).status(200).at_least(ATTEMPT),
        ),
    ]
}

/// Servers that ask to come back.
fn busy_ones() -> Vec<Case> {
    let second = Duration::from_secs(1);
    let unavailable = error(Status).status(503);
    let many = error(Status).status(429).retryable();
    vec![
        both("429, come back in 1 s", at_first(|| busy("429 Too Many Requests", "1")), right(2).at_least(second)),
        // A date has whole seconds: what is left of 2 s is more than one.
        both(
            "429, come back at a time",
            at_first(|| busy("429 Too Many Requests", &date_in(2))),
            right(2).at_least(second),
        ),
        both("429, come back in an hour", at_first(|| busy("429 Too Many Requests", "3600")), many),
        both("429, come back at a time in an hour", at_first(|| busy("429 Too Many Requests", &date_in(3600))), many),
        Case {
            name: "503, come back in 1 s",
            fault: at_first(|| busy("503 Service Unavailable", "1")),
            get: right(2).at_least(second),
            post: unavailable,
        },
        Case {
            name: "503, come back at a time",
            fault: at_first(|| busy("503 Service Unavailable", &date_in(2))),
            get: right(2).at_least(second),
            post: unavailable,
        },
        Case {
            name: "503, come back in an hour",
            fault: at_first(|| busy("503 Service Unavailable", "3600")),
            get: unavailable.retryable(),
            post: unavailable,
        },
        Case {
            name: "503, come back at a time in an hour",
            fault: at_first(|| busy("503 Service Unavailable", &date_in(3600))),
            get: unavailable.retryable(),
            post: unavailable,
        },
        both("always 429", answered(|_| status("429 Too Many Requests")), error(Status).status(429).thrice()),
        once_or_thrice("always 503", answered(|_| status("503 Service Unavailable")), unavailable),
        once_or_thrice("always 504", answered(|_| status("504 Gateway Timeout")), error(Status).status(504)),
        once_or_thrice("always 408", answered(|_| status("408 Request Timeout")), error(Status).status(408)),
    ]
}

/// Redirects.
fn redirects(elsewhere: SocketAddr) -> Vec<Case> {
    let within = |status: &'static str| at_first(move || redirect(status, "/elsewhere/within?a=b"));
    let away =
        move |status: &'static str| answered(move |_| redirect(status, &format!("http://{elsewhere}/x?token=1")));
    let found = error(Status).status(302);
    let temporary = error(Status).status(307);
    vec![
        Case {
            name: "302 to itself",
            fault: answered(|_| redirect("302 Found", "")),
            get: found.requests(11),
            post: found,
        },
        both("307 to itself", answered(|_| redirect("307 Temporary Redirect", "")), temporary.requests(11)),
        Case { name: "302 within the origin", fault: within("302 Found"), get: right(2), post: found },
        both("307 within the origin", within("307 Temporary Redirect"), right(2)),
        both("303 within the origin", within("303 See Other"), right(2)),
        both("302 elsewhere", away("302 Found"), found),
        both("307 elsewhere", away("307 Temporary Redirect"), temporary),
        both("303 elsewhere", away("303 See Other"), error(Status).status(303)),
    ]
}

/// What is no HTTP, or barely.
fn syntax() -> Vec<Case> {
    let wrong = |text: &'static str| answered(move |_| vec![Write(text.to_owned()), Stall]);
    vec![
        both(
            "100 and 103 before the answer",
            answered(|_| {
                let hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".to_owned();
                [vec![Write(hints)], ok("01")].concat()
            }),
            right(1),
        ),
        both(
            "switches protocols unasked",
            wrong("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
            error(Status).status(101),
        ),
        once_or_thrice(
            "two Content-Lengths that differ",
            wrong("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x"),
            error(Transport),
        ),
        once_or_thrice(
            "a Content-Length below zero",
            wrong("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}"),
            error(Transport),
        ),
        once_or_thrice(
            "a chunk of no size",
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
            "a header that is none",
            wrong("HTTP/1.1 200 OK\r\nno colon here\r\ncontent-length: 2\r\n\r\n{}"),
            error(Transport),
        ),
    ]
}

/// Connections that were used before.
fn kept() -> Vec<Case> {
    vec![
        Case {
            name: "closes a kept connection, unanswered",
            fault: Fault::Reused(Box::new(
                |request| if request.connection == 0 { close(Within::Nothing) } else { ok("01") },
            )),
            get: right(2),
            post: error(Transport),
        },
        Case {
            name: "resets a kept connection, unanswered",
            fault: Fault::Reused(Box::new(
                |request| if request.connection == 0 { reset(Within::Nothing) } else { ok("01") },
            )),
            get: right(2),
            post: error(Transport),
        },
    ]
}
