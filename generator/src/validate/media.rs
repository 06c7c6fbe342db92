//! Rules for media types, encodings, examples, responses and headers.

use std::collections::HashMap;

use super::object::Kind;
use super::repair::Repair;
use super::syntax::{is_media_type, is_token};
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::source::{Entry, Node, Span};

impl<'d> Walk<'d, '_> {
    /// Checks that the keys of `content` are media types.
    pub(super) fn content(&mut self, owner: &'d Node) {
        let content = owner.get("content").map(Node::entries).unwrap_or_default();
        for entry in content.iter().filter(|entry| !is_media_type(&entry.key)) {
            let message = format!("{} is not a media type", quoted(&entry.key));
            let mut diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message)
                .help("use a media type such as `application/json`, or a range such as `text/*`");
            // The JSON Schema of OpenAPI 3.1 accepts any key, and examples in the specification have keys that are not
            // media types.
            if self.version >= Version::V3_1 {
                diagnostic.severity = Severity::Warning;
                self.push(diagnostic);
                continue;
            }
            self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores it");
        }
    }

    pub(super) fn media_type(&mut self, node: &'d Node, place: Place<'d>) {
        self.mutually_exclusive(node, "example", "examples", "a media type object");
        self.positional_encodings(node, "a media type object");
        let Some(encoding) = node.as_mapping().and_then(|mapping| mapping.entry("encoding")) else { return };
        let essence = place.key.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // The key of a media type in `components` is a name, not a media type.
        let is_named = self.version >= Version::V3_1 && !is_media_type(place.key);
        if !is_named && !essence.starts_with("multipart/") && essence != "application/x-www-form-urlencoded" {
            let message = format!("`encoding` does not apply to {}", quoted(place.key));
            let diagnostic = Diagnostic::warning(Code::InvalidValue, encoding.key_span, message);
            return self.push(diagnostic.label("has no effect").help("it applies to forms only"));
        }
        let Some(properties) = node.get("schema").and_then(|schema| self.only_properties(schema)) else { return };
        for entry in encoding.value.entries() {
            if entry.key.starts_with("x-") || properties.get(&entry.key).is_some() {
                continue;
            }
            let message = format!("the form has no property {}", quoted(&entry.key));
            let mut diagnostic =
                Diagnostic::error(Code::Undefined, entry.key_span, message).related(properties.span, "its properties");
            let names = properties.entries().iter().map(|entry| entry.key.as_str());
            let meant = if self.gives_help() { nearest(&entry.key, names) } else { None };
            diagnostic.help = meant.map(|name| format!("did you mean {}?", quoted(name)));
            self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores it");
        }
    }

    /// Returns the `properties` of a schema, if no other keyword can allow further properties.
    fn only_properties(&self, schema: &'d Node) -> Option<&'d Node> {
        if self.version >= Version::V3_1 && schema.get("$ref").is_some() && schema.entries().len() > 1 {
            return None;
        }
        let schema = self.resolve_node(schema)?;
        let more = ["allOf", "oneOf", "anyOf", "additionalProperties", "patternProperties", "unevaluatedProperties"];
        schema.get("properties").filter(|_| more.iter().all(|keyword| schema.get(keyword).is_none()))
    }

    /// Checks that an example has its value in only one field.
    pub(super) fn example(&mut self, node: &'d Node) {
        self.mutually_exclusive(node, "value", "externalValue", "an example object");
        if self.version >= Version::V3_1 {
            self.mutually_exclusive(node, "value", "dataValue", "an example object");
            self.mutually_exclusive(node, "value", "serializedValue", "an example object");
            self.mutually_exclusive(node, "serializedValue", "externalValue", "an example object");
        }
    }

    /// Checks that encodings are specified either by property (`encoding`) or by position (`prefixEncoding`,
    /// `itemEncoding`).
    fn positional_encodings(&mut self, node: &'d Node, owner: &str) {
        if self.version >= Version::V3_1 {
            self.mutually_exclusive(node, "encoding", "prefixEncoding", owner);
            self.mutually_exclusive(node, "encoding", "itemEncoding", owner);
        }
    }

    /// Reports an object with two fields that exclude each other. Lenient mode keeps both.
    pub(super) fn mutually_exclusive(&mut self, node: &'d Node, one: &str, other: &str, owner: &str) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        if let (Some(one_entry), Some(other_entry)) = (entry(one), entry(other)) {
            let (first, second) = if one_entry.key_span <= other_entry.key_span {
                (one_entry, other_entry)
            } else {
                (other_entry, one_entry)
            };
            let message = format!("{owner} has both `{one}` and `{other}`");
            let diagnostic = Diagnostic::error(Code::InvalidValue, second.key_span, message)
                .related(first.key_span, format!("`{}` here", first.key))
                .help("remove one of them");
            self.ignorable(diagnostic, "keeps both");
        }
    }

    /// Checks the content of a response and the names of its headers.
    pub(super) fn response_object(&mut self, node: &'d Node, place: Place<'d>) {
        // `description` is required in 3.1, and optional in 3.2.
        if self.version == Version::V3_1 && node.get("description").is_none() {
            self.missing(Kind::Response, node, "description", place);
        }
        self.content(node);
        self.header_names(node, "a response header", "the media types in `content` define");
    }

    /// Checks the encoding of a part of a form: its fields, and the names of its headers.
    pub(super) fn encoding(&mut self, node: &'d Node) {
        self.positional_encodings(node, "an encoding object");
        self.header_names(node, "a part header", "`contentType` defines");
    }

    fn header_names(&mut self, node: &'d Node, owner: &str, decides: &str) {
        let mut known: HashMap<String, Span> = HashMap::new();
        for entry in node.get("headers").map(Node::entries).unwrap_or_default() {
            self.header_name(entry, owner, decides);
            if let Some(first) = known.insert(entry.key.to_ascii_lowercase(), entry.key_span) {
                let message =
                    format!("the header {} is defined twice: header names are case-insensitive", quoted(&entry.key));
                let diagnostic = Diagnostic::error(Code::Duplicate, entry.key_span, message)
                    .label("duplicate")
                    .related(first, "first definition");
                self.repairable(diagnostic, &entry.value, Repair::Remove, "uses the first one");
            }
        }
    }

    fn header_name(&mut self, entry: &'d Entry, owner: &str, decides: &str) {
        // Swagger 2.0 does not reserve names of headers.
        if self.version > Version::V2_0 && entry.key.eq_ignore_ascii_case("content-type") {
            let message = format!("{owner} named `Content-Type` is ignored");
            let diagnostic = Diagnostic::warning(Code::InvalidValue, entry.key_span, message).label("has no effect");
            self.push(diagnostic.help(format!("OpenAPI requires that it is ignored: {decides} its value")));
        } else if !is_token(&entry.key) && !entry.key.starts_with("x-") {
            let message = format!("{} is not a valid header name", quoted(&entry.key));
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message);
            self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores it");
        }
    }

    /// Checks a header object. The key of the object is the name of the header.
    pub(super) fn header(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Header, node, place);
        self.mutually_exclusive(node, "example", "examples", "a header");
        for (name, reason) in [("name", "its key is the name of the header"), ("in", "it always describes a header")] {
            let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(name)) else { continue };
            let message = format!("`{name}` is not a property of a header object: {reason}");
            let diagnostic = Diagnostic::error(Code::UnknownKeyword, entry.key_span, message).help("remove it");
            self.ignorable(diagnostic, "ignores it");
        }
    }
}
