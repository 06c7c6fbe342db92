//! Tests of decoding and encoding the properties of objects.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::runtime::{Decimal, Maybe, RawResponse, decode};

#[derive(Debug, Clone, PartialEq)]
struct Parcel {
    id: i64,
    weight: f64,
    limits: Option<Vec<f64>>,
    note: Option<String>,
    receiver: Option<String>,
    tag: Maybe<String>,
    value: serde_json::Value,
    rest: BTreeMap<String, Decimal>,
}
crate::runtime::object!(
    Parcel,
    (id, required, "id"),
    (weight, required_number, "weight"),
    (limits, optional_number, "limits"),
    (note, optional, "note"),
    (receiver, nullable, "@receiver"),
    (tag, optional, "tag"),
    (value, required, "value"),
    ..(rest, rest),
);

#[derive(Debug, Clone, PartialEq)]
struct Nothing {}
crate::runtime::object!(Nothing);

#[derive(Debug, Clone, PartialEq)]
struct Shares {
    whole: Option<f64>,
    by_name: BTreeMap<String, f64>,
}
crate::runtime::object!(Shares, (whole, nullable_number, "whole"), ..(by_name, rest_of_numbers));

#[derive(Debug, Clone, PartialEq)]
struct Note {
    content: Option<serde_json::Value>,
}
crate::runtime::object!(Note, (content, any, "content"));

#[test]
fn any_value_may_be_null() {
    for text in [r#"{"content":null}"#, r#"{"content":[1]}"#, "{}"] {
        assert_eq!(written(&read::<Note>(text).unwrap()), text);
    }
    assert_eq!(read::<Note>(r#"{"content":null}"#).unwrap().content, Some(serde_json::Value::Null));
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let response = RawResponse::new(StatusCode::OK, HeaderMap::new(), Bytes::copy_from_slice(text.as_bytes()));
    decode::json(&response).map_err(|error| error.to_string())
}

fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn properties_are_read_in_any_order_and_written_in_field_order() {
    let all = r#"{"id":1,"weight":5,"limits":[1,2.5],"note":"n","@receiver":"r","tag":"t","value":[],"more":1.10}"#;
    let parcel: Parcel = read(all).unwrap();
    assert_eq!(written(&parcel), all);
    let reordered =
        r#"{"more":1.10,"value":[],"tag":"t","@receiver":"r","note":"n","limits":[1,2.5],"weight":5,"\u0069d":1}"#;
    assert_eq!(read::<Parcel>(reordered).unwrap(), parcel);
    assert_eq!(serde_json::from_value::<Shares>(json!({"b": 1, "whole": 2, "a": 3.5})).unwrap().by_name.len(), 2);
}

#[test]
fn absent_and_null_are_distinguished_by_nullable_types() {
    let parcel: Parcel = read(r#"{"id":1,"weight":0.5,"value":null}"#).unwrap();
    assert_eq!(written(&parcel), r#"{"id":1,"weight":0.5,"@receiver":null,"value":null}"#);
    let nulls = r#"{"id":1,"weight":0.5,"limits":null,"note":null,"@receiver":null,"tag":null,"value":null}"#;
    let parcel: Parcel = read(nulls).unwrap();
    assert_eq!(written(&parcel), r#"{"id":1,"weight":0.5,"@receiver":null,"tag":null,"value":null}"#);
}

#[test]
fn missing_duplicate_or_mistyped_property_is_error() {
    for (text, message) in [
        (r#"{"weight":1,"value":1}"#, "missing field `id` at line 1 column 22"),
        (r#"{"id":1,"weight":1}"#, "missing field `value` at line 1 column 19"),
        (r#"{"id":1,"weight":1,"id":2,"value":1}"#, "duplicate field `id` at line 1 column 23"),
        (r#"{"id":1,"weight":"x","value":1}"#, "at weight: invalid type: string \"x\", expected f64"),
        (r#"{"id":1,"weight":1,"value":1,"more":[]}"#, "at more: "),
        (r#"{"id":1,"weight":1,"limits":[1,"x"]}"#, "at limits[1]: invalid type: string \"x\""),
        (r#"{"id":1,"#, "EOF while parsing"),
        ("[1, 1]", "invalid type: sequence, expected struct Parcel"),
        ("7", "invalid type: integer `7`, expected struct Parcel"),
    ] {
        let error = read::<Parcel>(text).unwrap_err();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn unknown_property_is_ignored() {
    assert_eq!(read::<Nothing>(r#"{"a":[{"b":1}],"c":null}"#).unwrap(), Nothing {});
    assert_eq!(written(&Nothing {}), "{}");
    assert!(read::<Nothing>(r#"{"a":}"#).is_err());
}

#[test]
fn integral_number_has_no_fraction() {
    let shares: Shares = read(r#"{"a":5,"b":0.5}"#).unwrap();
    assert_eq!(written(&shares), r#"{"whole":null,"a":5,"b":0.5}"#);
    assert_eq!(written(&Shares { whole: Some(2.0), ..shares }), r#"{"whole":2,"a":5,"b":0.5}"#);
}
