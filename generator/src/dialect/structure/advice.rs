//! What to do about a value that is wrong, and what it can be taken for where the check is lenient.

use super::table::{Kind, Shape};
use super::walk::{Place, Within};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Mapping, Node, NodeKind, Number, Span};

/// Members that OpenAPI 3.1 has and 3.0 has not.
pub(super) const NEW_IN_3_1: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "identifier",
    "if",
    "jsonSchemaDialect",
    "maxContains",
    "minContains",
    "pathItems",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "webhooks",
];

/// What the value of the wrong type can be taken for; nothing where what it belongs to cannot be without it.
pub(super) fn meant(shape: &Shape, node: &Node, place: Place<'_>) -> Option<(Mend, &'static str)> {
    let value = match (shape, &node.kind) {
        (_, NodeKind::Null) if place.within == Within::Property && !place.needed => None,
        (Shape::String | Shape::Url | Shape::Email, NodeKind::Number(number)) => Some(string(&number.text)),
        (Shape::String, NodeKind::Bool(value)) => Some(string(if *value { "true" } else { "false" })),
        (Shape::Boolean | Shape::BooleanOrSchema, NodeKind::String(text)) => text.parse().ok().map(NodeKind::Bool),
        (Shape::Count | Shape::Number, NodeKind::String(text)) => number(text),
        // A list of one is often written without the list.
        (Shape::List(element), _) if is_of(element, node) => Some(NodeKind::Sequence(vec![node.clone()])),
        (Shape::Object(Kind::SecurityRequirement), NodeKind::String(name)) => Some(requirement(node, name)),
        (Shape::Choice(choices), NodeKind::Sequence(types)) if choices.contains(&"object") => only_type(types),
        // The bound itself is set where the members of the schema are checked together.
        (Shape::Boolean, NodeKind::Number(_)) if matches!(place.key, "exclusiveMinimum" | "exclusiveMaximum") => {
            return Some((Mend::Value(NodeKind::Bool(true)), "uses it as the exclusive bound"));
        }
        _ => None,
    };
    if let Some(value) = value {
        return Some((Mend::Value(value), "converts it"));
    }
    match shape {
        Shape::OrRef(Kind::Schema) | Shape::BooleanOrSchema if node.kind != NodeKind::Null => {
            Some((Mend::Value(object(node.span, [])), "accepts any JSON value"))
        }
        Shape::Map(_) if place.needed => Some((Mend::Value(object(node.span, [])), "assumes that it is empty")),
        _ if place.needed || place.within == Within::Document => None,
        _ => Some((Mend::Remove, "ignores it")),
    }
}

/// Whether a value could be of this shape, by its JSON type alone.
fn is_of(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::String => matches!(node.kind, NodeKind::String(_)),
        Shape::Object(_) | Shape::OrRef(_) => matches!(node.kind, NodeKind::Mapping(_)),
        _ => false,
    }
}

/// The requirement of a security scheme without scopes.
fn requirement(node: &Node, name: &str) -> NodeKind {
    let mut requirement = Mapping::default();
    let scopes = Node { span: node.span, kind: NodeKind::Sequence(Vec::new()) };
    // The first member of an object is never there already.
    let _ = requirement.insert(name.to_owned(), node.span, scopes);
    NodeKind::Mapping(requirement)
}

/// The one type beside `null` in a list of types.
fn only_type(types: &[Node]) -> Option<NodeKind> {
    let mut others = types.iter().filter_map(Node::as_str).filter(|name| *name != "null");
    match (others.next(), others.next()) {
        (Some(only), None) => Some(string(only)),
        _ => None,
    }
}

/// What is assumed where an object lacks a member that it needs; nothing where it has no meaning without.
pub(super) fn without(kind: Kind, member: &'static str, span: Span) -> Option<(Mend, &'static str)> {
    let (value, assumed) = match (kind, member) {
        (Kind::OpenApi, "info") => {
            (object(span, [("title", string("")), ("version", string(""))]), "uses empty strings for its properties")
        }
        (Kind::Info | Kind::License | Kind::Response, _) => (string(""), "uses an empty string"),
        (Kind::ServerVariable, _) => {
            return Some((Mend::Property("x-required", NodeKind::Bool(true)), "requires callers to pass its value"));
        }
        (Kind::Schema, "items") => (object(span, []), "accepts items of any type"),
        (Kind::Operation, "responses") => (object(span, [("default", answer(span))]), "accepts any response"),
        (Kind::Responses, _) => (answer(span), "accepts any response"),
        (_, "scopes" | "flows") => (object(span, []), "assumes that it is empty"),
        (
            Kind::Parameter
            | Kind::Tag
            | Kind::Server
            | Kind::ExternalDocs
            | Kind::SecurityScheme
            | Kind::ImplicitFlow
            | Kind::PasswordFlow
            | Kind::ClientCredentialsFlow
            | Kind::AuthorizationCodeFlow
            | Kind::RequestBody
            | Kind::Discriminator,
            _,
        ) => return Some((Mend::Remove, "ignores the object without it")),
        _ => return None,
    };
    Some((Mend::Property(member, value), assumed))
}

/// An answer that nothing is known of.
fn answer(span: Span) -> NodeKind {
    object(span, [("description", string(""))])
}

/// The text as a number of JSON.
fn number(text: &str) -> Option<NodeKind> {
    let number: serde_json::Number = text.parse().ok()?;
    Some(NodeKind::Number(Number { text: number.to_string() }))
}

/// What to do about a value of the wrong type, where it is a mistake that many make.
pub(super) fn help(shape: &Shape, node: &Node, place: Place<'_>) -> Option<&'static str> {
    match (place.key, &node.kind) {
        (_, NodeKind::Number(_) | NodeKind::Bool(_)) if *shape == Shape::String => Some("quote it"),
        ("type", NodeKind::Sequence(_)) => Some(
            "arrays of types need OpenAPI 3.1; in 3.0, use `nullable: true` for null and `oneOf` for several types",
        ),
        ("exclusiveMinimum" | "exclusiveMaximum", NodeKind::Number(_)) => Some(
            "a number here needs OpenAPI 3.1; in 3.0, write the number as `minimum` or `maximum` and set this to `true`",
        ),
        ("required", NodeKind::Bool(_)) => Some("it is an array of the names of required properties"),
        ("$ref", NodeKind::String(_)) => Some("a `$ref` cannot replace the whole array, but each item can be one"),
        _ => None,
    }
}

/// What to do about a word that is none of the choices, where another version of OpenAPI has it.
pub(super) fn elsewhere(key: &str, word: &str) -> Option<&'static str> {
    Some(match (key, word) {
        ("type", "file") => "use `type: string` with `format: binary` for files",
        ("type", "null") => "add `nullable: true` to the schema to allow null",
        ("type", "basic") => "use `type: http` with `scheme: basic`",
        ("type", "mutualTLS") => "this needs OpenAPI 3.1",
        ("in", "body") => "define the `requestBody` of the operation instead",
        ("in", "formData") => "define the `requestBody` of the operation instead, with a property for each field",
        _ => return None,
    })
}
