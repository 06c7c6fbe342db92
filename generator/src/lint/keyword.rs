//! What has no effect where it stands: keywords of other types than the schema's, and what something else beside it decides.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Entry, Node};

/// Each keyword that says something of one type of values only, with that type.
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
            let message = format!("`{}` says nothing of values of this type", entry.key);
            let help = match *owner {
                "number" => "it is for values of `type: integer` or `type: number`".to_owned(),
                owner => format!("it is for values of `type: {owner}`"),
            };
            let diagnostic = Diagnostic::warning(Code::KeywordType, entry.key_span, message).label("has no effect");
            self.found.push(diagnostic.related(type_node.span, "the type").help(help));
        }
    }

    /// OpenAPI 3.0.3, "Schema Object": `nullable` adds null to the type that stands beside it.
    fn nullable(&mut self, schema: &'d Node) {
        let Some(entry) = entry(schema, "nullable").filter(|entry| entry.value.as_bool() == Some(true)) else { return };
        let message = "`nullable` adds null to the `type` beside it, and there is none";
        let help = "write the type; clients made of this document take null here all the same";
        let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message);
        self.found.push(diagnostic.label("has no effect by OpenAPI 3.0.3").help(help));
    }

    /// A parameter or a header with `content`, whose media type decides how its value is written.
    pub(super) fn beside_content(&mut self, node: &'d Node) {
        let Some(content) = entry(node, "content").filter(|_| node.get("schema").is_none()) else { return };
        for entry in ["style", "explode"].into_iter().filter_map(|keyword| entry(node, keyword)) {
            let message = format!("`{}` says nothing of what has `content`", entry.key);
            let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message).label("has no effect");
            self.found.push(diagnostic.related(content.key_span, "the media type decides how the value is written"));
        }
    }

    /// The variables of a server that its URL has no place for.
    pub(super) fn server(&mut self, server: &'d Node) {
        let Some(url) = server.get("url") else { return };
        let text = url.as_str().unwrap_or_default();
        for entry in server.get("variables").map(Node::entries).unwrap_or_default() {
            let place = format!("{{{}}}", entry.key);
            if text.contains(&place) {
                continue;
            }
            let message = format!("the URL of the server has no {}", quoted(&place));
            let diagnostic = Diagnostic::warning(Code::NoEffect, entry.key_span, message).label("has no effect");
            self.found.push(diagnostic.related(url.span, "the URL"));
        }
    }

    /// The body of a method that has none by HTTP (RFC 9110, section 9.3).
    pub(super) fn request_body(&mut self, operation: &'d Entry) {
        if !["get", "head", "delete", "trace"].contains(&operation.key.as_str()) {
            return;
        }
        let Some(body) = entry(&operation.value, "requestBody") else { return };
        let method = operation.key.to_ascii_uppercase();
        let message = format!("the content of a {method} has no meaning to HTTP");
        let diagnostic =
            Diagnostic::warning(Code::RequestBody, body.key_span, message).label("a server may refuse or drop it");
        self.found
            .push(diagnostic.help("take a POST, or parameters of the query; clients made of this document do send it"));
    }
}

fn entry<'d>(node: &'d Node, key: &str) -> Option<&'d Entry> {
    node.as_mapping()?.entry(key)
}
