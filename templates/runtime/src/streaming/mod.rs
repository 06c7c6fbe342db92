//! Decoding of responses that are streams of items: Server-Sent Events, JSON Lines and JSON text sequences.
//!
//! A response body, complete or in chunks, is split into items. Each item is decoded as soon as it has arrived
//! completely.

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

// Unused if the spec has no such operation.
#[allow(unused_imports)]
pub(crate) use items::streaming;

/// The format that separates the items of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// `text/event-stream`, as defined by the HTML standard (WHATWG).
    Events,
    /// JSON texts, one per line (JSON Lines) or each preceded by a record separator (RFC 7464).
    JsonLines,
}

/// An undecoded item, as an event. An item of a stream of JSON texts is an event that only has data.
pub type Frame = Event<Vec<u8>>;

/// An operation whose response is a stream of items.
pub trait Streaming: Operation {
    /// The type of the items.
    type Item: Send + 'static;

    /// The media type of the stream.
    const MEDIA_TYPE: &'static str;

    /// The value of the `Accept` header: the media type of the stream and the media types of documented errors.
    const ACCEPT: &'static str = Self::MEDIA_TYPE;

    /// The format that separates the items.
    const FRAMING: Framing;

    /// Decodes an item.
    ///
    /// # Errors
    ///
    /// The item does not match the spec.
    fn item(frame: Frame) -> Result<Self::Item, DecodeError>;
}

/// Decodes an event with data of type `T` in JSON. Data that is not JSON becomes [`EventData::Text`].
///
/// # Errors
///
/// The data is JSON, but does not match the type `T`.
pub fn json_event<T: DeserializeOwned>(frame: Frame) -> Result<Event<EventData<T>>, DecodeError> {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&frame.data).is_ok();
    let data = if is_json { EventData::Value(decode::json_text(&frame.data)?) } else { EventData::Text(text(&frame)) };
    Ok(frame.with(data))
}

/// Decodes an event whose data is a string.
///
/// # Errors
///
/// Never fails.
pub fn text_event(frame: Frame) -> Result<Event<String>, DecodeError> {
    let data = text(&frame);
    Ok(frame.with(data))
}

/// Decodes a JSON text of type `T`.
///
/// # Errors
///
/// The text is not JSON, or does not match the type `T`.
pub fn json_line<T: DeserializeOwned>(frame: Frame) -> Result<T, DecodeError> {
    decode::json_text(&frame.data)
}

fn text(frame: &Frame) -> String {
    String::from_utf8_lossy(&frame.data).into_owned()
}

/// Decodes all items of a complete response.
///
/// # Errors
///
/// An event stream has another media type than `text/event-stream`, or an item does not match the spec.
pub fn decode_items<O: Streaming>(response: &RawResponse) -> Result<Vec<O::Item>, DecodeError> {
    check_media_type::<O>(response.header("content-type"))?;
    // The size of the body was limited when it was read.
    let mut splitter = Splitter::new(O::FRAMING, u64::MAX);
    splitter.push(response.body().clone());
    let mut items = Vec::new();
    for finished in [false, true] {
        if finished {
            splitter.finish();
        }
        while let Some(frame) = splitter.next()? {
            items.push(O::item(frame)?);
        }
    }
    Ok(items)
}

/// Rejects a response with another media type than `text/event-stream` if an event stream is expected. For example, an
/// HTML page would otherwise be parsed as an event stream without events.
fn check_media_type<O: Streaming>(content_type: Option<&str>) -> Result<(), DecodeError> {
    match content_type.map(essence) {
        Some(essence) if O::FRAMING == Framing::Events && essence != "text/event-stream" => {
            let essence = essence.escape_debug();
            Err(DecodeError::new(format!("the response has the type `{essence}` instead of `text/event-stream`")))
        }
        _ => Ok(()),
    }
}

/// Returns a media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A splitter of a response body into items, for each [`Framing`].
enum Splitter {
    Events(Events),
    Lines(Lines),
}

impl Splitter {
    /// Creates a splitter; `limit` is the maximum size of an item in bytes.
    fn new(framing: Framing, limit: u64) -> Self {
        match framing {
            Framing::Events => Self::Events(Events::new(limit)),
            Framing::JsonLines => Self::Lines(Lines::new(limit)),
        }
    }

    /// Passes the next chunk of the body. Must only be called after [`next`](Self::next) has returned `None`.
    fn push(&mut self, chunk: Bytes) {
        match self {
            Self::Events(events) => events.push(chunk),
            Self::Lines(lines) => lines.push(chunk),
        }
    }

    /// Returns the next item of the chunk, or `None` if another chunk is needed.
    fn next(&mut self) -> Result<Option<Frame>, DecodeError> {
        match self {
            Self::Events(events) => events.next(),
            Self::Lines(lines) => lines.next(),
        }
    }

    /// Marks the end of the stream, so that [`next`](Self::next) can return an unterminated last item.
    fn finish(&mut self) {
        match self {
            // An event without an empty line at its end is discarded, as the HTML standard requires.
            Self::Events(_) => {}
            Self::Lines(lines) => lines.finish(),
        }
    }
}

fn too_long(limit: u64) -> DecodeError {
    DecodeError::new(format!("an item is longer than {limit} bytes"))
}
