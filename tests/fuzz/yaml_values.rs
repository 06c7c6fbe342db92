//! Generates random values for the YAML writer, with many strings that look like other YAML syntax.

use proptest::prelude::*;
use proptest::sample::select;

use super::text_mutations::FRAGMENTS;

/// A JSON value, with ordered properties.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// A number as written in YAML, and the same number in JSON.
    Number(&'static str, &'static str),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// Strings that look like other values, or like YAML syntax.
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
        1 => select(FRAGMENTS).prop_map(str::to_owned),
        // Replace NUL, which the reader rejects everywhere.
        1 => any::<String>().prop_map(|text| text.replace('\0', "0")),
    ]
}

/// Generates any value.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => select(NUMBERS).prop_map(|(yaml, json)| Value::Number(yaml, json)),
        5 => text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let properties = prop::collection::vec((text(), inner.clone()), 0..6);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..6).prop_map(Value::List),
            2 => properties.prop_map(|properties| Value::Object(unique(properties))),
        ]
    })
}

/// Generates an object with two objects, of which the second contains all properties of the first, so that the writer
/// can use a merge key (`<<`).
pub fn mergeable() -> impl Strategy<Value = Value> {
    let properties = || prop::collection::vec((text(), value()), 1..4);
    (properties(), value(), properties()).prop_map(|(base, between, own)| {
        let base = unique(base);
        let more = unique([own, base.clone()].concat());
        Value::Object(vec![
            ("base".to_owned(), Value::Object(base)),
            ("between".to_owned(), between),
            ("more".to_owned(), Value::Object(more)),
        ])
    })
}

fn unique(properties: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut distinct: Vec<(String, Value)> = Vec::new();
    for (key, value) in properties {
        if !distinct.iter().any(|(known, _)| *known == key) {
            distinct.push((key, value));
        }
    }
    distinct
}

impl Value {
    /// Returns whether any property is named `<<`. Some readers merge such properties even if the name is quoted.
    pub fn has_property_named_merge(&self) -> bool {
        match self {
            Self::List(items) => items.iter().any(Self::has_property_named_merge),
            Self::Object(properties) => {
                properties.iter().any(|(key, value)| key == "<<" || value.has_property_named_merge())
            }
            _ => false,
        }
    }

    /// Returns the value as JSON.
    pub fn json(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(_, json) => (*json).to_owned(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(properties) => {
                let properties: Vec<String> =
                    properties.iter().map(|(key, value)| format!("{}:{}", quoted(key), value.json())).collect();
                format!("{{{}}}", properties.join(","))
            }
        }
    }
}
