//! The description of a request body: its media type, how a value becomes it, and the type of the value.
//!
//! In: `const` calls in generated tables. Out: the `Content-Type` that `call` sends, and the type that a body from
//! outside of Rust passes through.

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(feature = "cli")]
use super::{call::Call, decode, decode::DecodeError};

/// How a value becomes the bytes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// A value as JSON.
    Json,
    /// A text as it is.
    Text,
    /// The members of a value as `application/x-www-form-urlencoded`; those that the spec says more of are described beside
    /// the body.
    Form,
    /// The parts of a form, described beside the body, or the members of a value.
    Multipart,
    /// Server-Sent Events.
    Events,
    /// JSON texts, each on a line of its own.
    JsonLines,
    /// Bytes as they are.
    Bytes,
}

/// Reads a text as the type of a body, and gives the call what a setter would.
#[cfg(feature = "cli")]
type Store = fn(&mut Call, &[u8]) -> Result<(), DecodeError>;

/// What the spec says about the body of a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BodyInfo {
    /// The media type as the spec has it, parameters included.
    pub media_type: &'static str,
    /// How a value becomes the body.
    pub kind: BodyKind,
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// Whether a form may have other parts than those that the operation describes.
    pub open: bool,
    /// Its type, for bodies that do not come through a setter; forms and bytes have none.
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

    /// A value of type `T` as JSON. Only the feature `cli` keeps the type, so that without it no code comes of this.
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

    /// A value of type `T` as text. Of the type the same is true as of [`json`](Self::json).
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

    /// A value of type `T` whose members are an urlencoded form. Of the type the same is true as of [`json`](Self::json).
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

    /// A value of type `T` whose members are the parts of a form. Of the type the same is true as of [`json`](Self::json).
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

    /// A form whose parts the operation describes.
    pub const fn multipart(media_type: &'static str) -> Self {
        Self::new(media_type, BodyKind::Multipart)
    }

    /// Bytes as they are.
    pub const fn bytes(media_type: &'static str) -> Self {
        Self::new(media_type, BodyKind::Bytes)
    }

    /// The form may have other parts than those that the operation describes.
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// The operation cannot be called without it.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}
