//! Documentation: the words of the document, and what it asks of values that no type says.

use crate::ir::{Constraint, Doc};
use crate::source::{Node, NodeKind};

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
        constraints: all_constraints(node),
        default: said(node, "default").map(Node::to_json_text),
        example: said(node, "example").map(Node::to_json_text),
    }
}

/// The documentation of what several schemas say: the words of the last that has any, the constraints of all.
pub(super) fn of_all(nodes: &[&Node]) -> Doc {
    let mut all = Doc::default();
    for node in nodes {
        let own = doc(node);
        if own.description.is_some() || own.title.is_some() && all.description.is_none() {
            (all.title, all.description) = (own.title, own.description);
        }
        all.deprecated |= own.deprecated;
        all.default = own.default.or(all.default);
        all.example = own.example.or(all.example);
        for constraint in own.constraints {
            if !all.constraints.contains(&constraint) {
                all.constraints.push(constraint);
            }
        }
    }
    all
}

/// The constraints of a schema and of the parts that stand in it, as far as they are no objects of their own.
fn all_constraints(node: &Node) -> Vec<Constraint> {
    let mut all = constraints(node);
    let parts = node.get("allOf").map(Node::elements).unwrap_or_default();
    for part in parts.iter().filter(|part| part.get("$ref").is_none() && part.get("properties").is_none()) {
        for constraint in constraints(part) {
            if !all.contains(&constraint) {
                all.push(constraint);
            }
        }
    }
    all
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

/// The keywords that decide what type a value is.
pub(super) const SHAPING: [&str; 12] = [
    "type",
    "format",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "x-sensitive",
    "x-flags",
];

/// Whether a schema only documents, or asks for what no type says.
pub(super) fn says_nothing(node: &Node) -> bool {
    node.get("$ref").is_none() && SHAPING.iter().all(|key| node.get(key).is_none())
}

/// Whether an alternative asks for nothing but that some members be there.
pub(super) fn is_condition(node: &Node) -> bool {
    let asks_no_more = |key: &str| match key {
        "required" => true,
        "type" if is_object(node) => true,
        key => node.get(key).is_none(),
    };
    node.get("$ref").is_none() && node.get("required").is_some() && SHAPING.into_iter().all(asks_no_more)
}

fn is_object(node: &Node) -> bool {
    node.get("type").and_then(Node::as_str) == Some("object")
}

/// What is asked of a value and no type says.
fn constraints(node: &Node) -> Vec<Constraint> {
    let mut all = Vec::new();
    if let Some(format) = node.get("format").and_then(Node::as_str)
        && !is_typed(format)
    {
        all.push(Constraint::Format(format.to_owned()));
    }
    // An enum of texts or whole numbers is a type; of anything else it is only asked for.
    let is_type = match node.get("type").and_then(Node::as_str) {
        Some(named) => matches!(named, "string" | "integer"),
        None => !node.get("enum").is_some_and(|values| values.elements().iter().any(|value| !makes_a_type(value))),
    };
    if !is_type && let Some(values) = node.get("enum") {
        all.push(Constraint::OneOf(values.elements().iter().map(Node::to_json_text).collect()));
    }
    if let Some(pattern) = node.get("pattern").and_then(Node::as_str) {
        all.push(Constraint::Pattern(pattern.to_owned()));
    }
    if let Some(not) = node.get("not") {
        all.push(Constraint::Not(not.to_json_text()));
    }
    for (key, exactly_one) in [("oneOf", true), ("anyOf", false)] {
        let arms = node.get(key).map(Node::elements).unwrap_or_default();
        if !arms.is_empty() && arms.iter().all(is_condition) {
            let names = |arm: &Node| {
                let required = arm.get("required").map(Node::elements).unwrap_or_default();
                required.iter().filter_map(Node::as_str).map(str::to_owned).collect()
            };
            all.push(Constraint::Members { exactly_one, choices: arms.iter().map(names).collect() });
        }
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

/// Whether a type says what the format does.
fn is_typed(format: &str) -> bool {
    let number = format.trim_start_matches('u').trim_start_matches('-').strip_prefix("int");
    matches!(format, "date" | "date-time" | "password" | "double") || matches!(number, Some("8" | "16" | "32" | "64"))
}

/// Whether the values of an enum that are like this one make a type: texts and whole numbers do.
fn makes_a_type(value: &Node) -> bool {
    match &value.kind {
        NodeKind::String(_) | NodeKind::Null => true,
        NodeKind::Number(number) => number.is_integer(),
        NodeKind::Bool(_) | NodeKind::Sequence(_) | NodeKind::Mapping(_) => false,
    }
}
