//! `multipart/form-data`, `multipart/related` and `multipart/mixed`: parts, files streamed from disk, names quoted as HTML forms do.
//!
//! In: parts by name. Out: a body whose exact length is known, and its `Content-Type` with the boundary.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use super::body::Body;
use super::charset;
use super::encode;
use super::form;
use super::masked_json;
use super::operation::{OperationInfo, PartInfo};
use super::pieces::Piece;
use super::request::{RequestError, header_name, header_value};
use super::secret_paths::{ANY_STRING, SecretPath, is_within_secret};
use super::wire_value::WireValue;

/// A file to upload: from disk, read while it is sent, or from memory.
///
/// ```text
/// client.imports().upload(Path::new("certificates.zip"));
/// client.imports().upload(Upload::bytes("certificates.zip", zip));
/// ```
///
/// A file on disk may have any size, and has to stay as it is until it is sent: one that changes while it is read or
/// between two attempts is an error of kind [`Body`](super::ErrorKind::Body).
#[derive(Debug, Clone)]
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

/// Shows where the content is, not what it is.
impl std::fmt::Debug for UploadContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            UploadContent::Path(path) => path.fmt(f),
            UploadContent::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl Upload {
    /// A file on disk; its name is the last part of the path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: UploadContent::Path(path), file_name, content_type: None, headers: Vec::new() }
    }

    /// A file in memory.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let content = UploadContent::Bytes(bytes.into());
        Self { content, file_name: Some(file_name.into()), content_type: None, headers: Vec::new() }
    }

    /// Sets the name that the server sees. One with a control character cannot be sent.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, in the place of the spec's.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part that the file is.
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

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// The content of one part of a multipart body.
#[derive(Debug, Clone)]
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

/// Shows no content.
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

    /// A text, sent as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(PartContent::Text(text.into()))
    }

    /// A value as JSON. What cannot be encoded surfaces when the request is sent.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        let json = WireValue::of(value).map(|value| value.to_json().into()).map_err(|error| error.to_string());
        Self::new(PartContent::Json(json))
    }

    /// A value as OpenAPI has it for a part without a media type: plain text for a string, number or boolean, JSON for
    /// anything else. `null` is an empty text.
    pub fn value<T: Serialize + ?Sized>(value: &T) -> Self {
        match WireValue::of(value) {
            Ok(value @ (WireValue::Array(_) | WireValue::Object(_))) => Self::json(&value),
            Ok(value) => Self::text(form::text(&value)),
            Err(error) => Self::new(PartContent::Json(Err(error.to_string()))),
        }
    }

    /// Sets the media type, in the place of the spec's.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first of these headers that it does not have.
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

/// The parts of a form as they are given, set by their index in the description, or by a name that it does not have.
#[derive(Clone, Default)]
pub struct Parts {
    described: Vec<Vec<Part>>,
    others: Vec<(String, Part)>,
}

impl Parts {
    /// Sets a part.
    pub fn part(&mut self, index: usize, part: impl Into<Part>) {
        self.parts(index, [part]);
    }

    /// Sets a part that may be there several times.
    pub fn parts(&mut self, index: usize, parts: impl IntoIterator<Item = impl Into<Part>>) {
        if self.described.len() <= index {
            self.described.resize_with(index + 1, Vec::new);
        }
        if let Some(slot) = self.described.get_mut(index) {
            *slot = parts.into_iter().map(Into::into).collect();
        }
    }

    /// Adds a part that the description does not have.
    pub fn other_part(&mut self, name: impl Into<String>, part: impl Into<Part>) {
        self.others.push((name.into(), part.into()));
    }

    /// The parts that an object's members are: an array is a part for each of its elements.
    pub(super) fn of_members(value: WireValue) -> Result<Self, String> {
        let WireValue::Object(members) = value else {
            return Err("a form is made of an object's members, and the value is no object".to_owned());
        };
        let mut parts = Self::default();
        for (name, value) in members {
            match value {
                WireValue::Array(items) => {
                    items.iter().for_each(|item| parts.other_part(name.clone(), Part::value(item)))
                }
                value => parts.other_part(name, Part::value(&value)),
            }
        }
        Ok(parts)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty() && self.described.iter().all(Vec::is_empty)
    }

    /// The strings that errors must not show: those of secret parts, and of secrets in parts that are JSON. `undocumented`
    /// are the paths of the secrets in parts that the operation does not have.
    pub(crate) fn secrets(&self, operation: &'static OperationInfo, undocumented: &[SecretPath]) -> Vec<String> {
        let set = operation.parts.iter().zip(&self.described).flat_map(|(info, parts)| {
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

    /// The names of those that are there.
    pub(super) fn names(&self, described: &'static [PartInfo]) -> Vec<&str> {
        let set = described.iter().zip(&self.described).filter(|(_, parts)| !parts.is_empty());
        set.map(|(info, _)| info.name).chain(self.others.iter().map(|(name, _)| name.as_str())).collect()
    }

    /// All of them, under their names.
    ///
    /// # Errors
    ///
    /// One that is required is missing, or lacks a header that it must have.
    pub(super) fn named(self, described: &'static [PartInfo]) -> Result<Vec<NamedPart>, RequestError> {
        let mut given = self.described.into_iter();
        let mut named = Vec::new();
        for info in described {
            let mut parts = given.next().unwrap_or_default();
            if parts.is_empty() && !self.others.iter().any(|(name, _)| name == info.name) {
                parts.extend(info.client_value.map(Part::text));
                if info.required && parts.is_empty() {
                    return Err(RequestError::MissingPart(info.name.to_owned()));
                }
            }
            if let Some(header) = parts.iter().find_map(|part| part.lacks(info.headers)) {
                let message = format!("it must have the header `{header}`");
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

/// Shows how many there are, not what they are.
impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.described.iter().map(Vec::len).sum::<usize>() + self.others.len();
        f.debug_struct("Parts").field("count", &count).finish_non_exhaustive()
    }
}

/// A part under its name, with the media type that the spec gives it.
#[derive(Debug)]
pub struct NamedPart {
    /// The name of the part.
    pub name: Cow<'static, str>,
    /// The media type of the spec.
    pub content_type: Option<&'static str>,
    /// The content.
    pub part: Part,
}

/// The parts as a body of a multipart media type, and that media type with the boundary between them.
///
/// Parts of `multipart/related` (RFC 2387) have no names: a `Content-ID` says which is which, and the first is the root,
/// whose type is in the media type. Those of any other type have the names that forms have (RFC 7578).
pub fn encode(parts: impl IntoIterator<Item = NamedPart>, media_type: &str) -> Result<(Body, String), RequestError> {
    // 128 random bits: no content holds them by chance.
    let boundary = format!("clientwright-{:032x}", fastrand::u128(..));
    let is_related = media_type.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("multipart/related"));
    let mut pieces = Vec::new();
    let mut lead = "";
    let mut root = None;
    let mut ids = HashMap::new();
    for NamedPart { name, content_type, part } in parts {
        let problem =
            |message: &str| RequestError::Part { name: name.escape_debug().to_string(), message: message.to_owned() };
        let quoted_name = quoted(&name).ok_or_else(|| problem("its name has a control character"))?;
        let file_name = match &part.content {
            PartContent::File(upload) => upload.file_name.as_deref().map(quoted),
            PartContent::Text(_) | PartContent::Json(_) => None,
        };
        let file_name = file_name.map(|name| name.ok_or_else(|| problem("its file name has a control character")));
        let file_name = file_name.transpose()?.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        let mut head = format!("{lead}--{boundary}");
        lead = "\r\n";
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
                return Err(problem("its media type has a control character"));
            }
            head.push_str(&format!("\r\nContent-Type: {content_type}"));
        }
        root.get_or_insert_with(|| content_type.unwrap_or("text/plain").to_owned());
        if is_related && part.lacks(&["content-id"]).is_some() {
            head.push_str(&format!("\r\nContent-ID: <{}>", content_id(&name, &mut ids)));
        }
        for (header, value) in &part.headers {
            let header = header_name(header).map_err(|error| problem(&error.to_string()))?;
            header_value(header.as_str(), value).map_err(|error| problem(&error.to_string()))?;
            head.push_str(&format!("\r\n{header}: {value}"));
        }
        head.push_str("\r\n\r\n");
        let media_type = content_type.unwrap_or_default();
        let in_charset = |bytes: Result<Cow<'_, [u8]>, String>| {
            bytes.map(|bytes| Piece::Bytes(bytes.into_owned().into())).map_err(|message| problem(&message))
        };
        let piece = match &part.content {
            PartContent::Text(text) => in_charset(charset::encode(text, media_type))?,
            PartContent::Json(Ok(json)) => match std::str::from_utf8(json) {
                Ok(text) if charset::named(media_type).is_some() => in_charset(charset::encode_json(text, media_type))?,
                _ => Piece::Bytes(json.clone()),
            },
            PartContent::Json(Err(message)) => return Err(problem(message)),
            PartContent::File(upload) => upload.clone().into_piece(),
        };
        pieces.push(Piece::Bytes(head.into()));
        pieces.push(piece);
    }
    pieces.push(Piece::Bytes(format!("{lead}--{boundary}--\r\n").into()));
    Ok((Body::pieces(pieces), with_boundary(media_type, &boundary, root.filter(|_| is_related))))
}

/// A media type with the boundary of its parts, and the type of the root (RFC 2387, section 3.1).
fn with_boundary(media_type: &str, boundary: &str, root: Option<String>) -> String {
    let has = |parameter: &str, name: &str| {
        parameter.split('=').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(name))
    };
    // One in the spec is not the one between these parts.
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

/// The `Content-ID` of a part: its name, in characters that it may have (RFC 2392), and a number where several have it.
fn content_id(name: &str, ids: &mut HashMap<String, usize>) -> String {
    let name = utf8_percent_encode(name, encode::STRICT).to_string();
    let count = ids.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name}-{count}") }
}

/// The quoting of HTML forms: quotes are percent-encoded, all else is UTF-8 as it is. `None` where there are control
/// characters: servers disagree about where a name with NUL or a line break ends.
fn quoted(text: &str) -> Option<String> {
    (!text.contains(char::is_control)).then(|| text.replace('"', "%22"))
}
