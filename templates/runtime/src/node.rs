//! A JSON value in memory, from which a union reads its variants, any number of times.
//!
//! Arrays and objects are shared: a union within the variant of another union gets its part of the value by a pointer,
//! without a copy, and what is found out about that part is noted there once for all variants of the outer union.
//!
//! Numbers keep their digits: the value is read from its JSON text, and a number that `serde_json` would round is kept as it
//! is written there.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::counted::Counted;
use super::decimal::DIGITS_OF;
use super::decode_budget::{self, ListMemory, MapMemory};
use super::digits::{self, Numbers, Wide};
use super::number;
use super::object;
use super::wire_value::serialize_json;

/// A JSON value.
#[derive(Clone)]
pub enum Node {
    /// A value that is none of the following.
    Leaf(Value),
    /// A number with a fraction or beyond 64 bits, as JSON writes it.
    Digits(Rc<str>),
    /// An array.
    Array(Rc<Nested<Vec<Node>>>),
    /// An object.
    Object(Rc<Nested<BTreeMap<String, Node>>>),
}

/// An array or an object.
pub struct Nested<C> {
    /// The elements or properties.
    pub content: C,
    /// How many values it consists of, itself included.
    values: usize,
    /// What it was found to be, by the type of the union.
    known: RefCell<Vec<(TypeId, Choice)>>,
}

/// Which variant of a union an array or object was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The variant with this index.
    Variant(usize),
    /// None of them.
    Unknown,
    /// None of them, although a property indicates one, which it is not for this reason.
    Refused(String),
}

/// Asks a deserializer for the node itself. Only that of nodes knows the name; others read through it.
const HANDED_ON: &str = "clientwright::Node";

/// The names by which `serde_json` asks its own deserializers for a raw value.
pub const SERDE_JSON_PRIVATE: &str = "$serde_json::private::";

/// By this name, `serde_json` gives the text of a value, as the only property of an object.
const SERDE_JSON_TEXT: &str = "$serde_json::private::RawValue";

/// The only property of the object that is a number to `serde_json` with `arbitrary_precision`, a feature that another
/// crate may turn on.
const SERDE_JSON_NUMBER: &str = "$serde_json::private::Number";

thread_local! {
    /// The node between the deserializer that hands it on and the visitor that asked for it.
    static HANDED: RefCell<Option<Node>> = const { RefCell::new(None) };
}

impl Node {
    fn array(content: Vec<Node>) -> Self {
        let values = content.iter().map(Node::values).fold(1, usize::saturating_add);
        Self::Array(Rc::new(Nested { content, values, known: RefCell::default() }))
    }

    fn object(content: BTreeMap<String, Node>) -> Self {
        let values = content.values().map(Node::values).fold(1, usize::saturating_add);
        Self::Object(Rc::new(Nested { content, values, known: RefCell::default() }))
    }

    /// How many values it consists of, itself included.
    pub fn values(&self) -> usize {
        match self {
            Self::Leaf(_) | Self::Digits(_) => 1,
            Self::Array(nested) => nested.values,
            Self::Object(nested) => nested.values,
        }
    }

    /// The property of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(nested) => nested.content.get(name),
            Self::Leaf(_) | Self::Digits(_) | Self::Array(_) => None,
        }
    }

    /// Whether it holds numbers that a [`Value`] would round.
    pub fn holds_digits(&self) -> bool {
        match self {
            Self::Leaf(_) => false,
            Self::Digits(_) => true,
            Self::Array(nested) => nested.content.iter().any(Self::holds_digits),
            Self::Object(nested) => nested.content.values().any(Self::holds_digits),
        }
    }

    /// The same value as one of its own, numbers rounded to 64 bits. Its memory is charged; where there is too little,
    /// decoding fails in the end.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Leaf(value) => value.clone(),
            Self::Digits(number) => number.parse().map_or(Value::Null, Value::Number),
            Self::Array(nested) => {
                let mut memory = ListMemory::EMPTY;
                let elements = nested.content.iter().map_while(|element| {
                    memory.push(size_of::<Value>()).ok()?;
                    Some(element.to_value())
                });
                Value::Array(elements.collect())
            }
            Self::Object(nested) => {
                let mut memory = MapMemory::EMPTY;
                let properties = nested.content.iter().map_while(|(name, property)| {
                    memory.insert(size_of::<Value>()).ok()?;
                    Some((name.clone(), property.to_value()))
                });
                Value::Object(properties.collect::<Map<_, _>>())
            }
        }
    }

    /// Its JSON text, with all digits. Its memory is charged; where there is too little, decoding fails in the end.
    pub fn to_json(&self) -> String {
        // What was read from JSON can be written as JSON.
        let json = serde_json::to_string(self).unwrap_or_default();
        // The account notes what exceeds it.
        let _ = decode_budget::charge(json.len());
        json
    }

    /// Which variant of a union it is, where that was found out before.
    pub fn choice<U: 'static>(&self) -> Option<Choice> {
        let known = self.known()?.borrow();
        known.iter().find(|(ty, _)| *ty == TypeId::of::<U>()).map(|(_, choice)| choice.clone())
    }

    /// Notes which variant of a union it is.
    pub fn note_choice<U: 'static>(&self, choice: &Choice) {
        if let Some(known) = self.known() {
            let mut known = known.borrow_mut();
            if !known.iter().any(|(ty, _)| *ty == TypeId::of::<U>()) {
                known.push((TypeId::of::<U>(), choice.clone()));
            }
        }
    }

    /// Where notes are kept. Anything but an array or object is read faster than looked up.
    fn known(&self) -> Option<&RefCell<Vec<(TypeId, Choice)>>> {
        match self {
            Self::Leaf(_) | Self::Digits(_) => None,
            Self::Array(nested) => Some(&nested.known),
            Self::Object(nested) => Some(&nested.known),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(HANDED_ON, NodeVisitor { numbers: None, asks_for_text: true })
    }
}

/// Reads a node; where it is read from a JSON text, with the numbers of the text that come next.
struct NodeVisitor<'n, 't> {
    numbers: Option<&'n mut Numbers<'t>>,
    /// Whether to ask for the text of the value first.
    asks_for_text: bool,
}

impl<'t> NodeVisitor<'_, 't> {
    /// A visitor for a value within this one.
    fn inner(&mut self) -> NodeVisitor<'_, 't> {
        NodeVisitor { numbers: self.numbers.as_deref_mut(), asks_for_text: false }
    }

    /// The number as it is written, where that is known.
    fn next_number(self) -> Option<&'t str> {
        self.numbers?.next()
    }
}

impl<'de> DeserializeSeed<'de> for NodeVisitor<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Reads a node from the text of a value.
fn from_text(json: &str) -> Result<Node, serde_json::Error> {
    read_text(json, json).or_else(|error| match digits::in_range(json) {
        Some(readable) => read_text(&readable, json),
        None => Err(error),
    })
}

/// Reads a node from a text whose numbers are written as they are in `original`.
fn read_text(json: &str, original: &str) -> Result<Node, serde_json::Error> {
    let mut numbers = Numbers::of(original);
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let visitor = NodeVisitor { numbers: Some(&mut numbers), asks_for_text: false };
    let node = visitor.deserialize(Counted(&mut deserializer))?;
    deserializer.end()?;
    Ok(node)
}

/// A number that is read as it is written. Its memory is charged.
fn digits<E: serde::de::Error>(number: &str) -> Result<Node, E> {
    decode_budget::charge(number.len().saturating_add(2 * size_of::<usize>())).map_err(E::custom)?;
    Ok(Node::Digits(Rc::from(number)))
}

/// Visits what has a `Value` of its own.
macro_rules! leaf {
    ($($method:ident($ty:ty),)+) => {
        $(fn $method<E>(self, value: $ty) -> Result<Node, E> {
            Ok(Node::Leaf(Value::from(value)))
        })+
    };
}

impl<'de> Visitor<'de> for NodeVisitor<'_, '_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    leaf! { visit_bool(bool), visit_str(&str), visit_string(String), }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        self.next_number();
        Ok(Node::Leaf(Value::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        self.next_number();
        Ok(Node::Leaf(Value::from(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        match self.next_number() {
            Some(number) => digits(number),
            None => Ok(Node::Leaf(Value::from(value))),
        }
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Node, E> {
        digits(&value.to_string())
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Node, E> {
        digits(&value.to_string())
    }

    /// The digits of a number, from a deserializer that has them.
    fn visit_bytes<E: serde::de::Error>(self, number: &[u8]) -> Result<Node, E> {
        digits(std::str::from_utf8(number).map_err(E::custom)?)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    /// `null`, or the node that was handed on.
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(HANDED.take().unwrap_or(Node::Leaf(Value::Null)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.asks_for_text {
            let visitor = NodeVisitor { asks_for_text: false, ..self };
            deserializer.deserialize_newtype_struct(SERDE_JSON_TEXT, visitor)
        } else {
            deserializer.deserialize_any(self)
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Node, A::Error> {
        let mut content = Vec::new();
        while let Some(element) = elements.next_element_seed(self.inner())? {
            content.push(element);
        }
        Ok(Node::array(content))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut properties: A) -> Result<Node, A::Error> {
        let mut content = BTreeMap::new();
        while let Some(name) = properties.next_key::<String>()? {
            if name == SERDE_JSON_TEXT && self.numbers.is_none() {
                let text = properties.next_value_seed(object::Name)?;
                return from_text(&text).map_err(A::Error::custom);
            }
            let property = properties.next_value_seed(self.inner())?;
            if let (SERDE_JSON_NUMBER, Node::Leaf(Value::String(number))) = (name.as_str(), &property) {
                return if let Ok(number) = number.parse::<i64>() {
                    Ok(Node::Leaf(Value::from(number)))
                } else if let Ok(number) = number.parse::<u64>() {
                    Ok(Node::Leaf(Value::from(number)))
                } else {
                    number.parse::<serde_json::Number>().map_err(A::Error::custom)?;
                    digits(number)
                };
            }
            content.insert(name, property);
        }
        Ok(Node::object(content))
    }
}

/// The name of a property, which is read without a copy.
struct Name<'de>(&'de str);

impl<'de> IntoDeserializer<'de, serde_json::Error> for Name<'de> {
    type Deserializer = BorrowedStrDeserializer<'de, serde_json::Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        BorrowedStrDeserializer::new(self.0)
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Node {
    /// Gives an integer, also where the number is written with a fraction of zero.
    fn visit_integer<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, serde_json::Error> {
        let integer = match self {
            Node::Digits(number) => digits::integer(number),
            Node::Leaf(Value::Number(number)) if number.is_f64() => {
                number.as_f64().and_then(number::whole).map(|whole| Wide::Signed(whole.into()))
            }
            _ => None,
        };
        match integer {
            None => self.deserialize_any(visitor),
            Some(Wide::Unsigned(integer)) => visitor.visit_u128(integer),
            Some(Wide::Signed(integer)) => match (i64::try_from(integer), u64::try_from(integer)) {
                (Ok(integer), _) => visitor.visit_i64(integer),
                (_, Ok(integer)) => visitor.visit_u64(integer),
                _ => visitor.visit_i128(integer),
            },
        }
    }
}

/// Reads integers.
macro_rules! integers {
    ($($method:ident,)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            self.visit_integer(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Node::Leaf(value) => value.deserialize_any(visitor),
            Node::Digits(number) => match number.parse::<f64>() {
                Ok(number) if number.is_finite() => visitor.visit_f64(number),
                _ => Err(Self::Error::custom("number out of range")),
            },
            Node::Array(nested) => visitor.visit_seq(SeqDeserializer::new(nested.content.iter())),
            Node::Object(nested) => {
                let properties = nested.content.iter().map(|(name, property)| (Name(name), property));
                visitor.visit_map(MapDeserializer::new(properties))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Node::Leaf(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match name {
            HANDED_ON => {
                HANDED.set(Some(self.clone()));
                visitor.visit_unit()
            }
            DIGITS_OF => match self {
                Node::Digits(number) => visitor.visit_bytes(number.as_bytes()),
                Node::Leaf(Value::Number(number)) => visitor.visit_bytes(number.to_string().as_bytes()),
                _ => self.deserialize_any(visitor),
            },
            _ if name.starts_with(SERDE_JSON_PRIVATE) => {
                let text = serde_json::to_string(self)?;
                serde_json::Deserializer::from_reader(text.as_bytes()).deserialize_newtype_struct(name, visitor)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.to_value().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    integers! {
        deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64, deserialize_i128,
        deserialize_u8, deserialize_u16, deserialize_u32, deserialize_u64, deserialize_u128,
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Leaf(value) => value.serialize(serializer),
            Node::Digits(number) => serialize_json(number, serializer),
            Node::Array(nested) => serializer.collect_seq(&nested.content),
            Node::Object(nested) => serializer.collect_map(&nested.content),
        }
    }
}
