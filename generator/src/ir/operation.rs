//! Defines operations with their parameters and pagination.

use crate::source::Span;

use super::content::{ErrorResponse, HeaderDoc, RequestBody, Success, distinct};
use super::{Doc, ExternalDocs, Facts, Field, SecretPath, Server, Tag, Type};

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId`
    pub id: Option<String>,
    /// The name of the operation in [`Segment::Operation`](super::Segment::Operation): the ID, or else the method and
    /// the path.
    pub key: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The HTTP method in upper case, e.g. `GET`.
    pub method: String,
    /// The path template as in the document, e.g. `/pets/{id}`.
    pub path: String,
    /// `servers` of the operation, or of the path item if the operation lists no servers. Empty if the operation uses
    /// the servers of the API.
    pub servers: Vec<Server>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
    /// The summary and the description of the path item, unless they are used as `summary` or `description` because the
    /// operation has none.
    pub path_description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// The tags other than the tag of the group. They only appear in the documentation.
    pub other_tags: Vec<Tag>,
    /// The parameters in document order, with parameters of the path item first. A parameter that is an exploded object
    /// is replaced by one parameter for each property.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// The successful responses.
    pub success: Success,
    /// The error responses: exact statuses first, then ranges, then `default`.
    pub errors: Vec<ErrorResponse>,
    /// The names of callbacks. They are mentioned in the documentation, but no code is generated for them.
    pub callbacks: Vec<String>,
    /// The names of links. They are mentioned in the documentation, but no code is generated for them.
    pub links: Vec<String>,
    /// The security requirements, of which a request must meet one. Each requirement lists the names of the schemes
    /// whose credentials are sent together. Empty if no credential is needed.
    pub security: Vec<Vec<String>>,
    /// The names of security schemes with the scopes that their tokens need, without duplicates.
    pub scopes: Vec<(String, Vec<String>)>,
    /// `x-pagination`
    pub pagination: Option<Pagination>,
    /// `x-ms-long-running-operation`: whether the server may continue its work after a successful response.
    pub long_running: bool,
    /// `x-idempotent`: whether the operation can be retried safely. `None` if the HTTP method determines this.
    pub idempotent: Option<bool>,
    /// The paths to secrets in request bodies.
    pub request_secrets: Vec<SecretPath>,
    /// The paths to secrets in response bodies, including bodies of error responses.
    pub response_secrets: Vec<SecretPath>,
    /// The source location.
    pub span: Span,
}

impl Operation {
    /// Returns the documented headers of all responses, without duplicates.
    pub fn headers(&self) -> Vec<&HeaderDoc> {
        distinct(self.success.headers.iter().chain(self.errors.iter().flat_map(|error| &error.headers)))
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name in the request.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `in`: the part of the request that contains the parameter.
    pub location: Location,
    /// The serialization style of arrays and objects.
    pub style: Style,
    /// Whether each item of an array or property of an object is a separate parameter.
    pub explode: bool,
    /// For an array of arrays, the styles of the inner arrays, from the outermost to the innermost. Only documents of
    /// Swagger 2.0 specify such styles (`collectionFormat` of `items`).
    pub item_styles: Vec<Style>,
    /// The fields of a query string in `application/x-www-form-urlencoded` for which the document has an Encoding
    /// Object.
    pub fields: Vec<Field>,
    /// Whether reserved characters are sent unencoded.
    pub allow_reserved: bool,
    /// `required`
    pub required: bool,
    /// The type of the value.
    pub ty: Type,
    /// The value that is sent if callers set no value: `x-client-value`, or the only allowed value of a required
    /// parameter.
    pub client_value: Option<String>,
    /// Whether the value is a secret, which must never be printed.
    pub sensitive: bool,
    /// The default and the minimum of the value.
    pub facts: Facts,
    /// The documentation.
    pub doc: Doc,
    /// The source location.
    pub span: Span,
}

impl Parameter {
    /// Returns whether callers must pass a value for the parameter.
    pub fn is_argument(&self) -> bool {
        self.required && self.client_value.is_none()
    }
}

/// The part of a request that contains a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
    /// The whole query string (OpenAPI 3.2). Its style is `Form` for `application/x-www-form-urlencoded`, `Json` for
    /// JSON, or else `Simple` for a string.
    QueryString,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// The serialization style of arrays and objects (OpenAPI 3.0.3 and 3.2.0, "Style Values"; Swagger 2.0,
/// `collectionFormat`).
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
    /// `blue%09black`: `collectionFormat: tsv` of Swagger 2.0.
    TabDelimited,
    /// `color[R]=100`
    DeepObject,
    /// `color=blue; color=black`, without escapes (OpenAPI 3.2).
    Cookie,
    /// The value as JSON, e.g. because the parameter has `content` instead of `schema`.
    Json,
}

impl Style {
    /// Returns the name of the style in the specification, or `content` for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Form => "form",
            Self::Simple => "simple",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::TabDelimited => "tsv",
            Self::DeepObject => "deepObject",
            Self::Cookie => "cookie",
            Self::Json => "content",
        }
    }
}

/// The pagination of an operation, from `x-pagination`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// The way in which a page is requested.
    pub style: PagingStyle,
    /// The index of the parameter that sets the maximum number of items per page.
    pub limit: Option<usize>,
    /// The property names on the path from the response body to the array of items. Empty if the body is the array.
    pub items: Vec<String>,
    /// The type of an item.
    pub item: Type,
    /// The part of the response that contains the total number of items.
    pub total: Option<ValueSource>,
    /// The part of the response that contains the total number of pages.
    pub total_pages: Option<ValueSource>,
    /// The part of the response that contains a boolean: whether there are more pages.
    pub has_more: Option<ValueSource>,
    /// The part of the response that contains the cursor or link of the next page.
    pub next: Option<ValueSource>,
    /// Whether a page with fewer items than the limit is the last one.
    pub short_page_ends: bool,
    /// Whether an empty page is always the last one.
    pub empty_page_ends: bool,
}

/// The way in which a page is requested. Parameters are identified by their index in [`Operation::parameters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// A parameter with the offset of the page: the number of items before the page.
    Offset(usize),
    /// A parameter with the number of the page.
    PageNumber {
        /// The index of the parameter.
        parameter: usize,
        /// The number of the first page.
        first: i64,
    },
    /// A parameter with the cursor that the previous page contains.
    Cursor(usize),
    /// A request to the link that the previous page contains.
    NextLink,
}

/// The part of a response that contains information about the page, such as the next cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// The property of the body at this path of property names.
    Property(Vec<String>),
    /// The header with this name.
    Header(String),
    /// The URL with the relation `next` in the header `Link` (RFC 8288).
    Link,
}
