//! Reports values that do not match the tables in `objects`: unknown and missing fields, wrong types, invalid strings.

use super::assumption::{converted, without};
use super::help::{help, newer_version, other_version};
use super::object::{Kind, Shape};
use super::repair::Repair;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::source::{Entry, Node, NodeKind};

impl<'d> Walk<'d, '_> {
    pub(super) fn unknown(&mut self, kind: Kind, entry: &'d Entry) {
        let object = self.definition(kind);
        if entry.key == "$ref" {
            let message = format!("{} cannot be a `$ref`", object.name);
            let diagnostic = Diagnostic::error(Code::UnknownKeyword, entry.key_span, message);
            let diagnostic = diagnostic.help("write the object itself here");
            return self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores it");
        }
        // `header` reports these fields.
        if kind == Kind::Header && self.version > Version::V2_0 && matches!(entry.key.as_str(), "name" | "in") {
            return;
        }
        let message = format!("{} is not a property of {}", quoted(&entry.key), object.name);
        let mut diagnostic = Diagnostic::warning(Code::UnknownKeyword, entry.key_span, message).label("has no effect");
        if self.gives_help() {
            let meant = nearest(&entry.key, object.fields.iter().map(|field| field.name));
            diagnostic.help = meant.map(|name| format!("did you mean `{name}`?"));
        }
        if let Some(version) = newer_version(self.version, kind, &entry.key) {
            diagnostic.help = Some(format!("this needs {version}"));
        }
        let is_v2_schema =
            self.version > Version::V2_0 && entry.key == "schema" && matches!(kind, Kind::Response | Kind::RequestBody);
        if is_v2_schema {
            diagnostic.help = Some("in OpenAPI 3, `schema` belongs to a media type in `content`".to_owned());
        }
        if self.version == Version::V2_0 && kind == Kind::Schema && entry.key == "nullable" {
            diagnostic.severity = Severity::Error;
            diagnostic.help = Some("use `x-nullable`".to_owned());
            let repair = Repair::Rename("x-nullable".to_owned());
            return self.repairable(diagnostic, &entry.value, repair, "treats it as `x-nullable`");
        }
        // JSON Schema 2020-12 allows unknown keywords. OpenAPI 3.0.3, "Schema Object", calls other keywords "strictly
        // unsupported", and its JSON Schema forbids unknown fields of all objects.
        if self.version >= Version::V3_1 && kind == Kind::Schema {
            return self.push(diagnostic);
        }
        diagnostic.severity = Severity::Error;
        self.ignorable(diagnostic, "ignores it");
    }

    pub(super) fn component_name(&mut self, entry: &Entry) {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        if entry.key.is_empty() || !entry.key.chars().all(allowed) {
            let message = format!("{} is not a valid component name", quoted(&entry.key));
            let help = "component names consist of ASCII letters, digits, `.`, `_` and `-`";
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help);
            self.ignorable(diagnostic, "uses the name unchanged");
        }
    }

    /// Reports a string that is not one of the allowed strings.
    pub(super) fn invalid_choice(
        &mut self,
        choices: &'static [&'static str],
        text: &str,
        node: &'d Node,
        place: Place<'d>,
    ) {
        let message = format!("{} cannot be {}", place.shown(), quoted(text));
        let help = match (other_version(self.version, place.key, text), nearest(text, choices.iter().copied())) {
            (Some(help), _) => help.to_owned(),
            (None, Some(choice)) if self.gives_help() => format!("did you mean `{choice}`?"),
            _ => format!("use {}", Shape::Choice(choices).expected()),
        };
        let diagnostic = Diagnostic::error(Code::InvalidValue, node.span, message).help(help);
        match place.key {
            "type" if self.version == Version::V2_0 && choices.contains(&"array") => {
                let (kind, assumed) = match meant_type(text) {
                    Some("integer") => ("integer", "treats it as an integer"),
                    Some("number") => ("number", "treats it as a number"),
                    Some("boolean") => ("boolean", "treats it as a boolean"),
                    None if choices.contains(&"object") => {
                        let assumed = "ignores the type and accepts any JSON value";
                        return self.repairable(diagnostic, node, Repair::Remove, assumed);
                    }
                    _ => ("string", "treats it as a string"),
                };
                self.repairable(diagnostic, node, Repair::Value(NodeKind::String(kind.to_owned())), assumed);
            }
            "type" if choices.contains(&"object") => {
                self.repairable(diagnostic, node, Repair::Remove, "ignores the type and accepts any JSON value");
            }
            "style" | "collectionFormat" if !place.needed => {
                self.repairable(diagnostic, node, Repair::Remove, "uses the default style");
            }
            "schemes" => self.repairable(diagnostic, node, Repair::Remove, "ignores it"),
            // The object that contains the field is repaired where its fields are checked together.
            "in" if choices.contains(&"path") => self.ignorable(diagnostic, "ignores the parameter"),
            "in" | "type" | "flow" => self.ignorable(diagnostic, "ignores the security scheme"),
            _ => self.push(diagnostic),
        }
    }

    /// Reports a string that does not have the required form.
    pub(super) fn invalid_string(&mut self, shape: &Shape, text: &str, node: &'d Node, place: Place<'d>) {
        let shown = if text.is_empty() { "empty".to_owned() } else { quoted(text) };
        let message = format!("{} is {shown}, which is not {}", place.shown(), shape.expected());
        self.ignorable(Diagnostic::error(Code::InvalidValue, node.span, message), "uses it unchanged");
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&mut self, shape: &Shape, node: &'d Node, place: Place<'d>) {
        let expected = match shape {
            Shape::Object(kind) | Shape::OrRef(kind) => self.definition(*kind).object_name(),
            _ => shape.expected(),
        };
        let message = match &node.kind {
            NodeKind::Number(number) if matches!(shape, Shape::Count | Shape::Positive) => {
                format!("{} is {}, but must be {expected}", place.shown(), quoted(&number.text))
            }
            _ => format!("{} is {}, but must be {expected}", place.shown(), node.kind_name()),
        };
        let mut diagnostic = Diagnostic::error(Code::WrongType, node.span, message);
        if node.kind == NodeKind::Null {
            // A value that is omitted in YAML has an empty span, which cannot be underlined.
            diagnostic.span = Some(if node.span.start == node.span.end { place.span } else { node.span });
            diagnostic = diagnostic.help("remove it if it has no value");
        } else {
            diagnostic.help = help(self.version, shape, node, place).map(str::to_owned);
        }
        // `exclusive_bounds` repairs the bound itself.
        if matches!(node.kind, NodeKind::Bool(_)) && matches!(place.key, "exclusiveMinimum" | "exclusiveMaximum") {
            return self.ignorable(diagnostic, "reads it as in OpenAPI 3.0");
        }
        match converted(shape, node, place) {
            Some((repair, assumed)) => self.repairable(diagnostic, node, repair, assumed),
            None => self.push(diagnostic),
        }
    }

    /// Reports a missing field.
    pub(super) fn missing(&mut self, kind: Kind, node: &'d Node, field: &'static str, place: Place<'d>) {
        let message = format!("{} needs `{field}`", self.name_of(kind));
        let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label(format!("`{field}` is missing"));
        if self.version == Version::V2_0 && kind == Kind::Parameter && field == "in" {
            let is_body = node.get("schema").is_some() && node.get("type").is_none();
            let (location, assumed) = match is_body {
                true => ("body", "treats it as a parameter in `body`"),
                false => ("query", "treats it as a parameter in `query`"),
            };
            let repair = Repair::Property("in", NodeKind::String(location.to_owned()));
            return self.repairable(diagnostic, node, repair, assumed);
        }
        match without(self.version, kind, field, node.span) {
            Some((repair, assumed)) => self.repairable(diagnostic, node, repair, assumed),
            None => self.push(diagnostic),
        }
    }
}

/// Returns the JSON type for the name of a type in another language, or for a type with a format such as
/// `number/uint64`. `None` for unknown names.
fn meant_type(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let (outer, format) = text.split_once('/').unwrap_or((text.as_str(), ""));
    Some(match if format.is_empty() { outer } else { format } {
        "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "long"
        | "short" => "integer",
        "float" | "float32" | "float64" | "double" | "decimal" => "number",
        "bool" => "boolean",
        "str" | "text" | "char" | "date" | "datetime" | "date-time" | "uuid" => "string",
        _ if !format.is_empty() => return meant_outer(outer),
        _ => return None,
    })
}

/// Returns the JSON type in front of an unknown format, such as `number` for `number/x`. `None` for unknown types.
fn meant_outer(outer: &str) -> Option<&'static str> {
    ["integer", "number", "boolean", "string"].into_iter().find(|name| *name == outer)
}
