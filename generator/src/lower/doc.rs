//! Documentation: the words of the document, and what it asks of values that no type says.

use crate::ir::{Constraint, Doc};
use crate::source::Node;

/// The description of anything that may have one, and where it says to read on.
pub(super) fn description(node: &Node) -> Option<String> {
    let text = said(node, "description").and_then(Node::as_str);
    match (text, external_docs(node)) {
        (Some(text), Some(external)) => Some(format!("{text}\n\n{external}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, external) => external,
    }
}

/// `externalDocs` as a line of text.
pub(super) fn external_docs(node: &Node) -> Option<String> {
    let docs = said(node, "externalDocs")?;
    let url = docs.get("url")?.as_str()?;
    let what = docs.get("description").and_then(Node::as_str).unwrap_or("See also");
    Some(format!("{}: {url}", what.trim().trim_end_matches(['.', ':'])))
}

/// The documentation of a schema: its words, and its constraints.
pub(super) fn doc(node: &Node) -> Doc {
    if node.get("$ref").is_some() {
        return Doc::default();
    }
    Doc {
        title: said(node, "title").and_then(Node::as_str).map(str::to_owned),
        description: description(node),
        deprecated: is_said(node, "deprecated"),
        constraints: constraints(node),
        default: said(node, "default").map(Node::to_json_text),
        example: said(node, "example").map(Node::to_json_text),
    }
}

/// What a schema says under a key that documents: itself, or in a part of its `allOf` that stands there for nothing else.
fn said<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let parts = node.get("allOf").map(Node::elements).unwrap_or_default();
    node.get(key).or_else(|| parts.iter().filter(|part| says_nothing(part)).find_map(|part| part.get(key)))
}

/// Whether a schema says `true` under such a key.
pub(super) fn is_said(node: &Node, key: &str) -> bool {
    said(node, key).and_then(Node::as_bool).unwrap_or(false)
}

/// Whether a schema only documents, and allows every value.
pub(super) fn says_nothing(node: &Node) -> bool {
    let documents = |key: &str| {
        matches!(
            key,
            "description"
                | "title"
                | "example"
                | "nullable"
                | "deprecated"
                | "default"
                | "externalDocs"
                | "readOnly"
                | "writeOnly"
        )
    };
    node.entries().iter().all(|entry| documents(&entry.key) || entry.key.starts_with("x-"))
}

/// What is asked of a value and no type says.
fn constraints(node: &Node) -> Vec<Constraint> {
    let mut all = Vec::new();
    if let Some(format) = node.get("format").and_then(Node::as_str)
        && !matches!(format, "date" | "date-time" | "password" | "int32" | "int64" | "double")
    {
        all.push(Constraint::Format(format.to_owned()));
    }
    // An enum of texts or whole numbers is a type; of anything else it is only asked for.
    let is_type = match node.get("type").and_then(Node::as_str) {
        Some(named) => matches!(named, "string" | "integer"),
        None => !node.get("enum").is_some_and(|values| values.elements().iter().any(|value| value.as_bool().is_some())),
    };
    if !is_type && let Some(values) = node.get("enum") {
        all.push(Constraint::OneOf(values.elements().iter().map(Node::to_json_text).collect()));
    }
    if let Some(pattern) = node.get("pattern").and_then(Node::as_str) {
        all.push(Constraint::Pattern(pattern.to_owned()));
    }
    let exclusive = |key: &str| node.get(key).and_then(Node::as_bool).unwrap_or(false);
    let mut bound = |key: &str, before: &str, of: &str| {
        if let Some(value) = node.get(key) {
            let value = value.to_json_text();
            let words = match of {
                "" => format!("{before} {value}"),
                of if value == "1" => format!("{before} 1 {of}"),
                of => format!("{before} {value} {of}s"),
            };
            all.push(Constraint::Words(words));
        }
    };
    bound("minLength", "at least", "character");
    bound("maxLength", "at most", "character");
    bound("minimum", if exclusive("exclusiveMinimum") { "more than" } else { "at least" }, "");
    bound("maximum", if exclusive("exclusiveMaximum") { "less than" } else { "at most" }, "");
    bound("multipleOf", "a multiple of", "");
    bound("minItems", "at least", "element");
    bound("maxItems", "at most", "element");
    bound("minProperties", "at least", "member");
    bound("maxProperties", "at most", "member");
    if node.get("uniqueItems").and_then(Node::as_bool).unwrap_or(false) {
        all.push(Constraint::Words("no element twice".to_owned()));
    }
    all
}
