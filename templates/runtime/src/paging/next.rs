//! Which page follows, if any: where each listing ends.
//!
//! In: a page and where it began. Out: where the next one begins, `None` at the end, or what is wrong.

use super::position::Start;
use super::{Page, Paging, PagingStyle};

/// What is known of a page besides its content.
pub(super) struct Asked<'a> {
    /// Where it began.
    pub start: &'a Start,
    /// How many items it had, those taken earlier included.
    pub count: u64,
    /// The limit that was asked for.
    pub limit: Option<u64>,
}

/// Where the page after this one begins. Of a next link it is the link as the server wrote it.
///
/// Nothing that the server says against it keeps a listing going: an empty page ends one by offset or page number, for
/// the next request would have the same answer or none. A short page says nothing unless the spec says that it does.
pub(super) fn following<T>(paging: &Paging, page: &Page<T>, asked: &Asked<'_>) -> Result<Option<Start>, String> {
    let by_token = matches!(paging.style, PagingStyle::Cursor { .. } | PagingStyle::NextLink);
    if asked.count == 0 && (paging.empty_page_ends || !by_token) {
        return Ok(None);
    }
    let short = paging.short_page_ends.is_some() && asked.limit.is_some_and(|limit| asked.count < limit);
    if short || page.has_more == Some(false) {
        return Ok(None);
    }
    let count = i64::try_from(asked.count).unwrap_or(i64::MAX);
    match (paging.style, asked.start) {
        (PagingStyle::Offset { .. }, Start::Offset(offset)) => {
            if reached(page.total, Some(offset.saturating_add(count))) {
                return Ok(None);
            }
            let next = offset.checked_add(count).ok_or("the offset has passed the largest number that there is")?;
            Ok(Some(Start::Offset(next)))
        }
        (PagingStyle::PageNumber { first, .. }, Start::Page { number, before }) => {
            let before = before.and_then(|before| before.checked_add(count));
            let pages = number.checked_sub(first).and_then(|before| before.checked_add(1));
            if reached(page.total, before) || reached(page.total_pages, pages) {
                return Ok(None);
            }
            let number = number.checked_add(1).ok_or("the page number has passed the largest number that there is")?;
            Ok(Some(Start::Page { number, before }))
        }
        (PagingStyle::Cursor { .. } | PagingStyle::NextLink, _) => {
            let next = page.next.clone().filter(|next| !next.trim().is_empty());
            // To end here would lose what the server says is there.
            if next.is_none() && page.has_more == Some(true) {
                return Err(format!("the server says that there is more, and gives no {}", paging.style.what()));
            }
            let is_link = paging.style == PagingStyle::NextLink;
            Ok(next.map(|next| if is_link { Start::Link(next) } else { Start::Cursor(next) }))
        }
        // Positions of another kind are refused before anything is sent.
        _ => Ok(None),
    }
}

/// Whether a count has come to a total. Some servers write 0 or -1 where they do not count.
fn reached(total: Option<i64>, count: Option<i64>) -> bool {
    total.filter(|total| *total > 0).zip(count).is_some_and(|(total, count)| count >= total)
}
