//! Serialization of numbers without an unnecessary fraction: the `f64` 5.0 is written as `5`.
//!
//! `serde_json` alone would write `5.0`, which is rejected by servers that expect an integer.

use std::collections::BTreeMap;

use serde::ser::{Error as _, Serialize, Serializer};

use super::maybe::Maybe;
use super::sealed::Sealed;

/// 2^53: an `f64` represents all integers up to this number exactly.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the number as an integer, or `None` if the number has a fraction or its absolute value exceeds 2^53.
pub(crate) fn as_integer(number: f64) -> Option<i64> {
    // The cast loses nothing within these bounds.
    (number.fract() == 0.0 && number.abs() <= MAX_EXACT).then_some(number as i64)
}

/// The error message for numbers that JSON cannot represent.
pub(super) const NOT_FINITE: &str = "NaN and infinite numbers cannot be sent";

/// A number, or an optional number, array or map of numbers.
pub trait Numeric: Sealed {
    /// Serializes the numbers. Integral values are written without a fraction: `5` instead of `5.0`.
    ///
    /// # Errors
    ///
    /// A number is not finite, or the serializer fails.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Serializes numbers, for `#[serde(serialize_with = "…")]`. Integral values are written without a fraction: `5`
/// instead of `5.0`.
///
/// # Errors
///
/// A number is not finite (`serde_json` would write `null`), or the serializer fails.
pub fn serialize<T: Numeric + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// A wrapper that implements `Serialize` for a [`Numeric`] value.
pub struct Written<'a, T: ?Sized>(pub &'a T);

impl<T: Numeric + ?Sized> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl Numeric for f64 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            return Err(S::Error::custom(NOT_FINITE));
        }
        match as_integer(*self) {
            Some(integer) => serializer.serialize_i64(integer),
            None => serializer.serialize_f64(*self),
        }
    }
}

impl<T: Numeric> Numeric for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Written(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: Numeric> Numeric for Maybe<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().map(Written).serialize(serializer)
    }
}

impl<T: Numeric> Numeric for Vec<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<K: Serialize, T: Numeric> Numeric for BTreeMap<K, T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, Written(value))))
    }
}
