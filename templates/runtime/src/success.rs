//! The description of the answer that means success: its status, and how a value becomes its body.
//!
//! In: `const` calls in generated tables. Out: what an answer has to look like that is made from a value, as the mock
//! does it.

use super::content::BodyKind;

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
