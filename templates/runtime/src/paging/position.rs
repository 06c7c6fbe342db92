//! A place within a listing, as text that can be kept.
//!
//! In: where a stream of pages or items is. Out: a [`Position`] that a new request takes up, in another process too.

use std::fmt;
use std::str::FromStr;

/// Where a listing is: the page, and how many of its items have been taken.
///
/// It is written as text and read back, so that a program can keep it: `offset=200`, `page+3=7` (page 7, three of its
/// items taken), `cursor+3=…`, `link=/…`, and `start`. A link keeps its path and query alone: it is always followed on
/// the client's own server.
///
/// A position belongs to the request that it came from: the same filters, order and limit. The text holds what the server
/// gave, cursor or link, so treat it as what it points to.
///
/// ```ignore
/// let mut items = client.certificates().search().limit(100).items();
/// // … an error, or the program ends:
/// let kept = items.position().to_string();
/// // … later:
/// let mut items = client.certificates().search().limit(100).items_from(kept.parse()?);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Position {
    pub(super) start: Start,
    /// How many items of the page are taken; an offset counts them itself.
    pub(super) taken: u64,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Start {
    /// Where the request says.
    Request,
    /// Behind so many items.
    Offset(i64),
    /// At this page.
    Page {
        number: i64,
        /// How many items come before it, where that is known.
        before: Option<i64>,
    },
    /// At this cursor.
    Cursor(String),
    /// At this path and query.
    Link(String),
}

/// A text that is no [`Position`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no position of a listing: {0}")]
pub struct PositionError(&'static str);

impl Position {
    /// Behind so many items of a page.
    pub(super) fn new(start: Start, taken: u64) -> Self {
        match start {
            Start::Offset(offset) => {
                let offset = offset.saturating_add(i64::try_from(taken).unwrap_or(i64::MAX));
                Self { start: Start::Offset(offset), taken: 0 }
            }
            start => Self { start, taken },
        }
    }

    /// How many items come before it, in a listing by offset.
    pub fn offset(&self) -> Option<i64> {
        match self.start {
            Start::Offset(offset) => Some(offset),
            _ => None,
        }
    }

    /// The kind of listing that it belongs to, for messages; none where it fits each.
    pub(super) fn what(&self) -> &'static str {
        match self.start {
            Start::Request => "start",
            Start::Offset(_) => "offset",
            Start::Page { .. } => "page number",
            Start::Cursor(_) => "cursor",
            Start::Link(_) => "next link",
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.start {
            Start::Request => "start",
            Start::Offset(_) => "offset",
            Start::Page { .. } => "page",
            Start::Cursor(_) => "cursor",
            Start::Link(_) => "link",
        })?;
        if self.taken > 0 {
            write!(f, "+{}", self.taken)?;
        }
        match &self.start {
            Start::Request => Ok(()),
            Start::Offset(offset) => write!(f, "={offset}"),
            Start::Page { number, before: None } => write!(f, "={number}"),
            Start::Page { number, before: Some(before) } => write!(f, "={number}/{before}"),
            Start::Cursor(text) | Start::Link(text) => write!(f, "={text}"),
        }
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let number = |text: &str| text.parse().map_err(|_| PositionError("not a number where one belongs"));
        let (head, value) = match text.split_once('=') {
            Some((head, value)) => (head, Some(value)),
            None => (text, None),
        };
        let (kind, taken) = match head.split_once('+') {
            Some((kind, taken)) => {
                (kind, taken.parse().map_err(|_| PositionError("`+` is not followed by a number of items"))?)
            }
            None => (head, 0),
        };
        let start = match (kind, value) {
            ("start", None) => Start::Request,
            ("offset", Some(offset)) => Start::Offset(number(offset)?),
            ("page", Some(page)) => match page.split_once('/') {
                Some((page, before)) => Start::Page { number: number(page)?, before: Some(number(before)?) },
                None => Start::Page { number: number(page)?, before: None },
            },
            ("cursor", Some(cursor)) if !cursor.is_empty() => Start::Cursor(cursor.to_owned()),
            // What does not begin at the root of the server could name another.
            ("link", Some(link)) if link.starts_with('/') => Start::Link(link.to_owned()),
            ("link", Some(_)) => return Err(PositionError("a link must begin with `/`")),
            _ => {
                let wanted = "expected `offset=…`, `page=…`, `cursor=…`, `link=…` or `start`";
                return Err(PositionError(wanted));
            }
        };
        Ok(Self::new(start, taken))
    }
}

/// Shows no cursor and no link: what they hold is the server's, and may be a secret.
impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.start {
            Start::Cursor(_) | Start::Link(_) => {
                f.debug_struct("Position").field("at", &self.what()).field("taken", &self.taken).finish_non_exhaustive()
            }
            _ => write!(f, "Position({self})"),
        }
    }
}
