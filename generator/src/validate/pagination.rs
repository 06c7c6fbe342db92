//! Checks the extension `x-pagination`: the fields of each style.

use super::object::Kind;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Node;

/// The fields of a style of pagination.
pub(crate) struct PaginationFields {
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

impl PaginationFields {
    /// The fields that every style may have.
    const COMMON: [&str; 4] = ["style", "limit", "total", "has-more"];

    /// Returns the required fields.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().copied().chain(["items"])
    }

    /// Returns whether the style has a field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.required().any(|known| known == field)
            || [&Self::COMMON, self.optional].iter().any(|fields| fields.contains(&field))
    }
}

/// Returns the fields of a style. `None` if the style is unknown.
pub(crate) fn pagination_fields(style: &str) -> Option<PaginationFields> {
    let (required, optional): (&[&str], &[&str]) = match style {
        "offset-limit" => (&["offset"], &["short-page-ends"]),
        "page-number" => (&["page"], &["first-page", "total-pages", "short-page-ends"]),
        "cursor" => (&["cursor", "next-cursor"], &["empty-page-ends"]),
        "next-link" => (&[], &["next-link", "empty-page-ends"]),
        _ => return None,
    };
    Some(PaginationFields { required, optional })
}

impl<'d> Walk<'d, '_> {
    /// Checks that an `x-pagination` object has the fields that its style requires, and no fields of other styles.
    pub(super) fn pagination(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(style) = node.get("style").and_then(Node::as_str) else { return };
        let Some(fields) = pagination_fields(style) else { return };
        let name = self.name_of(Kind::Pagination);
        // The definition of the object requires `items` for all styles.
        for field in fields.required.iter().filter(|field| node.get(field).is_none()) {
            let message = format!("{name} of style `{style}` needs `{field}`");
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message);
            self.push(diagnostic.label(format!("`{field}` is missing")));
        }
        let all = self.definition(Kind::Pagination);
        // Fields that no style has are reported as unknown.
        for entry in node.entries().iter().filter(|entry| !fields.has(&entry.key) && all.field(&entry.key).is_some()) {
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
