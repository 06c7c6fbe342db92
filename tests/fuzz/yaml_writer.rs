//! Writes a value as YAML, in a style that depends on random choices. Reading the text must return the same value.
//!
//! YAML has many styles, and documents use all of them: flow and block collections, five styles of scalars on one or
//! several lines, anchors, aliases, tags, merge keys, comments.

use std::fmt::Write;

use super::yaml_values::Value;

/// Writes a value as YAML. `choices` selects the style of each node.
pub fn write_yaml(value: &Value, choices: &[u8]) -> String {
    let mut writer = Writer { out: String::new(), choices, at: 0, anchored: Vec::new(), in_scalar: false };
    let head = writer.choose(12);
    writer.out.push_str(match head {
        0 => "---\n",
        1 => "%YAML 1.2\n---\n",
        2 => "# comment: [\n\n",
        3 => "\u{feff}",
        _ => "",
    });
    writer.node(value, &Place { indent: 0, flow: false, preceding: Preceding::Nothing });
    if writer.choose(10) == 0 {
        writer.line(0);
        writer.out.push_str("...");
    }
    writer.out.push('\n');
    match writer.choose(8) {
        0 => writer.out.replace('\n', "\r\n"),
        1 => format!("{}# the end", writer.out),
        _ => writer.out,
    }
}

/// The context that a node is written in.
pub struct Place {
    /// The indentation of the lines of the node, in spaces.
    pub indent: usize,
    /// Whether the node is inside a flow collection.
    pub flow: bool,
    pub preceding: Preceding,
}

/// The token that precedes a node on the same line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Preceding {
    Nothing,
    /// A colon, after which a block has to begin on a new line.
    Colon,
    /// A dash and a space, after which a block may begin.
    Dash,
}

pub struct Writer<'a> {
    pub out: String,
    choices: &'a [u8],
    at: usize,
    /// The values with an anchor: the first has the anchor `a0`, the second `a1`, …
    anchored: Vec<Value>,
    /// Whether the last written node is a block scalar. A comment after it would be part of the scalar.
    pub in_scalar: bool,
}

impl Writer<'_> {
    /// Returns the next choice, a number below `count`. After the last choice, returns `count - 1`, which selects the
    /// simplest style.
    pub fn choose(&mut self, count: u8) -> u8 {
        let choice = self.choices.get(self.at).map_or(count - 1, |choice| choice % count);
        self.at += 1;
        choice
    }

    pub fn line(&mut self, indent: usize) {
        self.in_scalar = false;
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn node(&mut self, value: &Value, place: &Place) {
        if let Some(known) = self.anchored.iter().position(|known| known == value)
            && self.choose(2) == 0
        {
            let _ = write!(self.out, "{}*a{known}", if place.preceding == Preceding::Colon { " " } else { "" });
            return;
        }
        if place.preceding == Preceding::Colon {
            // `serde_yaml` accepts no tab after the colon of an explicit key (`? key`).
            let tab = !self.out.ends_with("\n:") && !self.out.ends_with(" :") && self.choose(8) == 0;
            self.out.push(if tab { '\t' } else { ' ' });
        }
        let anchor = self.choose(if matches!(value, Value::Object(_)) { 2 } else { 6 }) == 0;
        // Whether an anchor or a tag precedes the node. A block then begins on a new line, as after a colon.
        let mut decorated = false;
        if anchor {
            // Reserve the number of the anchor. No alias can refer to it before its node is complete.
            let _ = write!(self.out, "&a{} ", self.anchored.len());
            self.anchored.push(Value::Text("\0 not yet complete".to_owned()));
            decorated = true;
        }
        let number = self.anchored.len();
        if let Some(tag) = tag(value)
            && self.choose(8) == 0
        {
            self.out.push_str(tag);
            decorated = true;
        }
        self.content(value, place, decorated);
        if anchor && let Some(slot) = self.anchored.get_mut(number - 1) {
            *slot = value.clone();
        }
    }

    fn content(&mut self, value: &Value, place: &Place, decorated: bool) {
        match value {
            // Write the word or `~`: an empty node would be ambiguous after a tag or an anchor.
            Value::Null => {
                let null = if self.choose(3) == 0 { "~" } else { "null" };
                self.out.push_str(null);
            }
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "False" }),
            Value::Number(yaml, _) => self.out.push_str(yaml),
            Value::Text(text) => self.text(text, place, false),
            Value::List(items) if place.flow || items.is_empty() || self.choose(3) == 0 => {
                self.flow_collection('[', ']', items, place, |writer, item, inner| writer.node(item, inner));
            }
            Value::Object(properties) if place.flow || properties.is_empty() || self.choose(3) == 0 => {
                self.flow_collection('{', '}', properties, place, |writer, (key, value), inner| {
                    writer.key(key, inner);
                    writer.out.push(':');
                    writer.node(value, &Place { preceding: Preceding::Colon, ..*inner });
                });
            }
            Value::List(items) => self.block_array(items, place, decorated),
            Value::Object(properties) => self.block_object(properties, place, decorated),
        }
    }

    fn flow_collection<T>(
        &mut self,
        open: char,
        close: char,
        parts: &[T],
        place: &Place,
        mut write: impl FnMut(&mut Self, &T, &Place),
    ) {
        self.out.push(open);
        let inner = Place { indent: place.indent + 2, flow: true, preceding: Preceding::Nothing };
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            match self.choose(6) {
                0 => self.line(inner.indent),
                1 => {
                    self.out.push_str(" # comment ]}");
                    self.line(inner.indent);
                }
                _ => self.out.push(' '),
            }
            write(self, part, &inner);
        }
        // The space separates a plain scalar from the optional trailing comma.
        self.out.push(' ');
        if !parts.is_empty() && self.choose(6) == 0 {
            self.out.push(',');
        }
        self.out.push(close);
    }

    /// Begins a block on the current line if YAML allows it, otherwise on the next line. Returns the indentation of the
    /// block: after a colon, at least `least` spaces more than the parent.
    fn begin(&mut self, place: &Place, decorated: bool, least: usize) -> usize {
        let here = place.preceding != Preceding::Colon && !decorated;
        let indent = match place.preceding {
            Preceding::Nothing => place.indent,
            Preceding::Colon => place.indent + least + usize::from(self.choose(3)),
            // A block that begins after a dash is aligned with its first line.
            Preceding::Dash => place.indent + 2,
        };
        if !here {
            if self.choose(8) == 0 {
                self.out.push_str(" # comment");
            }
            self.line(indent);
        }
        indent
    }

    fn block_array(&mut self, items: &[Value], place: &Place, decorated: bool) {
        // The dashes may have the same indentation as the key.
        let indent = self.begin(place, decorated, 0);
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.separate(indent);
            }
            self.out.push_str("- ");
            self.node(item, &Place { indent, flow: false, preceding: Preceding::Dash });
        }
    }

    fn block_object(&mut self, properties: &[(String, Value)], place: &Place, decorated: bool) {
        let indent = self.begin(place, decorated, 1);
        let (own, merged) = self.merged(properties);
        let inner = Place { indent, flow: false, preceding: Preceding::Nothing };
        let mut first = true;
        let merge_first = self.choose(2) == 0;
        if let Some(anchor) = merged.filter(|_| merge_first) {
            let _ = write!(self.out, "<<: *a{anchor}");
            first = false;
        }
        for (key, value) in own {
            if !std::mem::take(&mut first) {
                self.separate(indent);
            }
            if self.choose(12) == 0 {
                self.out.push_str("? ");
                self.key(key, &inner);
                self.line(indent);
                self.out.push(':');
            } else {
                self.key(key, &inner);
                self.out.push(':');
            }
            self.node(value, &Place { indent, flow: false, preceding: Preceding::Colon });
        }
        if let Some(anchor) = merged.filter(|_| !merge_first) {
            if !first {
                self.separate(indent);
            }
            let _ = write!(self.out, "<<: *a{anchor}");
        }
    }

    /// Returns the properties to write explicitly and, if possible, the number of the anchor of an object that provides
    /// the remaining properties through a merge key (`<<`).
    fn merged<'v>(&mut self, properties: &'v [(String, Value)]) -> (&'v [(String, Value)], Option<usize>) {
        for (number, known) in self.anchored.iter().enumerate() {
            let Value::Object(known) = known else { continue };
            for at in 0..properties.len() {
                let (own, rest) = properties.split_at(at);
                let provided: Vec<_> =
                    known.iter().filter(|(key, _)| !own.iter().any(|(other, _)| other == key)).cloned().collect();
                if provided == rest && self.choices.get(self.at).is_some_and(|choice| choice % 4 != 0) {
                    self.at += 1;
                    return (own, Some(number));
                }
            }
        }
        (properties, None)
    }

    /// Writes a line break between two entries of a block, possibly with a comment or an empty line.
    fn separate(&mut self, indent: usize) {
        match self.choose(10) {
            _ if self.in_scalar => {}
            0 => self.out.push_str(" # comment: x"),
            1 => self.out.push('\n'),
            2 => {
                self.line(indent);
                self.out.push_str("# - comment");
            }
            _ => {}
        }
        self.line(indent);
    }
}

fn tag(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Text(_) => "!!str ",
        Value::List(_) => "!!seq ",
        Value::Object(_) => "!!map ",
        Value::Bool(_) => "!!bool ",
        Value::Null => "!!null ",
        Value::Number(..) => return None,
    })
}
