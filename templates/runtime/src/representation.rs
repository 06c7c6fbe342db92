//! The request body of a call: stores the value set by the caller, and encodes it according to its `Content-Type`.
//!
//! Encoding errors are reported when the call is sent.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::charset;
use super::content::{BodyInfo, BodyKind};
#[cfg(feature = "forms")]
use super::form;
#[cfg(feature = "multipart")]
use super::multipart::Parts;
use super::operation::OperationInfo;
use super::request::RequestError;
use super::wire_value::{WireValue, text_of};

impl OperationInfo {
    /// Returns all media types of the request body.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyInfo> {
        self.body.iter().chain(self.other_bodies)
    }
}

/// The body of a call.
#[derive(Clone, Default)]
pub struct Sent {
    body: Option<Content>,
    /// The parts of a multipart body.
    #[cfg(feature = "multipart")]
    pub parts: Parts,
    /// The index of the selected media type in [`OperationInfo::bodies`].
    representation: usize,
}

/// A body and its default media type.
#[derive(Clone)]
struct Content {
    body: Body,
    content_type: &'static str,
    /// The encoding of the body. Text is stored as UTF-8; [`Sent::into_body`] converts it to the charset of the media
    /// type.
    kind: BodyKind,
    /// The value as JSON, if the body is JSON, a form or JSON Lines that was encoded from a value.
    json: Option<Body>,
}

impl Call {
    /// Selects the media type of the request body by its index in the spec.
    pub fn represent(&mut self, index: usize) {
        self.content_mut().representation = index;
    }

    /// Sets the body to a value, serialized as JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        match serde_json::to_vec(value) {
            Ok(json) => self.json_text(json),
            Err(error) => self.fail(RequestError::Body(error.to_string())),
        }
    }

    /// Sets the body to JSON text, which is sent unchanged.
    pub(super) fn json_text(&mut self, json: Vec<u8>) {
        let body = Body::bytes(json);
        let (content_type, kind) = ("application/json", BodyKind::Json);
        self.content_mut().set(body.clone(), content_type, kind, Some(body));
    }

    /// Sets the body to a string.
    pub fn text(&mut self, text: impl Into<String>) {
        self.set_body(Body::bytes(text.into()), "text/plain; charset=utf-8", BodyKind::Text);
    }

    /// Sets the body to a value as plain text, such as a number or a date.
    pub fn text_of<T: Serialize + ?Sized>(&mut self, value: &T) {
        match WireValue::of(value) {
            Ok(value) => self.text(text_of(&value)),
            Err(error) => self.fail(RequestError::Body(error.to_string())),
        }
    }

    /// Sets the body to bytes, a file or a stream.
    pub fn body(&mut self, body: impl Into<Body>) {
        self.set_body(body.into(), "application/octet-stream", BodyKind::Bytes);
    }

    fn set_body(&mut self, body: Body, content_type: &'static str, kind: BodyKind) {
        self.content_mut().set(body, content_type, kind, None);
    }
}

impl Sent {
    /// Sets the body and its default media type. `json` is the value as JSON, if it was encoded from a value.
    pub fn set(&mut self, body: Body, content_type: &'static str, kind: BodyKind, json: Option<Body>) {
        self.body = Some(Content { body, content_type, kind, json });
    }

    /// Returns the selected media type of the operation; an empty string if it has none.
    #[cfg(feature = "streaming")]
    pub fn media_type(&self, info: &'static OperationInfo) -> &'static str {
        info.bodies().nth(self.representation).map_or("", |body| body.media_type)
    }

    /// Returns the value of the body as JSON, if the body is JSON, a form or JSON Lines that was encoded from a value.
    pub fn json(&self) -> Option<&Body> {
        self.body.as_ref()?.json.as_ref()
    }

    /// Returns whether a body is set, not counting multipart parts.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Returns the encoded body and adds its `Content-Type` to `headers`. If `extra_headers`, which the caller has set,
    /// contain another `Content-Type`, that one determines the charset.
    pub fn into_body(
        self,
        info: &'static OperationInfo,
        headers: &mut HeaderMap,
        extra_headers: &HeaderMap,
    ) -> Result<Body, RequestError> {
        // A media type range such as `image/*` is not a valid `Content-Type`.
        let documented = info.bodies().nth(self.representation).map(|body| body.media_type);
        let documented = documented.filter(|media_type| !media_type.contains('*'));
        let (body, content_type) = match self.body {
            Some(content) => {
                let content_type = documented.unwrap_or(content.content_type);
                let replaced = extra_headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
                let body = in_charset(content.body, content.kind, replaced.unwrap_or(content_type))?;
                (body, content_type.to_owned())
            }
            #[cfg(feature = "multipart")]
            None => match self.parts.into_body(info, documented)? {
                Some(encoded) => encoded,
                None => return Ok(Body::empty()),
            },
            #[cfg(not(feature = "multipart"))]
            None => return Ok(Body::empty()),
        };
        let value = HeaderValue::try_from(content_type).map_err(|_| RequestError::Header {
            name: CONTENT_TYPE.to_string(),
            message: "has a value that HTTP does not allow".to_owned(),
        })?;
        headers.insert(CONTENT_TYPE, value);
        Ok(body)
    }
}

/// Encodes a body in the charset of its media type.
fn in_charset(body: Body, kind: BodyKind, media_type: &str) -> Result<Body, RequestError> {
    if charset::named(media_type).is_none_or(|charset| matches!(charset.as_str(), "utf-8" | "utf8")) {
        return Ok(body);
    }
    let Some(text) = body.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return Ok(body) };
    let encoded = match kind {
        BodyKind::Text => charset::encode(text, media_type),
        BodyKind::Json => charset::encode_json(text, media_type),
        #[cfg(feature = "forms")]
        BodyKind::Form => form::in_charset(text, media_type),
        _ => return Ok(body),
    };
    encoded.map(|bytes| Body::bytes(bytes.into_owned())).map_err(RequestError::Body)
}
