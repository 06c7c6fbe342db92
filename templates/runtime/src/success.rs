//! Metadata about the successful responses of an operation: the status and the encoding of the body.
//!
//! Generated code defines the metadata as constants, which mock transports and the command line program use.

use super::content::BodyKind;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::operation::OperationInfo;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::wire_value::WireValue;

/// Metadata about a successful response of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuccessInfo {
    /// The first status for which the spec documents this body, or 200 if the spec does not specify a status.
    pub status: u16,
    /// The encoding of the body, such as JSON, or `None` if the response has no body.
    pub kind: Option<BodyKind>,
    /// Whether the body may be missing.
    pub optional: bool,
}

impl SuccessInfo {
    const fn new(status: u16, kind: Option<BodyKind>) -> Self {
        Self { status, kind, optional: false }
    }

    /// Creates the metadata of a response with a JSON body.
    #[doc(hidden)]
    pub const fn json(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Json))
    }

    /// Creates the metadata of a response with a plain text body.
    #[doc(hidden)]
    pub const fn text(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Text))
    }

    /// Creates the metadata of a response with a binary body.
    #[doc(hidden)]
    pub const fn bytes(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Bytes))
    }

    /// Creates the metadata of a stream of Server-Sent Events.
    #[doc(hidden)]
    #[cfg(feature = "streaming")]
    pub const fn events(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Events))
    }

    /// Creates the metadata of a stream of JSON texts, one per line.
    #[doc(hidden)]
    #[cfg(feature = "streaming")]
    pub const fn json_lines(status: u16) -> Self {
        Self::new(status, Some(BodyKind::JsonLines))
    }

    /// Creates the metadata of a stream of JSON objects, one per line. The property `result` of each object is an item.
    #[doc(hidden)]
    #[cfg(feature = "streaming")]
    pub const fn results(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Results))
    }

    /// Creates the metadata of a multipart response that is a stream of its parts.
    #[doc(hidden)]
    #[cfg(feature = "streaming")]
    pub const fn parts(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Parts))
    }

    /// Creates the metadata of a response without a body, or with a body that is ignored.
    #[doc(hidden)]
    pub const fn empty(status: u16) -> Self {
        Self::new(status, None)
    }

    /// Marks the body as optional.
    #[doc(hidden)]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// Metadata about one of several successful responses of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuccessVariant {
    /// The name of the variant in the operation's output enum.
    pub name: &'static str,
    /// The media type; empty if the response has no media type.
    pub media_type: &'static str,
    /// The status and the encoding of the body.
    pub success: SuccessInfo,
}

impl SuccessVariant {
    /// Creates the metadata of a variant.
    #[doc(hidden)]
    pub const fn new(name: &'static str, media_type: &'static str, success: SuccessInfo) -> Self {
        Self { name, media_type, success }
    }
}

/// Splits a serialized output enum, `{"VariantName": content}`, into the metadata of the variant and the content.
/// Returns `None` if the spec documents no response for the variant.
#[cfg(any(feature = "cli", feature = "mock"))]
pub(super) fn variant(info: &OperationInfo, output: WireValue) -> Option<(&'static SuccessVariant, WireValue)> {
    let (name, value) = match output {
        WireValue::String(name) => (name, WireValue::Null),
        WireValue::Object(properties) => properties.into_iter().next()?,
        _ => return None,
    };
    info.successes.iter().find(|variant| variant.name == name).map(|variant| (variant, value))
}
