//! Conversions from and to the types of the crate `chrono`.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Offset, ParseError, SecondsFormat, TimeZone, Utc};

use super::{Date, DateTime};

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Date> for NaiveDate {
    type Error = ParseError;

    fn try_from(date: &Date) -> Result<Self, ParseError> {
        date.as_str().parse()
    }
}

/// Keeps the UTC offset. RFC 3339 has no offsets with seconds, so that times with such an offset are written in UTC.
impl<Z: TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(time: chrono::DateTime<Z>) -> Self {
        let offset = time.offset().fix();
        let time =
            if offset.local_minus_utc() % 60 == 0 { time.with_timezone(&offset) } else { time.to_utc().fixed_offset() };
        Self(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// Creates a date and time without a UTC offset, for servers that omit the offset.
impl From<NaiveDateTime> for DateTime {
    fn from(time: NaiveDateTime) -> Self {
        Self(time.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
    }
}

/// Fails if the string has no UTC offset, see [`DateTime::has_offset`].
impl TryFrom<&DateTime> for chrono::DateTime<FixedOffset> {
    type Error = ParseError;

    fn try_from(time: &DateTime) -> Result<Self, ParseError> {
        time.as_str().parse()
    }
}

/// Fails if the string has no UTC offset, see [`DateTime::has_offset`].
impl TryFrom<&DateTime> for chrono::DateTime<Utc> {
    type Error = ParseError;

    fn try_from(time: &DateTime) -> Result<Self, ParseError> {
        time.as_str().parse()
    }
}

/// Fails if the string has a UTC offset, see [`DateTime::has_offset`].
impl TryFrom<&DateTime> for NaiveDateTime {
    type Error = ParseError;

    fn try_from(time: &DateTime) -> Result<Self, ParseError> {
        time.as_str().parse()
    }
}
