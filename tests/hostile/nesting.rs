//! What nests deeply: as deeply as the readers let it, with the default limits and with the largest that may be set.

use clientwright::diagnostics::Code;
use clientwright::source::Limits;
use serde_json::{Value, json};

use crate::document::{errors, made, operation, operations, schemas, survive};

/// A schema within a schema, so many times.
fn nested(levels: usize, level: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({"type": "string"}), |inner, _| level(inner))
}

/// How many levels of the document one of the schema takes, and what it is.
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
fn schemas_nest_as_deeply_as_allowed() {
    for (takes, level) in levels_of() {
        let document = |depth: usize| schemas([("S".to_owned(), nested((depth - 5) / takes, level))]).to_string();
        // What is generated of it may be refused for other reasons; but it comes to an end.
        for limits in [Limits::default(), Limits { depth: Limits::MAX_DEPTH, ..Limits::default() }] {
            let _ = made(&document(limits.depth), &limits, false);
            let _ = made(&document(limits.depth), &limits, true);
            assert_eq!(errors(&made(&document(limits.depth + 20), &limits, false)), [Code::Limit]);
        }
    }
}

#[test]
fn values_nest_as_deeply_as_allowed() {
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
        let _ = made(&document.to_string(), &limits, false);
    }
}

#[test]
fn ten_thousand_levels_are_refused() {
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
        let codes = errors(&crate::document::survive_text(&text));
        assert!(codes == [Code::Limit] || codes == [Code::Syntax], "{open}: {codes:?}");
    }
    let block: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(errors(&crate::document::survive_text(&block)), [Code::Limit]);
    let _ = survive(&json!([]));
}
