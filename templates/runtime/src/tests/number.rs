//! Tests of encoding and decoding numbers: integral values are written without a fraction, and decimals keep their
//! digits.

use std::collections::BTreeMap;

use crate::runtime::{Maybe, number};

fn written<T: number::Numeric>(value: &T) -> String {
    let mut out = Vec::new();
    number::serialize(value, &mut serde_json::Serializer::new(&mut out)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn integral_number_has_no_fraction() {
    for (number, text) in
        [(0.0, "0"), (-0.0, "0"), (5.0, "5"), (-3.0, "-3"), (0.5, "0.5"), (1e20, "1e+20"), (1.5e-7, "1.5e-7")]
    {
        assert_eq!(written(&number), text);
    }
}

#[test]
fn integral_number_in_container_has_no_fraction() {
    assert_eq!(written(&Some(1.0)), "1");
    assert_eq!(written(&None::<f64>), "null");
    assert_eq!(written(&Maybe::Value(2.0)), "2");
    assert_eq!(written(&Maybe::<f64>::Null), "null");
    assert_eq!(written(&vec![1.0, 1.5]), "[1,1.5]");
    assert_eq!(written(&BTreeMap::from([("a".to_owned(), 1.0)])), r#"{"a":1}"#);
}

#[test]
fn non_finite_number_is_error() {
    for number in [f64::NAN, f64::INFINITY] {
        let mut out = Vec::new();
        let mut serializer = serde_json::Serializer::new(&mut out);
        let error = number::serialize(&vec![Maybe::Value(number)], &mut serializer).unwrap_err();
        assert_eq!(error.to_string(), "NaN and infinite numbers cannot be sent");
    }
}

#[test]
fn integral_notation_is_decoded_as_integer() {
    fn read<T: serde::de::DeserializeOwned>(text: &'static str) -> Result<T, crate::runtime::DecodeError> {
        let body = bytes::Bytes::from_static(text.as_bytes());
        let response = crate::runtime::RawResponse::new(http::StatusCode::OK, http::HeaderMap::new(), body);
        crate::runtime::decode::json(&response)
    }
    let integers: Vec<BTreeMap<String, i64>> = read(r#"[{"a":5.0},{"a":1e3,"b":-0.0}]"#).unwrap();
    assert_eq!(integers[1]["a"], 1000);
    let error = read::<Vec<BTreeMap<String, i64>>>(r#"[{"a":5.5}]"#).unwrap_err();
    assert_eq!(error.path(), Some("[0].a"));
    // Floats are unchanged. A number that is too large is not decoded as an integer.
    assert_eq!(read::<Vec<f64>>("[5.0,1e300]").unwrap(), [5.0, 1e300]);
    assert!(read::<i64>("1e300").is_err());
}

#[test]
fn decimal_keeps_digits() {
    use crate::runtime::Decimal;
    let text = r#"[12.50,-0.1,1e400,123456789012345678901234567890.123456789]"#;
    let read: Vec<Decimal> = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert_eq!((read[0].as_str(), read[0].to_f64()), ("12.50", 12.5));
    // A decimal that is read from a `serde_json::Value` has the digits that the `Value` preserves.
    let value: serde_json::Value = serde_json::from_str("[0.1]").unwrap();
    assert_eq!(serde_json::from_value::<Vec<Decimal>>(value).unwrap()[0].as_str(), "0.1");
    assert_eq!(serde_json::to_value(&read[1]).unwrap(), serde_json::json!(-0.1));
    assert_eq!("-12.50".parse::<Decimal>().unwrap().to_string(), "-12.50");
    assert_eq!((Decimal::from(5_i64).as_str(), Decimal::from(u64::MAX).as_str()), ("5", "18446744073709551615"));
    for text in ["", "a", "1.", ".5", "01", "+1", " 1", "1 ", "1,5", "\"1\"", "[1]", "NaN"] {
        let error = text.parse::<Decimal>().unwrap_err();
        assert!(error.to_string().contains("is not a number"), "{text}");
    }
    for text in [r#""12.50""#, "null", "[1]", "{}"] {
        assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
    }
}
