//! Listings page by page, by offset and limit.
//!
//! In: a call and the description of its pages. Out: a stream of pages or of their items. It ends on an empty page or
//! when the total is reached; a page that repeats the one before is an error, for a server that ignores the offset
//! would be asked forever.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::call::Call;
use super::error::Error;
use super::operation::Operation;
use super::transport::BoxFuture;

/// An operation whose answers are pages of a listing.
pub trait Paginated: Operation {
    /// An item of the listing.
    type Item: Send + 'static;
    /// The slot of the offset.
    const OFFSET: usize;
    /// The slot of the limit.
    const LIMIT: usize;

    /// The page within an answer.
    fn page(output: Self::Output) -> Page<Self::Item>;
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many items the whole listing has, where the server says it.
    pub total: Option<i64>,
}

type PageResult<O> = Result<Option<(Page<<O as Paginated>::Item>, Bytes)>, Error<<O as Operation>::ErrorBody>>;

/// What a stream of an operation's answers gives next.
type Next<O, T> = Option<Result<T, Error<<O as Operation>::ErrorBody>>>;

/// The pages of a listing, fetched one at a time as they are asked for.
///
/// It starts at the offset that the request sets, or at 0. After an error or the end it gives nothing more;
/// [`position`](Self::position) says where a new request can take up.
pub struct Pages<O: Paginated> {
    call: Call,
    offset: i64,
    state: State<O>,
    last: Option<Bytes>,
}

enum State<O: Paginated> {
    Idle,
    Fetching(BoxFuture<'static, PageResult<O>>),
    Done,
}

impl<O: Paginated> Pages<O> {
    /// The pages of a call.
    pub fn new(call: Call) -> Self {
        let offset = call.slot(O::OFFSET).and_then(serde_json::Value::as_i64).unwrap_or(0);
        Self { call, offset, state: State::Idle, last: None }
    }

    /// The next page; `None` at the end.
    ///
    /// Dropping the future loses nothing: the page that is under way is there at the next call.
    ///
    /// # Errors
    ///
    /// The request of the page fails, or the server repeats a page.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error<O::ErrorBody>> {
        std::future::poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// The offset of the page that comes next.
    pub fn position(&self) -> i64 {
        self.offset
    }

    /// What errors of its calls say.
    #[cfg(feature = "blocking")]
    pub(super) fn context(&self) -> super::failure::Context {
        self.call.context()
    }

    /// The request of the page at the present offset.
    fn fetch(&self) -> BoxFuture<'static, PageResult<O>> {
        let mut call = self.call.clone();
        call.set(O::OFFSET, &self.offset);
        let last = self.last.clone();
        Box::pin(async move {
            let (response, context) = call.send_in_context::<O>().await?;
            if last.is_some_and(|last| last == response.body) && !response.body.is_empty() {
                return Err(Error::new(context.repeated(response), None));
            }
            let body = response.body;
            let page = O::page(response.value);
            Ok(if page.items.is_empty() { None } else { Some((page, body)) })
        })
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Next<O, Page<O::Item>>> {
        loop {
            match &mut self.state {
                State::Done => return Poll::Ready(None),
                State::Idle => self.state = State::Fetching(self.fetch()),
                State::Fetching(fetching) => {
                    let result = ready!(fetching.as_mut().poll(context));
                    self.state = State::Done;
                    let (page, body) = match result {
                        Ok(Some(page)) => page,
                        Ok(None) => return Poll::Ready(None),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    let count = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
                    if let Some(next) = self.offset.checked_add(count) {
                        self.offset = next;
                        if page.total.is_none_or(|total| next < total) {
                            self.state = State::Idle;
                        }
                    }
                    self.last = Some(body);
                    return Poll::Ready(Some(Ok(page)));
                }
            }
        }
    }
}

// Nothing in it is ever pinned in place: the future is boxed.
impl<O: Paginated> Unpin for Pages<O> {}

impl<O: Paginated> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error<O::ErrorBody>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).field("position", &self.offset).finish_non_exhaustive()
    }
}

/// The items of a listing, one after the other; pages are fetched as they are needed.
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    items: std::vec::IntoIter<O::Item>,
}

impl<O: Paginated> Items<O> {
    /// The items of a call's pages.
    pub fn new(call: Call) -> Self {
        Self { pages: Pages::new(call), items: Vec::new().into_iter() }
    }

    /// The next item; `None` at the end.
    ///
    /// Dropping the future loses nothing: the page that is under way is there at the next call.
    ///
    /// # Errors
    ///
    /// The request of a page fails, or the server repeats a page.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error<O::ErrorBody>> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// The offset of the item that comes next.
    pub fn position(&self) -> i64 {
        self.pages.position().saturating_sub(i64::try_from(self.items.len()).unwrap_or(i64::MAX))
    }

    /// The pages to come, and the items of the last one that are left.
    #[cfg(feature = "blocking")]
    pub(super) fn into_parts(self) -> (Pages<O>, std::vec::IntoIter<O::Item>) {
        (self.pages, self.items)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Next<O, O::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.items = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Items are moved, never pinned.
impl<O: Paginated> Unpin for Items<O> {}

impl<O: Paginated> Stream for Items<O> {
    type Item = Result<O::Item, Error<O::ErrorBody>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
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

            /// All pages of the listing from here on, fetched one at a time.
            pub fn pages(self) -> $crate::runtime::Pages<Self> {
                $crate::runtime::Pages::new(self.call)
            }
        }
    };
}

// Unused where a spec has no paging.
#[allow(unused_imports)]
pub(crate) use paginated;
