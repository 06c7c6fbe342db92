//! Multipart bodies: a part for each property of the schema, with what `encoding` says about it.

use std::collections::HashSet;

use openapiv3::{Header, MediaType, ReferenceOr};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Additional, BodyContent, Constraint, Doc, HeaderDoc, JsonKind, Multipart, Part, PartContent, Presence, Property,
    Type, TypeDef, TypeKind,
};
use crate::source::Node;

use super::Lowering;
use super::doc;
use super::header::HEADERS;
use super::located::Located;
use super::media::{MediaTypes, essence, is_binary};

/// What a schema says about files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Values,
    File,
    Files,
    /// A file, or something else.
    Either,
}

impl<'a> Lowering<'a> {
    /// The parts of a form; a value whose members are the parts where the schema is no plain object.
    pub(super) fn multipart(
        &mut self,
        media: Located<'a, MediaType>,
        key: &str,
        types: &mut MediaTypes<'a>,
    ) -> BodyContent {
        let open = |doc| BodyContent::Multipart(Multipart { parts: Vec::new(), open: true, doc });
        let Some(schema) = media.node.get("schema") else { return open(Doc::default()) };
        let doc = doc::doc(self.resolved_schema(schema));
        let ty = self.media_type(media, key, types);
        let ty = match ty {
            Type::Nullable(inner) => *inner,
            ty => ty,
        };
        let definition = ty.definition(&self.types);
        let object = match definition.map(|definition| &definition.kind) {
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
        // Callers give the parts one by one: unless something else has the type, nobody needs it.
        if let Some(definition) = self.defined(&ty) {
            definition.usage.form = true;
        }
        let mut properties = Vec::new();
        self.properties(schema, &mut HashSet::new(), &mut properties);
        let mut parts = Vec::new();
        for member in object.properties {
            let node = properties.iter().rev().find(|(name, _)| *name == member.name).map(|(_, node)| *node);
            parts.push(self.part(media, member, node));
        }
        BodyContent::Multipart(Multipart { parts, open: object.additional != Additional::Dropped, doc })
    }

    /// Whether a form has files among its members.
    pub(super) fn holds_files(&self, media: &'a Node) -> bool {
        let mut properties = Vec::new();
        if let Some(schema) = media.get("schema") {
            self.properties(schema, &mut HashSet::new(), &mut properties);
        }
        properties.iter().any(|(_, node)| self.held(node, &mut HashSet::new()) != Holds::Values)
    }

    /// The definition of a type, aliases followed.
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

    /// The properties of a schema and of what it is combined of, each schema `seen` once.
    fn properties(&self, schema: &'a Node, seen: &mut HashSet<*const Node>, into: &mut Vec<(&'a str, &'a Node)>) {
        let schema = self.schema_node(schema);
        if !seen.insert(schema) {
            return;
        }
        for part in schema.get("allOf").map(Node::elements).unwrap_or_default() {
            self.properties(part, seen, into);
        }
        let own = schema.get("properties").map(Node::entries).unwrap_or_default();
        into.extend(own.iter().map(|entry| (entry.key.as_str(), &entry.value)));
    }

    /// What a value of a schema is sent as; each schema is `seen` once.
    fn held(&self, schema: &'a Node, seen: &mut HashSet<*const Node>) -> Holds {
        let schema = self.schema_node(schema);
        if is_binary(schema) {
            return Holds::File;
        }
        if !seen.insert(schema) {
            return Holds::Values;
        }
        if let Some(items) = schema.get("items") {
            return match self.held(items, seen) {
                Holds::File | Holds::Either => Holds::Files,
                _ => Holds::Values,
            };
        }
        let arms = |key: &str| schema.get(key).map(Node::elements).unwrap_or_default();
        for part in arms("allOf") {
            let held = self.held(part, seen);
            if held != Holds::Values {
                return held;
            }
        }
        for arm in arms("oneOf").iter().chain(arms("anyOf")) {
            if self.held(arm, seen) != Holds::Values {
                return Holds::Either;
            }
        }
        Holds::Values
    }

    fn part(&mut self, media: Located<'a, MediaType>, member: Property, node: Option<&'a Node>) -> Part {
        let encoding = media.node.get("encoding").and_then(|encodings| encodings.get(&member.name));
        if let Some(style) = encoding.and_then(|encoding| encoding.as_mapping()?.entry("style")) {
            self.diagnostics.push(
                Diagnostic::note(
                    Code::UnknownKeyword,
                    style.key_span,
                    "`style` does not apply to parts of multipart forms",
                )
                .help(
                    "in OpenAPI 3.0, it applies to URL-encoded forms only; an array is sent as one part for each item",
                ),
            );
        }
        let content_types = encoding.and_then(|encoding| encoding.get("contentType")).and_then(Node::as_str);
        let is_choice = content_types.is_some_and(|types| types.contains([',', '*']));
        let as_json = content_types.is_some_and(|ty| !is_choice && is_json(ty));
        let held = node.map_or(Holds::Values, |node| self.held(node, &mut HashSet::new()));
        let is_required = matches!(member.presence, Presence::Required | Presence::Nullable) && !member.read_only;
        let only_value = member.only_value(&self.types).filter(|_| is_required && held == Holds::Values);
        let mut doc = member.doc;
        if member.read_only {
            doc.constraints.push(Constraint::Other(doc::READ_ONLY.to_owned()));
        }
        // That is what makes it a file.
        let is_binary = |constraint: &Constraint| *constraint == Constraint::Format("binary".to_owned());
        doc.constraints.retain(|constraint| !is_binary(constraint));
        for inner in doc.items.iter_mut().map(Box::as_mut).chain(&mut doc.variants) {
            inner.constraints.retain(|constraint| !is_binary(constraint));
        }
        doc.items = doc.items.filter(|items| **items != Doc::default());
        if doc.variants.iter().all(|alternative| *alternative == Doc::default()) {
            doc.variants.clear();
        }
        // A union of a file and something else is a part that the caller makes: nobody needs the type.
        if held != Holds::Values
            && node.is_some_and(|node| node.get("$ref").is_none())
            && let Some(definition) = self.defined(&member.ty)
        {
            definition.usage.form = true;
        }
        let headers = encoding.map(|encoding| self.part_headers(media, encoding)).unwrap_or_default();
        let content = match (held, member.ty.unaliased(&self.types)) {
            (Holds::File, _) => PartContent::File,
            (Holds::Files, _) => PartContent::Files,
            (Holds::Either, _) | (_, Type::Any) if !as_json => PartContent::Any,
            _ if as_json => PartContent::Json(member.ty),
            (_, Type::Array(item)) => PartContent::Values((**item).clone()),
            _ => PartContent::Value(member.ty),
        };
        Part {
            name: member.name,
            rust_name: member.rust_name,
            required: is_required,
            client_value: only_value.filter(|_| !headers.iter().any(|header| header.required)).map(|text| {
                let is_json_string = matches!(&content, PartContent::Json(ty) if is_text(ty, &self.types));
                if is_json_string { serde_json::Value::from(text).to_string() } else { text }
            }),
            content,
            content_type: content_types.filter(|_| !is_choice).map(|ty| ty.trim().to_owned()),
            content_types: content_types.filter(|_| is_choice).map(str::to_owned),
            headers,
            doc,
            span: member.span,
        }
    }

    /// The headers that `encoding` gives a part; `Content-Type` is none of them (OpenAPI 3.0.3, "Encoding Object").
    fn part_headers(&mut self, media: Located<'a, MediaType>, encoding: &'a Node) -> Vec<HeaderDoc> {
        let values = media.value.encoding.values().flat_map(|encoding| &encoding.headers);
        let values: Vec<(&String, &'a ReferenceOr<Header>)> = values.collect();
        let mut headers = Vec::new();
        for entry in encoding.get("headers").map(Node::entries).unwrap_or_default() {
            if let Some((_, value)) = values.iter().find(|(name, _)| **name == entry.key)
                && !entry.key.eq_ignore_ascii_case("content-type")
                && let Some(header) = self.resolve(&entry.value, value, &HEADERS)
            {
                headers.push(self.header_doc(&entry.key, header.node, Type::String));
            }
        }
        headers
    }
}

/// Whether the values of a type are strings.
fn is_text(ty: &Type, types: &[TypeDef]) -> bool {
    ty.json_kinds(types).as_deref() == Some(&[JsonKind::String])
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}
