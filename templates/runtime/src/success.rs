//! Metadata about the successful responses of an operation: the status, and how a value is encoded as the body.
//!
//! Generated code defines it as constants; the mock and the command line program use it.

use super::content::BodyKind;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::operation::OperationInfo;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::wire_value::WireValue;

/// Metadata about the successful response of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuccessInfo {
    /// The first documented status that can have the body; 200 if the spec does not specify one.
    pub status: u16,
    /// The kind of the body; `None` if there is none.
    pub kind: Option<BodyKind>,
    /// Whether the body may be missing.
    pub optional: bool,
}

impl SuccessInfo {
    const fn new(status: u16, kind: Option<BodyKind>) -> Self {
        Self { status, kind, optional: false }
    }

    /// A JSON body.
    pub const fn json(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Json))
    }

    /// A plain text body.
    pub const fn text(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Text))
    }

    /// A binary body.
    pub const fn bytes(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Bytes))
    }

    /// A stream of Server-Sent Events.
    pub const fn events(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Events))
    }

    /// A stream of JSON texts, one per line.
    pub const fn json_lines(status: u16) -> Self {
        Self::new(status, Some(BodyKind::JsonLines))
    }

    /// No body, or a body that is ignored.
    pub const fn empty(status: u16) -> Self {
        Self::new(status, None)
    }

    /// Marks the body as optional.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// Metadata about one of several successful responses of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessVariant {
    /// The name of the variant in the operation's output enum.
    pub name: &'static str,
    /// The media type; empty if the response has none.
    pub media_type: &'static str,
    /// The response.
    pub success: SuccessInfo,
}

/// Returns the variant that a serialized output enum has, with its content. Returns `None` for undocumented variants.
#[cfg(any(feature = "cli", feature = "mock"))]
pub(super) fn variant(info: &OperationInfo, output: WireValue) -> Option<(&'static SuccessVariant, WireValue)> {
    let (name, value) = match output {
        WireValue::String(name) => (name, WireValue::Null),
        WireValue::Object(properties) => properties.into_iter().next()?,
        _ => return None,
    };
    info.successes.iter().find(|variant| variant.name == name).map(|variant| (variant, value))
}
