//! Where types stand: the steps from a component or an operation to an inline type, of which its name is made.

use crate::ir::{Origin, Segment, VariantLabel};
use crate::spec::{PathStep, SchemaPath, VariantStep};

/// The bytes of a way to a type that are kept, give or take its last step.
const LONGEST_WAY: usize = 512;

impl Segment {
    fn length(&self) -> usize {
        match self {
            Self::Component(text) | Self::Operation(text) | Self::Property(text) | Self::Parameter(text) => text.len(),
            Self::Response(text) | Self::Variant(VariantLabel::Title(text) | VariantLabel::Kind(text)) => text.len(),
            _ => 1,
        }
    }

    /// The step with no more of a text than names take.
    pub(super) fn cut(mut self) -> Self {
        if let Self::Component(text)
        | Self::Operation(text)
        | Self::Property(text)
        | Self::Parameter(text)
        | Self::Variant(VariantLabel::Title(text)) = &mut self
            && let Some(end) = (0..=LONGEST_WAY).rev().find(|end| text.is_char_boundary(*end))
        {
            text.truncate(end);
        }
        self
    }
}

impl Origin {
    /// Returns the position of a schema with a definition.
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

    /// The place one step further in.
    pub(super) fn then(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        // Names take no more of a way than this, and types by the thousand may lie at the end of one.
        if segments.iter().map(Segment::length).sum::<usize>() < LONGEST_WAY {
            segments.push(segment.cut());
        }
        Self(segments)
    }
}
