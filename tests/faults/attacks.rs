//! The hostile servers: for each, the data that it sends, the call of the client, and the expected outcome.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pki_clients::runtime::ErrorKind::{Decode, Paging, Status, Timeout, TooLarge, Transport};

use super::floods::{self, Flood};
use super::hostile::Expected::{self, Error, Items};
use super::hostile::Task::{self, Events, Get, List, Texts, Unions};
use super::responses::{certificate, endless_body, json, redirect};
use super::server::Step::{self, Close, Drip, Forever, Write, WriteBytes};
use super::server::{Request, Server};

/// The nesting depth of the deeply nested JSON responses.
const DEPTH: usize = 100_000;

const MIB: usize = 1024 * 1024;

/// A hostile server, the call that the client makes, and the expected outcome.
pub struct Attack {
    pub name: &'static str,
    pub task: Task,
    pub server: Kind,
    pub expected: Expected,
}

type Respond = dyn Fn(&Request) -> Vec<Step> + Send + Sync;

/// The protocol of the server.
pub enum Kind {
    /// HTTP/1.1. The function returns the steps of the server after a request.
    Http1(Arc<Respond>),
    /// HTTP/2 over TLS.
    Http2(Flood),
}

impl Kind {
    /// Starts the server. Returns its URL and, if it uses TLS, the path of a file with its certificate.
    pub async fn start(&self, folder: &Path, name: &str) -> (String, Option<String>) {
        match self {
            Self::Http1(respond) => {
                let respond = Arc::clone(respond);
                let server = Server::start(move |request: &Request| respond(request)).await;
                (format!("http://{}", server.address()), None)
            }
            Self::Http2(flood) => {
                let (address, pem) = floods::start(flood.clone()).await;
                let file = folder.join(format!("{}.pem", name.replace(' ', "-")));
                std::fs::write(&file, pem).unwrap();
                (format!("https://server.test:{}", address.port()), Some(file.to_str().unwrap().to_owned()))
            }
        }
    }
}

fn attack(
    name: &'static str,
    task: Task,
    respond: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static,
    expected: Expected,
) -> Attack {
    Attack { name, task, server: Kind::Http1(Arc::new(respond)), expected }
}

/// Returns all attacks.
pub fn all() -> Vec<Attack> {
    [heads(), bodies(), documents(), loops(), streams(), http2()].into_iter().flatten().collect()
}

/// Returns the servers that attack with response heads and interim (1xx) responses.
fn heads() -> Vec<Attack> {
    let head = || Write("HTTP/1.1 200 OK\r\n".to_owned());
    // Write at most 1 MB per second: `hyper` may read 50 MB at once, which take a long time to parse in a debug build.
    let flood = |head: String| Drip(head.repeat(1 + 1024 / head.len()), Duration::from_millis(1));
    vec![
        attack(
            "floods with 100 Continue",
            Get,
            move |_| vec![flood("HTTP/1.1 100 Continue\r\n\r\n".to_owned())],
            Error(Timeout),
        ),
        attack(
            "floods with 103 and headers",
            Get,
            move |_| vec![flood(format!("HTTP/1.1 103 Early Hints\r\n{}\r\n", "link: </style.css>\r\n".repeat(50)))],
            Error(Timeout),
        ),
        attack(
            "never ends its status line",
            Get,
            |_| vec![Write("HTTP/1.1 200 ".to_owned()), Forever("OK".to_owned())],
            Error(Transport),
        ),
        attack("never ends its headers", Get, move |_| vec![head(), Forever("a: b\r\n".to_owned())], Error(Transport)),
        attack(
            "sends 100,000 headers",
            Get,
            move |_| vec![head(), Write("a: b\r\n".repeat(100_000)), Write("\r\n{}".to_owned()), Close],
            Error(Transport),
        ),
    ]
}

/// Returns the servers that attack with response bodies and their framing.
fn bodies() -> Vec<Attack> {
    let chunked = "transfer-encoding: chunked\r\n";
    let chunk = || format!("3e8\r\n{:1000}\r\n", "");
    vec![
        attack("never ends its body", Get, |_| endless_body("200 OK", "", " "), Error(TooLarge)),
        attack("never ends its chunks", Get, move |_| endless_body("200 OK", chunked, &chunk()), Error(TooLarge)),
        attack(
            "announces 16 EiB",
            Get,
            |_| endless_body("200 OK", "content-length: 18446744073709551613\r\n", " "),
            Error(TooLarge),
        ),
        attack(
            "never ends the body of an error",
            Get,
            move |_| endless_body("400 Bad Request", chunked, &chunk()),
            Error(Status),
        ),
        attack(
            "never ends a chunk's extension",
            Get,
            move |_| endless_body("200 OK", chunked, "1;a=a"),
            Error(Transport),
        ),
        attack(
            "never ends its trailers",
            Get,
            |_| {
                vec![
                    Write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n".to_owned()),
                    Forever("a: b\r\n".to_owned()),
                ]
            },
            Error(Transport),
        ),
        attack(
            "sends chunks of one byte",
            Get,
            |_| {
                // In a debug build, the server sends fewer chunks, because `hyper` takes a long time for each.
                let number = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
                let body = format!("{}2\r\n{{}}\r\n0\r\n\r\n", "1\r\n \r\n".repeat(number));
                vec![Write(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}"))]
            },
            Items(1),
        ),
        attack("sends a gzip bomb", Get, |_| encoded("200 OK", "gzip", gzip_bomb(2 * MIB)), Error(TooLarge)),
        attack(
            "sends a gzip bomb as the body of an error",
            Get,
            |_| encoded("400 Bad Request", "gzip", gzip_bomb(2 * MIB)),
            Error(Status),
        ),
        attack(
            "sends a gzip bomb of events",
            Events,
            |_| encoded("200 OK\r\ncontent-type: text/event-stream", "gzip", gzip_bomb(2 * MIB)),
            Error(Decode),
        ),
        attack("sends a brotli bomb", Get, |_| encoded("200 OK", "br", BROTLI_BOMB.to_vec()), Error(TooLarge)),
        attack("sends a zstd bomb", Get, |_| encoded("200 OK", "zstd", zstd_bomb(2 * MIB)), Error(TooLarge)),
        attack(
            "sends 100,000 empty gzip members",
            Get,
            |_| encoded("200 OK", "gzip", EMPTY_MEMBER.repeat(100_000)),
            Error(Decode),
        ),
    ]
}

/// Returns a response with this body in this content coding.
fn encoded(status: &str, coding: &str, body: Vec<u8>) -> Vec<Step> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-encoding: {coding}\r\ncontent-length: {length}\r\n\r\n");
    vec![Write(head), WriteBytes(body)]
}

/// An empty member of a gzip file.
const EMPTY_MEMBER: [u8; 20] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// 100 MiB of spaces, compressed by Node.js.
const BROTLI_BOMB: &[u8] = b"\
    \xcb\xff\xff\x3f\xf8\x25\x40\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\x11\x80\xee\xfd\
    \x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\x01\x10\x87\x05\x00\xba\xf7\
    \x7f\xfc\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\xff\xf8\xff\xff\x07\xbf\x04\x40\x1c\x16\x00\xe8\xde\
    \xff\xf1\xff\xff\x0f\x7e\x09\x80\x38\x2c\x00\xd0\xbd\xff\xe3\xff\xff\x1f\xfc\x12\x00\x71\x58\x00\xa0\x7b\
    \xff\xc7\xff\xff\x3f\xf8\x25\x00\xe2\xb0\x00\x40\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\x01\x80\xee\
    \xfd\x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\x01\x10\x87\x05\x00\xba\
    \xf7\x7f\xf9\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\x7f\x00";

/// Returns a zstd frame of this size that expands to 32,768 times its size: blocks of one repeated byte.
fn zstd_bomb(size: usize) -> Vec<u8> {
    // RFC 8878, section 3.1.1: the magic number, no flags, a window of 8 MiB.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0x68];
    while frame.len() < size {
        // Section 3.1.1.2: not the last block, type 1 (RLE), 128 KiB.
        frame.extend([0x02, 0x00, 0x10, b' ']);
    }
    frame
}

/// Returns a gzip file of this size that expands to 158 times its size: matches of maximum length at distance 1.
fn gzip_bomb(size: usize) -> Vec<u8> {
    // RFC 1952, section 2.3: the header without a name.
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    // RFC 1951, section 3.2.6: a last block of fixed codes (bits 1, 01), and the literal 0 (00110000).
    let mut bits = vec![1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0];
    while bits.len() < 8 * size {
        // Length 258 (11000101), distance 1 (00000).
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    file.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |value, bit| 2 * value + bit)));
    file
}

/// Returns the servers that attack with deeply nested JSON.
fn documents() -> Vec<Attack> {
    let deep = |open: &str, close: &str| format!("{}0{}", open.repeat(DEPTH), close.repeat(DEPTH));
    vec![
        attack("nests 100,000 arrays", Get, move |_| vec![json(&deep("[", "]"))], Error(Decode)),
        // The client skips the value of the unknown property `a`, even if it is deeply nested.
        attack("nests 100,000 objects", Get, move |_| vec![json(&deep(r#"{"a":"#, "}"))], Items(1)),
        attack(
            "nests 100,000 arrays in a union",
            Unions,
            move |_| stream("application/x-ndjson", vec![Write(deep("[", "]"))]),
            Error(Decode),
        ),
    ]
}

/// Returns the servers that attack with endless redirects and pages.
fn loops() -> Vec<Attack> {
    vec![
        attack(
            "redirects endlessly",
            Get,
            |request| redirect("307 Temporary Redirect", &format!("/{}", request.number)),
            Error(Status),
        ),
        attack("repeats a page endlessly", List, |_| vec![page(0, 100)], Error(Paging)),
        attack("never ends its listing", List, |request| vec![page(request.number, 100)], Items(20_000)),
    ]
}

/// Returns a page of certificates that contains its number, so that no two pages are equal.
fn page(number: usize, length: usize) -> Step {
    let items: Vec<_> = (0..length).map(|index| certificate(&format!("{number}-{index}"))).collect();
    json(&format!(
        r#"{{"total":1000000000,"offset":{},"limit":{length},"items":[{}]}}"#,
        number * length,
        items.join(",")
    ))
}

/// Returns a response with this content type and no `Content-Length`, so that its body ends when the connection ends.
fn stream(content_type: &str, steps: Vec<Step>) -> Vec<Step> {
    let head = Write(format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n"));
    [vec![head], steps, vec![Close]].concat()
}

/// Returns the servers that attack with streams of items.
fn streams() -> Vec<Attack> {
    let events = |steps| stream("text/event-stream", steps);
    vec![
        attack(
            "sends an ID of 1 MiB with its events",
            Events,
            move |_| events(vec![Write(format!("id:{}\n{}", "x".repeat(MIB), "data\n\n".repeat(20_000)))]),
            Error(Decode),
        ),
        attack(
            "sends an ID of 8 KiB with its events",
            Events,
            move |_| events(vec![Write(format!("id:{}\n{}", "x".repeat(8192), "data\n\n".repeat(200_000)))]),
            Items(200_000),
        ),
        attack(
            "never ends a line of an event",
            Events,
            move |_| events(vec![Write("data:".to_owned()), Forever("x".to_owned())]),
            Error(Decode),
        ),
        attack(
            "never ends an event",
            Events,
            move |_| events(vec![Forever(format!("data:{:1000}\n", ""))]),
            Error(Decode),
        ),
        attack(
            "never ends the type of an event",
            Events,
            move |_| events(vec![Write("event:".to_owned()), Forever("x".to_owned())]),
            Error(Decode),
        ),
        attack("sends comments endlessly", Events, move |_| events(vec![Forever(":\n".to_owned())]), Error(Timeout)),
        attack(
            "drips comments endlessly",
            Events,
            move |_| events(vec![Drip(":\n".to_owned(), Duration::from_millis(50))]),
            Error(Timeout),
        ),
        attack(
            "drips lines of an unfinished JSON text",
            Texts,
            |_| {
                let text = format!("\u{1e}[\"{}\",", "x".repeat(6 * MIB));
                let begun = format!("{:x}\r\n{text}\r\n", text.len());
                let dripped = "1\r\n\n\r\n".repeat(12_000);
                let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                vec![Write(format!("{head}{begun}{dripped}0\r\n\r\n"))]
            },
            Error(Decode),
        ),
        attack(
            "never ends a JSON text",
            Texts,
            |_| stream("application/json-seq", vec![Write("\u{1e}[".to_owned()), Forever("0,\n".to_owned())]),
            Error(Decode),
        ),
        attack(
            "never ends a JSON line",
            Texts,
            |_| stream("application/x-ndjson", vec![Write("[".to_owned()), Forever("0,".to_owned())]),
            Error(Decode),
        ),
    ]
}

/// Returns the servers that attack with floods of HTTP/2 frames.
fn http2() -> Vec<Attack> {
    let flood = |name, flood, expected| Attack { name, task: Get, server: Kind::Http2(flood), expected };
    vec![
        flood("floods with PING", Flood::pings(), Error(Timeout)),
        flood("floods with SETTINGS", Flood::settings(), Error(Timeout)),
        flood("floods with empty DATA", Flood::empty_data(), Error(Transport)),
        flood("never ends its CONTINUATION", Flood::continuation(), Error(Transport)),
        flood("sends an HPACK bomb", Flood::hpack_bomb(), Error(Transport)),
    ]
}
