//! Servers and the variables of their URLs.

use crate::source::Span;

use super::Extensions;

/// A server. In Swagger 2.0, `schemes`, `host` and `basePath` define the servers.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// `url`, with `{name}` for each variable.
    pub url: String,
    /// The location of the URL.
    pub url_span: Span,
    /// `description`
    pub description: Option<String>,
    /// `x-name`, or `name` of OpenAPI 3.2.
    pub name: Option<String>,
    /// `variables`, in document order.
    pub variables: Vec<ServerVariable>,
    /// Other extensions.
    pub extensions: Extensions,
    /// The location of the server.
    pub span: Span,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// `default`
    pub default: String,
    /// `enum`; empty if any value is allowed.
    pub allowed: Vec<String>,
    /// `description`
    pub description: Option<String>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `x-required`
    pub required: bool,
    /// Other extensions.
    pub extensions: Extensions,
    /// The location of the variable's name.
    pub span: Span,
}
