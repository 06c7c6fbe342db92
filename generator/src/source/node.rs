//! Defines the tree of a document: the common data model of JSON and YAML, with source locations.

use std::collections::HashMap;

use serde_json::Value;

use super::span::Span;

/// A JSON or YAML value with its source location.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The location of the value. The span of a YAML block mapping begins at its first key and ends at the end of its
    /// last value.
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// The value of a node, in the data model of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, of any size and precision.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Sequence(Vec<Node>),
    /// An object.
    Mapping(Mapping),
}

/// A number of any size and precision, stored as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    /// The number in the syntax of JSON, with all digits: e.g. `-12`, `0.5`, `1e9`, or an integer with 39 digits.
    pub text: String,
}

/// A JSON object or YAML mapping: properties with unique keys, in the order of the document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// The position of each key. `None` for small mappings, for which a linear search is faster.
    index: Option<Box<Index>>,
}

/// The position of each key of a mapping. Always boxed, because the size of [`Mapping`] determines the size of all
/// nodes.
#[derive(Debug, Clone, PartialEq)]
struct Index(HashMap<String, usize>);

/// The maximum number of properties of a mapping without an index.
const MAX_UNINDEXED: usize = 16;

/// A property of a [`Mapping`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The location of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Mapping {
    /// Adds a property.
    ///
    /// # Errors
    /// Returns the location of the existing key if the mapping already has the key. The mapping is not changed.
    pub fn insert(&mut self, key: String, key_span: Span, value: Node) -> Result<(), Span> {
        if let Some(first) = self.entry(&key) {
            return Err(first.key_span);
        }
        if self.entries.len() >= MAX_UNINDEXED {
            let entries = &self.entries;
            let known = || entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
            self.index.get_or_insert_with(|| Box::new(Index(known()))).0.insert(key.clone(), entries.len());
        }
        self.entries.push(Entry { key, key_span, value });
        Ok(())
    }

    /// Frees unused capacity. Most mappings have one to three properties, but a `Vec` starts with a capacity of four.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    /// Returns the property with the key `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.0.get(key).copied(),
            None => self.entries.iter().position(|entry| entry.key == key),
        }
    }

    /// Returns the value of a property.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns all properties in the order of the document.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns mutable references to the values of all properties in the order of the document.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Returns a mutable reference to the value of a property.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.position(key)?;
        self.entries.get_mut(at).map(|entry| &mut entry.value)
    }

    /// Removes the properties for which `keeps` returns false.
    pub(crate) fn retain(&mut self, keeps: impl FnMut(&Entry) -> bool) {
        let before = self.entries.len();
        self.entries.retain(keeps);
        if self.entries.len() < before && self.index.is_some() {
            let known = self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at));
            self.index = Some(Box::new(Index(known.collect())));
        }
    }

    /// Returns all properties in the order of the document.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl Node {
    /// Returns the value of a property. Returns `None` if the node is not a mapping or has no such property.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Returns the properties of a mapping. Returns an empty slice for other kinds of nodes.
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().map_or(&[], Mapping::entries)
    }

    /// Returns the elements of a sequence. Returns an empty slice for other kinds of nodes.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence(elements) => elements,
            _ => &[],
        }
    }

    /// Returns the mapping. Returns `None` for other kinds of nodes.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.kind {
            NodeKind::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Returns the string. Returns `None` for other kinds of nodes.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(string) => Some(string),
            _ => None,
        }
    }

    /// Returns the boolean. Returns `None` for other kinds of nodes.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            NodeKind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the number if it is an integer that fits into `i64`. `1.0` and `1e3` are integers, as in JSON Schema.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            NodeKind::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Returns the JSON type of the value with an article, for messages: e.g. `an object`.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::String(_) => "a string",
            NodeKind::Sequence(_) => "an array",
            NodeKind::Mapping(_) => "an object",
        }
    }

    /// Returns the value as JSON in one line. Preserves the digits of numbers and the order of properties.
    pub fn to_json_text(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, None);
        text
    }

    /// Returns the value as JSON, indented by two spaces. Preserves the digits of numbers and the order of properties.
    pub fn to_json_pretty(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, Some(0));
        text
    }

    // Recursion is bounded, because the depth is limited when the document is read.
    fn write_json(&self, out: &mut String, indent: Option<usize>) {
        let inner = indent.map(|depth| depth + 1);
        let newline = |out: &mut String, depth: Option<usize>| {
            if let Some(depth) = depth {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
        };
        match &self.kind {
            NodeKind::Null => out.push_str("null"),
            NodeKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            NodeKind::Number(number) => out.push_str(&number.text),
            NodeKind::String(string) => out.push_str(&Value::from(string.as_str()).to_string()),
            NodeKind::Sequence(elements) if elements.is_empty() => out.push_str("[]"),
            NodeKind::Sequence(elements) => {
                out.push('[');
                for (position, element) in elements.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    newline(out, inner);
                    element.write_json(out, inner);
                }
                newline(out, indent);
                out.push(']');
            }
            NodeKind::Mapping(mapping) if mapping.entries.is_empty() => out.push_str("{}"),
            NodeKind::Mapping(mapping) => {
                out.push('{');
                for (position, entry) in mapping.entries.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    newline(out, inner);
                    out.push_str(&Value::from(entry.key.as_str()).to_string());
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    entry.value.write_json(out, inner);
                }
                newline(out, indent);
                out.push('}');
            }
        }
    }
}

impl Number {
    /// Returns the number if it is an integer that fits into `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok().or_else(|| {
            // 2^53: `f64` represents all integers up to here exactly.
            let float: f64 = self.text.parse().ok()?;
            (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
        })
    }

    /// Returns whether the number is an integer.
    pub fn is_integer(&self) -> bool {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        digits.bytes().all(|byte| byte.is_ascii_digit()) || self.as_i64().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn mappings_of_every_size_find_properties() {
        let span = |at| Span { source: SourceId(0), start: at, end: at };
        let mut mapping = Mapping::default();
        for count in 0..3 * MAX_UNINDEXED {
            assert_eq!(mapping.get(&count.to_string()), None);
            let value = Node { span: span(count), kind: NodeKind::Null };
            assert_eq!(mapping.insert(count.to_string(), span(count), value.clone()), Ok(()));
            for known in 0..=count {
                assert_eq!(mapping.entry(&known.to_string()).map(|entry| entry.key_span), Some(span(known)));
                assert_eq!(mapping.insert(known.to_string(), span(99), value.clone()), Err(span(known)));
            }
        }
        assert_eq!(mapping.entries().len(), 3 * MAX_UNINDEXED);
    }
}
