//! Answers: what comes back when it works, and what comes back when it does not.

use openapiv3::{ReferenceOr, Response, Responses, StatusCode};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Doc, ErrorResponse, Framing, HeaderDoc, Origin, Representation, ResponseContent, Segment, StatusPattern,
    StreamContent, Success, SuccessContent, SuccessDoc, SuccessVariant, Type, TypeKind,
};
use crate::source::{Entry, Node};

use super::Lowering;
use super::doc;
use super::located::Located;
use super::media::{MediaKind, MediaTypes, is_range_with_json, is_same};
use super::reference::Section;

const RESPONSES: Section<Response> = Section { name: "responses", members: |components| &components.responses };

/// One documented answer.
struct Answer {
    status: StatusPattern,
    /// By media type, JSON first.
    representations: Vec<Representation<ResponseContent>>,
    /// Media types of the same values as one of these.
    others: Vec<String>,
    description: Option<String>,
    headers: Vec<HeaderDoc>,
}

impl Answer {
    /// Its media types are asked for nevertheless: by them the server chooses what it describes.
    fn without_body(&mut self) {
        self.others.clear();
        for representation in &mut self.representations {
            representation.content = ResponseContent::Empty;
            representation.doc = Doc::default();
        }
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn responses(
        &mut self,
        at: Located<'a, Responses>,
        method: &str,
        is_listing: bool,
        origin: &Origin,
    ) -> (Success, Vec<ErrorResponse>) {
        let mut answers = Vec::new();
        for entry in at.node.entries() {
            if let Some((status, response)) = find(at.value, &entry.key)
                && let Some(mut answer) = self.answer(entry, status, response, origin)
            {
                // RFC 9110, section 9.3.2: no answer to HEAD has a body. What is documented is that of GET.
                if method == "HEAD" {
                    answer.without_body();
                }
                answers.push(answer);
            }
        }
        answers.sort_by_key(|answer| answer.status);
        // A redirect that is documented is an outcome. A listing gives pages alone: its redirects are followed as others are.
        let is_outcome = |answer: &Answer| answer.status.is_success() || (answer.status.is_redirect() && !is_listing);
        // 304 says of a success, which is somewhere else in the document, that it has not changed.
        let is_success = |answer: &Answer| is_outcome(answer) && answer.status != StatusPattern::Exact(304);
        let documents_success = answers.iter().any(is_success);
        let errors = answers.iter().filter(|answer| !is_outcome(answer)).map(error_answer).collect();
        // With no success in sight, `default` stands for it too.
        let successes = answers
            .into_iter()
            .filter(|answer| is_outcome(answer) || (!documents_success && answer.status == StatusPattern::Default));
        (success(successes.collect()), errors)
    }

    fn answer(
        &mut self,
        entry: &'a Entry,
        status: StatusPattern,
        response: &'a ReferenceOr<Response>,
        origin: &Origin,
    ) -> Option<Answer> {
        let at = self.resolve(&entry.value, response, &RESPONSES)?;
        let origin = origin.then(Segment::Response(entry.key.clone()));
        let headers = self.headers(at.node, &at.value.headers, &origin);
        if let Some(links) = at.node.get("links") {
            self.not_generated(links, "links", "call the linked operations");
        }
        let (entries, others, is_text_and_json) = self.media_types(at.node);
        let mut types = MediaTypes::new(origin);
        let mut representations = Vec::new();
        let decoded: Vec<&'a Node> =
            entries.iter().filter(|(_, kind)| is_decoded(*kind)).filter_map(|it| it.0.value.get("schema")).collect();
        for (entry, kind) in entries {
            let Some(value) = at.value.content.get(&entry.key) else { continue };
            let media = Located::new(&entry.value, value);
            if !is_decoded(kind) {
                let goes_as = if kind == MediaKind::Document { "a string" } else { "bytes" };
                self.left_to_callers(entry, &decoded, goes_as);
            }
            let content = match kind {
                MediaKind::Json if is_text_and_json.is_some_and(|both| std::ptr::eq(both, entry)) => {
                    match self.media_type(media, &entry.key, &mut types) {
                        ty if self.is_text_value(&ty) => ResponseContent::TextOrJson(ty),
                        ty => ResponseContent::Json(ty),
                    }
                }
                MediaKind::Json => ResponseContent::Json(self.media_type(media, &entry.key, &mut types)),
                MediaKind::Text => {
                    let is_json_too = is_text_and_json.is_some_and(|both| std::ptr::eq(both, entry))
                        || is_range_with_json(&entry.key);
                    match self.media_type(media, &entry.key, &mut types) {
                        Type::Any => ResponseContent::Text(Type::String),
                        ty if is_json_too => ResponseContent::TextOrJson(ty),
                        ty => ResponseContent::Text(ty),
                    }
                }
                MediaKind::Document => ResponseContent::Text(Type::String),
                MediaKind::Events => match self.event_data(media, &entry.key, &mut types) {
                    ty if is_text(ty.unaliased(&self.types)) => {
                        ResponseContent::Stream(Framing::TextEvents, Type::String)
                    }
                    ty => ResponseContent::Stream(Framing::JsonEvents, ty),
                },
                // Lines that are described as one string come as that.
                MediaKind::Lines if self.is_plain_string(&entry.value) => ResponseContent::Text(Type::String),
                MediaKind::Lines => {
                    // What is described may be the whole, though it comes item by item.
                    let item = match self.media_type(media, &entry.key, &mut types) {
                        Type::Array(item) => *item,
                        ty => ty,
                    };
                    ResponseContent::Stream(Framing::JsonLines, item)
                }
                MediaKind::Multipart | MediaKind::Form | MediaKind::Bytes => ResponseContent::Bytes,
            };
            representations.push(Representation {
                media_type: entry.key.clone(),
                doc: self.media_doc(&entry.value, content.value()),
                content,
                span: entry.key_span,
            });
        }
        let description = Some(at.value.description.clone()).filter(|words| doc::says_anything(words));
        Some(Answer { status, representations, others, description, headers })
    }

    /// Whether a type is that of a value that a text can be, with a definition or without.
    fn is_text_value(&self, ty: &Type) -> bool {
        let ty = ty.unaliased(&self.types);
        let is_enum = || {
            let shape = ty.definition(&self.types).map(|definition| &definition.kind);
            matches!(shape, Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)))
        };
        is_text(ty) || is_enum()
    }

    /// The media types of a response, JSON first; those that repeat the schema of another; and the first one whose schema is
    /// documented as JSON and as text.
    fn media_types(&mut self, response: &'a Node) -> (Vec<(&'a Entry, MediaKind)>, Vec<String>, Option<&'a Entry>) {
        let content = response.get("content").map(Node::entries).unwrap_or_default();
        let mut entries = Vec::with_capacity(content.len());
        for entry in content {
            if self.is_media_type(entry) {
                entries.push((entry, self.media_kind(&entry.key, &entry.value)));
            }
        }
        entries.sort_by_key(|(entry, kind)| (*kind != MediaKind::Json, !MediaKind::is_plain_json(&entry.key)));
        // A text that comes as it is needs no JSON around it; any other value is read best of JSON.
        let best = entries
            .iter()
            .position(|(_, kind)| *kind == MediaKind::Text)
            .or_else(|| entries.first().filter(|(_, kind)| *kind == MediaKind::Json).map(|_| 0));
        let schema = |entry: &'a Entry| entry.value.get("schema");
        let (Some((best, kind)), false) = (best.and_then(|best| entries.get(best).copied()), entries.len() < 2) else {
            return (entries, Vec::new(), None);
        };
        let says_the_same = |entry: &(&'a Entry, MediaKind)| {
            let is_same = schema(best).zip(schema(entry.0)).is_some_and(|(one, other)| is_same(one, other));
            is_same && entry.1 != kind && !matches!(entry.1, MediaKind::Events | MediaKind::Lines)
        };
        let (others, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(says_the_same);
        let is_text_and_json = match kind {
            MediaKind::Json => !others.is_empty(),
            _ => others.iter().any(|(_, other)| *other == MediaKind::Json),
        };
        let others = others.into_iter().map(|(entry, _)| entry.key.clone()).collect();
        (entries, others, is_text_and_json.then_some(best))
    }

    fn not_generated(&mut self, node: &Node, what: &str, instead: &str) {
        self.diagnostics.push(
            Diagnostic::warning(Code::Unsupported, node.span, format!("{what} are not generated"))
                .help(format!("{instead} instead")),
        );
    }
}

/// Whether what such an answer's schema says is read.
fn is_decoded(kind: MediaKind) -> bool {
    matches!(kind, MediaKind::Json | MediaKind::Text | MediaKind::Events | MediaKind::Lines)
}

/// Whether the data of events of this type is a text as it is.
fn is_text(ty: &Type) -> bool {
    !matches!(ty, Type::Any | Type::AnyObject | Type::Array(_) | Type::Map(_) | Type::Named(_) | Type::Nullable(_))
}

/// What an answer that is no success carries; items of a stream are not told apart.
fn error_answer(answer: &Answer) -> ErrorResponse {
    let whole = |representation: &Representation<ResponseContent>| Representation {
        content: match &representation.content {
            ResponseContent::Stream(..) => ResponseContent::Bytes,
            content => content.clone(),
        },
        ..representation.clone()
    };
    ErrorResponse {
        status: answer.status,
        representations: answer.representations.iter().map(whole).collect(),
        description: answer.description.clone(),
        headers: answer.headers.clone(),
    }
}

/// No answer carries anything.
const EMPTY: SuccessContent =
    SuccessContent::One { content: ResponseContent::Empty, optional: false, bodiless: Vec::new() };

/// What all answers that mean success carry.
fn success(mut answers: Vec<Answer>) -> Success {
    let mut success = Success {
        content: EMPTY,
        stream: None,
        responses: answers.iter().map(success_doc).collect(),
        media_types: Vec::new(),
        other_media_types: Vec::new(),
        headers: Vec::new(),
    };
    for answer in &mut answers {
        if answer.status.is_without_body() {
            answer.others.clear();
        }
        take_stream(answer, &mut success);
        for header in std::mem::take(&mut answer.headers) {
            if !success.headers.iter().any(|known| known.name.eq_ignore_ascii_case(&header.name)) {
                success.headers.push(header);
            }
        }
        for representation in &answer.representations {
            // A range leaves the choice to the server, and what is read is JSON.
            let is_json = matches!(representation.content, ResponseContent::Json(_));
            let is_range = representation.media_type.contains('*');
            let json = (is_json && is_range).then(|| "application/json".to_owned());
            extend(&mut success.media_types, json.iter().chain([&representation.media_type]));
        }
        extend(&mut success.other_media_types, &answer.others);
    }
    success.media_types.sort_by_key(|media_type| (media_type.contains('*'), !is_json(media_type, &answers)));
    success.other_media_types.retain(|other| !success.media_types.contains(other));
    success.content = content(answers);
    success
}

fn success_doc(answer: &Answer) -> SuccessDoc {
    let mut bodies: Vec<Doc> = Vec::new();
    for representation in &answer.representations {
        if representation.doc != Doc::default() && !bodies.contains(&representation.doc) {
            bodies.push(representation.doc.clone());
        }
    }
    SuccessDoc { status: answer.status, description: answer.description.clone().unwrap_or_default(), bodies }
}

fn extend<'m>(into: &mut Vec<String>, media_types: impl IntoIterator<Item = &'m String>) {
    for media_type in media_types {
        if !into.contains(media_type) {
            into.push(media_type.clone());
        }
    }
}

fn is_json(media_type: &str, answers: &[Answer]) -> bool {
    let mut all = answers.iter().flat_map(|answer| &answer.representations);
    media_type == "application/json"
        || all.any(|it| it.media_type == media_type && matches!(it.content, ResponseContent::Json(_)))
}

/// Notes the stream of an answer. One that comes beside a whole value is asked for by a call of its own, and so is every
/// stream but the first.
fn take_stream(answer: &mut Answer, success: &mut Success) {
    let is_stream = |it: &Representation<ResponseContent>| matches!(it.content, ResponseContent::Stream(..));
    let Some(first) = answer.representations.iter().find(|it| is_stream(it)).cloned() else { return };
    let has_whole = answer.representations.iter().any(|it| !is_stream(it));
    answer.representations.retain(|it| {
        let stays = !is_stream(it) || (!has_whole && it.media_type == first.media_type);
        if !stays && it.media_type != first.media_type {
            answer.others.push(it.media_type.clone());
        }
        stays
    });
    let ResponseContent::Stream(framing, item) = first.content else { return };
    let stream = StreamContent { media_type: first.media_type, framing, item };
    if success.stream.get_or_insert_with(|| stream.clone()) != &stream {
        for other in answer.representations.iter_mut().filter(|it| is_stream(it)) {
            other.content = ResponseContent::Bytes;
        }
    }
}

/// One content where all responses have the same or none, else a variant for each status and content. A redirect beside other
/// outcomes is always a variant of its own: to callers it means something else.
fn content(answers: Vec<Answer>) -> SuccessContent {
    let carries = |answer: &Answer| !answer.status.is_without_body() && !answer.representations.is_empty();
    let is_told_apart = answers.len() > 1 && answers.iter().any(|answer| answer.status.is_redirect());
    let mut contents: Vec<&ResponseContent> = Vec::new();
    for representation in answers.iter().filter(|answer| carries(answer)).flat_map(|it| &it.representations) {
        if !contents.contains(&&representation.content) {
            contents.push(&representation.content);
        }
    }
    // A body that is documented where none can be is documented nevertheless: it may come with another status.
    if contents.is_empty() {
        contents.extend(answers.iter().flat_map(|it| &it.representations).map(|it| &it.content).take(1));
    }
    match contents.as_slice() {
        _ if is_told_apart => {}
        [] => return EMPTY,
        [only] => {
            // Servers often send only the headers of a redirect.
            let optional = answers.iter().any(|answer| !carries(answer) || answer.status.is_redirect());
            // An answer without a body is a stream without items, and nothing where nothing comes at all.
            let optional = optional && !matches!(only, ResponseContent::Stream(..) | ResponseContent::Empty);
            let without = answers.iter().filter(|answer| optional && answer.representations.is_empty());
            let without = without.filter_map(|answer| match answer.status {
                StatusPattern::Exact(status) if !answer.status.is_without_body() => Some(status),
                _ => None,
            });
            return SuccessContent::One { content: (*only).clone(), optional, bodiless: without.collect() };
        }
        _ => {}
    }
    let mut variants: Vec<SuccessVariant> = Vec::new();
    for answer in answers {
        let variant = |media_types, content| SuccessVariant {
            status: answer.status,
            media_types,
            content,
            description: answer.description.clone(),
        };
        if !carries(&answer) {
            variants.push(variant(Vec::new(), ResponseContent::Empty));
            continue;
        }
        let begin = variants.len();
        for representation in answer.representations {
            let own = variants.get_mut(begin..).unwrap_or_default();
            match own.iter_mut().find(|known| known.content == representation.content) {
                Some(known) => known.media_types.push(representation.media_type),
                None => variants.push(variant(vec![representation.media_type], representation.content)),
            }
        }
    }
    SuccessContent::Several(variants)
}

/// The answer under a key of the document: `200`, `4XX`, `default`.
fn find<'a>(responses: &'a Responses, key: &str) -> Option<(StatusPattern, &'a ReferenceOr<Response>)> {
    if key == "default" {
        return Some((StatusPattern::Default, responses.default.as_ref()?));
    }
    if let Ok(code) = key.parse::<u16>() {
        return Some((StatusPattern::Exact(code), responses.responses.get(&StatusCode::Code(code))?));
    }
    let hundreds = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx"))?.parse::<u16>().ok()?;
    Some((StatusPattern::Range(hundreds), responses.responses.get(&StatusCode::Range(hundreds))?))
}

impl StatusPattern {
    fn is_success(self) -> bool {
        matches!(self, Self::Exact(200..=299) | Self::Range(2))
    }

    /// RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5: these cannot carry a body, whatever is documented.
    fn is_without_body(self) -> bool {
        matches!(self, Self::Exact(204 | 205 | 304))
    }
}
