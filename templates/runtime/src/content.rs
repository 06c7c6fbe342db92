//! Descriptions of request bodies: media type, encoding, and the Rust type of the value.

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(feature = "cli")]
use super::{call::Call, decode, decode::DecodeError, streaming};

/// The encoding of a value as a request or response body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// A value as JSON.
    Json,
    /// Plain text.
    Text,
    /// The properties of a value as `application/x-www-form-urlencoded`. Properties with their own encoding are
    /// described in [`OperationInfo`](super::OperationInfo).
    Form,
    /// A multipart form, made of the parts in `OperationInfo::parts` or of the
    /// properties of a value.
    Multipart,
    /// Server-Sent Events.
    Events,
    /// JSON values, one per line.
    JsonLines,
    /// JSON objects, one per line. The property `result` of each object is an item.
    Results,
    /// The parts of a multipart response.
    Parts,
    /// Raw bytes.
    Bytes,
}

/// A function that parses text as the Rust type of a body and stores the value in the call, like a setter.
#[cfg(feature = "cli")]
type Store = fn(&mut Call, &[u8]) -> Result<(), DecodeError>;

/// The description of a request body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BodyInfo {
    /// The media type as written in the spec, including parameters.
    pub media_type: &'static str,
    /// The encoding of the value.
    pub kind: BodyKind,
    /// Whether the body is required.
    pub required: bool,
    /// Whether a multipart form may have parts that the spec does not define.
    pub open: bool,
    /// The function that parses the body from text, e.g. from a command line, and stores it in a call. `None` for raw
    /// bytes, and for multipart forms with parts in `OperationInfo::parts`.
    #[cfg(feature = "cli")]
    pub(super) store: Option<Store>,
}

impl BodyInfo {
    const fn new(media_type: &'static str, kind: BodyKind) -> Self {
        Self {
            media_type,
            kind,
            required: false,
            open: false,
            #[cfg(feature = "cli")]
            store: None,
        }
    }

    /// Describes a value of type `T` that is sent as JSON. `T` is used only with the feature `cli`, to parse the value
    /// from text.
    #[doc(hidden)]
    pub const fn json<T: Serialize + DeserializeOwned>(media_type: &'static str) -> Self {
        Self {
            #[cfg(feature = "cli")]
            store: Some(|call, text| {
                call.json(&decode::json_text::<T>(text)?);
                Ok(())
            }),
            ..Self::new(media_type, BodyKind::Json)
        }
    }

    /// Describes a value of type `T` that is sent as text. `T` is used only with the feature `cli`, to parse the value
    /// from text.
    #[doc(hidden)]
    pub const fn text<T: Serialize + DeserializeOwned>(media_type: &'static str) -> Self {
        Self {
            #[cfg(feature = "cli")]
            store: Some(|call, text| {
                let value = decode::plain_text::<T>(text)?;
                call.text_of(&value);
                Ok(())
            }),
            ..Self::new(media_type, BodyKind::Text)
        }
    }

    /// Describes a list of values of type `T` that are sent as JSON, one per line. `T` is used only with the feature
    /// `cli`, to parse the values from lines of text.
    #[doc(hidden)]
    #[cfg(feature = "streaming")]
    pub const fn json_lines<T: Serialize + DeserializeOwned>(media_type: &'static str) -> Self {
        Self {
            #[cfg(feature = "cli")]
            store: Some(|call, text| {
                call.json_lines(&decode::json_text::<Vec<T>>(&streaming::json_array(text)?)?);
                Ok(())
            }),
            ..Self::new(media_type, BodyKind::JsonLines)
        }
    }

    /// Describes a value of type `T` that is sent as a URL-encoded form. `T` is used only with the feature `cli`, to
    /// parse the value from text.
    #[doc(hidden)]
    #[cfg(feature = "forms")]
    pub const fn form<T: Serialize + DeserializeOwned>(media_type: &'static str) -> Self {
        Self {
            #[cfg(feature = "cli")]
            store: Some(|call, text| {
                call.form(&decode::json_text::<T>(text)?);
                Ok(())
            }),
            ..Self::new(media_type, BodyKind::Form)
        }
    }

    /// Describes a value of type `T` that is sent as a multipart form. `T` is used only with the feature `cli`, to
    /// parse the value from text.
    #[doc(hidden)]
    #[cfg(feature = "multipart")]
    pub const fn multipart_of<T: Serialize + DeserializeOwned>(media_type: &'static str) -> Self {
        Self {
            #[cfg(feature = "cli")]
            store: Some(|call, text| {
                call.multipart_of(&decode::json_text::<T>(text)?);
                Ok(())
            }),
            ..Self::new(media_type, BodyKind::Multipart)
        }
    }

    /// Describes a multipart form whose parts are in `OperationInfo::parts`.
    #[doc(hidden)]
    #[cfg(feature = "multipart")]
    pub const fn multipart(media_type: &'static str) -> Self {
        Self::new(media_type, BodyKind::Multipart)
    }

    /// Describes a body of raw bytes.
    #[doc(hidden)]
    #[cfg(feature = "uploads")]
    pub const fn bytes(media_type: &'static str) -> Self {
        Self::new(media_type, BodyKind::Bytes)
    }

    /// Allows multipart parts that the spec does not define.
    #[doc(hidden)]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Marks the body as required.
    #[doc(hidden)]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// Returns a media type without its parameters, in lower case.
#[cfg(feature = "streaming")]
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
