//! Reads the pagination rules of an API.

use toml::Spanned;

use super::table::{Table, TableReader};
use crate::customize::PaginationRule;
use crate::diagnostics::{nearest, quoted};
use crate::validate::pagination_fields;

/// The keys that the value of a rule can have, apart from `operations`: those of `x-pagination`.
const KEYS: [&str; 14] = [
    "style",
    "offset",
    "page",
    "first-page",
    "cursor",
    "next-cursor",
    "next-link",
    "limit",
    "items",
    "total",
    "total-pages",
    "has-more",
    "short-page-ends",
    "empty-page-ends",
];

impl TableReader<'_> {
    /// Reads the pagination rules of an API.
    pub(super) fn pagination_rules(&mut self, api: Table<'_>) -> Vec<PaginationRule> {
        let tables = self.tables(api, "pagination", "`[[crate.api.pagination]]`");
        tables.into_iter().filter_map(|table| self.pagination_rule(table)).collect()
    }

    /// Reads a rule. Returns `None` if its style is missing or unknown.
    fn pagination_rule(&mut self, table: Table<'_>) -> Option<PaginationRule> {
        let optional: Vec<&str> = KEYS.into_iter().skip(1).chain(["operations"]).collect();
        self.keys(table, &["style"], &optional);
        let style = self.string(table, "style")?;
        let Some(fields) = pagination_fields(style.get_ref()) else {
            let styles = ["offset-limit", "page-number", "cursor", "next-link"];
            let help = match nearest(style.get_ref(), styles) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("the styles are `{}`", styles.join("`, `")),
            };
            self.push(style.span(), format!("unknown style {}", quoted(style.get_ref())), Some(help));
            return None;
        };
        let style = style.into_inner();
        for key in fields.required().filter(|key| !table.has(key)) {
            self.error(table.head(), format!("a rule of the style `{style}` needs `{key}`"));
        }
        for (key, at, _) in table.entries().filter(|(key, ..)| KEYS.contains(key) && !fields.has(key)) {
            self.error(at, format!("`{key}` does not apply to the style `{style}`"));
        }
        if fields.has("short-page-ends") && table.has("short-page-ends") && !table.has("limit") {
            self.error(table.head(), "`short-page-ends` needs `limit`");
        }
        let mut name = |key: &str| self.string(table, key).map(Spanned::into_inner);
        let (limit, offset, page, cursor) = (name("limit"), name("offset"), name("page"), name("cursor"));
        let (items, total, total_pages) = (name("items"), name("total"), name("total-pages"));
        let (has_more, next_cursor, next_link) = (name("has-more"), name("next-cursor"), name("next-link"));
        let first_page = self.count(table, "first-page").and_then(|first| i64::try_from(first.into_inner()).ok());
        let short_page_ends = self.boolean(table, "short-page-ends");
        let empty_page_ends = self.boolean(table, "empty-page-ends");
        Some(PaginationRule {
            operations: table.has("operations").then(|| self.pattern_list(table, "operations")),
            style,
            limit,
            offset,
            page,
            cursor,
            items,
            total,
            total_pages,
            has_more,
            next_cursor,
            next_link,
            first_page,
            short_page_ends,
            empty_page_ends,
            span: Some(self.span(table.head())),
        })
    }
}
