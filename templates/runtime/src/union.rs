//! What generated unions decide by: the JSON type of a value, a member it has, the value of a member.
//!
//! In: a `serde_json::Value`. Out: which arm reads it, the arm's value, or [`UnknownJson`] as it came.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The type of a JSON value, as JSON Schema counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number written without fraction or exponent.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// The type of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(number) if number.is_i64() || number.is_u64() => JsonType::Integer,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }
}

/// A value that no arm of a union knows; it goes back as it came.
#[derive(Clone, PartialEq)]
pub struct UnknownJson(Value);

/// Shows the JSON type alone: nobody knows which members of it are secrets.
impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownJson").field(&JsonType::of(&self.0)).finish()
    }
}

impl UnknownJson {
    // Not public: a caller could hide a known value in it. Unused where a spec has no union.
    #[allow(dead_code)]
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads the value of one arm; the message of a failure keeps the JSON path within it.
///
/// # Errors
///
/// The value does not fit the arm.
pub fn arm<T: DeserializeOwned, E: serde::de::Error>(value: Value) -> Result<T, E> {
    read(value)
}

/// Reads the value of an arm that a member tells. Where it does not fit, an arm behind this one may have a member of that
/// name without saying so; what is wrong is kept for the case that none takes the value.
pub fn told<T: DeserializeOwned, E: serde::de::Error>(value: &Value, refused: &mut Option<E>) -> Option<T> {
    match read(value) {
        Ok(value) => Some(value),
        Err(error) => {
            refused.get_or_insert(error);
            None
        }
    }
}

/// Reads a value; the message of a failure keeps the JSON path within it.
fn read<'de, T: DeserializeOwned, E: serde::de::Error>(value: impl Deserializer<'de>) -> Result<T, E> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        // A lone `.` is serde_path_to_error's name of the root.
        if path == "." { E::custom(error.inner()) } else { E::custom(format_args!("at {path}: {}", error.inner())) }
    })
}

/// Arms that nothing tells apart: those that fit a value, and which of them keeps most of it.
pub struct Trial<U> {
    value: Value,
    /// How much the arm read last does not keep.
    lost: usize,
    best: Option<(usize, U)>,
}

impl<U> Trial<U> {
    /// What fits the value is still to be found.
    pub fn new(value: Value) -> Self {
        Self { value, lost: 0, best: None }
    }

    /// The value of an arm, where it fits and keeps more than any before.
    pub fn read<T: DeserializeOwned + Serialize>(&mut self) -> Option<T> {
        let least = self.best.as_ref().map(|(lost, _)| *lost);
        if least == Some(0) {
            return None;
        }
        let value: T = serde_json::from_value(self.value.clone()).ok()?;
        self.lost = lost(&self.value, &serde_json::to_value(&value).ok()?);
        least.is_none_or(|least| self.lost < least).then_some(value)
    }

    /// Takes the arm that was read last.
    pub fn fits(&mut self, arm: U) {
        self.best = Some((self.lost, arm));
    }

    /// The best of what fits.
    ///
    /// # Errors
    ///
    /// Nothing does: the value as it came.
    pub fn found(self) -> Result<U, UnknownJson> {
        self.best.map(|(_, arm)| arm).ok_or(UnknownJson(self.value))
    }
}

/// How many members and elements of a value are missing in another. (A `null` that is missing is no loss.)
fn lost(value: &Value, kept: &Value) -> usize {
    match (value, kept) {
        (Value::Object(members), Value::Object(kept)) => members
            .iter()
            .map(|(name, member)| match kept.get(name) {
                Some(kept) => lost(member, kept),
                None => usize::from(!member.is_null()),
            })
            .sum(),
        (Value::Array(elements), Value::Array(kept)) => {
            elements.iter().zip(kept).map(|(element, kept)| lost(element, kept)).sum()
        }
        _ => 0,
    }
}

/// Whether the value is an object that has this member.
pub fn has_member(value: &Value, name: &str) -> bool {
    value.get(name).is_some()
}

/// Whether the value is an object whose member is this string.
pub fn member_is(value: &Value, name: &str, expected: &str) -> bool {
    value.get(name).and_then(Value::as_str) == Some(expected)
}

/// Whether what an object says of itself denotes another arm than its own: it is one of all values, and none of its arm's.
pub fn is_another(said: Option<&str>, own: &[&str], all: &[&str]) -> bool {
    said.is_some_and(|said| all.contains(&said) && !own.contains(&said))
}
