//! Deserialization of `null` as an empty array or map, because some servers, particularly those written in Go, send
//! `null` for an empty array.
//!
//! This applies only to types that request an array or a map from the deserializer: `Option` handles `null` itself, and
//! generated structs request a struct.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, Visitor};

/// A deserializer that reads `null` as an empty array or map. `null` items within an array or map remain `null`.
pub struct NullIsEmpty<D>(pub D);

/// Implements the deserializer methods for types other than arrays and maps: calls are forwarded unchanged.
macro_rules! forward {
    ($($method:ident($($argument:ident: $ty:ty),*),)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* visitor)
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for NullIsEmpty<D> {
    type Error = D::Error;

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Array(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Map(visitor))
    }

    forward! {
        deserialize_any(), deserialize_bool(), deserialize_i8(), deserialize_i16(), deserialize_i32(),
        deserialize_i64(), deserialize_i128(), deserialize_u8(), deserialize_u16(), deserialize_u32(),
        deserialize_u64(), deserialize_u128(), deserialize_f32(), deserialize_f64(), deserialize_char(),
        deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(), deserialize_option(),
        deserialize_unit(), deserialize_identifier(), deserialize_ignored_any(),
        deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str),
        deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// A visitor that accepts an array, or `null` as an empty array.
pub struct Array<V>(pub V);

/// A visitor that accepts a map, or `null` as an empty map.
pub struct Map<V>(pub V);

macro_rules! null_visitor {
    ($name:ident, $deserialize:ident, $visit:ident, $access:ident of $item:ty) => {
        impl<'de, V: Visitor<'de>> Visitor<'de> for $name<V> {
            type Value = V::Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.expecting(f)
            }

            fn visit_none<E: Error>(self) -> Result<V::Value, E> {
                self.0.$visit($access::new(std::iter::empty::<$item>()))
            }

            fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
                self.visit_none()
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
                deserializer.$deserialize(self.0)
            }
        }
    };
}

null_visitor!(Array, deserialize_seq, visit_seq, SeqDeserializer of ());
null_visitor!(Map, deserialize_map, visit_map, MapDeserializer of ((), ()));
