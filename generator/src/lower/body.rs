//! Request bodies.

use openapiv3::{MediaType, ReferenceOr, RequestBody as RequestBodySchema, Schema, SchemaKind, Type as SchemaType};

use crate::ir::{BodyContent, Constraint, Origin, Part, RequestBody, Segment, Type};
use crate::source::Node;

use super::Lowering;
use super::doc;
use super::extension;
use super::located::Located;
use super::reference::Section;

const REQUEST_BODIES: Section<RequestBodySchema> =
    Section { name: "requestBodies", members: |components| &components.request_bodies };

const SCHEMAS: Section<Schema> = Section { name: "schemas", members: |components| &components.schemas };

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
    Bytes,
}

impl MediaKind {
    /// Reads a media type as the document spells it (RFC 9110, section 8.3.1; `+json` by RFC 6839).
    pub fn of(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // A range of media types is not one of them: what comes may be anything.
        if essence.contains('*') {
            return Self::Bytes;
        }
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "multipart/form-data" => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/plain" => Self::Text,
            "application/xml" => Self::Document,
            other if other.ends_with("+json") => Self::Json,
            other if other.starts_with("text/") || other.ends_with("+xml") => Self::Document,
            _ => Self::Bytes,
        }
    }

    /// The same with the schema looked at: a string of format `binary` is bytes, whatever else may call itself text.
    pub fn with_schema(media_type: &str, media: &Node) -> Self {
        let schema = media.get("schema");
        let text = |key: &str| schema.and_then(|schema| schema.get(key)).and_then(Node::as_str);
        let is_binary = text("type") == Some("string") && text("format") == Some("binary");
        match Self::of(media_type) {
            Self::Text | Self::Document if is_binary => Self::Bytes,
            kind => kind,
        }
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn request_body(
        &mut self,
        node: &'a Node,
        value: &'a ReferenceOr<RequestBodySchema>,
        origin: &Origin,
    ) -> Option<RequestBody> {
        let at = self.resolve(node, value, &REQUEST_BODIES)?;
        let content = at.node.get("content")?;
        let [entry] = content.entries() else {
            if content.entries().is_empty() {
                self.unsupported(content.span, "a request body of no media type");
            } else {
                self.unsupported(content.span, "a request body of several media types");
            }
            return None;
        };
        let media = Located::new(&entry.value, at.value.content.get(&entry.key)?);
        let content = match MediaKind::with_schema(&entry.key, &entry.value) {
            MediaKind::Json => BodyContent::Json(self.media_schema(media, origin.then(Segment::RequestBody))),
            MediaKind::Text => match self.media_schema(media, origin.then(Segment::RequestBody)) {
                Type::Any => BodyContent::Text(Type::String),
                ty => BodyContent::Text(ty),
            },
            MediaKind::Document => BodyContent::Text(Type::String),
            MediaKind::Multipart => BodyContent::Multipart(self.parts(media)?),
            MediaKind::Bytes => BodyContent::Bytes,
            MediaKind::Form => {
                self.unsupported(entry.key_span, format!("a request body of `{}`", entry.key));
                return None;
            }
        };
        Some(RequestBody {
            required: at.value.required,
            description: at.value.description.clone(),
            media_type: entry.key.clone(),
            content,
        })
    }

    /// The type of a media type's schema; anything where it has none.
    pub(super) fn media_schema(&mut self, media: Located<'a, MediaType>, origin: Origin) -> Type {
        match media.node.get("schema") {
            Some(schema) => self.element(schema, origin),
            None => Type::Any,
        }
    }

    /// The parts of a form. For now each is a file: a string of format `binary`.
    fn parts(&mut self, media: Located<'a, MediaType>) -> Option<Vec<Part>> {
        let schema_node = media.node.get("schema").unwrap_or(media.node);
        let Some(schema) = &media.value.schema else {
            self.unsupported(media.span(), "a form without a schema");
            return None;
        };
        let schema = self.resolve(schema_node, schema, &SCHEMAS)?;
        let SchemaKind::Type(SchemaType::Object(object)) = &schema.value.schema_kind else {
            self.unsupported(schema_node.span, "a form whose schema is not a plain object");
            return None;
        };
        if let Some(definition) = self.definition_of(schema.node).and_then(|id| self.types.get_mut(id.0)) {
            definition.usage.form = true;
        }
        let schema_node = schema.node;
        let mut parts = Vec::new();
        for entry in schema_node.get("properties").map(Node::entries).unwrap_or_default() {
            let text = |key: &str| entry.value.get(key).and_then(Node::as_str);
            if (text("type"), text("format")) != (Some("string"), Some("binary")) {
                self.unsupported(
                    entry.value.span,
                    "a part of a form that is not a file (`type: string, format: binary`)",
                );
                continue;
            }
            let encoding = media.node.get("encoding").and_then(|encodings| encodings.get(&entry.key));
            if let Some(headers) = encoding.and_then(|encoding| encoding.get("headers")) {
                self.unsupported(headers.span, "headers of a part of a form");
            }
            let content_type = encoding.and_then(|encoding| encoding.get("contentType"));
            if let Some(several) =
                content_type.filter(|node| node.as_str().is_some_and(|text| text.contains([',', '*'])))
            {
                self.unsupported(several.span, "a choice of media types for a part of a form");
            }
            let mut doc = doc::doc(&entry.value);
            // That is what makes it a file.
            doc.constraints.retain(|constraint| *constraint != Constraint::Format("binary".to_owned()));
            parts.push(Part {
                name: entry.key.clone(),
                rust_name: extension::string(&entry.value, "x-rust-name"),
                required: object.required.contains(&entry.key),
                content_type: content_type.and_then(Node::as_str).map(str::to_owned),
                doc,
                span: entry.key_span,
            });
        }
        if parts.is_empty() {
            self.unsupported(schema_node.span, "a form without parts");
        }
        Some(parts)
    }
}
