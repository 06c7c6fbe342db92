//! Answers that come item by item: Server-Sent Events, JSON Lines, JSON text sequences.
//!
//! In: the chunks of an answer, cut anywhere, or the whole of it. Out: its items, typed, each as soon as it is complete.

#[cfg(feature = "cli")]
mod either;
mod events;
mod items;
mod lines;
mod nesting;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::decode::{self, DecodeError};
use super::operation::Operation;
use super::response::RawResponse;
use events::Events;
use lines::Lines;

#[cfg(feature = "cli")]
pub use either::WholeOrItems;
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

    /// The media type of the stream.
    const MEDIA_TYPE: &'static str;

    /// The `Accept` header: the media type of the stream and those of documented errors.
    const ACCEPT: &'static str = Self::MEDIA_TYPE;

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
    // Its length is limited already.
    let mut splitter = Splitter::new(O::FRAMING, u64::MAX);
    splitter.push(response.body().clone());
    let mut items = Vec::new();
    for is_over in [false, true] {
        if is_over {
            splitter.finish();
        }
        while let Some(frame) = splitter.next()? {
            items.push(O::item(frame)?);
        }
    }
    Ok(items)
}

/// An answer of another media type may hold no event at all, and would be read as an empty stream.
fn fits<O: Streaming>(content_type: Option<&str>) -> Result<(), DecodeError> {
    match content_type.map(essence) {
        Some(essence) if O::FRAMING == Framing::Events && essence != "text/event-stream" => {
            Err(DecodeError::new(format!("the answer is `{}`, no event stream", essence.escape_debug())))
        }
        _ => Ok(()),
    }
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Cuts a stream into its items, one at a time: none of them is kept beside the chunk.
enum Splitter {
    Events(Events),
    Lines(Lines),
}

impl Splitter {
    /// A splitter that holds at most this many bytes of an item.
    fn new(framing: Framing, limit: u64) -> Self {
        match framing {
            Framing::Events => Self::Events(Events::new(limit)),
            Framing::JsonLines => Self::Lines(Lines::new(limit)),
        }
    }

    /// Takes the next chunk, once [`next`](Self::next) has returned `None`.
    fn push(&mut self, chunk: Bytes) {
        match self {
            Self::Events(events) => events.push(chunk),
            Self::Lines(lines) => lines.push(chunk),
        }
    }

    /// The next item of the chunk; `None` if the next chunk is needed.
    fn next(&mut self) -> Result<Option<Frame>, DecodeError> {
        match self {
            Self::Events(events) => events.next(),
            Self::Lines(lines) => lines.next(),
        }
    }

    /// The stream is over: the last item may be complete with that.
    fn finish(&mut self) {
        match self {
            // What no empty line has ended is no event.
            Self::Events(_) => {}
            Self::Lines(lines) => lines.finish(),
        }
    }
}

fn too_long(limit: u64) -> DecodeError {
    DecodeError::new(format!("an item is longer than {limit} bytes"))
}
