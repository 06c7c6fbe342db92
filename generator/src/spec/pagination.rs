//! `x-pagination` and `x-ms-pageable`

use crate::source::Span;

use super::Spanned;

/// `x-pagination`: how an operation is paginated. Names refer to parameters, properties and headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// The name of the extension or of the setting in `clients.toml`, for messages.
    pub extension: &'static str,
    /// `style`
    pub style: String,
    /// The key `limit`: the name of the parameter for the maximum number of items of a page.
    pub limit: Option<Spanned<String>>,
    /// The key `offset`: the name of the parameter for the number of items to skip.
    pub offset: Option<Spanned<String>>,
    /// The key `page`: the name of the parameter for the number of the page.
    pub page: Option<Spanned<String>>,
    /// The key `cursor`: the name of the parameter for the cursor of the page.
    pub cursor: Option<Spanned<String>>,
    /// The key `items`: the name of the property that contains the items.
    pub items: Option<Spanned<String>>,
    /// The key `total`: the name of the property or header that contains the total number of items.
    pub total: Option<Spanned<String>>,
    /// The key `total-pages`: the name of the property or header that contains the total number of pages.
    pub total_pages: Option<Spanned<String>>,
    /// The key `has-more`: the name of the property or header that tells whether there are more pages.
    pub has_more: Option<Spanned<String>>,
    /// The key `next-cursor`: the name of the property or header that contains the cursor of the next page.
    pub next_cursor: Option<Spanned<String>>,
    /// The key `next-link`: the name of the property or header that contains the URL of the next page.
    pub next_link: Option<Spanned<String>>,
    /// `first-page`
    pub first_page: Option<i64>,
    /// `short-page-ends`
    pub short_page_ends: Option<bool>,
    /// `empty-page-ends`
    pub empty_page_ends: Option<bool>,
    /// The location of the extension's value.
    pub span: Span,
}
