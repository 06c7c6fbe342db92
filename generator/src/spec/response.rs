//! Responses.

use crate::source::Span;

use super::{Extensions, HeaderId, MediaType, Server, Spanned};

/// A response.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: String,
    /// `headers`, by their name.
    pub headers: Vec<(Spanned<String>, HeaderId)>,
    /// `content`, in document order.
    pub content: Vec<MediaType>,
    /// `links`
    pub links: Option<Links>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// Its location.
    pub span: Span,
}

/// `links`
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    /// The links, in document order.
    pub list: Vec<Link>,
    /// Their location.
    pub span: Span,
}

/// A link to another operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// `description`
    pub description: Option<String>,
    /// `operationId`
    pub operation_id: Option<String>,
    /// `server`
    pub server: Option<Server>,
}

/// The key of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One status.
    Exact(u16),
    /// A range such as `2XX`, by its first digit.
    Range(u16),
    /// `default`
    Default,
}

impl Status {
    /// Parses a key of `responses`.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let Ok(code) = key.parse() {
            return Some(Self::Exact(code));
        }
        key.strip_suffix("XX").or_else(|| key.strip_suffix("xx"))?.parse().ok().map(Self::Range)
    }
}
