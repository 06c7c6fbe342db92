//! Operations: what is sent, and what may come back.

use crate::source::Span;

use super::{Doc, Server, Type};

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId`
    pub id: Option<String>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The method in capitals.
    pub method: String,
    /// The path template as it is written.
    pub path: String,
    /// Where it is served: its own servers, else those of its path; empty where those are the API's.
    pub servers: Vec<Server>,
    /// The first line of its documentation.
    pub summary: Option<String>,
    /// The rest of it.
    pub description: Option<String>,
    /// Whether callers should turn to something else.
    pub deprecated: bool,
    /// The tags behind the first: the operation stands under that one alone.
    pub other_tags: Vec<String>,
    /// The parameters in the order of the document, those of the path first; an exploded object is its members.
    pub parameters: Vec<Parameter>,
    /// What is sent as a body.
    pub body: Option<RequestBody>,
    /// What comes back when it works.
    pub success: Success,
    /// What comes back when it does not, exact statuses first, then ranges, then `default`.
    pub errors: Vec<ErrorAnswer>,
    /// The requests that the server makes in turn, by their names in the document: nothing is generated for them.
    pub callbacks: Vec<String>,
    /// The operations that answers lead to, by the names of the links: nothing is generated for them either.
    pub links: Vec<String>,
    /// Alternatives of combinations of security schemes; empty where none is needed.
    pub security: Vec<Vec<String>>,
    /// `x-pagination`
    pub pagination: Option<Pagination>,
    /// `x-idempotent`
    pub idempotent: Option<bool>,
    /// Where the operation is written.
    pub span: Span,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Where it goes.
    pub location: Location,
    /// How arrays and objects are spelt.
    pub style: Style,
    /// Whether each element of an array or object is a pair of its own.
    pub explode: bool,
    /// Whether reserved characters go as they are.
    pub allow_reserved: bool,
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// What it holds.
    pub ty: Type,
    /// `x-client-value`: what is sent where the caller sets nothing.
    pub client_value: Option<String>,
    /// Whether its value must never be shown.
    pub sensitive: bool,
    /// What it is for.
    pub doc: Doc,
    /// Where it is written.
    pub span: Span,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A part of the path.
    Path,
    /// A pair of the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a parameter's arrays and objects are spelt (OpenAPI 3.0.3, "Style Values").
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
    /// The value as JSON: `content` in the place of `schema`.
    Json,
}

impl Style {
    /// Its name in the specification.
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

/// What is sent as a body.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// What it is.
    pub description: Option<String>,
    /// The media type as the document spells it, parameters included.
    pub media_type: String,
    /// How the value becomes bytes.
    pub content: BodyContent,
}

/// How a body is made.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyContent {
    /// A value as JSON.
    Json(Type),
    /// A text as it is.
    Text(Type),
    /// The parts of a form.
    Multipart(Vec<Part>),
    /// Bytes as they are.
    Bytes,
}

/// A part of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name on the wire.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Whether the form is incomplete without it.
    pub required: bool,
    /// The part's own media type, where the document gives one.
    pub content_type: Option<String>,
    /// What the part is.
    pub doc: Doc,
    /// Where it is written.
    pub span: Span,
}

/// The answer that means that it worked.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// What it carries.
    pub content: ResponseContent,
    /// Whether an answer without a body is as good (a documented 204 beside a body, or a body documented for a 204).
    pub optional: bool,
    /// The statuses that the document lists for it, for the documentation.
    pub statuses: Vec<StatusPattern>,
    /// What the document says of it.
    pub description: Option<String>,
    /// The media types that are decoded, for `Accept`.
    pub media_types: Vec<String>,
    /// The headers that come with it.
    pub headers: Vec<HeaderDoc>,
}

/// A header that comes with an answer: callers read it from the answer's headers, by this name.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderDoc {
    /// Its name.
    pub name: String,
    /// What it says.
    pub description: Option<String>,
}

/// An answer that means that it did not work.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorAnswer {
    /// When it comes.
    pub status: StatusPattern,
    /// What it carries.
    pub content: ResponseContent,
    /// What the document says of it.
    pub description: Option<String>,
    /// The headers that come with it.
    pub headers: Vec<HeaderDoc>,
}

/// What the body of an answer is.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseContent {
    /// Nothing is documented.
    Empty,
    /// A JSON value.
    Json(Type),
    /// A text.
    Text(Type),
    /// Bytes as they are.
    Bytes,
}

/// The key of an answer in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// `2XX`, by its hundreds.
    Range(u16),
    /// `default`
    Default,
}

/// `x-pagination`
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// How a page is asked for.
    pub style: PagingStyle,
    /// Index of the parameter that says how long a page may be.
    pub limit: Option<usize>,
    /// The members that lead to the page's items, by their wire names; none where the answer is the items.
    pub items: Vec<String>,
    /// What one item is.
    pub item: Type,
    /// What counts all items, on all pages.
    pub total: Option<Told>,
    /// What counts all pages.
    pub total_pages: Option<Told>,
    /// What says whether there are more pages.
    pub has_more: Option<Told>,
    /// What holds the cursor or link of the next page.
    pub next: Option<Told>,
    /// Whether a page of fewer items than the limit is the last one.
    pub short_page_ends: bool,
    /// Whether an empty page is the last one, whatever comes with it.
    pub empty_page_ends: bool,
}

/// How a page is asked for; parameters by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// By the number of items before it.
    Offset(usize),
    /// By its number.
    PageNumber {
        /// The parameter.
        parameter: usize,
        /// The number of the first page.
        first: i64,
    },
    /// By the cursor that came with the page before.
    Cursor(usize),
    /// By the link that came with the page before.
    NextLink,
}

/// Where an answer tells something of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// In its body, where these members lead, by their wire names.
    Member(Vec<String>),
    /// In the header of this name.
    Header(String),
    /// In the header `Link`, as the relation `next`.
    Link,
}
