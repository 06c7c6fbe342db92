//! Rules about several keywords of a schema.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::object::{Kind, Shape};
use super::reference::PendingReference;
use super::repair::Repair;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::source::{Entry, Node, NodeKind, Span, is_reference};

/// An array of strings.
pub(super) const STRINGS: Shape = Shape::List(&Shape::String);

/// The dialects of JSON Schema that are read as 2020-12.
const DIALECTS: [&str; 4] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
];

impl<'d> Walk<'d, '_> {
    pub(super) fn schema(&mut self, node: &'d Node, place: Place<'d>) {
        self.schemas.push(node);
        if self.version >= Version::V3_1 {
            self.references_of_schema(node);
        }
        let types = node.get("type");
        let is_array = types.and_then(Node::as_str) == Some("array");
        if self.version == Version::V3_0 && is_array && node.get("items").is_none() {
            self.missing(Kind::Schema, node, "items", place);
        }
        if self.version == Version::V2_0 {
            self.file_type(node, place);
        }
        self.values_fit(node, "schema");
        // The check of `type` removes `null` itself from the types.
        if self.version == Version::V3_0
            && types.is_some_and(|types| types.elements().iter().any(|name| name.as_str() == Some("null")))
        {
            self.repair(node, Repair::Property("nullable", NodeKind::Bool(true)));
        }
        self.exclusive_bounds(node);
        for part in node.get("allOf").map(Node::elements).unwrap_or_default() {
            self.edges.push((node, part));
        }
        if let Some(discriminator) = node.get("discriminator") {
            self.discriminator(node, discriminator);
        }
        self.empty_arrays(node);
        if self.version < Version::V3_1 {
            self.required_names(node);
        }
        self.ranges(node);
        self.one_way(node);
    }

    /// Checks `$ref`, `$dynamicRef` and `$schema` of a schema of JSON Schema 2020-12.
    fn references_of_schema(&mut self, node: &'d Node) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        if let Some(reference) = entry("$ref") {
            self.reference(Kind::Schema, node, reference);
        }
        if let Some(Entry { value, .. }) = entry("$dynamicRef") {
            match value.as_str() {
                Some(text) => self.pending.push(PendingReference {
                    kind: Kind::Schema,
                    node: value,
                    by_mapping: true,
                    text,
                    span: value.span,
                    at: value,
                }),
                None => {
                    let message = format!("`$dynamicRef` is {}, but must be a string", value.kind_name());
                    let diagnostic = Diagnostic::error(Code::WrongType, value.span, message);
                    self.repairable(diagnostic, value, Repair::Remove, "ignores it");
                }
            }
        }
        if let Some(dialect) = node.get("$schema") {
            self.dialect(dialect);
        }
    }

    /// Reports an unknown JSON Schema dialect, because the dialect may define keywords differently.
    pub(super) fn dialect(&mut self, node: &'d Node) {
        let Some(text) = node.as_str().filter(|text| !DIALECTS.contains(&text.trim_end_matches('#'))) else { return };
        let message = format!("the JSON Schema dialect {} is unknown", quoted(text));
        let diagnostic = Diagnostic::warning(Code::SchemaDialect, node.span, message);
        self.push(diagnostic.help("schemas are read as JSON Schema 2020-12"));
    }

    /// Reports `type: file` in a schema that is not the schema of a response. Swagger 2.0 does not allow it there.
    fn file_type(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(types) = node.get("type").filter(|types| types.as_str() == Some("file")) else { return };
        if place.owner == Some(Kind::Response) && place.key == "schema" {
            return;
        }
        let message = "`type: file` is only allowed for the schema of a response and for parameters in `formData`";
        let diagnostic = Diagnostic::error(Code::InvalidValue, types.span, message);
        self.repairable(diagnostic, types, Repair::Remove, "ignores the type and accepts any JSON value");
    }

    /// Reports keywords with an empty array, if the specification forbids this or if no value would be valid.
    fn empty_arrays(&mut self, node: &'d Node) {
        for (keyword, problem) in [
            ("enum", "is empty: no value is valid"),
            ("oneOf", "is empty: no value is valid"),
            ("anyOf", "is empty: no value is valid"),
            ("allOf", "is empty"),
            ("prefixItems", "is empty"),
            ("required", "is empty: remove it if nothing is required"),
        ] {
            let Some(array) = node.get(keyword) else { continue };
            if !matches!(&array.kind, NodeKind::Sequence(elements) if elements.is_empty()) {
                continue;
            }
            let mut diagnostic = Diagnostic::error(Code::InvalidValue, array.span, format!("`{keyword}` {problem}"));
            match keyword {
                // JSON Schema 2020-12 allows an empty `required` and an empty `enum`.
                "required" if self.version >= Version::V3_1 => continue,
                "enum" if self.version >= Version::V3_1 => {
                    diagnostic.severity = Severity::Warning;
                    self.push(diagnostic);
                }
                "oneOf" | "anyOf" if self.version == Version::V2_0 => {}
                "prefixItems" if self.version < Version::V3_1 => {}
                _ => self.repairable(diagnostic, array, Repair::Remove, "ignores it"),
            }
        }
    }

    /// Reports names that `required` lists more than once.
    fn required_names(&mut self, node: &'d Node) {
        let mut known: HashMap<&str, Span> = HashMap::new();
        for name in node.get("required").map(Node::elements).unwrap_or_default() {
            let Some(text) = name.as_str() else { continue };
            match known.entry(text) {
                Slot::Vacant(slot) => {
                    slot.insert(name.span);
                }
                Slot::Occupied(first) => {
                    let message = format!("{} is listed twice in `required`", quoted(text));
                    let diagnostic = Diagnostic::error(Code::Duplicate, name.span, message)
                        .label("duplicate")
                        .related(*first.get(), "first definition");
                    self.repairable(diagnostic, name, Repair::Remove, "ignores it");
                }
            }
        }
    }

    /// Reports a schema that is both `readOnly` and `writeOnly`.
    fn one_way(&mut self, node: &'d Node) {
        let marked = |name| {
            let entry = node.as_mapping().and_then(|mapping| mapping.entry(name));
            entry.filter(|entry| entry.value.as_bool() == Some(true))
        };
        if let (Some(read), Some(write)) = (marked("readOnly"), marked("writeOnly")) {
            let mut diagnostic =
                Diagnostic::error(Code::InvalidValue, write.key_span, "a schema is both `readOnly` and `writeOnly`")
                    .related(read.key_span, "read-only");
            // JSON Schema 2020-12 does not forbid the combination.
            if self.version >= Version::V3_1 {
                diagnostic.severity = Severity::Warning;
                return self.push(diagnostic);
            }
            self.repairable(diagnostic, &write.value, Repair::Remove, "treats it as read-only");
        }
    }

    fn discriminator(&mut self, node: &'d Node, discriminator: &'d Node) {
        if self.version == Version::V2_0 {
            return self.discriminator_property(node, discriminator);
        }
        self.discriminator_mapping(discriminator);
        if let Some(name) = discriminator.get("propertyName") {
            self.discriminator_property(node, name);
        }
    }

    /// Checks that a schema with `properties` defines the property of its discriminator, unless another schema may
    /// define it.
    fn discriminator_property(&mut self, node: &'d Node, name: &'d Node) {
        let elsewhere = ["allOf", "oneOf", "anyOf"];
        let combined = elsewhere.iter().any(|keyword| node.get(keyword).is_some())
            || self.version >= Version::V3_1 && node.get("$ref").is_some();
        let Some(properties) = node.get("properties").filter(|_| !combined) else { return };
        let Some(text) = name.as_str() else { return };
        if properties.get(text).is_none() {
            let message = format!("the schema has no property {}", quoted(text));
            let mut diagnostic =
                Diagnostic::warning(Code::Undefined, name.span, message).related(properties.span, "its properties");
            if self.gives_help() {
                let names = properties.entries().iter().map(|entry| entry.key.as_str());
                diagnostic.help = nearest(text, names).map(|name| format!("did you mean {}?", quoted(name)));
            }
            return self.push(diagnostic);
        }
        let mut required = node.get("required").map(Node::elements).unwrap_or_default().iter();
        if self.version == Version::V2_0 && !required.any(|required| required.as_str() == Some(text)) {
            let message = format!("the discriminator {} is not listed in `required`", quoted(text));
            let diagnostic = Diagnostic::warning(Code::InvalidValue, name.span, message);
            self.push(diagnostic.help("Swagger 2.0 requires this"));
        }
    }

    /// Checks that the values of a discriminator mapping are names of component schemas, or references to schemas.
    fn discriminator_mapping(&mut self, discriminator: &'d Node) {
        let mapping = discriminator.get("mapping").map(Node::entries).unwrap_or_default();
        let default = discriminator.get("defaultMapping").filter(|_| self.version >= Version::V3_1);
        for value in mapping.iter().map(|entry| &entry.value).chain(default) {
            let Some(text) = value.as_str() else { continue };
            let span = value.span;
            if self.in_components(Kind::Schema, text).is_some() {
                continue;
            }
            if is_reference(text) {
                let kind = Kind::Schema;
                self.pending.push(PendingReference { kind, node: value, by_mapping: true, text, span, at: value });
                continue;
            }
            let message = format!("there is no schema {}", quoted(text));
            let mut diagnostic = Diagnostic::error(Code::RefNotFound, span, message);
            if self.gives_help() {
                let names = self.components(Kind::Schema).iter().map(|entry| entry.key.as_str());
                diagnostic.help = nearest(text, names).map(|name| format!("did you mean {}?", quoted(name)));
            }
            self.repairable(diagnostic, value, Repair::Remove, "ignores this value");
        }
    }
}
