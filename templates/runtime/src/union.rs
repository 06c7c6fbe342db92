//! What generated unions decide by: the JSON type of a value, a property it has, the value of a property; and trials.
//!
//! In: a value in memory, [`Buffered`]. Out: which variant reads it, the variant's value, or [`UnknownJson`].

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::counted::Counted;
use super::decode::message_with_path;
use super::decode_budget;
use super::digits;
use super::node::Node;
use super::wire_value::{WireValue, serialize_json};

/// The type of a JSON value, as JSON Schema counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number written without fraction or exponent.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// The type of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(number) if number.is_i64() || number.is_u64() => JsonType::Integer,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }

    fn of_node(node: &Node) -> Self {
        match node {
            Node::Leaf(value) => Self::of(value),
            Node::Digits(number) if digits::is_integer(number) => Self::Integer,
            Node::Digits(_) => Self::Number,
            Node::Array(_) => Self::Array,
            Node::Object(_) => Self::Object,
        }
    }
}

/// A value that no arm of a union knows; it goes back as it came.
#[derive(Clone, PartialEq)]
pub struct UnknownJson {
    value: Value,
    /// The value as JSON, where it has numbers that a [`Value`] rounds.
    exact: Option<String>,
}

/// Shows the JSON type alone: nobody knows which members of it are secrets.
impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownJson").field(&JsonType::of(&self.value)).finish()
    }
}

impl UnknownJson {
    // Not public: a caller could hide a known value in it. Unused where a spec has no union.
    #[allow(dead_code)]
    pub(crate) fn new(value: Buffered) -> Self {
        let exact = value.node.holds_digits().then(|| value.node.to_json());
        Self { value: value.node.to_value(), exact }
    }

    /// The value; a number of more digits than 64 bits can hold is rounded here, and sent as it came.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.exact {
            Some(exact) => serialize_json(exact, serializer),
            None => self.value.serialize(serializer),
        }
    }
}

/// The value that a union is read from.
pub struct Buffered {
    node: Node,
    /// The memory that is charged for it.
    memory: u64,
}

impl Buffered {
    /// The JSON type of the value.
    pub fn kind(&self) -> JsonType {
        JsonType::of_node(&self.node)
    }
}

impl Drop for Buffered {
    fn drop(&mut self) {
        decode_budget::give_back(self.memory);
    }
}

/// Reads the value of the union `U`, of which its variants are read then.
///
/// # Errors
///
/// Those of the deserializer; or the budget of the body is exceeded.
pub fn read<'de, U, D: Deserializer<'de>>(deserializer: D) -> Result<Buffered, D::Error> {
    decode_budget::hold::<U>().map_err(D::Error::custom)?;
    let left = decode_budget::left();
    let node = Node::deserialize(deserializer)?;
    Ok(Buffered { node, memory: left.saturating_sub(decode_budget::left()) })
}

/// Reads the value of a variant; the message of an error keeps the JSON path within it.
///
/// # Errors
///
/// The value is not of the variant's type.
pub fn arm<T: DeserializeOwned, E: serde::de::Error>(value: Buffered) -> Result<T, E> {
    with_path(&value.node).map_err(E::custom)
}

/// Reads the value of a variant that a property indicates. Where it does not fit, a variant behind this one may have a
/// property of that name too; the first error is kept for the case that none takes the value.
pub fn told<T: DeserializeOwned + 'static, E: serde::de::Error>(
    value: &Buffered,
    refused: &mut Option<E>,
) -> Option<T> {
    let node = &value.node;
    let reason = match node.refusal::<T>() {
        Some(reason) => reason,
        None => {
            let is_taken = node.is_taken::<T>();
            if !is_taken && !decode_budget::work(node.values()) {
                return None;
            }
            let left = decode_budget::left();
            match with_path(node) {
                Ok(value) => {
                    if !is_taken {
                        node.note_taken::<T>();
                    }
                    return Some(value);
                }
                Err(reason) => {
                    decode_budget::restore(left);
                    node.note_refusal::<T>(reason.clone());
                    reason
                }
            }
        }
    };
    refused.get_or_insert_with(|| E::custom(reason));
    None
}

/// Reads a value; the message of an error has the JSON path in front.
fn with_path<T: DeserializeOwned>(node: &Node) -> Result<T, String> {
    decode_budget::prepay(size_of::<T>());
    serde_path_to_error::deserialize(Counted(node)).map_err(|error| message_with_path(&error))
}

/// Variants that no test tells apart: those that fit a value, and which of them keeps most of it.
///
/// Each is read once. Where the value is part of a value that another union tries its variants with, the next try finds
/// the choice that was made: all tries together take work in proportion to the value, its depth and the number of
/// variants, and not a power of its depth. The work that is too much for the budget of the body is
/// not done: the value is unknown then.
pub struct Trial<'c, U> {
    value: Buffered,
    /// For each variant, whether the value may be of it.
    candidates: &'c [bool],
    /// Whether there is but one of them, or it is known which fits.
    is_decided: bool,
    known: Option<Option<usize>>,
    /// What was read last, until it [fits](Self::fits).
    last: Option<Read>,
    best: Option<(Read, U)>,
    is_exhausted: bool,
}

/// A variant whose value was read.
struct Read {
    variant: usize,
    /// How much of the value it does not keep.
    lost: usize,
    /// How much memory was left before.
    left: u64,
}

impl<'c, U: 'static> Trial<'c, U> {
    /// A trial of those variants that the value may be of by their place in `candidates`.
    pub fn new(value: Buffered, candidates: &'c [bool]) -> Self {
        let known = value.node.choice::<U>();
        let is_decided = known.is_some() || candidates.iter().filter(|is_candidate| **is_candidate).count() < 2;
        Self { value, candidates, is_decided, known, last: None, best: None, is_exhausted: false }
    }

    /// The value of a variant, where it fits and keeps more than any before.
    pub fn read<T: DeserializeOwned + Serialize>(&mut self, variant: usize) -> Option<T> {
        self.forget_last();
        let least = self.best.as_ref().map(|(best, _)| best.lost);
        let is_known_not = self.known.is_some_and(|known| known != Some(variant));
        if least == Some(0) || is_known_not || self.candidates.get(variant) != Some(&true) {
            return None;
        }
        // What is decided is read once, which is no more work than that of any other value.
        if !self.is_decided && !decode_budget::work(self.value.node.values()) {
            self.is_exhausted = true;
            return None;
        }
        let left = decode_budget::left();
        decode_budget::prepay(size_of::<T>());
        let read: Option<T> = T::deserialize(Counted(&self.value.node)).ok();
        let lost = read.as_ref().and_then(|read| {
            if self.is_decided { Some(0) } else { Some(lost(&self.value.node, &WireValue::of(read).ok()?)) }
        });
        self.last = Some(Read { variant, lost: lost.unwrap_or(usize::MAX), left });
        read.filter(|_| lost.is_some_and(|lost| least.is_none_or(|least| lost < least)))
    }

    /// Takes the variant that was read last.
    pub fn fits(&mut self, value: U) {
        let Some(read) = self.last.take() else { return };
        // The memory of the value that is replaced; what was taken for this one stays taken.
        if let Some((replaced, _)) = &self.best {
            decode_budget::give_back(replaced.left.saturating_sub(read.left));
        }
        self.best = Some((read, value));
    }

    /// Gives back the memory of what did not fit.
    fn forget_last(&mut self) {
        if let Some(read) = self.last.take() {
            decode_budget::restore(read.left);
        }
    }

    /// The best of what fits.
    ///
    /// # Errors
    ///
    /// None does, or trying took too much work: the value unchanged.
    pub fn found(mut self) -> Result<U, UnknownJson> {
        self.forget_last();
        if self.is_exhausted {
            return Err(UnknownJson::new(self.value));
        }
        if self.known.is_none() {
            self.value.node.note_choice::<U>(self.best.as_ref().map(|(read, _)| read.variant));
        }
        self.best.map(|(_, value)| value).ok_or_else(|| UnknownJson::new(self.value))
    }
}

/// How many properties and elements of a value are missing in another. (A `null` that is missing is no loss.)
fn lost(node: &Node, kept: &WireValue) -> usize {
    match (node, kept) {
        (Node::Object(nested), WireValue::Object(kept)) => {
            let kept: BTreeMap<&str, &WireValue> = kept.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let lost_of = |(name, property): (&String, &Node)| match kept.get(name.as_str()) {
                Some(kept) => lost(property, kept),
                None => usize::from(!matches!(property, Node::Leaf(Value::Null))),
            };
            nested.content.iter().map(lost_of).sum()
        }
        (Node::Array(nested), WireValue::Array(kept)) => {
            nested.content.iter().zip(kept).map(|(element, kept)| lost(element, kept)).sum()
        }
        _ => 0,
    }
}

/// A property that an object of a variant has.
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Whether there is no such object without it.
    pub required: bool,
    /// The JSON types of its values beside `null`; all where it is empty.
    pub kinds: &'static [JsonType],
}

/// Whether the value may be an object with these properties: those that are required are there, and none that is there
/// has another JSON type. It is looked at before the object is tried, and decides most unions of objects.
pub fn may_be(value: &Buffered, properties: &[Property]) -> bool {
    properties.iter().all(|property| match value.node.get(property.name).map(JsonType::of_node) {
        None => !property.required,
        Some(kind) => kind == JsonType::Null || property.kinds.is_empty() || property.kinds.contains(&kind),
    })
}

/// Whether the value is an object that has this property.
pub fn has_member(value: &Buffered, name: &str) -> bool {
    value.node.get(name).is_some()
}

/// Whether the value is an object whose property is this string.
pub fn member_is(value: &Buffered, name: &str, expected: &str) -> bool {
    matches!(value.node.get(name), Some(Node::Leaf(Value::String(text))) if text == expected)
}

/// Whether what an object says of itself denotes another arm than its own: it is one of all values, and none of its arm's.
pub fn is_another(said: Option<&str>, own: &[&str], all: &[&str]) -> bool {
    said.is_some_and(|said| all.contains(&said) && !own.contains(&said))
}
