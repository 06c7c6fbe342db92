//! Tests of `$ref` cycles: each is rejected, or generates a recursive type.

use clientwright::diagnostics::Code;
use serde_json::{Value, json};

use super::document::{assert_handled, errors, operation, operations, reference, schemas};

/// Returns three cycles of components, with one, two and three components. `wrap` creates a component from a `$ref` to
/// the next one.
fn cycles(section: &str, wrap: impl Fn(Value) -> Value) -> Vec<Value> {
    let cycle = |length: usize| -> Value {
        let next = |number: usize| json!({"$ref": format!("#/components/{section}/C{}", (number + 1) % length)});
        (0..length).map(|number| (format!("C{number}"), wrap(next(number)))).collect::<serde_json::Map<_, _>>().into()
    };
    (1..=3).map(cycle).collect()
}

#[test]
fn reference_cycles_of_components_are_rejected() {
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
        for cycle in cycles(section, |next| next) {
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
            document["components"] = json!({section: cycle});
            let result = assert_handled(&document);
            assert!(errors(&result).contains(&Code::RefCycle), "{section}: {:?}", errors(&result));
        }
    }
}

#[test]
fn reference_cycles_of_path_items_are_rejected() {
    for (one, other) in [("#/paths/~1a", "#/paths/~1a"), ("#/paths/~1b", "#/paths/~1a")] {
        let mut document = operations([]);
        document["paths"] = json!({"/a": {"$ref": one}, "/b": {"$ref": other}});
        assert!(assert_handled(&document).is_err());
    }
}

/// The name of a case, and a function that creates a schema that contains the given schema.
type Wrap = (&'static str, fn(Value) -> Value);

#[test]
fn reference_cycles_through_schemas_terminate() {
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
            "allOf of a property",
            |next| json!({"type": "object", "properties": {"m": {"allOf": [next, {"type": "object"}]}}}),
        ),
        (
            "discriminator",
            |next| json!({"oneOf": [{"type": "object", "properties": {"k": {"type": "string"}}}, next], "discriminator": {"propertyName": "k", "mapping": {"a": "#/components/schemas/C0", "b": "C1"}}}),
        ),
    ];
    for (name, wrap) in wraps {
        for cycle in cycles("schemas", wrap) {
            let mut document = schemas([]);
            document["components"]["schemas"] = cycle;
            let result = assert_handled(&document);
            if matches!(name, "properties" | "properties of allOf") {
                assert!(result.is_ok(), "{name}: {:?}", errors(&result));
            }
            if name == "allOf" {
                assert_eq!(errors(&result), [Code::RefCycle], "{name}");
            }
        }
    }
}

#[test]
fn references_into_themselves_terminate() {
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
            let _ = assert_handled(&document);
        }
    }
}

#[test]
fn long_reference_cycles_terminate() {
    let cycle = |wrap: fn(Value) -> Value| {
        schemas((0..5000).map(|number| (format!("S{number}"), wrap(reference(&format!("S{}", (number + 1) % 5000))))))
    };
    assert_eq!(errors(&assert_handled(&cycle(|next| next))), [Code::RefCycle]);
    let all_of = errors(&assert_handled(&cycle(|next| json!({"allOf": [next, {"type": "object"}]}))));
    assert_eq!(all_of, [Code::Limit, Code::RefCycle]);
    let _ = assert_handled(&cycle(|next| json!({"type": "array", "items": next})));
    let _ = assert_handled(&cycle(|next| json!({"oneOf": [next, {"type": "string"}]})));
}

/// Every union contains every other union, so the number of paths through the unions is exponential.
#[test]
fn mutually_recursive_unions_terminate() {
    for wrap in ["oneOf", "anyOf"] {
        let of = |others: Vec<usize>| {
            let mut variants: Vec<Value> =
                others.iter().map(|other| json!({"$ref": format!("#/components/schemas/C{other}")})).collect();
            variants.push(json!({"type": "string"}));
            json!({ wrap: variants })
        };
        let cycle = |one: usize| (0..14).filter(|other| *other != one).collect();
        let later = |one: usize| (one + 1..14).collect();
        let _ = assert_handled(&schemas((0..14).map(|one| (format!("C{one}"), of(cycle(one))))));
        let _ = assert_handled(&schemas((0..14).map(|one| (format!("C{one}"), of(later(one))))));
    }
}

/// Each schema has other keywords next to a `oneOf` or `anyOf` with a variant that refers back to the schema.
#[test]
fn unions_that_contain_themselves_terminate() {
    for beside in [
        json!({"properties": {"a": {"type": "string"}}}),
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        json!({"type": "string", "enum": ["a"]}),
    ] {
        for key in ["oneOf", "anyOf"] {
            let with = |variant: Value| {
                let mut schema = beside.clone();
                schema[key] = variant;
                schema
            };
            for cycle in cycles("schemas", |next| with(json!([next]))) {
                errors(&assert_handled(&schemas(cycle.as_object().unwrap().clone())));
            }
            // Test the same cycles through a nested union, and through a variant that is an `allOf`.
            for cycle in cycles("schemas", |next| with(json!([with(json!([next])), {"type": "integer"}]))) {
                errors(&assert_handled(&schemas(cycle.as_object().unwrap().clone())));
            }
            for cycle in cycles("schemas", |next| with(json!([{"allOf": [next], "properties": {"b": {}}}]))) {
                errors(&assert_handled(&schemas(cycle.as_object().unwrap().clone())));
            }
        }
    }
}
