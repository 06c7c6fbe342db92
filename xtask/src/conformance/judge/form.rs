//! Compares a recorded URL-encoded form with the body argument of the call.
//!
//! According to OpenAPI's "Encoding Object", an array has a field for each item, and an object is encoded as JSON,
//! unless the encoding declares a style.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Echo, parameters};
use crate::document::{Content, Document};
use crate::proxy::RecordedRequest;

/// The names of the fields, each with its values in order.
type Pairs = BTreeMap<String, Vec<String>>;

pub(super) fn check(
    document: &Document,
    content: &Content,
    body: &Value,
    request: &RecordedRequest,
    errors: &mut Vec<String>,
) {
    let mut expected = Pairs::new();
    // Only expect declared properties, because undeclared properties may be missing.
    let declared = body.as_object().into_iter().flatten();
    let declared = declared.filter(|(name, _)| Echo::declares(document, content.schema(), body, name));
    for (name, value) in declared {
        let encoding = content.encoding.get(name).unwrap_or(&Value::Null);
        add_encoded(name, value, encoding, &mut expected);
    }
    let mut actual = Pairs::new();
    for (name, value) in parameters::pairs(&String::from_utf8_lossy(&request.body)) {
        actual.entry(name).or_default().push(value);
    }
    for (name, values) in &expected {
        match actual.remove(name) {
            None => errors.push(format!("the field `{name}` is missing")),
            Some(actual) if are_equal(&actual, values) => {}
            Some(actual) => errors.push(format!("the field `{name}` is {actual:?} instead of {values:?}")),
        }
    }
    let unknown = actual.into_keys().filter(|name| body.get(name).is_none());
    errors.extend(unknown.map(|name| format!("the field `{name}` is unexpected")));
}

fn add_encoded(name: &str, value: &Value, encoding: &Value, pairs: &mut Pairs) {
    let style = encoding.get("style").and_then(Value::as_str);
    let explode = encoding.get("explode").and_then(Value::as_bool);
    let reserved = encoding.get("allowReserved").and_then(Value::as_bool);
    let is_json = || encoding.get("contentType").and_then(Value::as_str).is_some_and(crate::document::is_json);
    if style.is_none() && explode.is_none() && reserved.is_none() {
        return match value {
            value if is_json() => add(pairs, name, value.to_string()),
            Value::Array(values) => values.iter().for_each(|value| add(pairs, name, string(value))),
            value => add(pairs, name, string(value)),
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
        (_, value) => add(pairs, name, string(value)),
    }
}

/// Adds the fields of a value in the style `deepObject`, e.g. `a[b][0]=c`.
fn deep(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Object(properties) => {
            properties.iter().for_each(|(property, value)| deep(&format!("{name}[{property}]"), value, pairs));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| deep(&format!("{name}[{index}]"), value, pairs));
        }
        value => add(pairs, name, string(value)),
    }
}

fn add(pairs: &mut Pairs, name: &str, value: String) {
    pairs.entry(name.to_owned()).or_default().push(value);
}

/// Returns the text of a field for a JSON value. Null is an empty string.
fn string(value: &Value) -> String {
    match value {
        Value::String(string) => string.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

/// Returns whether two lists of field values are equal. Values are equal as strings, as JSON, or as numbers: `1.50`
/// equals `1.5`.
fn are_equal(actual: &[String], expected: &[String]) -> bool {
    let json = |string: &str| serde_json::from_str::<Value>(string).ok();
    let number = |string: &str| string.parse::<f64>().ok();
    let same = |(actual, expected): (&String, &String)| {
        actual == expected
            || json(actual).is_some_and(|value| Some(value) == json(expected))
            || number(actual).is_some_and(|value| Some(value) == number(expected))
    };
    actual.len() == expected.len() && actual.iter().zip(expected).all(same)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{content, from_json};

    fn errors(sent: &str, body: Value, encoding: Value) -> Vec<String> {
        let mut content = content("application/x-www-form-urlencoded", json!({}));
        content.encoding = encoding.as_object().cloned().unwrap_or_default();
        let headers = Vec::new();
        let request =
            RecordedRequest { method: "POST".into(), target: "/".into(), headers, body: sent.as_bytes().to_vec() };
        let mut errors = Vec::new();
        check(&from_json(json!({})).unwrap(), &content, &body, &request, &mut errors);
        errors
    }

    #[test]
    fn form_field_that_differs_from_body_is_error() {
        let value = json!({ "a": "x y", "b": [1, 2], "c": { "d": true }, "e": null });
        let sent = "a=x+y&b=1&b=2&c=%7B%22d%22%3A+true%7D&e=";
        assert_eq!(errors(sent, value.clone(), Value::Null), [""; 0]);
        assert_eq!(errors("a=x+y&b=2&b=1&f=1", value, Value::Null).len(), 4);
    }

    #[test]
    fn form_fields_are_read_by_style() {
        let styled = |style: &str, explode: bool, value: Value, body: &str| {
            errors(body, json!({ "a": value }), json!({ "a": { "style": style, "explode": explode } }))
        };
        assert_eq!(styled("deepObject", true, json!({ "b": [{ "c": 1 }] }), "a%5Bb%5D%5B0%5D%5Bc%5D=1"), [""; 0]);
        assert_eq!(styled("form", false, json!(["x", "y"]), "a=x%2Cy"), [""; 0]);
        assert_eq!(styled("form", true, json!({ "x": 1, "y": 2 }), "x=1&y=2"), [""; 0]);
        assert_eq!(styled("form", false, json!(["x", "y"]), "a=x&a=y").len(), 1);
    }
}
