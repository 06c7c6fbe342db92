//! The stream of pages.
//!
//! In: a call, and where to begin. Out: one page after the other. It holds one request at a time and no page that it has
//! handed out; what has been seen of a listing takes 8 KiB at most.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;

use super::answer;
use super::next::{Asked, following};
use super::position::{Position, Start};
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

/// What a stream of an operation's answers gives next.
pub(super) type Next<O, T> = Option<Result<T, ErrorOf<O>>>;

/// A page, with its answer and the context of its call for what may still be wrong with it.
struct Answer<O: Paginated> {
    page: Page<O::Item>,
    response: RawResponse,
    context: Context,
}

/// A page that is handed out, and where it began.
pub(super) struct Fetched<T> {
    pub page: Page<T>,
    pub start: Start,
    /// How many items it had before those taken earlier were left out.
    pub count: u64,
}

/// The request of a page that is under way.
type Fetching<O> = BoxFuture<'static, Result<Answer<O>, ErrorOf<O>>>;

enum State<O: Paginated> {
    Idle,
    Fetching(Fetching<O>),
    /// What came after the page that was handed out last.
    Failed(ErrorOf<O>),
    Done,
}

/// The pages of a listing, fetched one at a time as they are asked for.
///
/// It starts where the request says, or at the beginning. It ends on an empty page, and where the server says that there
/// is no more: by a total that is reached, or by the lack of a cursor or link. A server that repeats itself is an error of
/// the kind [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging), and so is a link that leads to another server. After
/// an error or the end it gives nothing more; [`position`](Self::position) says where a new request can take up.
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
    asked: u64,
    max_pages: Option<u64>,
}

impl<O: Paginated> Pages<O> {
    /// The pages of a call.
    pub fn new(call: Call) -> Self {
        let start = beginning(O::PAGING.style, &call);
        Self::at(call, Position::new(start, 0))
    }

    /// The pages of a call from a position on. Items of its page that were taken already are left out.
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
        Self { call, position, state: State::Idle, seen, asked: 0, max_pages: None }
    }

    /// Sets how many pages this stream asks for at most; one more is an error of the kind
    /// [`ErrorKind::Paging`](crate::runtime::ErrorKind::Paging), and is not asked for. Without it there is no such limit.
    ///
    /// It is for servers that make ever new pages without an end, which no other check can tell from a long listing.
    ///
    /// ```ignore
    /// let mut items = client.reporting().list_audit_logs().limit(100).items().max_pages(1_000);
    /// ```
    #[must_use]
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// The next page; `None` at the end.
    ///
    /// Dropping the future loses nothing: the page that is under way is there at the next call.
    ///
    /// # Errors
    ///
    /// The request of the page fails, the server repeats itself, or a link leads elsewhere.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, ErrorOf<O>> {
        std::future::poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// The place of the page that comes next; behind the last page it is the end of that page, so that what the listing
    /// gains is found from there.
    pub fn position(&self) -> Position {
        self.position.clone()
    }

    /// What errors of its calls say.
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
                    match result.and_then(|answer| self.take(answer)) {
                        Ok(Some(fetched)) => return Poll::Ready(Some(Ok(fetched))),
                        // Nothing to hand out: the next page, or the end.
                        Ok(None) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }

    /// The request of the page at the present position.
    fn fetch(&mut self) -> Result<Fetching<O>, ErrorOf<O>> {
        if let Some(max) = self.max_pages.filter(|max| self.asked >= *max) {
            let what = format!("there are more than {max} pages, the limit that was set with `max_pages`");
            return Err(Error::new(self.call.context().paging(None, &what), None));
        }
        let mut call = self.call.clone();
        match (O::PAGING.style, &self.position.start) {
            (_, Start::Request) => {}
            (PagingStyle::Offset { slot }, Start::Offset(offset)) => call.set(slot, offset),
            (PagingStyle::PageNumber { slot, .. }, Start::Page { number, .. }) => call.set(slot, number),
            (PagingStyle::Cursor { slot }, Start::Cursor(cursor)) => call.set(slot, cursor),
            (PagingStyle::NextLink, Start::Link(link)) => call.follow(link),
            (style, _) => {
                let (given, wanted) = (self.position.what(), style.what());
                let error = RequestError::Position { given, wanted };
                return Err(Error::new(self.call.context().not_made(error), None));
            }
        }
        self.asked = self.asked.saturating_add(1);
        Ok(Box::pin(async move {
            let (response, context) = call.send_in_context::<O>().await?;
            let (value, response) = response.into_parts();
            Ok(Answer { page: O::page(value, response.headers()), response, context })
        }))
    }

    /// Takes a page in: what of it is handed out, and what comes after it.
    fn take(&mut self, answer: Answer<O>) -> Result<Option<Fetched<O::Item>>, ErrorOf<O>> {
        let Answer { mut page, response, context } = answer;
        let Position { start, taken } = self.position.clone();
        let count = page.items.len() as u64;
        if let Some(what) = self.repeated(&page) {
            return Err(Error::new(context.paging(Some(response), &what), None));
        }
        let limit = O::PAGING.short_page_ends.and_then(|slot| number(self.call.slot(slot)?)?.try_into().ok());
        let asked = Asked { start: &start, count, limit };
        let next = following(&O::PAGING, &page, &asked).and_then(|next| self.checked(next, &context));
        match next {
            Ok(Some(next)) => {
                self.position = Position::new(next, 0);
                self.state = State::Idle;
            }
            // Behind what is there now: what comes later is not missed, even on a page that has become shorter.
            Ok(None) => self.position = Position::new(start.clone(), count),
            // The page itself is as good as any: the error comes after it.
            Err(what) => {
                self.position = Position::new(start.clone(), count);
                self.state = State::Failed(Error::new(context.paging(Some(response), &what), None));
            }
        }
        // What was taken earlier is gone from a page that has become shorter.
        let taken = usize::try_from(taken).unwrap_or(usize::MAX).min(page.items.len());
        page.items.drain(..taken);
        Ok((!page.items.is_empty()).then_some(Fetched { page, start, count }))
    }

    /// What to say where this is the page before again: the server ignores what it is asked for.
    ///
    /// The items are compared and not the body, which may hold the time or the number that was asked for. Cursors and
    /// links are known again by themselves.
    fn repeated(&mut self, page: &Page<O::Item>) -> Option<String> {
        let style = O::PAGING.style;
        if page.items.is_empty() || !matches!(style, PagingStyle::Offset { .. } | PagingStyle::PageNumber { .. }) {
            return None;
        }
        let repeated = !self.seen.insert_page(&page.items);
        repeated.then(|| format!("the server sent the same page twice: it seems to ignore the {}", style.what()))
    }

    /// The next place, where the server has not named it before; a link as its target on the client's own server.
    fn checked(&mut self, next: Option<Start>, context: &Context) -> Result<Option<Start>, String> {
        let next = match (next, &context.uri) {
            (Some(Start::Link(link)), Some(uri)) => {
                let credentials = credentials::<O>(context);
                // Where the listing began is known only now that it was asked for.
                if self.position.start == Start::Request
                    && let Some(own) = answer::target_of(uri, &credentials)
                {
                    self.seen.insert(&own);
                }
                Some(Start::Link(answer::target(&link, uri, &credentials)?))
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
        Err(format!(
            "the server gives a {} that it gave before: the listing goes round in a circle",
            O::PAGING.style.what()
        ))
    }
}

/// Where the request says that the listing begins, or its beginning.
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

/// The whole number that a slot holds, as a number or as text.
fn number(value: &WireValue) -> Option<i64> {
    text(value)?.parse().ok()
}

/// The text that a slot holds, as a string or as a number.
fn text(value: &WireValue) -> Option<&str> {
    match value {
        WireValue::String(text) | WireValue::Number(text) => Some(text),
        _ => None,
    }
}

/// The query parameters in which the operation's credentials travel.
fn credentials<O: Operation>(context: &Context) -> Vec<&'static str> {
    let schemes = O::INFO.security.iter().copied().flatten();
    let schemes = schemes.filter_map(|name| context.client.api().security_scheme(name));
    let names = schemes.filter_map(|scheme| match scheme.kind {
        SchemeKind::ApiKey { location: Location::Query, name } => Some(name),
        _ => None,
    });
    names.collect()
}

// Nothing in it is ever pinned in place: the future is boxed.
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
