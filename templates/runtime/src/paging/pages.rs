//! [`Pages`], the stream of the pages of a listing.
//!
//! The stream makes one request at a time and keeps no pages. The detection of repeated pages uses at most 8 KiB.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;

use super::next::{RequestedPage, next_start};
use super::position::{Position, Start};
use super::response;
use super::seen::Seen;
use super::{Page, Paginated, PagingStyle};
use crate::runtime::call::Call;
#[cfg(feature = "credentials")]
use crate::runtime::credentials::SchemeKind;
use crate::runtime::error::Error;
use crate::runtime::failure::Context;
use crate::runtime::operation::Operation;
#[cfg(feature = "credentials")]
use crate::runtime::parameter::Location;
use crate::runtime::request::RequestError;
use crate::runtime::response::RawResponse;
use crate::runtime::transport::BoxFuture;
use crate::runtime::wire_value::WireValue;

pub(super) type ErrorOf<O> = Error<<O as Operation>::ErrorBody>;

/// The next element of a stream: `None` at the end.
pub(super) type Next<O, T> = Option<Result<T, ErrorOf<O>>>;

/// A received page, with its response and the context of its call, which errors contain.
struct ReceivedPage<O: Paginated> {
    page: Page<O::Item>,
    response: RawResponse,
    context: Context,
}

/// A page returned to the caller, and its start.
pub(super) struct Fetched<T> {
    pub page: Page<T>,
    pub start: Start,
    /// The number of items on the page, including items before the position, which are removed from `page`.
    pub count: u64,
}

/// A request in progress.
type Fetching<O> = BoxFuture<'static, Result<ReceivedPage<O>, ErrorOf<O>>>;

enum State<O: Paginated> {
    Idle,
    Fetching(Fetching<O>),
    /// The page returned last was valid, but the next page cannot be requested because of this error.
    Failed(ErrorOf<O>),
    Done,
}

/// A stream of the pages of a listing. A page is requested when the caller asks for it.
///
/// The stream starts at the offset, page number or cursor set in the request, otherwise at the beginning. It ends at an
/// empty page, or when the server indicates the end: the total number of items is reached, or the response has no
/// cursor or link to the next page. It is an error of kind [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging) if
/// the server repeats a page, cursor or link, or if a link leads to another server. An error ends the stream. To
/// resume, start a new stream at [`position`](Self::position).
///
/// ```ignore
/// let mut pages = client.certificates().search().limit(100).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} of {:?}", page.items.len(), page.total);
/// }
/// ```
pub struct Pages<O: Paginated> {
    call: Call,
    position: Position,
    state: State<O>,
    seen: Seen,
    requests: u64,
    max_pages: Option<u64>,
}

impl<O: Paginated> Pages<O> {
    /// Creates the stream of the pages of a listing, given the call of the operation.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        let start = beginning(O::PAGING.style, &call);
        Self::at(call, Position::new(start, 0))
    }

    /// Creates the stream of the pages of a listing, starting at a position. If the position is within a page, the
    /// first page contains only the items after the position.
    #[doc(hidden)]
    pub fn starting_at(call: Call, position: Position) -> Self {
        let position = match position.start {
            Start::Request => Position::new(beginning(O::PAGING.style, &call), position.taken),
            _ => position,
        };
        Self::at(call, position)
    }

    fn at(call: Call, position: Position) -> Self {
        let mut seen = Seen::default();
        if let Start::Cursor(text) | Start::Link(text) = &position.start {
            seen.insert(text);
        }
        Self { call, position, state: State::Idle, seen, requests: 0, max_pages: None }
    }

    /// Sets the maximum number of pages. If there are more pages, the stream ends with an error of kind
    /// [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging). By default, there is no maximum.
    ///
    /// Protects against servers that generate new pages endlessly, which a client cannot distinguish from a long
    /// listing.
    ///
    /// ```ignore
    /// let mut items = client.reporting().list_audit_logs().limit(100).items().max_pages(1_000);
    /// ```
    #[must_use]
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Returns the next page, or `None` at the end.
    ///
    /// Cancel safe: if the future is dropped, the next call of this method continues with the current request.
    ///
    /// # Errors
    ///
    /// A request fails, the server repeats a page, cursor or link, a link leads to another server, or the maximum
    /// number of pages is exceeded.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, ErrorOf<O>> {
        std::future::poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// Returns the position of the next page, from which the listing can be resumed later. After the last page, this is
    /// the end of the last page, so that a later stream returns the items added in the meantime.
    pub fn position(&self) -> Position {
        self.position.clone()
    }

    /// Returns the context of the call, which errors contain.
    #[cfg(feature = "blocking")]
    pub(in crate::runtime) fn context(&self) -> Context {
        self.call.context()
    }

    fn poll_page(&mut self, context: &mut TaskContext<'_>) -> Poll<Next<O, Page<O::Item>>> {
        self.poll_fetched(context).map(|next| next.map(|fetched| fetched.map(|fetched| fetched.page)))
    }

    pub(super) fn poll_fetched(&mut self, context: &mut TaskContext<'_>) -> Poll<Next<O, Fetched<O::Item>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Idle => match self.fetch() {
                    Ok(fetching) => self.state = State::Fetching(fetching),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Fetching(mut fetching) => {
                    let Poll::Ready(result) = fetching.as_mut().poll(context) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    match result.and_then(|received| self.take(received)) {
                        Ok(Some(fetched)) => return Poll::Ready(Some(Ok(fetched))),
                        // The page has no items to return: continue with the next page, or end.
                        Ok(None) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }

    /// Creates the request for the page at the current position.
    fn fetch(&mut self) -> Result<Fetching<O>, ErrorOf<O>> {
        if let Some(max) = self.max_pages.filter(|max| self.requests >= *max) {
            let message = format!("there are more than {max} pages, the maximum set with `max_pages`");
            return Err(Error::new(self.call.context().paging(None, &message), None));
        }
        let mut call = self.call.clone();
        match (O::PAGING.style, &self.position.start) {
            (_, Start::Request) => {}
            (PagingStyle::Offset { slot }, Start::Offset(offset)) => call.set(slot, offset),
            (PagingStyle::PageNumber { slot, .. }, Start::Page { number, .. }) => call.set(slot, number),
            (PagingStyle::Cursor { slot }, Start::Cursor(cursor)) => call.set(slot, cursor),
            (PagingStyle::NextLink, Start::Link(link)) => call.follow(link),
            (style, _) => {
                let (given, wanted) = (self.position.name(), style.name());
                let error = RequestError::Position { given, wanted };
                return Err(Error::new(self.call.context().not_made(error), None));
            }
        }
        self.requests = self.requests.saturating_add(1);
        Ok(Box::pin(async move {
            let (response, context) = call.send_in_context::<O>().await?;
            let (value, response) = response.into_parts();
            Ok(ReceivedPage { page: O::page(value, response.headers()), response, context })
        }))
    }

    /// Processes a received page: removes the items that were already returned, moves the position to the next page,
    /// and updates the state. Returns the page, or `None` if no items remain.
    fn take(&mut self, received: ReceivedPage<O>) -> Result<Option<Fetched<O::Item>>, ErrorOf<O>> {
        let ReceivedPage { mut page, response, context } = received;
        let Position { start, taken } = self.position.clone();
        let count = page.items.len() as u64;
        if let Some(message) = self.repeated(&page) {
            return Err(Error::new(context.paging(Some(response), &message), None));
        }
        let limit = O::PAGING.short_page_ends.and_then(|slot| number(self.call.value(slot)?)?.try_into().ok());
        let requested = RequestedPage { start: &start, count, limit };
        let next = next_start(&O::PAGING, &page, &requested).and_then(|next| self.checked(next, &context));
        match next {
            Ok(Some(next)) => {
                self.position = Position::new(next, 0);
                self.state = State::Idle;
            }
            // The listing ends here. The position is the end of this page, so that a later stream returns items that
            // are added to it.
            Ok(None) => self.position = Position::new(start.clone(), count),
            // The page itself is valid, so it is returned before the error.
            Err(message) => {
                self.position = Position::new(start.clone(), count);
                self.state = State::Failed(Error::new(context.paging(Some(response), &message), None));
            }
        }
        // The page may now have fewer items than the number to skip.
        let taken = usize::try_from(taken).unwrap_or(usize::MAX).min(page.items.len());
        page.items.drain(..taken);
        Ok((!page.items.is_empty()).then_some(Fetched { page, start, count }))
    }

    /// Returns an error message if the page has the same items as the previous page, which means that the server
    /// ignores the offset or page number.
    ///
    /// Compares the items rather than the bodies, because bodies may contain the current time or the page number. For
    /// cursors and links, [`checked`](Self::checked) detects repetitions.
    fn repeated(&mut self, page: &Page<O::Item>) -> Option<String> {
        let style = O::PAGING.style;
        if page.items.is_empty() || !matches!(style, PagingStyle::Offset { .. } | PagingStyle::PageNumber { .. }) {
            return None;
        }
        let repeated = !self.seen.insert_page(&page.items);
        repeated.then(|| format!("the server sent the same page twice: it seems to ignore the {}", style.name()))
    }

    /// Checks that the next cursor or link was not used before. A link is resolved and must not lead to another server.
    fn checked(&mut self, next: Option<Start>, context: &Context) -> Result<Option<Start>, String> {
        let next = match (next, &context.uri) {
            (Some(Start::Link(link)), Some(uri)) => {
                #[cfg(feature = "credentials")]
                let credentials = credentials::<O>(context);
                #[cfg(not(feature = "credentials"))]
                let credentials = [];
                // The URL of the first page is only known after its request.
                if self.position.start == Start::Request
                    && let Some(own) = response::target_of(uri, &credentials)
                {
                    self.seen.insert(&own);
                }
                Some(Start::Link(response::target(&link, uri, &credentials)?))
            }
            (next, _) => next,
        };
        let fresh = match &next {
            Some(Start::Cursor(text) | Start::Link(text)) => self.seen.insert(text),
            _ => true,
        };
        if fresh {
            return Ok(next);
        }
        Err(format!("the server repeats a {}, so the listing would never end", O::PAGING.style.name()))
    }
}

/// Returns the start of the listing: the offset, page number or cursor set in the request, otherwise the beginning.
fn beginning(style: PagingStyle, call: &Call) -> Start {
    match style {
        PagingStyle::Offset { slot } => Start::Offset(call.value(slot).and_then(number).unwrap_or(0)),
        PagingStyle::PageNumber { slot, first } => {
            let number = call.value(slot).and_then(number).unwrap_or(first);
            Start::Page { number, before: (number == first).then_some(0) }
        }
        PagingStyle::Cursor { slot } => match call.value(slot).and_then(text) {
            Some(cursor) => Start::Cursor(cursor.to_owned()),
            None => Start::Request,
        },
        PagingStyle::NextLink => Start::Request,
    }
}

/// Returns the value of a parameter as an integer, if it is an integer or a string that contains an integer.
fn number(value: &WireValue) -> Option<i64> {
    text(value)?.parse().ok()
}

/// Returns the value of a parameter as a string, if it is a string or a number.
fn text(value: &WireValue) -> Option<&str> {
    match value {
        WireValue::String(text) | WireValue::Number(text) => Some(text),
        _ => None,
    }
}

/// Returns the names of query parameters that contain credentials of the operation.
#[cfg(feature = "credentials")]
fn credentials<O: Operation>(context: &Context) -> Vec<&'static str> {
    let schemes = O::INFO.security.iter().copied().flatten();
    let schemes = schemes.filter_map(|name| context.client.api().security_scheme(name));
    let names = schemes.filter_map(|scheme| match scheme.kind {
        SchemeKind::ApiKey { location: Location::Query, name } => Some(name),
        _ => None,
    });
    names.collect()
}

// Nothing is pinned in place: the future is boxed.
impl<O: Paginated> Unpin for Pages<O> {}

impl<O: Paginated> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, ErrorOf<O>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).field("position", &self.position).finish_non_exhaustive()
    }
}
