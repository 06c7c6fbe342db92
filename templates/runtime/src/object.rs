//! Objects: the members of a model, read from JSON and written as JSON.
//!
//! In: a generated struct, given to `object!` with what its fields are called on the wire. Out: its serde. A struct has one
//! small function to read and one to write it, and all else stands here once: a crate has thousands of members, and to
//! check what a derive spells out for each of them takes most of the compiler's time.

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
use super::tally;

/// A struct whose fields are the members of an object.
pub trait Object: Sized {
    /// The struct's name, for messages.
    const NAME: &'static str;

    /// Takes each field from the members that came; `None` where one is not there that has to be.
    fn read<'de, M: ReadProperties<'de>>(members: &mut M) -> Option<Self>;

    /// Gives each field to the members that go out.
    fn write<M: WriteProperties>(&self, members: &mut M);
}

/// A field that stands for a member which may be missing.
pub trait Optional {
    /// Whether it is.
    fn is_absent(&self) -> bool;
}

impl<T> Optional for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Optional for Maybe<T> {
    fn is_absent(&self) -> bool {
        Maybe::is_absent(self)
    }
}

/// The members of an object that came, in whatever order. The first fault ends them; it is reported when all is read.
pub trait ReadProperties<'de> {
    /// Whether there is a member that is not read yet.
    fn more(&mut self) -> bool;

    /// Reads the member at hand, where it is the one of this name, and goes on to the next: members that come in the order
    /// of the fields are all read in one round of them.
    fn take<T: Deserialize<'de>>(&mut self, name: &'static str, slot: &mut Option<T>);

    /// Keeps a member that no field took in the round.
    fn keep<T: Deserialize<'de>>(&mut self, slot: &mut Option<BTreeMap<String, T>>);

    /// Passes over a member that nothing took in the round.
    fn pass(&mut self);

    /// What a field holds whose member has to be there.
    fn required<T: Deserialize<'de>>(&mut self, name: &'static str, slot: Option<T>) -> Option<T>;

    /// What a field holds whose member may be missing.
    fn optional<T: Default>(&mut self, _name: &'static str, slot: Option<T>) -> Option<T> {
        Some(slot.unwrap_or_default())
    }

    /// What a field holds whose member may be missing and may be any value: `null` is one like any other.
    fn any<T>(&mut self, _name: &'static str, slot: Option<T>) -> Option<Option<T>> {
        Some(slot)
    }

    /// What a field holds whose member may be missing when it comes, and is always sent.
    fn nullable<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }

    /// As [`required`](Self::required).
    fn required_number<T: Deserialize<'de>>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.required(name, slot)
    }

    /// As [`optional`](Self::optional).
    fn optional_number<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }

    /// As [`nullable`](Self::nullable).
    fn nullable_number<T: Default>(&mut self, name: &'static str, slot: Option<T>) -> Option<T> {
        self.optional(name, slot)
    }
}

/// The members of an object that goes out.
pub trait WriteProperties {
    /// Writes a member.
    fn required<T: Serialize>(&mut self, name: &str, value: &T);

    /// Writes a member that is there, if only as `null`.
    fn nullable<T: Serialize>(&mut self, name: &str, value: &T) {
        self.required(name, value);
    }

    /// Writes a member if it is not missing.
    fn optional<T: Serialize + Optional>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.required(name, value);
        }
    }

    /// As [`optional`](Self::optional).
    fn any<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.optional(name, value);
    }

    /// As [`required`](Self::required), whole numbers without a fraction.
    fn required_number<T: Numeric>(&mut self, name: &str, value: &T) {
        self.required(name, &Written(value));
    }

    /// As [`nullable`](Self::nullable), whole numbers without a fraction.
    fn nullable_number<T: Numeric>(&mut self, name: &str, value: &T) {
        self.required(name, &Written(value));
    }

    /// As [`optional`](Self::optional), whole numbers without a fraction.
    fn optional_number<T: Numeric + Optional>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.required(name, &Written(value));
        }
    }

    /// Writes members that the API's description does not name.
    fn rest<T: Serialize>(&mut self, members: &BTreeMap<String, T>) {
        for (name, value) in members {
            self.required(name, value);
        }
    }

    /// As [`rest`](Self::rest), whole numbers without a fraction.
    fn rest_of_numbers<T: Numeric>(&mut self, members: &BTreeMap<String, T>) {
        for (name, value) in members {
            self.required(name, &Written(value));
        }
    }
}

/// Reads an object.
///
/// # Errors
///
/// The input is not an object; a property has another type, is missing or appears twice; or the
/// budget of the body is exceeded.
pub fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode_budget::hold::<T>().map_err(D::Error::custom)?;
    // Not as a map: `null` is no object.
    deserializer.deserialize_struct(T::NAME, &[], Fields(PhantomData))
}

/// Writes an object.
///
/// # Errors
///
/// Those of the serializer.
pub fn write<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer { map: serializer.serialize_map(None)?, fault: None };
    object.write(&mut writer);
    match writer.fault {
        Some(fault) => Err(fault),
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
        let mut reader = Reader { map, name: None, is_taken: false, fault: None };
        reader.advance();
        let object = T::read(&mut reader);
        match (reader.fault, object) {
            (None, Some(object)) => Ok(object),
            (Some(fault), _) => Err(fault),
            (None, None) => Err(A::Error::custom(format_args!("not a {}", T::NAME))),
        }
    }
}

struct Reader<'de, A: MapAccess<'de>> {
    map: A,
    /// The name of the member at hand, whose value is not read yet.
    name: Option<Cow<'de, str>>,
    /// Whether a member was taken in this round of the fields.
    is_taken: bool,
    fault: Option<A::Error>,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    fn advance(&mut self) {
        self.is_taken = true;
        match self.map.next_key_seed(Name) {
            Ok(name) => self.name = name,
            Err(fault) => self.fail(fault),
        }
    }

    /// Reads the value of the property at hand into a field, and goes on to the next property.
    fn fill<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        let read = self.map.next_value_seed(Filled(slot));
        self.after(read);
    }

    /// Goes on to the next property where a value could be read.
    fn after<T>(&mut self, read: Result<T, A::Error>) -> Option<T> {
        match read {
            Ok(value) => {
                self.advance();
                Some(value)
            }
            Err(fault) => {
                self.fail(fault);
                None
            }
        }
    }

    fn fail(&mut self, fault: A::Error) {
        self.name = None;
        self.fault = Some(fault);
    }
}

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
        if slot.is_some() || self.fault.is_some() {
            return slot;
        }
        // As of a derive: what is missing is an error, but of a type that takes `null`.
        T::deserialize(Missing(name, PhantomData)).map_err(|fault| self.fail(fault)).ok()
    }
}

/// Reads the name of a property, or another string, without a copy where possible.
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
        f.write_str("the name of a member")
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

/// The value of a member that is missing: there is one only for an option.
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
    fault: Option<M::Error>,
}

impl<M: SerializeMap> WriteProperties for Writer<M> {
    fn required<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.fault.is_none() {
            self.fault = self.map.serialize_entry(name, value).err();
        }
    }
}

/// Gives a struct its serde: `object!(Name, (field, required, "wire name"), …, ..(field, rest))`.
///
/// A member is `required`, `optional`, `any`: optional, and `null` is one of its values, or `nullable`: sent in any case, if
/// only as `null`; one that holds numbers has `_number` behind that. The field of members that the description does not name comes last, as `rest` or
/// `rest_of_numbers`.
///
/// After the name of a property, `= value` gives its only allowed value, which is used where the property is missing, and
/// `in ["true"]` lists its allowed values, as JSON, where its type allows more.
// Unused where a spec has no object.
#[allow(unused_macros)]
macro_rules! object {
    (
        $name:ident
        $(, ($field:ident, $presence:ident, $member:literal $(, = $only:expr)? $(, in [$($allowed:literal),+])?))*
        $(, ..($kept:ident, $rest:ident))?
        $(,)?
    ) => {
        impl $crate::runtime::object::Object for $name {
            const NAME: &'static str = ::std::stringify!($name);

            fn read<'de, M: $crate::runtime::object::ReadProperties<'de>>(members: &mut M) -> ::std::option::Option<Self> {
                $(let mut $field = ::std::option::Option::None;)*
                $(let mut $kept = ::std::option::Option::None;)?
                while members.more() {
                    $(members.take($member, &mut $field);)*
                    $(members.keep(&mut $kept);)?
                    members.pass();
                }
                let object = Self {
                    $($field: members.$presence($member, $field $(.or_else(|| $crate::runtime::tally::only(::std::convert::From::from($only))))?)?,)*
                    $($kept: $kept.unwrap_or_default(),)?
                };
                $($($crate::runtime::tally::check(&object.$field, &[$($allowed),+]);)?)*
                ::std::option::Option::Some(object)
            }

            fn write<M: $crate::runtime::object::WriteProperties>(&self, members: &mut M) {
                $(members.$presence($member, &self.$field);)*
                $(members.$rest(&self.$kept);)?
                // There may be none.
                let _ = members;
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

// Unused where a spec has no object.
#[allow(unused_imports)]
pub(crate) use object;
