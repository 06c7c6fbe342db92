//! From bytes to text: what encodes neither JSON nor YAML is found here, with its place.

use super::limits::{Limits, raised_by};
use super::span::{SourceId, Span};
use super::yaml_blank::{Shift, original};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// A source as text, less its byte order mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    /// The text to read.
    pub text: &'a str,
    /// Where it begins in the source, in bytes.
    pub offset: usize,
    /// The source.
    pub source: SourceId,
    /// Blanks that the text has and the source has not.
    pub shifts: &'a [Shift],
}

impl Text<'_> {
    /// The place of a range of bytes of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let end = original(end.max(start), self.shifts);
        let start = original(start, self.shifts);
        Span { source: self.source, start: self.offset + start, end: self.offset + end.max(start) }
    }
}

/// How texts begin that are not UTF-8. The longer mark of two that begin alike comes first.
const MARKS: [(&[u8], &str); 4] = [
    (&[0xFF, 0xFE, 0, 0], "UTF-32"),
    (&[0, 0, 0xFE, 0xFF], "UTF-32"),
    (&[0xFF, 0xFE], "UTF-16"),
    (&[0xFE, 0xFF], "UTF-16"),
];

/// What bytes may be of which some are NUL: the first characters of a document are ASCII in any encoding.
fn other_encoding(bytes: &[u8]) -> &'static str {
    match bytes {
        [0, 0, 0, _, ..] | [_, 0, 0, 0, ..] => "is it text in UTF-8? UTF-32 without a byte order mark looks like this",
        [0, _, ..] | [_, 0, ..] => "is it text in UTF-8? UTF-16 without a byte order mark looks like this",
        _ => "text has none: is it a file of another kind?",
    }
}

/// Checks that the bytes are text of a bearable size.
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
    let marked = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark));
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
                    .label("these bytes encode no character")
                    .help("save it as UTF-8"),
            );
            return None;
        }
    };
    // YAML's scanner takes NUL for the end of the text and would drop the rest without a word; JSON forbids it.
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
