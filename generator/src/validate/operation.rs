//! Rules for operations: their IDs, path items and responses, and the links between them.

use std::collections::HashMap;

use super::assumption::without;
use super::object::{Kind, Shape};
use super::reference::PendingReference;
use super::repair::Repair;
use super::syntax::is_token;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::source::{Entry, Node, Span};

/// The operations of a document.
#[derive(Default)]
pub(super) struct Operations<'d> {
    /// The location of each `operationId`.
    ids: HashMap<&'d str, Span>,
    /// The `operationId`s in links, with their locations.
    linked: Vec<(&'d str, Span)>,
}

impl<'d> Walk<'d, '_> {
    pub(super) fn operation(&mut self, node: &'d Node) {
        self.parameter_list(node);
        let Some(id_node) = node.get("operationId") else { return };
        let Some(id) = id_node.as_str() else { return };
        if let Some(first) = self.operations.ids.get(id) {
            // `first` is the operation that was visited first. It may come later in the document, because targets of
            // references are visited last.
            let diagnostic = Diagnostic::error(
                Code::Duplicate,
                id_node.span,
                format!("two operations have the `operationId` {}", quoted(id)),
            )
            .label("duplicate")
            .related(*first, "first definition");
            self.repairable(
                diagnostic,
                id_node,
                Repair::Remove,
                "ignores the duplicate `operationId` and derives the operation's name from its method and path",
            );
        } else {
            self.operations.ids.insert(id, id_node.span);
        }
    }

    pub(super) fn path_item(&mut self, node: &'d Node) {
        if let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry("$ref")) {
            self.reference(Kind::PathItem, node, entry);
        }
        self.parameter_list(node);
        if self.version >= Version::V3_1 {
            self.additional_operations(node);
        }
    }

    /// Checks that the keys of `additionalOperations` are HTTP methods, and that none of them is a method for which
    /// path items have a fixed field, such as `get`.
    fn additional_operations(&mut self, node: &'d Node) {
        const FIXED: [&str; 9] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];
        for entry in node.get("additionalOperations").map(Node::entries).unwrap_or_default() {
            let name = quoted(&entry.key);
            let (message, help) = if FIXED.contains(&entry.key.as_str()) {
                let help = format!("use the field `{}` of the path item", entry.key.to_ascii_lowercase());
                (format!("the method {name} is not allowed in `additionalOperations`"), help)
            } else if is_token(&entry.key) {
                continue;
            } else {
                (format!("{name} is not a valid HTTP method"), "methods are tokens such as `COPY`".to_owned())
            };
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help);
            self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores the operation");
        }
    }

    /// Checks that a responses object has at least one response.
    pub(super) fn responses(&mut self, node: &'d Node, place: Place<'d>) {
        if node.entries().iter().all(|entry| entry.key.starts_with("x-")) {
            let message = format!("{} needs at least one response", self.name_of(Kind::Responses));
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("no responses");
            if let Some((repair, assumed)) = without(self.version, Kind::Responses, "default", node.span) {
                self.repairable(diagnostic, node, repair, assumed);
            }
        }
    }

    /// Checks a property of a responses object. Its key must be a status code or a range of status codes.
    pub(super) fn response(&mut self, entry: &'d Entry, place: Place<'d>) {
        let shown = quoted(&entry.key);
        let has_ranges = self.version > Version::V2_0;
        let mut help = match has_ranges {
            true => "use a status code such as `404`, a range such as `4XX`, or `default`".to_owned(),
            false => "use a status code such as `404`, or `default`".to_owned(),
        };
        let status = status(&entry.key);
        let message = match status {
            Status::Range | Status::LowercaseRange if !has_ranges => {
                help = "ranges of status codes need OpenAPI 3.0".to_owned();
                Some(format!("{shown} is not a status code"))
            }
            Status::Code | Status::Range => None,
            Status::LowercaseRange => {
                help = format!("write `{}`", entry.key.to_ascii_uppercase());
                Some(format!("the status range {shown} must be written in upper case"))
            }
            Status::Unassigned => Some(format!("{shown} is not an HTTP status code")),
            Status::Invalid => {
                if entry.key.eq_ignore_ascii_case("default") {
                    help = "did you mean `default`?".to_owned();
                }
                Some(format!("{shown} is not a status code"))
            }
        };
        if let Some(message) = message {
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help);
            match status {
                Status::Invalid => self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores the response"),
                _ => self.ignorable(diagnostic, "uses the key unchanged"),
            }
        }
        self.value(&Shape::OrRef(Kind::Response), &entry.value, place);
    }

    pub(super) fn link(&mut self, node: &'d Node, place: Place<'d>) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        match (entry("operationId"), entry("operationRef")) {
            (None, None) => {
                let message = "a link needs `operationId` or `operationRef`";
                let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("neither is defined");
                self.repairable(diagnostic, node, Repair::Remove, "ignores it");
            }
            (Some(id), Some(reference)) => {
                let message = "a link has both `operationId` and `operationRef`";
                let diagnostic = Diagnostic::error(Code::InvalidValue, reference.key_span, message);
                let diagnostic = diagnostic.related(id.key_span, "`operationId` here");
                self.repairable(diagnostic, node, Repair::Remove, "ignores it");
            }
            (Some(id), None) => {
                self.operations.linked.extend(id.value.as_str().map(|text| (text, id.value.span)));
            }
            (None, Some(reference)) => {
                // Check only references within this document, because other documents may not have been read.
                if let Some(text) = reference.value.as_str().filter(|text| text.starts_with('#')) {
                    let span = reference.value.span;
                    let (kind, at) = (Kind::Operation, &reference.value);
                    self.pending.push(PendingReference { kind, node, by_mapping: true, text, span, at });
                }
            }
        }
    }

    /// Checks that the `operationId`s in links exist. Requires that all operations have been visited.
    pub fn check_links(&mut self) {
        for (id, span) in std::mem::take(&mut self.operations.linked) {
            if self.operations.ids.contains_key(id) {
                continue;
            }
            let mut diagnostic =
                Diagnostic::error(Code::Undefined, span, format!("there is no operation {}", quoted(id)));
            if self.gives_help() {
                let mut known: Vec<_> = self.operations.ids.keys().copied().collect();
                known.sort_unstable();
                diagnostic.help = nearest(id, known).map(|known| format!("did you mean {}?", quoted(known)));
            }
            self.ignorable(diagnostic, "ignores the link");
        }
    }
}

/// The form of the key of a response.
enum Status {
    Code,
    Range,
    /// A range such as `4xx`.
    LowercaseRange,
    /// A code from 600 to 999, which is outside of the status code classes that HTTP defines. Some servers send such
    /// codes, e.g. 999.
    Unassigned,
    Invalid,
}

fn status(key: &str) -> Status {
    match key.as_bytes() {
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Status::Code,
        [b'1'..=b'5', b'X', b'X'] => Status::Range,
        [b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Status::LowercaseRange,
        [b'6'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Status::Unassigned,
        _ => Status::Invalid,
    }
}
