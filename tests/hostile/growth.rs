//! Documents that are well formed and ask for much: many things of a kind, and little that grows into much.

use clientwright::diagnostics::{Code, Severity};
use clientwright::source::Limits;
use serde_json::{Map, Value, json};

use crate::document::{errors, made, object, operation, operations, reference, schemas, survive};

fn many(count: usize, value: impl Fn(usize) -> Value) -> impl Iterator<Item = (String, Value)> {
    (0..count).map(move |number| (format!("S{number}"), value(number)))
}

fn members(count: usize, name: impl Fn(usize) -> String) -> Value {
    let members: Map<String, Value> = (0..count).map(|number| (name(number), json!({"type": "string"}))).collect();
    json!({"type": "object", "properties": members})
}

#[test]
fn many_schemas() {
    assert!(survive(&schemas(many(3000, |_| object("a")))).is_ok());
    assert!(
        survive(&schemas(many(
            3000,
            |number| json!({"type": "object", "properties": {"next": reference(&format!("S{}", (number + 1) % 3000))}})
        )))
        .is_ok()
    );
}

#[test]
fn many_values_of_an_enum() {
    let values: Vec<String> = (0..20_000).map(|number| format!("value {number}")).collect();
    assert!(survive(&schemas([("E".to_owned(), json!({"type": "string", "enum": values}))])).is_ok());
    let numbers: Vec<u32> = (0..20_000).collect();
    assert!(survive(&schemas([("E".to_owned(), json!({"type": "integer", "enum": numbers}))])).is_ok());
}

#[test]
fn many_members_and_parameters() {
    assert!(survive(&schemas([("O".to_owned(), members(3000, |number| format!("m{number}")))])).is_ok());
    let parameters: Vec<Value> = (0..1000)
        .map(|number| json!({"name": format!("p{number}"), "in": "query", "schema": {"type": "string"}}))
        .collect();
    let mut one = operation("one");
    one["parameters"] = parameters.into();
    assert!(survive(&operations([("/a".to_owned(), one)])).is_ok());
}

#[test]
fn many_names_that_are_one() {
    let dashes = |number: usize| format!("a{}", "-".repeat(number));
    let values: Vec<String> = (0..2000).map(dashes).collect();
    assert!(survive(&schemas([("E".to_owned(), json!({"type": "string", "enum": values}))])).is_ok());
    assert!(survive(&schemas([("O".to_owned(), members(1000, dashes))])).is_ok());
    assert!(survive(&schemas((0..1000).map(|number| (format!("S{}", "_".repeat(number)), object("a"))))).is_ok());
    let named = |number: usize| (format!("/a{number}"), operation(&dashes(number)));
    assert!(survive(&operations((0..500).map(named))).is_ok());
    let tagged = |number: usize| {
        let mut tagged = operation(&format!("op{number}"));
        tagged["tags"] = json!([dashes(number)]);
        (format!("/a{number}"), tagged)
    };
    assert!(survive(&operations((0..100).map(tagged))).is_ok());
}

#[test]
fn many_faults_in_one_line() {
    // Where each of them is, is counted from the last one, not from the beginning of the line.
    let document = schemas(many(30_000, |_| json!({"type": "strnig", "$rfe": 1})));
    assert!(survive(&document).is_err());
}

#[test]
fn many_parts_and_arms() {
    let parts = |count: usize| -> Vec<Value> { (0..count).map(|number| object(&format!("m{number}"))).collect() };
    assert!(survive(&schemas([("A".to_owned(), json!({"allOf": parts(5000)}))])).is_ok());
    assert!(survive(&schemas([("U".to_owned(), json!({"oneOf": parts(900)}))])).is_ok());
    let referred: Vec<Value> = (0..1000).map(|number| reference(&format!("S{number}"))).collect();
    let mapping: Map<String, Value> =
        (0..1000).map(|number| (format!("m{number}"), json!(format!("#/components/schemas/S{number}")))).collect();
    let union = json!({"oneOf": referred, "discriminator": {"propertyName": "k", "mapping": mapping}});
    let arm = |_| json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}});
    assert!(survive(&schemas(many(1000, arm).chain([("U".to_owned(), union)]))).is_ok());
    let mapping: Map<String, Value> = (0..10_000).map(|number| (format!("m{number}"), json!("S0"))).collect();
    let union = json!({"oneOf": [reference("S0"), reference("S1")], "discriminator": {"propertyName": "k", "mapping": mapping}});
    assert!(survive(&schemas(many(2, arm).chain([("U".to_owned(), union)]))).is_ok());
}

/// `S0`, and each other one made of the one before.
fn tower(levels: usize, first: Value, level: impl Fn(Value, usize) -> Value) -> Value {
    schemas(many(levels, |number| match number.checked_sub(1) {
        None => first.clone(),
        Some(below) => level(reference(&format!("S{below}")), number),
    }))
}

#[test]
fn what_is_twice_all_of_the_one_before() {
    let twice = |below: Value, _| json!({"allOf": [below.clone(), below]});
    // 2^39 parts that are all one.
    let strict = survive(&tower(40, object("a"), twice));
    assert!(errors(&strict).iter().all(|code| *code == Code::Limit));
    assert!(survive(&tower(12, object("a"), twice)).is_ok());
}

#[test]
fn what_is_twice_one_of_the_one_before() {
    let strings = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    for key in ["oneOf", "anyOf"] {
        let twice = |below: Value, _| json!({key: [below.clone(), below]});
        let strict = survive(&tower(40, strings.clone(), twice));
        assert_eq!(errors(&strict), [Code::Limit]);
        assert!(survive(&tower(12, strings.clone(), twice)).is_ok());
    }
    // A `null` is looked for in each arm of each arm.
    let ten = |below: Value, _| json!({"allOf": [{"oneOf": vec![below; 10]}]});
    assert_eq!(errors(&survive(&tower(12, strings, ten))), [Code::Limit]);
}

#[test]
fn what_has_a_member_more_than_the_one_before() {
    let more = |below: Value, number: usize| json!({"allOf": [below, object(&format!("m{number}"))]});
    assert!(survive(&tower(60, object("m0"), more)).is_ok());
    // Half of the square of their number.
    let text = tower(120, object("m0"), more).to_string();
    let made = made(&text, &Limits { members: 5000, ..Limits::default() }, false);
    let Err(found) = &made else { panic!("{made:?}") };
    let found = found.sorted()[0];
    assert_eq!(
        (found.code, found.message.as_str()),
        (Code::Limit, "the schemas have more than 5000 properties, enum values and alternatives together")
    );
    assert!(found.help.as_ref().unwrap().starts_with("`--max-members`"), "{found:?}");
}

#[test]
fn ways_that_lead_further_than_a_stack() {
    let levels = 30_000;
    let alone = |below: Value, _| below;
    let part = |below: Value, _| json!({"allOf": [below, {"type": "object"}]});
    let only = |below: Value, _| json!({"oneOf": [below]});
    let list = |below: Value, _| json!({"type": "array", "items": below});
    let map = |below: Value, _| json!({"type": "object", "additionalProperties": below});
    let levels_of: [&dyn Fn(Value, usize) -> Value; 5] = [&alone, &part, &only, &list, &map];
    for level in levels_of {
        let made = survive(&tower(levels, json!({"type": "object"}), level));
        assert_eq!(errors(&made), [Code::Limit]);
        assert!(survive(&tower(40, json!({"type": "object"}), level)).is_ok());
        // From the top: the first schema leads through all others.
        let mut document = tower(levels, json!({"type": "object"}), level);
        let down: Map<String, Value> =
            document["components"]["schemas"].as_object().unwrap().clone().into_iter().rev().collect();
        document["components"]["schemas"] = down.into();
        assert_eq!(errors(&survive(&document)), [Code::Limit]);
    }
    let arm = |below: Value, _| json!({"oneOf": [below, {"type": "boolean"}]});
    assert_eq!(errors(&survive(&tower(levels, json!({"type": "object"}), arm))), [Code::Limit]);
    let member = |below: Value, _| json!({"type": "object", "properties": {"m": below}});
    assert!(survive(&tower(2000, json!({"type": "object"}), member)).is_ok());
}

#[test]
fn ways_of_other_references() {
    for (section, target, user) in [
        ("parameters", json!({"name": "p", "in": "query", "schema": {"type": "string"}}), "parameters"),
        ("responses", json!({"description": "d"}), "responses"),
        ("requestBodies", json!({"content": {"text/plain": {"schema": {"type": "string"}}}}), "requestBody"),
    ] {
        for (steps, expected) in [(40, &[][..]), (100, &[Code::Limit]), (30_000, &[Code::Limit])] {
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
            assert_eq!(errors(&survive(&document)), expected, "{section}, {steps}");
        }
    }
}

#[test]
fn inline_types_within_inline_types() {
    // A tree of two branches at each level, and a way of sixty.
    fn tree(levels: usize) -> Value {
        match levels.checked_sub(1) {
            None => json!({"type": "string", "enum": ["a"]}),
            Some(below) => json!({"type": "object", "properties": {"l": tree(below), "r": tree(below)}}),
        }
    }
    assert!(survive(&schemas([("T".to_owned(), tree(10))])).is_ok());
}

#[test]
fn long_lists_of_what_is_not_there() {
    let requires = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("r{number}")).collect();
        let mut schema = object("a");
        schema["required"] = json!(names);
        schemas([("O".to_owned(), schema)])
    };
    assert!(survive(&requires(4_000)).is_ok());
    assert_eq!(errors(&survive(&requires(30_000))), [Code::Limit]);
}

#[test]
fn type_or_operation_of_too_many_parts_is_refused_at_its_place() {
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
    let merged =
        json!({"allOf": [members(2600, |number| format!("a{number}")), members(2600, |number| format!("b{number}"))]});
    for (document, message) in [
        (schema(members(5001, |number| format!("m{number}"))), "an object has more than 5000 properties"),
        (schema(merged), "an object has more than 5000 properties"),
        (schema(texts(25_001)), "an enum has more than 25000 values"),
        (schema(numbers(25_001)), "an enum has more than 25000 values"),
        (schema(variants(10_001)), "a union has more than 10000 variants"),
        (parameters(2001), "an operation has more than 2000 parameters"),
    ] {
        let found = made(&document.to_string(), &Limits::default(), false).unwrap_err();
        let first = found.sorted().into_iter().find(|one| one.severity == Severity::Error).unwrap();
        assert!(first.code == Code::Limit && first.message == message && first.span.is_some(), "{first:?}");
    }
}

#[test]
fn document_of_too_many_properties_or_operations_is_refused_before_anything_is_made_of_it() {
    let object = || members(1000, |number| format!("m{number}"));
    let found = made(&schemas(many(400, |_| object())).to_string(), &Limits::default(), false).unwrap_err();
    let [only] = found.sorted().try_into().unwrap();
    let message = "the schemas have more than 400000 properties, enum values and alternatives together";
    assert!(only.message == message && only.span.is_some(), "{only:?}");
    let many = (0..50_001).map(|number| (format!("/p{number}"), operation(&format!("o{number}"))));
    let found = made(&operations(many).to_string(), &Limits::default(), false).unwrap_err();
    let [only] = found.sorted().try_into().unwrap();
    assert!(only.message == "the document has more than 50000 operations" && only.span.is_some(), "{only:?}");
    let parameter = |number| json!({"name": format!("p{number}"), "in": "query"});
    let mut large = operation("large");
    large["parameters"] = (0..1000).map(parameter).collect();
    let many = (0..400).map(|number| (format!("/p{number}"), large.clone()));
    let found = made(&operations(many).to_string(), &Limits::default(), true).unwrap_err();
    let message = "the document has more than 400000 operations, parameters, responses and their parts together";
    assert!(found.sorted().iter().any(|one| one.message == message && one.span.is_some()));
}

#[test]
fn many_inline_schemas_of_several() {
    // Without components, and with members that both parts describe.
    let part = |inner: &str| {
        let member = |number| (format!("m{number}"), object(inner));
        json!({"type": "object", "properties": (0..30).map(member).collect::<Map<_, _>>()})
    };
    let all = (0..60).map(|number| {
        let mut one = operation(&format!("get{number}"));
        let schema = json!({"allOf": [part("a"), part("b")]});
        one["responses"] = json!({"200": {"description": "It.", "content": {"application/json": {"schema": schema}}}});
        (format!("/p{number}"), one)
    });
    assert!(survive(&operations(all)).is_ok());
}
