//! Reading answers: JSON, text, bytes, nothing.
//!
//! In: a [`RawResponse`]. Out: a value, or a [`DecodeError`] that names the JSON path.

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

/// A body that is not what the spec promises.
#[derive(Debug)]
pub struct DecodeError {
    path: Option<String>,
    reason: String,
    hint: Option<String>,
    is_too_large: bool,
}

impl DecodeError {
    /// An error of this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { path: None, reason: reason.into(), hint: None, is_too_large: false }
    }

    /// Where in the JSON text the trouble is, as in `items[3].status`; `None` where it is the whole.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref().filter(|path| *path != UNKNOWN_PATH)
    }

    /// The value of a body of this many bytes takes more memory than it may.
    fn too_large(body: usize) -> Self {
        let memory = decode_budget::memory(body) / (1024 * 1024);
        let reason = format!(
            "a body of {body} bytes may become a value of {memory} MiB at most, and this one becomes a larger one; a \
             higher `max_response_bytes`, of the client or the call, allows more"
        );
        Self { is_too_large: true, ..Self::new(reason) }
    }

    /// Whether the value would take more memory than allowed.
    pub(crate) fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Replaces the reason where the place is a secret, or may be one: it may quote the value.
    pub(crate) fn redacted(mut self, secrets: &[SecretPath]) -> Self {
        if !secrets.is_empty() {
            let place = self.place();
            let place: Option<Vec<&str>> = place.as_ref().map(|steps| steps.iter().map(String::as_str).collect());
            if place.is_none_or(|place| is_within_secret(secrets, &place, false)) {
                self.reason = "not what the spec promises (the value is a secret)".to_owned();
            }
        }
        self
    }

    /// The steps to the place; `None` where they are not known.
    fn place(&self) -> Option<Vec<String>> {
        let (mut steps, rest) = json_path::steps(self.path.as_deref().unwrap_or_default())?;
        if !rest.is_empty() {
            return None;
        }
        // Each union on the way puts the path within it in front of the reason.
        let mut reason = self.reason.as_str();
        while let Some(inner) = reason.strip_prefix(PATH_PREFIX) {
            let (inner, rest) = json_path::steps(inner)?;
            steps.extend(inner);
            reason = rest.strip_prefix(": ")?;
        }
        Some(steps)
    }
}

/// The path of a place that is not known.
const UNKNOWN_PATH: &str = "?";

/// What precedes a path in a message.
const PATH_PREFIX: &str = "at ";

/// The message of an error within a union, with its path within the union in front.
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

/// Reads JSON, whatever media type the `Content-Type` says. It is UTF-8 by definition: a `charset` counts only where the
/// bytes cannot be UTF-8.
///
/// # Errors
///
/// The body is no JSON, or not of this type; the error names the path.
pub fn json<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    let text = charset::decode_json(response.body(), content_type(response));
    json_text(&text).map_err(|error| DecodeError { hint: hint(response), ..error })
}

/// Reads JSON, wherever it comes from, within the [budget](super::decode_budget) that a text of its length has.
pub(crate) fn json_text<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let text = without_bom(text);
    let exceeded = |_| DecodeError::too_large(text.len());
    // To keep the path at hand costs more than to read: only a text that does not fit is read again for it.
    if let Some(value) = decode_budget::account(text.len(), || counted(text)).map_err(exceeded)? {
        return Ok(value);
    }
    // Where this takes more memory, what is wrong with the text itself is the better error.
    match decode_budget::account(text.len(), || with_whole_numbers(text)) {
        Ok(Some(value)) => Ok(value),
        Ok(None) | Err(_) => decode_budget::account(text.len(), || json_text_with_path(text)).map_err(exceeded)?,
    }
}

/// Reads JSON; nothing where it does not fit.
fn counted<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    decode_budget::prepay(size_of::<T>());
    let value = T::deserialize(Counted(&mut deserializer)).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// Reads what does not fit once more, `5.0` as the integer that it is; nothing where that makes no difference.
fn with_whole_numbers<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let json = std::str::from_utf8(text).ok()?;
    if !Numbers::of(json).any(|number| !digits::is_integer(number) && digits::integer(number).is_some()) {
        return None;
    }
    let node: Node = counted(text)?;
    decode_budget::prepay(size_of::<T>());
    T::deserialize(Counted(&node)).ok()
}

/// Reads JSON that does not fit, for an error that knows its path.
fn json_text_with_path<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(Counted(&mut deserializer)).map_err(|error| {
        let path = Some(json_path::text(error.path())).filter(|path| !path.is_empty());
        DecodeError { path, ..DecodeError::new(error.inner().to_string()) }
    })?;
    deserializer.end().map_err(|error| DecodeError::new(error.to_string()))?;
    Ok(value)
}

/// Reads JSON; an empty body is `None`, and so is `null`.
///
/// # Errors
///
/// As for [`json`].
pub fn optional_json<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if without_bom(response.body()).trim_ascii().is_empty() { Ok(None) } else { json(response) }
}

/// Reads text in the charset of the `Content-Type`, UTF-8 where it names none, into a `String` or any type that
/// deserializes from a string.
///
/// # Errors
///
/// The charset is not known, the body is no text in it, or the text is none that the type takes.
pub fn text<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    read_text(response.body(), content_type(response))
}

/// Reads text that comes from elsewhere, in UTF-8.
#[cfg(feature = "cli")]
pub(super) fn plain_text<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    read_text(text, "")
}

/// Reads text of this media type.
pub(super) fn read_text<T: DeserializeOwned>(text: &[u8], media_type: &str) -> Result<T, DecodeError> {
    let text = charset::decode(text, media_type).map_err(DecodeError::new)?;
    super::text::read(&text).map_err(|error| DecodeError::new(error.to_string()))
}

/// Reads JSON or text, as the `Content-Type` says: the spec documents the same value as both. Without one, it is JSON
/// where it can be read as that.
///
/// # Errors
///
/// As for [`json`] or [`text`].
pub fn json_or_text<T: DeserializeOwned>(response: &RawResponse) -> Result<T, DecodeError> {
    match response.header("content-type") {
        Some(told) if Spelt::of(told).is_json() => json(response),
        Some(_) => text(response),
        None => json(response).or_else(|_| text(response)),
    }
}

/// Reads JSON or text; an empty body is `None`, and so is `null` in JSON.
///
/// # Errors
///
/// As for [`json_or_text`].
pub fn optional_json_or_text<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if without_bom(response.body()).trim_ascii().is_empty() { Ok(None) } else { json_or_text(response) }
}

fn content_type(response: &RawResponse) -> &str {
    response.header("content-type").unwrap_or_default()
}

/// Reads text; an empty body is `None`.
///
/// # Errors
///
/// As for [`text`].
pub fn optional_text<T: DeserializeOwned>(response: &RawResponse) -> Result<Option<T>, DecodeError> {
    if response.body().is_empty() { Ok(None) } else { text(response).map(Some) }
}

/// Gives the body as it came.
///
/// # Errors
///
/// None.
pub fn bytes(response: &RawResponse) -> Result<Bytes, DecodeError> {
    Ok(response.body().clone())
}

/// Gives the body as it came; an empty one is `None`.
///
/// # Errors
///
/// None.
pub fn optional_bytes(response: &RawResponse) -> Result<Option<Bytes>, DecodeError> {
    Ok(Some(response.body().clone()).filter(|body| !body.is_empty()))
}

/// Reads nothing: what the body holds does not matter.
///
/// # Errors
///
/// None.
pub fn empty(_response: &RawResponse) -> Result<(), DecodeError> {
    Ok(())
}

/// Reads the JSON body of an error; the raw bytes where it is not of this type.
pub fn error_json<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    json(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Reads the text body of an error; the raw bytes where it is not of this type.
pub fn error_text<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    text(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Reads the body of an error that is documented as JSON and as text; the raw bytes where it is not of this type.
pub fn error_json_or_text<T, E>(response: &RawResponse, wrap: impl FnOnce(T) -> E) -> E
where
    T: DeserializeOwned,
    E: From<Bytes>,
{
    json_or_text(response).map_or_else(|_| E::from(response.body().clone()), wrap)
}

/// Which of these media types an answer is of: of those that say the same and have no parameters but the answer's, the one
/// with the most; else a range that it is in, else any JSON where it is JSON. An answer that does not say its media type
/// counts as of the first.
pub fn media_type(response: &RawResponse, known: &[&str]) -> Option<usize> {
    let Some(told) = response.header("content-type") else {
        return if response.headers().contains_key("content-type") { None } else { Some(0) };
    };
    let told = Spelt::of(told);
    let position = |fits: &dyn Fn(&Spelt) -> bool| known.iter().position(|known| fits(&Spelt::of(known)));
    let in_range = |range: &Spelt| {
        range.essence == "*/*"
            || range.essence.strip_suffix('*').is_some_and(|of| of.ends_with('/') && told.essence.starts_with(of))
    };
    let all = known.iter().map(|known| Spelt::of(known)).enumerate();
    let told_too = |known: &Spelt| known.parameters.iter().all(|it| told.parameters.contains(it));
    all.filter(|(_, known)| known.essence == told.essence && told_too(known))
        .max_by_key(|(index, known)| (known.parameters.len(), std::cmp::Reverse(*index)))
        .map(|(index, _)| index)
        .or_else(|| position(&|known| known.essence == told.essence))
        .or_else(|| position(&in_range))
        .or_else(|| position(&|known| known.is_json()).filter(|_| told.is_json()))
}

/// Whether a media type is one of JSON.
#[cfg(feature = "mock")]
pub(crate) fn is_json(media_type: &str) -> bool {
    Spelt::of(media_type).is_json()
}

/// A media type, as far as it matters which one it is.
struct Spelt {
    essence: String,
    /// Without quotes, which mean nothing (RFC 9110, section 5.6.6); what a charset is called has no meaning here.
    parameters: Vec<String>,
}

impl Spelt {
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

/// What the body is, where it is plainly no JSON.
fn hint(response: &RawResponse) -> Option<String> {
    let body = without_bom(response.body()).trim_ascii_start();
    let content_type = response.header("content-type").unwrap_or_default();
    let html = content_type.to_ascii_lowercase().starts_with("text/html")
        || body.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<html"))
        || body.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"));
    if body.is_empty() {
        Some("the body is empty".to_owned())
    } else if html {
        Some("the answer is HTML, not JSON: a proxy or a login page may have answered".to_owned())
    } else {
        None
    }
}
