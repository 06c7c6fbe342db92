//! The pairs of a recorded urlencoded form, compared with the value that was given.
//!
//! As the OpenAPI specification has them ("Encoding Object"): an array is a pair for each element, an object its JSON text,
//! unless a style is declared.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Echo, parameters};
use crate::document::{Content, Document};
use crate::proxy::Sent;

/// The values of each name, in their order.
type Pairs = BTreeMap<String, Vec<String>>;

pub(super) fn judge(document: &Document, content: &Content, meant: &Value, sent: &Sent, wrong: &mut Vec<String>) {
    let mut expected = Pairs::new();
    // What the document does not speak of may be lost.
    let declared_members = meant.as_object().into_iter().flatten();
    let declared_members = declared_members.filter(|(name, _)| Echo::declares(document, content.schema(), meant, name));
    for (name, value) in declared_members {
        let said = content.encoding.get(name).unwrap_or(&Value::Null);
        declared(name, value, said, &mut expected);
    }
    let mut found = Pairs::new();
    for (name, value) in parameters::pairs(&String::from_utf8_lossy(&sent.body)) {
        found.entry(name).or_default().push(value);
    }
    for (name, values) in &expected {
        match found.remove(name) {
            None => wrong.push(format!("the field `{name}` is missing")),
            Some(found) if is_same(&found, values) => {}
            Some(found) => wrong.push(format!("the field `{name}` is {found:?} where {values:?} was given")),
        }
    }
    wrong.extend(found.into_keys().map(|name| format!("the field `{name}` was not given")));
}

fn declared(name: &str, value: &Value, said: &Value, pairs: &mut Pairs) {
    let style = said.get("style").and_then(Value::as_str);
    let explode = said.get("explode").and_then(Value::as_bool);
    let reserved = said.get("allowReserved").and_then(Value::as_bool);
    let is_json = || said.get("contentType").and_then(Value::as_str).is_some_and(crate::document::is_json);
    if style.is_none() && explode.is_none() && reserved.is_none() {
        return match value {
            value if is_json() => add(pairs, name, value.to_string()),
            Value::Array(values) => values.iter().for_each(|value| add(pairs, name, text(value))),
            value => add(pairs, name, text(value)),
        };
    }
    let style = style.unwrap_or("form");
    match (style, value) {
        ("deepObject", value) => deep(name, value, pairs),
        (style, value @ (Value::Array(_) | Value::Object(_))) => {
            let explode = explode.unwrap_or(style == "form");
            parameters::styled(name, style, explode, value).into_iter().for_each(|(name, values)| {
                values.into_iter().for_each(|value| add(pairs, &name, value));
            });
        }
        (_, value) => add(pairs, name, text(value)),
    }
}

/// `a[b][0]=c`
fn deep(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| deep(&format!("{name}[{member}]"), value, pairs));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| deep(&format!("{name}[{index}]"), value, pairs));
        }
        value => add(pairs, name, text(value)),
    }
}

fn add(pairs: &mut Pairs, name: &str, value: String) {
    pairs.entry(name.to_owned()).or_default().push(value);
}

/// A null empties a field.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

/// JSON says the same however it is written, and `1.50` says what `1.5` does.
fn is_same(found: &[String], expected: &[String]) -> bool {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let number = |text: &str| text.parse::<f64>().ok();
    let same = |(found, expected): (&String, &String)| {
        found == expected
            || json(found).is_some_and(|value| Some(value) == json(expected))
            || number(found).is_some_and(|value| Some(value) == number(expected))
    };
    found.len() == expected.len() && found.iter().zip(expected).all(same)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{content, from_json};

    fn wrong(body: &str, meant: Value, encoding: Value) -> Vec<String> {
        let mut content = content("application/x-www-form-urlencoded", json!({}));
        content.encoding = encoding.as_object().cloned().unwrap_or_default();
        let headers = Vec::new();
        let sent = Sent { method: "POST".into(), target: "/".into(), headers, body: body.as_bytes().to_vec() };
        let mut wrong = Vec::new();
        judge(&from_json(json!({})).unwrap(), &content, &meant, &sent, &mut wrong);
        wrong
    }

    #[test]
    fn fields_are_what_was_given() {
        let meant = json!({ "a": "x y", "b": [1, 2], "c": { "d": true }, "e": null });
        let body = "a=x+y&b=1&b=2&c=%7B%22d%22%3A+true%7D&e=";
        assert_eq!(wrong(body, meant.clone(), Value::Null), [""; 0]);
        assert_eq!(wrong("a=x+y&b=2&b=1&f=1", meant, Value::Null).len(), 4);
    }

    #[test]
    fn styles_are_followed() {
        let styled = |style: &str, explode: bool, value: Value, body: &str| {
            wrong(body, json!({ "a": value }), json!({ "a": { "style": style, "explode": explode } }))
        };
        assert_eq!(styled("deepObject", true, json!({ "b": [{ "c": 1 }] }), "a%5Bb%5D%5B0%5D%5Bc%5D=1"), [""; 0]);
        assert_eq!(styled("form", false, json!(["x", "y"]), "a=x%2Cy"), [""; 0]);
        assert_eq!(styled("form", true, json!({ "x": 1, "y": 2 }), "x=1&y=2"), [""; 0]);
        assert_eq!(styled("form", false, json!(["x", "y"]), "a=x&a=y").len(), 1);
    }
}
