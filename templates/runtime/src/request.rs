//! Encoding of requests: converts the parameters of a call, or the settings of a `RawRequest`, to a [`Request`] with
//! encoded path, query, headers and body. The module `send` adds credentials and sends the request.

use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::body::Body;
#[cfg(feature = "credentials")]
use super::credentials::{CredentialFailure, InsecureHttp};
use super::encode;
use super::operation::OperationInfo;
use super::parameter::{Location, ParameterInfo};
use super::retry::RetryPolicy;
use super::server::ServerError;

/// Characters that are percent-encoded in the literal text of a path. `%` is not among them, because the text may be
/// encoded already.
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

/// Characters that are percent-encoded in the fixed query of a path.
const QUERY: &AsciiSet = &PATH.remove(b'?');

/// Headers that callers must not set: they delimit the message or select the server (RFC 9110, sections 6.6.2, 7.2 and
/// 8.6; RFC 9112, section 6.1), or they apply to a single connection (RFC 9110, section 7.6.1). With a wrong value, a
/// server could parse one request as two, or the request could reach another server.
const RESERVED_HEADERS: [&str; 9] = [
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

/// The reason why a request was not sent.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A required parameter is not set.
    #[error("the {location} parameter `{name}` is required but not set")]
    MissingParameter {
        /// The location of the parameter.
        location: Location,
        /// The name of the parameter in the spec.
        name: String,
    },
    /// A parameter has a value that cannot be encoded.
    #[error("the {location} parameter `{name}` {message}")]
    Parameter {
        /// The location of the parameter.
        location: Location,
        /// The name of the parameter in the spec.
        name: String,
        /// The reason, without the value.
        message: String,
    },
    /// The path is invalid: it contains `?` or `#`, or a segment `.` or `..`, which URL libraries would remove.
    #[error("the path {0}")]
    Path(String),
    /// A header cannot be sent.
    #[error("the header `{name}` {message}")]
    Header {
        /// The name of the header.
        name: String,
        /// The reason.
        message: String,
    },
    /// A required part of a multipart body is not set.
    #[error("the part `{0}` is required but not set")]
    MissingPart(String),
    /// A part of a multipart body cannot be encoded.
    #[error("the part `{name}` cannot be sent: {message}")]
    Part {
        /// The name of the part.
        name: String,
        /// The reason.
        message: String,
    },
    /// The body cannot be encoded.
    #[error("the body cannot be encoded: {0}")]
    Body(String),
    /// A file of the body cannot be read.
    #[cfg(feature = "uploads")]
    #[error("{0}")]
    File(String),
    /// A paging position does not fit the kind of paging that the operation uses, e.g. a cursor instead of a page
    /// number.
    #[error("the position is for a listing paged by {given}, but this listing is paged by {wanted}")]
    Position {
        /// The kind of the position.
        given: &'static str,
        /// The kind of paging that the operation uses.
        wanted: &'static str,
    },
    /// The server of the request cannot be determined.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// No credential is set for any security requirement of the operation.
    #[cfg(feature = "credentials")]
    #[error("no credential is set: call {setters} on the client's builder{}", from_env(variables))]
    MissingCredential {
        /// The builder methods to call.
        setters: String,
        /// The environment variables to set for `from_env()`, if any.
        variables: String,
    },
    /// The call was not made within a Tokio runtime.
    #[error(
        "a Tokio runtime is required: make the call within a runtime, or use `send_blocking()` (feature `blocking`)"
    )]
    NoRuntime,
    /// A credential would be sent unencrypted, by plain `http` to another host.
    #[cfg(feature = "credentials")]
    #[error(transparent)]
    InsecureHttp(#[from] InsecureHttp),
    /// The current thread cannot make blocking calls, e.g. because it is the thread that runs all blocking calls.
    #[cfg(feature = "blocking")]
    #[error("the call cannot block this thread: {0}")]
    Blocking(String),
    /// A credential could not be obtained from its provider.
    #[cfg(feature = "credentials")]
    #[error(transparent)]
    Credential(CredentialFailure),
}

#[cfg(feature = "credentials")]
fn from_env(variables: &str) -> String {
    if variables.is_empty() { String::new() } else { format!(" (for `from_env()`, set {variables})") }
}

/// An encoded request without credentials.
pub struct Request {
    /// The metadata of the operation; `None` for a request by method and path.
    pub info: Option<&'static OperationInfo>,
    /// The index of the operation's server that the caller selected.
    pub server: Option<usize>,
    /// The method.
    pub method: http::Method,
    /// The encoded path, with a leading slash.
    pub path: String,
    /// Whether the path replaces the path of the base URL instead of being appended to it.
    pub from_root: bool,
    /// The encoded query parameters: `name=value`.
    pub query: Vec<String>,
    /// The encoded cookies: `name=value`.
    pub cookies: Vec<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// Headers set by the caller, which replace other headers with the same names.
    pub extra_headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The unencoded values of the parameters.
    #[cfg(feature = "mock")]
    pub parameters: super::mock::Parameters,
    /// Whether the request is idempotent; if `None`, the method determines it.
    pub idempotent: Option<bool>,
    /// The timeout of the whole call, instead of the client's.
    pub timeout: Option<Duration>,
    /// The retry policy, instead of the client's.
    pub retry: Option<RetryPolicy>,
    /// The maximum size of the response body in bytes, instead of the client's.
    pub max_response_bytes: Option<u64>,
    /// Whether redirects, even documented ones, are followed; if `None`, the client's setting applies.
    pub redirects: Option<bool>,
}

/// Headers whose values are not secret: content negotiation, conditional requests and request ids.
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

/// Returns the strings that may be secret in a header set by the caller: the complete value, and the text after the
/// first space, e.g. the token in `Bearer abc`. Returns nothing for [common headers without secrets](SHOWN).
pub fn texts<'a>(name: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let is_shown = SHOWN.iter().any(|shown| name.eq_ignore_ascii_case(shown));
    let texts = [Some(value), value.split_once(' ').map(|(_, rest)| rest)];
    texts.into_iter().flatten().filter(move |_| !is_shown)
}

/// Returns whether the header with this name contains credentials according to the HTTP standards, e.g.
/// `Authorization`.
pub fn carries_credentials(name: &str) -> bool {
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].iter().any(|header| name.eq_ignore_ascii_case(header.as_str()))
}

/// Returns a percent-encoded query parameter: `name=value`.
pub fn query_pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, encode::STRICT), utf8_percent_encode(value, encode::STRICT))
}

/// Parses the name of a header set by a caller.
///
/// # Errors
///
/// The name is invalid, or only the client itself may set this header.
pub fn header_name(name: &str) -> Result<HeaderName, RequestError> {
    let error =
        |message: &str| RequestError::Header { name: name.escape_debug().to_string(), message: message.to_owned() };
    let header: HeaderName = name.parse().map_err(|_| error("has a name that HTTP does not allow"))?;
    if RESERVED_HEADERS.contains(&header.as_str()) {
        return Err(error("must not be set, because it delimits the message or controls the connection"));
    }
    Ok(header)
}

/// Parses a header value, which may contain any characters except control characters. Non-ASCII characters are sent as
/// UTF-8.
pub fn header_value(name: &str, value: &str) -> Result<HeaderValue, RequestError> {
    let error = || RequestError::Header {
        name: name.to_owned(),
        message: "contains a line break or another control character".to_owned(),
    };
    if value.chars().any(char::is_control) {
        return Err(error());
    }
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| error())
}

/// Expands a path template. Returns the encoded path and the encoded query parameters that the template contains after
/// a `?`. `value` returns the encoded value of a path parameter, given its index.
pub fn expand_path<'a>(
    template: &str,
    parameters: &[ParameterInfo],
    value: impl Fn(usize) -> Option<Result<&'a str, RequestError>>,
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
    parameters: &[ParameterInfo],
    value: &impl Fn(usize) -> Option<Result<&'a str, RequestError>>,
    into: &mut String,
) -> Result<(), RequestError> {
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        push_literal(into, literal, encoded);
        let mut found = parameters.iter().enumerate().filter(|(_, info)| info.location == Location::Path);
        let missing = || RequestError::MissingParameter { location: Location::Path, name: name.to_owned() };
        let (index, _) = found.find(|(_, info)| info.name == name).ok_or_else(missing)?;
        into.push_str(value(index).ok_or_else(missing)??);
        rest = tail;
    }
    push_literal(into, rest, encoded);
    Ok(())
}

fn push_literal(into: &mut String, literal: &str, encoded: &'static AsciiSet) {
    // Fast path: most values need no encoding.
    if literal.bytes().all(|byte| byte == b'/' || encode::is_unreserved(byte)) {
        into.push_str(literal);
    } else {
        into.extend(utf8_percent_encode(literal, encoded));
    }
}

/// Rejects a path with a segment `.` or `..`, even if percent-encoded, because URL libraries would remove the segment.
pub fn check_segments(path: &str) -> Result<(), RequestError> {
    // Fast path: most paths contain neither `.` nor `%`.
    let may_contain_dots = path.as_bytes().contains(&b'.') || path.as_bytes().contains(&b'%');
    if may_contain_dots && path.as_bytes().split(|byte| *byte == b'/').any(is_dots) {
        return Err(RequestError::Path("has a segment `.` or `..`, which changes the path".to_owned()));
    }
    Ok(())
}

/// Returns whether a path segment is `.` or `..`; each dot may be percent-encoded.
fn is_dots(segment: &[u8]) -> bool {
    match after_dot(segment) {
        Some(rest) => rest.is_empty() || after_dot(rest).is_some_and(<[u8]>::is_empty),
        None => false,
    }
}

fn after_dot(text: &[u8]) -> Option<&[u8]> {
    [&b"."[..], b"%2e", b"%2E"].iter().find_map(|dot| text.strip_prefix(*dot))
}

/// Percent-encodes the characters of a literal path that are not allowed in URLs, and adds a missing leading slash.
#[cfg(any(feature = "mock", feature = "raw"))]
pub fn literal_path(text: &str) -> Result<String, RequestError> {
    if text.contains(['?', '#']) {
        let message = "contains `?` or `#`: set query parameters with `query()`";
        return Err(RequestError::Path(message.to_owned()));
    }
    let slash = if text.starts_with('/') { "" } else { "/" };
    let path = format!("{slash}{}", utf8_percent_encode(text, PATH));
    check_segments(&path)?;
    Ok(path)
}
