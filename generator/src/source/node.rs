//! The tree that every document becomes: what JSON and YAML have in common, each node with its span.

use std::collections::HashMap;

use serde_json::Value;

use super::span::Span;

/// A value of the document and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text of the value (for a block mapping, from its first key to the end of its last value).
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// What a node is, in JSON's terms.
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

/// A number as JSON would write it; nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The number in JSON's grammar, e.g. `-12`, `0.5`, `1e9` or 39 digits.
    pub text: String,
}

/// An object: its members in the order of the document, keys unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// Where each key is; not there for a small mapping, which most are and which is searched sooner than hashed.
    index: Option<Box<Index>>,
}

/// Where each key of a mapping is. Boxed, since every node is as large as the largest.
#[derive(Debug, Clone, PartialEq)]
struct Index(HashMap<String, usize>);

/// Mappings of more members have an index.
const SMALL: usize = 16;

/// A member of a [`Mapping`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Mapping {
    /// Adds a member. Returns the place of the earlier key, and adds nothing, if there is one.
    pub fn insert(&mut self, key: String, key_span: Span, value: Node) -> Result<(), Span> {
        if let Some(first) = self.entry(&key) {
            return Err(first.key_span);
        }
        if self.entries.len() >= SMALL {
            let entries = &self.entries;
            let known = || entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
            self.index.get_or_insert_with(|| Box::new(Index(known()))).0.insert(key.clone(), entries.len());
        }
        self.entries.push(Entry { key, key_span, value });
        Ok(())
    }

    /// Gives back the memory for more members: most mappings have one to three, and a list of four is what one begins with.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    /// The member of that name.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.0.get(key).copied(),
            None => self.entries.iter().position(|entry| entry.key == key),
        }
    }

    /// The value of the member of that name.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// All members, in the order of the document.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The values of all members, in the order of the document, to change them where they are.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// The value of the member of that name, to change it where it is.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.position(key)?;
        self.entries.get_mut(at).map(|entry| &mut entry.value)
    }

    /// All members, in the order of the document, to keep.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl Node {
    /// The member of that name, where this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// The members, where this is a mapping; none otherwise.
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().map_or(&[], Mapping::entries)
    }

    /// The elements, where this is a sequence; none otherwise.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence(elements) => elements,
            _ => &[],
        }
    }

    /// The mapping, where this is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.kind {
            NodeKind::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            NodeKind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a 64-bit integer, where this is one that fits (`1.0` and `1e3` are integers, as in JSON Schema).
    pub fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            NodeKind::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// What JSON calls this kind of value, for messages.
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

    /// The value as JSON text, on one line, with every digit of its numbers and its members in order.
    pub fn to_json_text(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, None);
        text
    }

    /// The value as indented JSON text, with every digit of its numbers and its members in order.
    pub fn to_json_pretty(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, Some(0));
        text
    }

    // Depth is bounded by the reader's limit on nesting.
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
            NodeKind::String(text) => out.push_str(&Value::from(text.as_str()).to_string()),
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
    /// The number as a 64-bit integer, if it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok().or_else(|| {
            // 2^53: up to here a float holds every integer.
            let float: f64 = self.text.parse().ok()?;
            (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
        })
    }

    /// Whether the number has no fraction.
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
    fn members_are_found_in_mappings_of_every_size() {
        let span = |at| Span { source: SourceId(0), start: at, end: at };
        let mut mapping = Mapping::default();
        for count in 0..3 * SMALL {
            assert_eq!(mapping.get(&count.to_string()), None);
            let value = Node { span: span(count), kind: NodeKind::Null };
            assert_eq!(mapping.insert(count.to_string(), span(count), value.clone()), Ok(()));
            for known in 0..=count {
                assert_eq!(mapping.entry(&known.to_string()).map(|entry| entry.key_span), Some(span(known)));
                assert_eq!(mapping.insert(known.to_string(), span(99), value.clone()), Err(span(known)));
            }
        }
        assert_eq!(mapping.entries().len(), 3 * SMALL);
    }
}
