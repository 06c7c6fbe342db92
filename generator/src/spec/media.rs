//! The content of bodies, by media type.

use crate::source::Span;

use super::{Example, Extensions, HeaderId, SchemaId, Spanned, Style, Value};

/// A media type and the description of its content. In Swagger 2.0, `consumes` and `produces` are the media types.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaType {
    /// The media type or range as in the document, including parameters.
    pub media_type: String,
    /// The location of the media type.
    pub key_span: Span,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `itemSchema`: the schema of each item of a stream.
    pub item_schema: Option<SchemaId>,
    /// `example`
    pub example: Option<Value>,
    /// `examples`
    pub examples: Vec<Example>,
    /// `encoding`: the encodings of properties.
    pub encoding: Vec<Encoding>,
    /// `prefixEncoding`: the encodings of the first items of an array, by position.
    pub prefix_encoding: Vec<Encoding>,
    /// `itemEncoding`: the encoding of the other items of an array.
    pub item_encoding: Option<Box<Encoding>>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The location of the media type object.
    pub span: Span,
}

impl MediaType {
    /// Returns the encoding of a property.
    pub fn encoding_of(&self, property: &str) -> Option<&Encoding> {
        self.encoding.iter().find(|encoding| encoding.name == property)
    }
}

/// How a property of a form or an item of a multipart body is encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    /// The name of the property; empty for items.
    pub name: String,
    /// `contentType`: media types separated by commas.
    pub content_type: Option<String>,
    /// `headers`, by name.
    pub headers: Vec<(Spanned<String>, HeaderId)>,
    /// `style`, with the location of the keyword; in Swagger 2.0 `collectionFormat`.
    pub style: Option<Spanned<Style>>,
    /// `explode`
    pub explode: Option<bool>,
    /// The styles of arrays that are items of arrays, outermost first. Only in Swagger 2.0.
    pub item_styles: Vec<Style>,
    /// `allowReserved`
    pub allow_reserved: Option<bool>,
    /// `encoding`: the encodings of the properties that the value of this property or item has.
    pub encoding: Vec<Encoding>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The location of the encoding.
    pub span: Span,
}
