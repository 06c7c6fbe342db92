//! Lowers media types: determines how values are encoded.
//!
//! [`MediaKind`] is the encoding that a media type and its schema specify. If several media types of one body have the
//! same schema, they share one generated type.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Doc, Origin, Segment, Type};
use crate::spec::{EncodedContent, MediaType, Schema, SchemaId, SchemaType};

use super::Lowering;
use super::doc::{self, only_annotates};
use super::example::examples;

/// The encoding of a value, determined by the media type and sometimes by the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaKind {
    Json,
    /// Plain text that represents a value.
    Text,
    /// Text in another format, such as XML or CSV, which callers encode and decode. The schema describes the content of
    /// the text.
    Document,
    Multipart,
    Form,
    /// Server-Sent Events.
    Events,
    /// A sequence of JSON values.
    Lines,
    Bytes,
}

impl MediaKind {
    /// Returns the kind of a media type as written in the document (RFC 9110, section 8.3.1; `+json` by RFC 6839).
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
            // Some documents use `application/json+sarif` instead of the registered `application/sarif+json`.
            other if other.ends_with("+json") || other.starts_with("application/json+") => Self::Json,
            other if other.starts_with("text/") || other.ends_with("+xml") => Self::Document,
            _ => Self::Bytes,
        }
    }

    /// Returns whether a media type is `application/json`, ignoring the parameter `charset`.
    pub fn is_plain_json(media_type: &str) -> bool {
        without_charset(media_type) == "application/json"
    }
}

/// Returns a media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether the content of a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    matches!(MediaKind::of(media_type), MediaKind::Json)
}

/// Returns a media type without the parameter `charset`: JSON is always UTF-8 (RFC 8259, section 8.1).
pub(super) fn without_charset(media_type: &str) -> String {
    let parameters = media_type.split(';').skip(1).map(|parameter| parameter.trim().to_ascii_lowercase());
    let parameters = parameters.filter(|parameter| !parameter.starts_with("charset="));
    std::iter::once(essence(media_type)).chain(parameters).collect::<Vec<_>>().join(";")
}

/// Returns whether the values of a schema are bytes: `format: binary`, `contentEncoding: binary`, or a
/// `contentMediaType` that is neither text nor JSON, without an encoding (OpenAPI 3.1.1, "Considerations for File
/// Uploads").
pub(super) fn is_binary(schema: &Schema) -> bool {
    let is_string = schema.ty() == Some(SchemaType::String);
    if is_string && schema.format() == Some("binary") {
        return true;
    }
    let Some(content) = schema.content.as_deref().filter(|_| is_string || schema.types.is_unspecified()) else {
        return false;
    };
    match (&content.encoding, &content.media_type) {
        (Some(encoding), _) => encoding.value.eq_ignore_ascii_case("binary"),
        (None, Some(media_type)) => MediaKind::of(&media_type.value) == MediaKind::Bytes,
        (None, None) => false,
    }
}

/// Returns the content that a schema specifies for its strings, if `contentMediaType` is JSON.
pub(super) fn json_content(schema: &Schema) -> Option<&EncodedContent> {
    schema.content.as_deref().filter(|content| {
        let media_type = content.media_type.as_ref();
        content.encoding.is_none() && media_type.is_some_and(|media_type| is_json(&media_type.value))
    })
}

/// Returns whether a schema has a keyword for the properties of objects, or combines schemas, which may have such a
/// keyword.
fn has_parts(schema: &Schema) -> bool {
    schema.properties.is_some()
        || schema.additional.is_some()
        || !schema.all_of.is_empty()
        || !schema.one_of.is_empty()
        || !schema.any_of.is_empty()
}

/// Returns whether the values of a schema may be objects.
fn may_be_object(schema: &Schema) -> bool {
    if schema.types.is_unspecified() { has_parts(schema) } else { schema.types.contains(SchemaType::Object) }
}

fn is_object_or_array(schema: &Schema) -> bool {
    matches!(schema.ty(), Some(SchemaType::Object | SchemaType::Array))
}

/// The types of the schemas of one body or response. Media types with the same schema share one type.
pub(super) struct MediaTypes {
    origin: Origin,
    known: Vec<(SchemaId, Type)>,
}

impl MediaTypes {
    /// Creates an empty collection. Inline types are named after `origin`.
    pub fn new(origin: Origin) -> Self {
        Self { origin, known: Vec::new() }
    }

    /// Returns the origin of the inline type of a property, part or event with this name.
    pub fn origin_of(&self, name: &str) -> Origin {
        self.origin.then(Segment::Property(name.to_owned()))
    }
}

impl<'a> Lowering<'a> {
    /// Returns the schema of a media type. References are resolved.
    pub(super) fn media_schema(&self, media: &MediaType) -> Option<&'a Schema> {
        media.schema.map(|schema| self.resolved_schema(self.at(schema)))
    }

    /// Returns the kind of a media type. Considers the schema if the name of the media type does not determine the
    /// kind.
    pub(super) fn media_kind(&self, media: &MediaType) -> MediaKind {
        let name = &media.media_type;
        let schema = self.media_schema(media);
        let is_string = schema.is_some_and(|schema| schema.ty() == Some(SchemaType::String));
        let is_structured = schema.is_some_and(|schema| is_object_or_array(schema) || schema.properties.is_some());
        match MediaKind::of(name) {
            // With a schema for binary content, callers pass a complete document of the media type as bytes.
            MediaKind::Text | MediaKind::Document | MediaKind::Json | MediaKind::Lines
                if schema.is_some_and(is_binary) =>
            {
                MediaKind::Bytes
            }
            // Parts are generated for the properties of an object. With any other schema, callers write the whole body,
            // including the boundaries.
            MediaKind::Multipart if essence(name) != "multipart/form-data" && !schema.is_some_and(may_be_object) => {
                MediaKind::Bytes
            }
            // Plain text cannot have properties or items, so the text must be JSON.
            MediaKind::Text if is_structured => MediaKind::Json,
            // A range does not specify a format. A value with a schema is sent as JSON, the default of OpenAPI.
            MediaKind::Bytes if is_range_with_json(name) => match schema {
                None => MediaKind::Bytes,
                Some(schema) if is_binary(schema) || only_annotates(schema) => MediaKind::Bytes,
                Some(_) if is_string => MediaKind::Text,
                Some(_) => MediaKind::Json,
            },
            kind => kind,
        }
    }

    /// Reports that the schema of a body is ignored because callers encode or decode the body. Reports nothing if
    /// another media type of the body has the same schema.
    pub(super) fn check_ignored_schema(&mut self, media: &MediaType, others: &[SchemaId], passed_as: &str) {
        let Some(schema) = media.schema else { return };
        if !self.is_structured(self.at(schema)) || others.iter().any(|other| self.spec.is_same(*other, schema)) {
            return;
        }
        let message = format!("the schema of {} is not generated", quoted(&media.media_type));
        self.diagnostics.push(
            Diagnostic::note(Code::Unsupported, self.at(schema).span, message)
                .help(format!("the body is {passed_as} that callers encode or decode")),
        );
    }

    /// Returns whether the schema of a media type is a string without a format or enum.
    pub(super) fn is_plain_string(&self, media: &MediaType) -> bool {
        self.media_schema(media).is_some_and(|schema| {
            schema.ty() == Some(SchemaType::String) && schema.format.is_none() && schema.values.is_none()
        })
    }

    /// Returns whether a schema describes properties or items, or combines schemas.
    pub(super) fn is_structured(&self, schema: &'a Schema) -> bool {
        let schema = self.resolved_schema(schema);
        is_object_or_array(schema) || has_parts(schema) || schema.items.is_some()
    }

    /// Returns the type of the value of a media type. Without a schema, any JSON value.
    pub(super) fn media_type(&mut self, media: &MediaType, types: &mut MediaTypes) -> Type {
        let Some(schema) = media.schema else { return Type::Any };
        self.known_type(schema, types, |origin| origin, media)
    }

    /// Returns the type of the items of a media type. Without `itemSchema`, any JSON value.
    pub(super) fn item_type(&mut self, media: &MediaType, types: &mut MediaTypes) -> Type {
        let Some(schema) = media.item_schema else { return Type::Any };
        self.known_type(schema, types, |origin| origin.then(Segment::Items), media)
    }

    /// Returns the type of a schema of a media type. Creates the type if no media type with the same schema has been
    /// lowered. `name` converts the origin of the media type to the origin of the new type.
    fn known_type(
        &mut self,
        schema: SchemaId,
        types: &mut MediaTypes,
        name: impl FnOnce(Origin) -> Origin,
        media: &MediaType,
    ) -> Type {
        if let Some((_, ty)) = types.known.iter().find(|(known, _)| self.spec.is_same(*known, schema)) {
            return ty.clone();
        }
        // The names of further types contain the media type.
        let origin = match types.known.as_slice() {
            [] => types.origin.clone(),
            _ => types.origin.then(Segment::Media(subtype(&media.media_type))),
        };
        let ty = self.element(self.at(schema), name(origin));
        types.known.push((schema, ty.clone()));
        ty
    }

    /// Returns a schema and the schemas of its `allOf`, without duplicates. References are resolved.
    pub(super) fn conjuncts(&self, schema: &'a Schema) -> Vec<&'a Schema> {
        let mut all: Vec<&'a Schema> = Vec::new();
        let mut visited = HashSet::new();
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            let schema = self.resolved_schema(schema);
            if visited.insert(schema.id) {
                all.push(schema);
                waiting.extend(schema.all_of.iter().rev().map(|part| self.at(*part)));
            }
        }
        all
    }

    /// Returns the examples of a media type, and the documentation of its value if the type of the value has no
    /// definition.
    pub(super) fn media_doc(&self, media: &MediaType, ty: Option<&Type>) -> Doc {
        let schema = media.schema.map(|schema| self.at(schema)).filter(|schema| schema.reference.is_none());
        let mut doc = match (schema, ty.map(Type::non_null)) {
            (None, _) | (_, None | Some(Type::Named(_))) => Doc::default(),
            (Some(schema), Some(ty)) => doc::doc(self.spec, schema).of_type(ty),
        };
        let examples = examples(media.example.as_ref(), &media.examples);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        if let Some(item) = media.item_schema {
            doc.items = Some(Box::new(self.item_doc(media, self.at(item), ty))).filter(|doc| **doc != Doc::default());
        }
        doc
    }
}

/// Returns whether a media type is a range that contains JSON.
pub(super) fn is_range_with_json(media_type: &str) -> bool {
    matches!(essence(media_type).as_str(), "*/*" | "*" | "application/*")
}

/// Returns a name for a media type, derived from its subtype.
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
    fn media_kind_ignores_parameters() {
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
