//! Checks the extension `x-pagination`: the fields of each style.

use super::object::Kind;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Node;

/// The fields that objects of every style may have.
const COMMON: [&str; 5] = ["style", "limit", "items", "total", "has-more"];

impl<'d> Walk<'d, '_> {
    /// Checks that an `x-pagination` object has the fields that its style requires, and no fields of other styles.
    pub(super) fn pagination(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(style) = node.get("style").and_then(Node::as_str) else { return };
        let (required, optional): (&[&str], &[&str]) = match style {
            "offset-limit" => (&["offset"], &["short-page-ends"]),
            "page-number" => (&["page"], &["first-page", "total-pages", "short-page-ends"]),
            "cursor" => (&["cursor", "next-cursor"], &["empty-page-ends"]),
            "next-link" => (&[], &["next-link", "empty-page-ends"]),
            _ => return,
        };
        let name = self.name_of(Kind::Pagination);
        for field in required.iter().filter(|field| node.get(field).is_none()) {
            let message = format!("{name} of style `{style}` needs `{field}`");
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message);
            self.push(diagnostic.label(format!("`{field}` is missing")));
        }
        let known = |key: &str| [&COMMON, required, optional].iter().any(|fields| fields.contains(&key));
        let all = self.definition(Kind::Pagination);
        // Fields that no style has are reported as unknown.
        for entry in node.entries().iter().filter(|entry| !known(&entry.key) && all.field(&entry.key).is_some()) {
            let message = format!("`{}` does not apply to the style `{style}`", entry.key);
            self.push(Diagnostic::error(Code::UnknownKeyword, entry.key_span, message));
        }
        let short = node.as_mapping().and_then(|mapping| mapping.entry("short-page-ends"));
        if let Some(short) = short.filter(|short| short.value.as_bool() == Some(true) && node.get("limit").is_none()) {
            let message = "`short-page-ends` needs `limit`";
            self.push(Diagnostic::error(Code::Missing, short.key_span, message));
        }
    }
}
