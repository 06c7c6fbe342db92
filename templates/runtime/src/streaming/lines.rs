//! Splitting of JSON Lines (also called NDJSON) and JSON text sequences (RFC 7464).

use bytes::{Buf, Bytes};

use super::nesting::Nesting;
use super::{Event, too_long};
use crate::runtime::decode::DecodeError;

/// The byte that precedes each text of a sequence (RFC 7464, section 2.2).
const RECORD_SEPARATOR: u8 = 0x1E;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A splitter of JSON texts. In JSON Lines, a text is a line. In a sequence, a text may span lines; it ends before the
/// next record separator, or with the line that completes it.
///
/// Every byte is scanned once, regardless of how the stream is cut into chunks.
#[derive(Debug)]
pub struct Lines {
    /// The bytes of the last chunk that are not scanned yet.
    rest: Bytes,
    /// The beginning of an incomplete text.
    buffer: Vec<u8>,
    /// The scanner for the end of a text of a sequence.
    nesting: Nesting,
    begun: bool,
    is_sequence: bool,
    /// Whether the stream has ended.
    finished: bool,
    /// The maximum size of a text in bytes.
    limit: u64,
}

impl Lines {
    /// Creates a splitter that buffers at most `limit` bytes of a text.
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

    /// Sets the next chunk. Must only be called after [`next`](Self::next) has returned `None`.
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

    /// Ends the stream: the buffered bytes are the last text.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Returns the next text of the chunk, or `None` if another chunk is needed.
    ///
    /// # Errors
    ///
    /// The text exceeds the limit. The stream cannot be split any further.
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

    /// Returns the end of the text within the chunk.
    fn end_of_text(&mut self) -> Option<usize> {
        if !self.is_sequence {
            return self.rest.iter().position(|byte| *byte == b'\n');
        }
        // A text that is complete at the end of a line is not buffer back until the next one begins.
        let nesting = &mut self.nesting;
        self.rest.iter().position(|byte| *byte == RECORD_SEPARATOR || (nesting.take(*byte) && *byte == b'\n'))
    }
}
