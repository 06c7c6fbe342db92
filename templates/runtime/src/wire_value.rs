//! A value on its way out: what parameters, forms and parts are made of.
//!
//! In: any value that serializes. Out: its JSON data, with every digit of a number and the properties of an object in the
//! order in which the value gives them. [`serde_json::Value`] has neither: it rounds numbers to 64 bits and sorts properties.

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
    /// A number as JSON writes it.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<WireValue>),
    /// An object: its properties in the order in which they are sent.
    Object(Vec<(String, WireValue)>),
}

impl WireValue {
    /// The data of a value.
    ///
    /// # Errors
    ///
    /// The value holds a number that is not finite, or cannot be serialized.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        value.serialize(WireSerializer)
    }

    /// The data of a JSON text.
    ///
    /// # Errors
    ///
    /// The text is no JSON.
    pub(super) fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::from(&serde_json::from_str::<Node>(text)?))
    }

    /// The JSON text of the value.
    pub fn to_json(&self) -> String {
        // Strings are the only names, and numbers are finite: there is nothing that JSON could not hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The string, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The property of an object.
    #[cfg(feature = "mock")]
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(properties) => properties.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Equal data: the order of properties makes no difference.
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

/// Writes a text of JSON as it is: a number with all its digits, or a value that holds such numbers.
pub(super) fn serialize_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(json.to_owned()).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// The JSON text.
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
