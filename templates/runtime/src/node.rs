//! A JSON value in memory, from which a union reads its variants, any number of times.
//!
//! Arrays and objects are shared: a union within the variant of another union gets its part of the value by a pointer,
//! without a copy, and what is found out about that part is noted there once for all variants of the outer union.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::decode_budget::{self, ListMemory, MapMemory};
use super::number::whole;

/// A JSON value.
#[derive(Clone)]
pub enum Node {
    /// Anything but an array or an object.
    Leaf(Value),
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
            Self::Leaf(_) => 1,
            Self::Array(nested) => nested.values,
            Self::Object(nested) => nested.values,
        }
    }

    /// The property of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(nested) => nested.content.get(name),
            Self::Leaf(_) | Self::Array(_) => None,
        }
    }

    /// The same value as one of its own. Its memory is charged; where there is too little, decoding fails in the end.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Leaf(value) => value.clone(),
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
            Self::Leaf(_) => None,
            Self::Array(nested) => Some(&nested.known),
            Self::Object(nested) => Some(&nested.known),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(HANDED_ON, NodeVisitor)
    }
}

struct NodeVisitor;

/// Visits what has a `Value` of its own.
macro_rules! leaf {
    ($($method:ident($ty:ty),)+) => {
        $(fn $method<E>(self, value: $ty) -> Result<Node, E> {
            Ok(Node::Leaf(Value::from(value)))
        })+
    };
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    leaf! { visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str), visit_string(String), }

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
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node, A::Error> {
        let mut content = Vec::new();
        while let Some(element) = elements.next_element()? {
            content.push(element);
        }
        Ok(Node::array(content))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Node, A::Error> {
        let mut content = BTreeMap::new();
        while let Some((name, property)) = properties.next_entry::<String, Node>()? {
            if let (SERDE_JSON_NUMBER, Node::Leaf(Value::String(number))) = (name.as_str(), &property) {
                return number.parse().map(|number| Node::Leaf(Value::Number(number))).map_err(A::Error::custom);
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

/// Reads an integer, `5.0` too.
macro_rules! integer {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            match self {
                Node::Leaf(Value::Number(number)) if number.is_f64() => match number.as_f64().and_then(whole) {
                    Some(integer) => visitor.visit_i64(integer),
                    None => self.deserialize_any(visitor),
                },
                _ => self.deserialize_any(visitor),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = serde_json::Error;

    integer! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Node::Leaf(value) => value.deserialize_any(visitor),
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
            _ if name.starts_with(SERDE_JSON_PRIVATE) => {
                let left = decode_budget::left();
                let value = self.to_value();
                decode_budget::restore(left);
                value.deserialize_newtype_struct(name, visitor)
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

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}
