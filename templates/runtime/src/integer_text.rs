//! Defines integers that servers send as strings, because JavaScript rounds integers of more than 53 bits.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// An integer that is serialized as a string: `"42"`. Deserialization also accepts numbers such as `42`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct IntegerText<T>(pub T);

/// An integer that is serialized as a number: `42`. Deserialization also accepts strings such as `"42"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct IntegerOrText<T>(pub T);

/// Implements the methods that both types have.
macro_rules! integer {
    ($name:ident, $serialize:expr, $bound:path) => {
        impl<T: Copy> $name<T> {
            /// Returns the integer.
            pub fn get(self) -> T {
                self.0
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }

        impl<T: PartialEq> PartialEq<T> for $name<T> {
            fn eq(&self, other: &T) -> bool {
                self.0 == *other
            }
        }

        impl<T: fmt::Display> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<T: FromStr> FromStr for $name<T> {
            type Err = T::Err;

            fn from_str(text: &str) -> Result<Self, T::Err> {
                text.parse().map(Self)
            }
        }

        impl<T: $bound> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $serialize(&self.0, serializer)
            }
        }

        impl<'de, T: FromStr + TryFrom<i128>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Integer(PhantomData)).map(Self)
            }
        }
    };
}

integer!(IntegerText, |value: &T, serializer: S| serializer.collect_str(value), fmt::Display);
integer!(IntegerOrText, Serialize::serialize, Serialize);

/// Accepts an integer as a number or as a string.
struct Integer<T>(PhantomData<T>);

impl<T: FromStr + TryFrom<i128>> Integer<T> {
    fn of<E: Error>(value: i128) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::custom(format_args!("the integer {value} is out of range")))
    }
}

impl<T: FromStr + TryFrom<i128>> Visitor<'_> for Integer<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, or a string that contains an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Self::of(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::of(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<T, E> {
        Self::of(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        match super::number::as_integer(value) {
            Some(integer) => Self::of(integer.into()),
            None => Err(E::invalid_value(serde::de::Unexpected::Float(value), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}
