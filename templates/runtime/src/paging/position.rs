//! [`Position`], a position within a listing that can be stored as a string.

use std::fmt;
use std::str::FromStr;

/// A position within a listing: a page, and the number of its items that were already returned.
///
/// A program can store a position as a string with `to_string()` and `parse()`: `offset=200`, `page+3=7` (page 7, after
/// the first three items), `cursor+3=…`, `link=/…` or `start`. For a link, only the path and the query are stored, because
/// links to other servers are not followed.
///
/// A position is only valid for a request with the same filters, order and limit. The string may contain a cursor or
/// link of the server: treat it as confidential if the cursor or link is.
///
/// ```ignore
/// let mut items = client.certificates().search().limit(100).items();
/// // … after an error, or before the program ends:
/// let stored = items.position().to_string();
/// // … later:
/// let mut items = client.certificates().search().limit(100).items_from(stored.parse()?);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Position {
    pub(super) start: Start,
    /// The number of items on the page that are before the position. Always 0 for an offset, because the offset itself
    /// counts these items.
    pub(super) taken: u64,
}

/// The offset, page number, cursor or link with which a page is requested.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Start {
    /// The beginning of the listing, which is requested without an offset, page number, cursor or link.
    Request,
    /// The number of items before the page.
    Offset(i64),
    /// The page number.
    Page {
        number: i64,
        /// The number of items before the page, if known.
        before: Option<i64>,
    },
    /// The cursor.
    Cursor(String),
    /// The path and query of a link.
    Link(String),
}

/// The error for a string that is not a valid [`Position`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid position in paginated results: {0}")]
pub struct PositionError(&'static str);

impl Position {
    /// Creates the position after the first `taken` items of a page.
    pub(super) fn new(start: Start, taken: u64) -> Self {
        match start {
            Start::Offset(offset) => {
                let offset = offset.saturating_add(i64::try_from(taken).unwrap_or(i64::MAX));
                Self { start: Start::Offset(offset), taken: 0 }
            }
            start => Self { start, taken },
        }
    }

    /// Returns the number of items before the position, or `None` if the listing is not paged by offset.
    pub fn offset(&self) -> Option<i64> {
        match self.start {
            Start::Offset(offset) => Some(offset),
            _ => None,
        }
    }

    /// Returns the kind of the position, for messages.
    pub(super) fn name(&self) -> &'static str {
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
        let number = |text: &str| text.parse().map_err(|_| PositionError("expected a number"));
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
            // A link without a leading slash could refer to another host.
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

/// Omits cursors and links, which may contain secrets.
impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.start {
            Start::Cursor(_) | Start::Link(_) => {
                f.debug_struct("Position").field("at", &self.name()).field("taken", &self.taken).finish_non_exhaustive()
            }
            _ => write!(f, "Position({self})"),
        }
    }
}
