//! Splits multipart bodies (RFC 2046, section 5.1) into parts, and decodes the parts.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use super::{Event, Frame, essence, too_long};
use crate::runtime::charset;
use crate::runtime::decode::{self, DecodeError};
use crate::runtime::disposition;

/// A part of a multipart response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedPart<D> {
    /// The headers of the part, such as `Content-Type`.
    pub headers: HeaderMap,
    /// The content.
    pub content: D,
}

/// Serializes the headers as an object of strings.
#[cfg(any(feature = "cli", feature = "mock"))]
impl<D: serde::Serialize> serde::Serialize for ReceivedPart<D> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: std::collections::BTreeMap<&str, String> =
            self.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
        let mut part = serializer.serialize_struct("ReceivedPart", 2)?;
        part.serialize_field("headers", &headers)?;
        part.serialize_field("content", &self.content)?;
        part.end()
    }
}

/// Decodes a part whose content is a JSON value of type `T`.
///
/// # Errors
///
/// A header is invalid, or the content is not JSON or does not match the type `T`.
pub fn json_part<T: DeserializeOwned>(frame: Frame) -> Result<ReceivedPart<T>, DecodeError> {
    let (headers, content) = split(&frame.data)?;
    let content = decode::json_text(content)?;
    Ok(ReceivedPart { headers, content })
}

/// Decodes a part whose content is text in the charset of its media type.
///
/// # Errors
///
/// A header is invalid, or the content is not text in this charset.
pub fn text_part(frame: Frame) -> Result<ReceivedPart<String>, DecodeError> {
    let (headers, content) = split(&frame.data)?;
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content = charset::decode(content, media_type).map_err(DecodeError::new)?.into_owned();
    Ok(ReceivedPart { headers, content })
}

/// Decodes a part whose content is bytes.
///
/// # Errors
///
/// A header is invalid.
pub fn bytes_part(frame: Frame) -> Result<ReceivedPart<Bytes>, DecodeError> {
    let (headers, content) = split(&frame.data)?;
    let content = Bytes::copy_from_slice(content);
    Ok(ReceivedPart { headers, content })
}

/// Splits a part at the empty line between its headers and its content.
fn split(part: &[u8]) -> Result<(HeaderMap, &[u8]), DecodeError> {
    let mut headers = HeaderMap::new();
    let mut rest = part;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let (name, value) = header(line).ok_or_else(|| DecodeError::new("a header of a part is invalid"))?;
        headers.append(name, value);
    }
    Ok((headers, rest))
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.get(1..)?.trim_ascii();
    Some((HeaderName::from_bytes(name.trim_ascii()).ok()?, HeaderValue::from_bytes(value).ok()?))
}

/// A splitter of multipart bodies. The text before the first part and the text after the last part are ignored.
///
/// Every byte is scanned once, regardless of the size of chunks.
#[derive(Debug)]
pub struct Parts {
    /// The bytes that end a part: a line break, two hyphens and the boundary.
    delimiter: Vec<u8>,
    /// The bytes received after the last part that was returned.
    buffer: Vec<u8>,
    /// The number of bytes at the beginning of the buffer in which no delimiter begins.
    scanned: usize,
    position: Position,
    /// Whether the stream has ended.
    finished: bool,
    /// The maximum size of a part in bytes.
    limit: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    BeforeFirst,
    InPart,
    AfterLast,
}

impl Parts {
    /// Creates a splitter for a response with this `Content-Type`; `limit` is the maximum size of a part in bytes.
    ///
    /// # Errors
    ///
    /// The `Content-Type` is not a multipart type with a boundary.
    pub fn new(limit: u64, content_type: Option<&str>) -> Result<Self, DecodeError> {
        let content_type = content_type.unwrap_or_default();
        let parameters = disposition::parameters(content_type);
        let boundary = parameters.into_iter().find(|(name, value)| name == "boundary" && !value.is_empty());
        let boundary = boundary.filter(|_| essence(content_type).starts_with("multipart/"));
        let Some((_, boundary)) = boundary else {
            let found = content_type.escape_debug();
            return Err(DecodeError::new(format!(
                "the response has the type `{found}` instead of `multipart/…` with a boundary"
            )));
        };
        Ok(Self {
            delimiter: format!("\n--{boundary}").into_bytes(),
            // The first delimiter may be at the beginning of the body, without a line break.
            buffer: vec![b'\n'],
            scanned: 0,
            position: Position::BeforeFirst,
            finished: false,
            limit,
        })
    }

    /// Adds the next chunk of the body.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.position != Position::AfterLast {
            self.buffer.extend_from_slice(chunk);
        }
    }

    /// Marks the end of the stream.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Returns the next part with its headers, or `None` if another chunk is needed.
    ///
    /// # Errors
    ///
    /// The part exceeds the limit, or the body ends within a part. The stream cannot be split further.
    pub fn next(&mut self) -> Result<Option<Frame>, DecodeError> {
        while self.position != Position::AfterLast {
            let Some((at, after, is_last)) = self.delimiter() else {
                if self.position == Position::InPart && self.finished {
                    return Err(DecodeError::new("the response ends within a part"));
                }
                // The buffer may end with an incomplete delimiter, which does not belong to the part.
                if self.buffer.len() as u64 > self.limit.saturating_add(self.delimiter.len() as u64) {
                    return Err(too_long(self.limit));
                }
                return Ok(None);
            };
            // The buffer begins with the line break before the part, because another delimiter may follow immediately.
            let part = self.buffer.get(1..at).unwrap_or_default();
            let part = part.strip_suffix(b"\r").unwrap_or(part);
            if part.len() as u64 > self.limit {
                return Err(too_long(self.limit));
            }
            let part = (self.position == Position::InPart).then(|| part.to_vec());
            self.buffer.drain(..after);
            self.scanned = 0;
            self.position = if is_last { Position::AfterLast } else { Position::InPart };
            if is_last {
                self.buffer = Vec::new();
            }
            if let Some(part) = part {
                return Ok(Some(Event::new(part)));
            }
        }
        Ok(None)
    }

    /// Finds the next complete delimiter in the buffer. Returns the position of the delimiter, the position up to
    /// which the buffer can be discarded, and whether the delimiter ends the last part.
    fn delimiter(&mut self) -> Option<(usize, usize, bool)> {
        loop {
            let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
            let Some(found) = unscanned.windows(self.delimiter.len()).position(|bytes| bytes == self.delimiter) else {
                self.scanned += (unscanned.len() + 1).saturating_sub(self.delimiter.len());
                if self.position == Position::BeforeFirst {
                    self.buffer.drain(..self.scanned);
                    self.scanned = 0;
                }
                return None;
            };
            let at = self.scanned + found;
            let end = at + self.delimiter.len();
            let rest = self.buffer.get(end..).unwrap_or_default();
            if rest.starts_with(b"--") {
                return Some((at, end, true));
            }
            // White space may follow the boundary (RFC 2046: "transport padding").
            let Some(line_break) = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) else {
                self.scanned = at;
                return None;
            };
            match rest.get(line_break..) {
                Some([b'\n', ..]) => return Some((at, end + line_break, false)),
                // The second hyphen may be in the next chunk.
                Some([b'-']) if line_break == 0 && !self.finished => {
                    self.scanned = at;
                    return None;
                }
                // The content contains a longer text that begins like the delimiter.
                _ => self.scanned = end,
            }
        }
    }
}
