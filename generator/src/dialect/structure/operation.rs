//! Operations: their identifiers, their responses, the links between them; and tags.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::advice::without;
use super::reference::Found;
use super::table::{Kind, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node, Span};

/// What is known of operations.
#[derive(Default)]
pub(super) struct Operations<'d> {
    /// Where each identifier was first met.
    ids: HashMap<&'d str, Span>,
    /// The identifiers that links name.
    linked: Vec<(&'d str, Span)>,
}

impl<'d> Walk<'d, '_> {
    pub(super) fn operation(&mut self, node: &'d Node) {
        self.parameter_list(node);
        let Some(id_node) = node.get("operationId") else { return };
        let Some(id) = id_node.as_str() else { return };
        if let Some(first) = self.operations.ids.get(id) {
            // Not the order of the document where operations are reached by reference, but one that does not change.
            let diagnostic = Diagnostic::error(
                Code::Duplicate,
                id_node.span,
                format!("two operations have the `operationId` {}", quoted(id)),
            )
            .label("duplicate")
            .related(*first, "first definition");
            self.local(diagnostic, id_node, Mend::Remove, "names it by its method and path");
        } else {
            self.operations.ids.insert(id, id_node.span);
        }
    }

    pub(super) fn path_item(&mut self, node: &'d Node) {
        if let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry("$ref")) {
            self.reference(Kind::PathItem, node, entry);
        }
        self.parameter_list(node);
    }

    /// A responses object has one response at least.
    pub(super) fn responses(&mut self, node: &'d Node, place: Place<'d>) {
        if node.entries().iter().all(|entry| entry.key.starts_with("x-")) {
            let message = format!("{} needs at least one response", Kind::Responses.name());
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("no responses");
            if let Some((mend, assumed)) = without(Kind::Responses, "default", node.span) {
                self.local(diagnostic, node, mend, assumed);
            }
        }
    }

    /// A member of a responses object: a status, or a range of them.
    pub(super) fn response(&mut self, entry: &'d Entry, place: Place<'d>) {
        let shown = quoted(&entry.key);
        let mut help = "use a status code such as `404`, a range such as `4XX`, or `default`".to_owned();
        let status = status(&entry.key);
        let message = match status {
            Status::Fine => None,
            Status::Small => {
                help = format!("write `{}`", entry.key.to_ascii_uppercase());
                Some(format!("the status range {shown} must be written in upper case"))
            }
            Status::Foreign => Some(format!("{shown} is not an HTTP status code")),
            Status::None => {
                if entry.key.eq_ignore_ascii_case("default") {
                    help = "did you mean `default`?".to_owned();
                }
                Some(format!("{shown} is not a status code"))
            }
        };
        if let Some(message) = message {
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help);
            match status {
                Status::None => self.local(diagnostic, &entry.value, Mend::Remove, "ignores the response"),
                _ => self.harmless(diagnostic, "uses it unchanged"),
            }
        }
        self.value(&Shape::OrRef(Kind::Response), &entry.value, place);
    }

    pub(super) fn link(&mut self, node: &'d Node, place: Place<'d>) {
        let member = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        match (member("operationId"), member("operationRef")) {
            (None, None) => {
                let message = "a link needs `operationId` or `operationRef`";
                let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("neither is defined");
                self.local(diagnostic, node, Mend::Remove, "ignores it");
            }
            (Some(id), Some(reference)) => {
                let message = "a link has both `operationId` and `operationRef`";
                let diagnostic = Diagnostic::error(Code::InvalidValue, reference.key_span, message);
                let diagnostic = diagnostic.related(id.key_span, "`operationId` here");
                self.local(diagnostic, node, Mend::Remove, "ignores it");
            }
            (Some(id), None) => {
                self.operations.linked.extend(id.value.as_str().map(|text| (text, id.value.span)));
            }
            (None, Some(reference)) => {
                // One into another document may well be one that nobody gave us.
                if let Some(text) = reference.value.as_str().filter(|text| text.starts_with('#')) {
                    let span = reference.value.span;
                    self.references.push(Found { kind: Kind::Operation, node, by_mapping: true, text, span });
                }
            }
        }
    }

    /// Checks the identifiers that links name, now that all are known.
    pub fn links(&mut self) {
        for (id, span) in std::mem::take(&mut self.operations.linked) {
            if self.operations.ids.contains_key(id) {
                continue;
            }
            let mut diagnostic =
                Diagnostic::error(Code::Undefined, span, format!("there is no operation {}", quoted(id)));
            if self.helps() {
                let mut known: Vec<_> = self.operations.ids.keys().copied().collect();
                known.sort_unstable();
                diagnostic.help = nearest(id, known).map(|known| format!("did you mean {}?", quoted(known)));
            }
            self.harmless(diagnostic, "ignores the link");
        }
    }

    /// Each tag is declared once.
    pub(super) fn tags(&mut self, root: &'d Node) {
        let mut known: HashMap<&str, Span> = HashMap::new();
        for tag in root.get("tags").map(Node::elements).unwrap_or_default() {
            let Some(name) = tag.get("name") else { continue };
            let Some(text) = name.as_str() else { continue };
            match known.entry(text) {
                Slot::Vacant(slot) => {
                    slot.insert(name.span);
                }
                Slot::Occupied(first) => {
                    let message = format!("the tag {} is defined twice", quoted(text));
                    let diagnostic = Diagnostic::error(Code::Duplicate, name.span, message)
                        .label("duplicate")
                        .related(*first.get(), "first definition");
                    self.local(diagnostic, tag, Mend::Remove, "uses the first one");
                }
            }
        }
    }
}

/// What the key of a response is.
enum Status {
    Fine,
    /// A range such as `4xx`.
    Small,
    /// A code outside of HTTP's classes, but servers do send them (999), and they can be told apart.
    Foreign,
    None,
}

fn status(key: &str) -> Status {
    match key.as_bytes() {
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X'] => Status::Fine,
        [b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Status::Small,
        [b'6'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Status::Foreign,
        _ => Status::None,
    }
}
