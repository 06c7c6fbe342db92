//! Parsing of PEM blocks, which may be surrounded by other text.
//!
//! The PEM parser of rustls is not suitable, because it silently skips malformed blocks and reports no positions.

use super::error::CertificateError;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The maximum length of the label and the dashes after it, in bytes.
const MAX_LABEL_LENGTH: usize = 64;

/// A PEM block.
pub struct Block<'a> {
    /// The number of the block, starting at 1.
    pub number: usize,
    /// The label, such as `CERTIFICATE`.
    pub label: &'a str,
    /// The base64, without headers.
    pub base64: &'a [u8],
    /// The position of the base64 in the text.
    pub at: usize,
}

/// Returns whether `text` contains the beginning of a PEM block.
pub fn is_in(text: &[u8]) -> bool {
    find(text, BEGIN).is_some()
}

/// Returns an iterator over the PEM blocks in `text`.
pub fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { text, at: 0, number: 0 }
}

/// An iterator over PEM blocks. The iterator ends after the first error.
pub struct Blocks<'a> {
    text: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, CertificateError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let begin = find(rest, BEGIN)?;
        self.number = self.number.saturating_add(1);
        let block = self.block(rest.get(begin..)?, self.at.saturating_add(begin));
        if block.is_err() {
            self.at = self.text.len();
        }
        Some(block)
    }
}

impl<'a> Blocks<'a> {
    /// Parses the block at the start of `text`, which is at position `at` of the complete text.
    fn block(&mut self, text: &'a [u8], at: usize) -> Result<Block<'a>, CertificateError> {
        let problem = |reason| CertificateError::Pem { block: self.number, byte: at, reason };
        let label = text.get(BEGIN.len()..).unwrap_or_default();
        let length = find(label.get(..MAX_LABEL_LENGTH).unwrap_or(label), DASHES);
        let label = length.and_then(|length| std::str::from_utf8(label.get(..length)?).ok());
        let is_label = |label: &&str| label.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let label =
            label.filter(is_label).ok_or_else(|| problem("has no valid label, or no dashes, in its BEGIN line"))?;

        let open = BEGIN.len() + label.len() + DASHES.len();
        let body = text.get(open..).unwrap_or_default();
        let length = find(body, END).ok_or_else(|| problem("has no END line"))?;
        let (body, end) = body.split_at_checked(length).unwrap_or((body, &[]));
        if is_in(body) {
            return Err(problem("has no END line before the next block begins"));
        }
        let closed = end.get(END.len()..).and_then(|end| end.strip_prefix(label.as_bytes()));
        if !closed.is_some_and(|rest| rest.starts_with(DASHES)) {
            return Err(problem("has different labels in its BEGIN and END lines"));
        }

        let (headers, base64) = body.split_at_checked(headers(body)).unwrap_or((&[], body));
        self.at = at + open + length + END.len() + label.len() + DASHES.len();
        Ok(Block { number: self.number, label, base64, at: at + open + headers.len() })
    }
}

/// Returns the length of the headers (RFC 1421) before the base64, or 0 if there are no headers.
fn headers(body: &[u8]) -> usize {
    let first = body.trim_ascii_start();
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if !line.contains(&b':') {
        return 0;
    }
    let skipped = body.len() - first.len();
    let ends = [b"\n\n".as_slice(), b"\n\r\n"].map(|end| find(first, end));
    // Without an empty line, the headers are part of the base64, where the colon is an invalid character.
    ends.into_iter().flatten().min().map_or(0, |end| skipped + end)
}

/// Returns the first position of `pattern` in `text`.
fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len()).position(|window| window == pattern)
}
