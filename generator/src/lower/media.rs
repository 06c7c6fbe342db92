//! Media types: what each means for how a value becomes bytes.
//!
//! In: a key of `content` and the schema under it. Out: the kind of content, and the type of its value, one for each
//! schema, however many media types share it.

use openapiv3::MediaType;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Doc, Origin, Segment, Type};
use crate::source::{Entry, Node};

use super::Lowering;
use super::doc::{self, says_nothing};
use super::located::Located;
use super::reference::component_name;

/// More steps than any honest chain of references has.
const LONGEST_CHAIN: usize = 64;

/// What a media type means for how a value becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaKind {
    Json,
    /// A text that holds a value.
    Text,
    /// A text in a format of its own: its schema, where there is one, is about what the text means.
    Document,
    Multipart,
    Form,
    /// Server-Sent Events.
    Events,
    /// JSON texts, one behind the other.
    Lines,
    Bytes,
}

impl MediaKind {
    /// Reads a media type as the document spells it (RFC 9110, section 8.3.1; `+json` by RFC 6839).
    pub(super) fn of(media_type: &str) -> Self {
        let essence = essence(media_type);
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/event-stream" => Self::Events,
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/json-seq"
            | "application/stream+json"
            | "application/x-json-stream" => Self::Lines,
            "text/plain" | "text/*" => Self::Text,
            "application/xml" => Self::Document,
            other if other.starts_with("multipart/") => Self::Multipart,
            other if other.ends_with("+json-seq") => Self::Lines,
            // The second is how SARIF is called where its registration is not known.
            other if other.ends_with("+json") || other.starts_with("application/json+") => Self::Json,
            other if other.starts_with("text/") || other.ends_with("+xml") => Self::Document,
            _ => Self::Bytes,
        }
    }

    /// Whether the media type is exactly JSON's own.
    pub fn is_plain_json(media_type: &str) -> bool {
        without_charset(media_type) == "application/json"
    }
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A media type without the parameter `charset`: JSON is UTF-8 whatever it says (RFC 8259, section 8.1).
pub(super) fn without_charset(media_type: &str) -> String {
    let parameters = media_type.split(';').skip(1).map(|parameter| parameter.trim().to_ascii_lowercase());
    let parameters = parameters.filter(|parameter| !parameter.starts_with("charset="));
    std::iter::once(essence(media_type)).chain(parameters).collect::<Vec<_>>().join(";")
}

/// Whether a schema is a string of format `binary`.
pub(super) fn is_binary(schema: &Node) -> bool {
    let text = |key: &str| schema.get(key).and_then(Node::as_str);
    text("type") == Some("string") && text("format") == Some("binary")
}

/// Whether a schema may be that of an object.
fn may_be_object(schema: &Node) -> bool {
    let within = ["properties", "additionalProperties", "allOf", "oneOf", "anyOf"];
    match schema.get("type").and_then(Node::as_str) {
        Some(ty) => ty == "object",
        None => within.iter().any(|key| schema.get(key).is_some()),
    }
}

/// Types of the media types of one body or answer, each schema lowered once.
pub(super) struct MediaTypes<'a> {
    origin: Origin,
    known: Vec<(&'a Node, Type)>,
}

impl<'a> MediaTypes<'a> {
    /// None yet; what needs a name is named by `origin`.
    pub fn new(origin: Origin) -> Self {
        Self { origin, known: Vec::new() }
    }
}

impl<'a> Lowering<'a> {
    /// The kind of a media type, its schema looked at where it says more than the name does.
    pub(super) fn media_kind(&self, media_type: &str, media: &'a Node) -> MediaKind {
        let schema = media.get("schema").map(|schema| self.schema_node(schema));
        let is_text = schema.is_some_and(|schema| schema.get("type").and_then(Node::as_str) == Some("string"));
        let is_structured = schema.is_some_and(|schema| {
            let ty = schema.get("type").and_then(Node::as_str);
            matches!(ty, Some("object" | "array")) || schema.get("properties").is_some()
        });
        match MediaKind::of(media_type) {
            // A string of format `binary` is the bytes of a whole document of the media type.
            MediaKind::Text | MediaKind::Document | MediaKind::Json | MediaKind::Lines
                if schema.is_some_and(is_binary) =>
            {
                MediaKind::Bytes
            }
            // Parts are the properties of an object: anything else is written by callers, boundaries included.
            MediaKind::Multipart
                if essence(media_type) != "multipart/form-data" && !schema.is_some_and(may_be_object) =>
            {
                MediaKind::Bytes
            }
            // A text has no members: what is described is what the text holds.
            MediaKind::Text if is_structured => MediaKind::Json,
            // A range says nothing of the bytes. A value that has a schema goes as JSON, as OpenAPI's own default is.
            MediaKind::Bytes if is_range_with_json(media_type) => match schema {
                None => MediaKind::Bytes,
                Some(schema) if is_binary(schema) || says_nothing(schema) => MediaKind::Bytes,
                Some(_) if is_text => MediaKind::Text,
                Some(_) => MediaKind::Json,
            },
            kind => kind,
        }
    }

    /// Names the schema of a body that goes as it is, where no other media type of the body has the same: members are not
    /// read or written in a format that only callers know.
    pub(super) fn left_to_callers(&mut self, entry: &'a Entry, others: &[&'a Node], goes_as: &str) {
        let Some(schema) = entry.value.get("schema") else { return };
        if !self.is_structured(schema) || others.iter().any(|other| is_same(other, schema)) {
            return;
        }
        let message = format!("the schema of {} is not generated", quoted(&entry.key));
        self.diagnostics.push(
            Diagnostic::note(Code::Unsupported, schema.span, message)
                .help(format!("the body is {goes_as} that callers encode or decode")),
        );
    }

    /// Whether a schema is a string and says nothing else of its value.
    pub(super) fn is_plain_string(&self, media: &'a Node) -> bool {
        let Some(schema) = media.get("schema").map(|schema| self.schema_node(schema)) else { return false };
        schema.get("type").and_then(Node::as_str) == Some("string")
            && ["format", "enum"].iter().all(|key| schema.get(key).is_none())
    }

    /// Whether a schema is about what is within a value.
    pub(super) fn is_structured(&self, schema: &'a Node) -> bool {
        let schema = self.schema_node(schema);
        let within = ["properties", "additionalProperties", "items", "allOf", "oneOf", "anyOf"];
        matches!(schema.get("type").and_then(Node::as_str), Some("object" | "array"))
            || within.iter().any(|key| schema.get(key).is_some())
    }

    /// The schema that stands at `node`, or where its `$ref`s lead.
    pub(super) fn schema_node(&self, node: &'a Node) -> &'a Node {
        let schemas = self.root.node.get("components").and_then(|components| components.get("schemas"));
        let mut at = node;
        for _ in 0..LONGEST_CHAIN {
            let reference = at.get("$ref").and_then(Node::as_str);
            let Some(name) = reference.and_then(|reference| component_name(reference, "schemas")) else { break };
            let Some(next) = schemas.and_then(|schemas| schemas.get(&name)) else { break };
            at = next;
        }
        at
    }

    /// The type of a media type's schema; anything where it has none.
    pub(super) fn media_type(&mut self, media: Located<'a, MediaType>, key: &str, types: &mut MediaTypes<'a>) -> Type {
        let Some(node) = media.node.get("schema") else { return Type::Any };
        if let Some((_, ty)) = types.known.iter().find(|(known, _)| is_same(known, node)) {
            return ty.clone();
        }
        // What comes second is told from the first by its media type.
        let origin = match types.known.as_slice() {
            [] => types.origin.clone(),
            _ => types.origin.then(Segment::Property(subtype(key))),
        };
        let ty = self.element(node, origin);
        types.known.push((node, ty.clone()));
        ty
    }

    /// The type of what events hold in `data`: the schema is that of the data, or of whole events, as OpenAPI 3.2 has it.
    pub(super) fn event_data(&mut self, media: Located<'a, MediaType>, key: &str, types: &mut MediaTypes<'a>) -> Type {
        let schema = media.node.get("schema").map(|schema| self.schema_node(schema));
        match schema.and_then(data_of_events) {
            Some(data) => self.element(data, types.origin.then(Segment::Property("event".to_owned()))),
            None => self.media_type(media, key, types),
        }
    }
}

/// What a schema of whole events says of their data: one that knows an event's fields and no others. An `id` beside `data`
/// is as likely the id of what the data holds, and so tells nothing.
fn data_of_events(schema: &Node) -> Option<&Node> {
    let properties = schema.get("properties")?;
    let fields = properties.entries();
    let is_whole = fields.iter().all(|field| matches!(field.key.as_str(), "data" | "event" | "id" | "retry"))
        && (fields.len() == 1 || fields.iter().any(|field| matches!(field.key.as_str(), "event" | "retry")));
    properties.get("data").filter(|_| is_whole)
}

impl<'a> Lowering<'a> {
    /// What there is to say of a media type's value, if it is one: no more than its type's definition says.
    pub(super) fn media_doc(&self, media: &'a Node, ty: Option<&Type>) -> Doc {
        let schema = media.get("schema").filter(|schema| schema.get("$ref").is_none());
        let mut doc = match (schema, ty.map(Type::non_null)) {
            (None, _) | (_, None | Some(Type::Named(_))) => Doc::default(),
            (Some(schema), Some(ty)) => doc::doc(schema).of_type(ty),
        };
        let examples = self.examples(media);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        doc
    }
}

/// Whether a media type is a range that JSON is in.
pub(super) fn is_range_with_json(media_type: &str) -> bool {
    matches!(essence(media_type).as_str(), "*/*" | "*" | "application/*")
}

/// Whether two schemas say the same.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    std::ptr::eq(one, other) || one.to_json_text() == other.to_json_text()
}

/// What a media type is called behind its slash.
fn subtype(media_type: &str) -> String {
    let essence = essence(media_type);
    let subtype = essence.split_once('/').map_or(essence.as_str(), |(_, subtype)| subtype);
    match subtype {
        "x-www-form-urlencoded" => "form".to_owned(),
        "form-data" => "multipart".to_owned(),
        other => other.strip_suffix("+json").unwrap_or(other).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_read_without_their_parameters() {
        for (media_type, kind) in [
            ("application/json; charset=utf-8", MediaKind::Json),
            ("Application/JSON;v=2", MediaKind::Json),
            ("application/problem+json", MediaKind::Json),
            ("application/json+sarif", MediaKind::Json),
            ("text/event-stream;charset=utf-8", MediaKind::Events),
            ("application/x-ndjson", MediaKind::Lines),
            ("application/geo+json-seq", MediaKind::Lines),
            ("application/soap+xml", MediaKind::Document),
            ("text/csv", MediaKind::Document),
            ("text/*", MediaKind::Text),
            ("multipart/form-data", MediaKind::Multipart),
            ("Multipart/Related; type=\"text/xml\"", MediaKind::Multipart),
            ("image/*", MediaKind::Bytes),
            ("application/x-yaml", MediaKind::Bytes),
        ] {
            assert_eq!(MediaKind::of(media_type), kind, "{media_type}");
        }
        assert_eq!(without_charset("application/json; charset=UTF-8; v=2"), "application/json;v=2");
    }
}
