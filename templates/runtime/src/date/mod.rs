//! Date and time types that preserve the string received from the server.
//!
//! The string is parsed with `jiff` only on demand. Parsing it while a response is decoded would reject valid
//! responses: `9999-12-31T23:59:59Z`, which means "never" in certificates, exceeds the range of `jiff::Timestamp`, and
//! some servers omit the UTC offset. Values that users create are validated.

#[cfg(feature = "chrono")]
mod chrono;
mod error;
#[cfg(feature = "time")]
mod time;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, civil};
use serde::{Deserialize, Deserializer, Serialize};

use super::tally;

pub use error::ParseDateError;

/// A date, stored as a string such as `2026-03-01`.
///
/// Dates are created by parsing, or from values of `jiff`, and with the features `chrono` and `time` of these crates:
///
/// ```text
/// let date: Date = "2026-03-01".parse()?;
/// let date = Date::from(jiff::civil::date(2026, 3, 1));
/// ```
///
/// Strings that a server sends are not validated. Dates are ordered chronologically; strings that are not dates come
/// last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Date(String);

impl Date {
    /// Creates a value from any string, for servers that expect something other than dates of RFC 3339.
    pub fn unvalidated(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the date as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the string as a date.
    ///
    /// # Errors
    ///
    /// The string is not an ISO 8601 date.
    pub fn date(&self) -> Result<civil::Date, jiff::Error> {
        self.0.parse()
    }

    /// Returns the reason if a string is not a `full-date` of RFC 3339.
    fn validate(text: &str) -> Result<(), ParseDateError> {
        let error = |reason: String| ParseDateError::new(text, "a date", reason);
        if !has_shape(text, "0000-00-00") {
            return Err(error("expected the form `2026-03-01`".to_owned()));
        }
        text.parse::<civil::Date>().map(drop).map_err(|cause| error(cause.to_string()))
    }
}

/// A date and time, stored as a string such as `2026-03-01T12:00:00Z`.
///
/// Values are created by parsing, or from values of `jiff`, and with the features `chrono` and `time` of these crates:
///
/// ```text
/// let time: DateTime = "2026-03-01T12:00:00Z".parse()?;
/// let time = DateTime::from(jiff::Timestamp::now());
/// ```
///
/// Strings that a server sends are not validated. Values are equal if their strings are equal. They are ordered by the
/// point in time. Values without a point in time come last, ordered by their [`civil`](Self::civil) time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// Creates a value from any string, for servers that expect something other than dates and times of RFC 3339.
    pub fn unvalidated(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the date and time as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the string as a point in time.
    ///
    /// # Errors
    ///
    /// The string is not an ISO 8601 date and time, has no offset (see [`has_offset`](Self::has_offset)), or is outside
    /// the range of [`jiff::Timestamp`]. In the last two cases, use [`civil`](Self::civil).
    pub fn timestamp(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.0.parse()
    }

    /// Parses the string as a date and time without time zone, ignoring the UTC offset.
    ///
    /// # Errors
    ///
    /// The string is not an ISO 8601 date and time.
    pub fn civil(&self) -> Result<civil::DateTime, jiff::Error> {
        Pieces::parse(&self.0).map(|pieces| civil_time(&pieces))
    }

    /// Returns whether the string has a UTC offset, e.g. `Z` or `+01:00`.
    pub fn has_offset(&self) -> bool {
        Pieces::parse(&self.0).is_ok_and(|pieces| pieces.to_numeric_offset().is_some())
    }

    /// Returns the reason if a string is not a `date-time` of RFC 3339.
    fn validate(text: &str) -> Result<(), ParseDateError> {
        let error = |reason: String| ParseDateError::new(text, "a date and time", reason);
        let form = || error("expected the form `2026-03-01T12:00:00Z` or `2026-03-01T12:00:00.5+01:00`".to_owned());
        let (start, rest) = text.split_at_checked("0000-00-00T00:00:00".len()).ok_or_else(form)?;
        if !has_shape(start, "0000-00-00T00:00:00") {
            return Err(form());
        }
        let offset = match rest.strip_prefix('.') {
            Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
            None => rest,
        };
        match offset {
            "" => return Err(error("the UTC offset is missing, e.g. `Z` or `+01:00`".to_owned())),
            "Z" | "z" => {}
            _ if has_shape(offset, "+00:00") || has_shape(offset, "-00:00") => {}
            _ => return Err(form()),
        }
        Pieces::parse(text).map(drop).map_err(|cause| error(cause.to_string()))
    }
}

/// Returns whether a string matches a pattern, in which `0` matches any digit, and `T` also matches `t`.
fn has_shape(text: &str, pattern: &str) -> bool {
    let fits = |(byte, expected): (u8, u8)| match expected {
        b'0' => byte.is_ascii_digit(),
        _ => byte.to_ascii_uppercase() == expected,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// Returns the date and time without the UTC offset. A date without a time is its midnight.
fn civil_time(pieces: &Pieces<'_>) -> civil::DateTime {
    pieces.date().to_datetime(pieces.time().unwrap_or_else(civil::Time::midnight))
}

/// The position of a date and time in the order. Values without a point in time come last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Position {
    /// The time since the beginning of 1970 in UTC. Unlike [`jiff::Timestamp`], it includes all offsets of year 9999.
    Instant(SignedDuration),
    /// A date and time without a UTC offset.
    Civil(civil::DateTime),
    /// Not a date and time.
    Text,
}

impl Position {
    fn of(time: &DateTime) -> Self {
        let Ok(pieces) = Pieces::parse(&time.0) else { return Self::Text };
        let civil = civil_time(&pieces);
        let Some(offset) = pieces.to_numeric_offset() else { return Self::Civil(civil) };
        let local = civil.duration_since(civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
        Self::Instant(local.saturating_sub(SignedDuration::from_secs(offset.seconds().into())))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        // Equal points in time may be written differently.
        Position::of(self).cmp(&Position::of(other)).then_with(|| self.0.cmp(&other.0))
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let by_date = match (self.date(), other.date()) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => Ordering::Equal,
        };
        by_date.then_with(|| self.0.cmp(&other.0))
    }
}

/// Implements the traits that both types have in common.
macro_rules! date {
    ($name:ident, $is_valid:expr) => {
        impl FromStr for $name {
            type Err = ParseDateError;

            fn from_str(text: &str) -> Result<Self, ParseDateError> {
                Self::validate(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = ParseDateError;

            fn try_from(text: &str) -> Result<Self, ParseDateError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseDateError;

            fn try_from(text: String) -> Result<Self, ParseDateError> {
                Self::validate(&text).map(|()| Self(text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = String::deserialize(deserializer).map(Self)?;
                tally::note_unless(|| $is_valid(&value));
                Ok(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
    };
}

date!(Date, |date: &Date| date.date().is_ok());
date!(DateTime, |time: &DateTime| time.civil().is_ok());

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Date> for civil::Date {
    type Error = jiff::Error;

    /// See [`Date::date`].
    fn try_from(date: &Date) -> Result<Self, jiff::Error> {
        date.date()
    }
}

impl From<jiff::Timestamp> for DateTime {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.to_string())
    }
}

/// Creates a date and time without a UTC offset, for servers that omit the offset.
impl From<civil::DateTime> for DateTime {
    fn from(civil: civil::DateTime) -> Self {
        Self(civil.to_string())
    }
}

impl TryFrom<&DateTime> for jiff::Timestamp {
    type Error = jiff::Error;

    /// See [`DateTime::timestamp`].
    fn try_from(time: &DateTime) -> Result<Self, jiff::Error> {
        time.timestamp()
    }
}
