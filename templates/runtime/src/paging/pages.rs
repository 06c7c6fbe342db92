//! The stream of pages of a listing.
//!
//! Holds one request at a time and no pages; the detection of repeated pages takes at most 8 KiB.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;

use super::next::{RequestedPage, next_start};
use super::position::{Position, Start};
use super::response;
use super::seen::Seen;
use super::{Page, Paginated, PagingStyle};
use crate::runtime::api::SchemeKind;
use crate::runtime::call::Call;
use crate::runtime::error::Error;
use crate::runtime::failure::Context;
use crate::runtime::operation::Operation;
use crate::runtime::parameter::Location;
use crate::runtime::request::RequestError;
use crate::runtime::response::RawResponse;
use crate::runtime::transport::BoxFuture;
use crate::runtime::wire_value::WireValue;

pub(super) type ErrorOf<O> = Error<<O as Operation>::ErrorBody>;

/// The result of polling a stream.
pub(super) type Next<O, T> = Option<Result<T, ErrorOf<O>>>;

/// A received page, with its response and context for later errors.
struct ReceivedPage<O: Paginated> {
    page: Page<O::Item>,
    response: RawResponse,
    context: Context,
}

/// A page returned to the caller, and its start.
pub(super) struct Fetched<T> {
    pub page: Page<T>,
    pub start: Start,
    /// The number of items before already taken ones were removed.
    pub count: u64,
}

/// The current request.
type Fetching<O> = BoxFuture<'static, Result<ReceivedPage<O>, ErrorOf<O>>>;

enum State<O: Paginated> {
    Idle,
    Fetching(Fetching<O>),
    /// The error that follows the last returned page.
    Failed(ErrorOf<O>),
    Done,
}

/// A stream of the pages of a listing, fetched one at a time on demand.
///
/// It starts where the request says, or at the beginning. It ends at an empty page, or when the server indicates the
/// end by a reached total or a missing cursor or link. A server that repeats itself, or a link to another server, is an
/// error of kind [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging). After an error or the end, the stream yields
/// nothing more; to resume, start a new request at [`position`](Self::position).
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
    /// Creates the stream of a call.
    pub fn new(call: Call) -> Self {
        let start = beginning(O::PAGING.style, &call);
        Self::at(call, Position::new(start, 0))
    }

    /// Creates the stream of a call, starting at a position. Items of that page that were already taken are skipped.
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

    /// Sets the maximum number of pages. If there are more, the stream ends with an error of kind
    /// [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging). By default, there is no maximum.
    ///
    /// Protects against servers that generate pages endlessly, which cannot be distinguished from a long listing.
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
    /// Dropping the future loses no data: the next call continues with the current request.
    ///
    /// # Errors
    ///
    /// A request fails, the server repeats itself, or a link leads to another server.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, ErrorOf<O>> {
        std::future::poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// Returns the position of the next page. After the last page, it is the end of that page, so that items added
    /// later are found from there.
    pub fn position(&self) -> Position {
        self.position.clone()
    }

    /// Returns the context for errors.
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
                        // Nothing to return: continue with the next page, or the end.
                        Ok(None) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }

    /// Creates the request of the page at the current position.
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

    /// Processes a page: returns its new items, and determines what follows.
    fn take(&mut self, received: ReceivedPage<O>) -> Result<Option<Fetched<O::Item>>, ErrorOf<O>> {
        let ReceivedPage { mut page, response, context } = received;
        let Position { start, taken } = self.position.clone();
        let count = page.items.len() as u64;
        if let Some(message) = self.repeated(&page) {
            return Err(Error::new(context.paging(Some(response), &message), None));
        }
        let limit = O::PAGING.short_page_ends.and_then(|slot| number(self.call.slot(slot)?)?.try_into().ok());
        let requested = RequestedPage { start: &start, count, limit };
        let next = next_start(&O::PAGING, &page, &requested).and_then(|next| self.checked(next, &context));
        match next {
            Ok(Some(next)) => {
                self.position = Position::new(next, 0);
                self.state = State::Idle;
            }
            // The end of the current content, so that items added later are found even if the page has become shorter.
            Ok(None) => self.position = Position::new(start.clone(), count),
            // The page itself is valid, so the error is returned after it.
            Err(message) => {
                self.position = Position::new(start.clone(), count);
                self.state = State::Failed(Error::new(context.paging(Some(response), &message), None));
            }
        }
        // If the page has become shorter, items taken earlier may no longer be on it.
        let taken = usize::try_from(taken).unwrap_or(usize::MAX).min(page.items.len());
        page.items.drain(..taken);
        Ok((!page.items.is_empty()).then_some(Fetched { page, start, count }))
    }

    /// Returns the error message if this page repeats the previous one, that is, the server ignores the parameter.
    ///
    /// Items are compared instead of bodies, which may contain the time or the requested number. For cursors and links,
    /// the check of repeated tokens is sufficient.
    fn repeated(&mut self, page: &Page<O::Item>) -> Option<String> {
        let style = O::PAGING.style;
        if page.items.is_empty() || !matches!(style, PagingStyle::Offset { .. } | PagingStyle::PageNumber { .. }) {
            return None;
        }
        let repeated = !self.seen.insert_page(&page.items);
        repeated.then(|| format!("the server sent the same page twice: it seems to ignore the {}", style.name()))
    }

    /// Checks that the next start was not used before. A link is resolved to its target on the client's own server.
    fn checked(&mut self, next: Option<Start>, context: &Context) -> Result<Option<Start>, String> {
        let next = match (next, &context.uri) {
            (Some(Start::Link(link)), Some(uri)) => {
                let credentials = credentials::<O>(context);
                // The link of the first page is only known after its request.
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

/// Returns the start of the listing according to the request.
fn beginning(style: PagingStyle, call: &Call) -> Start {
    match style {
        PagingStyle::Offset { slot } => Start::Offset(call.slot(slot).and_then(number).unwrap_or(0)),
        PagingStyle::PageNumber { slot, first } => {
            let number = call.slot(slot).and_then(number).unwrap_or(first);
            Start::Page { number, before: (number == first).then_some(0) }
        }
        PagingStyle::Cursor { slot } => match call.slot(slot).and_then(text) {
            Some(cursor) => Start::Cursor(cursor.to_owned()),
            None => Start::Request,
        },
        PagingStyle::NextLink => Start::Request,
    }
}

/// Returns the integer in a slot, given as a number or as text.
fn number(value: &WireValue) -> Option<i64> {
    text(value)?.parse().ok()
}

/// Returns the string in a slot, given as a string or as a number.
fn text(value: &WireValue) -> Option<&str> {
    match value {
        WireValue::String(text) | WireValue::Number(text) => Some(text),
        _ => None,
    }
}

/// Returns the query parameters with the operation's credentials.
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
