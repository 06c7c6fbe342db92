//! Deserialization of values from plain text: header values and `text/plain` bodies.
//!
//! The target type determines whether the text is parsed as a number, a boolean, a comma-separated list or a string. A
//! final line break is part of a string, but ignored for numbers and enum values. Errors do not quote the text, which
//! may be a secret.

use serde::de::value::{Error, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::digits::DIGITS_OF;
use super::tally;

/// Deserializes a value from text.
///
/// If the result is a value that the type does not define, e.g. the string `5` for a union of integer and boolean, the
/// text is deserialized again: first parsed as JSON, then as a string without its final line break. The first of these
/// results that the type defines is returned instead.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let (value, tally) = tally::taken(|| read_list(text, &[',']));
    if tally.undefined > 0 {
        let trimmed = text.trim_end_matches(['\r', '\n']);
        let json = serde_json::from_str(text).unwrap_or(Value::Null);
        let readings = [json, Value::from(trimmed)].into_iter().filter(|reading| !reading.is_null());
        for reading in readings {
            let (value, tally) = tally::taken(|| T::deserialize(reading));
            if let (Ok(value), 0) = (value, tally.undefined) {
                return Ok(value);
            }
        }
    }
    tally::add(tally);
    value
}

/// Deserializes a value from text. If the value is a list, the first of `separators` separates its items, the second
/// separates the items of the lists within it, and so on. If there are no separators, a list has one item.
pub fn read_list<T: DeserializeOwned>(text: &str, separators: &[char]) -> Result<T, Error> {
    T::deserialize(Text(text, separators))
}

/// A deserializer for text. The second field contains the separators of list items.
struct Text<'a>(&'a str, &'a [char]);

impl Text<'_> {
    fn parsed<T: std::str::FromStr>(&self, expected: &str) -> Result<T, Error> {
        self.0.trim().parse().map_err(|_| Error::custom(format_args!("the text is not {expected}")))
    }
}

macro_rules! parse {
    ($($method:ident $visit:ident $expected:literal,)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parsed($expected)?)
        })+
    };
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    parse! {
        deserialize_bool visit_bool "a boolean",
        deserialize_i8 visit_i8 "an integer",
        deserialize_i16 visit_i16 "an integer",
        deserialize_i32 visit_i32 "an integer",
        deserialize_i64 visit_i64 "an integer",
        deserialize_i128 visit_i128 "an integer",
        deserialize_u8 visit_u8 "an integer",
        deserialize_u16 visit_u16 "an integer",
        deserialize_u32 visit_u32 "an integer",
        deserialize_u64 visit_u64 "an integer",
        deserialize_u128 visit_u128 "an integer",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match name {
            DIGITS_OF => visitor.visit_bytes(self.0.trim().as_bytes()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// Deserializes enum values, for [`deserialize_string_enum`](super::open_enum::deserialize_string_enum).
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0.trim_end_matches(['\r', '\n']))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let (separators, inner) = self.1.split_at(self.1.len().min(1));
        let items = self.0.split(separators).map(str::trim).filter(|item| !item.is_empty());
        visitor.visit_seq(SeqDeserializer::new(items.map(|item| Item(item, inner))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text: serde::de::value::BorrowedStrDeserializer<'de, Error> =
            serde::de::value::BorrowedStrDeserializer::new(self.0);
        text.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct ignored_any
    }
}

/// An item of a list, which is deserialized like a complete text.
struct Item<'a>(&'a str, &'a [char]);

impl<'de> IntoDeserializer<'de, Error> for Item<'de> {
    type Deserializer = Text<'de>;

    fn into_deserializer(self) -> Text<'de> {
        Text(self.0, self.1)
    }
}
