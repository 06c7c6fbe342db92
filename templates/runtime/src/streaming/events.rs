//! Server-Sent Events, as the WHATWG's HTML standard parses them ("Server-sent events", "Interpreting an event stream").

use std::time::Duration;

/// An event of an event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(any(feature = "cli", feature = "mock"), derive(serde::Serialize))]
#[non_exhaustive]
pub struct Event<D> {
    /// The type; `message` where the stream says none.
    pub event: String,
    /// The data.
    pub data: D,
    /// The id that was given last, by this event or one before it; empty where none was.
    pub id: String,
    /// How long to wait before connecting again, as it was said last.
    #[cfg_attr(any(feature = "cli", feature = "mock"), serde(skip))]
    pub retry: Option<Duration>,
}

impl<D> Event<D> {
    /// An event of the type `message`, without an id.
    pub fn new(data: D) -> Self {
        Self { event: MESSAGE.to_owned(), data, id: String::new(), retry: None }
    }

    /// Sets the type.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.event = event.into();
        self
    }

    /// Sets the id.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The same with other data.
    pub(super) fn with<T>(self, data: T) -> Event<T> {
        Event { event: self.event, data, id: self.id, retry: self.retry }
    }
}

/// The data of an event whose schema is that of a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(any(feature = "cli", feature = "mock"), derive(serde::Serialize), serde(untagged))]
pub enum EventData<T> {
    /// The value.
    Value(T),
    /// What is no JSON, such as the `[DONE]` that ends some streams.
    Text(String),
}

impl<T> EventData<T> {
    /// The value; `None` where the data is no JSON.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Text(_) => None,
        }
    }

    /// The value; `None` where the data is no JSON.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Text(_) => None,
        }
    }
}

/// The type of an event that says none.
const MESSAGE: &str = "message";

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The parser: lines that end in CR, LF or both, gathered into events that an empty line ends.
#[derive(Debug, Default)]
pub struct Events {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// Whether the first line has begun: a byte order mark may stand before it alone.
    begun: bool,
    /// Whether the last byte was a CR, whose LF would end the same line.
    after_cr: bool,
    event: String,
    data: Vec<u8>,
    id: String,
    retry: Option<Duration>,
}

impl Events {
    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8], into: &mut impl Extend<Event<Vec<u8>>>) {
        let mut rest = chunk;
        while let Some(&first) = rest.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
                self.line.extend_from_slice(rest);
                return;
            };
            let (line, ending) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            self.line.extend_from_slice(line);
            self.after_cr = ending.first() == Some(&b'\r');
            rest = ending.get(1..).unwrap_or_default();
            let line = std::mem::take(&mut self.line);
            into.extend(self.take_line(&line));
            // The room is for the next line.
            self.line = line;
            self.line.clear();
        }
    }

    /// How much is held of an event that is not complete.
    pub fn held(&self) -> usize {
        self.line.len().saturating_add(self.data.len())
    }

    fn take_line(&mut self, line: &[u8]) -> Option<Event<Vec<u8>>> {
        let is_first = !std::mem::replace(&mut self.begun, true);
        let line = line.strip_prefix(BOM).filter(|_| is_first).unwrap_or(line);
        if line.is_empty() {
            return self.dispatch();
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => {
                let (name, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
                let value = value.get(1..).unwrap_or_default();
                (name, value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        let text = || String::from_utf8_lossy(value).into_owned();
        match name {
            b"event" => self.event = text(),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"id" if !value.contains(&0) => self.id = text(),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.retry = text().parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // A comment begins with the colon; other fields are for others.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event<Vec<u8>>> {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        // The last line's end is no part of the data; without a line there is no event.
        data.pop()?;
        let event = if event.is_empty() { MESSAGE.to_owned() } else { event };
        Some(Event { event, data, id: self.id.clone(), retry: self.retry })
    }
}
