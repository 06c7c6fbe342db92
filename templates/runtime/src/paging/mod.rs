//! Paged listings: by offset, page number, cursor or next link.
//!
//! A call becomes a stream of pages or items. It ends at an empty page or when the server indicates the end; repeated
//! pages are an error. A [`Position`] allows resuming later.

mod items;
mod next;
mod pages;
mod position;
mod response;
mod seen;

use http::HeaderMap;
use serde::Serialize;

use super::operation::Operation;

pub use items::Items;
pub use pages::Pages;
pub use position::{Position, PositionError};
pub use response::{flag, next_link, number, text, text_of};

/// An operation whose responses are pages of a listing.
pub trait Paginated: Operation {
    /// The type of the items; serializable, so that repeated pages are detected.
    type Item: Serialize + Send + 'static;
    /// The paging style.
    const PAGING: Paging;

    /// Returns the page of a response.
    fn page(output: Self::Output, headers: &HeaderMap) -> Page<Self::Item>;
}

/// The paging of a listing.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// The parameter that selects a page.
    pub style: PagingStyle,
    /// The slot of the limit, if a page with fewer items than the limit is the last one.
    ///
    /// Only set if the spec says so: for a server that caps the limit, every page is shorter than the limit, and ending
    /// there would silently lose items.
    pub short_page_ends: Option<usize>,
    /// Whether an empty page is the last one even if it has a cursor or link.
    pub empty_page_ends: bool,
}

/// The parameter that selects a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// The number of items before the page.
    Offset {
        /// The slot of the offset.
        slot: usize,
    },
    /// The number of the page.
    PageNumber {
        /// The slot of the number.
        slot: usize,
        /// The number of the first page.
        first: i64,
    },
    /// The cursor from the previous page.
    Cursor {
        /// The slot of the cursor.
        slot: usize,
    },
    /// The link to the next page, from the previous response.
    NextLink,
}

impl PagingStyle {
    /// Returns the name of the style for messages.
    fn name(self) -> &'static str {
        match self {
            Self::Offset { .. } => "offset",
            Self::PageNumber { .. } => "page number",
            Self::Cursor { .. } => "cursor",
            Self::NextLink => "next link",
        }
    }
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The total number of items of the listing, if specified.
    pub total: Option<i64>,
    /// The total number of pages of the listing, if specified.
    pub total_pages: Option<i64>,
    /// Whether there are more pages, if specified.
    pub has_more: Option<bool>,
    /// The cursor or link of the next page, if any.
    pub next: Option<String>,
}

/// Implements the methods of a listing on an operation, a struct whose only field is `call`.
// Unused if the spec has no paging.
#[allow(unused_macros)]
macro_rules! paginated {
    ($name:ident) => {
        impl $name {
            /// Returns a stream of all items of the listing. Pages are fetched as needed.
            pub fn items(self) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::new(self.call)
            }

            /// Returns a stream of the items from a position of an earlier listing with the same request.
            pub fn items_from(self, position: $crate::runtime::Position) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::starting_at(self.call, position)
            }

            /// Returns a stream of all pages of the listing, fetched one at a time.
            pub fn pages(self) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::new(self.call)
            }

            /// Returns a stream of the pages from a position of an earlier listing with the same request.
            pub fn pages_from(self, position: $crate::runtime::Position) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::starting_at(self.call, position)
            }
        }
    };
}

// Unused if the spec has no paging.
#[allow(unused_imports)]
pub(crate) use paginated;
