//! Reports keywords that have no effect, because they apply to another type than the schema's, or because another
//! keyword overrides them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Entry, Node};

/// The keywords that apply to a single type, each with its type. `number` includes integers.
const OF_TYPES: &[(&str, &str)] = &[
    ("minLength", "string"),
    ("maxLength", "string"),
    ("pattern", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("exclusiveMinimum", "number"),
    ("exclusiveMaximum", "number"),
    ("multipleOf", "number"),
    ("items", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("uniqueItems", "array"),
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("minProperties", "object"),
    ("maxProperties", "object"),
];

impl<'d> Rules<'d, '_> {
    pub(super) fn keywords(&mut self, schema: &'d Node) {
        let Some(type_node) = schema.get("type") else { return self.nullable(schema) };
        // Integers are numbers.
        let Some(type_name) = type_node.as_str().map(|name| if name == "integer" { "number" } else { name }) else {
            return;
        };
        for entry in schema.entries() {
            let Some((_, owner)) = OF_TYPES.iter().find(|(keyword, _)| *keyword == entry.key) else { continue };
            if *owner == type_name {
                continue;
            }
            let message = format!("`{}` does not apply to this type", entry.key);
            let help = match *owner {
                "number" => "it applies to `type: integer` and `type: number`".to_owned(),
                owner => format!("it applies to `type: {owner}`"),
            };
            let diagnostic = Diagnostic::warning(Code::KeywordType, entry.key_span, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(type_node.span, "the type").help(help));
        }
    }

    /// Reports `nullable: true` without `type`. It has no effect, because it only adds null to the `type` of the same
    /// schema (OpenAPI 3.0.3, "Schema Object").
    fn nullable(&mut self, schema: &'d Node) {
        let Some(entry) = entry(schema, "nullable").filter(|entry| entry.value.as_bool() == Some(true)) else { return };
        let message = "`nullable` requires a `type` in the same schema";
        let help = "add a `type`; generated clients accept null even without it";
        let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message);
        self.diagnostics.push(diagnostic.label("has no effect in OpenAPI 3.0.3").help(help));
    }

    /// Reports `style` and `explode` of a parameter or header with `content`. They have no effect, because the media
    /// type defines the serialization.
    pub(super) fn beside_content(&mut self, node: &'d Node) {
        let Some(content) = entry(node, "content").filter(|_| node.get("schema").is_none()) else { return };
        for entry in ["style", "explode"].into_iter().filter_map(|keyword| entry(node, keyword)) {
            let message = format!("`{}` does not apply to parameters and headers with `content`", entry.key);
            let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(content.key_span, "the media type defines the serialization"));
        }
    }

    /// Reports server variables that do not appear in the server's URL.
    pub(super) fn server(&mut self, server: &'d Node) {
        let Some(url) = server.get("url") else { return };
        let text = url.as_str().unwrap_or_default();
        for entry in server.get("variables").map(Node::entries).unwrap_or_default() {
            let place = format!("{{{}}}", entry.key);
            if text.contains(&place) {
                continue;
            }
            let message = format!("the server URL does not contain {}", quoted(&place));
            let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(url.span, "the URL"));
        }
    }

    /// Reports the request body of an operation whose method is GET, HEAD, DELETE or TRACE. HTTP defines no semantics
    /// for such a body (RFC 9110, section 9.3).
    pub(super) fn request_body(&mut self, operation: &'d Entry) {
        if !["get", "head", "delete", "trace"].contains(&operation.key.as_str()) {
            return;
        }
        let Some(body) = entry(&operation.value, "requestBody") else { return };
        let method = operation.key.to_ascii_uppercase();
        let message = format!("HTTP defines no semantics for the content of a {method} request");
        let diagnostic =
            Diagnostic::warning(Code::RequestBody, body.key_span, message).label("servers may reject or drop it");
        self.diagnostics.push(diagnostic.help("use POST or query parameters; generated clients send the body"));
    }
}

fn entry<'d>(node: &'d Node, key: &str) -> Option<&'d Entry> {
    node.as_mapping()?.entry(key)
}
