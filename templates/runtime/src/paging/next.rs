//! Determines the next page of a listing, or its end.

use super::position::Start;
use super::{Page, Paging, PagingStyle};

/// Information about a page that was requested.
pub(super) struct RequestedPage<'a> {
    /// The start of the page.
    pub start: &'a Start,
    /// The number of items on the page, including items that the caller skips.
    pub count: u64,
    /// The maximum number of items on the page, as requested.
    pub limit: Option<u64>,
}

/// Returns the start of the next page, or `None` at the end of the listing. A next link is returned as it is in the
/// response, possibly relative.
///
/// An empty page ends a listing by offset or page number even if the server indicates more pages, because the next
/// request would have the same result. A page with fewer items than requested only ends the listing if the spec says
/// so.
pub(super) fn next_start<T>(
    paging: &Paging,
    page: &Page<T>,
    requested: &RequestedPage<'_>,
) -> Result<Option<Start>, String> {
    let by_token = matches!(paging.style, PagingStyle::Cursor { .. } | PagingStyle::NextLink);
    if requested.count == 0 && (paging.empty_page_ends || !by_token) {
        return Ok(None);
    }
    let short = paging.short_page_ends.is_some() && requested.limit.is_some_and(|limit| requested.count < limit);
    if short || page.has_more == Some(false) {
        return Ok(None);
    }
    let count = i64::try_from(requested.count).unwrap_or(i64::MAX);
    match (paging.style, requested.start) {
        (PagingStyle::Offset { .. }, Start::Offset(offset)) => {
            if reached(page.total, Some(offset.saturating_add(count))) {
                return Ok(None);
            }
            let next = offset.checked_add(count).ok_or("the offset exceeds the largest integer")?;
            Ok(Some(Start::Offset(next)))
        }
        (PagingStyle::PageNumber { first, .. }, Start::Page { number, before }) => {
            let before = before.and_then(|before| before.checked_add(count));
            let pages = number.checked_sub(first).and_then(|before| before.checked_add(1));
            if reached(page.total, before) || reached(page.total_pages, pages) {
                return Ok(None);
            }
            let number = number.checked_add(1).ok_or("the page number exceeds the largest integer")?;
            Ok(Some(Start::Page { number, before }))
        }
        (PagingStyle::Cursor { .. } | PagingStyle::NextLink, _) => {
            let next = page.next.clone().filter(|next| !next.trim().is_empty());
            // An error, because ending the listing would silently lose items.
            if next.is_none() && page.has_more == Some(true) {
                return Err(format!("the server indicates more pages but returns no {}", paging.style.name()));
            }
            let is_link = paging.style == PagingStyle::NextLink;
            Ok(next.map(|next| if is_link { Start::Link(next) } else { Start::Cursor(next) }))
        }
        // Not reached: positions of another style are rejected before the request.
        _ => Ok(None),
    }
}

/// Returns whether a number of items or pages has reached the total number. Some servers return 0 or -1 for an unknown
/// total.
fn reached(total: Option<i64>, count: Option<i64>) -> bool {
    total.filter(|total| *total > 0).zip(count).is_some_and(|(total, count)| count >= total)
}
