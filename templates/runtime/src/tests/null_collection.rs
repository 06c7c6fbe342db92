//! Tests of `null` where an array or map is expected.

use std::collections::BTreeMap;

use crate::runtime::decode::json_text;
use crate::runtime::{Maybe, union};

#[derive(Debug, Clone, PartialEq)]
struct Page {
    items: Vec<i64>,
    labels: BTreeMap<String, Vec<String>>,
    more: Option<Vec<i64>>,
    other: Maybe<Vec<i64>>,
}
crate::runtime::object!(
    Page,
    (items, required, "items"),
    (labels, required, "labels"),
    (more, optional, "more"),
    (other, optional, "other"),
);

const NULLS: &str = r#"{"items":null,"labels":null,"more":null,"other":null}"#;

fn empty() -> Page {
    Page { items: Vec::new(), labels: BTreeMap::new(), more: None, other: Maybe::Null }
}

#[test]
fn null_reads_as_empty_array_or_map() {
    assert_eq!(json_text::<Page>(NULLS.as_bytes()).unwrap(), empty());
    assert_eq!(serde_json::from_str::<Page>(NULLS).unwrap(), empty());
    let buffered = union::read::<(), _>(serde_json::from_str::<serde_json::Value>(NULLS).unwrap()).unwrap();
    assert_eq!(union::variant::<Page, serde_json::Error>(buffered).unwrap(), empty());
    // The body, an array item or a map value may be `null` instead of an array or map.
    assert_eq!(json_text::<Vec<i64>>(b"null").unwrap(), Vec::<i64>::new());
    assert_eq!(json_text::<BTreeMap<String, i64>>(b" null ").unwrap(), BTreeMap::new());
    assert_eq!(json_text::<Vec<Vec<i64>>>(b"[null,[1]]").unwrap(), [vec![], vec![1]]);
    assert!(json_text::<BTreeMap<String, Vec<i64>>>(br#"{"a":null}"#).unwrap()["a"].is_empty());
    assert!(json_text::<serde_json::Map<String, serde_json::Value>>(b"null").unwrap().is_empty());
}

#[test]
fn only_null_collection_reads_as_empty() {
    let error = |text: &str| json_text::<Page>(text.as_bytes()).unwrap_err().to_string();
    assert!(error("null").contains("invalid type: null, expected struct Page"), "{}", error("null"));
    assert!(error(r#"{"labels":{}}"#).contains("missing field `items`"));
    assert!(error(r#"{"items":"","labels":{}}"#).contains("at items: invalid type: string \"\", expected a sequence"));
    assert!(error(r#"{"items":[null],"labels":{}}"#).contains("at items[0]: invalid type: null, expected i64"));
    assert!(error(r#"{"items":[],"labels":{"a":["b",1]}}"#).contains("at labels.a[1]: invalid type: integer `1`"));
    assert!(json_text::<Vec<Page>>(b"[null]").is_err());
    // Types that can represent `null` keep it.
    assert_eq!(json_text::<Option<Vec<i64>>>(b"null").unwrap(), None);
    assert_eq!(json_text::<serde_json::Value>(b"null").unwrap(), serde_json::Value::Null);
}
