//! JSON Lines (also called NDJSON), and JSON text sequences (RFC 7464).

use bytes::{Buf, Bytes};

use super::nesting::Nesting;
use super::{Event, too_long};
use crate::runtime::decode::DecodeError;

/// What stands before each text of a sequence.
const RECORD_SEPARATOR: u8 = 0x1E;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The splitter: a text ends with its line; in a sequence it may have several lines, and ends where the next text begins or
/// with the line in which it is complete.
///
/// Every byte is looked at once, however the texts are cut into chunks.
#[derive(Debug)]
pub struct Lines {
    /// The bytes of the last chunk that are not looked at yet.
    rest: Bytes,
    /// The text that is not complete.
    held: Vec<u8>,
    /// Where in the text of a sequence its last byte is.
    nesting: Nesting,
    begun: bool,
    is_sequence: bool,
    /// Whether there is no further chunk.
    is_over: bool,
    /// The maximum number of bytes held of a text.
    limit: u64,
}

impl Lines {
    /// A splitter that holds at most this many bytes of a text.
    pub fn new(limit: u64) -> Self {
        Self {
            rest: Bytes::new(),
            held: Vec::new(),
            nesting: Nesting::default(),
            begun: false,
            is_sequence: false,
            is_over: false,
            limit,
        }
    }

    /// Takes the next chunk, once [`next`](Self::next) has returned `None`.
    pub fn push(&mut self, chunk: Bytes) {
        if self.begun {
            self.rest = chunk;
            return;
        }
        self.held.extend_from_slice(&chunk);
        if self.held.len() < BOM.len() && BOM.starts_with(&self.held) {
            return;
        }
        self.begun = true;
        self.rest = std::mem::take(&mut self.held).into();
        if self.rest.starts_with(BOM) {
            self.rest.advance(BOM.len());
        }
        self.is_sequence = self.rest.first() == Some(&RECORD_SEPARATOR);
    }

    /// The stream is over: what is held is the last text.
    pub fn finish(&mut self) {
        self.is_over = true;
    }

    /// The next text of the chunk; `None` if the next chunk is needed.
    ///
    /// # Errors
    ///
    /// The text is too long. The stream cannot be split any further.
    pub fn next(&mut self) -> Result<Option<Event<Vec<u8>>>, DecodeError> {
        loop {
            let end = self.end_of_text();
            let length = end.unwrap_or(self.rest.len());
            self.held.extend_from_slice(self.rest.get(..length).unwrap_or_default());
            self.rest.advance(length);
            if self.held.len() as u64 > self.limit {
                return Err(too_long(self.limit));
            }
            if end.is_some() {
                self.rest.advance(1);
            } else if !self.is_over || self.held.is_empty() {
                // Lets go of the chunk.
                self.rest = Bytes::new();
                return Ok(None);
            }
            self.nesting = Nesting::default();
            let text = std::mem::take(&mut self.held);
            // An empty line is no text: some servers keep a connection alive with them.
            if !text.trim_ascii().is_empty() {
                return Ok(Some(Event::new(text)));
            }
        }
    }

    /// Where in the rest the text ends.
    fn end_of_text(&mut self) -> Option<usize> {
        if !self.is_sequence {
            return self.rest.iter().position(|byte| *byte == b'\n');
        }
        // A text that is complete with its line is not kept until the next one begins.
        let nesting = &mut self.nesting;
        self.rest.iter().position(|byte| *byte == RECORD_SEPARATOR || (nesting.take(*byte) && *byte == b'\n'))
    }
}
