//! A request before it is authorized: everything of it encoded, nothing of it sent.
//!
//! In: the slots of a call, or what a caller gives `RawRequest`. Out: the head and body that `send` authorizes and
//! sends, or a [`RequestError`] that says what is wrong with which parameter.

use std::borrow::Cow;
use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::body::Body;
use super::credentials::{CredentialFailure, InsecureHttp};
use super::encode;
use super::operation::OperationInfo;
use super::parameter::{Location, ParameterInfo};
use super::retry::RetryPolicy;
use super::server::ServerError;
use super::wire_value::WireValue;

/// What the literal text of a path may not hold as it is; `%` stays, for it may be encoded already.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The same for the query that a path has of itself.
const QUERY: &AsciiSet = &PATH.remove(b'?');

/// Headers that only the client sets: they say where a message ends and which server it is for (RFC 9110, sections 6.6.2,
/// 7.2 and 8.6; RFC 9112, section 6.1), or they are about one connection (RFC 9110, section 7.6.1). With a wrong one, one
/// request could be read as two, or reach another server.
const OF_THE_CLIENT: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Why a request was not sent: something in it cannot be.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A required parameter is not set.
    #[error("the {location} parameter `{name}` is required and not set")]
    MissingParameter {
        /// Where the parameter travels.
        location: Location,
        /// Its name on the wire.
        name: String,
    },
    /// A parameter has a value that cannot be encoded.
    #[error("the {location} parameter `{name}` {message}")]
    Parameter {
        /// Where the parameter travels.
        location: Location,
        /// Its name on the wire.
        name: String,
        /// What is wrong, never the value itself.
        message: String,
    },
    /// The path would not be what the caller means.
    #[error("the path {0}")]
    Path(String),
    /// A header cannot be sent.
    #[error("the header `{name}` {message}")]
    Header {
        /// Its name.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// A required part of a multipart body is not set.
    #[error("the part `{0}` is required and not set")]
    MissingPart(String),
    /// A part of a multipart body cannot be encoded.
    #[error("the part `{name}` cannot be sent: {message}")]
    Part {
        /// Its name.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// The body cannot be encoded.
    #[error("the body cannot be encoded: {0}")]
    Body(String),
    /// A file of the body cannot be read.
    #[error("{0}")]
    File(String),
    /// A position of a listing is of another kind of listing.
    #[error("the position is of a listing by {given}, and this listing is by {wanted}")]
    Position {
        /// What the position holds.
        given: &'static str,
        /// What the listing goes by.
        wanted: &'static str,
    },
    /// There is no server to send it to.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// No credential is set that the operation takes.
    #[error("no credential is set: call {setters} on the client's builder{}", from_env(variables))]
    MissingCredential {
        /// The builder methods to call.
        setters: String,
        /// The environment variables to set for `from_env()`, as far as there are any.
        variables: String,
    },
    /// There is no Tokio runtime.
    #[error("it needs a Tokio runtime: call it within one, or use `send_blocking()` (feature `blocking`)")]
    NoRuntime,
    /// A credential would be sent where it can be read on the way.
    #[error(transparent)]
    InsecureHttp(#[from] InsecureHttp),
    /// A blocking call cannot be waited for.
    #[cfg(feature = "blocking")]
    #[error("the call cannot be waited for: {0}")]
    Blocking(String),
    /// A credential could not be had from where it comes from.
    #[error(transparent)]
    Credential(CredentialFailure),
}

fn from_env(variables: &str) -> String {
    if variables.is_empty() { String::new() } else { format!(" (for `from_env()`, set {variables})") }
}

/// A request, complete but for credentials.
pub struct Request {
    /// The description, where the spec has one.
    pub info: Option<&'static OperationInfo>,
    /// Which of the operation's own servers.
    pub server: Option<usize>,
    /// The method.
    pub method: http::Method,
    /// The path, encoded, with its leading slash.
    pub path: String,
    /// Whether the path begins at the root of the server, and not behind the path of the base URL.
    pub from_root: bool,
    /// The pairs of the query, encoded.
    pub query: Vec<String>,
    /// The pairs of the `Cookie` header, encoded.
    pub cookies: Vec<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// Headers of the caller, which replace others.
    pub extra_headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The values behind the encoded parameters.
    #[cfg(feature = "mock")]
    pub parameters: super::mock::Parameters,
    /// Whether doing it twice is the same as doing it once; `None` where the method says it.
    pub idempotent: Option<bool>,
    /// The limit of time of the whole call, in the place of the client's.
    pub timeout: Option<Duration>,
    /// The retry policy, in the place of the client's.
    pub retry: Option<RetryPolicy>,
    /// The limit of the response body in bytes, instead of the client's.
    pub max_response_bytes: Option<u64>,
    /// Whether redirects are followed, also those that the spec documents.
    pub redirects: Option<bool>,
}

/// What a caller adds to a request, in the order given.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Query parameters, not encoded.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Which of the operation's own servers.
    pub server: Option<usize>,
    /// The limit of time.
    pub timeout: Option<Duration>,
    /// The retry policy.
    pub retry: Option<RetryPolicy>,
    /// The limit of the response body, in bytes.
    pub max_response_bytes: Option<u64>,
    /// Whether redirects are followed, also those that the spec documents.
    pub redirects: Option<bool>,
}

impl Extras {
    /// The query parameters, encoded.
    pub fn query_pairs(&self) -> impl Iterator<Item = String> + '_ {
        self.query.iter().map(|(name, value)| query_pair(name, value))
    }

    /// The headers; a name given twice is sent twice.
    pub fn header_map(&self) -> Result<HeaderMap, RequestError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let mut sent = header_value(name, value)?;
            sent.set_sensitive(carries_credentials(name));
            headers.append(header_name(name)?, sent);
        }
        Ok(headers)
    }

    /// The values that must not be shown: of all query parameters, and of all headers that [may be secrets](texts).
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let query = self.query.iter().map(|(_, value)| value.as_str());
        query.chain(self.headers.iter().flat_map(|(name, value)| texts(name, value)))
    }
}

/// Headers whose values say nothing that must not be shown: what is asked for and how, and the ids of requests.
const SHOWN: [&str; 23] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "correlation-id",
    "date",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "prefer",
    "range",
    "request-id",
    "traceparent",
    "user-agent",
    "x-correlation-id",
    "x-request-id",
];

/// The texts of a header that a caller adds which may be secrets, for nobody knows what it is for: the value, and a
/// credential without the scheme before it. None of a header that HTTP or common use has for something else.
pub fn texts<'a>(name: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let is_shown = SHOWN.iter().any(|shown| name.eq_ignore_ascii_case(shown));
    let texts = [Some(value), value.split_once(' ').map(|(_, rest)| rest)];
    texts.into_iter().flatten().filter(move |_| !is_shown)
}

/// Whether a header of this name is one that HTTP has for credentials.
fn carries_credentials(name: &str) -> bool {
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].iter().any(|header| name.eq_ignore_ascii_case(header.as_str()))
}

/// A pair of a query, encoded.
pub fn query_pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, encode::STRICT), utf8_percent_encode(value, encode::STRICT))
}

/// A header name that a caller may set.
pub fn header_name(name: &str) -> Result<HeaderName, RequestError> {
    let error =
        |message: &str| RequestError::Header { name: name.escape_debug().to_string(), message: message.to_owned() };
    let header: HeaderName = name.parse().map_err(|_| error("has a name that HTTP does not allow"))?;
    if OF_THE_CLIENT.contains(&header.as_str()) {
        return Err(error("is set by the client alone: it frames the request or is about the connection"));
    }
    Ok(header)
}

/// A header value: UTF-8 without control characters.
pub fn header_value(name: &str, value: &str) -> Result<HeaderValue, RequestError> {
    let error = || RequestError::Header {
        name: name.to_owned(),
        message: "holds a line break or another control character".to_owned(),
    };
    if value.chars().any(char::is_control) {
        return Err(error());
    }
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| error())
}

/// The path of a template and the pairs of the query that it has of itself, `value` giving what each parameter is.
pub fn expand_path<'a>(
    template: &str,
    parameters: &'a [ParameterInfo],
    value: impl Fn(usize, &'a ParameterInfo) -> Option<Cow<'a, WireValue>>,
) -> Result<(String, Vec<String>), RequestError> {
    let (before, query) = template.split_once('?').unwrap_or((template, ""));
    let mut path = String::with_capacity(template.len() + 32);
    if !before.starts_with('/') {
        path.push('/');
    }
    expand(before, PATH, parameters, &value, &mut path)?;
    check_segments(&path)?;
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let mut expanded = String::new();
        expand(pair, QUERY, parameters, &value, &mut expanded)?;
        pairs.push(expanded);
    }
    Ok((path, pairs))
}

fn expand<'a>(
    template: &str,
    encoded: &'static AsciiSet,
    parameters: &'a [ParameterInfo],
    value: &impl Fn(usize, &'a ParameterInfo) -> Option<Cow<'a, WireValue>>,
    into: &mut String,
) -> Result<(), RequestError> {
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        push_literal(into, literal, encoded);
        let mut found = parameters.iter().enumerate().filter(|(_, info)| info.location == Location::Path);
        let missing = || RequestError::MissingParameter { location: Location::Path, name: name.to_owned() };
        let (index, info) = found.find(|(_, info)| info.name == name).ok_or_else(missing)?;
        let value = value(index, info).ok_or_else(missing)?;
        into.push_str(&encode::path(info, &value)?);
        rest = tail;
    }
    push_literal(into, rest, encoded);
    Ok(())
}

fn push_literal(into: &mut String, literal: &str, encoded: &'static AsciiSet) {
    // Most hold nothing that is to be encoded, and that is seen faster than they are encoded.
    if literal.bytes().all(|byte| byte == b'/' || encode::is_unreserved(byte)) {
        into.push_str(literal);
    } else {
        into.extend(utf8_percent_encode(literal, encoded));
    }
}

/// Refuses a path that a URL library would fold, encoded dots included.
pub fn check_segments(path: &str) -> Result<(), RequestError> {
    // Most hold neither, and that is seen faster.
    let may_hold_dots = path.as_bytes().contains(&b'.') || path.as_bytes().contains(&b'%');
    if may_hold_dots && path.as_bytes().split(|byte| *byte == b'/').any(is_dots) {
        return Err(RequestError::Path("has a segment `.` or `..`, which would lead elsewhere".to_owned()));
    }
    Ok(())
}

/// Whether a segment is one dot or two, each written as itself or encoded.
fn is_dots(segment: &[u8]) -> bool {
    match after_dot(segment) {
        Some(rest) => rest.is_empty() || after_dot(rest).is_some_and(<[u8]>::is_empty),
        None => false,
    }
}

fn after_dot(text: &[u8]) -> Option<&[u8]> {
    [&b"."[..], b"%2e", b"%2E"].iter().find_map(|dot| text.strip_prefix(*dot))
}

/// The literal text of a path, with what a URL cannot hold encoded.
pub fn literal_path(text: &str) -> Result<String, RequestError> {
    if text.contains(['?', '#']) {
        let message = "holds `?` or `#`: give query parameters through `query()`";
        return Err(RequestError::Path(message.to_owned()));
    }
    let slash = if text.starts_with('/') { "" } else { "/" };
    let path = format!("{slash}{}", utf8_percent_encode(text, PATH));
    check_segments(&path)?;
    Ok(path)
}
