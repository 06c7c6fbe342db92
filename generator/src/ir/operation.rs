//! Operations, their parameters and their pagination.

use crate::source::Span;

use super::content::{ErrorResponse, HeaderDoc, RequestBody, Success};
use super::{Doc, Facts, SecretPath, Server, Type};

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId`
    pub id: Option<String>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The method in upper case.
    pub method: String,
    /// The path template as in the document.
    pub path: String,
    /// Its own servers, or else those of its path; empty if it uses those of the API.
    pub servers: Vec<Server>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Summary and description of the path item, unless they are the operation's documentation.
    pub path_description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// The tags after the first, with their descriptions. The operation belongs to the group of the first tag only.
    pub other_tags: Vec<(String, Option<String>)>,
    /// The parameters in document order, those of the path item first. Exploded objects are replaced by their
    /// properties.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// The successful responses.
    pub success: Success,
    /// The error responses: exact statuses first, then ranges, then `default`.
    pub errors: Vec<ErrorResponse>,
    /// The names of callbacks, which are documented but not generated.
    pub callbacks: Vec<String>,
    /// The names of links, which are documented but not generated.
    pub links: Vec<String>,
    /// The security requirements: any one of these combinations of schemes; empty if none is needed.
    pub security: Vec<Vec<String>>,
    /// The scopes that a token needs, by the name of its scheme, without duplicates.
    pub scopes: Vec<(String, Vec<String>)>,
    /// `x-pagination`
    pub pagination: Option<Pagination>,
    /// `x-idempotent`
    pub idempotent: Option<bool>,
    /// The paths to secrets in its request bodies.
    pub request_secrets: Vec<SecretPath>,
    /// The paths to secrets in its response bodies, including errors.
    pub response_secrets: Vec<SecretPath>,
    /// Its location.
    pub span: Span,
}

impl Operation {
    /// Returns the headers of responses of all statuses, without duplicates.
    pub fn headers(&self) -> Vec<&HeaderDoc> {
        let mut headers: Vec<&HeaderDoc> = Vec::new();
        let all = self.success.headers.iter().chain(self.errors.iter().flat_map(|error| &error.headers));
        for header in all {
            if !headers.iter().any(|known| known.name.eq_ignore_ascii_case(&header.name)) {
                headers.push(header);
            }
        }
        headers
    }
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Where it is sent.
    pub location: Location,
    /// The serialization style of arrays and objects.
    pub style: Style,
    /// Whether each item of an array or property of an object is a separate parameter.
    pub explode: bool,
    /// Whether reserved characters are sent unencoded.
    pub allow_reserved: bool,
    /// `required`
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// `x-client-value`: the value that is sent if callers set none.
    pub client_value: Option<String>,
    /// Whether its value must never be printed.
    pub sensitive: bool,
    /// Its default and minimum.
    pub facts: Facts,
    /// Its documentation.
    pub doc: Doc,
    /// Its location.
    pub span: Span,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// The serialization style of arrays and objects (OpenAPI 3.0.3, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
    /// `color=blue`
    Form,
    /// `blue,black`
    Simple,
    /// `blue%20black`
    SpaceDelimited,
    /// `blue|black`
    PipeDelimited,
    /// `color[R]=100`
    DeepObject,
    /// The value as JSON: the parameter has `content` instead of `schema`.
    Json,
}

impl Style {
    /// Returns its name in the OpenAPI specification.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Form => "form",
            Self::Simple => "simple",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Json => "content",
        }
    }
}

/// `x-pagination`
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// How a page is requested.
    pub style: PagingStyle,
    /// The index of the parameter for the maximum number of items per page.
    pub limit: Option<usize>,
    /// The names of the properties on the path to the items of a page; empty if the response is the array of items.
    pub items: Vec<String>,
    /// The type of an item.
    pub item: Type,
    /// The source of the total number of items.
    pub total: Option<ValueSource>,
    /// The source of the total number of pages.
    pub total_pages: Option<ValueSource>,
    /// The source of the boolean that indicates more pages.
    pub has_more: Option<ValueSource>,
    /// The source of the cursor or link of the next page.
    pub next: Option<ValueSource>,
    /// Whether a page with fewer items than the limit is the last one.
    pub short_page_ends: bool,
    /// Whether an empty page is always the last one.
    pub empty_page_ends: bool,
}

/// How a page is requested. Parameters are given by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// By offset: the number of items before it.
    Offset(usize),
    /// By its number.
    PageNumber {
        /// The parameter.
        parameter: usize,
        /// The number of the first page.
        first: i64,
    },
    /// By the cursor in the previous page.
    Cursor(usize),
    /// By the link in the previous page.
    NextLink,
}

/// Where a response contains a value about its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// In the body, at this path of property names.
    Property(Vec<String>),
    /// In the header with this name.
    Header(String),
    /// In the header `Link`, with the relation `next`.
    Link,
}
