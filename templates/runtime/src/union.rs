//! Decoding of unions (`oneOf`, `anyOf`): selects the variant by JSON type, by properties, by discriminator, or by
//! trying the variants.
//!
//! Generated code [reads](read) a union into a [`Buffered`] value, selects a variant with the functions of this module,
//! and decodes it. A value that matches no variant becomes [`UnknownJson`].

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
    /// A number without a fraction, or with a zero fraction: `5` or `5.0`.
    Integer,
    /// A number with a fraction, such as `5.5`, or a number above 2^53 that is written with a zero fraction.
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

/// A value that matches no variant of a union; serialized unchanged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownJson(ExactJson);

/// Shows only the JSON type, because any property may be a secret.
impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownJson").field(&JsonType::of(self.0.value())).finish()
    }
}

impl UnknownJson {
    /// Creates the value from a value that matches no variant. Unused if the spec has no union.
    #[doc(hidden)]
    #[allow(dead_code)]
    pub fn new(value: Buffered) -> Self {
        tally::note_undefined();
        Self(ExactJson::of(&value.node))
    }

    /// Creates the value of a webhook that the spec does not define.
    #[cfg(feature = "webhooks")]
    pub(super) fn from_json(value: ExactJson) -> Self {
        Self(value)
    }

    /// Returns the value. Numbers that do not fit into 64 bits are rounded here; serialization preserves all digits.
    pub fn value(&self) -> &Value {
        self.0.value()
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A JSON value in memory, from which the variants of a union are decoded.
pub struct Buffered {
    node: Node,
    /// The number of bytes by which reading this value reduced the decoding budget.
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

/// Reads the value of the union `U` into memory.
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

/// Decodes the value as the type of a variant; error messages contain the JSON path within the value.
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

/// A selection of the variant that matches a value best, by decoding all candidates.
///
/// The best match is the variant with the fewest values that its type does not define. If several variants have equally
/// few, the best one is the variant that loses the fewest properties, then the variant with the fewest additional
/// properties, then the first variant.
///
/// Each variant is decoded once. The choice is cached in the value, in case an outer union decodes the value
/// again for another of its variants. The total work is therefore proportional to the size of the value, its depth and
/// the number of variants, instead of exponential in the depth. If the decoding budget of the body is exceeded, the
/// result is an unknown value.
pub struct Trial<'c, U> {
    value: Buffered,
    /// For each variant, in order: whether it is a candidate.
    candidates: &'c [bool],
    /// Whether a comparison is unnecessary, because there is only one candidate or the choice is cached.
    is_decided: bool,
    /// The cached choice.
    known: Option<Choice>,
    /// The variant decoded last, until [`fits`](Self::fits) accepts it.
    last: Option<Read>,
    /// The best variant so far.
    best: Option<(Read, U)>,
    /// The first error of [`read_indicated`](Self::read_indicated).
    refused: Option<String>,
    /// Whether the decoding budget is exceeded.
    is_exhausted: bool,
}

/// A decoded variant.
struct Read {
    variant: usize,
    matches: Match,
    /// The tally of this variant. If the variant is chosen, it is added to the tally of the surrounding value.
    tally: Tally,
    /// The number of bytes that were left in the decoding budget before the variant was decoded.
    left: u64,
}

/// How well a variant matches a JSON value. The fields are compared in order, and the smallest match is the best. The
/// default, with all fields 0, is a perfect match.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    /// See [`Tally::undefined`].
    undefined: usize,
    /// The number of properties in the JSON value that the variant does not preserve.
    lost: usize,
    /// See [`Tally::unnamed`].
    unnamed: usize,
}

impl<'c, U: 'static> Trial<'c, U> {
    /// Creates a trial; `candidates` has an item per variant, which is true if the variant is to be decoded.
    pub fn new(value: Buffered, candidates: &'c [bool]) -> Self {
        let known = value.node.choice::<U>();
        let is_decided = known.is_some() || candidates.iter().filter(|is_candidate| **is_candidate).count() < 2;
        Self { value, candidates, is_decided, known, last: None, best: None, refused: None, is_exhausted: false }
    }

    /// Decodes the variant with this index. Returns its value if it matches better than all variants decoded before.
    pub fn read<T: DeserializeOwned + Serialize>(&mut self, variant: usize) -> Option<T> {
        self.read_by(variant, false, |node| T::deserialize(Counted(node)).map_err(|_| None))
    }

    /// Like [`read`](Self::read), for a variant that a discriminator, a property or the JSON type of the value
    /// indicates. The variant is chosen without further comparison if it matches and its type defines all values. If no
    /// variant matches, [`found`](Self::found) fails with the first error of this method.
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
        // The work is only charged to the decoding budget if several variants are compared.
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

    /// Accepts the variant decoded last as the best variant so far. `value` is the union with this variant.
    pub fn fits(&mut self, value: U) {
        let Some(read) = self.last.take() else { return };
        // Return the bytes of the replaced variant to the decoding budget; the bytes of the new variant remain charged.
        if let Some((replaced, _)) = &self.best {
            decode_budget::give_back(replaced.left.saturating_sub(read.left));
        }
        self.best = Some((read, value));
    }

    /// Returns the bytes of the variant decoded last to the decoding budget, if the variant was not accepted.
    fn forget_last(&mut self) {
        if let Some(read) = self.last.take() {
            decode_budget::restore(read.left);
        }
    }

    /// Returns the best variant. If no variant matches, or if the decoding budget is exceeded, returns the result of
    /// `unknown`.
    ///
    /// # Errors
    ///
    /// No variant matches, although a discriminator, a property or the JSON type of the value indicates one.
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

/// Returns the number of properties that are in `node`, a JSON value, but not in `decoded`, the same value decoded as a
/// variant and serialized again. Nested properties are included; properties that are `null` in `node` are not counted.
fn lost(node: &Node, decoded: &WireValue) -> usize {
    match (node, decoded) {
        (Node::Object(nested), WireValue::Object(decoded)) => {
            let decoded: BTreeMap<&str, &WireValue> =
                decoded.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let lost_of = |(name, property): (&String, &Node)| match decoded.get(name.as_str()) {
                Some(decoded) => lost(property, decoded),
                None => usize::from(!matches!(property, Node::Leaf(Value::Null))),
            };
            nested.content.iter().map(lost_of).sum()
        }
        (Node::Array(nested), WireValue::Array(decoded)) => {
            nested.content.iter().zip(decoded).map(|(item, decoded)| lost(item, decoded)).sum()
        }
        _ => 0,
    }
}

/// A property that a variant of a union defines for its objects, for the check [`may_be`].
pub struct Property {
    /// The name of the property.
    pub name: &'static str,
    /// Whether the property is required.
    pub required: bool,
    /// The allowed JSON types; empty for any type. `null` is always allowed.
    pub kinds: &'static [JsonType],
}

/// Returns whether the value may be an object with these properties: all required properties are present, and no
/// property has a wrong JSON type. This quick check precedes decoding and suffices for most unions of objects.
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

/// Returns whether the property of an object has the value `expected`: a string, or the JSON text of a boolean or
/// number.
pub fn property_is(value: &Buffered, name: &str, expected: &str) -> bool {
    node_is(&value.node, name, expected)
}

/// Implements [`property_is`].
pub(super) fn node_is(value: &Node, name: &str, expected: &str) -> bool {
    match value.get(name) {
        Some(Node::Leaf(Value::String(text))) => text == expected,
        Some(Node::Leaf(Value::Bool(boolean))) => expected.parse() == Ok(*boolean),
        Some(Node::Leaf(Value::Number(number))) => digits::is_same(&number.to_string(), expected),
        Some(Node::Digits(number)) => digits::is_same(number, expected),
        _ => false,
    }
}

/// Returns whether the discriminator value of an object belongs to a variant other than the one with the discriminator
/// values `own`. `all` are the discriminator values of all variants.
pub fn is_another(value: Option<&str>, own: &[&str], all: &[&str]) -> bool {
    value.is_some_and(|value| all.contains(&value) && !own.contains(&value))
}
