//! Conversions from and to the types of the crate `time`.

use std::fmt::Write;

use time::error::{Parse, ParseFromDescription};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::{Date, DateTime};

impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Date> for time::Date {
    type Error = Parse;

    fn try_from(date: &Date) -> Result<Self, Parse> {
        Self::parse(date.as_str(), &Iso8601::DATE)
    }
}

/// Keeps the UTC offset. A time whose offset has seconds, which RFC 3339 does not allow, is converted to UTC.
impl From<OffsetDateTime> for DateTime {
    fn from(time: OffsetDateTime) -> Self {
        let has_seconds = time.offset().seconds_past_minute() != 0;
        let time = if has_seconds { time.checked_to_offset(UtcOffset::UTC).unwrap_or(time) } else { time };
        let Self(mut text) = Self::from(PrimitiveDateTime::new(time.date(), time.time()));
        let (hours, minutes, _) = time.offset().as_hms();
        let sign = if time.offset().is_negative() { '-' } else { '+' };
        // Writing to a string does not fail.
        let _ = match (hours, minutes) {
            (0, 0) => write!(text, "Z"),
            _ => write!(text, "{sign}{:02}:{:02}", hours.abs(), minutes.abs()),
        };
        Self(text)
    }
}

/// Creates a date and time without a UTC offset, for servers that omit the offset.
impl From<PrimitiveDateTime> for DateTime {
    fn from(time: PrimitiveDateTime) -> Self {
        let (hour, minute, second, nanosecond) = time.as_hms_nano();
        let mut text = format!("{}T{hour:02}:{minute:02}:{second:02}", time.date());
        if nanosecond > 0 {
            let fraction = format!(".{nanosecond:09}");
            text.push_str(fraction.trim_end_matches('0'));
        }
        Self(text)
    }
}

/// Fails if the string has no UTC offset, see [`DateTime::has_offset`].
impl TryFrom<&DateTime> for OffsetDateTime {
    type Error = Parse;

    fn try_from(time: &DateTime) -> Result<Self, Parse> {
        Self::parse(time.as_str(), &Rfc3339)
    }
}

/// Fails if the string has a UTC offset, see [`DateTime::has_offset`].
impl TryFrom<&DateTime> for PrimitiveDateTime {
    type Error = Parse;

    fn try_from(time: &DateTime) -> Result<Self, Parse> {
        // The parser ignores UTC offsets.
        if time.has_offset() {
            return Err(Parse::ParseFromDescription(ParseFromDescription::InvalidComponent("offset")));
        }
        Self::parse(time.as_str(), &Iso8601::DATE_TIME)
    }
}
