//! Deserialization and serialization of models that are JSON objects.
//!
//! The macro `object!` implements serde's traits for a generated struct, given its fields and their property names.
//! Each struct has two small functions, [`Object::read`] and [`Object::write`]; all other code is shared between
//! structs. In a crate with thousands of fields, this compiles much faster than derived implementations.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::counted::Filled;
use super::decode_budget;
use super::maybe::Maybe;
use super::number::{Numeric, Written};
use super::sealed::Sealed;
use super::tally;

/// A struct whose fields are the properties of a JSON object. Implemented by `object!`.
pub trait Object: Sealed + Sized {
    /// The name of the struct, for error messages.
    const NAME: &'static str;

    /// Reads the fields from the properties of an object. Returns `None` if a required property is missing or invalid.
    fn read<'de, M: ReadProperties<'de>>(properties: &mut M) -> Option<Self>;

    /// Writes the fields as the properties of an object.
    fn write<M: WriteProperties>(&self, properties: &mut M);
}

/// The type of a field whose property may be absent.
pub trait Optional: Sealed {
    /// Returns whether the property is absent.
    fn is_absent(&self) -> bool;
}

impl<T> Optional for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// An empty array is treated as absent.
impl<T> Optional for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// An empty map is treated as absent.
impl<T> Optional for BTreeMap<String, T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Optional for Maybe<T> {
    fn is_absent(&self) -> bool {
        Maybe::is_absent(self)
    }
}

/// The properties of an object being read, in any order.
///
/// Reading works in rounds: while there are unread properties, [`take`](Self::take) is called for each field, then
/// [`keep`](Self::keep) and [`pass`](Self::pass). An error ends reading; [`read`] returns it.
pub trait ReadProperties<'de>: Sealed {
    /// Returns whether there is an unread property.
    fn more(&mut self) -> bool;

    /// Reads the current property into `slot` if it has this name, and advances to the next property. If the properties
    /// are in the order of the fields, a single round reads all of them.
    fn take<T: Deserialize<'de>>(&mut self, name: &'static str, slot: &mut Option<T>);

    /// Reads the current property into the map of additional properties, if no field took a property in this round.
    fn keep<T: Deserialize<'de>>(&mut self, slot: &mut Option<BTreeMap<String, T>>);

    /// Skips the current property, if no property was read in this round.
    fn pass(&mut self);

    /// Returns the value of a field whose property is required. Returns `None`, which ends reading, if the property is
    /// missing and `T` is neither `Option` nor `Maybe`.
    fn required<T: Deserialize<'de>>(&mut self, name: &'static str, slot: Option<T>) -> Option<T>;

    /// Returns the value of a field whose property is optional, or the default of `T` if the property is absent. Never
    /// returns `None`; the return type is an `Option` only because that of `required` is.
    fn optional<T: Default>(&mut self, _name: &'static str, slot: Option<T>) -> Option<T> {
        Some(slot.unwrap_or_default())
    }

    /// Returns the value of an optional field whose value may have any JSON type: `Some(None)` if the property is
    /// absent, or else `Some(Some(value))`, where `value` may be `null`.
    fn any<T>(&mut self, _name: &'static str, slot: Option<T>) -> Option<Option<T>> {
        Some(slot)
    }

    /// Returns the value of a field whose property may be absent in responses but is always sent in requests, even as
    /// `null`.
    fn nullable<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }

    /// Like [`required`](Self::required), for numbers.
    fn required_number<T: Deserialize<'de>>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.required(name, slot)
    }

    /// Like [`optional`](Self::optional), for numbers.
    fn optional_number<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }

    /// Like [`nullable`](Self::nullable), for numbers.
    fn nullable_number<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }
}

/// The properties of an object being written.
pub trait WriteProperties: Sealed {
    /// Writes a property.
    fn required<T: Serialize>(&mut self, name: &str, value: &T);

    /// Writes a property that is always sent, even as `null`.
    fn nullable<T: Serialize>(&mut self, name: &str, value: &T) {
        self.required(name, value);
    }

    /// Writes a property unless it is absent.
    fn optional<T: Serialize + Optional>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.required(name, value);
        }
    }

    /// Like [`optional`](Self::optional), for fields whose value may have any JSON type.
    fn any<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.optional(name, value);
    }

    /// Like [`required`](Self::required), for numbers: `5.0` is written as `5`.
    fn required_number<T: Numeric>(&mut self, name: &str, value: &T) {
        self.required(name, &Written(value));
    }

    /// Like [`nullable`](Self::nullable), for numbers: `5.0` is written as `5`.
    fn nullable_number<T: Numeric>(&mut self, name: &str, value: &T) {
        self.required(name, &Written(value));
    }

    /// Like [`optional`](Self::optional), for numbers: `5.0` is written as `5`.
    fn optional_number<T: Numeric + Optional>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.required(name, &Written(value));
        }
    }

    /// Writes the additional properties.
    fn rest<T: Serialize>(&mut self, properties: &BTreeMap<String, T>) {
        for (name, value) in properties {
            self.required(name, value);
        }
    }

    /// Like [`rest`](Self::rest), for numbers: `5.0` is written as `5`.
    fn rest_of_numbers<T: Numeric>(&mut self, properties: &BTreeMap<String, T>) {
        for (name, value) in properties {
            self.required(name, &Written(value));
        }
    }
}

/// Deserializes an object.
///
/// # Errors
///
/// The input is not an object; a property has an invalid value or appears twice; a required property is missing; or the
/// decoding budget of the body is exceeded.
pub fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode_budget::hold::<T>().map_err(D::Error::custom)?;
    // Requested as a struct rather than a map, because `NullIsEmpty` would accept `null` for a map.
    deserializer.deserialize_struct(T::NAME, &[], Fields(PhantomData))
}

/// Serializes an object.
///
/// # Errors
///
/// The serializer fails.
pub fn write<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer { map: serializer.serialize_map(None)?, error: None };
    object.write(&mut writer);
    match writer.error {
        Some(error) => Err(error),
        None => writer.map.end(),
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut reader = Reader { map, name: None, is_taken: false, error: None };
        reader.advance();
        let object = T::read(&mut reader);
        match (reader.error, object) {
            (None, Some(object)) => Ok(object),
            (Some(error), _) => Err(error),
            (None, None) => Err(A::Error::custom(format_args!("not a {}", T::NAME))),
        }
    }
}

struct Reader<'de, A: MapAccess<'de>> {
    map: A,
    /// The name of the current property, whose value has not been read yet; `None` at the end and after an error.
    name: Option<Cow<'de, str>>,
    /// Whether a property was read in this round over the fields.
    is_taken: bool,
    error: Option<A::Error>,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    fn advance(&mut self) {
        self.is_taken = true;
        match self.map.next_key_seed(Name) {
            Ok(name) => self.name = name,
            Err(error) => self.fail(error),
        }
    }

    /// Reads the value of the current property into a field, and advances to the next property.
    fn fill<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        let read = self.map.next_value_seed(Filled(slot));
        self.after(read);
    }

    /// Returns the value in `read` and advances to the next property, or records the error in `read`.
    fn after<T>(&mut self, read: Result<T, A::Error>) -> Option<T> {
        match read {
            Ok(value) => {
                self.advance();
                Some(value)
            }
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    fn fail(&mut self, error: A::Error) {
        self.name = None;
        self.error = Some(error);
    }
}

impl<'de, A: MapAccess<'de>> Sealed for Reader<'de, A> {}

impl<'de, A: MapAccess<'de>> ReadProperties<'de> for Reader<'de, A> {
    fn more(&mut self) -> bool {
        self.is_taken = false;
        self.name.is_some()
    }

    fn take<T: Deserialize<'de>>(&mut self, name: &'static str, slot: &mut Option<T>) {
        if self.name.as_deref() != Some(name) {
            return;
        }
        if slot.is_some() {
            self.fail(A::Error::duplicate_field(name));
        } else {
            self.fill(slot);
        }
    }

    fn keep<T: Deserialize<'de>>(&mut self, slot: &mut Option<BTreeMap<String, T>>) {
        if !self.is_taken
            && let Some(name) = self.name.take()
        {
            let read = self.map.next_value();
            let Some(value) = self.after(read) else { return };
            tally::note_unnamed();
            slot.get_or_insert_default().insert(name.into_owned(), value);
        }
    }

    fn pass(&mut self) {
        if !self.is_taken && self.name.take().is_some() {
            let read = self.map.next_value::<IgnoredAny>();
            self.after(read);
        }
    }

    fn required<T: Deserialize<'de>>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        if slot.is_some() || self.error.is_some() {
            return slot;
        }
        // Like serde's derive: a missing property is an error unless the type accepts `null`.
        T::deserialize(Missing(name, PhantomData)).map_err(|error| self.fail(error)).ok()
    }
}

/// Reads a string, usually the name of a property, and borrows it from the input if possible.
pub(super) struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

/// The deserializer for a missing property: only `Option` accepts it.
struct Missing<E>(&'static str, PhantomData<E>);

impl<'de, E: serde::de::Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Writer<M: SerializeMap> {
    map: M,
    error: Option<M::Error>,
}

impl<M: SerializeMap> Sealed for Writer<M> {}

impl<M: SerializeMap> WriteProperties for Writer<M> {
    fn required<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.error.is_none() {
            self.error = self.map.serialize_entry(name, value).err();
        }
    }
}

/// Implements serde's traits for a struct: `object! { Name, (field, required, "wire name"), …, ..(field, rest) }`.
///
/// A property is `required`; `optional`; `any`, which is optional and may have any JSON value including `null`; or
/// `nullable`, which is always sent, even as `null`. The suffix `_number` marks numbers and collections of numbers. The
/// field with additional properties comes last: `rest`, or `rest_of_numbers` if their values are numbers.
///
/// `= value` after the property name sets the only allowed value, which is used if the property is missing.
/// `in ["true"]` lists the allowed values as JSON, for a property that allows fewer values than its Rust type.
// Unused if the spec has no object.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! object {
    (
        $name:ty
        $(, ($field:ident, $presence:ident, $property:literal $(, = $only:expr)? $(, in [$($allowed:literal),+])?))*
        $(, ..($kept:ident, $rest:ident))?
        $(,)?
    ) => {
        impl $crate::runtime::sealed::Sealed for $name {}

        impl $crate::runtime::object::Object for $name {
            const NAME: &'static str = ::std::stringify!($name);

            fn read<'de, M: $crate::runtime::object::ReadProperties<'de>>(
                properties: &mut M,
            ) -> ::std::option::Option<Self> {
                $(let mut $field = ::std::option::Option::None;)*
                $(let mut $kept = ::std::option::Option::None;)?
                while properties.more() {
                    $(properties.take($property, &mut $field);)*
                    $(properties.keep(&mut $kept);)?
                    properties.pass();
                }
                let object = Self {
                    $($field: properties.$presence(
                        $property,
                        $field $(.or_else(|| $crate::runtime::tally::only(::std::convert::From::from($only))))?
                    )?,)*
                    $($kept: $kept.unwrap_or_default(),)?
                };
                $($($crate::runtime::tally::check(&object.$field, &[$($allowed),+]);)?)*
                ::std::option::Option::Some(object)
            }

            fn write<M: $crate::runtime::object::WriteProperties>(&self, properties: &mut M) {
                $(properties.$presence($property, &self.$field);)*
                $(properties.$rest(&self.$kept);)?
                // Avoids a warning that the parameter is unused if the struct has no fields.
                let _ = properties;
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::object::write(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::object::read(deserializer)
            }
        }
    };
}

// Unused if the spec has no object.
#[allow(unused_imports)]
pub(crate) use object;
