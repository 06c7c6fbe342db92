//! Values to be spelt in YAML: random ones, with texts that look like something else, and what JSON says of them.

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
