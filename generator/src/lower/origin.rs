//! Where types stand: the steps from a component or an operation to an inline type, of which its name is made.

use crate::ir::{Origin, Segment, VariantLabel};

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
    /// The steps of a pointer, in the words of schemas.
    pub(super) fn of_pointer(tokens: &[String]) -> Self {
        let mut segments = Vec::new();
        let mut tokens = tokens.iter().map(String::as_str).peekable();
        while let Some(token) = tokens.next() {
            let named = |tokens: &mut dyn Iterator<Item = &str>| tokens.next().unwrap_or_default().to_owned();
            match token {
                "components" | "content" | "schema" => {}
                "schemas" | "definitions" => segments.push(Segment::Component(named(&mut tokens))),
                "properties" => segments.push(Segment::Property(named(&mut tokens))),
                "parameters" => segments.push(Segment::Parameter(named(&mut tokens))),
                "responses" => segments.push(Segment::Response(named(&mut tokens))),
                "items" => segments.push(Segment::Items),
                "additionalProperties" => segments.push(Segment::Values),
                "requestBody" => segments.push(Segment::RequestBody),
                "oneOf" | "anyOf" | "allOf" => {
                    let position = named(&mut tokens).parse().unwrap_or(0usize);
                    segments.push(Segment::Variant(VariantLabel::Position(position.saturating_add(1))));
                }
                "paths" => {
                    let path = named(&mut tokens);
                    segments.push(Segment::Operation(format!("{} {path}", named(&mut tokens))));
                }
                // The name of a media type or of something that the specification does not know.
                other if other.contains('/') => {}
                other => segments.push(Segment::Component(other.to_owned())),
            }
        }
        Self(segments)
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
