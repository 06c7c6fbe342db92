//! Tests of unions that are decoded by trying their variants.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::runtime::decode::json_text;
use crate::runtime::union::{Property, Trial, may_be, read};
use crate::runtime::{JsonType, UnknownJson, decode_budget};

#[derive(Debug, Clone, PartialEq)]
struct Negation {
    inner: Option<Box<Expression>>,
    sign: Option<String>,
}
crate::runtime::object!(Negation, (inner, optional, "inner"), (sign, optional, "sign"));

#[derive(Debug, Clone, PartialEq)]
struct Group {
    inner: Option<Box<Expression>>,
    label: Option<String>,
}
crate::runtime::object!(Group, (inner, optional, "inner"), (label, optional, "label"));

/// A union of two object types that may contain each other, written like generated code.
#[derive(Debug, Clone, PartialEq)]
enum Expression {
    Negation(Negation),
    Group(Group),
    Unknown(UnknownJson),
}

thread_local! {
    /// The number of unions that have been read.
    static READ: Cell<usize> = const { Cell::new(0) };
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Negation(value) => value.serialize(serializer),
            Self::Group(value) => value.serialize(serializer),
            Self::Unknown(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READ.set(READ.get() + 1);
        let value = read::<Self, D>(deserializer)?;
        let candidates = [value.kind() == JsonType::Object; 2];
        let mut trial = Trial::new(value, &candidates);
        if let Some(value) = trial.read(0) {
            trial.fits(Self::Negation(value));
        }
        if let Some(value) = trial.read(1) {
            trial.fits(Self::Group(value));
        }
        trial.found(Self::Unknown)
    }
}

/// A union of two object types. For any object, both variants are read with `read_indicated`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Marked {
    Text(Text),
    Number(Number),
    Unknown(UnknownJson),
}

#[derive(Debug, Clone, PartialEq)]
struct Text {
    inner: Option<Box<Marked>>,
    value: Option<String>,
}
crate::runtime::object!(Text, (inner, optional, "inner"), (value, optional, "value"));

#[derive(Debug, Clone, PartialEq)]
struct Number {
    inner: Option<Box<Marked>>,
    value: Option<i64>,
}
crate::runtime::object!(Number, (inner, optional, "inner"), (value, optional, "value"));

impl<'de> Deserialize<'de> for Marked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READ.set(READ.get() + 1);
        let value = read::<Self, D>(deserializer)?;
        let candidates = [value.kind() == JsonType::Object; 2];
        let mut trial = Trial::new(value, &candidates);
        if let Some(value) = trial.read_indicated(0) {
            trial.fits(Self::Text(value));
        }
        if let Some(value) = trial.read_indicated(1) {
            trial.fits(Self::Number(value));
        }
        trial.found(Self::Unknown)
    }
}

/// Returns a value nested in this many objects.
fn nested(leaf: &str, depth: usize) -> String {
    format!("{}{leaf}{}", "{\"inner\":".repeat(depth), "}".repeat(depth))
}

fn reads<T: serde::de::DeserializeOwned>(text: &str) -> (Result<T, String>, usize) {
    READ.set(0);
    let value = json_text(text.as_bytes()).map_err(|error| error.to_string());
    (value, READ.get())
}

#[test]
fn nested_unions_take_proportional_work() {
    // No variant has the property `other`, so every variant is tried at each depth.
    for (depth, max_reads) in [(24, 400), (120, 8_000)] {
        let text = nested(r#"{"sign":"-","label":"x","other":1}"#, depth);
        let (value, read) = reads::<Expression>(&text);
        let kept = serde_json::to_string(&value.unwrap()).unwrap();
        assert_eq!(kept, nested(r#"{"sign":"-"}"#, depth));
        assert!(read <= max_reads, "{read} reads at {depth}");
    }
}

#[test]
fn nested_union_errors_take_proportional_work() {
    for (depth, max_reads) in [(24, 1_200), (120, 24_000)] {
        let (value, read) = reads::<Marked>(&nested(r#"{"value":[]}"#, depth));
        assert!(value.unwrap_err().contains("invalid type: sequence, expected a string"));
        assert!(read <= max_reads, "{read} reads at {depth}");
        let (value, read) = reads::<Marked>(&nested(r#"{"value":7}"#, depth));
        assert_eq!(serde_json::to_string(&value.unwrap()).unwrap(), nested(r#"{"value":7}"#, depth));
        assert!(read <= max_reads, "{read} reads at {depth}");
    }
}

#[test]
fn union_is_unknown_when_work_is_exhausted() {
    let text = r#"[{"sign":"-"},{"inner":{"label":"x"}}]"#;
    let value = decode_budget::account(text.len(), || {
        assert!(!decode_budget::work(usize::MAX));
        serde_json::from_str::<Vec<Expression>>(text).unwrap()
    });
    let value = value.unwrap();
    assert!(value.iter().all(|expression| matches!(expression, Expression::Unknown(_))), "{value:?}");
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
}

#[test]
fn trial_releases_its_memory() {
    // If the memory of each tried variant stayed charged, this text would exceed the memory limit.
    let text = format!("[{}]", vec![r#"{"inner":{"sign":"-","label":"x","other":{"":{}}}}"#; 100_000].join(","));
    let (value, _) = reads::<Vec<Expression>>(&text);
    assert_eq!(value.unwrap().len(), 100_000);
}

#[test]
fn too_deep_value_is_error_in_union() {
    for depth in [126, 127, 100_000] {
        let text = nested("{}", depth);
        assert_eq!(reads::<Expression>(&text).0.is_ok(), depth < 127, "{depth}");
        assert_eq!(reads::<Vec<Expression>>(&format!("[{text}]")).0.is_ok(), depth < 126, "{depth}");
        let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let (value, _) = reads::<Expression>(&arrays);
        match value {
            Ok(Expression::Unknown(value)) => assert_eq!(serde_json::to_string(&value).unwrap(), arrays),
            Ok(_) => panic!("an array is not an object"),
            Err(error) => assert!(depth >= 128 && error.contains("recursion limit exceeded"), "{error}"),
        }
    }
}

#[test]
fn properties_exclude_variant_before_trial() {
    let properties = [
        Property { name: "id", required: true, kinds: &[JsonType::Integer] },
        Property { name: "name", required: false, kinds: &[JsonType::String] },
        Property { name: "any", required: true, kinds: &[] },
    ];
    let fits = |value: Value| may_be(&read::<(), _>(value).unwrap(), &properties);
    assert!(fits(json!({"id": 1, "any": [], "name": "a", "more": {}})));
    assert!(fits(json!({"id": 1, "any": null, "name": null})));
    assert!(!fits(json!({"any": 1})) && !fits(json!({"id": 1})) && !fits(json!([])));
    assert!(!fits(json!({"id": "1", "any": 1})));
    assert!(!fits(json!({"id": 1, "any": 1, "name": {}})));
}

#[test]
fn arbitrary_precision_number_is_read() {
    let number = json!([{"$serde_json::private::Number": "12"}]);
    assert_eq!(serde_json::to_value(UnknownJson::new(read::<(), _>(number).unwrap())).unwrap(), json!([12]));
}
