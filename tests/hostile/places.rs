//! Texts that are code to somebody, in every place of a document that takes a text, one place at a time.

use clientwright::source::Limits;
use serde_json::Value;

use crate::document::{made, survive_text};

/// Rust, TOML, Markdown, shell, Jinja, a log of GitHub's, a terminal; `zqx!` is a call where it is code.
const TEXTS: &[&str] = &[
    "\"; zqx!(); \"",
    "\"#; zqx!(); r#\"",
    "*/ zqx!(); /*",
    "\n/// a\nzqx!();\n",
    "\r\nzqx!();",
    "\"]\n#[zqx!()]\n#[doc = \"",
    "}} zqx!() {{ {zqx!()} {% zqx!() %} {{ zqx!() }} {# zqx!()",
    "\"\n[dependencies]\nzqx = \"*\"\n",
    "\\\"\\\n zqx!",
    "'''\"\"\"zqx",
    "<script>zqx!()</script><!-- zqx -->",
    "\\`<b>zqx!()</b>`",
    "[zqx](javascript:zqx!()) ![zqx](x) [zqx] [zqx]: <zqx>\n\n[zqx]: javascript:zqx",
    "```\nzqx!();\n```\n\n    zqx!();\n\n~~~rust\nzqx!();",
    "a | zqx | b\n|-|-|\n| zqx |",
    "$(zqx!) `zqx!` ; zqx! && zqx! | zqx! > zqx '\"",
    "\n::error file=zqx::zqx\n%0A::zqx",
    "\u{1b}[2J\u{1b}]0;zqx\u{7}\u{9b}zqx\u{202e}zqx\u{2066}\u{feff}\u{85}\u{2028}",
    "zqx\u{0}zqx",
];

/// Puts a text into each text of a value in turn.
fn each_place(value: &Value, change: &mut impl FnMut(&Value)) {
    fn count(value: &Value) -> usize {
        match value {
            Value::String(_) => 1,
            Value::Array(elements) => elements.iter().map(count).sum(),
            Value::Object(members) => members.values().map(count).sum::<usize>() + members.len(),
            _ => 0,
        }
    }
    fn put(value: &mut Value, left: &mut usize, text: &str) {
        match value {
            Value::String(known) => {
                if *left == 0 {
                    *known = text.to_owned();
                }
                *left = left.wrapping_sub(1);
            }
            Value::Array(elements) => elements.iter_mut().for_each(|element| put(element, left, text)),
            Value::Object(members) => {
                for (name, mut value) in std::mem::take(members) {
                    let name = if *left == 0 { text.to_owned() } else { name };
                    *left = left.wrapping_sub(1);
                    put(&mut value, left, text);
                    members.insert(name, value);
                }
            }
            _ => {}
        }
    }
    for place in 0..count(value) {
        // One text in each place, each text in places of many kinds.
        for (number, text) in TEXTS.iter().enumerate() {
            if (place + number).is_multiple_of(TEXTS.len()) {
                let mut changed = value.clone();
                put(&mut changed, &mut place.clone(), text);
                change(&changed);
            }
        }
    }
}

#[test]
fn no_place_for_a_text_is_a_place_for_code() {
    let document: Value = serde_yaml::from_str(include_str!("everything.yaml")).unwrap();
    let mut tried = 0;
    each_place(&document, &mut |changed| {
        tried += 1;
        // Leniently more of it comes through.
        let _ = made(&changed.to_string(), &Limits::default(), true);
    });
    assert!(tried > 150, "{tried}");
    let plain = survive_text(&document.to_string());
    assert!(plain.is_ok(), "{:?}", plain.err());
    // And each in all places for prose at once.
    for text in TEXTS {
        let text = serde_json::to_string(text).unwrap();
        let everywhere = document.to_string().replace("\"Words.\"", &text);
        let made = survive_text(&everywhere);
        assert!(made.is_ok() || text.contains("\\u0000"), "{text}: {:?}", made.err());
    }
}
