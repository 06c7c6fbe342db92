//! Operations, path items and callbacks.

use crate::source::Span;

use super::{
    CallbackId, Extensions, ExternalDocs, Pagination, ParameterId, PathItemId, RequestBodyId, Requirement, ResponseId,
    Server, Spanned, Status,
};

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The path. For a webhook, its name; for a callback, its runtime expression.
    pub path: String,
    /// The HTTP method.
    pub method: Method,
    /// The location of the method.
    pub method_span: Span,
    /// The path item to which the operation belongs.
    pub item: PathItemId,
    /// `operationId`
    pub id: Option<Spanned<String>>,
    /// `tags`
    pub tags: Vec<String>,
    /// The location of `tags`.
    pub tags_span: Option<Span>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
    /// `deprecated`
    pub deprecated: bool,
    /// `servers`
    pub servers: Vec<Server>,
    /// The operation's own parameters, without the parameters of the path item.
    pub parameters: Vec<ParameterId>,
    /// `requestBody`
    pub body: Option<RequestBodyId>,
    /// The location of `requestBody`, or of the first parameter in `body` or `formData`.
    pub body_span: Option<Span>,
    /// `responses`, in document order.
    pub responses: Vec<OperationResponse>,
    /// `callbacks`, in document order.
    pub callbacks: Vec<(String, CallbackId)>,
    /// The location of `callbacks`.
    pub callbacks_span: Option<Span>,
    /// `security`. If `None`, the `security` of the document applies.
    pub security: Option<Vec<Requirement>>,
    /// `x-pagination`
    pub pagination: Option<Pagination>,
    /// The positions of the rules in [`Spec::pagination_rules`](super::Spec::pagination_rules) that may apply to the
    /// operation, because the document does not describe its pagination.
    pub pagination_rules: Vec<usize>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `x-idempotent`
    pub idempotent: Option<bool>,
    /// Whether the server may continue the operation after its response (`x-ms-long-running-operation`).
    pub long_running: bool,
    /// Other extensions.
    pub extensions: Extensions,
    /// The location of the operation.
    pub span: Span,
}

/// A response of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationResponse {
    /// The key as in the document, e.g. `200`, `4XX` or `default`.
    pub key: Spanned<String>,
    /// The parsed key.
    pub status: Status,
    /// The response.
    pub response: ResponseId,
}

/// A path item: the properties that all operations of a path share.
#[derive(Debug, Clone, PartialEq)]
pub struct PathItem {
    /// The path, with its location.
    pub path: Spanned<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `servers`
    pub servers: Vec<Server>,
    /// `parameters`
    pub parameters: Vec<ParameterId>,
    /// `x-` extensions.
    pub extensions: Extensions,
    /// The location of the path item.
    pub span: Span,
}

/// A callback: requests that the server sends.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// The operations of all path items of the callback.
    pub operations: Vec<Operation>,
    /// The location of the callback.
    pub span: Span,
}

/// An HTTP method.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Method {
    /// `get`
    Get,
    /// `put`
    Put,
    /// `post`
    Post,
    /// `delete`
    Delete,
    /// `options`
    Options,
    /// `head`
    Head,
    /// `patch`
    Patch,
    /// `trace`
    Trace,
    /// `query` of OpenAPI 3.2: like GET, with a body.
    Query,
    /// A method of `additionalOperations`, as in the document.
    Other(String),
}

impl Method {
    /// The methods for which path items have a fixed field. `query` is the last one.
    const KEYWORDS: [(&'static str, Self); 9] = [
        ("get", Self::Get),
        ("put", Self::Put),
        ("post", Self::Post),
        ("delete", Self::Delete),
        ("options", Self::Options),
        ("head", Self::Head),
        ("patch", Self::Patch),
        ("trace", Self::Trace),
        ("query", Self::Query),
    ];

    /// Returns the method of a field of path items, such as `get`.
    pub(super) fn of_keyword(keyword: &str) -> Option<Self> {
        Self::KEYWORDS.into_iter().find(|(known, _)| *known == keyword).map(|(_, method)| method)
    }

    /// Returns the method with this name, as in an HTTP request. Names are case-sensitive.
    pub(super) fn named(name: &str) -> Self {
        let known = Self::KEYWORDS.into_iter().map(|(_, method)| method).find(|method| method.as_str() == name);
        known.unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// Returns the name of the method, as in an HTTP request.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(name) => name,
        }
    }
}
