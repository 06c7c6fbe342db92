//! Parsing of `multipart/form-data` bodies, in the format written by the module `multipart`.

use std::fmt;

use bytes::Bytes;

/// A part of a recorded `multipart/form-data` body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedPart {
    /// The name of the part.
    pub name: String,
    /// The file name, if the part is a file.
    pub file_name: Option<String>,
    /// The media type from `Content-Type`, if the part has this header.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

impl RecordedPart {
    /// Returns the content as a string; invalid UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Shows the size of the content instead of the content.
impl fmt::Debug for RecordedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedPart")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Returns the parts of a body, or an empty list if the body is not `multipart/form-data`.
pub(super) fn parts(content_type: &str, body: &Bytes) -> Vec<RecordedPart> {
    let mut found = Vec::new();
    let Some((_, boundary)) = content_type.split_once("boundary=") else { return found };
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let opening = format!("--{boundary}");
    let closing = format!("\r\n{opening}");
    let Some(mut rest) = body.strip_prefix(opening.as_bytes()) else { return found };
    // A boundary is followed by a line break and a part; the last boundary is followed by `--`.
    while let Some(part) = rest.strip_prefix(b"\r\n")
        && let Some(end) = position(part, closing.as_bytes())
        && let (Some(part), Some(after)) = (part.get(..end), part.get(end + closing.len()..))
    {
        if let Some(head) = position(part, b"\r\n\r\n")
            && let (Some(head), Some(content)) = (part.get(..head), part.get(head + 4..))
        {
            found.push(part_of(&String::from_utf8_lossy(head), body.slice_ref(content)));
        }
        rest = after;
    }
    found
}

fn part_of(head: &str, bytes: Bytes) -> RecordedPart {
    let mut part = RecordedPart { name: String::new(), file_name: None, content_type: None, bytes };
    for line in head.split("\r\n") {
        let Some((header, value)) = line.split_once(": ") else { continue };
        if header.eq_ignore_ascii_case("content-type") {
            part.content_type = Some(value.to_owned());
        } else if header.eq_ignore_ascii_case("content-disposition") {
            part.name = quoted(value, "; name=\"").unwrap_or_default();
            part.file_name = quoted(value, "; filename=\"");
        }
    }
    part
}

/// Returns the text between `before`, which ends with a quote, and the next quote. `%22` is decoded to a quote.
fn quoted(value: &str, before: &str) -> Option<String> {
    let (_, after) = value.split_once(before)?;
    let (text, _) = after.split_once('"')?;
    Some(text.replace("%22", "\""))
}

fn position(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}
