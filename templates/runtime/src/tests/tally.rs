//! Tests of selecting union variants: a variant in which all values are defined is preferred to one with undefined
//! values, e.g. unknown enum values.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::runtime::union::{Trial, read};
use crate::runtime::{Date, Decimal, Maybe, UnknownJson};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Mail {
    Mail,
    Unknown(crate::runtime::UnknownValue),
}
crate::runtime::string_enum!(Mail, (Mail, "mail"));

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Two {
    Two,
    Unknown(crate::runtime::UnknownInteger),
}
crate::runtime::integer_enum!(Two, i64, (Two, 2));

#[test]
fn enums_list_their_values() {
    assert_eq!((Mail::VALUES, Two::VALUES), (&[Mail::Mail][..], &[Two::Two][..]));
}

#[derive(Debug, Clone, PartialEq)]
struct Loose {
    note: Option<String>,
}
crate::runtime::object!(Loose, (note, optional, "note"));

/// A union of the types `T` and [`Loose`], written like generated code.
#[derive(Debug, Clone, PartialEq)]
enum Either<T> {
    Strict(T),
    Loose(Loose),
    Unknown(UnknownJson),
}

impl<T: Serialize> Serialize for Either<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Strict(value) => value.serialize(serializer),
            Self::Loose(value) => value.serialize(serializer),
            Self::Unknown(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Serialize + DeserializeOwned + 'static> Deserialize<'de> for Either<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut trial = Trial::new(read::<Self, D>(deserializer)?, &[true; 2]);
        if let Some(value) = trial.read(0) {
            trial.fits(Self::Strict(value));
        }
        if let Some(value) = trial.read(1) {
            trial.fits(Self::Loose(value));
        }
        trial.found(Self::Unknown)
    }
}

fn is_strict<T: Serialize + DeserializeOwned + 'static>(value: Value) -> bool {
    matches!(serde_json::from_value::<Either<T>>(value).unwrap(), Either::Strict(_))
}

#[derive(Debug, Clone, PartialEq)]
struct Strict {
    mail: Option<Mail>,
    two: Option<Two>,
    ok: Option<bool>,
    ratio: Maybe<f64>,
    price: Option<Decimal>,
    day: Option<Date>,
    within: Option<Vec<Strict>>,
}
crate::runtime::object!(
    Strict,
    (mail, optional, "mail"),
    (two, optional, "two"),
    (ok, optional, "ok", in ["true"]),
    (ratio, optional_number, "ratio", in ["1.0", "2.5"]),
    (price, optional, "price", in ["12.5"]),
    (day, optional, "day"),
    (within, optional, "within"),
);

#[test]
fn variant_without_undefined_value_is_selected() {
    for (defined, undefined) in [
        (json!({"mail": "mail"}), json!({"mail": "phone"})),
        (json!({"two": 2}), json!({"two": 3})),
        (json!({"ok": true}), json!({"ok": false})),
        (json!({"ratio": 1}), json!({"ratio": 2})),
        (json!({"price": 12.5}), json!({"price": 12.6})),
        (json!({"day": "2026-03-01"}), json!({"day": "soon"})),
    ] {
        assert!(is_strict::<Strict>(defined.clone()), "{defined}");
        assert!(!is_strict::<Strict>(undefined.clone()), "{undefined}");
        assert!(is_strict::<Strict>(json!({"within": [defined]})));
        assert!(!is_strict::<Strict>(json!({"within": [undefined]})));
    }
    assert!(is_strict::<Strict>(json!({"ok": null, "ratio": null, "mail": null})));
}

/// In a nested union, only undefined values of the selected variant count.
#[test]
fn nested_union_counts_only_its_selected_variant() {
    #[derive(Debug, Clone, PartialEq)]
    struct Around {
        value: Option<Either<Strict>>,
    }
    crate::runtime::object!(Around, (value, optional, "value"));
    assert!(is_strict::<Around>(json!({"value": {"ok": false, "note": "n"}})));
    assert!(!is_strict::<Around>(json!({"value": "unknown"})));
    // This also applies if an array contains several nested unions.
    assert!(is_strict::<Vec<Around>>(json!([{"value": {"ok": false}}, {"value": {"ok": true}}])));
    assert!(!is_strict::<Vec<Around>>(json!([{"value": 1}])) || is_strict::<Vec<Around>>(json!([])));
}

#[test]
fn only_matching_variant_may_have_undefined_value() {
    let text = json!({"mail": "phone", "note": 7});
    let value: Either<Strict> = serde_json::from_value(text).unwrap();
    let Either::Strict(strict) = value else { panic!("{value:?}") };
    assert!(matches!(strict.mail, Some(Mail::Unknown(_))));
}

#[test]
fn missing_property_with_single_value_is_filled_in() {
    #[derive(Debug, Clone, PartialEq)]
    struct Only {
        kind: Mail,
        size: i64,
    }
    crate::runtime::object!(Only, (kind, required, "kind", = Mail::Mail), (size, required, "size"));
    let value: Only = serde_json::from_value(json!({"size": 1})).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), json!({"kind": "mail", "size": 1}));
    let error = serde_json::from_value::<Only>(json!({"kind": "mail"})).unwrap_err().to_string();
    assert_eq!(error, "missing field `size`");
}

#[test]
fn integral_float_is_integer_in_union() {
    #[derive(Debug, Clone, PartialEq)]
    struct Counted {
        count: i32,
    }
    crate::runtime::object!(Counted, (count, required, "count"));
    assert!(is_strict::<i64>(json!(5.0)) && is_strict::<Counted>(json!({"count": 5.0})));
    assert!(matches!(serde_json::from_value::<Either<i64>>(json!(5.5)).unwrap(), Either::Unknown(_)));
}
