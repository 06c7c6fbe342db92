//! Answers that come item by item: Server-Sent Events, JSON Lines, JSON text sequences.
//!
//! In: the chunks of an answer, cut anywhere, or the whole of it. Out: its items, typed, each as soon as it is complete.

mod events;
mod items;
mod lines;

use serde::de::DeserializeOwned;

use super::decode::{self, DecodeError};
use super::operation::Operation;
use super::response::RawResponse;
use events::Events;
use lines::Lines;

pub use events::{Event, EventData};
#[cfg(feature = "blocking")]
pub use items::BlockingItems;
pub use items::ItemStream;

// Unused where a spec has no operation of the kind.
#[allow(unused_imports)]
pub(crate) use items::streaming;

/// What separates the items of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// `text/event-stream`, as the WHATWG's HTML standard has it.
    Events,
    /// JSON texts, each on a line of its own, or each behind a record separator (RFC 7464).
    JsonLines,
}

/// An item as it came: an event's parts, or a JSON text alone.
pub type Frame = Event<Vec<u8>>;

/// An operation whose answer comes item by item.
pub trait Streaming: Operation {
    /// What comes.
    type Item: Send + 'static;

    /// The media type of the stream, which such a call asks for.
    const MEDIA_TYPE: &'static str;

    /// What separates the items.
    const FRAMING: Framing;

    /// Reads an item.
    ///
    /// # Errors
    ///
    /// The item is not what the spec promises.
    fn item(frame: Frame) -> Result<Self::Item, DecodeError>;
}

/// An event whose data is JSON of this type; data that is no JSON stays a text.
///
/// # Errors
///
/// The data is JSON, and not of this type.
pub fn json_event<T: DeserializeOwned>(frame: Frame) -> Result<Event<EventData<T>>, DecodeError> {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&frame.data).is_ok();
    let data = if is_json { EventData::Value(decode::json_text(&frame.data)?) } else { EventData::Text(text(&frame)) };
    Ok(frame.with(data))
}

/// An event whose data is a text.
///
/// # Errors
///
/// None.
pub fn text_event(frame: Frame) -> Result<Event<String>, DecodeError> {
    let data = text(&frame);
    Ok(frame.with(data))
}

/// A JSON text of this type.
///
/// # Errors
///
/// It is not of this type.
pub fn json_line<T: DeserializeOwned>(frame: Frame) -> Result<T, DecodeError> {
    decode::json_text(&frame.data)
}

fn text(frame: &Frame) -> String {
    String::from_utf8_lossy(&frame.data).into_owned()
}

/// All items of an answer that has come whole.
///
/// # Errors
///
/// An item is not what the spec promises.
pub fn decode_items<O: Streaming>(response: &RawResponse) -> Result<Vec<O::Item>, DecodeError> {
    fits::<O>(response.header("content-type"))?;
    let mut splitter = Splitter::new(O::FRAMING);
    let mut frames = Vec::new();
    splitter.push(response.body(), &mut frames);
    splitter.finish(&mut frames);
    frames.into_iter().map(O::item).collect()
}

/// An answer of another media type may hold no event at all, and would be read as an empty stream.
fn fits<O: Streaming>(content_type: Option<&str>) -> Result<(), DecodeError> {
    let essence = content_type.map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match essence {
        Some(essence) if O::FRAMING == Framing::Events && essence != "text/event-stream" => {
            Err(DecodeError::new(format!("the answer is `{}`, no event stream", essence.escape_debug())))
        }
        _ => Ok(()),
    }
}

/// Cuts a stream into its items.
enum Splitter {
    Events(Events),
    Lines(Lines),
}

impl Splitter {
    fn new(framing: Framing) -> Self {
        match framing {
            Framing::Events => Self::Events(Events::default()),
            Framing::JsonLines => Self::Lines(Lines::default()),
        }
    }

    /// Takes the next bytes, and gives the items that are complete with them.
    fn push(&mut self, chunk: &[u8], into: &mut impl Extend<Frame>) {
        match self {
            Self::Events(events) => events.push(chunk, into),
            Self::Lines(lines) => lines.push(chunk, into),
        }
    }

    /// The stream is over.
    fn finish(&mut self, into: &mut impl Extend<Frame>) {
        match self {
            // What no empty line has ended is no event.
            Self::Events(_) => {}
            Self::Lines(lines) => lines.finish(into),
        }
    }

    /// How much is held of an item that is not complete.
    fn held(&self) -> usize {
        match self {
            Self::Events(events) => events.held(),
            Self::Lines(lines) => lines.held(),
        }
    }
}
