//! Decoding of unions: selection of a variant by JSON type, by properties, by discriminator, or by trial.
//!
//! Generated code passes a [`Buffered`] value; the result is the value of a variant or [`UnknownJson`].

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
use super::number::as_integer;
use super::tally::{self, Tally};
use super::wire_value::WireValue;

/// The type of a JSON value, as defined by JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction: `5`, or `5.0`.
    Integer,
    /// A number with a fraction, or beyond 2^53 if written with one.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// Returns the type of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(number) if number.is_i64() || number.is_u64() => JsonType::Integer,
            Value::Number(number) if number.as_f64().and_then(as_integer).is_some() => JsonType::Integer,
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

/// A value that matches no variant, serialized unchanged.
#[derive(Clone, PartialEq)]
pub struct UnknownJson(ExactJson);

/// Shows only the JSON type, because any property may be a secret.
impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownJson").field(&JsonType::of(self.0.value())).finish()
    }
}

impl UnknownJson {
    // Not public, because callers could wrap a value that matches a variant. Unused if the spec has no union.
    #[allow(dead_code)]
    pub(crate) fn new(value: Buffered) -> Self {
        tally::note_undefined();
        Self(ExactJson::of(&value.node))
    }

    /// Returns the value. Numbers that do not fit into 64 bits are rounded here, but they are serialized unchanged.
    pub fn value(&self) -> &Value {
        self.0.value()
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The buffered value of a union.
pub struct Buffered {
    node: Node,
    /// The memory charged for the value.
    memory: u64,
}

impl Buffered {
    /// Returns the JSON type of the value.
    pub fn kind(&self) -> JsonType {
        JsonType::of_node(&self.node)
    }
}

impl Drop for Buffered {
    fn drop(&mut self) {
        decode_budget::give_back(self.memory);
    }
}

/// Buffers the value of the union `U`, from which its variants are decoded.
///
/// # Errors
///
/// The deserializer fails, or the decoding budget of the body is exceeded.
pub fn read<'de, U, D: Deserializer<'de>>(deserializer: D) -> Result<Buffered, D::Error> {
    decode_budget::hold::<U>().map_err(D::Error::custom)?;
    let left = decode_budget::left();
    let node = Node::deserialize(deserializer)?;
    Ok(Buffered { node, memory: left.saturating_sub(decode_budget::left()) })
}

/// Decodes a variant; error messages contain the JSON path within the value.
///
/// # Errors
///
/// The value does not match the type of the variant.
pub fn variant<T: DeserializeOwned, E: serde::de::Error>(value: Buffered) -> Result<T, E> {
    with_path(&value.node).map_err(E::custom)
}

/// Decodes a value; error messages start with the JSON path.
fn with_path<T: DeserializeOwned>(node: &Node) -> Result<T, String> {
    decode_budget::prepay(size_of::<T>());
    serde_path_to_error::deserialize(Counted(node)).map_err(|error| message_with_path(&error))
}

/// Selects the variant that matches a value best: the one with the fewest values that its type does not define; among
/// those, the one that preserves most of the value; then the one that defines most of its properties; then the first.
///
/// Each variant is decoded once. If the value is part of a value for which an outer union tries its variants, the
/// choice is cached for the next trial. The total work is therefore proportional to the value, its depth and the number
/// of variants, not exponential in the depth. If the decoding budget of the body is exceeded, the value is unknown.
pub struct Trial<'c, U> {
    value: Buffered,
    /// For each variant, whether it is a candidate.
    candidates: &'c [bool],
    /// Whether there is only one candidate, or the variant is known.
    is_decided: bool,
    known: Option<Choice>,
    /// The variant decoded last, until it is accepted by [`fits`](Self::fits).
    last: Option<Read>,
    best: Option<(Read, U)>,
    /// The error of the first variant that the discriminator selects.
    refused: Option<String>,
    is_exhausted: bool,
}

/// A decoded variant.
struct Read {
    variant: usize,
    matches: Match,
    /// The tally to add to that of the surrounding value if this variant is chosen.
    tally: Tally,
    /// The memory budget before decoding.
    left: u64,
}

/// The quality of a match; the smallest is the best.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    undefined: usize,
    /// The number of values that the variant does not preserve.
    lost: usize,
    unnamed: usize,
}

impl<'c, U: 'static> Trial<'c, U> {
    /// Creates a trial of the variants that are marked in `candidates`.
    pub fn new(value: Buffered, candidates: &'c [bool]) -> Self {
        let known = value.node.choice::<U>();
        let is_decided = known.is_some() || candidates.iter().filter(|is_candidate| **is_candidate).count() < 2;
        Self { value, candidates, is_decided, known, last: None, best: None, refused: None, is_exhausted: false }
    }

    /// Returns the value of a variant if it matches better than all earlier ones.
    pub fn read<T: DeserializeOwned + Serialize>(&mut self, variant: usize) -> Option<T> {
        self.read_by(variant, false, |node| T::deserialize(Counted(node)).map_err(|_| None))
    }

    /// Returns the value of a variant that the discriminator selects. It is chosen if it matches and everything in it
    /// is defined. If no variant matches, the union fails with the error of the first variant selected this way.
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
        // Without a comparison, the variant is decoded directly, at no additional cost.
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

    /// Accepts the variant that was decoded last.
    pub fn fits(&mut self, value: U) {
        let Some(read) = self.last.take() else { return };
        // Release the memory of the replaced value; that of this value remains charged.
        if let Some((replaced, _)) = &self.best {
            decode_budget::give_back(replaced.left.saturating_sub(read.left));
        }
        self.best = Some((read, value));
    }

    /// Releases the memory of a variant that does not match.
    fn forget_last(&mut self) {
        if let Some(read) = self.last.take() {
            decode_budget::restore(read.left);
        }
    }

    /// Returns the best matching variant. If none matches, or if reading the variants took too much work, returns the result
    /// of `unknown`.
    ///
    /// # Errors
    ///
    /// A discriminator selects a variant, and the value does not match it.
    pub fn found<E: serde::de::Error>(mut self, unknown: impl FnOnce(UnknownJson) -> U) -> Result<U, E> {
        self.forget_last();
        if self.is_exhausted {
            return Ok(unknown(UnknownJson::new(self.value)));
        }
        let choice = match (self.known, &self.best, self.refused) {
            (Some(known), None, None) => known,
            (_, Some((read, _)), _) => Choice::Variant(read.variant),
            (_, None, Some(reason)) => Choice::Rejected(reason),
            (None, None, None) => Choice::Unknown,
        };
        self.value.node.note_choice::<U>(&choice);
        match (self.best, choice) {
            (Some((read, value)), _) => {
                tally::add(read.tally);
                Ok(value)
            }
            (None, Choice::Rejected(reason)) => Err(E::custom(reason)),
            (None, _) => Ok(unknown(UnknownJson::new(self.value))),
        }
    }
}

/// Returns the number of properties and items of a value that are missing in another. A missing `null` does not count.
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

/// A property of a variant's objects.
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Whether the property is required.
    pub required: bool,
    /// The JSON types of its values other than `null`; empty for any type.
    pub kinds: &'static [JsonType],
}

/// Returns whether the value can be an object with these properties: all required ones are present, and none has
/// another JSON type. This check precedes decoding and decides most unions of objects.
pub fn may_be(value: &Buffered, properties: &[Property]) -> bool {
    properties.iter().all(|property| match value.node.get(property.name).map(JsonType::of_node) {
        None => !property.required,
        Some(kind) => kind == JsonType::Null || property.kinds.is_empty() || property.kinds.contains(&kind),
    })
}

/// Returns whether the value is an object with this property.
pub fn has_property(value: &Buffered, name: &str) -> bool {
    value.node.get(name).is_some()
}

/// Returns whether the property of an object has this value: the string itself, or the text of a boolean or number.
pub fn property_is(value: &Buffered, name: &str, expected: &str) -> bool {
    match value.node.get(name) {
        Some(Node::Leaf(Value::String(text))) => text == expected,
        Some(Node::Leaf(Value::Bool(boolean))) => expected.parse() == Ok(*boolean),
        Some(Node::Leaf(Value::Number(number))) => digits::is_same(&number.to_string(), expected),
        Some(Node::Digits(number)) => digits::is_same(number, expected),
        _ => false,
    }
}

/// Returns whether the discriminator value of an object belongs to another variant.
pub fn is_another(value: Option<&str>, own: &[&str], all: &[&str]) -> bool {
    value.is_some_and(|value| all.contains(&value) && !own.contains(&value))
}
