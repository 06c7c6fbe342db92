//! Numbers as JSON writes them: a whole one has no fraction.
//!
//! In: an `f64`, alone or in lists and maps. Out: `5`, where serde alone would write `5.0`, which servers refuse that read
//! the number as an integer.

use std::collections::BTreeMap;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::maybe::Maybe;

/// Up to here an `f64` holds every integer: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The integer that a number is; `None` where it has a fraction or is too large to be sure.
pub(crate) fn whole(number: f64) -> Option<i64> {
    // The cast loses nothing within these bounds.
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Writes each number of a value that is an integer as one, and says whether there was any to change.
// A value nests no deeper than its reader allows.
pub(super) fn make_whole(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => {
            let integer = number.as_f64().filter(|_| number.is_f64()).and_then(whole);
            if let Some(integer) = integer {
                *number = integer.into();
            }
            integer.is_some()
        }
        // Every one of them, not only up to the first.
        Value::Array(elements) => elements.iter_mut().fold(false, |changed, element| make_whole(element) | changed),
        Value::Object(members) => members.values_mut().fold(false, |changed, member| make_whole(member) | changed),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// A number, or what holds numbers.
pub trait Numeric {
    /// Writes it, whole numbers without a fraction.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Serializes numbers, whole ones without a fraction: for `#[serde(serialize_with = "…")]`.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<T: Numeric + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// Lets serde write what is numeric.
pub(super) struct Written<'a, T: ?Sized>(pub(super) &'a T);

impl<T: Numeric + ?Sized> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl Numeric for f64 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
