//! Encodes parts as a multipart body.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::utf8_percent_encode;

use super::super::body::Body;
use super::super::pieces::Piece;
use super::super::request::{RequestError, header_name, header_value};
use super::super::{charset, encode};
use super::part::{Part, PartContent};

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
