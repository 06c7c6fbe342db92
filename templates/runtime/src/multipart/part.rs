//! The content of a part.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;

use super::super::delimited;
use super::super::parameter::Style;
use super::super::wire_value::{WireValue, text_of};
use super::upload::Upload;

/// The content of one part of a multipart body.
#[derive(Debug, Clone)]
#[must_use]
pub struct Part {
    pub(super) content: PartContent,
    pub(super) content_type: Option<String>,
    pub(super) headers: Vec<(String, String)>,
}

#[derive(Clone)]
pub(super) enum PartContent {
    Text(String),
    Json(Result<Bytes, String>),
    File(Upload),
}

/// Shows the name of the variant, but not its text or JSON, which may be secret.
impl std::fmt::Debug for PartContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PartContent::Text(_) => f.write_str("Text"),
            PartContent::Json(_) => f.write_str("Json"),
            PartContent::File(upload) => upload.fmt(f),
        }
    }
}

impl Part {
    fn new(content: PartContent) -> Self {
        Self { content, content_type: None, headers: Vec::new() }
    }

    /// Creates a part with plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(PartContent::Text(text.into()))
    }

    /// Creates a part with a JSON value. Encoding errors are reported when the request is sent.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        let json = WireValue::of(value).map(|value| value.to_json().into()).map_err(|error| error.to_string());
        Self::new(PartContent::Json(json))
    }

    /// Creates a part with a value in OpenAPI's default encoding: plain text for strings, numbers and booleans, JSON
    /// for arrays and objects. `null` becomes an empty part.
    pub fn value<T: Serialize + ?Sized>(value: &T) -> Self {
        match WireValue::of(value) {
            Ok(value @ (WireValue::Array(_) | WireValue::Object(_))) => Self::json(&value),
            Ok(value) => Self::text(text_of(&value)),
            Err(error) => Self::new(PartContent::Json(Err(error.to_string()))),
        }
    }

    /// Creates a part with the items of an array, joined in the first of these styles. The items of arrays within that
    /// array are joined in the second style, and so on. An error, such as an item that contains the separator, is
    /// reported when the request is sent.
    pub fn delimited<T: Serialize + ?Sized>(value: &T, styles: &[Style]) -> Self {
        let separators: Vec<&'static str> = styles.iter().map(|style| delimited::unescaped_separator(*style)).collect();
        let joined = WireValue::of(value)
            .map_err(|error| error.to_string())
            .and_then(|value| delimited::join(&value, &separators, &|value| Ok(text_of(value))).map(Cow::into_owned));
        match joined {
            Ok(text) => Self::text(text),
            Err(message) => Self::new(PartContent::Json(Err(message))),
        }
    }

    /// Sets the media type of the part, instead of the media type in the spec.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Returns the first of these header names that the part lacks, or `None` if the part has all these headers.
    pub(super) fn lacks(&self, headers: &'static [&'static str]) -> Option<&'static str> {
        let has = |name: &str| self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        headers.iter().copied().find(|name| !has(name))
    }
}

impl From<Upload> for Part {
    fn from(mut upload: Upload) -> Self {
        let (content_type, headers) = (upload.content_type.take(), std::mem::take(&mut upload.headers));
        Self { content: PartContent::File(upload), content_type, headers }
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        Upload::from(path).into()
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        Upload::from(path).into()
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
