//! Parameters.

use crate::source::Span;

use super::{Example, Extensions, Keywords, MediaType, SchemaId, Spanned, Value};

/// A parameter. The parameters in `body` or `formData` of Swagger 2.0 are read as a [`RequestBody`](super::RequestBody)
/// instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// `name`
    pub name: Spanned<String>,
    /// `in`
    pub location: Location,
    /// `description`
    pub description: Option<String>,
    /// `required`
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `allowEmptyValue`
    pub allow_empty_value: Option<Spanned<bool>>,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// `style`, or its default for the location; in Swagger 2.0, the style for `collectionFormat`.
    pub style: Style,
    /// `explode`, or its default for the style.
    pub explode: bool,
    /// The styles of arrays that are items of arrays, outermost first. Only in Swagger 2.0.
    pub item_styles: Vec<Style>,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `content`: the media type of the value.
    pub content: Option<MediaType>,
    /// `example`
    pub example: Option<Value>,
    /// `examples`
    pub examples: Vec<Example>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `x-client-value`
    pub client_value: Option<String>,
    /// `x-sensitive`
    pub sensitive: bool,
    /// Other extensions.
    pub extensions: Extensions,
    /// The locations of the parameter's keywords.
    pub keywords: Keywords,
    /// The location of the parameter.
    pub span: Span,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
    /// The whole query string, encoded as the media type in `content` defines.
    QueryString,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl Location {
    /// Returns the location for a value of `in`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "path" => Self::Path,
            "query" => Self::Query,
            "querystring" => Self::QueryString,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// Returns the style of parameters in this location that have no `style`.
    pub fn default_style(self) -> Style {
        match self {
            Self::Path | Self::Header => Style::Simple,
            Self::Query | Self::QueryString | Self::Cookie => Style::Form,
        }
    }
}

/// How arrays and objects are serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
    /// `color=blue`
    Form,
    /// `blue,black`; in Swagger 2.0 `csv`.
    Simple,
    /// `blue%20black`; in Swagger 2.0 `ssv`.
    SpaceDelimited,
    /// `blue|black`; in Swagger 2.0 `pipes`.
    PipeDelimited,
    /// `blue%09black`: `tsv` of Swagger 2.0.
    TabDelimited,
    /// `color[R]=100`
    DeepObject,
    /// `color=blue; color=black`
    Cookie,
}

impl Style {
    /// Returns the style for a value of `style` in OpenAPI 3.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "matrix" => Self::Matrix,
            "label" => Self::Label,
            "form" => Self::Form,
            "simple" => Self::Simple,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }
}
