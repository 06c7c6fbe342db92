//! The content of requests and responses, by media type.

use crate::source::Span;

use super::{Doc, Style, Type};

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// `required`
    pub required: bool,
    /// `description`
    pub description: Option<String>,
    /// One representation for each media type, JSON first. Never empty.
    pub representations: Vec<Representation<BodyContent>>,
}

impl RequestBody {
    /// Returns the representation if there is exactly one.
    pub fn only(&self) -> Option<&Representation<BodyContent>> {
        match self.representations.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// A media type and its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Representation<C> {
    /// The media type as in the document, including parameters.
    pub media_type: String,
    /// How the content is encoded or decoded.
    pub content: C,
    /// The documentation of the value, unless its type has a definition, and its examples.
    pub doc: Doc,
    /// Its location.
    pub span: Span,
}

/// How a request body is encoded.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyContent {
    /// A value as JSON.
    Json(Type),
    /// A string.
    Text(Type),
    /// The properties of a value as `application/x-www-form-urlencoded`, and the encoding of some of them.
    Form(Type, Vec<Field>),
    /// A multipart media type such as `multipart/form-data`, part by part.
    Multipart(Multipart),
    /// The properties of a value as the parts of a multipart media type.
    MultipartOf(Type),
    /// Bytes.
    Bytes,
}

impl BodyContent {
    /// Returns the type of the value. `None` for parts and bytes.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::Form(ty, _) | Self::MultipartOf(ty) => Some(ty),
            Self::Multipart(_) | Self::Bytes => None,
        }
    }
}

/// The encoding of a property in an urlencoded form (OpenAPI 3.0.3, "Encoding Object").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name of the property.
    pub name: String,
    /// The serialization style of arrays and objects; `None` if the value is sent as JSON.
    pub style: Option<Style>,
    /// Whether each item of an array or property of an object is a separate parameter.
    pub explode: bool,
    /// Whether reserved characters are sent unencoded.
    pub allow_reserved: bool,
}

/// A multipart body, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipart {
    /// The documented parts.
    pub parts: Vec<Part>,
    /// Whether other parts are allowed.
    pub open: bool,
    /// The documentation of the form.
    pub doc: Doc,
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Whether it is required.
    pub required: bool,
    /// Its content.
    pub content: PartContent,
    /// The media type of the part, if the document specifies exactly one.
    pub content_type: Option<String>,
    /// The media types that callers choose from, if the document specifies several.
    pub content_types: Option<String>,
    /// The string that is sent if callers set none: the only allowed value of a required part.
    pub client_value: Option<String>,
    /// Its headers.
    pub headers: Vec<HeaderDoc>,
    /// Its documentation.
    pub doc: Doc,
    /// Its location.
    pub span: Span,
}

/// The content of a part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum PartContent {
    /// A file.
    File,
    /// Any number of files, each in a part with the same name.
    Files,
    /// A value: strings, numbers and booleans as text, anything else as JSON.
    Value(Type),
    /// Any number of values, each in a part with the same name.
    Values(Type),
    /// A value as JSON, regardless of its type.
    Json(Type),
    /// A file or a string, as the caller chooses.
    Any,
}

impl PartContent {
    /// Returns the type of the value or of each value. `None` for files.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Value(ty) | Self::Values(ty) | Self::Json(ty) => Some(ty),
            Self::File | Self::Files | Self::Any => None,
        }
    }
}

/// The successful responses, and the documented redirects.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// Their content.
    pub content: SuccessContent,
    /// The stream of items, if the response may be one.
    pub stream: Option<StreamContent>,
    /// The documentation of each response.
    pub responses: Vec<SuccessDoc>,
    /// The media types that can be decoded, for `Accept`.
    pub media_types: Vec<String>,
    /// Media types with the same content as a decoded one, which are not requested.
    pub other_media_types: Vec<String>,
    /// The documented headers.
    pub headers: Vec<HeaderDoc>,
}

/// The documentation of a successful response.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessDoc {
    /// The status.
    pub status: StatusPattern,
    /// `description`
    pub description: String,
    /// The documentation of its body, without duplicates of several media types.
    pub bodies: Vec<Doc>,
}

impl Success {
    /// Returns whether the response is documented both as a stream and as something else.
    pub fn is_whole_or_stream(&self) -> bool {
        let is_stream = matches!(&self.content, SuccessContent::One { content: ResponseContent::Stream(..), .. });
        self.stream.is_some() && !is_stream
    }

    /// Returns the type of the JSON value that all successful responses contain, and whether it is optional. `None` if
    /// they contain anything else.
    pub fn json(&self) -> Option<(&Type, bool)> {
        match &self.content {
            SuccessContent::One { content: ResponseContent::Json(ty), optional, .. } => Some((ty, *optional)),
            _ => None,
        }
    }
}

/// The content of successful responses.
#[derive(Debug, Clone, PartialEq)]
pub enum SuccessContent {
    /// All responses have the same content.
    One {
        /// The content.
        content: ResponseContent,
        /// Whether the body may be missing (a documented 204 in addition to a body, or a body documented for a 204).
        optional: bool,
        /// The statuses without a documented body that may still have one, whose body is decoded leniently.
        bodiless: Vec<u16>,
    },
    /// The content differs by status or media type.
    Several(Vec<SuccessVariant>),
}

/// One of several kinds of successful responses.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessVariant {
    /// The status.
    pub status: StatusPattern,
    /// Its media types; empty if it has no content.
    pub media_types: Vec<String>,
    /// Its content.
    pub content: ResponseContent,
    /// `description`
    pub description: Option<String>,
}

/// A response that is a stream of items.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamContent {
    /// The media type as in the document.
    pub media_type: String,
    /// What separates the items.
    pub framing: Framing,
    /// The type of an item; for events, of their data.
    pub item: Type,
}

/// What separates the items of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream` with JSON data: Server-Sent Events (WHATWG HTML standard).
    JsonEvents,
    /// `text/event-stream` with strings.
    TextEvents,
    /// JSON texts, one per line or as in RFC 7464.
    JsonLines,
}

/// A header of a response or of a part of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderDoc {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// `required`
    pub required: bool,
    /// Its documentation.
    pub doc: Doc,
}

/// An error response.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorResponse {
    /// The status.
    pub status: StatusPattern,
    /// Its content by media type, JSON first; empty if it has no content.
    pub representations: Vec<Representation<ResponseContent>>,
    /// `description`
    pub description: Option<String>,
    /// Its headers.
    pub headers: Vec<HeaderDoc>,
}

/// The content of a response.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseContent {
    /// No documented content.
    Empty,
    /// A JSON value.
    Json(Type),
    /// A string.
    Text(Type),
    /// A string as plain text or JSON: both are documented, and the media type of the response decides.
    TextOrJson(Type),
    /// Bytes.
    Bytes,
    /// All items of a stream.
    Stream(Framing, Type),
}

impl ResponseContent {
    /// Returns the type of the value or of each item. `None` for bytes and no content.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::TextOrJson(ty) | Self::Stream(_, ty) => Some(ty),
            Self::Empty | Self::Bytes => None,
        }
    }
}

/// The key of a response in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// A range such as `2XX`, by its first digit.
    Range(u16),
    /// `default`
    Default,
}

impl StatusPattern {
    /// Returns whether it is a 3xx status or `3XX`.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Exact(300..=399) | Self::Range(3))
    }
}
