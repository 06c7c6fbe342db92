//! Tests of encoding values for requests: digits of numbers, order of properties, and non-finite numbers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::runtime::form;
use crate::runtime::wire_value::WireValue;
use crate::runtime::{Decimal, FieldInfo, Part, Style};

fn json_of<T: Serialize>(value: &T) -> String {
    WireValue::of(value).unwrap().to_json()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[derive(Serialize)]
struct Bill {
    total: Decimal,
    count: u128,
    debt: i128,
    rate: f32,
    weight: f64,
    extra: BTreeMap<String, Decimal>,
}

fn bill() -> Bill {
    Bill {
        total: decimal("12345678901234567890.123450"),
        count: u128::MAX,
        debt: i128::MIN,
        rate: 0.1,
        weight: 5.0,
        extra: BTreeMap::from([("b".to_owned(), decimal("1.50")), ("a".to_owned(), decimal("-0.0"))]),
    }
}

#[test]
fn digits_and_property_order_are_kept() {
    let expected = concat!(
        r#"{"total":12345678901234567890.123450,"count":340282366920938463463374607431768211455,"#,
        r#""debt":-170141183460469231731687303715884105728,"rate":0.1,"weight":5,"extra":{"a":-0.0,"b":1.50}}"#
    );
    assert_eq!(json_of(&bill()), expected);
    // Forms also keep digits and the order of properties, even within JSON-encoded values.
    let fields = [FieldInfo::styled("extra", Style::Form, false)];
    let form = form::encode(&WireValue::of(&bill()).unwrap(), &fields).unwrap();
    assert_eq!(
        form,
        "total=12345678901234567890.123450&count=340282366920938463463374607431768211455\
         &debt=-170141183460469231731687303715884105728&rate=0.1&weight=5&extra=a,-0.0,b,1.50"
    );
    let form = form::encode(&WireValue::of(&bill()).unwrap(), &[]).unwrap();
    assert!(form.ends_with("&extra=%7B%22a%22%3A-0.0%2C%22b%22%3A1.50%7D"), "{form}");
}

#[test]
fn every_kind_of_value_matches_serde_json() {
    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(i8),
        Tuple(i8, bool),
        Struct { a: char },
    }
    #[derive(Serialize)]
    struct Pair((), Option<&'static str>);
    let all = (
        [Kind::Unit, Kind::Newtype(1), Kind::Tuple(2, true), Kind::Struct { a: 'x' }],
        Pair((), Some("text")),
        BTreeMap::from([(7, json!({"a": [null, false, 1.5]}))]),
        [1.5_f64, -0.0, 1e300],
        serde_json::value::RawValue::from_string(r#"{"a":[1.50,"\\\"1.5"]}"#.to_owned()).unwrap(),
    );
    let expected = serde_json::to_string(&all).unwrap().replace("-0.0", "0");
    assert_eq!(json_of(&all), expected);
}

#[test]
fn non_finite_number_is_error() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = WireValue::of(&vec![Some(number)]).unwrap_err();
        assert_eq!(error.to_string(), "NaN and infinite numbers cannot be sent");
        assert!(WireValue::of(&(number as f32)).is_err());
    }
}

#[test]
fn equality_ignores_property_order() {
    let wire = |value: Value| WireValue::of(&value).unwrap();
    let reversed = WireValue::Object(vec![
        ("b".to_owned(), WireValue::Boolean(true)),
        ("a".to_owned(), WireValue::Number("1".to_owned())),
    ]);
    assert_eq!(reversed, wire(json!({"a": 1, "b": true})));
    assert_ne!(reversed, wire(json!({"a": 1, "c": true})));
    assert_ne!(wire(json!([1, 2])), wire(json!([2, 1])));
}

#[test]
fn part_keeps_digits_and_rejects_non_finite_number() {
    let named = |part| crate::runtime::multipart::NamedPart { name: "a".into(), content_type: None, part };
    let encoded = |part| crate::runtime::multipart::encode([named(part)], "multipart/form-data").map(|_| ());
    for part in [Part::value(&f64::NAN), Part::json(&f64::NAN), Part::value(&vec![f64::INFINITY])] {
        let error = encoded(part).unwrap_err().to_string();
        assert_eq!(error, "the part `a` cannot be sent: NaN and infinite numbers cannot be sent");
    }
    assert!(encoded(Part::value(&decimal("1.50"))).is_ok());
}
