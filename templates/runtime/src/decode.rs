//! Decodes response bodies from JSON or text into Rust values. A [`DecodeError`] names the JSON path of the invalid
//! value.

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::charset;
use super::counted::Counted;
use super::decode_budget;
use super::digits::{self, Numbers};
use super::json_path;
use super::node::Node;
use super::response::RawResponse;
use super::secret_paths::{SecretPath, is_within_secret};

/// The error for a response body or header that does not match the spec.
#[derive(Debug)]
pub struct DecodeError {
    path: Option<String>,
    reason: String,
    hint: Option<String>,
    is_too_large: bool,
    /// The item of a stream in which the server reports an error.
    #[cfg(feature = "streaming")]
    item: Option<Bytes>,
}

impl DecodeError {
    /// Creates an error with this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            path: None,
            reason: reason.into(),
            hint: None,
            is_too_large: false,
            #[cfg(feature = "streaming")]
            item: None,
        }
    }

    /// Returns the path of the invalid value, such as `items[3].status`; `None` if the whole body is invalid or the
    /// path is unknown.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref().filter(|path| *path != UNKNOWN_PATH)
    }

    /// Creates the error for a body of this length whose decoded value takes more memory than allowed.
    fn too_large(body: usize) -> Self {
        let memory = decode_budget::memory(body) / (1024 * 1024);
        let reason = format!(
            "the decoded value takes more than the {memory} MiB allowed for a body of {body} bytes; increase \
             `max_response_bytes` of the client or the call"
        );
        Self { is_too_large: true, ..Self::new(reason) }
    }

    /// Creates the error for an item of a stream in which the server reports an error.
    #[cfg(feature = "streaming")]
    pub(super) fn reported(item: impl Into<Bytes>) -> Self {
        Self { item: Some(item.into()), ..Self::new("the server reports an error in the stream") }
    }

    /// Returns the item of a stream in which the server reports an error; `None` for all other errors.
    #[cfg(feature = "streaming")]
    pub(super) fn reported_item(&self) -> Option<&Bytes> {
        self.item.as_ref()
    }

    /// Returns the item in which the server reports an error; empty if there is none.
    #[cfg(feature = "streaming")]
    pub(super) fn into_reported_item(self) -> Bytes {
        self.item.unwrap_or_default()
    }

    /// Returns whether the reason is that the decoded value would take more memory than allowed.
    pub(crate) fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Replaces the reason, which may quote the invalid value, if the path of the value is unknown or belongs to one of
    /// these secrets. Changes nothing if there are no secrets.
    pub(crate) fn redacted(mut self, secrets: &[SecretPath]) -> Self {
        if !secrets.is_empty() {
            let steps = self.path_steps();
            let steps: Option<Vec<&str>> = steps.as_ref().map(|steps| steps.iter().map(String::as_str).collect());
            if steps.is_none_or(|steps| is_within_secret(secrets, &steps, false)) {
                self.reason = "does not match the spec (the value is a secret)".to_owned();
            }
        }
        self
    }

    /// Returns the steps of the path to the invalid value, e.g. `items`, `*`, `status`; `None` if the path is unknown.
    fn path_steps(&self) -> Option<Vec<String>> {
        let (mut steps, rest) = json_path::steps(self.path.as_deref().unwrap_or_default())?;
        if !rest.is_empty() {
            return None;
        }
        // Each union puts the path within its value in front of the reason, e.g. `at card.number: …`.
        let mut reason = self.reason.as_str();
        while let Some(inner) = reason.strip_prefix(PATH_PREFIX) {
            let (inner, rest) = json_path::steps(inner)?;
            steps.extend(inner);
            reason = rest.strip_prefix(": ")?;
        }
        Some(steps)
    }
}

/// The path that [`json_path::text`] returns if the path is unknown.
const UNKNOWN_PATH: &str = "?";

/// The text before a path in a message: `at items[3].status: …`.
const PATH_PREFIX: &str = "at ";

/// Returns the message of an error in the value of a union. The message begins with the path within this value:
/// `at card.number: …`.
#[cfg(feature = "unions")]
pub(super) fn message_with_path(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    match json_path::text(error.path()) {
        path if path.is_empty() => error.inner().to_string(),
        path => format!("{PATH_PREFIX}{path}: {}", error.inner()),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{PATH_PREFIX}{path}: ")?;
        }
        f.write_str(&self.reason)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Decodes JSON, regardless of the media type in `Content-Type`. RFC 8259 requires UTF-8, so a `charset` parameter is
/// used only if the bytes cannot be UTF-8.
///
/// # Errors
///
/// The body is not valid JSON or does not match the type. The error names the path of the invalid value.
pub fn json<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    let text = charset::decode_json(response.body(), content_type(response));
    json_text(&text).map_err(|error| DecodeError { hint: hint(response), ..error })
}

/// Decodes JSON, from a response body or another source, within the memory [budget](super::decode_budget) for its
/// length.
pub(crate) fn json_text<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let text = without_bom(text);
    let exceeded = |_| DecodeError::too_large(text.len());
    // Tracking the path of an error is slow, so JSON is decoded with path tracking only after decoding without it has
    // failed.
    if let Some(value) = decode_budget::account(text.len(), || counted(text)).map_err(exceeded)? {
        return Ok(value);
    }
    // If the attempt that accepts `5.0` as an integer exceeds the budget, the error of strict decoding is more useful.
    match decode_budget::account(text.len(), || with_integral_floats(text)) {
        Ok(Some(value)) => Ok(value),
        Ok(None) | Err(_) => decode_budget::account(text.len(), || json_text_with_path(text)).map_err(exceeded)?,
    }
}

/// Decodes JSON and charges the memory of the decoded value. Returns `None` if the JSON does not match the type.
fn counted<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    decode_budget::prepay(size_of::<T>());
    let value = T::deserialize(Counted(&mut deserializer)).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// Decodes JSON once more after it did not match the type, and accepts numbers such as `5.0` as integers. Returns
/// `None` if the JSON contains no such number or still does not match.
fn with_integral_floats<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let json = std::str::from_utf8(text).ok()?;
    if !Numbers::of(json).any(|number| !digits::is_integer(number) && digits::integer(number).is_some()) {
        return None;
    }
    let node: Node = counted(text)?;
    decode_budget::prepay(size_of::<T>());
    T::deserialize(Counted(&node)).ok()
}

/// Decodes JSON once more after it did not match the type, to create an error with the path of the invalid value.
fn json_text_with_path<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(Counted(&mut deserializer)).map_err(|error| {
        let path = Some(json_path::text(error.path())).filter(|path| !path.is_empty());
        DecodeError { path, ..DecodeError::new(error.inner().to_string()) }
    })?;
    deserializer.end().map_err(|error| DecodeError::new(error.to_string()))?;
    Ok(value)
}

/// Decodes JSON. Returns `None` for an empty body and for `null`.
///
/// # Errors
///
/// The same as for [`json`].
pub fn optional_json<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if without_bom(response.body()).trim_ascii().is_empty() { Ok(None) } else { json(response) }
}

/// Decodes text in the charset of the `Content-Type` (UTF-8 by default) into a `String` or any type that deserializes
/// from a string.
///
/// # Errors
///
/// The charset is unknown, the body is not valid in the charset, or the text does not match the type.
#[cfg(feature = "text")]
pub fn text<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    read_text(response.body(), content_type(response))
}

/// Decodes UTF-8 text from a source other than a response body, e.g. a command line.
#[cfg(feature = "cli")]
pub(super) fn plain_text<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    read_text(text, "")
}

/// Decodes text in the charset of this media type.
#[cfg(feature = "text")]
pub(super) fn read_text<T: DeserializeOwned>(text: &[u8], media_type: &str) -> Result<T, DecodeError> {
    let text = charset::decode(text, media_type).map_err(DecodeError::new)?;
    super::text::read(&text).map_err(|error| DecodeError::new(error.to_string()))
}

/// Decodes JSON or text, depending on the `Content-Type`, for responses that the spec documents with both media types.
/// Without a `Content-Type`, JSON is tried first.
///
/// # Errors
///
/// The same as for [`json`] or [`text`].
#[cfg(feature = "text")]
pub fn json_or_text<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    match response.header("content-type") {
        Some(value) if MediaType::of(value).is_json() => json(response),
        Some(_) => text(response),
        None => json(response).or_else(|_| text(response)),
    }
}

/// Decodes JSON or text, depending on the `Content-Type`. Returns `None` for an empty body and for `null` in JSON.
///
/// # Errors
///
/// The same as for [`json_or_text`].
#[cfg(feature = "text")]
pub fn optional_json_or_text<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if without_bom(response.body()).trim_ascii().is_empty() { Ok(None) } else { json_or_text(response) }
}

fn content_type(response: &RawResponse) -> &str {
    response.header("content-type").unwrap_or_default()
}

/// Decodes text. Returns `None` for an empty body.
///
/// # Errors
///
/// The same as for [`text`].
#[cfg(feature = "text")]
pub fn optional_text<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if response.body().is_empty() { Ok(None) } else { text(response).map(Some) }
}

/// Returns the body unchanged.
///
/// # Errors
///
/// Never fails.
#[cfg(feature = "files")]
pub fn bytes(response: &RawResponse) -> Result<Bytes, DecodeError> {
    Ok(response.body().clone())
}

/// Returns the body unchanged, or `None` for an empty body.
///
/// # Errors
///
/// Never fails.
#[cfg(feature = "files")]
pub fn optional_bytes(response: &RawResponse) -> Result<Option<Bytes>, DecodeError> {
    Ok(Some(response.body().clone()).filter(|body| !body.is_empty()))
}

/// Returns `()` and ignores the body.
///
/// # Errors
///
/// Never fails.
pub fn empty(_response: &RawResponse) -> Result<(), DecodeError> {
    Ok(())
}

/// Decodes the JSON body of an error response and wraps the value in the error enum `E`. If the body does not match the
/// type, returns the variant of `E` for raw bytes.
pub fn error_json<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    json(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Decodes the text body of an error response and wraps the value in the error enum `E`. If the body does not match the
/// type, returns the variant of `E` for raw bytes.
#[cfg(feature = "text")]
pub fn error_text<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    text(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Decodes the body of an error response that is documented as JSON and as text, and wraps the value in the error enum
/// `E`. If the body does not match the type, returns the variant of `E` for raw bytes.
#[cfg(feature = "text")]
pub fn error_json_or_text<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    json_or_text(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Returns the index of the media type in `known` that matches the `Content-Type` of a response; 0 if the response has
/// no `Content-Type`, and `None` if no media type matches. The first of these rules that applies decides:
///
/// - The media type has the same type and subtype, and all its parameters are in the `Content-Type`. If several media
///   types match, the one with the most parameters is returned.
/// - The media type has the same type and subtype.
/// - The media type is a range that contains the `Content-Type`, e.g. `image/*`.
/// - Both are JSON media types, e.g. `application/json` and `application/problem+json`.
pub fn media_type(response: &RawResponse, known: &[&str]) -> Option<usize> {
    let Some(value) = response.header("content-type") else {
        return if response.headers().contains_key("content-type") { None } else { Some(0) };
    };
    let received = MediaType::of(value);
    let position = |fits: &dyn Fn(&MediaType) -> bool| known.iter().position(|known| fits(&MediaType::of(known)));
    let in_range = |range: &MediaType| {
        range.essence == "*/*"
            || range.essence.strip_suffix('*').is_some_and(|of| of.ends_with('/') && received.essence.starts_with(of))
    };
    let all = known.iter().map(|known| MediaType::of(known)).enumerate();
    let has_parameters = |known: &MediaType| known.parameters.iter().all(|it| received.parameters.contains(it));
    all.filter(|(_, known)| known.essence == received.essence && has_parameters(known))
        .max_by_key(|(index, known)| (known.parameters.len(), std::cmp::Reverse(*index)))
        .map(|(index, _)| index)
        .or_else(|| position(&|known| known.essence == received.essence))
        .or_else(|| position(&in_range))
        .or_else(|| position(&|known| known.is_json()).filter(|_| received.is_json()))
}

/// Returns whether a media type is JSON, e.g. `application/json` or `application/problem+json`.
#[cfg(feature = "mock")]
pub(crate) fn is_json(media_type: &str) -> bool {
    MediaType::of(media_type).is_json()
}

/// A parsed media type.
struct MediaType {
    essence: String,
    /// The parameters as `name=value`, without quotes, which have no meaning (RFC 9110, section 5.6.6), and without
    /// `charset`, which is irrelevant for matching.
    parameters: Vec<String>,
}

impl MediaType {
    fn of(text: &str) -> Self {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
        let essence = parts.next().unwrap_or_default();
        let parameters = parts.filter(|it| !it.is_empty() && !it.starts_with("charset="));
        Self { essence, parameters: parameters.map(|it| it.replace('"', "")).collect() }
    }

    fn is_json(&self) -> bool {
        self.essence.ends_with("/json") || self.essence.ends_with("+json")
    }
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// Returns the reason why the body is not JSON, if it is empty or HTML.
fn hint(response: &RawResponse) -> Option<String> {
    let body = without_bom(response.body()).trim_ascii_start();
    let content_type = response.header("content-type").unwrap_or_default();
    let html = content_type.to_ascii_lowercase().starts_with("text/html")
        || body.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<html"))
        || body.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"));
    if body.is_empty() {
        Some("the body is empty".to_owned())
    } else if html {
        Some("the response is HTML, not JSON; it may come from a proxy or a login page".to_owned())
    } else {
        None
    }
}
