//! Splitting of JSON Lines (also called NDJSON) and JSON text sequences (RFC 7464) into JSON texts.

use bytes::{Buf, Bytes};
use serde::Serialize;

use super::nesting::Nesting;
use super::{Event, essence, too_long};
use crate::runtime::decode::DecodeError;

/// The byte that precedes each JSON text of a JSON text sequence (RFC 7464, section 2.2).
const RECORD_SEPARATOR: u8 = 0x1E;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A splitter of JSON Lines and JSON text sequences. In JSON Lines, each line is a JSON text. In a sequence, a JSON
/// text may have several lines; it ends at the line break after a complete JSON value, or before the next record
/// separator.
///
/// Every byte is scanned once, regardless of the size of chunks.
#[derive(Debug)]
pub struct Lines {
    /// The bytes of the last chunk that have not been scanned yet.
    rest: Bytes,
    /// The bytes of an item (a line, or a JSON text) whose end has not been received yet.
    buffer: Vec<u8>,
    /// The scanner that finds the end of a JSON text in a sequence.
    nesting: Nesting,
    /// Whether enough bytes have arrived to skip a byte order mark and to set `is_sequence`.
    begun: bool,
    /// Whether the stream is a JSON text sequence: it starts with a record separator.
    is_sequence: bool,
    /// Whether the stream has ended.
    finished: bool,
    /// The maximum size of a JSON text in bytes.
    limit: u64,
}

impl Lines {
    /// Creates a splitter; `limit` is the maximum size of a JSON text in bytes.
    pub fn new(limit: u64) -> Self {
        Self {
            rest: Bytes::new(),
            buffer: Vec::new(),
            nesting: Nesting::default(),
            begun: false,
            is_sequence: false,
            finished: false,
            limit,
        }
    }

    /// Adds the next chunk of the body. Must only be called after [`next`](Self::next) has returned `None`.
    pub fn push(&mut self, chunk: Bytes) {
        if self.begun {
            self.rest = chunk;
            return;
        }
        self.buffer.extend_from_slice(&chunk);
        if self.buffer.len() < BOM.len() && BOM.starts_with(&self.buffer) {
            return;
        }
        self.begun = true;
        self.rest = std::mem::take(&mut self.buffer).into();
        if self.rest.starts_with(BOM) {
            self.rest.advance(BOM.len());
        }
        self.is_sequence = self.rest.first() == Some(&RECORD_SEPARATOR);
    }

    /// Marks the end of the stream, so that [`next`](Self::next) returns the buffered bytes as the last text.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Returns the next JSON text of the chunk, or `None` if another chunk is needed.
    ///
    /// # Errors
    ///
    /// The text exceeds the limit. The stream cannot be split further.
    pub fn next(&mut self) -> Result<Option<Event<Vec<u8>>>, DecodeError> {
        loop {
            let end = self.end_of_text();
            let length = end.unwrap_or(self.rest.len());
            self.buffer.extend_from_slice(self.rest.get(..length).unwrap_or_default());
            self.rest.advance(length);
            if self.buffer.len() as u64 > self.limit {
                return Err(too_long(self.limit));
            }
            if end.is_some() {
                self.rest.advance(1);
            } else if !self.finished || self.buffer.is_empty() {
                // Release the memory of the chunk.
                self.rest = Bytes::new();
                return Ok(None);
            }
            self.nesting = Nesting::default();
            let text = std::mem::take(&mut self.buffer);
            // Empty lines are skipped: some servers send them to keep the connection alive.
            if !text.trim_ascii().is_empty() {
                return Ok(Some(Event::new(text)));
            }
        }
    }

    /// Returns the position in the chunk at which the current text ends, or `None` if it does not end in this chunk.
    fn end_of_text(&mut self) -> Option<usize> {
        if !self.is_sequence {
            return self.rest.iter().position(|byte| *byte == b'\n');
        }
        // A JSON text that is complete at a line break is returned at once, without waiting for the next one to begin.
        let nesting = &mut self.nesting;
        self.rest.iter().position(|byte| *byte == RECORD_SEPARATOR || (nesting.take(*byte) && *byte == b'\n'))
    }
}

/// Encodes values as JSON Lines, or as a JSON text sequence if the media type requires it. In a sequence, each value
/// follows a record separator (RFC 7464, section 2.2). Returns the encoded values, and the same values as a JSON array.
pub fn json_lines<T: Serialize>(items: &[T], media_type: &str) -> serde_json::Result<(Vec<u8>, Vec<u8>)> {
    let is_sequence = essence(media_type).ends_with("json-seq");
    let (mut lines, mut array) = (Vec::new(), b"[".to_vec());
    for item in items {
        if array.len() > 1 {
            array.push(b',');
        }
        let text = serde_json::to_vec(item)?;
        lines.extend(is_sequence.then_some(RECORD_SEPARATOR));
        lines.extend_from_slice(&text);
        lines.push(b'\n');
        array.extend_from_slice(&text);
    }
    array.push(b']');
    Ok((lines, array))
}

/// Converts JSON Lines or a JSON text sequence to a JSON array. Does not check whether each value is valid JSON.
///
/// # Errors
///
/// Never fails, because the length of a value is not limited.
#[cfg(any(feature = "cli", feature = "mock"))]
pub fn json_array(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut lines = Lines::new(u64::MAX);
    lines.push(Bytes::copy_from_slice(text));
    let mut array = b"[".to_vec();
    for finished in [false, true] {
        if finished {
            lines.finish();
        }
        while let Some(line) = lines.next()? {
            if array.len() > 1 {
                array.push(b',');
            }
            array.extend_from_slice(&line.data);
        }
    }
    array.push(b']');
    Ok(array)
}
