//! Tests with valid documents that are large, or whose schemas expand to many properties.

use clientwright::diagnostics::{Code, Severity};
use clientwright::source::Limits;
use serde_json::{Map, Value, json};

use super::document::{assert_handled, errors, generate_within, object, operation, operations, reference, schemas};

fn many(count: usize, value: impl Fn(usize) -> Value) -> impl Iterator<Item = (String, Value)> {
    (0..count).map(move |number| (format!("S{number}"), value(number)))
}

fn properties(count: usize, name: impl Fn(usize) -> String) -> Value {
    let properties: Map<String, Value> = (0..count).map(|number| (name(number), json!({"type": "string"}))).collect();
    json!({"type": "object", "properties": properties})
}

#[test]
fn many_schemas_are_generated() {
    assert!(assert_handled(&schemas(many(1000, |_| object("a")))).is_ok());
    assert!(
        assert_handled(&schemas(many(
            1000,
            |number| json!({"type": "object", "properties": {"next": reference(&format!("S{}", (number + 1) % 1000))}})
        )))
        .is_ok()
    );
}

#[test]
fn many_enum_values_are_generated() {
    let values: Vec<String> = (0..8000).map(|number| format!("value {number}")).collect();
    assert!(assert_handled(&schemas([("E".to_owned(), json!({"type": "string", "enum": values}))])).is_ok());
    let numbers: Vec<u32> = (0..8000).collect();
    assert!(assert_handled(&schemas([("E".to_owned(), json!({"type": "integer", "enum": numbers}))])).is_ok());
}

#[test]
fn many_properties_and_parameters_are_generated() {
    assert!(assert_handled(&schemas([("O".to_owned(), properties(1000, |number| format!("m{number}")))])).is_ok());
    let parameters: Vec<Value> = (0..1000)
        .map(|number| json!({"name": format!("p{number}"), "in": "query", "schema": {"type": "string"}}))
        .collect();
    let mut one = operation("one");
    one["parameters"] = parameters.into();
    assert!(assert_handled(&operations([("/a".to_owned(), one)])).is_ok());
}

#[test]
fn many_colliding_names_are_resolved() {
    let dashes = |number: usize| format!("a{}", "-".repeat(number));
    let values: Vec<String> = (0..1000).map(dashes).collect();
    assert!(assert_handled(&schemas([("E".to_owned(), json!({"type": "string", "enum": values}))])).is_ok());
    assert!(assert_handled(&schemas([("O".to_owned(), properties(500, dashes))])).is_ok());
    assert!(assert_handled(&schemas((0..500).map(|number| (format!("S{}", "_".repeat(number)), object("a"))))).is_ok());
    let named = |number: usize| (format!("/a{number}"), operation(&dashes(number)));
    assert!(assert_handled(&operations((0..500).map(named))).is_ok());
    let tagged = |number: usize| {
        let mut tagged = operation(&format!("op{number}"));
        tagged["tags"] = json!([dashes(number)]);
        (format!("/a{number}"), tagged)
    };
    assert!(assert_handled(&operations((0..100).map(tagged))).is_ok());
}

#[test]
fn many_errors_in_one_line_are_reported_quickly() {
    // The document is one long line. Each column must be computed from the previous location, not from the start of the
    // line.
    let document = schemas(many(4000, |_| json!({"type": "strnig", "$rfe": 1})));
    assert!(assert_handled(&document).is_err());
}

#[test]
fn many_all_of_parts_and_variants_are_generated() {
    let parts = |count: usize| -> Vec<Value> { (0..count).map(|number| object(&format!("m{number}"))).collect() };
    assert!(assert_handled(&schemas([("A".to_owned(), json!({"allOf": parts(1500)}))])).is_ok());
    assert!(assert_handled(&schemas([("U".to_owned(), json!({"oneOf": parts(300)}))])).is_ok());
    let referred: Vec<Value> = (0..300).map(|number| reference(&format!("S{number}"))).collect();
    let mapping: Map<String, Value> =
        (0..300).map(|number| (format!("m{number}"), json!(format!("#/components/schemas/S{number}")))).collect();
    let union = json!({"oneOf": referred, "discriminator": {"propertyName": "k", "mapping": mapping}});
    let variant = |_| json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}});
    assert!(assert_handled(&schemas(many(300, variant).chain([("U".to_owned(), union)]))).is_ok());
    let mapping: Map<String, Value> = (0..5000).map(|number| (format!("m{number}"), json!("S0"))).collect();
    let union = json!({"oneOf": [reference("S0"), reference("S1")], "discriminator": {"propertyName": "k", "mapping": mapping}});
    assert!(assert_handled(&schemas(many(2, variant).chain([("U".to_owned(), union)]))).is_ok());
}

/// Returns a document with the schemas `S0` (`first`), `S1`, `S2`, … Each contains the previous schema: `level` creates
/// a schema from a `$ref` to the previous one.
fn schema_chain(levels: usize, first: Value, level: impl Fn(Value, usize) -> Value) -> Value {
    schemas(many(levels, |number| match number.checked_sub(1) {
        None => first.clone(),
        Some(below) => level(reference(&format!("S{below}")), number),
    }))
}

#[test]
fn all_of_twice_the_previous_schema_terminates() {
    let twice = |below: Value, _| json!({"allOf": [below.clone(), below]});
    // Expanded, this would be 2^39 copies of the same schema.
    let strict = assert_handled(&schema_chain(40, object("a"), twice));
    assert!(errors(&strict).iter().all(|code| *code == Code::Limit));
    assert!(assert_handled(&schema_chain(12, object("a"), twice)).is_ok());
}

#[test]
fn one_of_twice_the_previous_schema_terminates() {
    let strings = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    for key in ["oneOf", "anyOf"] {
        let twice = |below: Value, _| json!({key: [below.clone(), below]});
        let strict = assert_handled(&schema_chain(40, strings.clone(), twice));
        assert_eq!(errors(&strict), [Code::Limit]);
        assert!(assert_handled(&schema_chain(12, strings.clone(), twice)).is_ok());
    }
    // The generator checks for `null` in each of the ten variants, and in the variants of each variant.
    let ten = |below: Value, _| json!({"allOf": [{"oneOf": vec![below; 10]}]});
    assert_eq!(errors(&assert_handled(&schema_chain(12, strings, ten))), [Code::Limit]);
}

#[test]
fn properties_added_per_level_are_limited() {
    let more = |below: Value, number: usize| json!({"allOf": [below, object(&format!("m{number}"))]});
    assert!(assert_handled(&schema_chain(60, object("m0"), more)).is_ok());
    // The total number of properties grows with the square of the number of schemas.
    let text = schema_chain(120, object("m0"), more).to_string();
    let result = generate_within(&text, &Limits { items: 5000, ..Limits::default() }, false);
    let Err(diagnostics) = &result else { panic!("{result:?}") };
    let diagnostic = diagnostics.sorted()[0];
    assert_eq!(
        (diagnostic.code, diagnostic.message.as_str()),
        (Code::Limit, "the schemas have more than 5000 properties, enum values and variants in total")
    );
    assert!(diagnostic.help.as_ref().unwrap().starts_with("raise the limit with `--max-items`"), "{diagnostic:?}");
}

#[test]
fn long_reference_chains_do_not_overflow_the_stack() {
    let levels = 4000;
    let alone = |below: Value, _| below;
    let part = |below: Value, _| json!({"allOf": [below, {"type": "object"}]});
    let only = |below: Value, _| json!({"oneOf": [below]});
    let list = |below: Value, _| json!({"type": "array", "items": below});
    let map = |below: Value, _| json!({"type": "object", "additionalProperties": below});
    let levels_of: [&dyn Fn(Value, usize) -> Value; 5] = [&alone, &part, &only, &list, &map];
    for level in levels_of {
        let result = assert_handled(&schema_chain(levels, json!({"type": "object"}), level));
        assert_eq!(errors(&result), [Code::Limit]);
        assert!(assert_handled(&schema_chain(40, json!({"type": "object"}), level)).is_ok());
        // Test the same schemas in reverse order, in which each schema refers to the next one.
        let mut document = schema_chain(levels, json!({"type": "object"}), level);
        let down: Map<String, Value> =
            document["components"]["schemas"].as_object().unwrap().clone().into_iter().rev().collect();
        document["components"]["schemas"] = down.into();
        assert_eq!(errors(&assert_handled(&document)), [Code::Limit]);
    }
    let variant = |below: Value, _| json!({"oneOf": [below, {"type": "boolean"}]});
    assert_eq!(errors(&assert_handled(&schema_chain(levels, json!({"type": "object"}), variant))), [Code::Limit]);
    let property = |below: Value, _| json!({"type": "object", "properties": {"m": below}});
    assert!(assert_handled(&schema_chain(1000, json!({"type": "object"}), property)).is_ok());
}

#[test]
fn long_chains_of_other_references_do_not_overflow_the_stack() {
    for (section, target, user) in [
        ("parameters", json!({"name": "p", "in": "query", "schema": {"type": "string"}}), "parameters"),
        ("responses", json!({"description": "d"}), "responses"),
        ("requestBodies", json!({"content": {"text/plain": {"schema": {"type": "string"}}}}), "requestBody"),
    ] {
        for (steps, expected) in [(40, &[][..]), (100, &[Code::Limit]), (10_000, &[Code::Limit])] {
            let reference = |number: usize| json!({"$ref": format!("#/components/{section}/S{number}")});
            let chain: Map<String, Value> =
                many(steps, |number| reference(number + 1)).chain([(format!("S{steps}"), target.clone())]).collect();
            let mut one = operation("one");
            one[user] = match user {
                "parameters" => json!([reference(0)]),
                "responses" => json!({"204": reference(0)}),
                _ => reference(0),
            };
            let mut document = operations([("/a".to_owned(), json!({}))]);
            document["paths"]["/a"] = json!({"post": one});
            document["components"] = json!({section: chain});
            assert_eq!(errors(&assert_handled(&document)), expected, "{section}, {steps}");
        }
    }
}

#[test]
fn deeply_nested_inline_types_are_generated() {
    // Each level has two properties, whose types are inline.
    fn tree(levels: usize) -> Value {
        match levels.checked_sub(1) {
            None => json!({"type": "string", "enum": ["a"]}),
            Some(below) => json!({"type": "object", "properties": {"l": tree(below), "r": tree(below)}}),
        }
    }
    assert!(assert_handled(&schemas([("T".to_owned(), tree(10))])).is_ok());
}

#[test]
fn long_list_of_undefined_required_properties_is_reported() {
    let requires = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("r{number}")).collect();
        let mut schema = object("a");
        schema["required"] = json!(names);
        schemas([("O".to_owned(), schema)])
    };
    assert!(assert_handled(&requires(4_000)).is_ok());
    assert_eq!(errors(&assert_handled(&requires(10_000))), [Code::Limit]);
}

#[test]
fn too_large_type_or_operation_is_rejected_at_its_location() {
    let variants = |count: usize| {
        let variant = |number| json!({"type": "object", "required": [format!("k{number}")], "properties": {format!("k{number}"): {}}});
        json!({"oneOf": (0..count).map(variant).collect::<Vec<_>>()})
    };
    let texts =
        |count: usize| json!({"type": "string", "enum": (0..count).map(|it| format!("v{it}")).collect::<Vec<_>>()});
    let numbers = |count: usize| json!({"type": "integer", "enum": (0..count).collect::<Vec<_>>()});
    let parameters = |count: usize| {
        let parameter = |number| json!({"name": format!("p{number}"), "in": "query", "schema": {"type": "string"}});
        let mut one = operation("one");
        one["parameters"] = (0..count).map(parameter).collect();
        operations([("/a".to_owned(), one)])
    };
    let schema = |schema: Value| schemas([("Large".to_owned(), schema)]);
    let merged = json!({"allOf": [properties(2600, |number| format!("a{number}")), properties(2600, |number| format!("b{number}"))]});
    for (document, message) in [
        (schema(properties(5001, |number| format!("m{number}"))), "an object has more than 5000 properties"),
        (schema(merged), "an object has more than 5000 properties"),
        (schema(texts(25_001)), "an enum has more than 25000 values"),
        (schema(numbers(25_001)), "an enum has more than 25000 values"),
        (schema(variants(10_001)), "a union has more than 10000 variants"),
        (parameters(2001), "an operation has more than 2000 parameters"),
    ] {
        let diagnostics = generate_within(&document.to_string(), &Limits::default(), false).unwrap_err();
        let first = diagnostics.sorted().into_iter().find(|one| one.severity == Severity::Error).unwrap();
        assert!(first.code == Code::Limit && first.message == message && first.span.is_some(), "{first:?}");
    }
}

#[test]
fn document_with_too_many_properties_or_operations_is_rejected_before_generation() {
    let limits = Limits { items: 20_000, ..Limits::default() };
    let object = || properties(1000, |number| format!("m{number}"));
    let diagnostics = generate_within(&schemas(many(20, |_| object())).to_string(), &limits, false).unwrap_err();
    let [only] = diagnostics.sorted().try_into().unwrap();
    let message = "the schemas have more than 20000 properties, enum values and variants in total";
    assert!(only.message == message && only.span.is_some(), "{only:?}");
    let many = (0..50_001).map(|number| (format!("/p{number}"), operation(&format!("o{number}"))));
    let diagnostics = generate_within(&operations(many).to_string(), &Limits::default(), false).unwrap_err();
    let [only] = diagnostics.sorted().try_into().unwrap();
    assert!(only.message == "the document has more than 50000 operations" && only.span.is_some(), "{only:?}");
    let parameter = |number| json!({"name": format!("p{number}"), "in": "query"});
    let mut large = operation("large");
    large["parameters"] = (0..1000).map(parameter).collect();
    let many = (0..400).map(|number| (format!("/p{number}"), large.clone()));
    let diagnostics = generate_within(&operations(many).to_string(), &Limits::default(), true).unwrap_err();
    let message = "the document has more than 400000 operations, parameters, responses and their parts in total";
    assert!(diagnostics.sorted().iter().any(|one| one.message == message && one.span.is_some()));
}

#[test]
fn many_inline_all_of_schemas_are_generated() {
    // The document has no components, and both parts of each `allOf` define the same properties.
    let part = |inner: &str| {
        let property = |number| (format!("m{number}"), object(inner));
        json!({"type": "object", "properties": (0..30).map(property).collect::<Map<_, _>>()})
    };
    let all = (0..20).map(|number| {
        let mut one = operation(&format!("get{number}"));
        let schema = json!({"allOf": [part("a"), part("b")]});
        one["responses"] = json!({"200": {"description": "It.", "content": {"application/json": {"schema": schema}}}});
        (format!("/p{number}"), one)
    });
    assert!(assert_handled(&operations(all)).is_ok());
}
