//! Numbers as JSON writes them: a whole one has no fraction.
//!
//! In: an `f64`, alone or in lists and maps. Out: `5`, where serde alone would write `5.0`, which servers refuse that read
//! the number as an integer.

use std::collections::BTreeMap;

use serde::ser::{Error as _, Serialize, Serializer};

use super::maybe::Maybe;

/// Up to here an `f64` holds every integer: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The integer that a number is; `None` where it has a fraction or is too large to be sure.
pub(crate) fn whole(number: f64) -> Option<i64> {
    // The cast loses nothing within these bounds.
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Why a number cannot be sent that JSON has no text for.
pub(super) const NOT_FINITE: &str = "NaN and infinite numbers cannot be sent";

/// A number, or what holds numbers.
pub trait Numeric {
    /// Writes it, whole numbers without a fraction.
    ///
    /// # Errors
    ///
    /// A number is not finite; those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Serializes numbers, whole ones without a fraction: for `#[serde(serialize_with = "…")]`.
///
/// # Errors
///
/// A number is not finite, where `serde_json` would write `null`; those of the serializer.
pub fn serialize<T: Numeric + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// Lets serde write what is numeric.
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
        match whole(*self) {
            Some(whole) => serializer.serialize_i64(whole),
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

impl<T: Numeric> Numeric for BTreeMap<String, T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, Written(value))))
    }
}
