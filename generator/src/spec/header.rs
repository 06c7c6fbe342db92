//! Headers of responses and of parts of forms.

use crate::source::Span;

use super::{Example, Extensions, Keywords, MediaType, SchemaId, Style, Value};

/// A header.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `description`
    pub description: Option<String>,
    /// `required`
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `content`: the media type of the value.
    pub content: Option<MediaType>,
    /// `style`: how arrays and objects are serialized.
    pub style: Style,
    /// `explode`
    pub explode: bool,
    /// The styles of arrays that are items of arrays, outermost first. Only in Swagger 2.0.
    pub item_styles: Vec<Style>,
    /// `example`
    pub example: Option<Value>,
    /// `examples`
    pub examples: Vec<Example>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The locations of the header's keywords.
    pub keywords: Keywords,
    /// The location of the header.
    pub span: Span,
}

impl Header {
    /// Creates a header without any properties.
    pub(super) fn empty(span: Span) -> Self {
        Self {
            description: None,
            required: false,
            deprecated: false,
            schema: None,
            content: None,
            style: Style::Simple,
            explode: false,
            item_styles: Vec::new(),
            example: None,
            examples: Vec::new(),
            extensions: Extensions::default(),
            keywords: Keywords::default(),
            span,
        }
    }
}
