//! Paginated listings as blocking iterators.

use std::fmt;

use super::{Page, Paginated, Position};
use crate::runtime::blocking::thread;
use crate::runtime::error::Error;
use crate::runtime::operation::Operation;

impl<O: Paginated> super::Pages<O> {
    /// Returns the pages as an iterator, for code that is not async.
    pub fn blocking(self) -> Pages<O> {
        Pages { position: self.position(), pages: Some(self) }
    }
}

impl<O: Paginated> super::Items<O> {
    /// Returns the items as an iterator, for code that is not async.
    pub fn blocking(self) -> Items<O> {
        Items { position: self.position(), items: Some(self) }
    }
}

/// The pages of a listing. Each call of `next` blocks the caller's thread.
///
/// The iterator starts at the same page, ends after the same page and returns the same errors as the async
/// [`paging::Pages`](super::Pages).
pub struct Pages<O: Paginated> {
    /// `None` during a call of `next`, and after a call that panicked or was made on a thread that cannot make blocking
    /// calls.
    pages: Option<super::Pages<O>>,
    /// The position before the last fetch, which [`position`](Self::position) returns while `pages` is `None`.
    position: Position,
}

impl<O: Paginated> Pages<O> {
    /// Returns the position of the next page.
    pub fn position(&self) -> Position {
        self.pages.as_ref().map_or_else(|| self.position.clone(), super::Pages::position)
    }
}

impl<O: Paginated> Iterator for Pages<O> {
    type Item = Result<Page<O::Item>, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pages = self.pages.take()?;
        self.position = pages.position();
        let thread = match thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(Error::new(pages.context().not_made(error), None))),
        };
        let (page, pages) = thread.wait(async move { (pages.try_next().await, pages) });
        self.pages = Some(pages);
        page.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// The items of a listing. Fetching the next page blocks the caller's thread.
///
/// The iterator starts at the same item, ends after the same item and returns the same errors as the async
/// [`paging::Items`](super::Items).
pub struct Items<O: Paginated> {
    /// `None` during a call of `next`, and after a call that panicked or was made on a thread that cannot make blocking
    /// calls.
    items: Option<super::Items<O>>,
    /// The position before the last fetch, which [`position`](Self::position) returns while `items` is `None`.
    position: Position,
}

impl<O: Paginated> Items<O> {
    /// Returns the position of the next item.
    pub fn position(&self) -> Position {
        self.items.as_ref().map_or_else(|| self.position.clone(), super::Items::position)
    }
}

impl<O: Paginated> Iterator for Items<O> {
    type Item = Result<O::Item, Error<<O as Operation>::ErrorBody>>;

    fn next(&mut self) -> Option<Self::Item> {
        // Items that were already fetched do not need the thread.
        if let Some(item) = self.items.as_mut()?.next_of_page() {
            return Some(Ok(item));
        }
        let mut items = self.items.take()?;
        self.position = items.position();
        let thread = match thread() {
            Ok(thread) => thread,
            Err(error) => return Some(Err(Error::new(items.context().not_made(error), None))),
        };
        let (item, items) = thread.wait(async move { (items.try_next().await, items) });
        self.items = Some(items);
        item.transpose()
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("items", &self.items).finish_non_exhaustive()
    }
}
