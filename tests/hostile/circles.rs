//! Circles of `$ref`s of every kind: each is refused, or is a type that may contain itself.

use clientwright::diagnostics::Code;
use serde_json::{Value, json};

use crate::document::{errors, operation, operations, reference, schemas, survive};

/// A circle of one, of two and of three components.
fn circles(section: &str, wrap: impl Fn(Value) -> Value) -> Vec<Value> {
    let circle = |length: usize| -> Value {
        let next = |number: usize| json!({"$ref": format!("#/components/{section}/C{}", (number + 1) % length)});
        (0..length).map(|number| (format!("C{number}"), wrap(next(number)))).collect::<serde_json::Map<_, _>>().into()
    };
    (1..=3).map(circle).collect()
}

#[test]
fn circles_of_references_alone() {
    for (section, user) in [
        ("schemas", None),
        ("parameters", Some("parameters")),
        ("responses", Some("responses")),
        ("requestBodies", Some("requestBody")),
        ("headers", None),
        ("examples", None),
        ("links", None),
        ("callbacks", Some("callbacks")),
        ("securitySchemes", None),
    ] {
        for circle in circles(section, |next| next) {
            let to = json!({"$ref": format!("#/components/{section}/C0")});
            let mut one = operation("one");
            match user {
                Some("parameters") => one["parameters"] = json!([to]),
                Some("responses") => one["responses"] = json!({"200": to}),
                Some("callbacks") => one["callbacks"] = json!({"c": to}),
                Some(user) => one[user] = to,
                None => {
                    one["responses"] = json!({"200": {
                        "description": "d",
                        "headers": {"x-h": {"$ref": "#/components/headers/C0"}},
                        "links": {"l": {"$ref": "#/components/links/C0"}},
                        "content": {"application/json": {
                            "schema": {"$ref": "#/components/schemas/C0"},
                            "examples": {"e": {"$ref": "#/components/examples/C0"}},
                        }},
                    }});
                    one["security"] = json!([{"C0": []}]);
                }
            }
            let mut document = operations([]);
            document["paths"]["/a"] = json!({"post": one});
            document["components"] = json!({section: circle});
            let made = survive(&document);
            assert!(errors(&made).contains(&Code::RefCycle), "{section}: {:?}", errors(&made));
        }
    }
}

#[test]
fn circles_through_path_items() {
    for (one, other) in [("#/paths/~1a", "#/paths/~1a"), ("#/paths/~1b", "#/paths/~1a")] {
        let mut document = operations([]);
        document["paths"] = json!({"/a": {"$ref": one}, "/b": {"$ref": other}});
        assert!(survive(&document).is_err());
    }
}

/// What a schema may put around another, by name.
type Wrap = (&'static str, fn(Value) -> Value);

#[test]
fn circles_through_schemas() {
    let wraps: [Wrap; 12] = [
        ("allOf", |next| json!({"allOf": [next, {"type": "object"}]})),
        ("allOf of one", |next| json!({"allOf": [next]})),
        ("oneOf", |next| json!({"oneOf": [next, {"type": "string"}]})),
        ("oneOf of one", |next| json!({"oneOf": [next]})),
        ("anyOf", |next| json!({"anyOf": [{"type": "string"}, next]})),
        ("not", |next| json!({"not": next})),
        ("items", |next| json!({"type": "array", "items": next})),
        ("additionalProperties", |next| json!({"type": "object", "additionalProperties": next})),
        ("properties", |next| json!({"type": "object", "required": ["m"], "properties": {"m": next}})),
        (
            "properties of allOf",
            |next| json!({"allOf": [{"type": "object", "properties": {"m": next}}, {"type": "object"}]}),
        ),
        (
            "allOf of a member",
            |next| json!({"type": "object", "properties": {"m": {"allOf": [next, {"type": "object"}]}}}),
        ),
        (
            "discriminator",
            |next| json!({"oneOf": [{"type": "object", "properties": {"k": {"type": "string"}}}, next], "discriminator": {"propertyName": "k", "mapping": {"a": "#/components/schemas/C0", "b": "C1"}}}),
        ),
    ];
    for (name, wrap) in wraps {
        for circle in circles("schemas", wrap) {
            let mut document = schemas([]);
            document["components"]["schemas"] = circle;
            let made = survive(&document);
            if matches!(name, "properties" | "properties of allOf") {
                assert!(made.is_ok(), "{name}: {:?}", errors(&made));
            }
            if name == "allOf" {
                assert_eq!(errors(&made), [Code::RefCycle], "{name}");
            }
        }
    }
}

#[test]
fn references_into_themselves() {
    for to in [
        "#",
        "#/",
        "#/components",
        "#/components/schemas",
        "#/components/schemas/S/properties",
        "#/components/schemas/S/properties/m",
        "#/components/schemas/S/items",
        "#/paths/~1a/get",
    ] {
        for schema in [
            json!({"$ref": to}),
            json!({"type": "object", "properties": {"m": {"$ref": to}}}),
            json!({"type": "array", "items": {"$ref": to}}),
            json!({"allOf": [{"$ref": to}]}),
        ] {
            let mut document = operations([("/a".to_owned(), operation("one"))]);
            document["components"]["schemas"] = json!({"S": schema, "T": reference("S")});
            let _ = survive(&document);
        }
    }
}

#[test]
fn long_circles() {
    let circle = |wrap: fn(Value) -> Value| {
        schemas(
            (0..20_000).map(|number| (format!("S{number}"), wrap(reference(&format!("S{}", (number + 1) % 20_000))))),
        )
    };
    assert_eq!(errors(&survive(&circle(|next| next))), [Code::RefCycle]);
    let all_of = errors(&survive(&circle(|next| json!({"allOf": [next, {"type": "object"}]}))));
    assert_eq!(all_of, [Code::Limit, Code::RefCycle]);
    let _ = survive(&circle(|next| json!({"type": "array", "items": next})));
    let _ = survive(&circle(|next| json!({"oneOf": [next, {"type": "string"}]})));
}

/// Each of them may be any other: there are more ways through them than anybody can go.
#[test]
fn unions_of_one_another() {
    for wrap in ["oneOf", "anyOf"] {
        let of = |others: Vec<usize>| {
            let mut arms: Vec<Value> =
                others.iter().map(|other| json!({"$ref": format!("#/components/schemas/C{other}")})).collect();
            arms.push(json!({"type": "string"}));
            json!({ wrap: arms })
        };
        let circle = |one: usize| (0..14).filter(|other| *other != one).collect();
        let later = |one: usize| (one + 1..14).collect();
        let _ = survive(&schemas((0..14).map(|one| (format!("C{one}"), of(circle(one))))));
        let _ = survive(&schemas((0..14).map(|one| (format!("C{one}"), of(later(one))))));
    }
}

/// Schemas with one alternative, which is the schema itself or leads back to it, beside something else.
#[test]
fn alternatives_that_lead_back_to_what_they_are_alternatives_of() {
    for beside in [
        json!({"properties": {"a": {"type": "string"}}}),
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        json!({"type": "string", "enum": ["a"]}),
    ] {
        for key in ["oneOf", "anyOf"] {
            let with = |arm: Value| {
                let mut schema = beside.clone();
                schema[key] = arm;
                schema
            };
            for circle in circles("schemas", |next| with(json!([next]))) {
                errors(&survive(&schemas(circle.as_object().unwrap().clone())));
            }
            // An arm of another type is none, and one that combines others is the same as its parts.
            for circle in circles("schemas", |next| with(json!([with(json!([next])), {"type": "integer"}]))) {
                errors(&survive(&schemas(circle.as_object().unwrap().clone())));
            }
            for circle in circles("schemas", |next| with(json!([{"allOf": [next], "properties": {"b": {}}}]))) {
                errors(&survive(&schemas(circle.as_object().unwrap().clone())));
            }
        }
    }
}
