//! `x-pagination`: what each of its styles needs and knows.

use super::table::Kind;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Node;

/// What every style knows.
const COMMON: [&str; 5] = ["style", "limit", "items", "total", "has-more"];

impl<'d> Walk<'d, '_> {
    /// Each style has members of its own.
    pub(super) fn pagination(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(style) = node.get("style").and_then(Node::as_str) else { return };
        let (required, optional): (&[&str], &[&str]) = match style {
            "offset-limit" => (&["offset"], &["short-page-ends"]),
            "page-number" => (&["page"], &["first-page", "total-pages", "short-page-ends"]),
            "cursor" => (&["cursor", "next-cursor"], &["empty-page-ends"]),
            "next-link" => (&[], &["next-link", "empty-page-ends"]),
            _ => return,
        };
        let name = Kind::Pagination.name();
        for member in required.iter().filter(|member| node.get(member).is_none()) {
            let message = format!("{name} of style `{style}` needs `{member}`");
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message);
            self.push(diagnostic.label(format!("`{member}` is missing")));
        }
        let known = |key: &str| [&COMMON, required, optional].iter().any(|members| members.contains(&key));
        let all = Kind::Pagination.object();
        // What no style knows is reported with the rest of the object.
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
