//! Date and time types that preserve the string received from the server.
//!
//! The string is parsed with `jiff` only on demand. Parsing it while a response is decoded would reject valid
//! responses: `9999-12-31T23:59:59Z`, which means "never" in certificates, exceeds the range of `jiff::Timestamp`, and
//! some servers omit the UTC offset.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::tally;

/// A date, stored as a string such as `2026-03-01`.
///
/// Dates are ordered chronologically; strings that are not dates come last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Date(String);

impl Date {
    /// Returns the date as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the string as a date.
    ///
    /// # Errors
    ///
    /// The string is not an ISO 8601 date.
    pub fn date(&self) -> Result<jiff::civil::Date, jiff::Error> {
        self.0.parse()
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let date = String::deserialize(deserializer).map(Self)?;
        tally::note_unless(|| date.date().is_ok());
        Ok(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Date {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Date {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Date {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date.to_string())
    }
}

/// A date and time, stored as a string such as `2026-03-01T12:00:00Z`.
///
/// Values are equal if their strings are equal. They are ordered by their [`timestamp`](Self::timestamp). Values
/// without a timestamp come last, ordered by their [`civil`](Self::civil) time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
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
    pub fn civil(&self) -> Result<jiff::civil::DateTime, jiff::Error> {
        // jiff does not parse a string with `Z` as a civil time.
        self.offset_start().and_then(|start| self.0.get(..start)).unwrap_or(&self.0).parse()
    }

    /// Returns whether the string has a UTC offset, e.g. `Z` or `+01:00`.
    pub fn has_offset(&self) -> bool {
        self.offset_start().is_some()
    }

    /// Returns the byte index of the UTC offset. The search starts after the `T`, because the date contains `-` too.
    fn offset_start(&self) -> Option<usize> {
        let time = self.0.find(['T', 't', ' '])?.checked_add(1)?;
        let offset = self.0.get(time..)?.find(['Z', 'z', '+', '-'])?;
        time.checked_add(offset)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = String::deserialize(deserializer).map(Self)?;
        tally::note_unless(|| time.civil().is_ok());
        Ok(time)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for DateTime {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<jiff::Timestamp> for DateTime {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.to_string())
    }
}

/// Creates a date and time without a UTC offset, for servers that omit the offset.
impl From<jiff::civil::DateTime> for DateTime {
    fn from(civil: jiff::civil::DateTime) -> Self {
        Self(civil.to_string())
    }
}

/// Compares two values by their points in time. Values without a point in time come last. If the points in time are
/// equal, or both are missing, compares the texts: values are equal only if their texts are equal.
fn compare<T: Ord>(left: (Option<T>, &str), right: (Option<T>, &str)) -> Ordering {
    let ((left, left_text), (right, right_text)) = (left, right);
    let by_time = match (left, right) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_time.then_with(|| left_text.cmp(right_text))
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> Ordering {
        compare((self.date().ok(), &self.0), (other.date().ok(), &other.0))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.timestamp().ok(), other.timestamp().ok()) {
            (None, None) => compare((self.civil().ok(), &self.0), (other.civil().ok(), &other.0)),
            (left, right) => compare((left, &self.0), (right, &other.0)),
        }
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<&Date> for jiff::civil::Date {
    type Error = jiff::Error;

    /// See [`Date::date`].
    fn try_from(date: &Date) -> Result<Self, jiff::Error> {
        date.date()
    }
}

impl TryFrom<&DateTime> for jiff::Timestamp {
    type Error = jiff::Error;

    /// See [`DateTime::timestamp`].
    fn try_from(time: &DateTime) -> Result<Self, jiff::Error> {
        time.timestamp()
    }
}
