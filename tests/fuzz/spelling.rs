//! YAML of every style: a value and some choices come in, a text comes out that says just this value.
//!
//! The specification gives a value many spellings, and documents use them all: flow and block, five kinds of scalars over one
//! line or more, anchors, aliases, tags, merges, comments. What was meant is known here, so that reading it needs no oracle.

use std::fmt::Write;

use crate::yaml::Value;

/// A text of YAML that says this value, spelt as the choices have it.
pub fn spelt(value: &Value, choices: &[u8]) -> String {
    let mut writer = Writer { out: String::new(), choices, at: 0, anchored: Vec::new(), in_scalar: false };
    let head = writer.choose(12);
    writer.out.push_str(match head {
        0 => "---\n",
        1 => "%YAML 1.2\n---\n",
        2 => "# comment: [\n\n",
        3 => "\u{feff}",
        _ => "",
    });
    writer.node(value, &Place { indent: 0, flow: false, behind: Behind::Nothing });
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

/// Where a node goes.
pub struct Place {
    /// So far its lines are indented.
    pub indent: usize,
    /// Within brackets.
    pub flow: bool,
    pub behind: Behind,
}

/// What stands on the line before a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    Nothing,
    /// A colon, where a block has to begin on a line of its own.
    Colon,
    /// A dash and a blank, where a block may begin.
    Dash,
}

pub struct Writer<'a> {
    pub out: String,
    choices: &'a [u8],
    at: usize,
    /// What has an anchor: its number is its position.
    anchored: Vec<Value>,
    /// What was written last is a block scalar, to which all that follows on its line would belong.
    pub in_scalar: bool,
}

impl Writer<'_> {
    /// A number below `count`; the last of all choices is that nothing is special.
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
            let _ = write!(self.out, "{}*a{known}", if place.behind == Behind::Colon { " " } else { "" });
            return;
        }
        if place.behind == Behind::Colon {
            // The other reader takes no tab behind the colon of a key that has a question mark.
            let tab = !self.out.ends_with("\n:") && !self.out.ends_with(" :") && self.choose(8) == 0;
            self.out.push(if tab { '\t' } else { ' ' });
        }
        let anchor = self.choose(if matches!(value, Value::Object(_)) { 2 } else { 6 }) == 0;
        // Behind an anchor or a tag a block begins on a line of its own, as it does behind a colon.
        let mut decorated = false;
        if anchor {
            // A number of its own, for the anchor counts only once what it is before is complete.
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
            // A tag or an anchor makes nothing into a text or leaves it to the reader; `null` is clear.
            Value::Null => {
                let spelling = if self.choose(3) == 0 { "~" } else { "null" };
                self.out.push_str(spelling);
            }
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "False" }),
            Value::Number(yaml, _) => self.out.push_str(yaml),
            Value::Text(text) => self.text(text, place, false),
            Value::List(elements) if place.flow || elements.is_empty() || self.choose(3) == 0 => {
                self.brackets('[', ']', elements, place, |writer, element, inner| writer.node(element, inner));
            }
            Value::Object(members) if place.flow || members.is_empty() || self.choose(3) == 0 => {
                self.brackets('{', '}', members, place, |writer, (key, value), inner| {
                    writer.key(key, inner);
                    writer.out.push(':');
                    writer.node(value, &Place { behind: Behind::Colon, ..*inner });
                });
            }
            Value::List(elements) => self.block_list(elements, place, decorated),
            Value::Object(members) => self.block_object(members, place, decorated),
        }
    }

    fn brackets<T>(
        &mut self,
        open: char,
        close: char,
        parts: &[T],
        place: &Place,
        mut write: impl FnMut(&mut Self, &T, &Place),
    ) {
        self.out.push(open);
        let inner = Place { indent: place.indent + 2, flow: true, behind: Behind::Nothing };
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
        // A comma may stand behind the last part. A plain text must not swallow it.
        self.out.push(' ');
        if !parts.is_empty() && self.choose(6) == 0 {
            self.out.push(',');
        }
        self.out.push(close);
    }

    /// Begins a block: on this line where it may, else on the next.
    fn begin(&mut self, place: &Place, decorated: bool, least: usize) -> usize {
        let here = place.behind != Behind::Colon && !decorated;
        let indent = match place.behind {
            Behind::Nothing => place.indent,
            Behind::Colon => place.indent + least + usize::from(self.choose(3)),
            // The lines of a block that begins behind a dash stand below its first one.
            Behind::Dash => place.indent + 2,
        };
        if !here {
            if self.choose(8) == 0 {
                self.out.push_str(" # comment");
            }
            self.line(indent);
        }
        indent
    }

    fn block_list(&mut self, elements: &[Value], place: &Place, decorated: bool) {
        // The dashes may stand as far left as the key.
        let indent = self.begin(place, decorated, 0);
        for (position, element) in elements.iter().enumerate() {
            if position > 0 {
                self.between(indent);
            }
            self.out.push_str("- ");
            self.node(element, &Place { indent, flow: false, behind: Behind::Dash });
        }
    }

    fn block_object(&mut self, members: &[(String, Value)], place: &Place, decorated: bool) {
        let indent = self.begin(place, decorated, 1);
        let (own, merged) = self.merged(members);
        let inner = Place { indent, flow: false, behind: Behind::Nothing };
        let mut first = true;
        let merge_first = self.choose(2) == 0;
        if let Some(anchor) = merged.filter(|_| merge_first) {
            let _ = write!(self.out, "<<: *a{anchor}");
            first = false;
        }
        for (key, value) in own {
            if !std::mem::take(&mut first) {
                self.between(indent);
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
            self.node(value, &Place { indent, flow: false, behind: Behind::Colon });
        }
        if let Some(anchor) = merged.filter(|_| !merge_first) {
            if !first {
                self.between(indent);
            }
            let _ = write!(self.out, "<<: *a{anchor}");
        }
    }

    /// What of an object's members an object with an anchor can bring in, and the rest.
    fn merged<'v>(&mut self, members: &'v [(String, Value)]) -> (&'v [(String, Value)], Option<usize>) {
        for (number, known) in self.anchored.iter().enumerate() {
            let Value::Object(known) = known else { continue };
            for at in 0..members.len() {
                let (own, rest) = members.split_at(at);
                let brought: Vec<_> =
                    known.iter().filter(|(key, _)| !own.iter().any(|(other, _)| other == key)).cloned().collect();
                if brought == rest && self.choices.get(self.at).is_some_and(|choice| choice % 4 != 0) {
                    self.at += 1;
                    return (own, Some(number));
                }
            }
        }
        (members, None)
    }

    /// From one part of a block to the next.
    fn between(&mut self, indent: usize) {
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
