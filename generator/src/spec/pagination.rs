//! `x-pagination` and `x-ms-pageable`

use crate::source::Span;

use super::Spanned;

/// `x-pagination`: how an operation is paginated. Names refer to parameters, properties and headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// The name of the extension, for messages.
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
    /// `items`: a property.
    pub items: Option<Spanned<String>>,
    /// `total`: a property or header.
    pub total: Option<Spanned<String>>,
    /// `total-pages`: a property or header.
    pub total_pages: Option<Spanned<String>>,
    /// `has-more`: a property or header.
    pub has_more: Option<Spanned<String>>,
    /// `next-cursor`: a property or header.
    pub next_cursor: Option<Spanned<String>>,
    /// `next-link`: a property or header.
    pub next_link: Option<Spanned<String>>,
    /// `first-page`
    pub first_page: Option<i64>,
    /// `short-page-ends`
    pub short_page_ends: Option<bool>,
    /// `empty-page-ends`
    pub empty_page_ends: Option<bool>,
    /// Its location.
    pub span: Span,
}
