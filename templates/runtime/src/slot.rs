//! The value of a parameter of a call. It is encoded when it is set; the call only puts the encoded values together.

use http::header::HeaderValue;

use super::encode;
use super::parameter::{Location, ParameterInfo};
use super::request::RequestError;
use super::wire_value::WireValue;

/// The value of a parameter.
#[derive(Clone)]
pub struct Slot {
    /// The encoded value, or the error that sending the call returns.
    encoded: Result<Encoded, RequestError>,
    /// The strings of the value, if it is a secret that error messages mask.
    secrets: Vec<String>,
    /// The value before it was encoded, which listings and mocks read. `None` if it cannot be serialized.
    #[cfg(any(feature = "mock", feature = "paging"))]
    value: Option<WireValue>,
}

/// An encoded value.
#[derive(Clone)]
pub enum Encoded {
    /// The text that replaces `{name}` in the path.
    Segment(String),
    /// Pairs `name=value` of the query or of the header `Cookie`. Empty for an empty array or object.
    Pairs(Vec<String>),
    /// The value of a header; `None` for an empty array or object.
    Header(Option<HeaderValue>),
}

impl Slot {
    /// Encodes a value, which could not be serialized if it is an error.
    pub fn new(info: &ParameterInfo, value: Result<WireValue, serde_json::Error>) -> Self {
        let value = value.map_err(|error| encode::error(info, &format!("cannot be encoded: {error}")));
        let secrets = match &value {
            Ok(value) if info.sensitive => strings(value).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        Self {
            encoded: value.as_ref().map_err(Clone::clone).and_then(|value| encoded(info, value)),
            secrets,
            #[cfg(any(feature = "mock", feature = "paging"))]
            value: value.ok(),
        }
    }

    /// Encodes the value that is sent if the caller does not set the parameter; `None` if there is no such value.
    pub fn client_value(info: &ParameterInfo) -> Option<Self> {
        info.client_value.map(|text| Self::new(info, Ok(WireValue::String(text.to_owned()))))
    }

    /// Returns the text that replaces `{name}` in the path, or the error if the value cannot be encoded. `None` if the
    /// parameter is not in the path.
    pub fn segment(&self) -> Option<Result<&str, RequestError>> {
        match &self.encoded {
            Ok(Encoded::Segment(text)) => Some(Ok(text)),
            Ok(_) => None,
            Err(error) => Some(Err(error.clone())),
        }
    }

    /// Returns the encoded value.
    ///
    /// # Errors
    ///
    /// The value cannot be encoded.
    pub fn into_encoded(self) -> Result<Encoded, RequestError> {
        self.encoded
    }

    /// Returns the strings that error messages mask.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// Returns the value that is encoded, or `None` if no value was set.
    #[cfg(any(feature = "mock", feature = "paging"))]
    pub fn value(&self) -> Option<&WireValue> {
        self.value.as_ref()
    }
}

fn encoded(info: &ParameterInfo, value: &WireValue) -> Result<Encoded, RequestError> {
    let mut pairs = Vec::new();
    match info.location {
        Location::Path => return encode::path(info, value).map(|text| Encoded::Segment(text.into_owned())),
        Location::Header => return header(info, value).map(Encoded::Header),
        Location::Query => encode::query(info, value, &mut pairs)?,
        Location::QueryString => encode::query_string(info, value, &mut pairs)?,
        Location::Cookie => encode::cookie(info, value, &mut pairs)?,
    }
    Ok(Encoded::Pairs(pairs))
}

fn header(info: &ParameterInfo, value: &WireValue) -> Result<Option<HeaderValue>, RequestError> {
    let Some(text) = encode::header(info, value)? else { return Ok(None) };
    // `encode::header` has checked the characters of `text`.
    let invalid =
        |_| RequestError::Header { name: info.name.to_owned(), message: "contains an invalid character".to_owned() };
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(invalid)?;
    value.set_sensitive(info.sensitive);
    Ok(Some(value))
}

/// Returns the strings of a secret value: the value itself if it is a string, or the strings in an array.
fn strings(value: &WireValue) -> impl Iterator<Item = &str> {
    value.as_str().into_iter().chain(value.items().iter().filter_map(WireValue::as_str))
}
