//! A JSON value in memory. A union decodes it repeatedly: once for each variant that may match.
//!
//! Arrays and objects are reference-counted, so that nested unions get nested values without a copy. The variant that a
//! union chose for an array or object is cached in that array or object. If the union is nested in another union, its
//! variant is therefore determined only once, not again for each variant of the outer union.
//!
//! Numbers that `serde_json` would round are stored as written in the JSON text.

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
use super::decode_budget::{self, ListMemory, MapMemory};
use super::digits::{self, DIGITS_OF, Numbers, Wide};
use super::number;
use super::object;
use super::wire_value::serialize_json;

/// A JSON value.
#[derive(Clone)]
pub enum Node {
    /// A string, a boolean, `null`, or a number. A number is stored as a `Leaf` if a [`Value`] represents it exactly,
    /// or if its JSON text is unknown.
    Leaf(Value),
    /// A number with a fraction or beyond 64 bits, as written in JSON.
    Digits(Rc<str>),
    /// An array.
    Array(Rc<Nested<Vec<Node>>>),
    /// An object.
    Object(Rc<Nested<BTreeMap<String, Node>>>),
}

/// An array or an object.
pub struct Nested<C> {
    /// The items or properties.
    pub content: C,
    /// The number of JSON values: this array or object and all values in it.
    values: usize,
    /// The variant that each union type has chosen for this array or object so far.
    choices: RefCell<Vec<(TypeId, Choice)>>,
}

/// The variant of a union that was chosen for an array or object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The variant with this index.
    Variant(usize),
    /// No variant matches.
    Unknown,
    /// The value does not match the variant that its discriminator selects; the string is the reason.
    Rejected(String),
}

/// The type name by which [`Node`] requests a copy of the node from its deserializer. Only the deserializer of nodes
/// recognises this name; other deserializers ignore it.
const NODE_TYPE: &str = "clientwright::Node";

/// The prefix of the names by which `serde_json` requests raw values from its own deserializers.
pub const SERDE_JSON_PRIVATE: &str = "$serde_json::private::";

/// The name of the property in which `serde_json` passes the JSON text of a value. The object has no other property.
const SERDE_JSON_TEXT: &str = "$serde_json::private::RawValue";

/// The name of the only property of the object by which `serde_json` represents a number if its feature
/// `arbitrary_precision` is enabled. Another crate may enable this feature.
const SERDE_JSON_NUMBER: &str = "$serde_json::private::Number";

thread_local! {
    /// Passes a node from its deserializer to the visitor that requested it.
    static PASSED_NODE: RefCell<Option<Node>> = const { RefCell::new(None) };
}

impl Node {
    fn array(content: Vec<Node>) -> Self {
        let values = content.iter().map(Node::values).fold(1, usize::saturating_add);
        Self::Array(Rc::new(Nested { content, values, choices: RefCell::default() }))
    }

    fn object(content: BTreeMap<String, Node>) -> Self {
        let values = content.values().map(Node::values).fold(1, usize::saturating_add);
        Self::Object(Rc::new(Nested { content, values, choices: RefCell::default() }))
    }

    /// Returns the number of JSON values: this value and all values in it.
    pub fn values(&self) -> usize {
        match self {
            Self::Leaf(_) | Self::Digits(_) => 1,
            Self::Array(nested) => nested.values,
            Self::Object(nested) => nested.values,
        }
    }

    /// Returns a property, or `None` if it is missing or the value is not an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(nested) => nested.content.get(name),
            Self::Leaf(_) | Self::Digits(_) | Self::Array(_) => None,
        }
    }

    /// Returns whether the value contains numbers that a [`Value`] would round.
    pub fn holds_digits(&self) -> bool {
        match self {
            Self::Leaf(_) => false,
            Self::Digits(_) => true,
            Self::Array(nested) => nested.content.iter().any(Self::holds_digits),
            Self::Object(nested) => nested.content.values().any(Self::holds_digits),
        }
    }

    /// Converts the node to a [`Value`]; numbers are rounded to 64 bits. The memory is charged to the decoding budget.
    /// If the budget is exceeded, the result is incomplete and decoding fails in the end.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Leaf(value) => value.clone(),
            Self::Digits(number) => number.parse().map_or(Value::Null, Value::Number),
            Self::Array(nested) => {
                let mut memory = ListMemory::EMPTY;
                let items = nested.content.iter().map_while(|item| {
                    memory.push(size_of::<Value>()).ok()?;
                    Some(item.to_value())
                });
                Value::Array(items.collect())
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

    /// Converts the node to JSON, with all digits of numbers. The memory is charged to the decoding budget.
    pub fn to_json(&self) -> String {
        // Cannot fail: the node was read from JSON.
        let json = serde_json::to_string(self).unwrap_or_default();
        // The error is ignored here: if the budget is exceeded, decoding fails in the end.
        let _ = decode_budget::charge(json.len());
        json
    }

    /// Returns the variant that the union `U` chose for this value, if it is cached.
    pub fn choice<U: 'static>(&self) -> Option<Choice> {
        let choices = self.choices()?.borrow();
        choices.iter().find(|(ty, _)| *ty == TypeId::of::<U>()).map(|(_, choice)| choice.clone())
    }

    /// Caches the variant that the union `U` chose for this value.
    pub fn note_choice<U: 'static>(&self, choice: &Choice) {
        if let Some(choices) = self.choices() {
            let mut choices = choices.borrow_mut();
            if !choices.iter().any(|(ty, _)| *ty == TypeId::of::<U>()) {
                choices.push((TypeId::of::<U>(), choice.clone()));
            }
        }
    }

    /// Returns the cache of variants, or `None` if the value is not an array or object, because such values are cheap
    /// to decode.
    fn choices(&self) -> Option<&RefCell<Vec<(TypeId, Choice)>>> {
        match self {
            Self::Leaf(_) | Self::Digits(_) => None,
            Self::Array(nested) => Some(&nested.choices),
            Self::Object(nested) => Some(&nested.choices),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NODE_TYPE, NodeVisitor { numbers: None, requests_text: true })
    }
}

/// A visitor that builds a node.
struct NodeVisitor<'n, 't> {
    /// The remaining numbers of the JSON text, if the node is read from JSON text.
    numbers: Option<&'n mut Numbers<'t>>,
    /// Whether to ask the deserializer for the JSON text of the value first.
    requests_text: bool,
}

impl<'t> NodeVisitor<'_, 't> {
    /// Returns a visitor for a nested value.
    fn inner(&mut self) -> NodeVisitor<'_, 't> {
        NodeVisitor { numbers: self.numbers.as_deref_mut(), requests_text: false }
    }

    /// Returns the next number as written in the text.
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

/// Parses a node from JSON.
fn from_text(json: &str) -> Result<Node, serde_json::Error> {
    read_text(json, json).or_else(|error| match digits::in_range(json) {
        Some(readable) => read_text(&readable, json),
        None => Err(error),
    })
}

/// Parses a node from `json`, but with the numbers as written in `original`. The two texts differ only in numbers
/// beyond the range of `f64`.
fn read_text(json: &str, original: &str) -> Result<Node, serde_json::Error> {
    let mut numbers = Numbers::of(original);
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let visitor = NodeVisitor { numbers: Some(&mut numbers), requests_text: false };
    let node = visitor.deserialize(Counted(&mut deserializer))?;
    deserializer.end()?;
    Ok(node)
}

/// Creates a node for a number as written in JSON. Its memory is charged to the decoding budget.
fn digits<E: serde::de::Error>(number: &str) -> Result<Node, E> {
    decode_budget::charge(number.len().saturating_add(2 * size_of::<usize>())).map_err(E::custom)?;
    Ok(Node::Digits(Rc::from(number)))
}

/// Implements the visitor methods for types that convert to a [`Value`].
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

    /// Accepts the digits of a number as ASCII bytes, from a deserializer that provides them.
    fn visit_bytes<E: serde::de::Error>(self, number: &[u8]) -> Result<Node, E> {
        digits(std::str::from_utf8(number).map_err(E::custom)?)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    /// Accepts `null`, or the node that the deserializer of nodes has stored in `PASSED_NODE`.
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(PASSED_NODE.take().unwrap_or(Node::Leaf(Value::Null)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.requests_text {
            let visitor = NodeVisitor { requests_text: false, ..self };
            deserializer.deserialize_newtype_struct(SERDE_JSON_TEXT, visitor)
        } else {
            deserializer.deserialize_any(self)
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Node, A::Error> {
        let mut content = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner())? {
            content.push(item);
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

/// The name of a property, borrowed from the node.
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
    /// Deserializes an integer type: accepts numbers with a zero fraction, such as `5.0`.
    fn visit_integer<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, serde_json::Error> {
        let integer = match self {
            Node::Digits(number) => digits::integer(number),
            Node::Leaf(Value::Number(number)) if number.is_f64() => {
                number.as_f64().and_then(number::as_integer).map(|integer| Wide::Signed(integer.into()))
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

/// Implements the methods for integer types.
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
            NODE_TYPE => {
                PASSED_NODE.set(Some(self.clone()));
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
