//! Multipart request bodies: `multipart/form-data`, `multipart/related` and `multipart/mixed`.
//!
//! Files are streamed from disk. Names of parts are quoted as in HTML forms. The exact length of a body is known
//! before the body is sent.

mod encoding;
mod part;
mod upload;

use std::borrow::Cow;

use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::content::{BodyInfo, BodyKind};
use super::masked_json;
use super::operation::{OperationInfo, PartInfo};
use super::request::RequestError;
use super::secret_paths::{ANY_STRING, SecretPath, is_within_secret};
use super::wire_value::WireValue;
use part::PartContent;

pub use encoding::{NamedPart, encode};
pub use part::Part;
pub use upload::Upload;

/// The parts of a multipart body. Documented parts are set by their index in [`OperationInfo::parts`], undocumented
/// parts by name.
#[derive(Clone, Default)]
pub struct Parts {
    documented: Vec<Vec<Part>>,
    others: Vec<(String, Part)>,
}

impl Parts {
    /// Sets the documented part with this index.
    pub fn part(&mut self, index: usize, part: impl Into<Part>) {
        self.parts(index, [part]);
    }

    /// Sets all occurrences of the documented part with this index, for parts that may occur several times.
    pub fn parts(&mut self, index: usize, parts: impl IntoIterator<Item = impl Into<Part>>) {
        if self.documented.len() <= index {
            self.documented.resize_with(index + 1, Vec::new);
        }
        if let Some(slot) = self.documented.get_mut(index) {
            *slot = parts.into_iter().map(Into::into).collect();
        }
    }

    /// Adds an undocumented part.
    pub fn other_part(&mut self, name: impl Into<String>, part: impl Into<Part>) {
        self.others.push((name.into(), part.into()));
    }

    /// Creates a part from each property of an object; if the property is an array, a part from each of its items.
    ///
    /// # Errors
    ///
    /// Returns a message if the value is not an object.
    pub(super) fn from_properties(value: WireValue) -> Result<Self, String> {
        let WireValue::Object(properties) = value else {
            return Err("the value must be an object, because the body is a form".to_owned());
        };
        let mut parts = Self::default();
        for (name, value) in properties {
            match value {
                WireValue::Array(items) => {
                    items.iter().for_each(|item| parts.other_part(name.clone(), Part::value(item)))
                }
                value => parts.other_part(name, Part::value(&value)),
            }
        }
        Ok(parts)
    }

    /// Returns whether there are no parts.
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty() && self.documented.iter().all(Vec::is_empty)
    }

    /// Returns the secrets of the form, which error messages must not contain: the values of secret parts, and the
    /// secrets in JSON parts. `undocumented` contains the paths of secrets in parts that the spec does not document.
    pub(crate) fn secrets(&self, operation: &'static OperationInfo, undocumented: &[SecretPath]) -> Vec<String> {
        let set = operation.parts.iter().zip(&self.documented).flat_map(|(info, parts)| {
            let paths = if info.sensitive { ANY_STRING } else { operation.request_secrets };
            parts.iter().map(move |part| (info.name, paths, part))
        });
        let others = self.others.iter().map(|(name, part)| (name.as_str(), undocumented, part));
        set.chain(others)
            .flat_map(|(name, paths, part)| match &part.content {
                PartContent::Text(text) if is_within_secret(paths, &[name], false) => vec![text.clone()],
                PartContent::Json(Ok(json)) => masked_json::secrets(json, &[name], paths),
                PartContent::Text(_) | PartContent::Json(Err(_)) | PartContent::File(_) => Vec::new(),
            })
            .collect()
    }

    /// Returns the names of the parts that are set.
    pub(super) fn names(&self, infos: &'static [PartInfo]) -> Vec<&str> {
        let set = infos.iter().zip(&self.documented).filter(|(_, parts)| !parts.is_empty());
        set.map(|(info, _)| info.name).chain(self.others.iter().map(|(name, _)| name.as_str())).collect()
    }

    /// Returns all parts with their names: documented parts in the order of the spec, then undocumented parts.
    ///
    /// # Errors
    ///
    /// A required part, or a required header of a part, is missing.
    pub(super) fn named(self, infos: &'static [PartInfo]) -> Result<Vec<NamedPart>, RequestError> {
        let mut given = self.documented.into_iter();
        let mut named = Vec::new();
        for info in infos {
            let mut parts = given.next().unwrap_or_default();
            if parts.is_empty() && !self.others.iter().any(|(name, _)| name == info.name) {
                parts.extend(info.client_value.map(Part::text));
                if info.required && parts.is_empty() {
                    return Err(RequestError::MissingPart(info.name.to_owned()));
                }
            }
            if let Some(header) = parts.iter().find_map(|part| part.lacks(info.headers)) {
                let message = format!("the required header `{header}` is not set");
                return Err(RequestError::Part { name: info.name.to_owned(), message });
            }
            let name = |part| NamedPart { name: Cow::Borrowed(info.name), content_type: info.content_type, part };
            named.extend(parts.into_iter().map(name));
        }
        let others = self.others.into_iter();
        named.extend(others.map(|(name, part)| NamedPart { name: Cow::Owned(name), content_type: None, part }));
        Ok(named)
    }
}

impl Parts {
    /// Encodes the parts as the body of an operation. Returns `None` if no body is sent. `documented` is the media type
    /// that the caller selected.
    pub(super) fn into_body(
        self,
        info: &'static OperationInfo,
        documented: Option<&str>,
    ) -> Result<Option<(Body, String)>, RequestError> {
        let is_empty = self.is_empty();
        // If there are other media types, the caller may have meant to send no body rather than an empty form.
        if is_empty && !info.other_bodies.is_empty() {
            return Ok(None);
        }
        let parts = self.named(info.parts)?;
        // A required form is sent even if it has no parts.
        let is_required = |body: &BodyInfo| body.required && body.kind == BodyKind::Multipart;
        if is_empty && !info.body.as_ref().is_some_and(is_required) {
            return Ok(None);
        }
        encode(parts, documented.unwrap_or("multipart/form-data")).map(Some)
    }
}

impl Call {
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
        self.content_mut().parts = parts;
    }

    /// Sets a part of a multipart body by its index.
    pub fn part(&mut self, index: usize, part: impl Into<Part>) {
        self.content_mut().parts.part(index, part);
    }

    /// Sets all occurrences of a part that may be repeated in a multipart body, by its index.
    pub fn parts(&mut self, index: usize, parts: impl IntoIterator<Item = impl Into<Part>>) {
        self.content_mut().parts.parts(index, parts);
    }

    /// Adds an undocumented part to a multipart body.
    pub fn other_part(&mut self, name: impl Into<String>, part: impl Into<Part>) {
        self.content_mut().parts.other_part(name, part);
    }
}

/// Shows the number of parts, not their contents.
impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.documented.iter().map(Vec::len).sum::<usize>() + self.others.len();
        f.debug_struct("Parts").field("count", &count).finish_non_exhaustive()
    }
}
