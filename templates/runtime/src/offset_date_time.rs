//! A date and time of the crate `time` in the JSON form of RFC 3339.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DateTime;

/// A [`time::OffsetDateTime`] that is serialized as a `date-time` of RFC 3339: `2026-03-01T12:00:00Z`.
///
/// The type of `time` has another serialized form, so fields have this type instead. It dereferences to the type of
/// `time`, and converts from and to it:
///
/// ```text
/// let expires = OffsetDateTime::from(time::OffsetDateTime::now_utc());
/// let year = expires.year();
/// ```
///
/// Text without a UTC offset, or beyond the range of `time`, is not deserialized, which is a decode error of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OffsetDateTime(pub time::OffsetDateTime);

impl Deref for OffsetDateTime {
    type Target = time::OffsetDateTime;

    fn deref(&self) -> &time::OffsetDateTime {
        &self.0
    }
}

impl DerefMut for OffsetDateTime {
    fn deref_mut(&mut self) -> &mut time::OffsetDateTime {
        &mut self.0
    }
}

impl From<time::OffsetDateTime> for OffsetDateTime {
    fn from(time: time::OffsetDateTime) -> Self {
        Self(time)
    }
}

impl From<OffsetDateTime> for time::OffsetDateTime {
    fn from(time: OffsetDateTime) -> Self {
        time.0
    }
}

/// Writes the form of RFC 3339.
impl fmt::Display for OffsetDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DateTime::from(self.0).fmt(f)
    }
}

/// Parses the form of RFC 3339. A UTC offset is required.
impl FromStr for OffsetDateTime {
    type Err = time::error::Parse;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        time::OffsetDateTime::try_from(&DateTime::unvalidated(text)).map(Self)
    }
}

impl Serialize for OffsetDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DateTime::from(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OffsetDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = DateTime::deserialize(deserializer)?;
        time::OffsetDateTime::try_from(&time).map(Self).map_err(D::Error::custom)
    }
}
