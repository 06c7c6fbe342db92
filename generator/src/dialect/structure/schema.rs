//! What the members of a schema say together.

use super::reference::Found;
use super::table::{Kind, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Node, NodeKind, is_reference};

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

impl<'d> Walk<'d, '_> {
    pub(super) fn schema(&mut self, node: &'d Node, place: Place<'d>) {
        let type_name = node.get("type").and_then(Node::as_str);
        if type_name == Some("array") && node.get("items").is_none() {
            self.missing(Kind::Schema, node, "items", place);
        }
        if let Some(type_name) = type_name {
            self.values_fit(node, type_name);
        }
        for part in node.get("allOf").map(Node::elements).unwrap_or_default() {
            self.edges.push((node, part));
        }
        if let Some(discriminator) = node.get("discriminator") {
            self.mapping(discriminator);
        }
        let both = |name| {
            node.as_mapping()
                .and_then(|mapping| mapping.entry(name))
                .filter(|entry| entry.value.as_bool() == Some(true))
        };
        if let (Some(read), Some(write)) = (both("readOnly"), both("writeOnly")) {
            self.push(
                Diagnostic::warning(Code::InvalidValue, write.key_span, "a schema is both `readOnly` and `writeOnly`")
                    .related(read.key_span, "read only"),
            );
        }
    }

    fn values_fit(&mut self, node: &'d Node, type_name: &str) {
        let wanted = format!("the schema says `type: {type_name}`");
        let type_span = node.get("type").map_or(node.span, |type_node| type_node.span);
        // A null is right where the schema is nullable, and often written where it is not.
        let misfit = |value: &Node| value.kind != NodeKind::Null && !fits(value, type_name);
        let mut misfits = node.get("enum").map(Node::elements).unwrap_or_default().iter().filter(|value| misfit(value));
        if let Some(first) = misfits.next() {
            let others = match misfits.count() {
                0 => String::new(),
                count => format!(", and {count} more do not fit"),
            };
            let message = format!("a value of `enum` is {}{others}", first.kind_name());
            let diagnostic =
                Diagnostic::warning(Code::InvalidValue, first.span, message).related(type_span, wanted.as_str());
            let quotes = type_name == "string" && matches!(first.kind, NodeKind::Bool(_) | NodeKind::Number(_));
            self.push(if quotes { diagnostic.help("put it into quotes") } else { diagnostic });
        }
        if let Some(value) = node.get("default").filter(|value| misfit(value)) {
            let message = format!("`default` is {}", value.kind_name());
            let diagnostic = Diagnostic::error(Code::InvalidValue, value.span, message).related(type_span, wanted);
            self.local(diagnostic, value, Mend::Remove, "leaves the default out");
        }
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
            let message = format!("no schema is called {}", quoted(text));
            let mut diagnostic = Diagnostic::error(Code::RefNotFound, span, message);
            if self.helps() {
                let schemas = self.document.root.get("components").and_then(|components| components.get("schemas"));
                let names = schemas.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
                diagnostic.help = nearest(text, names).map(|name| format!("did you mean {}?", quoted(name)));
            }
            self.local(diagnostic, &entry.value, Mend::Remove, "leaves this value out");
        }
    }
}

/// The shape of the lists that go with `enum`.
pub(super) const STRINGS: Shape = Shape::List(&Shape::String);
