//! Defines the content of requests and responses, by media type.

use crate::source::Span;

use super::{Doc, Style, Type};

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// The name of the body parameter in Swagger 2.0, from which the name of the Rust argument is derived.
    pub name: Option<String>,
    /// `required`
    pub required: bool,
    /// `description`
    pub description: Option<String>,
    /// The representations, one for each media type, with JSON first. Never empty.
    pub representations: Vec<Representation<BodyContent>>,
}

impl RequestBody {
    /// Returns the representation if the body has exactly one media type.
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
    /// The media type as written in the document, including parameters such as `charset`.
    pub media_type: String,
    /// The content, and how it is encoded or decoded.
    pub content: C,
    /// The examples and the documentation of the value. If the type of the value has a definition, this field contains
    /// only the examples, because the definition contains the documentation.
    pub doc: Doc,
    /// The source location.
    pub span: Span,
}

/// The content of a request body, and how it is encoded.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyContent {
    /// A value, encoded as JSON.
    Json(Type),
    /// A value, encoded as plain text, e.g. a string.
    Text(Type),
    /// An array, whose items are encoded as JSON, one per line (JSON Lines) or as a JSON text sequence (RFC 7464).
    JsonLines(Type),
    /// The properties of a value, encoded as `application/x-www-form-urlencoded`. The list contains the fields for
    /// which the document has an Encoding Object.
    Form(Type, Vec<Field>),
    /// A multipart media type such as `multipart/form-data`, whose parts callers set separately.
    Multipart(Multipart),
    /// A multipart media type whose parts are the properties of one value.
    MultipartOf(Type),
    /// Bytes, sent unchanged.
    Bytes,
}

impl BodyContent {
    /// Returns the type of the value. Returns `None` for bytes, and for multipart bodies whose parts are set
    /// separately.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::JsonLines(ty) | Self::Form(ty, _) | Self::MultipartOf(ty) => {
                Some(ty)
            }
            Self::Multipart(_) | Self::Bytes => None,
        }
    }
}

/// The encoding of a property in a URL-encoded form (OpenAPI 3.0.3, "Encoding Object").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name of the property.
    pub name: String,
    /// The serialization style of arrays and objects. `None` if the value is sent as JSON.
    pub style: Option<Style>,
    /// Whether each item of an array or property of an object is sent as a separate field.
    pub explode: bool,
    /// For an array of arrays, the styles of the inner arrays, from the outermost to the innermost. Only documents of
    /// Swagger 2.0 specify such styles (`collectionFormat` of `items`).
    pub item_styles: Vec<Style>,
    /// Whether reserved characters are sent unencoded.
    pub allow_reserved: bool,
}

/// A multipart body whose parts callers set separately.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipart {
    /// The documented parts.
    pub parts: Vec<Part>,
    /// Whether undocumented parts are allowed.
    pub open: bool,
    /// The documentation of the whole body.
    pub doc: Doc,
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The name.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Whether the part is required.
    pub required: bool,
    /// The content.
    pub content: PartContent,
    /// If the part contains an array, the styles that separate the items of the array and of the arrays within it, from
    /// the outermost array to the innermost. Empty if arrays are sent as JSON.
    pub delimiters: Vec<Style>,
    /// The media type of the part, if the document specifies exactly one.
    pub content_type: Option<String>,
    /// The media types that callers choose from, if the document specifies several or a range.
    pub content_types: Option<String>,
    /// The only allowed value of a required part. Generated clients send this value; callers do not set it.
    pub client_value: Option<String>,
    /// The documented headers.
    pub headers: Vec<HeaderDoc>,
    /// The documentation.
    pub doc: Doc,
    /// The source location.
    pub span: Span,
}

impl Part {
    /// Returns whether callers must pass a value for the part.
    pub fn is_argument(&self) -> bool {
        self.required && self.client_value.is_none()
    }
}

/// The content of a part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub enum PartContent {
    /// A file.
    File,
    /// Any number of files, each in a part with the same name.
    Files,
    /// A value. Strings, numbers and booleans are sent as text, arrays and objects as JSON.
    Value(Type),
    /// Any number of values, each in a part with the same name.
    Values(Type),
    /// A value that is always sent as JSON, even if it is a string, number or boolean.
    Json(Type),
    /// A file or a string. Callers choose between them.
    Any,
}

impl PartContent {
    /// Returns the type of the value or, if the part is repeated, of each value. Returns `None` for files and for
    /// content of any type.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Value(ty) | Self::Values(ty) | Self::Json(ty) => Some(ty),
            Self::File | Self::Files | Self::Any => None,
        }
    }
}

/// The successful responses of an operation, including documented redirects.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// The content of the responses.
    pub content: SuccessContent,
    /// The stream of items, if a response can be a stream.
    pub stream: Option<StreamContent>,
    /// The documentation of each response.
    pub responses: Vec<SuccessDoc>,
    /// The media types that the client can decode, which are sent in the header `Accept`.
    pub media_types: Vec<String>,
    /// Alternative media types, such as XML in addition to JSON, which clients do not request by default. They are
    /// mentioned in the documentation.
    pub other_media_types: Vec<String>,
    /// The documented headers.
    pub headers: Vec<HeaderDoc>,
}

/// The documentation of a successful response.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessDoc {
    /// The status or range of statuses, from the key of the response in `responses`.
    pub status: StatusPattern,
    /// `description`
    pub description: String,
    /// The media types of the body, except for a stream that the response contains beside other content. Empty for
    /// responses without a body.
    pub media_types: Vec<String>,
    /// The documentation of the body for each media type, without duplicates.
    pub bodies: Vec<Doc>,
}

impl Success {
    /// Returns whether the responses are documented both as a stream and as a complete body.
    pub fn is_whole_or_stream(&self) -> bool {
        let is_stream = matches!(&self.content, SuccessContent::One { content: ResponseContent::Stream(..), .. });
        self.stream.is_some() && !is_stream
    }

    /// Returns the type of the JSON value that all successful responses contain, and whether the value may be missing.
    /// Returns `None` if the content is not JSON, or differs between the responses.
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
        /// Whether the body may be missing: e.g. if a response with a body and a `204` without a body are documented,
        /// or if a body is documented for a `204`.
        optional: bool,
        /// The statuses that are documented without a body, except for statuses such as 204 that never have a body. If
        /// such a response has a body that cannot be decoded, the body is ignored.
        bodiless: Vec<u16>,
    },
    /// The content depends on the status or the media type.
    Several(Vec<SuccessVariant>),
}

/// The content of successful responses with a status and media types, for an operation whose successful responses have
/// different content.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessVariant {
    /// The status or range of statuses, from the key of the response in `responses`.
    pub status: StatusPattern,
    /// The media types. Empty if the response has no content.
    pub media_types: Vec<String>,
    /// The content.
    pub content: ResponseContent,
    /// `description`
    pub description: Option<String>,
}

/// A response that is a stream of items.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamContent {
    /// The media type as in the document.
    pub media_type: String,
    /// The items.
    pub items: StreamItems,
}

/// The items of a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamItems {
    /// `text/event-stream` with JSON data of this type: Server-Sent Events (WHATWG HTML standard).
    JsonEvents(Type),
    /// `text/event-stream` with strings as data.
    TextEvents,
    /// `text/event-stream` with data that depends on the type of the event.
    Events(Vec<EventVariant>),
    /// JSON values of this type, one per line (JSON Lines) or as a JSON text sequence (RFC 7464).
    Json(Type),
    /// JSON objects, one per line, with the property `result` or `error`: the response of a gRPC gateway.
    Results {
        /// The type of `result`.
        result: Type,
        /// The type of `error`, if it is documented.
        error: Option<Type>,
    },
    /// The parts of a multipart response.
    Parts(PartItem),
}

impl StreamItems {
    /// Returns the types of the values in the items, each with the name of the item's property that contains the value,
    /// or with `None` if no property contains the value.
    pub fn types(&self) -> Vec<(Option<&'static str>, &Type)> {
        match self {
            Self::JsonEvents(ty) | Self::Json(ty) | Self::Parts(PartItem::Json(ty)) => vec![(None, ty)],
            Self::TextEvents | Self::Parts(PartItem::Text) => vec![(None, &Type::String)],
            Self::Parts(PartItem::Bytes) => Vec::new(),
            Self::Events(variants) => {
                variants.iter().filter_map(|variant| Some((None, variant.data.as_ref()?))).collect()
            }
            Self::Results { result, error } => {
                let error = error.iter().map(|error| (Some("error"), error));
                std::iter::once((Some("result"), result)).chain(error).collect()
            }
        }
    }
}

/// The data of all events with the same event type.
#[derive(Debug, Clone, PartialEq)]
pub struct EventVariant {
    /// The type of the events; `message` for events without a type, as the standard defines.
    pub event: String,
    /// The type of the data, if it is JSON. `None` if it is a string.
    pub data: Option<Type>,
    /// The documentation.
    pub doc: Doc,
}

/// The content of the parts of a multipart response.
#[derive(Debug, Clone, PartialEq)]
pub enum PartItem {
    /// JSON values of this type.
    Json(Type),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A documented header of a response or of a part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderDoc {
    /// The name.
    pub name: String,
    /// The type of the value.
    pub ty: Type,
    /// If the value is an array, the styles that separate the items of the array and of the arrays within it, from the
    /// outermost array to the innermost. Empty if commas separate the items of the array, which is the default.
    pub delimiters: Vec<Style>,
    /// `required`
    pub required: bool,
    /// The documentation.
    pub doc: Doc,
}

/// Returns the first header with each name. Names of headers are case-insensitive.
pub(super) fn distinct<'a>(headers: impl Iterator<Item = &'a HeaderDoc>) -> Vec<&'a HeaderDoc> {
    let mut distinct: Vec<&HeaderDoc> = Vec::new();
    for header in headers {
        if !distinct.iter().any(|known| known.name.eq_ignore_ascii_case(&header.name)) {
            distinct.push(header);
        }
    }
    distinct
}

/// An error response.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorResponse {
    /// The status or range of statuses, from the key of the response in `responses`.
    pub status: StatusPattern,
    /// The representations, one for each media type, with JSON first. Empty if the response has no content.
    pub representations: Vec<Representation<ResponseContent>>,
    /// `description`
    pub description: Option<String>,
    /// The documented headers.
    pub headers: Vec<HeaderDoc>,
}

/// The content of a response.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseContent {
    /// No documented content.
    Empty,
    /// A JSON value.
    Json(Type),
    /// A value in plain text, e.g. a string.
    Text(Type),
    /// A value in plain text or in JSON, e.g. a string. The document allows both formats, and the media type of the
    /// response determines the format.
    TextOrJson(Type),
    /// Bytes.
    Bytes,
    /// A stream of items. A call that does not stream the response reads all items into a list.
    Stream(StreamItems),
}

impl ResponseContent {
    /// Returns the type of the value. Returns `None` for bytes, streams and responses without content.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::TextOrJson(ty) => Some(ty),
            Self::Stream(_) | Self::Empty | Self::Bytes => None,
        }
    }

    /// Returns the type of the value, or the types of the values in the items of a stream, each with the name of the
    /// item's property that contains the value, if any. Empty for bytes and for responses without content.
    pub fn types(&self) -> Vec<(Option<&'static str>, &Type)> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::TextOrJson(ty) => vec![(None, ty)],
            Self::Stream(items) => items.types(),
            Self::Empty | Self::Bytes => Vec::new(),
        }
    }
}

/// The key of a response in `responses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusPattern {
    /// A single status, e.g. `404`.
    Exact(u16),
    /// A range of statuses, identified by its first digit: 2 for `2XX`.
    Range(u16),
    /// `default`
    Default,
}

impl StatusPattern {
    /// Returns whether this is a redirect: a status from 300 to 399, or `3XX`.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Exact(300..=399) | Self::Range(3))
    }
}
