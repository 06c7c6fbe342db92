//! Arbitrary JSON values that preserve all digits of their numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::decode_budget;
use super::node::Node;
use super::union::JsonType;
use super::wire_value::serialize_json;

/// A JSON value that preserves all digits of its numbers, unlike [`Value`], which rounds them to 64 bits.
///
/// ```text
/// let place = Place::new().other_properties([("town", ExactJson::from("Ulm"))]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ExactJson {
    value: Value,
    /// The value as JSON text, if it contains numbers that a [`Value`] rounds.
    exact: Option<String>,
}

/// Shows only the JSON type, because the value may contain secrets.
impl fmt::Debug for ExactJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ExactJson").field(&JsonType::of(&self.value)).finish()
    }
}

impl ExactJson {
    pub(super) fn of(node: &Node) -> Self {
        Self { value: node.to_value(), exact: node.holds_digits().then(|| node.to_json()) }
    }

    /// Returns the value. Numbers that do not fit into 64 bits are rounded in the returned [`Value`], but serialized
    /// unchanged by `ExactJson`.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl<T: Into<Value>> From<T> for ExactJson {
    fn from(value: T) -> Self {
        Self { value: value.into(), exact: None }
    }
}

impl Serialize for ExactJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.exact {
            Some(exact) => serialize_json(exact, serializer),
            None => self.value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ExactJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode_budget::hold::<Self>().map_err(D::Error::custom)?;
        Ok(Self::of(&Node::deserialize(deserializer)?))
    }
}
