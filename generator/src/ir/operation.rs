//! Operations: where they go, with what parameters, and how their listings page.

use crate::source::Span;

use super::content::{ErrorResponse, HeaderDoc, RequestBody, Success};
use super::{Doc, SecretPath, Server, Type};

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
    /// What the document says of the path, where that is not the operation's own documentation.
    pub path_words: Option<String>,
    /// Whether callers should turn to something else.
    pub deprecated: bool,
    /// The tags behind the first, and what the document says of each: the operation stands under the first alone.
    pub other_tags: Vec<(String, Option<String>)>,
    /// The parameters in the order of the document, those of the path first; an exploded object is its members.
    pub parameters: Vec<Parameter>,
    /// What is sent as a body.
    pub body: Option<RequestBody>,
    /// What comes back when it works.
    pub success: Success,
    /// What comes back when it does not, exact statuses first, then ranges, then `default`.
    pub errors: Vec<ErrorResponse>,
    /// The requests that the server makes in turn, by their names in the document: nothing is generated for them.
    pub callbacks: Vec<String>,
    /// The operations that answers lead to, by the names of the links: nothing is generated for them either.
    pub links: Vec<String>,
    /// Alternatives of combinations of security schemes; empty where none is needed.
    pub security: Vec<Vec<String>>,
    /// The scopes that a token must have, by the name of its scheme, each once.
    pub scopes: Vec<(String, Vec<String>)>,
    /// `x-pagination`
    pub pagination: Option<Pagination>,
    /// `x-idempotent`
    pub idempotent: Option<bool>,
    /// Where its request bodies hold secrets.
    pub request_secrets: Vec<SecretPath>,
    /// Where its response bodies hold secrets, those of errors included.
    pub response_secrets: Vec<SecretPath>,
    /// Where the operation is written.
    pub span: Span,
}

impl Operation {
    /// The headers that answers of any status come with, each once.
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
    Property(Vec<String>),
    /// In the header of this name.
    Header(String),
    /// In the header `Link`, as the relation `next`.
    Link,
}
