//! The description of the answer that means success: its status, and how a value becomes its body.
//!
//! In: `const` calls in generated tables. Out: what an answer has to look like that is made from a value, as the mock
//! does it.

use super::content::BodyKind;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::operation::OperationInfo;
#[cfg(any(feature = "cli", feature = "mock"))]
use super::wire_value::WireValue;

/// What the spec says about the answer of an operation that worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuccessInfo {
    /// The first documented status that can carry the body; 200 where the spec leaves it open.
    pub status: u16,
    /// How a value becomes the body; `None` where there is none.
    pub kind: Option<BodyKind>,
    /// Whether an answer without a body is as good.
    pub optional: bool,
}

impl SuccessInfo {
    const fn new(status: u16, kind: Option<BodyKind>) -> Self {
        Self { status, kind, optional: false }
    }

    /// A value as JSON.
    pub const fn json(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Json))
    }

    /// A text as it is.
    pub const fn text(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Text))
    }

    /// Bytes as they are.
    pub const fn bytes(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Bytes))
    }

    /// Server-Sent Events.
    pub const fn events(status: u16) -> Self {
        Self::new(status, Some(BodyKind::Events))
    }

    /// JSON texts, each on a line of its own.
    pub const fn json_lines(status: u16) -> Self {
        Self::new(status, Some(BodyKind::JsonLines))
    }

    /// No body, or none that is read.
    pub const fn empty(status: u16) -> Self {
        Self::new(status, None)
    }

    /// An answer without a body is as good.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// What the spec says about one of several kinds of successful answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessVariant {
    /// The variant of the operation's output.
    pub name: &'static str,
    /// The media type of the answer; empty where it has none.
    pub media_type: &'static str,
    /// The answer.
    pub success: SuccessInfo,
}

/// The variant of an output that this JSON is, and what it holds; `None` where it is none of the description's.
#[cfg(any(feature = "cli", feature = "mock"))]
pub(super) fn variant(info: &OperationInfo, output: WireValue) -> Option<(&'static SuccessVariant, WireValue)> {
    let (name, value) = match output {
        WireValue::String(name) => (name, WireValue::Null),
        WireValue::Object(members) => members.into_iter().next()?,
        _ => return None,
    };
    info.successes.iter().find(|variant| variant.name == name).map(|variant| (variant, value))
}
