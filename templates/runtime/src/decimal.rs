//! Decimal numbers that preserve all digits. An `f64` would round amounts of money and measurements.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::digits::DIGITS_OF;
use super::wire_value::serialize_json;

/// A decimal number that preserves its notation: `12.50` stays `12.50` and is not equal to `12.5`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// The error for a string that is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number in JSON notation, such as `-12.50`")]
pub struct DecimalError(String);

impl Decimal {
    /// Returns the number in its original notation.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a number from a literal in generated code.
    #[doc(hidden)]
    pub fn literal(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        // Rust parses every JSON number; numbers out of range become infinite.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && text.ends_with(|last: char| last.is_ascii_digit())
            && serde_json::from_str::<&RawValue>(text).is_ok();
        if is_number { Ok(Self(text.to_owned())) } else { Err(DecimalError(text.to_owned())) }
    }
}

impl From<i32> for Decimal {
    fn from(number: i32) -> Self {
        Self(number.to_string())
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_json(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(DIGITS_OF, DecimalVisitor)
    }
}

struct DecimalVisitor;

impl<'de> Visitor<'de> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decimal, D::Error> {
        let value = Box::<RawValue>::deserialize(deserializer)?;
        value.get().parse().map_err(D::Error::custom)
    }

    fn visit_bytes<E: Error>(self, digits: &[u8]) -> Result<Decimal, E> {
        let not_a_number = || E::custom("not a number");
        let digits = std::str::from_utf8(digits).map_err(|_| not_a_number())?;
        // The string may be a secret: the error does not quote it.
        digits.parse().map_err(|_| not_a_number())
    }
}
