//! Tests of the decoding budget, which limits the memory and the work for decoding a body.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::de::DeserializeOwned;

use crate::runtime::decode::{DecodeError, json_text};
use crate::runtime::decode_budget::{ListMemory, account, charge, left, memory, with_settings, work};

const MIB: usize = 1024 * 1024;

/// A struct of about 1 KB, like a generated struct with many optional properties.
#[derive(Debug, Clone, PartialEq)]
struct Wide {
    id: Option<i64>,
    first: Option<[u64; 32]>,
    second: Option<[u64; 32]>,
    third: Option<[u64; 32]>,
    fourth: Option<[u64; 32]>,
}
crate::runtime::object!(
    Wide,
    (id, optional, "id"),
    (first, optional, "first"),
    (second, optional, "second"),
    (third, optional, "third"),
    (fourth, optional, "fourth"),
);

#[derive(Debug, Clone, PartialEq)]
struct Boxed {
    wide: Option<Box<Wide>>,
}
crate::runtime::object!(Boxed, (wide, optional, "wide"));

#[derive(Debug, Clone, PartialEq)]
struct Open {
    rest: BTreeMap<String, Wide>,
}
crate::runtime::object!(Open, ..(rest, rest));

/// Returns a JSON array that repeats an element and has about this length in bytes.
fn array(element: &str, bytes: usize) -> Vec<u8> {
    format!("[{}]", vec![element; bytes / (element.len() + 1)].join(",")).into_bytes()
}

fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    json_text(text)
}

fn is_too_large<T: DeserializeOwned>(element: &str) -> bool {
    decode::<Vec<T>>(&array(element, 3 * MIB)).is_err_and(|error| error.is_too_large())
}

#[test]
fn values_much_larger_than_their_json_are_rejected() {
    assert!(is_too_large::<Wide>("{}"));
    assert!(is_too_large::<Option<Wide>>("null"));
    assert!(is_too_large::<Vec<Wide>>("[{}]"));
    assert!(is_too_large::<Boxed>(r#"{"wide":{}}"#));
    assert!(is_too_large::<BTreeMap<String, Wide>>(r#"{"":{}}"#));
    assert!(is_too_large::<Open>(r#"{"":{}}"#));
    let error = decode::<Vec<Wide>>(&array("{}", MIB)).unwrap_err().to_string();
    assert!(
        error.starts_with("the decoded value takes more than the 144 MiB allowed for a body of 1048576 bytes"),
        "{error}"
    );
    assert!(error.contains("`max_response_bytes`"), "{error}");
    // In a `Value`, the map of each object takes 600 bytes.
    let any = array(r#"{"":0}"#, 3 * MIB);
    assert!(decode::<serde_json::Value>(&any).unwrap_err().is_too_large());
    assert!(decode::<super::sample::models::RegisteredValue>(&any).is_err_and(|error| error.is_too_large()));
}

#[test]
fn long_arrays_of_short_values_are_decoded() {
    assert_eq!(decode::<Vec<Wide>>(&array(r#"{"id":1234567890123}"#, 20_000)).unwrap().len(), 952);
    // Longer arrays are decoded too, up to the memory limit: 40,000 structs take 64 MiB.
    assert_eq!(decode::<Vec<Wide>>(&array(r#"{"id":1234567890123}"#, 840_000)).unwrap().len(), 40_000);
    let full = serde_json::to_string(&Wide {
        id: Some(1),
        first: Some([u64::MAX; 32]),
        second: Some([1000; 32]),
        third: None,
        fourth: Some([0; 32]),
    });
    assert!(decode::<Vec<Wide>>(&array(&full.unwrap(), 2 * MIB)).is_ok());
    assert!(decode::<Vec<i64>>(&array("0", 2 * MIB)).is_ok());
    assert!(decode::<Vec<String>>(&array("\"\"", 2 * MIB)).is_ok());
    assert!(decode::<Vec<Vec<i64>>>(&array("[]", 2 * MIB)).is_ok());
    assert!(decode::<serde_json::Value>(&array("0", 2 * MIB)).is_ok());
}

#[test]
fn response_limit_raises_memory_limit() {
    let text = array("{}", MIB / 2);
    assert!(decode::<Vec<Wide>>(&text).is_err());
    assert!(with_settings(64 * MIB as u64, None, || decode::<Vec<Wide>>(&text)).is_ok());
    assert_eq!(with_settings(64 * MIB as u64, None, || memory(MIB)), 528 * MIB as u64);
    assert_eq!(with_settings(0, None, || memory(0)), 64 * MIB as u64);
    // The next call has the default limit again.
    assert_eq!(memory(MIB), 144 * MIB as u64);
}

#[test]
fn cancelled_decoding_stops() {
    let flag = Arc::new(AtomicBool::new(true));
    let elements = array("0", 100_000);
    assert!(with_settings(MIB as u64, Some(flag.clone()), || decode::<Vec<i64>>(&elements)).is_err());
    let short = with_settings(MIB as u64, Some(flag), || decode::<Vec<i64>>(b"[1,2]"));
    assert_eq!(short.unwrap(), [1, 2]);
    assert!(decode::<Vec<i64>>(&elements).is_ok());
}

#[test]
fn list_is_charged_by_capacity() {
    fn charged<T: Default + Clone>(len: usize) -> u64 {
        let charged = account(0, || {
            let (mut list, mut memory, before) = (Vec::new(), ListMemory::EMPTY, left());
            for _ in 0..len {
                list.push(T::default());
                memory.push(size_of::<T>()).unwrap();
            }
            assert_eq!(before - left(), (list.capacity() * size_of::<T>()) as u64, "{len}");
            before - left()
        });
        charged.unwrap()
    }
    for len in [0, 1, 4, 5, 100] {
        charged::<u64>(len);
        charged::<[[u64; 20]; 20]>(len);
    }
}

#[test]
fn inline_value_is_charged_once() {
    let charged = |text: &str| {
        account(0, || {
            let before = left();
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let counted = crate::runtime::counted::Counted(&mut deserializer);
            <Vec<Boxed> as serde::Deserialize>::deserialize(counted).unwrap();
            (before - left()) as usize
        })
        .unwrap()
    };
    // The vector has a capacity of four elements. In the second text, one of the three structs also contains a box.
    let elements = 4 * size_of::<Boxed>();
    assert_eq!(charged(r#"[{},{},{}]"#), elements);
    assert_eq!(charged(r#"[{},{"wide":{"id":1}},{"wide":null}]"#), elements + size_of::<Wide>());
}

#[test]
fn decoding_outside_of_budget_is_unlimited() {
    assert!(charge(usize::MAX).is_ok() && work(usize::MAX));
    assert!(account(0, || charge(usize::MAX).is_err()).is_err());
    assert_eq!(account(0, || work(usize::MAX)), Ok(false));
    assert!(charge(usize::MAX).is_ok());
}
