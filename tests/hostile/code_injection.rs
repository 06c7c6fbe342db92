//! Puts code-like strings at every location of a document that accepts a string, one location at a time.

use clientwright::source::Limits;
use serde_json::Value;

use super::document::{assert_text_handled, generate_within};

/// Strings that may be interpreted as Rust, TOML, Markdown, shell, Jinja, GitHub log commands or terminal sequences. If
/// `zqx!()` occurs as a macro call in generated code, text of the document became code.
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

/// Calls `check` with copies of a document. In each copy, one string or property name is replaced by one of [`TEXTS`].
fn for_each_location(value: &Value, check: &mut impl FnMut(&Value)) {
    fn count(value: &Value) -> usize {
        match value {
            Value::String(_) => 1,
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(properties) => properties.values().map(count).sum::<usize>() + properties.len(),
            _ => 0,
        }
    }
    fn replace(value: &mut Value, left: &mut usize, text: &str) {
        match value {
            Value::String(current) => {
                if *left == 0 {
                    *current = text.to_owned();
                }
                *left = left.wrapping_sub(1);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, left, text)),
            Value::Object(properties) => {
                for (name, mut value) in std::mem::take(properties) {
                    let name = if *left == 0 { text.to_owned() } else { name };
                    *left = left.wrapping_sub(1);
                    replace(&mut value, left, text);
                    properties.insert(name, value);
                }
            }
            _ => {}
        }
    }
    for location in 0..count(value) {
        // Try only one of the texts at each location, in turn.
        for (number, text) in TEXTS.iter().enumerate() {
            if (location + number).is_multiple_of(TEXTS.len()) {
                let mut changed = value.clone();
                replace(&mut changed, &mut location.clone(), text);
                check(&changed);
            }
        }
    }
}

#[test]
fn string_never_becomes_code_at_any_location() {
    let document: Value = serde_yaml::from_str(include_str!("all_string_locations.yaml")).unwrap();
    let mut documents = 0;
    for_each_location(&document, &mut |changed| {
        documents += 1;
        // In lenient mode, code is generated for more parts of the document.
        let _ = generate_within(&changed.to_string(), &Limits::default(), true);
    });
    assert!(documents > 150, "{documents}");
    let plain = assert_text_handled(&document.to_string());
    assert!(plain.is_ok(), "{:?}", plain.err());
    // Put each text into all descriptions at once.
    for text in TEXTS {
        let text = serde_json::to_string(text).unwrap();
        let everywhere = document.to_string().replace("\"Words.\"", &text);
        let result = assert_text_handled(&everywhere);
        assert!(result.is_ok() || text.contains("\\u0000"), "{text}: {:?}", result.err());
    }
}
