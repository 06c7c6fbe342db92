//! Paged listings: streams of pages or items, for paging by offset, page number, cursor or next link.
//!
//! A stream ends at an empty page or when the server indicates the end. It is an error if the server repeats a page. A
//! [`Position`] allows a program to resume a listing later.

#[cfg(feature = "blocking")]
pub(super) mod blocking;
mod items;
mod next;
mod pages;
mod position;
mod response;
pub(crate) mod seen;

use http::HeaderMap;
use serde::Serialize;

use super::metadata::setters;
use super::operation::Operation;

pub use items::Items;
pub use pages::Pages;
pub use position::{Position, PositionError};
#[doc(hidden)]
pub use response::{flag, next_link, number, text, text_of};

/// An operation whose responses are pages of a listing.
pub trait Paginated: Operation {
    /// The type of the items. They are serialized to detect repeated pages.
    type Item: Serialize + Send + 'static;
    /// How pages are selected, and which page is the last one.
    #[doc(hidden)]
    const PAGING: Paging;

    /// Returns the page that a response contains, given the decoded body and the headers.
    #[doc(hidden)]
    fn page(output: Self::Output, headers: &HeaderMap) -> Page<Self::Item>;
}

/// The paging of a listing: how pages are selected, and which page is the last one.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Paging {
    /// The parameter or link that selects a page.
    pub style: PagingStyle,
    /// The index of the parameter that limits the items per page, if a page with fewer items than this limit is the
    /// last one.
    ///
    /// Only set if the spec documents it: if a server silently lowers the limit, every page may have fewer items than
    /// requested, and a stream that ends at such a page would silently lose items.
    pub short_page_ends: Option<usize>,
    /// Whether an empty page is the last one, even if it has a cursor or a link to the next page.
    pub empty_page_ends: bool,
}

setters! {
    Paging {
        empty_page_ends: bool,
    }
    optional {
        short_page_ends: usize,
    }
}

impl Paging {
    /// Creates a paging in which neither a short page nor an empty page is the last one.
    #[doc(hidden)]
    pub const fn new(style: PagingStyle) -> Self {
        Self { style, short_page_ends: None, empty_page_ends: false }
    }
}

/// The parameter or link that selects a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingStyle {
    /// The request contains the number of items before the page.
    Offset {
        /// The index of the parameter for the offset.
        slot: usize,
    },
    /// The request contains the number of the page.
    PageNumber {
        /// The index of the parameter for the page number.
        slot: usize,
        /// The number of the first page, usually 0 or 1.
        first: i64,
    },
    /// The request contains the cursor from the previous page.
    Cursor {
        /// The index of the parameter for the cursor.
        slot: usize,
    },
    /// The request uses the URL of the link in the previous response.
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
    /// The total number of items of the listing, if the response contains it.
    pub total: Option<i64>,
    /// The total number of pages of the listing, if the response contains it.
    pub total_pages: Option<i64>,
    /// Whether there are more pages, if the response contains this information.
    pub has_more: Option<bool>,
    /// The cursor or link of the next page, if any.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Creates a page from the fields and headers of a response.
    #[doc(hidden)]
    pub fn new(
        total: Option<i64>,
        total_pages: Option<i64>,
        has_more: Option<bool>,
        next: Option<String>,
        items: Vec<T>,
    ) -> Self {
        Self { items, total, total_pages, has_more, next }
    }
}

/// Implements the methods that send a paged operation for all pages. `$name` is the struct of the operation, which has a
/// field `call`.
// Unused if the spec has no paging.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! paginated {
    ($name:ty $(,)?) => {
        impl $name {
            /// Returns a stream of all items of the listing. Pages are requested as needed.
            pub fn items(self) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::new(self.call)
            }

            /// Returns a stream of the items of the listing, starting at a position of an earlier stream for the same
            /// request.
            pub fn items_from(self, position: $crate::runtime::Position) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::starting_at(self.call, position)
            }

            /// Returns a stream of all pages of the listing. Pages are requested one at a time.
            pub fn pages(self) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::new(self.call)
            }

            /// Returns a stream of the pages of the listing, starting at a position of an earlier stream for the same
            /// request.
            pub fn pages_from(self, position: $crate::runtime::Position) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::starting_at(self.call, position)
            }
        }
    };
}

// Unused if the spec has no paging.
#[allow(unused_imports)]
pub(crate) use paginated;
