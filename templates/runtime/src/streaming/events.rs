//! Parsing of Server-Sent Events (HTML standard, section "Interpreting an event stream").

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};

use super::too_long;
use crate::runtime::decode::DecodeError;

/// The maximum length of an event ID in bytes. Servers usually reject longer headers, so a longer ID could not be
/// sent as `Last-Event-ID` to resume the stream.
const MAX_ID_BYTES: usize = 8 * 1024;

/// An event of an event stream (Server-Sent Events).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(any(feature = "cli", feature = "mock"), derive(serde::Serialize))]
#[non_exhaustive]
pub struct Event<D> {
    /// The event type; `message` if the stream does not specify one.
    pub event: String,
    /// The data.
    pub data: D,
    /// The last event ID: the ID of this event or, if this event has no ID, of the last event with an ID. Empty if
    /// there was no ID. To resume the stream, send this ID in the header `Last-Event-ID`.
    ///
    /// Events share the string, so cloning it is cheap. An ID longer than 8 KiB is an error that ends the stream, since
    /// ignoring the ID would cause a client to resume at an earlier event.
    #[cfg_attr(any(feature = "cli", feature = "mock"), serde(serialize_with = "serialize_id"))]
    pub id: Arc<str>,
    /// How long to wait before connecting again, as specified by this event or an earlier one.
    #[cfg_attr(any(feature = "cli", feature = "mock"), serde(skip))]
    pub retry: Option<Duration>,
}

impl<D> Event<D> {
    /// Creates an event of type `message` without an ID.
    pub fn new(data: D) -> Self {
        Self { event: MESSAGE.to_owned(), data, id: Arc::default(), retry: None }
    }

    /// Sets the event type.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.event = event.into();
        self
    }

    /// Sets the event ID.
    pub fn id(mut self, id: impl Into<Arc<str>>) -> Self {
        self.id = id.into();
        self
    }

    /// Converts the data.
    pub(super) fn map<T>(self, convert: impl FnOnce(D) -> T) -> Event<T> {
        Event { event: self.event, data: convert(self.data), id: self.id, retry: self.retry }
    }

    /// Replaces the data.
    pub(super) fn with<T>(self, data: T) -> Event<T> {
        self.map(|_| data)
    }
}

/// The data of an event for which the spec defines a JSON schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(any(feature = "cli", feature = "mock"), derive(serde::Serialize), serde(untagged))]
pub enum EventData<T> {
    /// A JSON value.
    Value(T),
    /// Data that is not JSON, such as `[DONE]` at the end of some streams.
    Text(String),
}

impl<T> EventData<T> {
    /// Returns the value, or `None` if the data is not JSON.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Text(_) => None,
        }
    }

    /// Returns the value, or `None` if the data is not JSON.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Text(_) => None,
        }
    }
}

/// The default event type.
const MESSAGE: &str = "message";

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A parser of event streams. Lines end in CR, LF or CRLF; an empty line ends an event.
#[derive(Debug)]
pub struct Events {
    /// The bytes of the last chunk that have not been parsed yet.
    rest: Bytes,
    /// The beginning of the current line.
    line: Vec<u8>,
    /// Whether the first line, which may start with a byte order mark, has been read.
    begun: bool,
    /// Whether the last byte was a CR. An LF that follows belongs to the same line break.
    after_cr: bool,
    event: String,
    data: Vec<u8>,
    id: Arc<str>,
    retry: Option<Duration>,
    /// The maximum size of an event in bytes.
    limit: u64,
}

impl Events {
    /// Creates a parser; `limit` is the maximum size of an event in bytes.
    pub fn new(limit: u64) -> Self {
        Self {
            rest: Bytes::new(),
            line: Vec::new(),
            begun: false,
            after_cr: false,
            event: String::new(),
            data: Vec::new(),
            id: Arc::default(),
            retry: None,
            limit,
        }
    }

    /// Adds the next chunk of the body. Must only be called after [`next`](Self::next) has returned `None`.
    pub fn push(&mut self, chunk: Bytes) {
        self.rest = chunk;
    }

    /// Returns the next event of the chunk, or `None` if another chunk is needed.
    ///
    /// # Errors
    ///
    /// The event exceeds the limit, or its ID is too long. The stream cannot be parsed further.
    pub fn next(&mut self) -> Result<Option<Event<Vec<u8>>>, DecodeError> {
        while self.complete_line()? {
            let mut line = std::mem::take(&mut self.line);
            let event = self.take_line(&line)?;
            line.clear();
            // Reuse the allocation, unless it is unusually large.
            line.shrink_to(MAX_ID_BYTES);
            self.line = line;
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    /// Appends the bytes of the chunk before the next line break to the current line. Returns whether the line is
    /// complete.
    fn complete_line(&mut self) -> Result<bool, DecodeError> {
        if let Some(&first) = self.rest.first()
            && std::mem::take(&mut self.after_cr)
            && first == b'\n'
        {
            self.rest.advance(1);
        }
        let end = self.rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(self.rest.len());
        self.line.extend_from_slice(self.rest.get(..end).unwrap_or_default());
        self.rest.advance(end);
        if self.buffered() > self.limit {
            return Err(too_long(self.limit));
        }
        let Some(&ending) = self.rest.first() else {
            // Release the memory of the chunk.
            self.rest = Bytes::new();
            return Ok(false);
        };
        self.after_cr = ending == b'\r';
        self.rest.advance(1);
        Ok(true)
    }

    /// Returns the number of buffered bytes of the incomplete event.
    fn buffered(&self) -> u64 {
        let parts = [self.line.len(), self.event.len(), self.data.len(), self.id.len()];
        parts.into_iter().map(|length| length as u64).sum()
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<Event<Vec<u8>>>, DecodeError> {
        let is_first = !std::mem::replace(&mut self.begun, true);
        let line = line.strip_prefix(BOM).filter(|_| is_first).unwrap_or(line);
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => {
                let (name, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
                let value = value.get(1..).unwrap_or_default();
                (name, value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        let text = || String::from_utf8_lossy(value);
        match name {
            b"event" => self.event = text().into_owned(),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"id" if !value.contains(&0) => {
                if value.len() > MAX_ID_BYTES {
                    return Err(DecodeError::new(format!("an event ID is longer than {MAX_ID_BYTES} bytes")));
                }
                self.id = text().into();
            }
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.retry = text().parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // Comments, which start with a colon, and unknown fields are ignored.
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<Event<Vec<u8>>> {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        // Remove the line break after the last line of data. An event without data is ignored.
        data.pop()?;
        let event = if event.is_empty() { MESSAGE.to_owned() } else { event };
        Some(Event { event, data, id: Arc::clone(&self.id), retry: self.retry })
    }
}

/// Serializes the shared string; serde itself would require its feature `rc`.
#[cfg(any(feature = "cli", feature = "mock"))]
fn serialize_id<S: serde::Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id)
}
