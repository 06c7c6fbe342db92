//! Multipart bodies: a part for each property of the schema, encoded as specified by `encoding`.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Additional, BodyContent, Constraint, Doc, HeaderDoc, JsonKind, Multipart, Part, PartContent, Presence, Property,
    Style, Type, TypeDef, TypeKind,
};
use crate::spec::{Encoding, MediaType, Schema, SchemaId, Version};

use super::Lowering;
use super::doc;
use super::header::is_ignored;
use super::media::{MediaTypes, essence, is_binary, is_json, json_content};
use super::parameter::{levels, lowered_style};
use super::parts;
use super::schema::Built;

/// The maximum nesting depth of schemas that are searched for files.
const MAX_DEPTH: usize = 64;

/// A step of the traversal of a schema and of the schemas in its `allOf`.
enum Step<'a> {
    Enter(&'a Schema),
    Add(&'a Schema),
}

/// The content of the strings in a part of a form, as specified by `contentMediaType` and `contentSchema`.
#[derive(Clone, Copy)]
struct Encoded<'a> {
    /// The media type, unless it is `application/octet-stream`.
    media_type: Option<&'a str>,
    is_json: bool,
    /// Whether the strings are the items of an array.
    is_item: bool,
    schema: Option<&'a Schema>,
}

/// The kind of content of a part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contained {
    Values,
    File,
    Files,
    FileOrValue,
}

impl<'a> Lowering<'a> {
    /// Returns the content of a multipart body. If the schema is an object, each property becomes a part. If it is a
    /// union, the content is one value. With any other schema, callers define the parts.
    pub(super) fn multipart(&mut self, media: &'a MediaType, types: &mut MediaTypes) -> BodyContent {
        let open = |doc| BodyContent::Multipart(Multipart { parts: Vec::new(), open: true, doc });
        let Some(schema) = media.schema.map(|schema| self.at(schema)) else { return open(Doc::default()) };
        let doc = doc::doc(self.spec, self.resolved_schema(schema));
        let ty = match self.media_type(media, types) {
            Type::Nullable(inner) => *inner,
            ty => ty,
        };
        let mapped = self.mapped_form(schema, &ty);
        let definition = ty.definition(&self.types);
        let object = match mapped.as_ref().or(definition.map(|definition| &definition.kind)) {
            Some(TypeKind::Object(object)) => object.clone(),
            Some(TypeKind::Union(_)) => return BodyContent::MultipartOf(ty),
            _ => {
                if !matches!(ty.unaliased(&self.types), Type::Any | Type::AnyObject | Type::Map(_)) {
                    self.diagnostics.push(
                        Diagnostic::warning(Code::InvalidValue, schema.span, "the schema of a form is not an object")
                            .help("use an object with a property for each part; otherwise, callers define the parts"),
                    );
                }
                return open(doc);
            }
        };
        // Callers pass the parts one by one. The type is only needed if it is used elsewhere.
        if let Some(definition) = self.defined(&ty) {
            definition.usage.form = true;
        }
        let properties = self.properties(schema);
        let mut parts = Vec::new();
        for property in object.properties {
            let schema = properties.iter().rev().find(|(name, _)| *name == property.name).map(|(_, schema)| *schema);
            parts.push(self.part(media, property, schema, types));
        }
        BodyContent::Multipart(Multipart { parts, open: object.additional != Additional::Dropped, doc })
    }

    /// Returns the kind of a schema that the configuration replaces by a type of another crate. A multipart body consists of
    /// the parts of the schema all the same.
    fn mapped_form(&mut self, schema: &'a Schema, ty: &Type) -> Option<TypeKind> {
        if !matches!(ty.unaliased(&self.types), Type::External(_)) {
            return None;
        }
        let node = self.resolved_schema(schema);
        let origin = self.types.get(self.definition_of(node)?.0)?.origin.clone();
        match self.built_of(vec![parts::Part::new(node, origin.clone())], Some(node), &origin) {
            Built::Kind(kind) => Some(kind),
            Built::Type(_) => None,
        }
    }

    /// Returns whether a property of a form contains files.
    pub(super) fn has_files(&self, media: &MediaType) -> bool {
        let properties = media.schema.map(|schema| self.properties(self.at(schema))).unwrap_or_default();
        properties.iter().any(|(_, schema)| self.contained(schema, &mut HashSet::new(), 0) != Contained::Values)
    }

    /// Returns the definition of a type. Aliases are resolved.
    fn defined(&mut self, ty: &Type) -> Option<&mut TypeDef> {
        let mut ty = ty;
        let mut id = None;
        for _ in 0..=self.types.len() {
            let Type::Named(next) = ty else { break };
            id = Some(next.0);
            match self.types.get(next.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(aliased)) => ty = aliased,
                _ => break,
            }
        }
        self.types.get_mut(id?)
    }

    /// Returns the properties of the schemas in the `allOf` of a schema, followed by the properties of the schema
    /// itself. Each schema is visited once.
    fn properties(&self, schema: &'a Schema) -> Vec<(&'a str, &'a Schema)> {
        let mut properties = Vec::new();
        let mut visited: HashSet<SchemaId> = HashSet::new();
        let mut steps = vec![Step::Enter(schema)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(schema) => {
                    let schema = self.resolved_schema(schema);
                    if visited.insert(schema.id) {
                        steps.push(Step::Add(schema));
                        steps.extend(schema.all_of.iter().rev().map(|part| Step::Enter(self.at(*part))));
                    }
                }
                Step::Add(schema) => {
                    properties.extend(schema.properties().map(|(name, property)| (name, self.at(property.schema))));
                }
            }
        }
        properties
    }

    /// Returns the kind of content of a part with this schema. Each schema is visited once.
    fn contained(&self, schema: &'a Schema, visited: &mut HashSet<SchemaId>, depth: usize) -> Contained {
        let schema = self.resolved_schema(schema);
        if is_binary(schema) {
            return Contained::File;
        }
        if depth == MAX_DEPTH || !visited.insert(schema.id) {
            return Contained::Values;
        }
        let mut within = |id: &SchemaId| self.contained(self.at(*id), visited, depth + 1);
        if let Some(items) = &schema.items {
            return match within(items) {
                Contained::File | Contained::FileOrValue => Contained::Files,
                _ => Contained::Values,
            };
        }
        if let Some(contained) = schema.all_of.iter().map(&mut within).find(|it| *it != Contained::Values) {
            return contained;
        }
        let has_file = schema.variants().any(|variant| within(&variant) != Contained::Values);
        if has_file { Contained::FileOrValue } else { Contained::Values }
    }

    /// Returns the content of the strings in a part: of the part itself, or of its items if it is an array.
    fn encoded_content(&self, schema: &'a Schema) -> Option<Encoded<'a>> {
        let parts = self.conjuncts(schema);
        let items = parts.iter().find_map(|part| part.items).map(|items| self.conjuncts(self.at(items)));
        let is_item = items.is_some();
        let parts = items.unwrap_or(parts);
        let json = parts.iter().find_map(|part| json_content(part));
        let content = json.or_else(|| parts.iter().find_map(|part| part.content.as_deref()))?;
        // With an encoding other than `binary`, the part contains encoded text, whose media type is not
        // `contentMediaType`.
        let is_plain = content.encoding.as_ref().is_none_or(|encoding| encoding.value.eq_ignore_ascii_case("binary"));
        let media_type = content.media_type.as_ref().filter(|_| is_plain).map(|media_type| media_type.value.as_str());
        Some(Encoded {
            media_type: media_type.filter(|media_type| essence(media_type) != "application/octet-stream"),
            is_json: json.is_some(),
            is_item,
            schema: content.schema.map(|schema| self.at(schema)),
        })
    }

    /// Reports encodings that are ignored: `prefixEncoding`, `itemEncoding`, and `encoding` within another Encoding
    /// Object. `reads_items` specifies whether the content is a response, whose parts can be the items of a stream.
    pub(super) fn check_encodings(&mut self, media: &MediaType, reads_items: bool) {
        let nested = media.encoding.iter().find_map(|encoding| encoding.encoding.first());
        let items = media.item_encoding.as_deref().filter(|_| !reads_items || media.item_schema.is_none());
        let ignored = [
            (media.prefix_encoding.first(), "`prefixEncoding` is not supported"),
            (items, "`itemEncoding` is not supported"),
            (nested, "`encoding` within `encoding` is not supported"),
        ];
        let header = media.item_encoding.iter().find_map(|encoding| encoding.headers.first());
        if let Some((name, _)) = header.filter(|_| items.is_none()) {
            self.diagnostics.push(
                Diagnostic::note(Code::Unsupported, name.span, "the headers of items are not typed")
                    .help("read them from the field `headers` of an item"),
            );
        }
        for (encoding, message) in ignored {
            let Some(encoding) = encoding else { continue };
            self.diagnostics.push(
                Diagnostic::warning(Code::Unsupported, encoding.span, message)
                    .help("callers encode or decode these parts themselves"),
            );
        }
    }

    fn part(
        &mut self,
        media: &'a MediaType,
        property: Property,
        schema: Option<&'a Schema>,
        types: &MediaTypes,
    ) -> Part {
        let encoding = media.encoding_of(&property.name);
        let delimiters = encoding.filter(|_| self.is_styled_part(media)).and_then(|encoding| {
            let allowed = 1 + encoding.item_styles.len();
            let is_array = matches!(property.ty.unaliased(&self.types), Type::Array(_));
            (is_array && levels(&property.ty, &self.types, allowed) <= allowed)
                .then(|| self.part_delimiters(encoding))?
        });
        if let Some(style) = encoding.and_then(|encoding| encoding.style).filter(|_| delimiters.is_none()) {
            self.diagnostics.push(
                Diagnostic::note(
                    Code::UnknownKeyword,
                    style.span,
                    "`style` does not apply to this part of a multipart form",
                )
                .help(if self.is_styled_part(media) {
                    "`style` applies to arrays of strings, numbers and booleans only; objects are sent as JSON"
                } else {
                    "in OpenAPI 3.0, `style` applies to URL-encoded forms only; an array is sent with one part per item"
                }),
            );
        }
        let content_types = encoding.and_then(|encoding| encoding.content_type.as_deref());
        let is_choice = content_types.is_some_and(|types| types.contains([',', '*']));
        let encoded = schema.and_then(|schema| self.encoded_content(schema));
        let is_json_string = encoded.is_some_and(|it| it.is_json) && content_types.is_none_or(is_json);
        let as_json =
            content_types.is_some_and(|ty| !is_choice && is_json(ty)) && delimiters.is_none() || is_json_string;
        let contained = schema.map_or(Contained::Values, |schema| self.contained(schema, &mut HashSet::new(), 0));
        let json = encoded.and_then(|it| it.schema).filter(|_| is_json_string);
        let json = json.map(|json| self.element(json, types.origin_of(&property.name)));
        let is_required = match property.presence {
            Presence::Required | Presence::Nullable => !property.read_only,
            Presence::EmptyIfAbsent => property.required && !property.read_only,
            Presence::Optional | Presence::OptionalNullable => false,
        };
        let only_value = property.only_value(&self.types).filter(|_| is_required && contained == Contained::Values);
        let mut doc = property.doc;
        if property.read_only {
            doc.constraints.push(Constraint::ReadOnly);
        }
        without_binary(&mut doc);
        // Files, parts that callers create, and JSON in strings do not use the type of the property. The type is only
        // needed if it is used elsewhere.
        let created = match &property.ty {
            Type::Array(item) if is_json_string => item,
            ty => ty,
        };
        if (contained != Contained::Values || is_json_string)
            && schema.is_some_and(|schema| schema.reference.is_none())
            && let Some(definition) = self.defined(created)
        {
            definition.usage.form = true;
        }
        let headers = encoding.map(|encoding| self.part_headers(encoding)).unwrap_or_default();
        let content = match (contained, property.ty.unaliased(&self.types)) {
            (Contained::File, _) => PartContent::File,
            (Contained::Files, _) => PartContent::Files,
            // Callers encode the parts of a part.
            _ if encoding.is_some_and(|encoding| !encoding.encoding.is_empty()) => PartContent::Any,
            (Contained::FileOrValue, _) | (_, Type::Any) if !as_json => PartContent::Any,
            _ if is_json_string && encoded.is_some_and(|it| it.is_item) => {
                PartContent::Values(json.unwrap_or(Type::Any))
            }
            _ if is_json_string => PartContent::Json(json.unwrap_or(Type::Any)),
            _ if as_json => PartContent::Json(property.ty),
            (_, Type::Array(_)) if delimiters.as_ref().is_some_and(|(explode, _)| !explode) => {
                PartContent::Value(property.ty)
            }
            (_, Type::Array(item)) => PartContent::Values((**item).clone()),
            _ => PartContent::Value(property.ty),
        };
        let quotes = matches!(&content, PartContent::Json(ty) if is_string(ty, &self.types));
        let client_value = only_value
            .filter(|_| !headers.iter().any(|header| header.required))
            .map(|value| if quotes { serde_json::Value::from(value).to_string() } else { value });
        Part {
            name: property.name,
            rust_name: property.rust_name,
            required: is_required,
            client_value,
            delimiters: match content {
                PartContent::Value(_) | PartContent::Values(_) => {
                    delimiters.map(|(_, styles)| styles).unwrap_or_default()
                }
                _ => Vec::new(),
            },
            content,
            content_type: content_types
                .or(encoded.and_then(|it| it.media_type))
                .filter(|_| !is_choice)
                .map(|ty| ty.trim().to_owned()),
            content_types: content_types.filter(|_| is_choice).map(str::to_owned),
            headers,
            doc,
            span: property.span,
        }
    }

    /// Returns whether `style` applies to the parts of a body: in Swagger 2.0, and since OpenAPI 3.1 in
    /// `multipart/form-data`.
    fn is_styled_part(&self, media: &MediaType) -> bool {
        match self.spec.version {
            Version::V2_0 => true,
            Version::V3_0 => false,
            Version::V3_1 | Version::V3_2 => essence(&media.media_type) == "multipart/form-data",
        }
    }

    /// Returns whether each item of an array is a separate part, and the styles that separate the items of arrays
    /// within one part. `None` if the document specifies neither `style` nor `explode`, or the style `deepObject`.
    fn part_delimiters(&mut self, encoding: &Encoding) -> Option<(bool, Vec<Style>)> {
        if encoding.style.is_none() && encoding.explode.is_none() {
            return None;
        }
        let style = encoding.style.map_or(Style::Form, |style| lowered_style(style.value));
        let explode = encoding.explode.unwrap_or(style == Style::Form);
        if style == Style::DeepObject {
            return None;
        }
        Some((explode, self.delimiters((!explode).then_some(style), &encoding.item_styles, encoding.span)))
    }

    /// Returns the headers of a part.
    fn part_headers(&self, encoding: &Encoding) -> Vec<HeaderDoc> {
        let headers = encoding.headers.iter().filter(|(name, _)| !is_ignored(&name.value));
        headers.map(|(name, header)| self.header_doc(&name.value, &self.spec.headers[*header], Type::String)).collect()
    }
}

/// Removes the constraints that the type of the part already expresses: that the content is binary or JSON.
fn without_binary(doc: &mut Doc) {
    let is_expressed = |constraint: &Constraint| match constraint {
        Constraint::Format(format) => format == "binary",
        Constraint::ContentEncoding(encoding) => encoding.eq_ignore_ascii_case("binary"),
        Constraint::MediaType(media_type) => essence(media_type) == "application/octet-stream" || is_json(media_type),
        _ => false,
    };
    doc.constraints.retain(|constraint| !is_expressed(constraint));
    for inner in doc.items.iter_mut().map(Box::as_mut).chain(&mut doc.variants) {
        inner.constraints.retain(|constraint| !is_expressed(constraint));
    }
    doc.items = doc.items.take().filter(|items| **items != Doc::default());
    if doc.variants.iter().all(|variant| *variant == Doc::default()) {
        doc.variants.clear();
    }
}

/// Returns whether the values of a type are strings.
fn is_string(ty: &Type, types: &[TypeDef]) -> bool {
    ty.json_kinds(types).as_deref() == Some(&[JsonKind::String])
}
