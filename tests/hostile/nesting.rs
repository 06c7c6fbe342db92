//! Tests with deeply nested documents, up to the default limit and the largest configurable limit of the readers.

use clientwright::diagnostics::Code;
use clientwright::source::Limits;
use serde_json::{Value, json};

use super::document::{assert_handled, errors, generate_within, operation, operations, schemas};

/// Returns a schema nested this many times. `level` wraps a schema in another one.
fn nested(levels: usize, level: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({"type": "string"}), |inner, _| level(inner))
}

/// A function that wraps a schema in another one, and the number of nesting levels that this adds to the document.
type Level = (usize, fn(Value) -> Value);

fn levels_of() -> [Level; 6] {
    [
        (2, |inner| json!({"type": "object", "properties": {"m": inner}})),
        (1, |inner| json!({"type": "array", "items": inner})),
        (1, |inner| json!({"type": "object", "additionalProperties": inner})),
        (2, |inner| json!({"allOf": [{"type": "object", "properties": {"m": inner}}]})),
        (2, |inner| json!({"oneOf": [inner, {"type": "boolean"}]})),
        (2, |inner| json!({"anyOf": [inner]})),
    ]
}

#[test]
fn schemas_nest_up_to_the_limit() {
    for (takes, level) in levels_of() {
        let document = |depth: usize| schemas([("S".to_owned(), nested((depth - 5) / takes, level))]).to_string();
        // The document may be rejected for another reason, but generation must terminate.
        for limits in [Limits::default(), Limits { depth: Limits::MAX_DEPTH, ..Limits::default() }] {
            let _ = generate_within(&document(limits.depth), &limits, false);
            let _ = generate_within(&document(limits.depth), &limits, true);
            assert_eq!(errors(&generate_within(&document(limits.depth + 20), &limits, false)), [Code::Limit]);
        }
    }
}

#[test]
fn values_nest_up_to_the_limit() {
    let value = |levels: usize| {
        (0..levels).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) })
    };
    for limits in [Limits::default(), Limits { depth: Limits::MAX_DEPTH, ..Limits::default() }] {
        let deep = value(limits.depth - 12);
        let schema = json!({"type": "object", "properties": {"a": {"example": deep, "default": deep, "enum": [deep]}}, "x-other": deep, "example": deep});
        let mut one = operation("one");
        one["x-other"] = deep.clone();
        one["responses"]["200"] =
            json!({"description": "d", "content": {"application/json": {"schema": {}, "example": deep}}});
        let mut document = operations([("/a".to_owned(), one)]);
        document["components"]["schemas"]["S"] = schema;
        let _ = generate_within(&document.to_string(), &limits, false);
    }
}

#[test]
fn ten_thousand_levels_are_rejected() {
    for (open, close) in [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("{a: ", "}"),
        ("[{a: ", "}]"),
        ("- ", ""),
        ("? ", ""),
        ("!!seq [", "]"),
        ("&a [", "]"),
    ] {
        let text = format!("openapi: 3.0.3\nx:\n  {}1{}", open.repeat(10_000), close.repeat(10_000));
        let codes = errors(&super::document::assert_text_handled(&text));
        assert!(codes == [Code::Limit] || codes == [Code::Syntax], "{open}: {codes:?}");
    }
    let block: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(errors(&super::document::assert_text_handled(&block)), [Code::Limit]);
    let _ = assert_handled(&json!([]));
}
