//! A deserializer that limits memory and nesting depth: it charges the [budget](super::decode_budget) of a response
//! body for the memory of each array element and map entry.
//!
//! The deserializer wraps any other deserializer, and also reads `null` as an [empty array or
//! map](super::null_collection). Fields of a struct are not charged, because the memory of the struct includes them:
//! they are read by [`Filled`], whose value `()` has size zero.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::decode_budget::{self, ListMemory, MapMemory};
use super::node::SERDE_JSON_PRIVATE;
use super::null_collection::{self, NullIsEmpty};

/// A wrapper of a deserializer, visitor or seed that charges the memory of array elements and map entries.
pub struct Counted<I>(pub I);

/// A seed that deserializes the value of a struct field. The field's memory is not charged, because it was charged with
/// the struct.
pub struct Filled<'s, T>(pub &'s mut Option<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Filled<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        decode_budget::prepay(size_of::<T>());
        *self.0 = Some(T::deserialize(NullIsEmpty(deserializer))?);
        Ok(())
    }
}

/// Implements the deserializer methods for values without nested values: forwards the visitor unchanged.
macro_rules! plain {
    ($($method:ident,)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(visitor)
        })+
    };
}

/// Implements the deserializer methods for values that may have nested values: wraps the visitor in [`Counted`].
macro_rules! counted {
    ($($method:ident($($argument:ident: $ty:ty),*),)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* Counted(visitor))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Counted<D> {
    type Error = D::Error;

    plain! {
        deserialize_bool, deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64, deserialize_i128,
        deserialize_u8, deserialize_u16, deserialize_u32, deserialize_u64, deserialize_u128, deserialize_f32,
        deserialize_f64, deserialize_char, deserialize_str, deserialize_string, deserialize_bytes,
        deserialize_byte_buf, deserialize_unit, deserialize_identifier, deserialize_ignored_any,
    }

    counted! {
        deserialize_any(),
        deserialize_option(),
        deserialize_unit_struct(name: &'static str),
        deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(null_collection::Array(Counted(visitor)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(null_collection::Map(Counted(visitor)))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        // serde_json represents a raw value as a map with one entry. That map is not counted, because the decoded type
        // does not contain it.
        if name.starts_with(SERDE_JSON_PRIVATE) {
            return self.0.deserialize_newtype_struct(name, visitor);
        }
        self.0.deserialize_newtype_struct(name, Counted(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// Implements the visitor methods for values without nested values: forwards the value unchanged.
macro_rules! forwarded {
    ($($method:ident($ty:ty),)+) => {
        $(fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.0.$method(value)
        })+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Counted<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    forwarded! {
        visit_bool(bool), visit_i64(i64), visit_i128(i128), visit_u64(u64), visit_u128(u128), visit_f64(f64),
        visit_char(char), visit_str(&str), visit_borrowed_str(&'de str), visit_string(String), visit_bytes(&[u8]),
        visit_borrowed_bytes(&'de [u8]), visit_byte_buf(Vec<u8>),
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Counted(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Counted(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        let _level = decode_budget::enter().map_err(A::Error::custom)?;
        self.0.visit_seq(Elements { inner: elements, memory: ListMemory::EMPTY })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let _level = decode_budget::enter().map_err(A::Error::custom)?;
        self.0.visit_map(Entries { inner: entries, memory: MapMemory::EMPTY })
    }

    // Generated models do not use serde's enums: enums of an API are generated as unions and open enums.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(data)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Counted<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Counted(deserializer))
    }
}

struct Elements<A> {
    inner: A,
    memory: ListMemory,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let size = size_of::<S::Value>();
        decode_budget::prepay(size);
        let element = self.inner.next_element_seed(Counted(seed))?;
        if element.is_some() {
            self.memory.push(size).map_err(A::Error::custom)?;
        }
        Ok(element)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct Entries<A> {
    inner: A,
    memory: MapMemory,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        // Keys contain no other values, so they are not counted.
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let size = size_of::<S::Value>();
        if size > 0 {
            self.memory.insert(size).map_err(A::Error::custom)?;
            decode_budget::prepay(size);
        }
        self.inner.next_value_seed(Counted(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
