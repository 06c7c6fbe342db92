//! The workarounds of lenient mode for values of the wrong type and for missing fields.

use super::object::{Kind, Shape};
use super::repair::{Repair, object, string};
use super::version::Version;
use super::walk::{Place, Within};
use crate::source::{Mapping, Node, NodeKind, Number, Span};

/// Returns the workaround for a value of the wrong type: the repair, and the text for
/// [`Diagnostic::assume`](crate::diagnostics::Diagnostic::assume).
/// `None` if the containing object is meaningless without the value.
pub(super) fn converted(shape: &Shape, node: &Node, place: Place<'_>) -> Option<(Repair, &'static str)> {
    let value = match (shape, &node.kind) {
        (_, NodeKind::Null) if place.within == Within::Property && !place.needed => None,
        (Shape::String | Shape::Url | Shape::Email, NodeKind::Number(number)) => Some(string(&number.text)),
        (Shape::String, NodeKind::Bool(value)) => Some(string(if *value { "true" } else { "false" })),
        (Shape::Boolean | Shape::BooleanOrSchema, NodeKind::String(text)) => text.parse().ok().map(NodeKind::Bool),
        (Shape::Count | Shape::Number, NodeKind::String(text)) => number(text),
        // A single item is often written without the array that should contain it.
        (Shape::List(element) | Shape::Set(element), _) if is_of(element, node) => {
            Some(NodeKind::Sequence(vec![node.clone()]))
        }
        (Shape::Object(Kind::SecurityRequirement), NodeKind::String(name)) => Some(requirement(node, name)),
        (Shape::Choice(choices), NodeKind::Sequence(types)) if choices.contains(&"object") => only_type(types),
        // `exclusive_bounds` sets the bound itself.
        (Shape::Boolean, NodeKind::Number(_)) if matches!(place.key, "exclusiveMinimum" | "exclusiveMaximum") => {
            return Some((Repair::Value(NodeKind::Bool(true)), "uses the number as the exclusive bound"));
        }
        (Shape::BooleanOrSchema, NodeKind::Sequence(_)) if place.key == "items" && place.within == Within::Property => {
            return Some((Repair::Rename("prefixItems".to_owned()), "treats it as `prefixItems`"));
        }
        _ => None,
    };
    if let Some(value) = value {
        return Some((Repair::Value(value), "converts it"));
    }
    match shape {
        Shape::OrRef(Kind::Schema) | Shape::BooleanOrSchema if node.kind != NodeKind::Null => {
            Some((Repair::Value(object(node.span, [])), "uses a type that accepts any JSON value"))
        }
        Shape::Map(_) if place.needed => Some((Repair::Value(object(node.span, [])), "assumes that it is empty")),
        _ if place.needed || place.within == Within::Document => None,
        _ => Some((Repair::Remove, "ignores it")),
    }
}

/// Returns whether a value has the JSON type of a shape.
fn is_of(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::String | Shape::MediaType | Shape::Choice(_) => matches!(node.kind, NodeKind::String(_)),
        Shape::Object(_) | Shape::OrRef(_) | Shape::BooleanOrSchema => matches!(node.kind, NodeKind::Mapping(_)),
        _ => false,
    }
}

/// Returns a security requirement for the scheme with this name, without scopes.
fn requirement(node: &Node, name: &str) -> NodeKind {
    let mut requirement = Mapping::default();
    let scopes = Node { span: node.span, kind: NodeKind::Sequence(Vec::new()) };
    // The first key of an object is never a duplicate.
    let _ = requirement.insert(name.to_owned(), node.span, scopes);
    NodeKind::Mapping(requirement)
}

/// Returns the only type besides `null` in an array of types. `None` if there is none, or more than one.
fn only_type(types: &[Node]) -> Option<NodeKind> {
    let mut others = types.iter().filter_map(Node::as_str).filter(|name| *name != "null");
    match (others.next(), others.next()) {
        (Some(only), None) => Some(string(only)),
        _ => None,
    }
}

/// Returns the workaround for a missing field: the repair, and the text for
/// [`Diagnostic::assume`](crate::diagnostics::Diagnostic::assume). `None` if
/// the object is meaningless without the field.
pub(super) fn without(version: Version, kind: Kind, field: &'static str, span: Span) -> Option<(Repair, &'static str)> {
    let (value, assumed) = match (kind, field) {
        (Kind::OpenApi, "info") => (
            object(span, [("title", string("")), ("version", string(""))]),
            "uses empty strings for `title` and `version`",
        ),
        (Kind::Info | Kind::License | Kind::Response, _) => (string(""), "uses an empty string"),
        (Kind::ServerVariable, _) => {
            return Some((Repair::Property("x-required", NodeKind::Bool(true)), "requires callers to pass its value"));
        }
        (Kind::Schema, "items") => (object(span, []), "accepts items of any type"),
        (Kind::Items, "type") => (string("string"), "treats it as a string"),
        (Kind::Header, "type") if version == Version::V2_0 => (string("string"), "treats it as a string"),
        (Kind::Operation, "responses") => (object(span, [("default", response(span))]), "accepts any response"),
        (Kind::Responses, _) => (response(span), "accepts any response"),
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
            | Kind::DeviceAuthorizationFlow
            | Kind::RequestBody
            | Kind::Discriminator,
            _,
        ) => return Some((Repair::Remove, "ignores the whole object")),
        _ => return None,
    };
    Some((Repair::Property(field, value), assumed))
}

/// Returns a response without content.
fn response(span: Span) -> NodeKind {
    object(span, [("description", string(""))])
}

/// Parses a string as a JSON number.
fn number(text: &str) -> Option<NodeKind> {
    let number: serde_json::Number = text.parse().ok()?;
    Some(NodeKind::Number(Number { text: number.to_string() }))
}
