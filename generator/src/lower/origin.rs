//! Positions of types: the steps from a component or operation to an inline type, from which its name is derived.

use crate::ir::{Origin, Segment, VariantLabel};
use crate::spec::{PathStep, SchemaPath, VariantStep};

/// The maximum total length of the names in an [`Origin`] in bytes, not counting the last step. Also the maximum length
/// of each name.
const MAX_LENGTH: usize = 512;

impl Segment {
    fn length(&self) -> usize {
        match self {
            Self::Component(text)
            | Self::Operation(text)
            | Self::Webhook(text)
            | Self::Property(text)
            | Self::Media(text)
            | Self::Parameter(text) => text.len(),
            Self::Response(text) | Self::Variant(VariantLabel::Title(text) | VariantLabel::Kind(text)) => text.len(),
            _ => 1,
        }
    }

    /// Returns the step with its name shortened to [`MAX_LENGTH`].
    pub(super) fn cut(mut self) -> Self {
        if let Self::Component(text)
        | Self::Operation(text)
        | Self::Webhook(text)
        | Self::Property(text)
        | Self::Media(text)
        | Self::Parameter(text)
        | Self::Variant(VariantLabel::Title(text)) = &mut self
        {
            *text = cut(std::mem::take(text));
        }
        self
    }
}

/// Shortens a name to [`MAX_LENGTH`].
pub(super) fn cut(mut name: String) -> String {
    let end = (0..=MAX_LENGTH.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or_default());
    name
}

impl Origin {
    /// Converts the path of a definition.
    pub(super) fn of(path: &SchemaPath) -> Self {
        let segment = |step: &PathStep| match step {
            PathStep::Component(name) => Segment::Component(name.clone()),
            PathStep::Operation(name) => Segment::Operation(name.clone()),
            PathStep::Property(name) => Segment::Property(name.clone()),
            PathStep::Items => Segment::Items,
            PathStep::Values => Segment::Values,
            PathStep::Variant(VariantStep::Title(title)) => Segment::Variant(VariantLabel::Title(title.clone())),
            PathStep::Variant(VariantStep::Kind(kind)) => Segment::Variant(VariantLabel::Kind(kind.clone())),
            PathStep::Variant(VariantStep::Position(position)) => Segment::Variant(VariantLabel::Position(*position)),
            PathStep::Parameter(name) => Segment::Parameter(name.clone()),
            PathStep::RequestBody => Segment::RequestBody,
            PathStep::Response(key) => Segment::Response(key.clone()),
        };
        Self(path.0.iter().map(segment).collect())
    }

    /// Returns the position with `segment` appended, or unchanged if it is already too long.
    pub(super) fn then(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        // Limits the memory for positions: thousands of types can have the same long steps.
        if segments.iter().map(Segment::length).sum::<usize>() < MAX_LENGTH {
            segments.push(segment.cut());
        }
        Self(segments)
    }
}
