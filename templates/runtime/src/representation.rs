//! The request body of a call: stores the value set by the caller, and encodes it according to its `Content-Type`.
//!
//! Encoding errors are reported when the call is sent.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::charset;
use super::content::{BodyInfo, BodyKind};
use super::form;
use super::multipart::{self, Part, Parts};
use super::operation::OperationInfo;
use super::request::RequestError;
use super::streaming;
use super::wire_value::WireValue;

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
        self.content.representation = index;
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
        self.content.body = Some(Content { body: body.clone(), content_type, kind, json: Some(body) });
    }

    /// Sets the body to JSON values. They are encoded as a JSON text sequence (RFC 7464) if the media type of the body
    /// requires it, or else as one value per line.
    pub fn json_lines<T: Serialize>(&mut self, items: &[T]) {
        let media_type = self.info().bodies().nth(self.content.representation).map_or("", |body| body.media_type);
        match streaming::json_lines(items, media_type) {
            Ok((lines, array)) => {
                let (body, content_type, kind) = (Body::bytes(lines), "application/jsonl", BodyKind::JsonLines);
                self.content.body = Some(Content { body, content_type, kind, json: Some(Body::bytes(array)) });
            }
            Err(error) => self.fail(RequestError::Body(error.to_string())),
        }
    }

    /// Sets the body to a string.
    pub fn text(&mut self, text: impl Into<String>) {
        self.set_body(Body::bytes(text.into()), "text/plain; charset=utf-8", BodyKind::Text);
    }

    /// Sets the body to a value as plain text, such as a number or a date.
    pub fn text_of<T: Serialize + ?Sized>(&mut self, value: &T) {
        match WireValue::of(value) {
            Ok(value) => self.text(form::text(&value)),
            Err(error) => self.fail(RequestError::Body(error.to_string())),
        }
    }

    /// Sets the body to the properties of a value, as `application/x-www-form-urlencoded`.
    pub fn form<T: Serialize + ?Sized>(&mut self, value: &T) {
        let value = WireValue::of(value).map_err(|error| error.to_string());
        let form = value.and_then(|value| Ok((form::encode(&value, self.info().fields)?, value)));
        match form {
            Ok((form, value)) => {
                let json = Some(Body::bytes(value.to_json()));
                let (content_type, kind) = ("application/x-www-form-urlencoded", BodyKind::Form);
                self.content.body = Some(Content { body: Body::bytes(form), content_type, kind, json });
            }
            Err(error) => self.fail(RequestError::Body(error)),
        }
    }

    /// Sets the parts of a multipart body to the properties of a value.
    pub fn multipart_of<T: Serialize + ?Sized>(&mut self, value: &T) {
        let value = WireValue::of(value).map_err(|error| error.to_string());
        match value.and_then(Parts::from_properties) {
            Ok(parts) => self.multipart(parts),
            Err(error) => self.fail(RequestError::Body(error)),
        }
    }

    /// Sets the parts of a multipart body.
    pub fn multipart(&mut self, parts: Parts) {
        self.content.parts = parts;
    }

    /// Sets the body to bytes, a file or a stream.
    pub fn body(&mut self, body: impl Into<Body>) {
        self.set_body(body.into(), "application/octet-stream", BodyKind::Bytes);
    }

    /// Sets a part of a multipart body by its index.
    pub fn part(&mut self, index: usize, part: impl Into<Part>) {
        self.content.parts.part(index, part);
    }

    /// Sets all occurrences of a part that may be repeated in a multipart body, by its index.
    pub fn parts(&mut self, index: usize, parts: impl IntoIterator<Item = impl Into<Part>>) {
        self.content.parts.parts(index, parts);
    }

    /// Adds an undocumented part to a multipart body.
    pub fn other_part(&mut self, name: impl Into<String>, part: impl Into<Part>) {
        self.content.parts.other_part(name, part);
    }

    fn set_body(&mut self, body: Body, content_type: &'static str, kind: BodyKind) {
        self.content.body = Some(Content { body, content_type, kind, json: None });
    }
}

impl Sent {
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
            None => {
                let is_empty = self.parts.is_empty();
                // If there are other media types, the caller may have meant to send no body rather than an empty form.
                if is_empty && !info.other_bodies.is_empty() {
                    return Ok(Body::empty());
                }
                let parts = self.parts.named(info.parts)?;
                // A required form is sent even if it has no parts.
                let is_required = |body: &BodyInfo| body.required && body.kind == BodyKind::Multipart;
                if is_empty && !info.body.as_ref().is_some_and(is_required) {
                    return Ok(Body::empty());
                }
                multipart::encode(parts, documented.unwrap_or("multipart/form-data"))?
            }
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
    let Some(charset) = charset::named(media_type).filter(|charset| !matches!(charset.as_str(), "utf-8" | "utf8"))
    else {
        return Ok(body);
    };
    let Some(text) = body.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return Ok(body) };
    let encoded = match kind {
        BodyKind::Text => charset::encode(text, media_type),
        BodyKind::Json => charset::encode_json(text, media_type),
        // Percent-encoded characters beyond ASCII are UTF-8 (WHATWG's URL Standard, "urlencoded serializing").
        BodyKind::Form if form::is_ascii(text) => charset::encode(text, media_type),
        BodyKind::Form => {
            Err(format!("the charset `{charset}` is not supported for a form with non-ASCII characters: use UTF-8"))
        }
        _ => return Ok(body),
    };
    encoded.map(|bytes| Body::bytes(bytes.into_owned())).map_err(RequestError::Body)
}
