//! JSON Lines (also called NDJSON), and JSON text sequences (RFC 7464).

use super::Event;

/// What stands before each text of a sequence.
const RECORD_SEPARATOR: u8 = 0x1E;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The splitter: a text ends with its line; in a sequence it may have several, and ends where the next one begins or where
/// it is complete at the end of a line.
#[derive(Debug, Default)]
pub struct Lines {
    held: Vec<u8>,
    /// How much of what is held has no end of a text in it.
    searched: usize,
    begun: bool,
    is_sequence: bool,
}

impl Lines {
    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8], into: &mut impl Extend<Event<Vec<u8>>>) {
        self.held.extend_from_slice(chunk);
        if !self.begun {
            if self.held.len() < BOM.len() && BOM.starts_with(&self.held) {
                return;
            }
            self.begun = true;
            if self.held.starts_with(BOM) {
                self.held.drain(..BOM.len());
            }
            self.is_sequence = self.held.first() == Some(&RECORD_SEPARATOR);
        }
        let end_of_text = if self.is_sequence { RECORD_SEPARATOR } else { b'\n' };
        let mut begin = 0;
        while let Some(end) =
            self.held.get(self.searched..).and_then(|rest| rest.iter().position(|it| *it == end_of_text))
        {
            let end = self.searched + end;
            into.extend(item(self.held.get(begin..end).unwrap_or_default()));
            begin = end + 1;
            self.searched = begin;
        }
        self.held.drain(..begin);
        self.searched = self.held.len();
        // Nobody should wait for the next text to have this one.
        let is_complete = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        if self.is_sequence && self.held.ends_with(b"\n") && is_complete(&self.held) {
            self.finish(into);
        }
    }

    /// The stream is over.
    pub fn finish(&mut self, into: &mut impl Extend<Event<Vec<u8>>>) {
        into.extend(item(&self.held));
        self.held.clear();
        self.searched = 0;
    }

    /// How much is held of a text that is not complete.
    pub fn held(&self) -> usize {
        self.held.len()
    }
}

/// The item of a text; none of a line that is empty, as some servers keep a connection alive.
fn item(text: &[u8]) -> Option<Event<Vec<u8>>> {
    let text = text.trim_ascii();
    (!text.is_empty()).then(|| Event::new(text.to_vec()))
}
