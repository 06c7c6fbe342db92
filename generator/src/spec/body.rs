//! Request bodies.

use crate::source::Span;

use super::{Extensions, MediaType};

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// The name of the body parameter in Swagger 2.0.
    pub name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `required`
    pub required: bool,
    /// `content`, in document order.
    pub content: Vec<MediaType>,
    /// The location of `content`.
    pub content_span: Span,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The location of the request body.
    pub span: Span,
}
