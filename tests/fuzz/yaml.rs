//! YAML of every style: a value and some choices come in, a text comes out that says just this value.
//!
//! The specification gives a value many spellings, and documents use them all: flow and block, five kinds of scalars over one
//! line or more, anchors, aliases, tags, merges, comments. What was meant is known here, so that reading it needs no oracle.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::select;

use crate::spoil::PIECES;

/// A value as JSON has it, its members in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// How YAML spells it, and how JSON does.
    Number(&'static str, &'static str),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// What looks like something else than text, or like the syntax around it.
const LOOKALIKES: &[&str] = &[
    "null",
    "~",
    "true",
    "False",
    "no",
    "on",
    "012",
    "0x1F",
    "0o17",
    "1e3",
    ".inf",
    "-.INF",
    ".nan",
    "12:30",
    "2024-01-01",
    "- a",
    "-",
    "?",
    "? a",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#a",
    "|",
    ">-",
    "&a",
    "*a",
    "!t",
    "!!str x",
    "%YAML 1.2",
    "@",
    "`",
    "---",
    "...",
    "--- a",
    "<<",
    "=",
    "[a]",
    "{a: b}",
    "a, b",
    "]",
    "'",
    "\"",
    "it's",
    "\\n",
    "a\nb",
    "a\n\nb\n",
    "\na",
    "a\n\n",
    " a",
    "a ",
    "a\n  b\nc",
    "\ta",
    "a\tb",
    "\n",
    " ",
    "",
    "é漢🦀",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{7f}",
    "\u{1b}",
];

const NUMBERS: &[(&str, &str)] = &[
    ("0", "0"),
    ("-12", "-12"),
    ("+7", "7"),
    ("012", "12"),
    ("0x1F", "31"),
    ("0o17", "15"),
    ("1e3", "1e3"),
    ("-.5", "-0.5"),
    ("1.", "1.0"),
    ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,6}( [a-z]{1,6}){0,6}",
        2 => select(LOOKALIKES).prop_map(str::to_owned),
        1 => "[a-z \n]{0,20}",
        1 => select(PIECES).prop_map(str::to_owned),
        // A NUL is refused wherever it stands.
        1 => any::<String>().prop_map(|text| text.replace('\0', "0")),
    ]
}

/// Any value.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => select(NUMBERS).prop_map(|(yaml, json)| Value::Number(yaml, json)),
        5 => text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let members = prop::collection::vec((text(), inner.clone()), 0..6);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..6).prop_map(Value::List),
            2 => members.prop_map(|members| Value::Object(unique(members))),
        ]
    })
}

/// An object, and later one that has all its members and more, as merges make them.
pub fn merging() -> impl Strategy<Value = Value> {
    let members = || prop::collection::vec((text(), value()), 1..4);
    (members(), value(), members()).prop_map(|(base, between, own)| {
        let base = unique(base);
        let more = unique([own, base.clone()].concat());
        Value::Object(vec![
            ("base".to_owned(), Value::Object(base)),
            ("between".to_owned(), between),
            ("more".to_owned(), Value::Object(more)),
        ])
    })
}

fn unique(members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut kept: Vec<(String, Value)> = Vec::new();
    for (key, value) in members {
        if !kept.iter().any(|(known, _)| *known == key) {
            kept.push((key, value));
        }
    }
    kept
}

impl Value {
    /// Whether a member is called `<<`, which some readers take for a merge even in quotes.
    pub fn has_merge_for_a_name(&self) -> bool {
        match self {
            Self::List(elements) => elements.iter().any(Self::has_merge_for_a_name),
            Self::Object(members) => members.iter().any(|(key, value)| key == "<<" || value.has_merge_for_a_name()),
            _ => false,
        }
    }

    /// The value as JSON.
    pub fn json(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(_, json) => (*json).to_owned(),
            Self::Text(text) => quoted(text),
            Self::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::json).collect();
                format!("[{}]", elements.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(key, value)| format!("{}:{}", quoted(key), value.json())).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

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
struct Place {
    /// So far its lines are indented.
    indent: usize,
    /// Within brackets.
    flow: bool,
    behind: Behind,
}

/// What stands on the line before a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nothing,
    /// A colon, where a block has to begin on a line of its own.
    Colon,
    /// A dash and a blank, where a block may begin.
    Dash,
}

struct Writer<'a> {
    out: String,
    choices: &'a [u8],
    at: usize,
    /// What has an anchor: its number is its position.
    anchored: Vec<Value>,
    /// What was written last is a block scalar, to which all that follows on its line would belong.
    in_scalar: bool,
}

impl Writer<'_> {
    /// A number below `count`; the last of all choices is that nothing is special.
    fn choose(&mut self, count: u8) -> u8 {
        let choice = self.choices.get(self.at).map_or(count - 1, |choice| choice % count);
        self.at += 1;
        choice
    }

    fn line(&mut self, indent: usize) {
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
            self.out.push(' ');
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

    fn key(&mut self, key: &str, place: &Place) {
        self.text(key, place, true);
    }

    /// A text in one of the styles that can hold it; a key stays on its line.
    fn text(&mut self, text: &str, place: &Place, key: bool) {
        let indent = place.indent + if place.behind == Behind::Nothing { 0 } else { 2 };
        let indent = indent.max(1);
        match self.choose(6) {
            0 if is_printable(text) && !text.contains('\n') => self.single(text, indent, key),
            1 if !key && !place.flow && place.behind != Behind::Nothing && is_block(text) => self.literal(text, place),
            2 if !key && !place.flow && place.behind != Behind::Nothing && is_block(text) => self.folded(text, place),
            3 | 4 if is_plain(text) => self.plain(text, indent, key),
            _ => self.double(text, indent, key),
        }
    }

    fn plain(&mut self, text: &str, indent: usize, key: bool) {
        self.words(text, indent, key);
    }

    fn single(&mut self, text: &str, indent: usize, key: bool) {
        self.out.push('\'');
        self.words(&text.replace('\'', "''"), indent, key);
        self.out.push('\'');
    }

    /// Words whose blanks may become line ends.
    fn words(&mut self, text: &str, indent: usize, key: bool) {
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let around = at.checked_sub(1).and_then(|before| letters.get(before)).zip(letters.get(at + 1));
            let between =
                around.is_some_and(|(before, after)| before.is_ascii_lowercase() && after.is_ascii_lowercase());
            if !key && *letter == ' ' && between && self.choose(4) == 0 {
                self.line(indent);
            } else {
                self.out.push(*letter);
            }
        }
    }

    fn double(&mut self, text: &str, indent: usize, key: bool) {
        self.out.push('"');
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let around = at.checked_sub(1).and_then(|before| letters.get(before)).zip(letters.get(at + 1));
            let between =
                around.is_some_and(|(before, after)| before.is_ascii_lowercase() && after.is_ascii_lowercase());
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                // An empty line is a line end.
                '\n' if between && !key && self.choose(2) == 0 => {
                    self.out.push('\n');
                    self.line(indent);
                }
                '\n' => self.out.push_str("\\n"),
                ' ' if between && !key && self.choose(4) == 0 => match self.choose(2) {
                    0 => self.line(indent),
                    // A line end that is none, and a blank that stays.
                    _ => {
                        self.out.push('\\');
                        self.line(indent);
                        self.out.push_str("\\ ");
                    }
                },
                letter if !is_printable_letter(*letter) || self.choose(16) == 0 => {
                    let code = u32::from(*letter);
                    let _ = match code {
                        0..=0xFF => write!(self.out, "\\x{code:02x}"),
                        0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
                        _ => write!(self.out, "\\U{code:08x}"),
                    };
                }
                letter => self.out.push(*letter),
            }
        }
        self.out.push('"');
    }

    /// The header of a block scalar; gives the indentation of its lines.
    fn block_header(&mut self, mark: char, text: &str, place: &Place) -> usize {
        let more = 1 + usize::from(self.choose(3));
        self.out.push(mark);
        // The indentation cannot be told from a first line that begins with a blank.
        if text.trim_start_matches('\n').starts_with(' ') || self.choose(6) == 0 {
            let _ = write!(self.out, "{more}");
        }
        let ends = text.len() - text.trim_end_matches('\n').len();
        match ends {
            0 => self.out.push('-'),
            1 => {}
            _ => self.out.push('+'),
        }
        if self.choose(8) == 0 {
            self.out.push_str(" # comment");
        }
        place.indent + more
    }

    fn literal(&mut self, text: &str, place: &Place) {
        let indent = self.block_header('|', text, place);
        let body = text.strip_suffix('\n').unwrap_or(text);
        for line in body.split('\n') {
            self.block_line(line, indent);
        }
        self.in_scalar = true;
    }

    fn folded(&mut self, text: &str, place: &Place) {
        // Line ends around lines that begin with a blank are kept as they are: not worth the trouble here.
        if text.contains("\n ") || text.starts_with([' ', '\n']) || text.contains("\n\t") || text.starts_with('\t') {
            return self.literal(text, place);
        }
        let indent = self.block_header('>', text, place);
        let ends = text.len() - text.trim_end_matches('\n').len();
        let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
        let mut pending = 0;
        for (position, line) in lines.into_iter().enumerate() {
            if position > 0 {
                pending += 1;
            }
            if line.is_empty() {
                continue;
            }
            // Between two lines of text, one line end more than there are; the first is folded.
            if pending > 0 {
                (0..pending).for_each(|_| self.out.push('\n'));
                pending = 0;
            }
            self.block_line("", 0);
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.words(line, indent, false);
        }
        (1..ends).for_each(|_| self.out.push('\n'));
        self.in_scalar = true;
    }

    fn block_line(&mut self, line: &str, indent: usize) {
        self.out.push('\n');
        if !line.is_empty() {
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push_str(line);
        }
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

/// What may stand in a text as it is. (1.1 and 1.2 differ about some line ends, so these are always escaped.)
fn is_printable_letter(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|letter| letter == '\n' || is_printable_letter(letter))
}

/// Whether a block scalar can hold a text: none of its lines is of blanks alone.
fn is_block(text: &str) -> bool {
    let lines = text.trim_end_matches('\n');
    is_printable(text) && !lines.is_empty() && lines.split('\n').all(|line| line.is_empty() || !line.trim().is_empty())
}

/// Whether a text is one without quotes too: plain words, the first of which is no value.
fn is_plain(text: &str) -> bool {
    let letters =
        |letter: char| letter.is_ascii_lowercase() || matches!(letter, ' ' | '/' | '.' | '-' | '_' | '$' | '(' | ')');
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.ends_with(|last: char| last.is_ascii_lowercase())
        && text.chars().all(letters)
        && !["null", "true", "false"].contains(&text)
}
