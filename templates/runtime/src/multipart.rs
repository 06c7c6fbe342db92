//! Multipart request bodies: `multipart/form-data`, `multipart/related` and `multipart/mixed`.
//!
//! Files are streamed from disk. Names of parts are quoted as in HTML forms. The exact length of a body is known
//! before the body is sent.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::charset;
use super::content::{BodyInfo, BodyKind};
use super::delimited;
use super::encode;
use super::masked_json;
use super::operation::{OperationInfo, PartInfo};
use super::parameter::Style;
use super::pieces::Piece;
use super::request::{RequestError, header_name, header_value};
use super::secret_paths::{ANY_STRING, SecretPath, is_within_secret};
use super::wire_value::{WireValue, text_of};

/// A file to upload, from disk or from memory.
///
/// ```text
/// client.imports().upload(Path::new("certificates.zip"));
/// client.imports().upload(Upload::bytes("certificates.zip", zip));
/// ```
///
/// A file on disk may have any size, because it is streamed. If the file changes while it is read or between two
/// attempts of a call, the call fails with an error of kind [`Body`](super::ErrorKind::Body).
#[derive(Debug, Clone)]
#[must_use]
pub struct Upload {
    content: UploadContent,
    file_name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

#[derive(Clone)]
enum UploadContent {
    Path(PathBuf),
    Bytes(Bytes),
}

/// Shows the path of a file, or the number of bytes in memory.
impl std::fmt::Debug for UploadContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            UploadContent::Path(path) => path.fmt(f),
            UploadContent::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl Upload {
    /// Creates an upload of a file on disk. The file name sent to the server is the last segment of the path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: UploadContent::Path(path), file_name, content_type: None, headers: Vec::new() }
    }

    /// Creates an upload of bytes in memory.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let content = UploadContent::Bytes(bytes.into());
        Self { content, file_name: Some(file_name.into()), content_type: None, headers: Vec::new() }
    }

    /// Sets the file name sent to the server. It must not contain control characters.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
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

    fn into_piece(self) -> Piece {
        match self.content {
            UploadContent::Path(path) => Piece::file(path),
            UploadContent::Bytes(bytes) => Piece::Bytes(bytes),
        }
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

/// The file name is `file`: many servers accept a part as a file only if it has a file name.
impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes("file", bytes)
    }
}

/// The file name is `file`, as for [`Bytes`].
impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes("file", bytes)
    }
}

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// The content of one part of a multipart body.
#[derive(Debug, Clone)]
#[must_use]
pub struct Part {
    content: PartContent,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

#[derive(Clone)]
enum PartContent {
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
    fn lacks(&self, headers: &'static [&'static str]) -> Option<&'static str> {
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

/// Shows the number of parts, not their contents.
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

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.documented.iter().map(Vec::len).sum::<usize>() + self.others.len();
        f.debug_struct("Parts").field("count", &count).finish_non_exhaustive()
    }
}

/// A part with its name and the media type that the spec defines for it.
#[derive(Debug)]
pub struct NamedPart {
    /// The name of the part.
    pub name: Cow<'static, str>,
    /// The media type that the spec defines for the part, if any.
    pub content_type: Option<&'static str>,
    /// The content.
    pub part: Part,
}

/// Encodes parts as a multipart body. Returns the body and the value of `Content-Type`, which includes the boundary.
///
/// Parts of `multipart/related` (RFC 2387) are identified by the header `Content-ID`. The first part is the root: its
/// media type becomes the parameter `type` of `Content-Type`. Parts of other multipart types have names, as in
/// `multipart/form-data` (RFC 7578).
pub fn encode(parts: impl IntoIterator<Item = NamedPart>, media_type: &str) -> Result<(Body, String), RequestError> {
    // 128 random bits make a collision with the content practically impossible.
    let boundary = format!("clientwright-{:032x}", fastrand::u128(..));
    let is_related = media_type.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("multipart/related"));
    let mut pieces = Vec::new();
    let mut separator = "";
    let mut root = None;
    let mut ids = HashMap::new();
    for NamedPart { name, content_type, part } in parts {
        let invalid =
            |message: &str| RequestError::Part { name: name.escape_debug().to_string(), message: message.to_owned() };
        let quoted_name = quoted(&name).ok_or_else(|| invalid("its name contains a control character"))?;
        let file_name = match &part.content {
            PartContent::File(upload) => upload.file_name.as_deref().map(quoted),
            PartContent::Text(_) | PartContent::Json(_) => None,
        };
        let file_name = file_name.map(|name| name.ok_or_else(|| invalid("its file name contains a control character")));
        let file_name = file_name.transpose()?.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        let mut head = format!("{separator}--{boundary}");
        separator = "\r\n";
        if !is_related {
            head.push_str(&format!("\r\nContent-Disposition: form-data; name=\"{quoted_name}\"{file_name}"));
        } else if !file_name.is_empty() && part.lacks(&["content-disposition"]).is_some() {
            head.push_str(&format!("\r\nContent-Disposition: attachment{file_name}"));
        }
        let default = match &part.content {
            PartContent::Text(_) => None,
            PartContent::Json(_) => Some("application/json"),
            PartContent::File(_) => Some("application/octet-stream"),
        };
        let content_type = part.content_type.as_deref().or(content_type).or(default);
        if let Some(content_type) = content_type {
            if content_type.chars().any(char::is_control) {
                return Err(invalid("its media type contains a control character"));
            }
            head.push_str(&format!("\r\nContent-Type: {content_type}"));
        }
        root.get_or_insert_with(|| content_type.unwrap_or("text/plain").to_owned());
        if is_related && part.lacks(&["content-id"]).is_some() {
            head.push_str(&format!("\r\nContent-ID: <{}>", content_id(&name, &mut ids)));
        }
        for (header, value) in &part.headers {
            let header = header_name(header).map_err(|error| invalid(&error.to_string()))?;
            header_value(header.as_str(), value).map_err(|error| invalid(&error.to_string()))?;
            head.push_str(&format!("\r\n{header}: {value}"));
        }
        head.push_str("\r\n\r\n");
        let media_type = content_type.unwrap_or_default();
        let in_charset = |bytes: Result<Cow<'_, [u8]>, String>| {
            bytes.map(|bytes| Piece::Bytes(bytes.into_owned().into())).map_err(|message| invalid(&message))
        };
        let piece = match &part.content {
            PartContent::Text(text) => in_charset(charset::encode(text, media_type))?,
            PartContent::Json(Ok(json)) => match std::str::from_utf8(json) {
                Ok(text) if charset::named(media_type).is_some() => in_charset(charset::encode_json(text, media_type))?,
                _ => Piece::Bytes(json.clone()),
            },
            PartContent::Json(Err(message)) => return Err(invalid(message)),
            PartContent::File(upload) => upload.clone().into_piece(),
        };
        pieces.push(Piece::Bytes(head.into()));
        pieces.push(piece);
    }
    pieces.push(Piece::Bytes(format!("{separator}--{boundary}--\r\n").into()));
    Ok((Body::pieces(pieces), with_boundary(media_type, &boundary, root.filter(|_| is_related))))
}

/// Adds the boundary to a media type and, for `multipart/related`, the media type of the root part (RFC 2387, section
/// 3.1).
fn with_boundary(media_type: &str, boundary: &str, root: Option<String>) -> String {
    let has = |parameter: &str, name: &str| {
        parameter.split('=').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(name))
    };
    // A boundary in the media type of the spec is replaced.
    let mut parameters = media_type.split(';').map(str::trim).filter(|parameter| !has(parameter, "boundary"));
    let essence = parameters.next().unwrap_or_default();
    let mut text = format!("{essence}; boundary={boundary}");
    let parameters: Vec<&str> = parameters.filter(|parameter| !parameter.is_empty()).collect();
    if let Some(root) = root.filter(|_| !parameters.iter().any(|parameter| has(parameter, "type"))) {
        let essence = root.split(';').next().unwrap_or_default().trim();
        text.push_str(&format!("; type=\"{}\"", essence.replace(['"', '\\'], "")));
    }
    parameters.iter().for_each(|parameter| text.push_str(&format!("; {parameter}")));
    text
}

/// Returns the `Content-ID` of a part (RFC 2392): its percent-encoded name, numbered if several parts have the same
/// name.
fn content_id(name: &str, ids: &mut HashMap<String, usize>) -> String {
    let name = utf8_percent_encode(name, encode::STRICT).to_string();
    let count = ids.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name}-{count}") }
}

/// Quotes a name as in HTML forms: quotation marks are percent-encoded, all other characters are unencoded UTF-8.
///
/// Returns `None` if the name contains control characters, since servers disagree about where a name with NUL or a line
/// break ends.
fn quoted(text: &str) -> Option<String> {
    (!text.contains(char::is_control)).then(|| text.replace('"', "%22"))
}
