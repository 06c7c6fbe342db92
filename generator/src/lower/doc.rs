//! Documentation: the words of the document, and what it asks of values that no type says.

use crate::ir::{Constraint, Doc, Example, Type};
use crate::source::{Node, NodeKind};

/// What is said of what a call takes one by one though it is read only.
pub(super) const READ_ONLY: &str = "read only, which is for the server to set";

/// The description of anything that may have one, and where it says to read on.
pub(super) fn description(node: &Node) -> Option<String> {
    let text = node.get("description").and_then(Node::as_str).filter(|text| says_anything(text));
    match (text, external_docs(node)) {
        (Some(text), Some(external)) => Some(format!("{text}\n\n{external}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, external) => external,
    }
}

/// Whether a text has a word: many a document has a dot where its tools insist on one.
pub(super) fn says_anything(text: &str) -> bool {
    !text.chars().all(|character| character.is_whitespace() || character.is_ascii_punctuation())
}

/// `externalDocs` as a line of text.
pub(super) fn external_docs(node: &Node) -> Option<String> {
    let docs = node.get("externalDocs")?;
    let url = docs.get("url")?.as_str()?;
    let what = docs.get("description").and_then(Node::as_str).unwrap_or("See also");
    Some(format!("{}: {url}", what.trim().trim_end_matches(['.', ':'])))
}

/// The documentation of a schema: its words, and its constraints.
pub(super) fn doc(node: &Node) -> Doc {
    if node.get("$ref").is_some() {
        return Doc::default();
    }
    let parts = written_in(node);
    let mut descriptions: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for part in &parts {
        descriptions.extend(description(part).filter(|words| !descriptions.contains(words)));
        extend(&mut all, constraints(part));
    }
    let title = parts.iter().find_map(|part| part.get("title")).and_then(Node::as_str);
    let inner = |key: &str| {
        let nodes: Vec<&Node> = parts.iter().filter_map(|part| part.get(key)).collect();
        Some(Box::new(of_all(&nodes))).filter(|doc| **doc != Doc::default())
    };
    Doc {
        title: title.map(str::to_owned),
        description: (!descriptions.is_empty()).then(|| descriptions.join("\n\n")),
        deprecated: is_said(node, "deprecated"),
        constraints: all,
        default: said(node, "default").map(Node::to_json_text),
        examples: said(node, "example").map(Example::of).into_iter().collect(),
        items: inner("items"),
        values: inner("additionalProperties"),
        variants: parts.iter().flat_map(|part| alternatives(part)).collect(),
    }
}

/// The documentation of what several schemas say: the words of the last that has any, the constraints of all.
pub(super) fn of_all(nodes: &[&Node]) -> Doc {
    nodes.iter().fold(Doc::default(), |all, node| all.and(doc(node)))
}

/// A schema, and the parts that stand in it and that each of its values is.
fn written_in(node: &Node) -> Vec<&Node> {
    let mut all = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        all.push(node);
        let parts = node.get("allOf").map(Node::elements).unwrap_or_default();
        let only = ["oneOf", "anyOf"].into_iter().filter_map(|key| match values(node, key).as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        let parts: Vec<&Node> = parts.iter().chain(only).collect();
        waiting.extend(parts.into_iter().rev().filter(|part| part.get("$ref").is_none()));
    }
    all
}

/// The alternatives of a schema that are there for values.
fn values<'a>(node: &'a Node, key: &str) -> Vec<&'a Node> {
    let arms = node.get(key).map(Node::elements).unwrap_or_default();
    arms.iter().filter(|arm| !is_null(arm)).collect()
}

/// An arm that is there for `null`.
pub(super) fn is_null(arm: &Node) -> bool {
    let allows_null = arm.get("nullable").and_then(Node::as_bool) == Some(true);
    let only_null = arm
        .get("enum")
        .is_some_and(|values| values.elements().iter().all(|value| value.kind == crate::source::NodeKind::Null));
    only_null || allows_null && says_nothing(arm)
}

/// What is said of each alternative, where all are of one type: there is no arm then to say it of.
fn alternatives(node: &Node) -> Vec<Doc> {
    let arms: Vec<&Node> = ["oneOf", "anyOf"].into_iter().flat_map(|key| values(node, key)).collect();
    let scalar = |arm: &Node| {
        let named = arm.get("type")?.as_str().filter(|named| !matches!(*named, "array" | "object"))?;
        let is_plain = ["$ref", "enum", "allOf", "oneOf", "anyOf"].iter().all(|key| arm.get(key).is_none());
        let format = arm.get("format").and_then(Node::as_str).filter(|format| is_typed(format, Some(named)));
        is_plain.then(|| (named.to_owned(), format.map(str::to_owned)))
    };
    let first = arms.first().and_then(|arm| scalar(arm));
    if arms.len() < 2 || first.is_none() || arms.iter().any(|arm| scalar(arm) != first) {
        return Vec::new();
    }
    let docs: Vec<Doc> = arms.into_iter().map(doc).collect();
    if docs.iter().all(|doc| *doc == Doc::default()) { Vec::new() } else { docs }
}

fn extend(constraints: &mut Vec<Constraint>, more: Vec<Constraint>) {
    for constraint in more {
        if !constraints.contains(&constraint) {
            constraints.push(constraint);
        }
    }
}

impl Doc {
    /// What is said here and there of one thing: the words of the latter, if it has any, and the constraints of both.
    fn and(mut self, other: Self) -> Self {
        if other.description.is_some() || other.title.is_some() && self.description.is_none() {
            (self.title, self.description) = (other.title, other.description);
        }
        extend(&mut self.constraints, other.constraints);
        self.variants.extend(other.variants);
        let both = |one: Option<Box<Self>>, other: Option<Box<Self>>| match (one, other) {
            (Some(one), Some(other)) => Some(Box::new(one.and(*other))),
            (one, other) => one.or(other),
        };
        Self {
            deprecated: self.deprecated || other.deprecated,
            default: other.default.or(self.default),
            examples: if other.examples.is_empty() { self.examples } else { other.examples },
            items: both(self.items, other.items),
            values: both(self.values, other.values),
            ..self
        }
    }

    /// What is said of each of two alternatives that are of one type.
    pub(super) fn or_else(mut self, other: Self) -> Self {
        if self == other {
            return self;
        }
        if self.variants.is_empty() {
            self = Self { variants: vec![self], ..Self::default() };
        }
        self.variants.push(other);
        self
    }

    /// The same of a value of this type, without what its definitions say themselves of what is in it.
    pub(super) fn of_type(self, ty: &Type) -> Self {
        let inner = |doc: Option<Box<Self>>, ty: &Type| {
            let doc = doc.filter(|_| !matches!(ty.non_null(), Type::Named(_)))?;
            Some(Box::new(doc.of_type(ty))).filter(|doc| **doc != Self::default())
        };
        match ty.non_null() {
            Type::Array(ty) => Self { items: inner(self.items, ty), values: None, ..self },
            Type::Map(ty) => Self { items: None, values: inner(self.values, ty), ..self },
            Type::Named(_) => Self { items: None, values: None, variants: Vec::new(), ..self },
            _ => Self { items: None, values: None, ..self },
        }
    }
}

impl Example {
    /// A value of which nothing is said.
    pub(super) fn of(value: &Node) -> Self {
        Self { value: value.to_json_text(), description: None }
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

/// What is asked of a value and no type says. What is asked of values of other types is asked of none.
fn constraints(node: &Node) -> Vec<Constraint> {
    let mut all = Vec::new();
    let named = node.get("type").and_then(Node::as_str);
    let may_be = |kinds: &[&str]| named.is_none_or(|named| kinds.contains(&named));
    if let Some(format) = node.get("format").and_then(Node::as_str)
        && !is_typed(format, named)
    {
        all.push(Constraint::Format(format.to_owned()));
    }
    // An enum of texts or whole numbers is a type; of anything else it is only asked for.
    let is_type = match named {
        Some(named) => matches!(named, "string" | "integer"),
        None => !node.get("enum").is_some_and(|values| values.elements().iter().any(|value| !makes_a_type(value))),
    };
    if !is_type && let Some(values) = node.get("enum") {
        all.push(Constraint::OneOf(values.elements().iter().map(Node::to_json_text).collect()));
    }
    if let Some(pattern) = node.get("pattern").and_then(Node::as_str).filter(|_| may_be(&["string"])) {
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
            all.push(Constraint::Properties { exactly_one, choices: arms.iter().map(names).collect() });
        }
    }
    let exclusive = |key: &str| node.get(key).and_then(Node::as_bool).unwrap_or(false);
    let mut bound = |kinds: &[&str], key: &str, before: &str, of: &str| {
        if let Some(value) = node.get(key).filter(|_| may_be(kinds)) {
            let value = value.to_json_text();
            let words = match of {
                "" => format!("{before} {value}"),
                of if value == "1" => format!("{before} 1 {of}"),
                of => format!("{before} {value} {of}s"),
            };
            all.push(Constraint::Other(words));
        }
    };
    bound(&["string"], "minLength", "at least", "character");
    bound(&["string"], "maxLength", "at most", "character");
    let numbers = ["integer", "number"];
    bound(&numbers, "minimum", if exclusive("exclusiveMinimum") { "more than" } else { "at least" }, "");
    bound(&numbers, "maximum", if exclusive("exclusiveMaximum") { "less than" } else { "at most" }, "");
    bound(&numbers, "multipleOf", "a multiple of", "");
    bound(&["array"], "minItems", "at least", "element");
    bound(&["array"], "maxItems", "at most", "element");
    bound(&["object"], "minProperties", "at least", "member");
    bound(&["object"], "maxProperties", "at most", "member");
    if node.get("uniqueItems").and_then(Node::as_bool).unwrap_or(false) && may_be(&["array"]) {
        all.push(Constraint::Other("no element twice".to_owned()));
    }
    all.extend(node.get("xml").and_then(in_xml));
    all
}

/// What a value is in XML, where that is more than an element of the member's name.
fn in_xml(xml: &Node) -> Option<Constraint> {
    let text = |key: &str| xml.get(key).and_then(Node::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let is = |key: &str| xml.get(key).and_then(Node::as_bool).unwrap_or(false);
    let (prefix, name, namespace) = (text("prefix"), text("name"), text("namespace"));
    let (attribute, wrapped) = (is("attribute"), is("wrapped"));
    let says_more = prefix.is_some() || name.is_some() || namespace.is_some() || attribute || wrapped;
    says_more.then_some(Constraint::Xml { prefix, name, namespace, attribute, wrapped })
}

/// Whether a type says what the format does; `named` is what the schema calls its type.
fn is_typed(format: &str, named: Option<&str>) -> bool {
    let is_integer = || {
        let bits = format.trim_start_matches('u').trim_start_matches('-').strip_prefix("int");
        matches!(bits, Some("8" | "16" | "32" | "64"))
    };
    match named {
        Some("string") => matches!(format, "date" | "date-time" | "password"),
        Some("integer") => is_integer(),
        Some("number") => format == "double" || is_integer(),
        Some(_) => false,
        // A part of something whose type another part says.
        None => matches!(format, "date" | "date-time" | "password" | "double") || is_integer(),
    }
}

/// Whether the values of an enum that are like this one make a type: texts and whole numbers do.
fn makes_a_type(value: &Node) -> bool {
    match &value.kind {
        NodeKind::String(_) | NodeKind::Null => true,
        NodeKind::Number(number) => number.is_integer(),
        NodeKind::Bool(_) | NodeKind::Sequence(_) | NodeKind::Mapping(_) => false,
    }
}
