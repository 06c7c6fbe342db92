//! Dates and times that keep the text they came as.
//!
//! In: a string of the wire or a `jiff` value. Out: the same string, and a `jiff` value on demand. Parsing on arrival
//! would lose answers: `9999-12-31T23:59:59Z`, the "never" of certificates, overflows `jiff::Timestamp`, and some
//! servers leave the offset out.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::tally;

/// A date, as the text that came: `2026-03-01`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Date(String);

impl Date {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date.
    ///
    /// # Errors
    ///
    /// The text is no ISO 8601 date.
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

/// A date and time, as the text that came: `2026-03-01T12:00:00Z`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment in time.
    ///
    /// # Errors
    ///
    /// The text is no ISO 8601 date and time, has no offset (see [`has_offset`](Self::has_offset)), or lies outside
    /// the range of [`jiff::Timestamp`]; [`civil`](Self::civil) reads the last two.
    pub fn timestamp(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.0.parse()
    }

    /// The date and time as written, the offset left aside.
    ///
    /// # Errors
    ///
    /// The text is no ISO 8601 date and time.
    pub fn civil(&self) -> Result<jiff::civil::DateTime, jiff::Error> {
        // jiff refuses to drop a `Z` in silence; here that is what is asked for.
        self.offset_start().and_then(|start| self.0.get(..start)).unwrap_or(&self.0).parse()
    }

    /// Whether the text has an offset: `Z` or `+01:00`.
    pub fn has_offset(&self) -> bool {
        self.offset_start().is_some()
    }

    /// Where the offset starts: only after the time, for the date has `-` too.
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

/// A date and time without an offset: for servers that leave it out.
impl From<jiff::civil::DateTime> for DateTime {
    fn from(civil: jiff::civil::DateTime) -> Self {
        Self(civil.to_string())
    }
}
