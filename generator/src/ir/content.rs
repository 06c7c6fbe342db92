//! The content of requests and answers: media types, and what a value of each is.

use crate::source::Span;

use super::{Doc, Style, Type};

/// What is sent as a body.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// What it is.
    pub description: Option<String>,
    /// What it may be, one for each media type, JSON first; never empty.
    pub representations: Vec<Representation<BodyContent>>,
}

impl RequestBody {
    /// The only representation, where there is one alone.
    pub fn only(&self) -> Option<&Representation<BodyContent>> {
        match self.representations.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// A media type and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Representation<C> {
    /// The media type as the document spells it, parameters included.
    pub media_type: String,
    /// How a value becomes bytes, or bytes become a value.
    pub content: C,
    /// What is said of the value, as far as its type has no definition of its own, and the examples of it.
    pub doc: Doc,
    /// Where it is written.
    pub span: Span,
}

/// How a body is made.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyContent {
    /// A value as JSON.
    Json(Type),
    /// A text as it is.
    Text(Type),
    /// The members of a value as `application/x-www-form-urlencoded`, and what the document says of some of them.
    Form(Type, Vec<Field>),
    /// A multipart media type such as `multipart/form-data`, part by part.
    Multipart(Multipart),
    /// The members of a value as the parts of a multipart media type.
    MultipartOf(Type),
    /// Bytes as they are.
    Bytes,
}

impl BodyContent {
    /// The type of the value that is sent; none for parts and bytes.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::Form(ty, _) | Self::MultipartOf(ty) => Some(ty),
            Self::Multipart(_) | Self::Bytes => None,
        }
    }
}

/// How a member goes into an urlencoded form, where the document says so (OpenAPI 3.0.3, "Encoding Object").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name of the member.
    pub name: String,
    /// How arrays and objects are spelt; none where the value goes as JSON.
    pub style: Option<Style>,
    /// Whether each element of an array or object is a pair of its own.
    pub explode: bool,
    /// Whether reserved characters go as they are.
    pub allow_reserved: bool,
}

/// A multipart body, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipart {
    /// The parts that the document names.
    pub parts: Vec<Part>,
    /// Whether there may be others.
    pub open: bool,
    /// What the form is.
    pub doc: Doc,
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name on the wire.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Whether the form is incomplete without it.
    pub required: bool,
    /// What it holds.
    pub content: PartContent,
    /// The part's own media type, where the document gives exactly one.
    pub content_type: Option<String>,
    /// The media types that the document lets the sender choose of.
    pub content_types: Option<String>,
    /// The text that is sent where the caller gives none: the only allowed value of a required part.
    pub client_value: Option<String>,
    /// The headers that it may come with.
    pub headers: Vec<HeaderDoc>,
    /// What the part is.
    pub doc: Doc,
    /// Where it is written.
    pub span: Span,
}

/// What a part of a form holds.
#[derive(Debug, Clone, PartialEq)]
pub enum PartContent {
    /// A file.
    File,
    /// Any number of files, each a part of the same name.
    Files,
    /// A value: a text, number or boolean as it is, anything else as JSON.
    Value(Type),
    /// Any number of values, each a part of the same name.
    Values(Type),
    /// A value as JSON, whatever it is.
    Json(Type),
    /// A file or a text, as the caller has it.
    Any,
}

impl PartContent {
    /// The type of the value, or of each of them; none for files.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Value(ty) | Self::Values(ty) | Self::Json(ty) => Some(ty),
            Self::File | Self::Files | Self::Any => None,
        }
    }
}

/// The answers that mean that it worked, and the redirects that the document lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// What they carry.
    pub content: SuccessContent,
    /// What comes item by item, where the answer may be a stream.
    pub stream: Option<StreamContent>,
    /// What the document lists.
    pub answers: Vec<SuccessDoc>,
    /// The media types that are decoded, for `Accept`.
    pub media_types: Vec<String>,
    /// Those that carry the same as one that is decoded, and are not asked for.
    pub other_media_types: Vec<String>,
    /// The headers that come with them.
    pub headers: Vec<HeaderDoc>,
}

/// What is said of one of the answers that mean that it worked.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessDoc {
    /// When it comes.
    pub status: StatusPattern,
    /// What it means.
    pub description: String,
    /// What is said of its body, once for all media types that say the same.
    pub bodies: Vec<Doc>,
}

impl Success {
    /// Whether the same response is documented as a stream and as something else.
    pub fn is_whole_or_stream(&self) -> bool {
        let is_stream = matches!(&self.content, SuccessContent::One { content: ResponseContent::Stream(..), .. });
        self.stream.is_some() && !is_stream
    }

    /// The JSON value that every success carries; none where it is anything else.
    pub fn json(&self) -> Option<(&Type, bool)> {
        match &self.content {
            SuccessContent::One { content: ResponseContent::Json(ty), optional, .. } => Some((ty, *optional)),
            _ => None,
        }
    }
}

/// What successful answers carry.
#[derive(Debug, Clone, PartialEq)]
pub enum SuccessContent {
    /// All the same.
    One {
        /// What it is.
        content: ResponseContent,
        /// Whether an answer without a body is as good (a documented 204 beside a body, or a body documented for a 204).
        optional: bool,
        /// The statuses without a documented body that can have one nevertheless: whatever comes is as good.
        without: Vec<u16>,
    },
    /// What differs by status or media type.
    Several(Vec<SuccessVariant>),
}

/// One of several kinds of successful answers.
#[derive(Debug, Clone, PartialEq)]
pub struct SuccessVariant {
    /// When it comes.
    pub status: StatusPattern,
    /// Its media types; empty where it has no content.
    pub media_types: Vec<String>,
    /// What it carries.
    pub content: ResponseContent,
    /// What the document says of it.
    pub description: Option<String>,
}

/// An answer that comes item by item.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamContent {
    /// The media type as the document spells it.
    pub media_type: String,
    /// What separates the items.
    pub framing: Framing,
    /// What an item is: of events, what their data is.
    pub item: Type,
}

/// What separates the items of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream` of JSON: Server-Sent Events, as the WHATWG's HTML standard has them.
    JsonEvents,
    /// `text/event-stream` of texts.
    TextEvents,
    /// JSON texts, each on a line of its own, or as RFC 7464 has them.
    JsonLines,
}

/// A header that comes with an answer or goes with a part of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderDoc {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether it is always there.
    pub required: bool,
    /// What it says.
    pub doc: Doc,
}

/// An answer that means that it did not work.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorResponse {
    /// When it comes.
    pub status: StatusPattern,
    /// What it carries, by media type, JSON first; none where it is empty.
    pub representations: Vec<Representation<ResponseContent>>,
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
    /// A text or a JSON value: the document has the value as both, and the response's media type decides.
    TextOrJson(Type),
    /// Bytes as they are.
    Bytes,
    /// All items of a stream.
    Stream(Framing, Type),
}

impl ResponseContent {
    /// The type of the value, or of what each item carries.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Text(ty) | Self::TextOrJson(ty) | Self::Stream(_, ty) => Some(ty),
            Self::Empty | Self::Bytes => None,
        }
    }
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

impl StatusPattern {
    /// Whether it is a status of redirection, or the range of them.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Exact(300..=399) | Self::Range(3))
    }
}
