//! Rules that describe the pagination of operations, like the extension `x-pagination` in a document.

use super::Pattern;
use crate::source::Span;
use crate::spec::{Operation, Pagination, Spanned, Spec};

/// A rule that describes the pagination of operations. It applies to each operation without `x-pagination` that has the
/// parameters, properties and headers that the rule names. The fields have the meaning of the same keys of
/// `x-pagination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaginationRule {
    /// Patterns for the `operationId` of operations to which the rule applies. `None` for all operations.
    pub operations: Option<Vec<Pattern>>,
    /// `offset-limit`, `page-number`, `cursor` or `next-link`.
    pub style: String,
    /// The parameter for the maximum number of items of a page.
    pub limit: Option<String>,
    /// The parameter for the number of items to skip.
    pub offset: Option<String>,
    /// The parameter for the number of the page.
    pub page: Option<String>,
    /// The parameter for the cursor of the page.
    pub cursor: Option<String>,
    /// The property that contains the items.
    pub items: Option<String>,
    /// The property or header that contains the total number of items.
    pub total: Option<String>,
    /// The property or header that contains the total number of pages.
    pub total_pages: Option<String>,
    /// The property or header that tells whether there are more pages.
    pub has_more: Option<String>,
    /// The property or header that contains the cursor of the next page.
    pub next_cursor: Option<String>,
    /// The property or header that contains the URL of the next page.
    pub next_link: Option<String>,
    /// The number of the first page.
    pub first_page: Option<i64>,
    /// Whether a page with fewer items than requested is the last page. `None`: it is not.
    pub short_page_ends: Option<bool>,
    /// Whether an empty page with a cursor or link is the last page. `None`: it is.
    pub empty_page_ends: Option<bool>,
    /// The location of the rule in `clients.toml`, for messages. `None` if a program created the rule.
    pub span: Option<Span>,
}

impl PaginationRule {
    fn applies_to(&self, operation: &Operation) -> bool {
        let id = operation.id.as_ref().map_or("", |id| id.value.as_str());
        let matches = |patterns: &Vec<Pattern>| patterns.iter().any(|pattern| pattern.matches_name(id));
        operation.pagination.is_none() && self.operations.as_ref().is_none_or(matches)
    }

    /// Returns the rule in the form of `x-pagination` at a location.
    fn pagination(&self, span: Span) -> Pagination {
        let name = |name: &Option<String>| name.clone().map(|value| Spanned { value, span });
        Pagination {
            extension: "pagination",
            style: self.style.clone(),
            limit: name(&self.limit),
            offset: name(&self.offset),
            page: name(&self.page),
            cursor: name(&self.cursor),
            items: name(&self.items),
            total: name(&self.total),
            total_pages: name(&self.total_pages),
            has_more: name(&self.has_more),
            next_cursor: name(&self.next_cursor),
            next_link: name(&self.next_link),
            first_page: self.first_page,
            short_page_ends: self.short_page_ends,
            empty_page_ends: self.empty_page_ends,
            span,
        }
    }
}

/// Adds the rules to the model, and to each operation the positions of the rules that may apply to it. Whether a rule
/// fits an operation is decided when the types of its response are known.
pub(crate) fn add_pagination_rules(spec: &mut Spec, rules: &[PaginationRule]) {
    let document = spec.span;
    spec.pagination_rules = rules.iter().map(|rule| rule.pagination(rule.span.unwrap_or(document))).collect();
    for operation in &mut spec.operations {
        let applicable = rules.iter().enumerate().filter(|(_, rule)| rule.applies_to(operation));
        operation.pagination_rules = applicable.map(|(position, _)| position).collect();
    }
}
