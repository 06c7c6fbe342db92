//! [`WireValue`], a JSON value from which parameters, forms and multipart parts are encoded.
//!
//! Unlike in [`serde_json::Value`], numbers preserve all digits and objects preserve the order of their properties.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::node::Node;
use super::wire_serializer::WireSerializer;

/// A JSON value.
#[derive(Debug, Clone)]
pub enum WireValue {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as written in JSON.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<WireValue>),
    /// An object, with its properties in the order of serialization.
    Object(Vec<(String, WireValue)>),
}

impl WireValue {
    /// Converts a value by serializing it.
    ///
    /// # Errors
    ///
    /// The value contains a number that is not finite, or cannot be serialized.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        value.serialize(WireSerializer)
    }

    /// Parses JSON.
    ///
    /// # Errors
    ///
    /// The text is not valid JSON.
    pub(super) fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::from(&serde_json::from_str::<Node>(text)?))
    }

    /// Returns the value as JSON.
    pub fn to_json(&self) -> String {
        // Cannot fail: names are strings and numbers are finite.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the string, or `None` if the value is not a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of an array, or an empty slice for other values.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Returns a property of an object, or `None` if it is missing or the value is not an object.
    #[cfg(feature = "mock")]
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(properties) => properties.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Compares values; the order of properties is ignored.
impl PartialEq for WireValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Number(one), Self::Number(other)) | (Self::String(one), Self::String(other)) => one == other,
            (Self::Array(one), Self::Array(other)) => one == other,
            (Self::Object(one), Self::Object(other)) => {
                one.len() == other.len() && one.iter().all(|property| other.contains(property))
            }
            _ => false,
        }
    }
}

impl Serialize for WireValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Number(number) => serialize_json(number, serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(properties) => {
                let mut map = serializer.serialize_map(Some(properties.len()))?;
                for (name, value) in properties {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// Serializes JSON text unchanged, to preserve all digits of the numbers in it.
pub(super) fn serialize_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(json.to_owned()).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// Shows the value as JSON.
impl fmt::Display for WireValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl From<&Node> for WireValue {
    fn from(node: &Node) -> Self {
        match node {
            Node::Leaf(Value::Bool(boolean)) => Self::Boolean(*boolean),
            Node::Leaf(Value::Number(number)) => Self::Number(number.to_string()),
            Node::Leaf(Value::String(text)) => Self::String(text.clone()),
            Node::Leaf(_) => Self::Null,
            Node::Digits(number) => Self::Number(number.to_string()),
            Node::Array(nested) => Self::Array(nested.content.iter().map(Self::from).collect()),
            Node::Object(nested) => {
                let properties = nested.content.iter().map(|(name, property)| (name.clone(), Self::from(property)));
                Self::Object(properties.collect())
            }
        }
    }
}

/// Returns a value as plain text: empty for `null`, and JSON for booleans, arrays and objects.
pub(crate) fn text_of(value: &WireValue) -> Cow<'_, str> {
    match value {
        WireValue::Null => "".into(),
        WireValue::String(text) | WireValue::Number(text) => text.into(),
        WireValue::Boolean(_) | WireValue::Array(_) | WireValue::Object(_) => value.to_json().into(),
    }
}
