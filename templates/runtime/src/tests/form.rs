//! Tests of URL-encoded forms: the default encoding of each type of value, and documented styles.

use serde_json::{Value, json};

use crate::runtime::wire_value::WireValue;
use crate::runtime::{FieldInfo, Style, form};

fn encode(value: &Value, fields: &[FieldInfo]) -> Result<String, String> {
    form::encode(&WireValue::of(value).unwrap(), fields)
}

fn plain(value: Value) -> String {
    encode(&value, &[]).unwrap()
}

fn styled(value: Value, field: FieldInfo) -> String {
    encode(&json!({ "a": value }), &[field]).unwrap()
}

#[test]
fn properties_become_pairs() {
    assert_eq!(plain(json!({"a": "x", "b": 7, "c": true, "d": 1.0, "e": 0.1})), "a=x&b=7&c=true&d=1&e=0.1");
    assert_eq!(plain(json!({"a": ["x", "y"], "b": [], "c": null})), "a=x&a=y&c=");
    assert_eq!(plain(json!({"a": {"b": [1]}, "c": [{"d": 1}]})), "a=%7B%22b%22%3A%5B1%5D%7D&c=%7B%22d%22%3A1%7D");
    assert_eq!(plain(json!({})), "");
    assert!(encode(&json!([1]), &[]).is_err() && encode(&json!("a=b"), &[]).is_err());
}

#[test]
fn strings_are_escaped_by_url_standard() {
    assert_eq!(plain(json!({"a b": "c d+e&f=g%h~*-._ü\n"})), "a+b=c+d%2Be%26f%3Dg%25h%7E*-._%C3%BC%0A");
    assert_eq!(plain(json!({"a[]": "b"})), "a%5B%5D=b");
}

#[test]
fn documented_style_is_applied() {
    let deep = FieldInfo::styled("a", Style::DeepObject, true);
    assert_eq!(styled(json!({"b": 1, "c": {"d": "e f"}}), deep), "a%5Bb%5D=1&a%5Bc%5D%5Bd%5D=e+f");
    assert_eq!(styled(json!([{"b": 1}, {"b": 2}]), deep), "a%5B0%5D%5Bb%5D=1&a%5B1%5D%5Bb%5D=2");
    assert_eq!(styled(json!(["x"]), deep), "a%5B0%5D=x");
    assert_eq!(styled(json!("x"), deep), "a=x");
    assert_eq!(styled(json!({}), deep), "");

    let form = FieldInfo::styled("a", Style::Form, true);
    assert_eq!(styled(json!({"b": 1, "c": [2]}), form), "b=1&c=%5B2%5D");
    assert_eq!(styled(json!(["x", "y"]), form), "a=x&a=y");
    let joined = FieldInfo::styled("a", Style::Form, false);
    assert_eq!(styled(json!(["x,y", "z"]), joined), "a=x%2Cy,z");
    assert_eq!(styled(json!({"b": 1, "c": 2}), joined), "a=b,1,c,2");
    assert_eq!(styled(json!([]), joined), "");
    assert_eq!(styled(json!(["x", "y"]), FieldInfo::styled("a", Style::SpaceDelimited, false)), "a=x%20y");
    assert_eq!(styled(json!(["x", "y"]), FieldInfo::styled("a", Style::PipeDelimited, false)), "a=x%7Cy");

    assert_eq!(styled(json!(["x"]), FieldInfo::json("a")), "a=%5B%22x%22%5D");
    assert_eq!(styled(json!("https://a/?b=c&d"), form.allow_reserved()), "a=https://a/?b=c%26d");
}

#[test]
fn item_containing_delimiter_is_error() {
    for (style, item, character) in [
        (Style::PipeDelimited, "a|b", "`|`"),
        (Style::SpaceDelimited, "a b", "a space"),
        (Style::SpaceDelimited, "\u{20}", "a space"),
    ] {
        let field = FieldInfo::styled("a", style, false);
        for field in [field, field.allow_reserved()] {
            let error = encode(&json!({"a": [item, "c"]}), &[field]).unwrap_err();
            assert!(error.starts_with("`a` has an item that contains "), "{error}");
            assert!(error.contains(character), "{error}");
        }
    }
    let spaces = FieldInfo::styled("a", Style::SpaceDelimited, false);
    assert_eq!(styled(json!(["x|y+", "z"]), spaces), "a=x%7Cy%2B%20z");
}

#[cfg(feature = "cli")]
#[test]
fn sensitive_value_is_masked_at_any_depth() {
    let form = "password=hush&card%5Bpassword%5D=hush&a=%7B%22password%22%3A%22hush%22%7D&b=c+d";
    let masked = crate::runtime::form::masked(form, &[&["**", "Password"]]);
    assert!(!masked.contains("hush") && masked.ends_with("&b=c+d"), "{masked}");
}

#[test]
fn nested_arrays_are_joined_in_their_styles() {
    const INNER: &[Style] = &[Style::Simple];
    let rows = || json!([["a", "b c"], ["d"]]);
    let joined = FieldInfo::styled("a", Style::PipeDelimited, false).item_styles(INNER);
    assert_eq!(styled(rows(), joined), "a=a,b+c%7Cd");
    assert_eq!(styled(rows(), FieldInfo::styled("a", Style::Form, true).item_styles(INNER)), "a=a,b+c&a=d");
    assert_eq!(styled(json!([]), joined), "");
    assert_eq!(styled(json!(["x", "y"]), FieldInfo::styled("a", Style::TabDelimited, false)), "a=x%09y");
    assert!(encode(&json!({"a": [["x|y"]]}), &[joined]).unwrap_err().contains("`|`"));
    assert_eq!(styled(json!([["x,y"]]), joined), "a=x%2Cy");
}
