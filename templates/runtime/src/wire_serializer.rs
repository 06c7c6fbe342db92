//! The serializer that converts values to [`WireValue`].
//!
//! Unlike the serializer of `serde_json::Value`, it preserves the digits of numbers and the order of properties. It
//! rejects NaN and infinite numbers, for which `serde_json` writes `null`.

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use super::node::SERDE_JSON_PRIVATE;
use super::number::{NOT_FINITE, as_integer};
use super::wire_value::WireValue;

/// The serializer for one value.
pub struct WireSerializer;

/// The serialized items of an array.
pub struct Items {
    /// The name of the enum variant that contains the array, if any.
    variant: Option<&'static str>,
    items: Vec<WireValue>,
}

/// The serialized properties of an object.
pub struct Properties {
    /// The name of the enum variant that contains the object, if any.
    variant: Option<&'static str>,
    properties: Vec<(String, WireValue)>,
    /// The name of the property whose value is serialized next.
    name: String,
    /// Whether this is a `RawValue`, which `serde_json` serializes as a struct whose only property is the JSON text.
    is_json: bool,
}

impl Items {
    fn new(variant: Option<&'static str>, len: Option<usize>) -> Self {
        Self { variant, items: Vec::with_capacity(len.unwrap_or_default()) }
    }

    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.items.push(item.serialize(WireSerializer)?);
        Ok(())
    }

    fn finish(self) -> WireValue {
        within(self.variant, WireValue::Array(self.items))
    }
}

impl Properties {
    fn new(variant: Option<&'static str>, len: usize) -> Self {
        Self { variant, properties: Vec::with_capacity(len), name: String::new(), is_json: false }
    }

    fn push<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Error> {
        self.properties.push((name, value.serialize(WireSerializer)?));
        Ok(())
    }

    fn finish(self) -> Result<WireValue, Error> {
        if !self.is_json {
            return Ok(within(self.variant, WireValue::Object(self.properties)));
        }
        let text = self.properties.into_iter().next().map(|(_, value)| value);
        match text {
            Some(WireValue::String(text)) if is_number(&text) => Ok(WireValue::Number(text)),
            Some(WireValue::String(text)) => WireValue::from_json(&text),
            _ => Err(Error::custom("a raw JSON value has no text")),
        }
    }
}

/// Returns whether a valid JSON text is a number.
fn is_number(json: &str) -> bool {
    json.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Wraps the content of an enum variant in an object: `{"VariantName": content}`. Without a variant, returns the
/// content.
fn within(variant: Option<&'static str>, content: WireValue) -> WireValue {
    match variant {
        Some(variant) => WireValue::Object(vec![(variant.to_owned(), content)]),
        None => content,
    }
}

/// Converts a floating-point number. An integral number is written without a fraction. Other numbers are formatted in
/// their original type (`as_written`), because the `f32` 0.1 has more digits when it is converted to `f64`.
fn float<T: Serialize>(number: f64, as_written: &T) -> Result<WireValue, Error> {
    match as_integer(number) {
        _ if !number.is_finite() => Err(Error::custom(NOT_FINITE)),
        Some(integer) => Ok(WireValue::Number(integer.to_string())),
        None => serde_json::to_string(as_written).map(WireValue::Number),
    }
}

/// Implements the serializer's methods for integer types.
macro_rules! integers {
    ($($method:ident($ty:ty),)+) => {
        $(fn $method(self, value: $ty) -> Result<WireValue, Error> {
            Ok(WireValue::Number(value.to_string()))
        })+
    };
}

impl Serializer for WireSerializer {
    type Ok = WireValue;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Properties;
    type SerializeStruct = Properties;
    type SerializeStructVariant = Properties;

    integers! {
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_i128(i128),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_u128(u128),
    }

    fn serialize_f32(self, value: f32) -> Result<WireValue, Error> {
        float(f64::from(value), &value)
    }

    fn serialize_f64(self, value: f64) -> Result<WireValue, Error> {
        float(value, &value)
    }

    fn serialize_bool(self, value: bool) -> Result<WireValue, Error> {
        Ok(WireValue::Boolean(value))
    }

    fn serialize_char(self, value: char) -> Result<WireValue, Error> {
        Ok(WireValue::String(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<WireValue, Error> {
        Ok(WireValue::String(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<WireValue, Error> {
        Ok(WireValue::Array(value.iter().map(|byte| WireValue::Number(byte.to_string())).collect()))
    }

    fn serialize_none(self) -> Result<WireValue, Error> {
        Ok(WireValue::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<WireValue, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<WireValue, Error> {
        Ok(WireValue::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<WireValue, Error> {
        Ok(WireValue::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<WireValue, Error> {
        Ok(WireValue::String(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<WireValue, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<WireValue, Error> {
        Ok(within(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items, Error> {
        Ok(Items::new(None, len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Items, Error> {
        Ok(Items::new(None, Some(len)))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items, Error> {
        Ok(Items::new(None, Some(len)))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items, Error> {
        Ok(Items::new(Some(variant), Some(len)))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Properties, Error> {
        Ok(Properties::new(None, len.unwrap_or_default()))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Properties, Error> {
        Ok(Properties { is_json: name.starts_with(SERDE_JSON_PRIVATE), ..Properties::new(None, len) })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Properties, Error> {
        Ok(Properties::new(Some(variant), len))
    }
}

/// Implements the serde traits that serialize the items of arrays.
macro_rules! items {
    ($($trait:ident $method:ident,)+) => {
        $(impl $trait for Items {
            type Ok = WireValue;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.push(item)
            }

            fn end(self) -> Result<WireValue, Error> {
                Ok(self.finish())
            }
        })+
    };
}

items! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

impl SerializeMap for Properties {
    type Ok = WireValue;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.name = match key.serialize(WireSerializer)? {
            WireValue::String(name) | WireValue::Number(name) => name,
            WireValue::Boolean(name) => name.to_string(),
            WireValue::Null | WireValue::Array(_) | WireValue::Object(_) => {
                return Err(Error::custom("the key of a map must be a string, a number or a boolean"));
            }
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let name = std::mem::take(&mut self.name);
        self.push(name, value)
    }

    fn end(self) -> Result<WireValue, Error> {
        self.finish()
    }
}

/// Implements the serde traits that serialize the fields of structs.
macro_rules! properties {
    ($($trait:ident,)+) => {
        $(impl $trait for Properties {
            type Ok = WireValue;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.push(name.to_owned(), value)
            }

            fn end(self) -> Result<WireValue, Error> {
                self.finish()
            }
        })+
    };
}

properties! { SerializeStruct, SerializeStructVariant, }
