//! Tests that numbers keep their digits when JSON is decoded into typed values.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::sample::models::HealthState;
use crate::runtime::decode::{self, DecodeError};
use crate::runtime::digits::{Numbers, Wide, integer};
use crate::runtime::union::{Buffered, read, variant};
use crate::runtime::{Decimal, Header, JsonType, RawResponse, UnknownJson};

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    decode::json_text(text.as_bytes())
}

fn plain<T: DeserializeOwned>(text: &'static str) -> Result<T, DecodeError> {
    decode::text(&RawResponse::new(StatusCode::OK, HeaderMap::new(), Bytes::from_static(text.as_bytes())))
}

#[test]
fn numbers_are_found_in_document_order() {
    let text = r#"{"a1":[-1.50,2e+3,true],"b\\\"3":{"4":"5\\","c":6},"d":null,"e":"\u00317","f":0.0}"#;
    assert_eq!(Numbers::of(text).collect::<Vec<_>>(), ["-1.50", "2e+3", "6", "0.0"]);
    assert_eq!(Numbers::of("12").collect::<Vec<_>>(), ["12"]);
    assert_eq!(Numbers::of("\"1").count(), 0);
}

#[test]
fn integral_notation_is_integer() {
    for (number, expected) in [
        ("5.0", 5),
        ("50e-1", 5),
        ("-1.20E2", -120),
        ("1e2", 100),
        ("0.0", 0),
        ("-0", 0),
        ("0e-5", 0),
        ("0.05e2", 5),
        ("123456789012345678901234567890.000", 123_456_789_012_345_678_901_234_567_890),
    ] {
        assert_eq!(integer(number), Some(Wide::Signed(expected)), "{number}");
    }
    assert_eq!(integer("340282366920938463463374607431768211455.0"), Some(Wide::Unsigned(u128::MAX)));
    for number in ["5.5", "1e-1", "1e300", "1e99999999999", "340282366920938463463374607431768211456"] {
        assert_eq!(integer(number), None, "{number}");
    }
}

/// A union of a decimal number, an object of 128-bit integers, an array, and any other JSON value.
#[derive(Debug, PartialEq)]
enum Amount {
    Number(Decimal),
    Object(BTreeMap<String, i128>),
    List(Vec<Amount>),
    Unknown(UnknownJson),
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Buffered = read::<Self, D>(deserializer)?;
        match value.kind() {
            JsonType::Number | JsonType::Integer => variant(value).map(Self::Number),
            JsonType::Object => variant(value).map(Self::Object),
            JsonType::Array => variant(value).map(Self::List),
            _ => Ok(Self::Unknown(UnknownJson::new(value))),
        }
    }
}

fn number(text: &str) -> Amount {
    Amount::Number(text.parse().unwrap())
}

#[test]
fn decimal_in_union_keeps_digits() {
    let digits = "12345678901234567890.123450";
    assert_eq!(json::<Amount>(digits).unwrap(), number(digits));
    let text = format!(r#"{{"a":[1.50,{digits},5]}}"#);
    let read: BTreeMap<String, Amount> = json(&text).unwrap();
    let expected = Amount::List(vec![number("1.50"), number(digits), number("5")]);
    assert_eq!(read["a"], expected);
    // The value also contains the integer `5.0`. For integers with a zero fraction, the decoder reads the text a second
    // time.
    #[derive(Debug, Deserialize)]
    struct Row {
        count: i64,
        wide: u128,
        sum: Decimal,
        either: Amount,
    }
    let text = format!(
        r#"{{"count":5.0,"wide":340282366920938463463374607431768211455,"sum":{digits},"either":{{"a":-170141183460469231731687303715884105728}}}}"#
    );
    let row: Row = json(&text).unwrap();
    assert_eq!((row.count, row.wide, row.sum.as_str()), (5, u128::MAX, digits));
    assert_eq!(row.either, Amount::Object(BTreeMap::from([("a".to_owned(), i128::MIN)])));
    assert!(json::<Amount>(r#"{"a":1.5}"#).is_err());
    assert_eq!(json::<Amount>(r#"{"a":2.0}"#).unwrap(), Amount::Object(BTreeMap::from([("a".to_owned(), 2)])));
}

#[test]
fn unknown_union_value_keeps_digits() {
    #[derive(Debug)]
    struct Any(UnknownJson);
    impl<'de> Deserialize<'de> for Any {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read::<Self, D>(deserializer).map(UnknownJson::new).map(Self)
        }
    }
    for text in [r#"{"a":[12345678901234567890.50,{"b":1.0}]}"#, "1.50", "18446744073709551616", r#"["1.50",1]"#] {
        let Any(unknown) = json::<Any>(text).unwrap();
        assert_eq!(serde_json::to_string(&unknown).unwrap(), text);
    }
    assert_eq!(json::<Any>("1.50").unwrap().0.value(), &serde_json::json!(1.5));
}

#[test]
fn text_and_header_are_decoded_as_decimals() {
    assert_eq!(plain::<Decimal>("12345678901234567890.50\n").unwrap().as_str(), "12345678901234567890.50");
    let error = plain::<Decimal>("hush").unwrap_err().to_string();
    assert_eq!(error, "not a number");
    assert!(plain::<Decimal>("\"1\"").is_err());
    let mut headers = HeaderMap::new();
    headers.insert("x-cost", HeaderValue::from_static("0.10"));
    headers.insert("x-costs", HeaderValue::from_static("1.50, 2.0"));
    let cost = Header::<Decimal>::new("x-cost").get(&headers).unwrap().unwrap();
    assert_eq!(cost.as_str(), "0.10");
    let costs = Header::<Vec<Decimal>>::new("x-costs").get(&headers).unwrap().unwrap();
    assert_eq!(costs, ["1.50".parse().unwrap(), "2.0".parse().unwrap()]);
}

#[test]
fn enum_in_plain_text_ignores_line_break() {
    for text in ["UP", "UP\n", "UP\r\n"] {
        assert_eq!(plain::<HealthState>(text).unwrap(), HealthState::Up);
        assert_eq!(plain::<Option<HealthState>>(text).unwrap(), Some(HealthState::Up));
    }
    // A line break in a string or in JSON, and a space before an enum value, are not ignored.
    assert_eq!(plain::<String>("UP\n").unwrap(), "UP\n");
    assert!(matches!(json::<HealthState>(r#""UP\n""#).unwrap(), HealthState::Unknown(_)));
    assert!(matches!(plain::<HealthState>(" UP").unwrap(), HealthState::Unknown(_)));
}
