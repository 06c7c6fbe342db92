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
    /// `headers`, by name.
    pub headers: Vec<(Spanned<String>, HeaderId)>,
    /// `content`, in document order.
    pub content: Vec<MediaType>,
    /// `links`
    pub links: Option<Links>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The location of the response.
    pub span: Span,
}

/// `links`
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    /// The links, in document order.
    pub list: Vec<Link>,
    /// The location of the value of `links`.
    pub span: Span,
}

/// A link to another operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The name of the link.
    pub name: String,
    /// `description`
    pub description: Option<String>,
    /// `operationId`
    pub operation_id: Option<String>,
    /// `server`
    pub server: Option<Server>,
}

/// The key of a response: a status, a range of statuses, or `default`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One status, such as `404`.
    Exact(u16),
    /// A range such as `2XX`, by its first digit.
    Range(u16),
    /// `default`
    Default,
}

impl Status {
    /// Parses a key of `responses`. `None` if the key is invalid.
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
