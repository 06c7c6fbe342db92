//! [`Maybe`], the value of a property that may be absent, `null` or set.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of an optional, nullable property.
///
/// APIs may distinguish between an absent property and `null`: for example, in a `PATCH` request, an absent property
/// remains unchanged and `null` deletes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Maybe<T> {
    /// The property is absent.
    #[default]
    Absent,
    /// The property is `null`.
    Null,
    /// The property has a value.
    Value(T),
}

impl<T> Maybe<T> {
    /// Converts `None` to [`Maybe::Null`], so that the property is sent.
    pub fn or_null(value: Option<T>) -> Self {
        value.map_or(Maybe::Null, Maybe::Value)
    }

    /// Converts `None` to [`Maybe::Absent`], so that the property is not sent.
    pub fn or_absent(value: Option<T>) -> Self {
        value.map_or(Maybe::Absent, Maybe::Value)
    }

    /// Returns whether the property is absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Maybe::Absent)
    }

    /// Returns whether the property is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Maybe::Null)
    }

    /// Returns the value, if there is one.
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Maybe::Value(value) => Some(value),
            Maybe::Absent | Maybe::Null => None,
        }
    }

    /// Returns the value, if there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Maybe::Value(value) => Some(value),
            Maybe::Absent | Maybe::Null => None,
        }
    }
}

/// Converts a value, so that setters accept it directly. Use [`Maybe::Null`] or [`Maybe::Absent`] for the other cases.
/// There is no conversion from `Option`, because `None` could mean either.
impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Maybe::Value(value)
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Maybe::Value(value) => serializer.serialize_some(value),
            Maybe::Absent | Maybe::Null => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Self::or_null)
    }
}
