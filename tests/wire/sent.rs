//! A received request as a single value. Tests compare the complete value, so that unexpected headers or parts are
//! detected.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, TRANSFER_ENCODING};
use serde_json::Value;

use super::vendor::Vendor;

/// The user agent of the generated crate.
pub const USER_AGENT: &str = "pki-clients/0.1.0";

/// A request.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The path and query of the request line.
    pub target: String,
    /// All headers except `Content-Length`, which is checked when the request is received, and except `Host` if it is
    /// the address of the server.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub content: Content,
}

/// The body of a request, parsed according to its `Content-Type`.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// No body.
    Empty,
    /// JSON.
    Json(Value),
    /// The parts of a form.
    Parts(Vec<Part>),
    /// A body of another media type.
    Bytes(Bytes),
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// All headers of the part.
    pub headers: BTreeMap<String, String>,
    /// The content.
    pub content: Bytes,
}

impl Sent {
    /// Returns the request that a client of this API sends, with its user agent, accepted content codings and
    /// credential.
    pub fn by<V: Vendor>(method: &str, target: &str) -> Self {
        let (name, value) = V::CREDENTIAL;
        Self::anonymous(method, target).header(name, value)
    }

    /// Returns a request without a credential.
    pub fn anonymous(method: &str, target: &str) -> Self {
        let sent = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: BTreeMap::new(),
            content: Content::Empty,
        };
        sent.header("user-agent", USER_AGENT).header("accept-encoding", "zstd, br, gzip, deflate")
    }

    /// Adds or replaces a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the `Accept` header.
    pub fn accept(self, media_types: &str) -> Self {
        self.header("accept", media_types)
    }

    /// Sets a JSON body with this media type.
    pub fn json(mut self, media_type: &str, value: Value) -> Self {
        self.content = Content::Json(value);
        self.header("content-type", media_type)
    }

    /// Sets a form with these parts as the body. The boundary is not compared.
    pub fn parts(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.content = Content::Parts(parts.into_iter().collect());
        self.header("content-type", "multipart/form-data; boundary=…")
    }

    /// Parses a request received by a server at this address.
    pub fn received(head: http::request::Parts, body: Bytes, address: SocketAddr) -> Self {
        let mut headers = texts(&head.headers);
        if headers[HOST.as_str()] == address.to_string() {
            headers.remove(HOST.as_str());
        }
        // Bodies must have a `Content-Length`, because some servers do not support chunked requests.
        assert!(!headers.contains_key(TRANSFER_ENCODING.as_str()), "the body is chunked: {headers:?}");
        let length = headers.remove(CONTENT_LENGTH.as_str()).map_or(0, |length| length.parse().unwrap());
        assert_eq!(body.len(), length);
        let content = Content::read(&mut headers, body);
        Self { method: head.method.to_string(), target: head.uri.to_string(), headers, content }
    }
}

impl Content {
    fn read(headers: &mut BTreeMap<String, String>, body: Bytes) -> Self {
        let content_type = headers.get(CONTENT_TYPE.as_str()).cloned().unwrap_or_default();
        if let Some(boundary) = content_type.strip_prefix("multipart/form-data; boundary=") {
            headers.insert(CONTENT_TYPE.to_string(), "multipart/form-data; boundary=…".to_owned());
            Self::Parts(parts(&body, boundary))
        } else if content_type.starts_with("application/json") {
            Self::Json(serde_json::from_slice(&body).unwrap())
        } else if body.is_empty() {
            Self::Empty
        } else {
            Self::Bytes(body)
        }
    }
}

impl Part {
    /// Returns a part with a file.
    pub fn file(name: &str, file_name: &str, media_type: &str, content: impl Into<Bytes>) -> Self {
        let disposition = format!("form-data; name=\"{name}\"; filename=\"{file_name}\"");
        let headers = [("content-disposition", disposition.as_str()), ("content-type", media_type)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { headers: headers.into(), content: content.into() }
    }
}

/// Returns the headers as strings. Panics if a name occurs twice, which no request of these APIs needs.
fn texts(headers: &HeaderMap) -> BTreeMap<String, String> {
    let texts = headers.iter().map(|(name, value)| {
        assert_eq!(headers.get_all(name).iter().count(), 1, "the header `{name}` occurs more than once");
        (name.to_string(), std::str::from_utf8(value.as_bytes()).unwrap().to_owned())
    });
    texts.collect()
}

/// Parses the parts of a form, strictly according to RFC 2046.
fn parts(body: &[u8], boundary: &str) -> Vec<Part> {
    let mut rest = body.strip_prefix(format!("--{boundary}").as_bytes()).expect("a form starts with its boundary");
    let mut parts = Vec::new();
    while rest != b"--\r\n" {
        let part = rest.strip_prefix(b"\r\n").expect("a line break follows a boundary");
        let (part, after) = split(part, format!("\r\n--{boundary}").as_bytes());
        let (head, content) = split(part, b"\r\n\r\n");
        let headers = std::str::from_utf8(head).unwrap().split("\r\n").map(|line| {
            let (name, value) = line.split_once(": ").expect("a header has a name and a value");
            (name.to_ascii_lowercase(), value.to_owned())
        });
        parts.push(Part { headers: headers.collect(), content: Bytes::copy_from_slice(content) });
        rest = after;
    }
    parts
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> (&'a [u8], &'a [u8]) {
    let position = bytes.windows(at.len()).position(|window| window == at);
    let index = position.unwrap_or_else(|| panic!("no {:?} in the form", String::from_utf8_lossy(at)));
    (&bytes[..index], &bytes[index + at.len()..])
}
