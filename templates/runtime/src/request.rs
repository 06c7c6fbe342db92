//! Encoding of a request before it is authorized.
//!
//! The parameters of a call, or the settings of a `RawRequest`, become a head and a body that `send` authorizes and
//! sends.

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

/// Characters that are encoded in the literal text of a path; `%` is not, because the text may be encoded already.
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

/// Characters that are encoded in the fixed query of a path.
const QUERY: &AsciiSet = &PATH.remove(b'?');

/// Headers that only the client sets: they delimit the message or select the server (RFC 9110, sections 6.6.2, 7.2 and
/// 8.6; RFC 9112, section 6.1), or they apply to a single connection (RFC 9110, section 7.6.1). With a wrong value, one
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

/// The reason why a request was not sent.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A required parameter is not set.
    #[error("the {location} parameter `{name}` is required but not set")]
    MissingParameter {
        /// The location of the parameter.
        location: Location,
        /// Its name on the wire.
        name: String,
    },
    /// A parameter has a value that cannot be encoded.
    #[error("the {location} parameter `{name}` {message}")]
    Parameter {
        /// The location of the parameter.
        location: Location,
        /// Its name on the wire.
        name: String,
        /// The reason, without the value.
        message: String,
    },
    /// The path would be changed by URL normalization or has invalid parts.
    #[error("the path {0}")]
    Path(String),
    /// A header cannot be sent.
    #[error("the header `{name}` {message}")]
    Header {
        /// Its name.
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
        /// Its name.
        name: String,
        /// The reason.
        message: String,
    },
    /// The body cannot be encoded.
    #[error("the body cannot be encoded: {0}")]
    Body(String),
    /// A file of the body cannot be read.
    #[error("{0}")]
    File(String),
    /// A paging position belongs to another kind of listing.
    #[error("the position is for a listing by {given}, but this listing is by {wanted}")]
    Position {
        /// The kind of the position.
        given: &'static str,
        /// The kind of the listing.
        wanted: &'static str,
    },
    /// There is no usable server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// No credential is set for any security requirement of the operation.
    #[error("no credential is set: call {setters} on the client's builder{}", from_env(variables))]
    MissingCredential {
        /// The builder methods to call.
        setters: String,
        /// The environment variables to set for `from_env()`, if any.
        variables: String,
    },
    /// There is no Tokio runtime.
    #[error("a Tokio runtime is required: call it within one, or use `send_blocking()` (feature `blocking`)")]
    NoRuntime,
    /// A credential would be sent without encryption.
    #[error(transparent)]
    InsecureHttp(#[from] InsecureHttp),
    /// A blocking call is not possible in this thread.
    #[cfg(feature = "blocking")]
    #[error("the call cannot block this thread: {0}")]
    Blocking(String),
    /// A credential could not be obtained from its provider.
    #[error(transparent)]
    Credential(CredentialFailure),
}

fn from_env(variables: &str) -> String {
    if variables.is_empty() { String::new() } else { format!(" (for `from_env()`, set {variables})") }
}

/// An encoded request without credentials.
pub struct Request {
    /// The metadata of the operation; `None` for a request by method and path.
    pub info: Option<&'static OperationInfo>,
    /// The selected server of the operation.
    pub server: Option<usize>,
    /// The method.
    pub method: http::Method,
    /// The encoded path, with a leading slash.
    pub path: String,
    /// Whether the path is relative to the root of the server instead of the base URL.
    pub from_root: bool,
    /// The encoded pairs of the query.
    pub query: Vec<String>,
    /// The encoded pairs of the `Cookie` header.
    pub cookies: Vec<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// Headers set by the caller, which replace others.
    pub extra_headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The unencoded values of the parameters.
    #[cfg(feature = "mock")]
    pub parameters: super::mock::Parameters,
    /// Whether the request is idempotent; if `None`, this depends on the method.
    pub idempotent: Option<bool>,
    /// The timeout of the whole call, instead of the client's.
    pub timeout: Option<Duration>,
    /// The retry policy, instead of the client's.
    pub retry: Option<RetryPolicy>,
    /// The maximum size of the response body in bytes, instead of the client's.
    pub max_response_bytes: Option<u64>,
    /// Whether redirects are followed, including documented ones.
    pub redirects: Option<bool>,
}

/// Additions of the caller to a request, in the given order.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Unencoded query parameters.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The selected server of the operation.
    pub server: Option<usize>,
    /// The timeout of the whole call.
    pub timeout: Option<Duration>,
    /// The retry policy.
    pub retry: Option<RetryPolicy>,
    /// The maximum size of the response body in bytes.
    pub max_response_bytes: Option<u64>,
    /// Whether redirects are followed, including documented ones.
    pub redirects: Option<bool>,
}

impl Extras {
    /// Returns the encoded query parameters.
    pub fn query_pairs(&self) -> impl Iterator<Item = String> + '_ {
        self.query.iter().map(|(name, value)| query_pair(name, value))
    }

    /// Returns the headers. A repeated name is sent several times.
    pub fn header_map(&self) -> Result<HeaderMap, RequestError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let mut sent = header_value(name, value)?;
            sent.set_sensitive(carries_credentials(name));
            headers.append(header_name(name)?, sent);
        }
        Ok(headers)
    }

    /// Returns the values that must not be shown: all query parameters, and headers that [may be secrets](texts).
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let query = self.query.iter().map(|(_, value)| value.as_str());
        query.chain(self.headers.iter().flat_map(|(name, value)| texts(name, value)))
    }
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

/// Returns the parts of a header set by the caller that may be secret: the value, and the credential after the scheme
/// in it. Returns nothing for well-known headers without secrets.
pub fn texts<'a>(name: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let is_shown = SHOWN.iter().any(|shown| name.eq_ignore_ascii_case(shown));
    let texts = [Some(value), value.split_once(' ').map(|(_, rest)| rest)];
    texts.into_iter().flatten().filter(move |_| !is_shown)
}

/// Returns whether this is one of HTTP's headers for credentials.
fn carries_credentials(name: &str) -> bool {
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].iter().any(|header| name.eq_ignore_ascii_case(header.as_str()))
}

/// Returns an encoded pair of a query.
pub fn query_pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, encode::STRICT), utf8_percent_encode(value, encode::STRICT))
}

/// Parses a header name that a caller may set.
pub fn header_name(name: &str) -> Result<HeaderName, RequestError> {
    let error =
        |message: &str| RequestError::Header { name: name.escape_debug().to_string(), message: message.to_owned() };
    let header: HeaderName = name.parse().map_err(|_| error("has a name that HTTP does not allow"))?;
    if OF_THE_CLIENT.contains(&header.as_str()) {
        return Err(error("is only set by the client, because it delimits the message or controls the connection"));
    }
    Ok(header)
}

/// Parses a header value: UTF-8 without control characters.
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

/// Returns the path of a template, and the pairs of its fixed query. `value` returns the encoded value of each
/// parameter.
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
    // Fast path: most values need no encoding.
    if literal.bytes().all(|byte| byte == b'/' || encode::is_unreserved(byte)) {
        into.push_str(literal);
    } else {
        into.extend(utf8_percent_encode(literal, encoded));
    }
}

/// Rejects a path that URL libraries would normalize, including encoded dots.
pub fn check_segments(path: &str) -> Result<(), RequestError> {
    // Fast path: most paths contain neither.
    let may_hold_dots = path.as_bytes().contains(&b'.') || path.as_bytes().contains(&b'%');
    if may_hold_dots && path.as_bytes().split(|byte| *byte == b'/').any(is_dots) {
        return Err(RequestError::Path("has a segment `.` or `..`, which changes the path".to_owned()));
    }
    Ok(())
}

/// Returns whether a segment consists of one or two dots, literal or encoded.
fn is_dots(segment: &[u8]) -> bool {
    match after_dot(segment) {
        Some(rest) => rest.is_empty() || after_dot(rest).is_some_and(<[u8]>::is_empty),
        None => false,
    }
}

fn after_dot(text: &[u8]) -> Option<&[u8]> {
    [&b"."[..], b"%2e", b"%2E"].iter().find_map(|dot| text.strip_prefix(*dot))
}

/// Encodes the characters of a literal path that are not allowed in URLs.
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
