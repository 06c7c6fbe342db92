//! Reads `x-ms-pageable`: a property of each response contains the URL of the next page.

use crate::source::Node;
use crate::spec::read::fields;
use crate::spec::{Pagination, Spanned};

/// Reads `x-ms-pageable`. `None` if the response is the only page.
pub(in crate::spec::read) fn pagination(node: &Node) -> Option<Pagination> {
    let next_link = fields::spanned(node, "nextLinkName").filter(|name| !name.value.is_empty())?;
    let items = fields::spanned(node, "itemName");
    Some(Pagination {
        extension: "x-ms-pageable",
        style: "next-link".to_owned(),
        limit: None,
        offset: None,
        page: None,
        cursor: None,
        items: Some(items.unwrap_or_else(|| Spanned::new("value".to_owned(), node.span))),
        total: None,
        total_pages: None,
        has_more: None,
        next_cursor: None,
        next_link: Some(next_link),
        first_page: None,
        short_page_ends: None,
        // Services may return an empty page with a link to the next page.
        empty_page_ends: Some(false),
        span: node.span,
    })
}
