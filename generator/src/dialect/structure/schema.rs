//! What the members of a schema say together.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::reference::Found;
use super::table::{Kind, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Node, NodeKind, Number, Span, is_reference};

/// Whether a value is of a type of JSON Schema; an unknown type fits everything, being wrong itself.
pub(crate) fn fits(value: &Node, type_name: &str) -> bool {
    match type_name {
        "string" => matches!(value.kind, NodeKind::String(_)),
        "boolean" => matches!(value.kind, NodeKind::Bool(_)),
        "number" => matches!(value.kind, NodeKind::Number(_)),
        "integer" => matches!(&value.kind, NodeKind::Number(number) if number.is_integer()),
        "object" => matches!(value.kind, NodeKind::Mapping(_)),
        "array" => matches!(value.kind, NodeKind::Sequence(_)),
        _ => true,
    }
}

/// Whether a value of another type is what its text says: `1` for `'1'`, or the other way.
fn is_written_otherwise(value: &Node, type_name: &str) -> bool {
    match (&value.kind, type_name) {
        (NodeKind::Number(_) | NodeKind::Bool(_), "string") => true,
        (NodeKind::String(text), "integer") => text.parse::<i64>().is_ok(),
        (NodeKind::String(text), "number") => text.parse::<f64>().is_ok(),
        (NodeKind::String(text), "boolean") => text.parse::<bool>().is_ok(),
        _ => false,
    }
}

impl<'d> Walk<'d, '_> {
    pub(super) fn schema(&mut self, node: &'d Node, place: Place<'d>) {
        self.schemas.push(node);
        let type_node = node.get("type");
        let type_name = type_node.and_then(Node::as_str);
        if type_name == Some("array") && node.get("items").is_none() {
            self.missing(Kind::Schema, node, "items", place);
        }
        if let Some(type_name) = type_name {
            self.values_fit(node, type_name);
        }
        // The type itself is mended where it is checked.
        if type_node.is_some_and(|types| types.elements().iter().any(|name| name.as_str() == Some("null"))) {
            self.mend(node, Mend::Property("nullable", NodeKind::Bool(true)));
        }
        self.exclusive_bounds(node);
        for part in node.get("allOf").map(Node::elements).unwrap_or_default() {
            self.edges.push((node, part));
        }
        if let Some(discriminator) = node.get("discriminator") {
            self.mapping(discriminator);
            self.discriminator_property(node, discriminator);
        }
        self.lists_have_elements(node);
        self.required_names(node);
        self.ranges(node);
        self.one_way(node);
    }

    /// In OpenAPI 3.1 an exclusive bound is a number beside the other bound, not what that one is; the closer of the two counts.
    fn exclusive_bounds(&mut self, node: &'d Node) {
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let Some(NodeKind::Number(number)) = node.get(exclusive).map(|value| &value.kind) else { continue };
            let value = |number: &Number| number.text.parse::<f64>().unwrap_or(f64::NAN);
            let closer = match node.get(bound).map(|value| &value.kind) {
                Some(NodeKind::Number(other)) if bound == "minimum" => value(other) > value(number),
                Some(NodeKind::Number(other)) => value(other) < value(number),
                _ => false,
            };
            self.mend(
                node,
                match closer {
                    true => Mend::Property(exclusive, NodeKind::Bool(false)),
                    false => Mend::Property(bound, NodeKind::Number(number.clone())),
                },
            );
        }
    }

    /// What is of no use when it is empty.
    fn lists_have_elements(&mut self, node: &'d Node) {
        for (keyword, lack) in [
            ("enum", "is empty: no value is valid"),
            ("oneOf", "is empty: no value is valid"),
            ("anyOf", "is empty: no value is valid"),
            ("allOf", "is empty"),
            ("required", "is empty: remove it if nothing is required"),
        ] {
            let Some(list) = node.get(keyword) else { continue };
            if matches!(&list.kind, NodeKind::Sequence(elements) if elements.is_empty()) {
                let diagnostic = Diagnostic::error(Code::InvalidValue, list.span, format!("`{keyword}` {lack}"));
                self.local(diagnostic, list, Mend::Remove, "ignores it");
            }
        }
    }

    /// The names that are required stand in their list once.
    fn required_names(&mut self, node: &'d Node) {
        let mut known: HashMap<&str, Span> = HashMap::new();
        for name in node.get("required").map(Node::elements).unwrap_or_default() {
            let Some(text) = name.as_str() else { continue };
            match known.entry(text) {
                Slot::Vacant(slot) => {
                    slot.insert(name.span);
                }
                Slot::Occupied(first) => {
                    let message = format!("{} is listed twice in `required`", quoted(text));
                    let diagnostic = Diagnostic::error(Code::Duplicate, name.span, message)
                        .label("duplicate")
                        .related(*first.get(), "first definition");
                    self.local(diagnostic, name, Mend::Remove, "ignores it");
                }
            }
        }
    }

    /// Between the least and the most of something lies at least one value.
    fn ranges(&mut self, node: &'d Node) {
        let number = |name: &str| match &node.get(name)?.kind {
            NodeKind::Number(number) => number.text.parse::<f64>().ok(),
            _ => None,
        };
        let exclusive = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
        for (least, most) in [
            ("minimum", "maximum"),
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
        ] {
            let (Some(low), Some(high)) = (number(least), number(most)) else { continue };
            let touches = most == "maximum" && (exclusive("exclusiveMinimum") || exclusive("exclusiveMaximum"));
            let entry = |name: &str| node.as_mapping().and_then(|mapping| mapping.entry(name));
            if (low > high || low == high && touches)
                && let (Some(low), Some(high)) = (entry(least), entry(most))
            {
                let message = format!("no value satisfies both `{least}` and `{most}`");
                let diagnostic = Diagnostic::error(Code::Contradiction, high.value.span, message)
                    .related(low.value.span, "the lower bound");
                self.harmless(diagnostic.label("the upper bound"), "documents both");
            }
        }
    }

    /// What travels one way only goes either there or back.
    fn one_way(&mut self, node: &'d Node) {
        let marked = |name| {
            let entry = node.as_mapping().and_then(|mapping| mapping.entry(name));
            entry.filter(|entry| entry.value.as_bool() == Some(true))
        };
        if let (Some(read), Some(write)) = (marked("readOnly"), marked("writeOnly")) {
            let diagnostic =
                Diagnostic::error(Code::InvalidValue, write.key_span, "a schema is both `readOnly` and `writeOnly`")
                    .related(read.key_span, "read-only");
            self.local(diagnostic, &write.value, Mend::Remove, "treats it as read-only");
        }
    }

    fn values_fit(&mut self, node: &'d Node, type_name: &str) {
        let wanted = format!("the schema has `type: {type_name}`");
        let type_span = node.get("type").map_or(node.span, |type_node| type_node.span);
        // A null is right where the schema is nullable, and often written where it is not.
        let misfit = |value: &&Node| value.kind != NodeKind::Null && !fits(value, type_name);
        let values = node.get("enum").map(Node::elements).unwrap_or_default();
        let (written, others): (Vec<&Node>, Vec<&Node>) =
            values.iter().filter(misfit).partition(|value| is_written_otherwise(value, type_name));
        if let Some(first) = written.first() {
            let more = match written.len() - 1 {
                0 => String::new(),
                count => format!(", and {count} more do not match"),
            };
            let message = format!("a value of `enum` is {}{more}", first.kind_name());
            let diagnostic =
                Diagnostic::warning(Code::InvalidValue, first.span, message).related(type_span, wanted.as_str());
            let help = if type_name == "string" { "quote it" } else { "remove the quotes" };
            self.push(diagnostic.help(help));
        }
        for value in others {
            let message = format!("a value of `enum` is {}, which can never occur", value.kind_name());
            let diagnostic =
                Diagnostic::error(Code::WrongType, value.span, message).related(type_span, wanted.as_str());
            self.local(diagnostic, value, Mend::Remove, "ignores the value");
        }
        let Some(value) = node.get("default") else { return };
        let nullable = || {
            let said = node.get("nullable").and_then(Node::as_bool) == Some(true);
            said || self.is_of_3_1() || values.iter().any(|value| value.kind == NodeKind::Null)
        };
        let diagnostic = if value.kind == NodeKind::Null {
            if nullable() {
                return;
            }
            Diagnostic::error(Code::InvalidValue, value.span, "`default` is null, but the schema is not `nullable`")
                .help("remove it, or add `nullable: true`")
        } else if fits(value, type_name) {
            return;
        } else {
            Diagnostic::error(Code::InvalidValue, value.span, format!("`default` is {}", value.kind_name()))
        };
        self.local(diagnostic.related(type_span, wanted), value, Mend::Remove, "ignores the default");
    }

    /// A schema that lists its properties has the one that tells its heirs apart.
    fn discriminator_property(&mut self, node: &'d Node, discriminator: &'d Node) {
        let combined = ["allOf", "oneOf", "anyOf"].iter().any(|keyword| node.get(keyword).is_some());
        let Some(properties) = node.get("properties").filter(|_| !combined) else { return };
        let Some(name) = discriminator.get("propertyName") else { return };
        let Some(text) = name.as_str().filter(|text| properties.get(text).is_none()) else { return };
        let message = format!("the schema has no property {}", quoted(text));
        let mut diagnostic =
            Diagnostic::warning(Code::Undefined, name.span, message).related(properties.span, "its properties");
        if self.helps() {
            let names = properties.entries().iter().map(|entry| entry.key.as_str());
            diagnostic.help = nearest(text, names).map(|name| format!("did you mean {}?", quoted(name)));
        }
        self.push(diagnostic);
    }

    /// The values of a discriminator's mapping: names of schemas, or references to them.
    fn mapping(&mut self, discriminator: &'d Node) {
        for entry in discriminator.get("mapping").map(Node::entries).unwrap_or_default() {
            let Some(text) = entry.value.as_str() else { continue };
            let span = entry.value.span;
            if self.in_components(Kind::Schema, text).is_some() {
                continue;
            }
            if is_reference(text) {
                self.references.push(Found { kind: Kind::Schema, node: &entry.value, by_mapping: true, text, span });
                continue;
            }
            let message = format!("there is no schema {}", quoted(text));
            let mut diagnostic = Diagnostic::error(Code::RefNotFound, span, message);
            if self.helps() {
                let schemas = self.document.root.get("components").and_then(|components| components.get("schemas"));
                let names = schemas.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
                diagnostic.help = nearest(text, names).map(|name| format!("did you mean {}?", quoted(name)));
            }
            self.local(diagnostic, &entry.value, Mend::Remove, "ignores this value");
        }
    }
}

/// The shape of the lists that go with `enum`.
pub(super) const STRINGS: Shape = Shape::List(&Shape::String);
