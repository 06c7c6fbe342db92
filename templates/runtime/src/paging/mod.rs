//! Listings page by page: by offset, page number, cursor or next link.
//!
//! In: a call and the description of its pages. Out: a stream of pages or of their items. It ends where the server says
//! so or a page is empty; what would go round in a circle is an error; a [`Position`] says where to take up.

mod answer;
mod items;
mod next;
mod pages;
mod position;
mod seen;

use http::HeaderMap;
use serde::Serialize;

use super::operation::Operation;

pub use answer::{flag, next_link, number, text, text_of};
pub use items::Items;
pub use pages::Pages;
pub use position::{Position, PositionError};

/// An operation whose answers are pages of a listing.
pub trait Paginated: Operation {
    /// An item of the listing. It is serializable, so that a page that comes twice can be known again.
    type Item: Serialize + Send + 'static;
    /// How the pages follow each other.
    const PAGING: Paging;

    /// The page within an answer.
    fn page(output: Self::Output, headers: &HeaderMap) -> Page<Self::Item>;
}

/// How the pages of a listing follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// How a page is asked for.
    pub style: PagingStyle,
    /// The slot of the limit, where a page with fewer items than that is the last one.
    ///
    /// Only where the spec says so: a server that caps the limit answers each page shorter than what was asked for, and
    /// to end there would lose the rest without a word.
    pub short_page_ends: Option<usize>,
    /// Whether an empty page is the last one, even where a cursor or link comes with it.
    pub empty_page_ends: bool,
}

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// By the number of items before it.
    Offset {
        /// The slot of the offset.
        slot: usize,
    },
    /// By its number.
    PageNumber {
        /// The slot of the number.
        slot: usize,
        /// The number of the first page.
        first: i64,
    },
    /// By the cursor that came with the page before.
    Cursor {
        /// The slot of the cursor.
        slot: usize,
    },
    /// By the link that came with the page before.
    NextLink,
}

impl PagingStyle {
    /// What tells the pages apart, for messages.
    fn what(self) -> &'static str {
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
    /// How many items the whole listing has, where the server says it.
    pub total: Option<i64>,
    /// How many pages the whole listing has, where the server says it.
    pub total_pages: Option<i64>,
    /// Whether there are more pages, where the server says it.
    pub has_more: Option<bool>,
    /// The cursor or link of the next page, where the listing has one.
    pub next: Option<String>,
}

/// Gives an operation, a struct whose one field is `call`, the methods of a listing.
// Unused where a spec has no paging.
#[allow(unused_macros)]
macro_rules! paginated {
    ($name:ident) => {
        impl $name {
            /// All items of the listing from here on: pages are fetched as they are needed.
            pub fn items(self) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::new(self.call)
            }

            /// The items of the listing from a position on, which an earlier listing of the same request gave.
            pub fn items_from(self, position: $crate::runtime::Position) -> $crate::runtime::Items<Self> {
                $crate::runtime::Items::starting_at(self.call, position)
            }

            /// All pages of the listing from here on, fetched one at a time.
            pub fn pages(self) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::new(self.call)
            }

            /// The pages of the listing from a position on, which an earlier listing of the same request gave.
            pub fn pages_from(self, position: $crate::runtime::Position) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::starting_at(self.call, position)
            }
        }
    };
}

// Unused where a spec has no paging.
#[allow(unused_imports)]
pub(crate) use paginated;
