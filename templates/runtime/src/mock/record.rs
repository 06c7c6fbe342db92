//! Recorded requests, and access to their parameters, body and headers.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::expectation::no_parameter;
use super::fail;
use super::form;
use crate::runtime::charset;
use crate::runtime::content::BodyKind;
use crate::runtime::content_coding;
use crate::runtime::decode::{self, DecodeError};
use crate::runtime::form::pairs as form_pairs;
use crate::runtime::operation::{Operation, OperationInfo};
use crate::runtime::send::AttemptInfo;
use crate::runtime::streaming;
use crate::runtime::wire_value::WireValue;

pub use super::form::RecordedPart;

/// The maximum number of characters that messages show of a parameter value.
const MAX_SHOWN: usize = 80;

/// The values of a call's parameters, in the order of [`OperationInfo::parameters`].
#[derive(Clone, Default)]
pub struct Parameters(pub Arc<[Option<WireValue>]>);

/// Omits the values, which may be secrets.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameters").finish_non_exhaustive()
    }
}

/// A request received by a mock. Cheap to clone.
#[derive(Clone)]
pub struct RecordedRequest(Arc<Record>);

pub(super) struct Record {
    info: Option<&'static OperationInfo>,
    attempt: u32,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    body: Option<Bytes>,
}

impl Record {
    pub fn new(mut head: http::request::Parts, body: Option<Bytes>) -> Self {
        let attempt = head.extensions.remove::<AttemptInfo>();
        Self {
            info: attempt.as_ref().and_then(|attempt| attempt.operation),
            attempt: attempt.as_ref().map_or(1, |attempt| attempt.attempt),
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            parameters: attempt.map(|attempt| attempt.parameters).unwrap_or_default(),
            body,
        }
    }
}

impl RecordedRequest {
    pub(super) fn new(record: Record) -> Self {
        Self(Arc::new(record))
    }

    /// Returns the metadata of the operation, or `None` for a request by method and path.
    pub fn operation(&self) -> Option<&'static OperationInfo> {
        self.0.info
    }

    /// Returns the number of the attempt, starting at 1.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// Returns the complete URL, including secrets in its query.
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// Returns the headers, including credentials.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the value of a header, or `None` if the header is missing or contains characters other than visible
    /// ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the body as sent, including the content of files; empty if there is no body.
    pub fn body_bytes(&self) -> Bytes {
        self.0.body.clone().unwrap_or_default()
    }

    /// Returns the decompressed body, or `None` if there is no body.
    fn content(&self) -> Result<Option<Bytes>, DecodeError> {
        let content = self.0.body.clone().map(|body| content_coding::decoded(&self.0.headers, body));
        content.transpose().map_err(|error| DecodeError::new(error.to_string()))
    }

    /// Returns the decompressed body; empty if there is no body or it cannot be decompressed.
    fn content_or_empty(&self) -> Bytes {
        self.content().ok().flatten().unwrap_or_default()
    }

    /// Returns the parts of a `multipart/form-data` body, or an empty list for other bodies.
    pub fn parts(&self) -> Vec<RecordedPart> {
        let content_type = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        form::parts(content_type, &self.content_or_empty())
    }

    /// Returns the first part with this name of a `multipart/form-data` body.
    pub fn part(&self, name: &str) -> Option<RecordedPart> {
        self.parts().into_iter().find(|part| part.name == name)
    }

    /// Returns the decoded names and values of an `application/x-www-form-urlencoded` body, or an empty list for other
    /// bodies.
    pub fn form(&self) -> Vec<(String, String)> {
        let content_type = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if !content_type.starts_with("application/x-www-form-urlencoded") {
            return Vec::new();
        }
        form_pairs(&String::from_utf8_lossy(&self.content_or_empty())).collect()
    }

    /// Returns the value of the parameter with this index.
    pub(super) fn value(&self, index: usize) -> Option<&WireValue> {
        self.0.parameters.0.get(index).and_then(Option::as_ref)
    }

    /// Returns a description of the request without secrets: `operation (METHOD /path) with limit=10`.
    pub(super) fn described(&self) -> String {
        let Some(info) = self.0.info else { return format!("{} {}", self.0.method, self.0.uri.path()) };
        let set = info.parameters.iter().enumerate().filter_map(|(index, parameter)| {
            let value = self.value(index)?;
            Some(format!("{}={}", parameter.name, shown(value, parameter.sensitive)))
        });
        let set: Vec<_> = set.collect();
        let with = if set.is_empty() { String::new() } else { format!(" with {}", set.join(", ")) };
        format!("{} ({} {}){with}", info.id, info.method_name(), info.path)
    }
}

/// Formats a parameter value for a report: truncated, and `***` if it is a secret.
pub(super) fn shown(value: &WireValue, sensitive: bool) -> String {
    let text = if sensitive { "***".to_owned() } else { value.to_string() };
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Shows the operation and the names of headers; omits values, which may be secrets.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.info.map_or(self.0.uri.path(), |info| info.path);
        f.debug_struct("RecordedRequest")
            .field("operation", &self.0.info.map(|info| info.id))
            .field("method", &self.0.method)
            .field("path", &path)
            .field("attempt", &self.0.attempt)
            .field("headers", &self.0.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.0.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// A request of the operation `O` received by a mock: a [`RecordedRequest`] with typed parameters and body.
pub struct RecordedCall<O> {
    request: RecordedRequest,
    call: PhantomData<fn() -> O>,
}

impl<O> RecordedCall<O> {
    pub(super) fn new(request: RecordedRequest) -> Self {
        Self { request, call: PhantomData }
    }

    pub(super) fn of(request: &RecordedRequest) -> Self {
        Self::new(request.clone())
    }
}

impl<O: Operation> RecordedCall<O> {
    /// Returns the value of the parameter with this name in the spec. The value may be a default that the client sends
    /// because the caller set none. Returns `None` if the parameter was not sent.
    ///
    /// # Panics
    ///
    /// The operation has no parameter with this name, or its value is not a `T`.
    #[track_caller]
    pub fn parameter<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let Some(index) = O::INFO.parameters.iter().position(|info| info.name == name) else {
            fail(&no_parameter(O::INFO, name))
        };
        match decode::json_text(self.value(index)?.to_json().as_bytes()) {
            Ok(value) => Some(value),
            Err(_) if O::INFO.parameters.get(index).is_some_and(|info| info.sensitive) => {
                fail(&format!("the parameter `{name}` is not a {} (the value is a secret)", std::any::type_name::<T>()))
            }
            Err(error) => fail(&format!("the parameter `{name}` is not a {}: {error}", std::any::type_name::<T>())),
        }
    }

    /// Decodes the body as the body type of the operation. If an optional body was not sent, the result is `None`. For
    /// forms, use [`parts`](RecordedRequest::parts) or [`form`](RecordedRequest::form).
    ///
    /// # Panics
    ///
    /// The body does not match the spec, for example because the caller replaced it.
    #[track_caller]
    pub fn body(&self) -> O::Body
    where
        O::Body: DeserializeOwned,
    {
        let kind = O::INFO.body.as_ref().map(|body| body.kind);
        let media_type = self.request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        match self.request.content().and_then(|content| body(kind, media_type, content.as_ref())) {
            Ok(body) => body,
            Err(error) => {
                let error = error.redacted(O::INFO.request_secrets);
                fail(&format!("the body of {} cannot be decoded: {error}", O::INFO.id))
            }
        }
    }
}

fn body<T: DeserializeOwned>(kind: Option<BodyKind>, media_type: &str, body: Option<&Bytes>) -> Result<T, DecodeError> {
    let value = match (kind, body) {
        (Some(BodyKind::Json), Some(json)) => return decode::json_text(&charset::decode_json(json, media_type)),
        (Some(BodyKind::JsonLines), Some(lines)) => return decode::json_text(&streaming::json_array(lines)?),
        (Some(BodyKind::Text), Some(text)) => return decode::read_text(text, media_type),
        (Some(BodyKind::Bytes), Some(bytes)) => Value::from(bytes.to_vec()),
        _ => Value::Null,
    };
    serde_json::from_value(value).map_err(|error| DecodeError::new(error.to_string()))
}

impl<O> Deref for RecordedCall<O> {
    type Target = RecordedRequest;

    fn deref(&self) -> &RecordedRequest {
        &self.request
    }
}

impl<O> Clone for RecordedCall<O> {
    fn clone(&self) -> Self {
        Self::of(&self.request)
    }
}

impl<O> fmt::Debug for RecordedCall<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}
