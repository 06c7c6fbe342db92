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
use super::exact_json::ExactJson;
use super::node::{Choice, Node};
use super::number::whole;
use super::tally::{self, Tally};
use super::wire_value::WireValue;

/// The type of a JSON value, as JSON Schema counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction: `5`, and `5.0` too.
    Integer,
    /// A number with a fraction, or too large to be sure.
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
            Value::Number(number) if number.as_f64().and_then(whole).is_some() => JsonType::Integer,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }

    fn of_node(node: &Node) -> Self {
        match node {
            Node::Leaf(value) => Self::of(value),
            Node::Digits(number) if digits::is_integer(number) || digits::integer(number).is_some() => Self::Integer,
            Node::Digits(_) => Self::Number,
            Node::Array(_) => Self::Array,
            Node::Object(_) => Self::Object,
        }
    }
}

/// A value of no variant of a union, serialized unchanged.
#[derive(Clone, PartialEq)]
pub struct UnknownJson(ExactJson);

/// Shows only the JSON type: any property may be a secret.
impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownJson").field(&JsonType::of(self.0.value())).finish()
    }
}

impl UnknownJson {
    // Not public: a caller could hide a known value in it. Unused where a spec has no union.
    #[allow(dead_code)]
    pub(crate) fn new(value: Buffered) -> Self {
        tally::note_undefined();
        Self(ExactJson::of(&value.node))
    }

    /// The value. Numbers that do not fit into 64 bits are rounded here; they are serialized unchanged.
    pub fn value(&self) -> &Value {
        self.0.value()
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
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
pub fn variant<T: DeserializeOwned, E: serde::de::Error>(value: Buffered) -> Result<T, E> {
    with_path(&value.node).map_err(E::custom)
}

/// Reads a value; the message of an error has the JSON path in front.
fn with_path<T: DeserializeOwned>(node: &Node) -> Result<T, String> {
    decode_budget::prepay(size_of::<T>());
    serde_path_to_error::deserialize(Counted(node)).map_err(|error| message_with_path(&error))
}

/// The variants that a value may be of, and which of them matches it best: the one that has the fewest values that its type
/// does not define, of those the one that keeps most of the value, of those the one that defines most of its properties,
/// and of those the first.
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
    known: Option<Choice>,
    /// What was read last, until it [fits](Self::fits).
    last: Option<Read>,
    best: Option<(Read, U)>,
    /// Why the value is not of the first variant that a property indicates.
    refused: Option<String>,
    is_exhausted: bool,
}

/// A variant whose value was read.
struct Read {
    variant: usize,
    matches: Match,
    /// What to add to the tally of the value around, if this is the best.
    tally: Tally,
    /// How much memory was left before.
    left: u64,
}

/// How well a variant matches; the least is the best.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    undefined: usize,
    /// How much of the value it does not keep.
    lost: usize,
    unnamed: usize,
}

impl<'c, U: 'static> Trial<'c, U> {
    /// A trial of those variants that the value may be of by their place in `candidates`.
    pub fn new(value: Buffered, candidates: &'c [bool]) -> Self {
        let known = value.node.choice::<U>();
        let is_decided = known.is_some() || candidates.iter().filter(|is_candidate| **is_candidate).count() < 2;
        Self { value, candidates, is_decided, known, last: None, best: None, refused: None, is_exhausted: false }
    }

    /// The value of a variant, where it fits and matches better than any before.
    pub fn read<T: DeserializeOwned + Serialize>(&mut self, variant: usize) -> Option<T> {
        self.read_by(variant, false, |node| T::deserialize(Counted(node)).map_err(|_| None))
    }

    /// The value of a variant that a property indicates: it is taken if it fits and everything in it is defined. Where no
    /// variant fits, the error of the first that a property indicates is the error of the union.
    pub fn read_indicated<T: DeserializeOwned + Serialize>(&mut self, variant: usize) -> Option<T> {
        self.read_by(variant, true, |node| with_path(node).map_err(Some))
    }

    fn read_by<T: DeserializeOwned + Serialize>(
        &mut self,
        variant: usize,
        is_indicated: bool,
        read: impl FnOnce(&Node) -> Result<T, Option<String>>,
    ) -> Option<T> {
        self.forget_last();
        let least = self.best.as_ref().map(|(best, _)| best.matches);
        let is_known_not = self.known.as_ref().is_some_and(|known| *known != Choice::Variant(variant));
        if least == Some(Match::default()) || is_known_not || self.candidates.get(variant) != Some(&true) {
            return None;
        }
        // What is decided is read once, which is no more work than that of any other value.
        if !self.is_decided && !decode_budget::work(self.value.node.values()) {
            self.is_exhausted = true;
            return None;
        }
        let left = decode_budget::left();
        decode_budget::prepay(size_of::<T>());
        let node = &self.value.node;
        let (read, tally) = tally::taken(|| read(node));
        let read = read.map_err(|reason| self.refused = self.refused.take().or(reason)).ok();
        let matches = read.as_ref().and_then(|read| {
            if self.is_decided || is_indicated && tally.undefined == 0 {
                return Some(Match::default());
            }
            let lost = lost(node, &WireValue::of(read).ok()?);
            Some(Match { undefined: tally.undefined, lost, unnamed: tally.unnamed })
        });
        self.last = Some(Read { variant, matches: matches.unwrap_or_default(), tally, left });
        read.filter(|_| matches.is_some_and(|matches| least.is_none_or(|least| matches < least)))
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

    /// The variant that matches best; `unknown` where none fits or trying took too much work.
    ///
    /// # Errors
    ///
    /// None fits, although a property indicates one.
    pub fn found<E: serde::de::Error>(mut self, unknown: impl FnOnce(UnknownJson) -> U) -> Result<U, E> {
        self.forget_last();
        if self.is_exhausted {
            return Ok(unknown(UnknownJson::new(self.value)));
        }
        let choice = match (self.known, &self.best, self.refused) {
            (Some(known), None, None) => known,
            (_, Some((read, _)), _) => Choice::Variant(read.variant),
            (_, None, Some(reason)) => Choice::Refused(reason),
            (None, None, None) => Choice::Unknown,
        };
        self.value.node.note_choice::<U>(&choice);
        match (self.best, choice) {
            (Some((read, value)), _) => {
                tally::add(read.tally);
                Ok(value)
            }
            (None, Choice::Refused(reason)) => Err(E::custom(reason)),
            (None, _) => Ok(unknown(UnknownJson::new(self.value))),
        }
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
pub fn has_property(value: &Buffered, name: &str) -> bool {
    value.node.get(name).is_some()
}

/// Whether the value is an object whose property is this string, or the boolean or number that it is the text of.
pub fn property_is(value: &Buffered, name: &str, expected: &str) -> bool {
    match value.node.get(name) {
        Some(Node::Leaf(Value::String(text))) => text == expected,
        Some(Node::Leaf(Value::Bool(boolean))) => expected.parse() == Ok(*boolean),
        Some(Node::Leaf(Value::Number(number))) => digits::is_same(&number.to_string(), expected),
        Some(Node::Digits(number)) => digits::is_same(number, expected),
        _ => false,
    }
}

/// Whether what an object says of itself denotes another arm than its own: it is one of all values, and none of its arm's.
pub fn is_another(said: Option<&str>, own: &[&str], all: &[&str]) -> bool {
    said.is_some_and(|said| all.contains(&said) && !own.contains(&said))
}
