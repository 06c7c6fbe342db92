//! [`Items`], the stream of the items of a listing, based on the stream of its pages. At most one page is in memory.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use futures_core::Stream;

use super::Paginated;
use super::pages::{ErrorOf, Next, Pages};
use super::position::{Position, Start};
use crate::runtime::call::Call;

/// A stream of the items of a paged listing. The next page is requested when all items of the current page have been
/// returned.
///
/// The stream starts, ends and fails like [`Pages`].
///
/// ```ignore
/// let mut items = client.certificates().search().limit(100).items();
/// while let Some(certificate) = items.try_next().await? {
///     println!("{:?}", certificate.serial_number);
/// }
/// ```
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    items: std::vec::IntoIter<O::Item>,
    /// The offset, page number, cursor or link of the current page.
    start: Start,
    /// The number of items on the current page, including items already returned.
    count: u64,
}

impl<O: Paginated> Items<O> {
    /// Creates the stream of the items of a listing, given the call of the operation.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self::of(Pages::new(call))
    }

    /// Creates the stream of the items of a listing, starting at a position.
    #[doc(hidden)]
    pub fn starting_at(call: Call, position: Position) -> Self {
        Self::of(Pages::starting_at(call, position))
    }

    fn of(pages: Pages<O>) -> Self {
        Self { pages, items: Vec::new().into_iter(), start: Start::Request, count: 0 }
    }

    /// Sets the maximum number of pages, like [`Pages::max_pages`].
    #[must_use]
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// Cancel safe: if the future is dropped, the next call of this method continues with the current request.
    ///
    /// # Errors
    ///
    /// The errors of [`Pages::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, ErrorOf<O>> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// Returns the position of the next item, from which the listing can be resumed later.
    pub fn position(&self) -> Position {
        match self.items.len() as u64 {
            0 => self.pages.position(),
            left => Position::new(self.start.clone(), self.count.saturating_sub(left)),
        }
    }

    /// Returns the next item of the current page, or `None` at the end of the page.
    #[cfg(feature = "blocking")]
    pub(in crate::runtime) fn next_of_page(&mut self) -> Option<O::Item> {
        self.items.next()
    }

    /// Returns the context of the call, which errors contain.
    #[cfg(feature = "blocking")]
    pub(in crate::runtime) fn context(&self) -> crate::runtime::failure::Context {
        self.pages.context()
    }

    fn poll_item(&mut self, context: &mut TaskContext<'_>) -> Poll<Next<O, O::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_fetched(context)) {
                Some(Ok(fetched)) => {
                    (self.start, self.count) = (fetched.start, fetched.count);
                    self.items = fetched.page.items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Items are moved, never pinned.
impl<O: Paginated> Unpin for Items<O> {}

impl<O: Paginated> Stream for Items<O> {
    type Item = Result<O::Item, ErrorOf<O>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
