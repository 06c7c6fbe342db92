//! Decodes responses that are streams of items: Server-Sent Events, JSON Lines, JSON text sequences and the parts of
//! multipart responses.
//!
//! A response body, complete or in chunks, is split into items. Each item is decoded as soon as it has arrived
//! completely.

mod call;
#[cfg(feature = "cli")]
mod either;
mod events;
mod items;
mod lines;
mod nesting;
mod parts;
mod results;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::content::essence;
use super::decode::{self, DecodeError};
use super::operation::Operation;
use super::response::RawResponse;
use events::Events;
use lines::Lines;
use parts::Parts;

#[cfg(feature = "cli")]
pub use either::WholeOrItems;
pub use events::{Event, EventData};
#[cfg(feature = "blocking")]
pub use items::BlockingItems;
pub use items::ItemStream;
#[cfg(any(feature = "cli", feature = "mock"))]
pub(crate) use lines::json_array;
pub(crate) use lines::json_lines;
pub use parts::ReceivedPart;
#[doc(hidden)]
pub use parts::{bytes_part, json_part, text_part};
#[doc(hidden)]
pub use results::{result, result_error};

// Unused if the spec has no such operation.
#[allow(unused_imports)]
pub(crate) use items::{streaming, streaming_blocking_methods};

/// The format that separates the items of a stream.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// `text/event-stream`, as defined by the HTML standard (WHATWG).
    Events,
    /// JSON texts, one per line (JSON Lines) or each preceded by a record separator (RFC 7464).
    JsonLines,
    /// The parts of a multipart body (RFC 2046, section 5.1).
    Parts,
}

/// An undecoded item, represented as an event. A JSON text and a part of a multipart body are events that only have
/// data. The data of a part includes its headers.
#[doc(hidden)]
pub type Frame = Event<Vec<u8>>;

/// An operation whose response is a stream of items.
pub trait Streaming: Operation {
    /// The type of the items.
    type Item: Send + 'static;

    /// The media type of the stream.
    #[doc(hidden)]
    const MEDIA_TYPE: &'static str;

    /// The value of the `Accept` header: the media type of the stream and the media types of documented errors.
    #[doc(hidden)]
    const ACCEPT: &'static str = Self::MEDIA_TYPE;

    /// The format that separates the items.
    #[doc(hidden)]
    const FRAMING: Framing;

    /// Decodes an item.
    ///
    /// # Errors
    ///
    /// The item does not match the spec.
    #[doc(hidden)]
    fn item(frame: Frame) -> Result<Self::Item, DecodeError>;
}

/// Decodes an event with data of type `T` in JSON. Data that is not JSON becomes [`EventData::Text`].
///
/// # Errors
///
/// The data is JSON, but does not match the type `T`.
#[doc(hidden)]
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
#[doc(hidden)]
pub fn text_event(frame: Frame) -> Result<Event<String>, DecodeError> {
    let data = text(&frame);
    Ok(frame.with(data))
}

/// Decodes an event whose data is a JSON value of type `T`, and wraps the value with `value`. Data that is not JSON is
/// wrapped with `text`.
///
/// # Errors
///
/// The data is JSON, but does not match the type `T`.
#[doc(hidden)]
pub fn json_event_of<T: DeserializeOwned, D>(
    frame: Frame,
    value: impl FnOnce(T) -> D,
    text: impl FnOnce(String) -> D,
) -> Result<Event<D>, DecodeError> {
    let event = json_event(frame)?;
    Ok(event.map(|data| match data {
        EventData::Value(data) => value(data),
        EventData::Text(data) => text(data),
    }))
}

/// Decodes an event whose data is a string, and wraps the string with `text`.
///
/// # Errors
///
/// Never fails.
#[doc(hidden)]
pub fn text_event_of<D>(frame: Frame, text: impl FnOnce(String) -> D) -> Result<Event<D>, DecodeError> {
    Ok(text_event(frame)?.map(text))
}

/// Decodes a JSON text of type `T`.
///
/// # Errors
///
/// The text is not JSON, or does not match the type `T`.
#[doc(hidden)]
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
/// The response has another media type than the stream, an item does not match the spec, or the server reports an error
/// in an item.
#[doc(hidden)]
pub fn decode_items<O: Streaming>(response: &RawResponse) -> Result<Vec<O::Item>, DecodeError> {
    // The size of the body was limited when it was read.
    let mut splitter = Splitter::new(O::FRAMING, u64::MAX, response.header("content-type"))?;
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

/// Rejects a response whose media type is not `text/event-stream`. For example, an HTML page would otherwise be
/// parsed as an event stream without events.
fn check_event_stream(content_type: Option<&str>) -> Result<(), DecodeError> {
    match content_type.map(essence) {
        Some(essence) if essence != "text/event-stream" => {
            let essence = essence.escape_debug();
            Err(DecodeError::new(format!("the response has the type `{essence}` instead of `text/event-stream`")))
        }
        _ => Ok(()),
    }
}

/// A splitter of a response body into items, for each [`Framing`].
enum Splitter {
    Events(Events),
    Lines(Lines),
    Parts(Parts),
}

impl Splitter {
    /// Creates a splitter for a response with this `Content-Type`; `limit` is the maximum size of an item in bytes.
    ///
    /// # Errors
    ///
    /// The `Content-Type` does not match the expected format: an event stream or a multipart body. It is not checked
    /// for [`Framing::JsonLines`].
    fn new(framing: Framing, limit: u64, content_type: Option<&str>) -> Result<Self, DecodeError> {
        match framing {
            Framing::Events => check_event_stream(content_type).map(|()| Self::Events(Events::new(limit))),
            Framing::JsonLines => Ok(Self::Lines(Lines::new(limit))),
            Framing::Parts => Parts::new(limit, content_type).map(Self::Parts),
        }
    }

    /// Adds the next chunk of the body. Must only be called after [`next`](Self::next) has returned `None`.
    fn push(&mut self, chunk: Bytes) {
        match self {
            Self::Events(events) => events.push(chunk),
            Self::Lines(lines) => lines.push(chunk),
            Self::Parts(parts) => parts.push(&chunk),
        }
    }

    /// Returns the next item of the chunk, or `None` if another chunk is needed.
    fn next(&mut self) -> Result<Option<Frame>, DecodeError> {
        match self {
            Self::Events(events) => events.next(),
            Self::Lines(lines) => lines.next(),
            Self::Parts(parts) => parts.next(),
        }
    }

    /// Marks the end of the stream, so that [`next`](Self::next) can return an unterminated last item.
    fn finish(&mut self) {
        match self {
            // An event without an empty line at its end is discarded, as the HTML standard requires.
            Self::Events(_) => {}
            Self::Lines(lines) => lines.finish(),
            Self::Parts(parts) => parts.finish(),
        }
    }
}

fn too_long(limit: u64) -> DecodeError {
    DecodeError::new(format!("an item is longer than {limit} bytes"))
}
