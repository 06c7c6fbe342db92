//! Decodes the bytes of a source as UTF-8, and reports other encodings.

use super::limits::{Limits, raised_by};
use super::span::{SourceId, Span};
use super::yaml_blank::{Shift, original};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// The text of a source, without its byte order mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// The offset of the text in the source, in bytes: the length of the byte order mark.
    pub offset: usize,
    /// The source.
    pub source: SourceId,
    /// The spaces that were inserted to normalize the text. Locations refer to the original text, without these spaces.
    pub shifts: &'a [Shift],
}

impl Text<'_> {
    /// Converts a byte range of the text to a location in the source.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let end = original(end.max(start), self.shifts);
        let start = original(start, self.shifts);
        Span { source: self.source, start: self.offset + start, end: self.offset + end.max(start) }
    }
}

/// The byte order marks of encodings other than UTF-8. Longer marks come before marks that are their prefixes.
const BYTE_ORDER_MARKS: [(&[u8], &str); 4] = [
    (&[0xFF, 0xFE, 0, 0], "UTF-32"),
    (&[0, 0, 0xFE, 0xFF], "UTF-32"),
    (&[0xFF, 0xFE], "UTF-16"),
    (&[0xFE, 0xFF], "UTF-16"),
];

/// Returns a help text for a file with NUL bytes. Detects UTF-16 and UTF-32 by the position of NUL bytes, because the
/// first characters of a document are ASCII.
fn other_encoding(bytes: &[u8]) -> &'static str {
    match bytes {
        [0, 0, 0, _, ..] | [_, 0, 0, 0, ..] => "the file may be UTF-32 without a byte order mark: save it as UTF-8",
        [0, _, ..] | [_, 0, ..] => "the file may be UTF-16 without a byte order mark: save it as UTF-8",
        _ => "the file may not be a text file",
    }
}

/// Decodes a source as UTF-8. Reports an error and returns `None` if the source is too large, not UTF-8, or contains
/// NUL characters.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    source: SourceId,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Option<Text<'a>> {
    let place = |start: usize, end: usize| Span { source, start, end };
    if bytes.len() > limits.bytes {
        let message = format!("the document has more than {} bytes", limits.bytes);
        diagnostics.push(Diagnostic::error(Code::Limit, place(0, 0), message).help(raised_by("bytes")));
        return None;
    }
    let marked = BYTE_ORDER_MARKS.iter().find(|(mark, _)| bytes.starts_with(mark));
    if let Some((mark, encoding)) = marked {
        diagnostics.push(
            Diagnostic::error(Code::Syntax, place(0, mark.len()), format!("the document is {encoding}"))
                .label(format!("a byte order mark of {encoding}"))
                .help("save it as UTF-8"),
        );
        return None;
    }
    let offset = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let rest = bytes.get(offset..).unwrap_or_default();
    let text = match std::str::from_utf8(rest) {
        Ok(text) => text,
        Err(error) => {
            let start = offset + error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| start + length);
            diagnostics.push(
                Diagnostic::error(Code::Syntax, place(start, end), "the document is not UTF-8")
                    .label("invalid UTF-8")
                    .help("save it as UTF-8"),
            );
            return None;
        }
    };
    // JSON forbids NUL. The YAML scanner would treat it as the end of the text and silently ignore the rest.
    if let Some(at) = rest.iter().position(|&byte| byte == 0) {
        let start = offset + at;
        diagnostics.push(
            Diagnostic::error(Code::Syntax, place(start, start + 1), "the document contains a NUL character")
                .help(other_encoding(rest)),
        );
        return None;
    }
    Some(Text { text, offset, source, shifts: &[] })
}
