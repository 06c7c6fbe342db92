//! Tests of values encoded as JSON strings, of integers that may be encoded as strings, and of tuples.

use crate::runtime::decode::json_text;
use crate::runtime::wire_value::WireValue;
use crate::runtime::{
    Base64, Base64Url, Decimal, IntegerOrText, IntegerText, JsonText, NumberOrText, Prefixed, number,
};

fn sent<T: serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(WireValue::of(value).unwrap().to_json(), json);
    json
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    json_text(json.as_bytes()).unwrap()
}

#[test]
fn bytes_are_sent_in_the_alphabet_of_their_type() {
    assert_eq!(sent(&<Base64>::new([0xfb, 0xff, 0xfe])), r#""+//+""#);
    assert_eq!(sent(&<Base64>::from(b"ab")), r#""YWI=""#);
    assert_eq!(sent(&Base64Url::new([0xfb, 0xff, 0xfe, 0x00])), r#""-__-AA""#);
}

#[test]
fn base64_is_decoded_in_both_alphabets_with_or_without_padding() {
    for text in ["+//+AA==", "-__-AA==", "+//+AA", "-__-\\r\\n AA", "+//+AB"] {
        let value: Base64 = read(&format!("\"{text}\""));
        assert_eq!(value.bytes().unwrap(), [0xfb, 0xff, 0xfe, 0x00], "{text}");
        assert_eq!(sent(&value), format!("\"{text}\""), "the text is sent back unchanged");
    }
    let value: Base64 = read("\"not base64!\"");
    assert_eq!(value.as_text(), "not base64!");
    assert!(value.bytes().unwrap_err().to_string().starts_with("the string is not Base64: "));
    assert!(json_text::<Base64>(b"5").is_err());
}

#[test]
fn json_text_is_encoded_twice_and_keeps_digits() {
    let value = JsonText(vec!["1.10".parse::<Decimal>().unwrap()]);
    assert_eq!(sent(&value), r#""[1.10]""#);
    assert_eq!(read::<JsonText<Vec<Decimal>>>(r#""[1.10]""#), value);
    let error = json_text::<JsonText<Vec<i64>>>(br#""[1,""#).unwrap_err().to_string();
    assert!(error.contains("in the JSON of this string"), "{error}");
    assert!(serde_json::to_string(&JsonText(f64::NAN)).is_err());
}

#[test]
fn integer_is_read_from_number_and_string() {
    for json in ["9007199254740993", r#""9007199254740993""#] {
        assert_eq!(read::<IntegerText<i64>>(json), 9_007_199_254_740_993);
        assert_eq!(read::<IntegerOrText<i64>>(json), 9_007_199_254_740_993);
    }
    assert_eq!(read::<IntegerText<u64>>(r#""18446744073709551615""#).get(), u64::MAX);
    assert_eq!(read::<IntegerText<i32>>("5.0"), 5);
    assert_eq!(sent(&IntegerText(-5_i64)), r#""-5""#);
    assert_eq!(sent(&IntegerOrText(-5_i64)), "-5");
    for wrong in [r#""""#, r#""5.5""#, "5.5", "true", "null", r#""2147483648""#, "2147483648"] {
        assert!(json_text::<IntegerText<i32>>(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn number_is_read_from_number_and_string() {
    for (json, expected) in [("1.5", 1.5), (r#""1.5""#, 1.5), ("-3", -3.0), (r#""1e3""#, 1000.0)] {
        assert_eq!(read::<NumberOrText>(json), expected, "{json}");
    }
    assert_eq!((sent(&NumberOrText(1.5)), sent(&NumberOrText(2.0))), ("1.5".to_owned(), "2".to_owned()));
    assert!(serde_json::to_string(&NumberOrText(f64::NAN)).is_err());
    for wrong in [r#""""#, r#""NaN""#, r#""inf""#, r#""1,5""#, "true", "null"] {
        assert!(json_text::<NumberOrText>(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn prefixed_array_has_typed_items() {
    let array: Prefixed<(i64, String), bool> = read(r#"[1,"a",true,false]"#);
    assert_eq!(array, Prefixed::new((1, "a".to_owned())).rest([true, false]));
    assert_eq!(sent(&array), r#"[1,"a",true,false]"#);
    assert!(read::<Prefixed<(i64,), bool>>("[1]").rest.is_empty());
    let error = json_text::<Prefixed<(i64, String), bool>>(b"[1]").unwrap_err().to_string();
    assert!(error.contains("an array of at least 2 items"), "{error}");
}

#[test]
fn integers_in_number_tuple_are_written_without_fraction() {
    assert_eq!(sent(&number::Written(&(1.0, 2.5))), "[1,2.5]");
    assert!(serde_json::to_string(&number::Written(&(1.0, f64::NAN))).is_err());
}
