//! Reports the parts of a document that widely used crates, `serde_yaml`, `serde_json` and `openapiv3`, cannot read.
//!
//! The time that `openapiv3` takes for a schema that it cannot read doubles with each level of nesting. Therefore, each
//! schema is read on its own, without the schemas in it, and the rest of the document is read without its schemas.

use std::collections::HashSet;

use openapiv3::{
    Callback, Example, Header, Link, OpenAPI, Parameter, PathItem, ReferenceOr, RequestBody, Response,
    Schema as OpenApiSchema, SecurityScheme,
};
use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use super::narrow::{Cause, narrow};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, quoted};
use crate::source::{Document, Entry, Node, Sources, Span};
use crate::spec::Spec;

/// The maximum number of notes that are reported for a document.
const MAX_NOTES: usize = 20;

/// Tries to read the text of a document with `serde_yaml` or `serde_json`, and the result with `openapiv3`.
pub(crate) fn portability(sources: &Sources, document: &Document, spec: &Spec, diagnostics: &mut Diagnostics) {
    let mut checker = Checker { schemas: HashSet::new(), notes: 0, diagnostics };
    let Some(mut value) = checker.read(sources, document) else { return };
    checker.schemas = spec.schemas.iter().map(|schema| schema.span).collect();
    if !checker.is_readable(&document.root, &value) {
        return;
    }
    checker.check_schemas(&document.root, &mut value);
    if checker.notes == 0 {
        checker.check_rest(&document.root, &mut value);
    }
}

struct Checker<'o> {
    /// The locations of all schemas.
    schemas: HashSet<Span>,
    notes: usize,
    diagnostics: &'o mut Diagnostics,
}

impl Checker<'_> {
    fn note(&mut self, span: Span, message: String, help: &str) {
        self.notes += 1;
        if self.notes <= MAX_NOTES {
            self.diagnostics.push(Diagnostic::new(Severity::Note, Code::Portability, Some(span), message).help(help));
        }
    }

    /// Reads the text of a document with `serde_json` or `serde_yaml`. Reports an error and returns `None` if this
    /// fails.
    fn read(&mut self, sources: &Sources, document: &Document) -> Option<Value> {
        let source = document.source();
        let bytes = sources.bytes(source);
        let is_json = sources.path(source).ends_with(".json") || bytes.trim_ascii_start().starts_with(b"{");
        let (reader, line, column, error) = if is_json {
            match serde_json::from_slice(bytes) {
                Ok(value) => return Some(value),
                Err(error) => ("serde_json", error.line(), error.column(), error.to_string()),
            }
        } else {
            match serde_yaml::from_slice(bytes) {
                Ok(value) => return Some(value),
                Err(error) => {
                    let place = error.location().map_or((0, 0), |place| (place.line(), place.column()));
                    ("serde_yaml", place.0, place.1, error.to_string())
                }
            }
        };
        let start = offset(&sources.text(source), line, column);
        let span = Span { source, start, end: start + 1 };
        let help = format!("programs that read OpenAPI documents with `{reader}` reject the document");
        self.note(span, format!("`{reader}` cannot read the document: {error}"), &help);
        None
    }

    /// Reports merge keys and numbers that `serde_yaml` reads differently than Clientwright. Returns `false` if there
    /// are any.
    fn is_readable(&mut self, node: &Node, value: &Value) -> bool {
        let mut is_readable = true;
        match value {
            Value::Mapping(mapping) => {
                if mapping.contains_key("<<") && node.get("<<").is_none() {
                    let message = "`serde_yaml` reads the merge key `<<` as a property".to_owned();
                    self.note(node.span, message, "write the merged properties out");
                    return false;
                }
                for (entry, (_, value)) in node.entries().iter().zip(mapping) {
                    is_readable &= self.is_readable(&entry.value, value);
                }
            }
            Value::Sequence(elements) => {
                for (node, value) in node.elements().iter().zip(elements) {
                    is_readable &= self.is_readable(node, value);
                }
            }
            Value::Number(number) if !number.is_finite() => {
                let message = "`serde_yaml` reads this number as infinity".to_owned();
                self.note(node.span, message, "the largest number that `serde_yaml` can read is about 1.8e308");
                is_readable = false;
            }
            _ => {}
        }
        is_readable
    }

    /// Tries to read each schema without the schemas in it, and then replaces it with an empty schema.
    fn check_schemas(&mut self, node: &Node, value: &mut Value) {
        for (child, value) in children(node, value) {
            self.check_schemas(child, value);
            if value.is_mapping() && self.schemas.contains(&child.span) {
                self.check_part::<OpenApiSchema>(child, value, "schema");
                *value = Value::Mapping(Mapping::new());
            }
        }
    }

    /// Tries to read a part of the document. Reports the error if the part cannot be read.
    fn check_part<T: DeserializeOwned>(&mut self, node: &Node, value: &Value, kind: &str) {
        let try_to_read = |value: Value| serde_yaml::from_value::<ReferenceOr<T>>(value).err();
        let Some(error) = try_to_read(value.clone()) else { return };
        let cause = narrow(node, value, |value| try_to_read(value).is_none());
        self.report(node.span, cause, kind, &error);
    }

    fn report(&mut self, span: Span, cause: Option<Cause<'_>>, kind: &str, error: &serde_yaml::Error) {
        let help = "programs that read OpenAPI documents with `openapiv3` reject the document";
        match cause {
            Some(Cause { entry, has_name: true }) => {
                let message = format!("the crate `openapiv3` cannot read {}: {error}", quoted(&entry.key));
                self.note(entry.key_span, message, help);
            }
            Some(Cause { entry, has_name: false }) => {
                let message =
                    format!("the crate `openapiv3` cannot read the name {}, which is not a string", quoted(&entry.key));
                self.note(entry.key_span, message, "quote it");
            }
            None => {
                let beginning = Span { end: span.end.min(span.start + 1), ..span };
                self.note(beginning, format!("the crate `openapiv3` cannot read this {kind}: {error}"), help);
            }
        }
    }

    /// Tries to read a document without its schemas: first each path item and component, and then the whole document.
    fn check_rest(&mut self, root: &Node, value: &mut Value) {
        for (path, value) in find(root, value, "paths").into_iter().flat_map(|(node, value)| properties(node, value)) {
            self.check_part::<PathItem>(&path.value, value, "path item");
        }
        if let Some((components, value)) = find(root, value, "components") {
            for (section, value) in properties(components, value) {
                // `openapiv3` reads the names of components as strings, even if YAML reads them as numbers or as null.
                convert_keys_to_strings(&section.value, value);
                for (component, value) in properties(&section.value, value) {
                    let child = &component.value;
                    match section.key.as_str() {
                        "responses" => self.check_part::<Response>(child, value, "response"),
                        "parameters" => self.check_part::<Parameter>(child, value, "parameter"),
                        "examples" => self.check_part::<Example>(child, value, "example"),
                        "requestBodies" => self.check_part::<RequestBody>(child, value, "request body"),
                        "headers" => self.check_part::<Header>(child, value, "header"),
                        "securitySchemes" => self.check_part::<SecurityScheme>(child, value, "security scheme"),
                        "links" => self.check_part::<Link>(child, value, "link"),
                        "callbacks" => self.check_part::<Callback>(child, value, "callback"),
                        _ => {}
                    }
                }
            }
        }
        if self.notes > 0 {
            return;
        }
        let try_to_read = |value: Value| serde_yaml::from_value::<OpenAPI>(value).err();
        if let Some(error) = try_to_read(value.clone()) {
            let cause = narrow(root, value, |value| try_to_read(value).is_none());
            self.report(root.span, cause, "document", &error);
        }
    }
}

/// Returns the properties or items of a value, each with its node. Empty if Clientwright and `serde_yaml` read
/// different numbers of them.
fn children<'n, 'v>(node: &'n Node, value: &'v mut Value) -> Vec<(&'n Node, &'v mut Value)> {
    match value {
        Value::Mapping(mapping) if mapping.len() == node.entries().len() => {
            node.entries().iter().map(|entry| &entry.value).zip(mapping.values_mut()).collect()
        }
        Value::Sequence(elements) if elements.len() == node.elements().len() => {
            node.elements().iter().zip(elements).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the properties of a value except extensions, each with its entry in the document.
fn properties<'n, 'v>(node: &'n Node, value: &'v mut Value) -> Vec<(&'n Entry, &'v mut Value)> {
    let properties = node.entries().iter().zip(children(node, value));
    let properties = properties.filter(|(entry, _)| !entry.key.starts_with("x-"));
    properties.map(|(entry, (_, value))| (entry, value)).collect()
}

/// Returns the value of a property, with its node.
fn find<'n, 'v>(node: &'n Node, value: &'v mut Value, key: &str) -> Option<(&'n Node, &'v mut Value)> {
    Some((node.get(key)?, value.get_mut(key)?))
}

fn convert_keys_to_strings(node: &Node, value: &mut Value) {
    let Value::Mapping(mapping) = value else { return };
    if mapping.len() == node.entries().len() {
        let values = std::mem::take(mapping).into_iter().map(|(_, value)| value);
        *mapping = node.entries().iter().map(|entry| Value::from(entry.key.as_str())).zip(values).collect();
    }
}

/// Returns the byte offset of a line and column. Both start at 1, and `column` counts characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let inner = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    (start + inner).min(text.len().saturating_sub(1))
}
