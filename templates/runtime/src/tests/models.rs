//! Tests of the types of models: secrets, dates, enums, flags and unions.

use std::str::FromStr as _;

use serde_json::json;

use super::sample::models::{ImportRequest, ImportStatusFlags, JobCode, RegisteredValue, SearchStatus, WideCode};
use crate::runtime::union::{Buffered, Trial, has_property, property_is};
use crate::runtime::{JsonType, Maybe, Secret};

fn buffered(value: serde_json::Value) -> Buffered {
    crate::runtime::union::read::<(), _>(value).unwrap()
}

#[test]
fn secret_is_hidden_in_debug() {
    let secret = Secret::from("hunter2");
    assert_eq!(format!("{secret:?} {:?}", Some(secret.clone())), "Secret(***) Some(Secret(***))");
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(secret, Secret::new(String::from("hunter2")));
    assert_ne!(secret, Secret::new("hunter"));
    assert_ne!(secret, Secret::new("hunter3"));
    assert_eq!(serde_json::to_string(&secret).unwrap(), "\"hunter2\"");
    assert_eq!(serde_json::from_str::<Secret>("\"hunter2\"").unwrap(), secret);
    assert!(serde_json::from_str::<Secret>("7").is_err());
}

#[test]
fn maybe_distinguishes_absent_and_null() {
    let read = |text: &str| serde_json::from_str::<ImportRequest>(text).unwrap().password;
    assert_eq!(read("{}"), Maybe::Absent);
    assert_eq!(read(r#"{"Password":null}"#), Maybe::Null);
    assert_eq!(read(r#"{"Password":"x"}"#), Maybe::Value(Secret::from("x")));
    for text in ["{}", r#"{"Password":null}"#, r#"{"Password":"x"}"#] {
        let value: ImportRequest = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }
    assert_eq!(Maybe::from(3), Maybe::Value(3));
    assert_eq!((Maybe::or_null(Some(3)), Maybe::or_absent(Some(3))), (Maybe::Value(3), Maybe::Value(3)));
    assert_eq!((Maybe::<i32>::or_null(None), Maybe::<i32>::or_absent(None)), (Maybe::Null, Maybe::Absent));
    assert_eq!(Maybe::Value(3).as_option(), Some(&3));
    assert_eq!(Maybe::<i32>::Null.into_option(), None);
    assert!(Maybe::<i32>::default().is_absent() && Maybe::<i32>::Null.is_null());
}

#[test]
fn string_enum_keeps_unknown_value() {
    assert_eq!(SearchStatus::from("ISSUED"), SearchStatus::Issued);
    assert_eq!(SearchStatus::from(String::from("EXPIRED")), SearchStatus::Expired);
    let new = SearchStatus::from_str("ARCHIVED").unwrap();
    assert!(matches!(&new, SearchStatus::Unknown(unknown) if unknown.as_str() == "ARCHIVED"));
    assert_eq!(new.to_string(), "ARCHIVED");
    assert_eq!(serde_json::to_string(&new).unwrap(), "\"ARCHIVED\"");
    assert_eq!(serde_json::from_str::<SearchStatus>("\"ISSU\\u0045D\"").unwrap(), SearchStatus::Issued);
    assert_eq!(serde_json::from_value::<SearchStatus>(json!("ARCHIVED")).unwrap(), new);
    assert_eq!(SearchStatus::Issued.as_ref(), "ISSUED");
    for other in ["7", "null", "{\"ISSUED\":null}"] {
        assert!(serde_json::from_str::<SearchStatus>(other).is_err(), "{other}");
    }
}

#[test]
fn integer_enum_keeps_unknown_value() {
    assert_eq!(serde_json::from_str::<JobCode>("2").unwrap(), JobCode::Two);
    let new = JobCode::from(77);
    assert!(matches!(new, JobCode::Unknown(unknown) if unknown.value() == 77));
    assert_eq!((new.value(), new.to_string()), (77, "77".to_owned()));
    assert_eq!(serde_json::to_string(&[JobCode::One, new]).unwrap(), "[1,77]");
    assert_eq!(WideCode::from(i64::MIN).value(), i64::MIN);
    assert_eq!(WideCode::from(-1), WideCode::Minus);
    assert!(serde_json::from_str::<JobCode>("\"1\"").is_err());
    assert!(JobCode::from(-7) < JobCode::One && JobCode::One < JobCode::Two && JobCode::Two < new);
    assert_eq!(i32::from(JobCode::Two), 2);
}

#[test]
fn flags_combine_and_show_names_in_debug() {
    let both = ImportStatusFlags::FLAG_1 | ImportStatusFlags::FLAG_2;
    assert!(both.contains(ImportStatusFlags::FLAG_1) && !ImportStatusFlags::FLAG_1.contains(both));
    assert!(both.contains(ImportStatusFlags::NONE) && ImportStatusFlags::NONE.is_empty());
    assert_eq!((both & ImportStatusFlags::FLAG_2).bits(), 2);
    let mut mixed = ImportStatusFlags::from_bits(0x40);
    mixed |= ImportStatusFlags::FLAG_1;
    assert_eq!(format!("{both:?} {mixed:?}"), "ImportStatusFlags(FLAG_1 | FLAG_2) ImportStatusFlags(FLAG_1 | 0x40)");
    assert_eq!(format!("{:?}", ImportStatusFlags::NONE), "ImportStatusFlags(NONE)");
    assert_eq!((i32::from(both), both.to_string()), (3, "3".to_owned()));
    assert_eq!(serde_json::to_string(&mixed).unwrap(), "65");
    assert_eq!(serde_json::from_str::<ImportStatusFlags>("65").unwrap(), mixed);
}

#[test]
fn union_variant_is_selected_by_type_and_property() {
    let read = |value: serde_json::Value| serde_json::from_value::<RegisteredValue>(value);
    assert_eq!(read(json!("a")).unwrap(), RegisteredValue::Text("a".to_owned()));
    assert_eq!(read(json!([1, 2])).unwrap(), RegisteredValue::List(vec![1, 2]));
    assert!(matches!(read(json!({"error": "x"})).unwrap(), RegisteredValue::Failure(_)));
    let unknown = read(json!({"new": [1]})).unwrap();
    assert_eq!(serde_json::to_value(&unknown).unwrap(), json!({"new": [1]}));
    let error = read(json!([1, "x"])).unwrap_err().to_string();
    assert!(error.starts_with("at [1]: invalid type"), "{error}");
    assert_eq!(JsonType::of(&json!(1)), JsonType::Integer);
    assert_eq!(JsonType::of(&json!(5.0)), JsonType::Integer);
    assert_eq!(JsonType::of(&json!(1.5)), JsonType::Number);
    assert!(property_is(&buffered(json!({"kind": "dog"})), "kind", "dog"));
    assert!(!property_is(&buffered(json!(["kind"])), "kind", "dog"));
    for (value, text, other) in [(json!(1), "1", "true"), (json!(1.0), "1", "2"), (json!(false), "false", "true")] {
        let value = buffered(json!({"kind": value}));
        assert!(property_is(&value, "kind", text) && !property_is(&value, "kind", other), "{text}");
    }
    assert!(!property_is(&buffered(json!({"kind": [1]})), "kind", "1"));
    assert!(has_property(&buffered(json!({"kind": null})), "kind"));
}

#[test]
fn indicated_variant_yields_to_matching_variant() {
    #[derive(Debug, PartialEq)]
    enum Pet {
        Lives(std::collections::BTreeMap<String, i64>),
        List(Vec<i64>),
        Other(serde_json::Map<String, serde_json::Value>),
        Unknown,
    }
    let select = |candidates: &[bool; 3]| {
        let mut trial = Trial::new(buffered(json!({"lives": "many"})), candidates);
        if let Some(value) = trial.read_indicated(0) {
            trial.fits(Pet::Lives(value));
        }
        if let Some(value) = trial.read_indicated(1) {
            trial.fits(Pet::List(value));
        }
        if let Some(value) = trial.read(2) {
            trial.fits(Pet::Other(value));
        }
        trial.found::<serde_json::Error>(|_| Pet::Unknown)
    };
    let other = serde_json::Map::from_iter([("lives".to_owned(), json!("many"))]);
    assert_eq!(select(&[true; 3]).unwrap(), Pet::Other(other));
    // If no variant matches, decoding fails with the first error of `read_indicated`.
    let refused = select(&[true, true, false]).unwrap_err().to_string();
    assert!(refused.starts_with("at lives: invalid type"), "{refused}");
    assert_eq!(select(&[false; 3]).unwrap(), Pet::Unknown);
}

#[test]
fn matching_variant_that_preserves_most_is_selected() {
    type Map<T> = std::collections::BTreeMap<String, T>;
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Named {
        name: Option<String>,
    }
    #[derive(Debug, PartialEq)]
    enum Either {
        Named(Named),
        Counts(Map<i64>),
        Any(Map<serde_json::Value>),
        Unknown(serde_json::Value),
    }
    let select = |value: serde_json::Value| {
        let mut trial = Trial::new(buffered(value), &[true; 3]);
        if let Some(value) = trial.read(0) {
            trial.fits(Either::Named(value));
        }
        if let Some(value) = trial.read(1) {
            trial.fits(Either::Counts(value));
        }
        if let Some(value) = trial.read(2) {
            trial.fits(Either::Any(value));
        }
        trial.found::<serde_json::Error>(|unknown| Either::Unknown(unknown.value().clone()))
    };
    assert_eq!(select(json!({"name": "a"})).unwrap(), Either::Named(Named { name: Some("a".to_owned()) }));
    // A `null` that is decoded as `None` does not count as a lost value.
    assert_eq!(select(json!({"name": null})).unwrap(), Either::Named(Named { name: None }));
    assert_eq!(select(json!({"size": 1})).unwrap(), Either::Counts(Map::from([("size".to_owned(), 1)])));
    assert!(matches!(select(json!({"name": "a", "size": [1]})).unwrap(), Either::Any(_)));
    assert_eq!(select(json!("a")).unwrap(), Either::Unknown(json!("a")));
}

/// A trait that a type implements twice if it can be converted from `Option<String>`.
trait Conversion<A> {
    fn is_checked() -> bool {
        true
    }
}

struct FromOption;

impl<T> Conversion<()> for T {}

impl<T: From<Option<String>>> Conversion<FromOption> for T {}

#[test]
fn maybe_cannot_be_converted_from_option() {
    // `None` could mean absent or `null`. If there were a conversion, this call would be ambiguous and not compile.
    assert!(<Maybe<String> as Conversion<_>>::is_checked());
}
