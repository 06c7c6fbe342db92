//! Answers: what comes back when it works, and what comes back when it does not.

use openapiv3::{Header, ReferenceOr, Response, Responses, StatusCode};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{ErrorAnswer, HeaderDoc, Origin, ResponseContent, Segment, StatusPattern, Success, Type};
use crate::source::{Entry, Node};

use super::Lowering;
use super::body::MediaKind;
use super::located::Located;
use super::reference::Section;

const RESPONSES: Section<Response> = Section { name: "responses", members: |components| &components.responses };

const HEADERS: Section<Header> = Section { name: "headers", members: |components| &components.headers };

/// One documented answer.
struct Answer {
    status: StatusPattern,
    content: ResponseContent,
    media_type: Option<String>,
    description: Option<String>,
    headers: Vec<HeaderDoc>,
    span: crate::source::Span,
}

impl<'a> Lowering<'a> {
    pub(super) fn responses(&mut self, at: Located<'a, Responses>, origin: &Origin) -> (Success, Vec<ErrorAnswer>) {
        let mut answers = Vec::new();
        for entry in at.node.entries() {
            if let Some((status, response)) = find(at.value, &entry.key)
                && let Some(answer) = self.answer(entry, status, response, origin)
            {
                answers.push(answer);
            }
        }
        answers.sort_by_key(|answer| answer.status);
        let documents_success = answers.iter().any(|answer| answer.status.is_success());
        let errors = answers
            .iter()
            .filter(|answer| !answer.status.is_success())
            .map(|answer| ErrorAnswer {
                status: answer.status,
                content: answer.content.clone(),
                description: answer.description.clone(),
                headers: answer.headers.clone(),
            })
            .collect();
        // With no success in sight, `default` stands for it too.
        let successes = answers.into_iter().filter(|answer| {
            answer.status.is_success() || (!documents_success && answer.status == StatusPattern::Default)
        });
        let successes = successes.collect();
        (self.success(successes), errors)
    }

    fn answer(
        &mut self,
        entry: &'a Entry,
        status: StatusPattern,
        response: &'a ReferenceOr<Response>,
        origin: &Origin,
    ) -> Option<Answer> {
        let at = self.resolve(&entry.value, response, &RESPONSES)?;
        let headers = self.headers(at);
        if let Some(links) = at.node.get("links") {
            self.not_generated(links, "links", "call the operations that they name");
        }
        let mut content = ResponseContent::Empty;
        let mut media_type = None;
        match at.node.get("content").map(Node::entries).unwrap_or_default() {
            [] => {}
            [media] => {
                let located = Located::new(&media.value, at.value.content.get(&media.key)?);
                let origin = origin.then(Segment::Response(entry.key.clone()));
                content = match MediaKind::with_schema(&media.key, &media.value) {
                    MediaKind::Json => ResponseContent::Json(self.media_schema(located, origin)),
                    MediaKind::Text => match self.media_schema(located, origin) {
                        Type::Any => ResponseContent::Text(Type::String),
                        ty => ResponseContent::Text(ty),
                    },
                    MediaKind::Document => ResponseContent::Text(Type::String),
                    MediaKind::Multipart | MediaKind::Form | MediaKind::Bytes => ResponseContent::Bytes,
                };
                media_type = Some(media.key.clone());
            }
            [_, second, ..] => {
                self.unsupported(second.key_span, "an answer of several media types");
                return None;
            }
        }
        Some(Answer {
            status,
            content,
            media_type,
            description: Some(at.value.description.clone()),
            headers,
            span: entry.key_span,
        })
    }

    /// The headers that an answer documents; `Content-Type` is none of them (OpenAPI 3.0.3, "Response Object").
    fn headers(&mut self, at: Located<'a, Response>) -> Vec<HeaderDoc> {
        let mut headers = Vec::new();
        for entry in at.node.get("headers").map(Node::entries).unwrap_or_default() {
            if let Some(header) = at.value.headers.get(&entry.key)
                && !entry.key.eq_ignore_ascii_case("content-type")
                && let Some(header) = self.resolve(&entry.value, header, &HEADERS)
            {
                headers.push(HeaderDoc { name: entry.key.clone(), description: header.value.description.clone() });
            }
        }
        headers
    }

    /// One answer of all that mean success: they must agree on what they carry, or carry nothing.
    fn success(&mut self, answers: Vec<Answer>) -> Success {
        let mut success = Success {
            content: ResponseContent::Empty,
            optional: false,
            statuses: answers.iter().map(|answer| answer.status).collect(),
            description: None,
            media_types: Vec::new(),
            headers: Vec::new(),
        };
        let mut without_body = false;
        for answer in answers {
            // RFC 9110, sections 15.3.5 and 15.3.6: these cannot carry a body, whatever is documented.
            without_body |=
                matches!(answer.status, StatusPattern::Exact(204 | 205)) || answer.content == ResponseContent::Empty;
            for header in answer.headers {
                if !success.headers.iter().any(|known| known.name.eq_ignore_ascii_case(&header.name)) {
                    success.headers.push(header);
                }
            }
            if success.description.is_none() || success.content == ResponseContent::Empty {
                success.description = answer.description;
            }
            success.media_types.extend(
                answer
                    .media_type
                    .filter(|media_type| !success.media_types.contains(media_type))
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
            if answer.content == ResponseContent::Empty {
                continue;
            }
            if success.content == ResponseContent::Empty {
                success.content = answer.content;
            } else if success.content != answer.content {
                self.unsupported(answer.span, "a second kind of success");
            }
        }
        success.optional = without_body && success.content != ResponseContent::Empty;
        success.media_types.sort_by_key(|media_type| MediaKind::of(media_type) != MediaKind::Json);
        success
    }

    fn not_generated(&mut self, node: &Node, what: &str, instead: &str) {
        self.diagnostics.push(
            Diagnostic::warning(Code::Unsupported, node.span, format!("{what} are not generated"))
                .help(format!("{instead} instead")),
        );
    }
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
}
