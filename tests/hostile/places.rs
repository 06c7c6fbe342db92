//! Code-like strings at every location of a document that accepts a string, one location at a time.

use clientwright::source::Limits;
use serde_json::Value;

use super::document::{generate_within, survive_text};

/// Rust, TOML, Markdown, shell, Jinja, GitHub log commands, terminal sequences; `zqx!` is a macro call if it is code.
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

/// Puts a string in place of each string of a value in turn.
fn each_place(value: &Value, change: &mut impl FnMut(&Value)) {
    fn count(value: &Value) -> usize {
        match value {
            Value::String(_) => 1,
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(properties) => properties.values().map(count).sum::<usize>() + properties.len(),
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
            Value::Array(items) => items.iter_mut().for_each(|item| put(item, left, text)),
            Value::Object(properties) => {
                for (name, mut value) in std::mem::take(properties) {
                    let name = if *left == 0 { text.to_owned() } else { name };
                    *left = left.wrapping_sub(1);
                    put(&mut value, left, text);
                    properties.insert(name, value);
                }
            }
            _ => {}
        }
    }
    for place in 0..count(value) {
        // One string at each location, each string at locations of many kinds.
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
fn string_never_becomes_code_at_any_location() {
    let document: Value = serde_yaml::from_str(include_str!("everything.yaml")).unwrap();
    let mut tried = 0;
    each_place(&document, &mut |changed| {
        tried += 1;
        // Lenient mode generates more of the document.
        let _ = generate_within(&changed.to_string(), &Limits::default(), true);
    });
    assert!(tried > 150, "{tried}");
    let plain = survive_text(&document.to_string());
    assert!(plain.is_ok(), "{:?}", plain.err());
    // Each string in all descriptions at once.
    for text in TEXTS {
        let text = serde_json::to_string(text).unwrap();
        let everywhere = document.to_string().replace("\"Words.\"", &text);
        let result = survive_text(&everywhere);
        assert!(result.is_ok() || text.contains("\\u0000"), "{text}: {:?}", result.err());
    }
}
