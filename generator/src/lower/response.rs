//! Lowers responses: the content of successful responses, and the error responses.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Doc, ErrorResponse, HeaderDoc, Origin, Representation, ResponseContent, Segment, StatusPattern, StreamContent,
    Success, SuccessContent, SuccessDoc, SuccessVariant, Type, TypeKind,
};
use crate::spec::{self, MediaType, OperationResponse, SchemaId, Status};

use super::Lowering;
use super::doc;
use super::media::{MediaKind, MediaTypes, is_range_with_json};

/// A documented response.
struct Response {
    status: StatusPattern,
    /// The representations, one for each media type, with JSON first.
    representations: Vec<Representation<ResponseContent>>,
    /// Media types with the same content as one of the representations.
    others: Vec<String>,
    description: Option<String>,
    headers: Vec<HeaderDoc>,
}

impl Response {
    /// Removes the content of all representations. The media types remain, because the `Accept` header selects the
    /// representation that a response to `HEAD` describes.
    fn remove_content(&mut self) {
        self.others.clear();
        for representation in &mut self.representations {
            representation.content = ResponseContent::Empty;
            representation.doc = Doc::default();
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers the responses of an operation: the successful ones, and the errors.
    pub(super) fn responses(
        &mut self,
        operation: &'a spec::Operation,
        origin: &Origin,
    ) -> (Success, Vec<ErrorResponse>) {
        let mut responses = Vec::new();
        for documented in &operation.responses {
            let mut response = self.response(documented, origin);
            // RFC 9110, section 9.3.2: responses to HEAD have no body. The documented content is that of GET.
            if operation.method == spec::Method::Head {
                response.remove_content();
            }
            responses.push(response);
        }
        responses.sort_by_key(|response| response.status);
        // A documented redirect is returned like a success, except by a paginated operation, which returns only pages
        // and follows redirects.
        let is_paginated = operation.pagination.is_some();
        let is_outcome =
            |response: &Response| response.status.is_success() || (response.status.is_redirect() && !is_paginated);
        // 304 means that the content of an earlier success has not changed, so it does not document that content.
        let is_success = |response: &Response| is_outcome(response) && response.status != StatusPattern::Exact(304);
        let documents_success = responses.iter().any(is_success);
        let errors = responses.iter().filter(|response| !is_outcome(response)).map(error_response).collect();
        // If no success is documented, `default` is also used for successes.
        let is_default = |response: &Response| response.status == StatusPattern::Default;
        let successes = responses
            .into_iter()
            .filter(|response| is_outcome(response) || (!documents_success && is_default(response)));
        (success(successes.collect()), errors)
    }

    fn response(&mut self, documented: &'a OperationResponse, origin: &Origin) -> Response {
        let spec = self.spec;
        let response = &spec.responses[documented.response];
        let origin = origin.then(Segment::Response(documented.key.value.clone()));
        let headers = self.headers(&response.headers, &origin);
        if let Some(links) = &response.links {
            self.diagnostics.push(
                Diagnostic::warning(Code::Unsupported, links.span, "links are not generated")
                    .help("call the linked operations instead"),
            );
        }
        let is_success = StatusPattern::of(documented.status).is_success();
        let Selected { media_types, others, text_and_json } = self.selected(response);
        let mut types = MediaTypes::new(origin);
        let mut representations = Vec::new();
        let decoded = media_types.iter().filter(|(_, kind)| is_decoded(*kind));
        let decoded: Vec<SchemaId> = decoded.filter_map(|(media, _)| media.schema).collect();
        for (media, kind) in media_types {
            if !is_decoded(kind) {
                let passed_as = if kind == MediaKind::Document { "a string" } else { "bytes" };
                self.check_ignored_schema(media, &decoded, passed_as);
            }
            self.check_encodings(media, true);
            let items = match self.stream_items(media, kind, &mut types) {
                None if is_success => self.results(media, kind, response, &types),
                items => items,
            };
            let content = match items {
                Some(items) => ResponseContent::Stream(items),
                None => {
                    let is_text_and_json = text_and_json == Some(media.media_type.as_str());
                    self.response_content(media, kind, is_text_and_json, &mut types)
                }
            };
            let ty = content.types().first().map(|(_, ty)| *ty);
            representations.push(Representation {
                media_type: media.media_type.clone(),
                doc: self.media_doc(media, ty),
                content,
                span: media.key_span,
            });
        }
        let description = doc::response_description(response);
        Response { status: StatusPattern::of(documented.status), representations, others, description, headers }
    }

    fn response_content(
        &mut self,
        media: &'a MediaType,
        kind: MediaKind,
        is_text_and_json: bool,
        types: &mut MediaTypes,
    ) -> ResponseContent {
        match kind {
            MediaKind::Json => match self.media_type(media, types) {
                ty if is_text_and_json && self.is_text_value(&ty) => ResponseContent::TextOrJson(ty),
                ty => ResponseContent::Json(ty),
            },
            MediaKind::Text => match self.media_type(media, types) {
                Type::Any => ResponseContent::Text(Type::String),
                ty if is_text_and_json || is_range_with_json(&media.media_type) => ResponseContent::TextOrJson(ty),
                ty => ResponseContent::Text(ty),
            },
            // A sequence of JSON values whose schema is a string is not split.
            MediaKind::Document | MediaKind::Lines => ResponseContent::Text(Type::String),
            MediaKind::Events | MediaKind::Multipart | MediaKind::Form | MediaKind::Bytes => ResponseContent::Bytes,
        }
    }

    /// Returns whether plain text can represent a value of a type.
    fn is_text_value(&self, ty: &Type) -> bool {
        let ty = ty.unaliased(&self.types);
        let kind = ty.definition(&self.types).map(|definition| &definition.kind);
        is_text(ty) || matches!(kind, Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)))
    }

    /// Selects the media types of a response.
    fn selected(&mut self, response: &'a spec::Response) -> Selected<'a> {
        let mut media_types = Vec::with_capacity(response.content.len());
        for media in &response.content {
            if self.is_media_type(media) {
                media_types.push((media, self.media_kind(media)));
            }
        }
        media_types
            .sort_by_key(|(media, kind)| (*kind != MediaKind::Json, !MediaKind::is_plain_json(&media.media_type)));
        // Plain text is preferred for strings, and JSON for all other values.
        let text = media_types.iter().find(|(_, kind)| *kind == MediaKind::Text);
        let preferred = text.or_else(|| media_types.first().filter(|(_, kind)| *kind == MediaKind::Json)).copied();
        let (Some((preferred, kind)), false) = (preferred, media_types.len() < 2) else {
            return Selected { media_types, others: Vec::new(), text_and_json: None };
        };
        let is_repeated = |(media, other): &(&'a MediaType, MediaKind)| {
            let schemas = preferred.schema.zip(media.schema);
            schemas.is_some_and(|(one, other)| self.spec.is_same(one, other))
                && *other != kind
                && !matches!(other, MediaKind::Events | MediaKind::Lines)
        };
        let (others, media_types): (Vec<_>, Vec<_>) = media_types.into_iter().partition(is_repeated);
        let is_text_and_json = match kind {
            MediaKind::Json => !others.is_empty(),
            _ => others.iter().any(|(_, other)| *other == MediaKind::Json),
        };
        let others = others.into_iter().map(|(media, _)| media.media_type.clone()).collect();
        let text_and_json = is_text_and_json.then_some(preferred.media_type.as_str());
        Selected { media_types, others, text_and_json }
    }
}

/// The media types of a response, split into the selected ones and those that repeat a schema.
struct Selected<'a> {
    /// The selected media types, with JSON first.
    media_types: Vec<(&'a MediaType, MediaKind)>,
    /// The media types with the same schema as a selected one.
    others: Vec<String>,
    /// The selected media type, JSON or plain text, whose schema is also documented in the other of these two formats.
    text_and_json: Option<&'a str>,
}

/// Returns whether content of this kind is decoded.
fn is_decoded(kind: MediaKind) -> bool {
    matches!(kind, MediaKind::Json | MediaKind::Text | MediaKind::Events | MediaKind::Lines)
}

/// Returns whether values of a type are plain text: strings, numbers and booleans.
pub(super) fn is_text(ty: &Type) -> bool {
    !matches!(ty, Type::Any | Type::AnyObject | Type::Array(_) | Type::Map(_) | Type::Named(_) | Type::Nullable(_))
}

/// Converts a response to an error response. A stream becomes bytes, because error bodies are read as a whole.
fn error_response(response: &Response) -> ErrorResponse {
    let whole = |representation: &Representation<ResponseContent>| Representation {
        content: match &representation.content {
            ResponseContent::Stream(_) => ResponseContent::Bytes,
            content => content.clone(),
        },
        ..representation.clone()
    };
    ErrorResponse {
        status: response.status,
        representations: response.representations.iter().map(whole).collect(),
        description: response.description.clone(),
        headers: response.headers.clone(),
    }
}

/// The content of an operation whose successful responses have no content.
const EMPTY: SuccessContent =
    SuccessContent::One { content: ResponseContent::Empty, optional: false, bodiless: Vec::new() };

/// Combines the successful responses.
fn success(mut responses: Vec<Response>) -> Success {
    let mut success = Success {
        content: EMPTY,
        stream: None,
        responses: responses.iter().map(success_doc).collect(),
        media_types: Vec::new(),
        other_media_types: Vec::new(),
        headers: Vec::new(),
    };
    for response in &mut responses {
        if response.status.is_without_body() {
            response.others.clear();
        }
        take_stream(response, &mut success);
        for header in std::mem::take(&mut response.headers) {
            if !success.headers.iter().any(|known| known.name.eq_ignore_ascii_case(&header.name)) {
                success.headers.push(header);
            }
        }
        for representation in &response.representations {
            // With a media range in the `Accept` header, the server could choose any format, but only JSON can be
            // decoded.
            let is_json = matches!(representation.content, ResponseContent::Json(_));
            let is_range = representation.media_type.contains('*');
            let json = (is_json && is_range).then(|| "application/json".to_owned());
            extend(&mut success.media_types, json.iter().chain([&representation.media_type]));
        }
        extend(&mut success.other_media_types, &response.others);
    }
    success.media_types.sort_by_key(|media_type| (media_type.contains('*'), !is_json(media_type, &responses)));
    success.other_media_types.retain(|other| !success.media_types.contains(other));
    for (doc, response) in success.responses.iter_mut().zip(&responses) {
        doc.media_types = response.representations.iter().map(|it| it.media_type.clone()).collect();
    }
    success.content = content(responses);
    success
}

fn success_doc(response: &Response) -> SuccessDoc {
    let mut bodies: Vec<Doc> = Vec::new();
    for representation in &response.representations {
        if representation.doc != Doc::default() && !bodies.contains(&representation.doc) {
            bodies.push(representation.doc.clone());
        }
    }
    let description = response.description.clone().unwrap_or_default();
    SuccessDoc { status: response.status, description, media_types: Vec::new(), bodies }
}

fn extend<'m>(into: &mut Vec<String>, media_types: impl IntoIterator<Item = &'m String>) {
    for media_type in media_types {
        if !into.contains(media_type) {
            into.push(media_type.clone());
        }
    }
}

fn is_json(media_type: &str, responses: &[Response]) -> bool {
    let mut all = responses.iter().flat_map(|response| &response.representations);
    media_type == "application/json"
        || all.any(|it| it.media_type == media_type && matches!(it.content, ResponseContent::Json(_)))
}

/// Copies the stream of a response to `success`. Removes it from the response if the response also has other content:
/// then, a separate call requests the stream. Only the first stream of an operation is a stream; the others become
/// bytes.
fn take_stream(response: &mut Response, success: &mut Success) {
    let is_stream = |it: &Representation<ResponseContent>| matches!(it.content, ResponseContent::Stream(_));
    let Some(first) = response.representations.iter().find(|it| is_stream(it)).cloned() else { return };
    let has_whole = response.representations.iter().any(|it| !is_stream(it));
    response.representations.retain(|it| {
        let is_kept = !is_stream(it) || (!has_whole && it.media_type == first.media_type);
        if !is_kept && it.media_type != first.media_type {
            response.others.push(it.media_type.clone());
        }
        is_kept
    });
    let ResponseContent::Stream(items) = first.content else { return };
    let stream = StreamContent { media_type: first.media_type, items };
    if success.stream.get_or_insert_with(|| stream.clone()) != &stream {
        for other in response.representations.iter_mut().filter(|it| is_stream(it)) {
            other.content = ResponseContent::Bytes;
        }
    }
}

/// Returns a single content if all responses with content have the same content, or else a variant for each status and
/// content. A redirect beside other outcomes is always a separate variant, because it has a different meaning for
/// callers.
fn content(responses: Vec<Response>) -> SuccessContent {
    let has_body = |response: &Response| !response.status.is_without_body() && !response.representations.is_empty();
    let is_distinct = responses.len() > 1 && responses.iter().any(|response| response.status.is_redirect());
    let mut contents: Vec<&ResponseContent> = Vec::new();
    for representation in responses.iter().filter(|response| has_body(response)).flat_map(|it| &it.representations) {
        if !contents.contains(&&representation.content) {
            contents.push(&representation.content);
        }
    }
    // A body that is documented for a status without bodies, e.g. 204, is kept: the server may send it with another
    // status.
    if contents.is_empty() {
        contents.extend(responses.iter().flat_map(|it| &it.representations).map(|it| &it.content).take(1));
    }
    match contents.as_slice() {
        _ if is_distinct => {}
        [] => return EMPTY,
        [only] => {
            // Servers often send only the headers of a redirect.
            let optional = responses.iter().any(|response| !has_body(response) || response.status.is_redirect());
            // A stream in a response without a body is empty.
            let optional = optional && !matches!(only, ResponseContent::Stream(_) | ResponseContent::Empty);
            let without = responses.iter().filter(|response| optional && response.representations.is_empty());
            let without = without.filter_map(|response| match response.status {
                StatusPattern::Exact(status) if !response.status.is_without_body() => Some(status),
                _ => None,
            });
            return SuccessContent::One { content: (*only).clone(), optional, bodiless: without.collect() };
        }
        _ => {}
    }
    let mut variants: Vec<SuccessVariant> = Vec::new();
    for response in responses {
        let variant = |media_types, content| SuccessVariant {
            status: response.status,
            media_types,
            content,
            description: response.description.clone(),
        };
        if !has_body(&response) {
            variants.push(variant(Vec::new(), ResponseContent::Empty));
            continue;
        }
        let begin = variants.len();
        for representation in response.representations {
            let own = variants.get_mut(begin..).unwrap_or_default();
            match own.iter_mut().find(|known| known.content == representation.content) {
                Some(known) => known.media_types.push(representation.media_type),
                None => variants.push(variant(vec![representation.media_type], representation.content)),
            }
        }
    }
    SuccessContent::Several(variants)
}

impl StatusPattern {
    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::Exact(status) => Self::Exact(status),
            Status::Range(hundreds) => Self::Range(hundreds),
            Status::Default => Self::Default,
        }
    }

    fn is_success(self) -> bool {
        matches!(self, Self::Exact(200..=299) | Self::Range(2))
    }

    /// Returns whether responses with the status never have a body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5).
    fn is_without_body(self) -> bool {
        matches!(self, Self::Exact(204 | 205 | 304))
    }
}
