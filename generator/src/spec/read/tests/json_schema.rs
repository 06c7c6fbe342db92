use super::*;
use crate::spec::{Additional, AssertionKind, Keyword, Keywords, SchemaType, TypeSet};

/// Asserts that reading a schema of 3.1 has the same result as reading a schema of 3.0.
#[track_caller]
fn reads_like(of_3_1: &str, of_3_0: &str) {
    let others = "B: {type: object}";
    let new = with_schemas("3.1.0", &format!("{others}, A: {of_3_1}"));
    let old = with_schemas("3.0.3", &format!("{others}, A: {of_3_0}"));
    let (new, old) = (definition(&new, "A"), definition(&old, "A"));
    // Locations and keywords differ between the versions, so they are not compared.
    let plain = |schema: &Schema| Schema { types_span: None, keywords: Keywords::default(), ..schema.clone() };
    assert_same(&plain(new), &plain(old));
}

fn json(version: &str, schema: &str) -> (Spec, crate::spec::SchemaId) {
    let spec = with_schemas(version, &format!("A: {schema}, B: {{type: object}}"));
    let id = definition(&spec, "A").id;
    (spec, id)
}

fn types(list: &[SchemaType]) -> TypeSet {
    list.iter().copied().collect()
}

#[test]
fn type_list_with_null_is_nullable() {
    reads_like("{type: [string, 'null']}", "{type: string, nullable: true}");
    reads_like("{type: ['null', integer], format: int64}", "{type: integer, format: int64, nullable: true}");
    let (spec, id) = json("3.1.0", "{type: [string, integer]}");
    assert_eq!(spec.schemas[id].types, types(&[SchemaType::Integer, SchemaType::String]));
    assert!(!spec.schemas[id].nullable);
}

#[test]
fn union_with_null_is_nullable() {
    let text = "{type: string, format: uuid, nullable: true}";
    reads_like("{anyOf: [{type: string, format: uuid}, {type: 'null'}]}", text);
    reads_like("{oneOf: [{type: ['null']}, {type: string, format: uuid}]}", text);
    reads_like("{oneOf: [{const: null}, {type: string, format: uuid}], default: null}", text);
    reads_like("{oneOf: [{enum: [null]}, {type: string, format: uuid}]}", text);
    reads_like(
        "{title: Own, anyOf: [{type: string, title: Inner, description: D, maxLength: 3}, {type: 'null'}]}",
        "{type: string, title: Own, description: D, nullable: true, maxLength: 3}",
    );
}

#[test]
fn union_of_reference_and_null_is_nullable_reference() {
    let reference = "{$ref: '#/components/schemas/B'}";
    reads_like(
        &format!("{{anyOf: [{reference}, {{type: 'null'}}]}}"),
        &format!("{{allOf: [{reference}], nullable: true}}"),
    );
    reads_like(
        &format!("{{description: Own, oneOf: [{{type: 'null'}}, {reference}]}}"),
        &format!("{{description: Own, allOf: [{reference}], nullable: true}}"),
    );
}

#[test]
fn larger_union_loses_null() {
    let variants = "{type: string}, {type: integer}";
    reads_like(
        &format!("{{anyOf: [{variants}, {{type: 'null'}}]}}"),
        &format!("{{anyOf: [{variants}], nullable: true}}"),
    );
    // The type excludes `null`.
    reads_like(
        &format!("{{type: string, anyOf: [{variants}, {{type: 'null'}}]}}"),
        &format!("{{type: string, anyOf: [{variants}]}}"),
    );
    // The union is not the only restriction.
    reads_like(
        "{maxLength: 3, anyOf: [{type: string}, {type: 'null'}]}",
        "{maxLength: 3, anyOf: [{type: string}], nullable: true}",
    );
}

#[test]
fn nullable_is_honoured_with_location() {
    let (spec, id) = json("3.1.0", "{type: string, nullable: true}");
    let schema = &spec.schemas[id];
    assert!(schema.nullable && schema.keywords.key(Keyword::Nullable).is_some());
    assert_eq!(schema.types, types(&[SchemaType::Null, SchemaType::String]));
}

#[test]
fn const_is_value_with_type() {
    for (value, ty) in [
        ("a", SchemaType::String),
        ("1", SchemaType::Integer),
        ("1.5", SchemaType::Number),
        ("true", SchemaType::Boolean),
        ("[]", SchemaType::Array),
    ] {
        let (spec, id) = json("3.1.0", &format!("{{const: {value}}}"));
        let schema = &spec.schemas[id];
        assert_eq!(schema.types, types(&[ty]), "{value}");
        assert!(schema.values.as_ref().unwrap().is_const && schema.values().len() == 1);
    }
    let (spec, id) = json("3.1.0", "{type: number, const: 1}");
    assert_eq!(spec.schemas[id].types, types(&[SchemaType::Number]));
    let (spec, id) = json("3.1.0", "{const: 9007199254740993}");
    assert_eq!(spec.schemas[id].values()[0].to_json_text(), "9007199254740993");
}

#[test]
fn reference_keeps_annotations() {
    let reference = "$ref: '#/components/schemas/B'";
    reads_like(&format!("{{{reference}}}"), &format!("{{{reference}}}"));
    reads_like(&format!("{{{reference}, x-rust-name: c}}"), &format!("{{{reference}, x-rust-name: c}}"));
    reads_like(
        &format!("{{{reference}, description: Own, deprecated: true, default: {{}}}}"),
        &format!("{{allOf: [{{{reference}}}], description: Own, deprecated: true, default: {{}}}}"),
    );
    // `type` repeats the type of the target.
    reads_like(&format!("{{{reference}, type: object}}"), &format!("{{{reference}}}"));
}

#[test]
fn reference_with_assertions_becomes_first_all_of_part() {
    let reference = "$ref: '#/components/schemas/B'";
    let (spec, id) = json("3.1.0", &format!("{{{reference}, required: [a], allOf: [{{type: string}}]}}"));
    let schema = &spec.schemas[id];
    assert_eq!((schema.reference, schema.required[0].value.as_str()), (None, "a"));
    let [first, second] = schema.all_of.as_slice() else { panic!("{:?}", schema.all_of) };
    assert_eq!(target(&spec, &spec.schemas[*first]), "B");
    assert_eq!(spec.schemas[*second].ty(), Some(SchemaType::String));
    let (spec, id) = json("3.1.0", &format!("{{{reference}, type: [object, 'null']}}"));
    let schema = &spec.schemas[id];
    assert_eq!(schema.types, types(&[SchemaType::Null, SchemaType::Object]));
    assert_eq!(target(&spec, &spec.schemas[schema.all_of[0]]), "B");
}

#[test]
fn reference_to_reference_with_siblings_resolves_to_it() {
    let spec = with_schemas(
        "3.1.0",
        "A: {properties: {x: {$ref: '#/components/schemas/C/properties/y'}}}, \
         B: {properties: {z: {type: string}}}, \
         C: {properties: {y: {$ref: '#/components/schemas/B', description: D}}}",
    );
    let x = property(&spec, "A", "x");
    let y = definition(&spec, target(&spec, x));
    assert_eq!(y.description.as_deref(), Some("D"));
    assert_eq!(target(&spec, &spec.schemas[y.all_of[0]]), "B");
}

#[test]
fn boolean_schemas_are_any_and_never() {
    let spec = with_schemas(
        "3.1.0",
        "A: {properties: {any: true, none: false, never: {not: {}}}}, B: {oneOf: [{type: string}, false]}",
    );
    let any = property(&spec, "A", "any");
    assert_eq!(*any, Schema::any(any.id, any.span));
    assert!(property(&spec, "A", "none").never && property(&spec, "A", "never").never);
    assert_eq!(definition(&spec, "B").one_of.len(), 1);
    assert!(definition(&with_schemas("3.1.0", "A: {anyOf: [false]}"), "A").never);
}

#[test]
fn exclusive_limit_is_number() {
    reads_like("{type: number, exclusiveMinimum: 0}", "{type: number, minimum: 0, exclusiveMinimum: true}");
    reads_like(
        "{type: number, minimum: 1, exclusiveMinimum: 1, maximum: 10, exclusiveMaximum: 20}",
        "{type: number, minimum: 1, exclusiveMinimum: true, maximum: 10}",
    );
    reads_like(
        "{type: number, minimum: 9007199254740993, exclusiveMinimum: 9007199254740992}",
        "{type: number, minimum: 9007199254740993}",
    );
}

#[test]
fn examples_follow_example() {
    let (spec, id) = json("3.1.0", "{type: integer, examples: [1, 2], example: 0}");
    let examples: Vec<String> = spec.schemas[id].examples.iter().map(|value| value.to_json_text()).collect();
    assert_eq!(examples, ["0", "1", "2"]);
}

#[test]
fn tuple_has_prefix_and_rest() {
    let (spec, id) = json("3.1.0", "{type: array, prefixItems: [{type: string}, {type: integer}], items: false}");
    let schema = &spec.schemas[id];
    let prefix: Vec<TypeSet> =
        schema.tuple.as_ref().unwrap().prefix.iter().map(|schema| spec.schemas[*schema].types).collect();
    assert_eq!(prefix, [types(&[SchemaType::String]), types(&[SchemaType::Integer])]);
    assert!(spec.schemas[schema.items.unwrap()].never);
    let (spec, id) = json("3.1.0", "{type: array, items: [{type: string}], additionalItems: {type: integer}}");
    let schema = &spec.schemas[id];
    assert_eq!(schema.tuple.as_ref().unwrap().prefix.len(), 1);
    assert_eq!(spec.schemas[schema.items.unwrap()].types, types(&[SchemaType::Integer]));
}

#[test]
fn rules_of_objects_are_read() {
    let (spec, id) = json(
        "3.1.0",
        "{type: object, patternProperties: {'^x': {type: string}}, propertyNames: {enum: [a]}, \
         unevaluatedProperties: {not: {}}, additionalProperties: {type: integer}}",
    );
    let schema = &spec.schemas[id];
    let rules = schema.object.as_ref().unwrap();
    assert_eq!(rules.patterns[0].0.value, "^x");
    assert_eq!(spec.schemas[rules.patterns[0].1].types, types(&[SchemaType::String]));
    assert_eq!(spec.schemas[rules.names.unwrap()].values().len(), 1);
    assert_eq!(rules.unevaluated, Some(Additional::Forbidden));
    assert!(matches!(schema.additional, Some(Additional::Schema(_))));
}

#[test]
fn encoded_content_is_read() {
    let (spec, id) = json(
        "3.1.0",
        "{type: string, contentEncoding: base64, contentMediaType: application/json, contentSchema: {type: integer}}",
    );
    let content = spec.schemas[id].content.as_ref().unwrap();
    assert_eq!(content.encoding.as_ref().unwrap().value, "base64");
    assert_eq!(content.media_type.as_ref().unwrap().value, "application/json");
    assert_eq!(spec.schemas[content.schema.unwrap()].types, types(&[SchemaType::Integer]));
}

#[test]
fn other_assertions_are_kept() {
    let (spec, id) = json(
        "3.1.0",
        "{if: {type: string}, then: {minLength: 1}, else: true, contains: {type: integer}, minContains: 1, \
         maxContains: 2, dependentRequired: {a: [b]}, dependentSchemas: {c: {required: [d]}}, not: {type: 'null'}}",
    );
    let kinds: Vec<(AssertionKind, usize)> =
        spec.schemas[id].assertions.iter().map(|assertion| (assertion.kind, assertion.schemas.len())).collect();
    assert_eq!(
        kinds,
        [
            (AssertionKind::If, 1),
            (AssertionKind::Then, 1),
            (AssertionKind::Else, 1),
            (AssertionKind::Contains, 1),
            (AssertionKind::MinContains, 0),
            (AssertionKind::MaxContains, 0),
            (AssertionKind::DependentRequired, 0),
            (AssertionKind::DependentSchemas, 1),
            (AssertionKind::Not, 1),
        ]
    );
    assert_eq!(spec.schemas[id].assertions[6].json, r#"{"a":["b"]}"#);
}

#[test]
fn definitions_and_anchors_resolve() {
    let spec = with_schemas(
        "3.1.0",
        "A: {properties: {x: {$ref: '#/components/schemas/A/$defs/X'}, y: {$ref: '#why'}}, \
         $defs: {X: {properties: {z: {type: string}}}, Y: {$anchor: why, properties: {z: {type: integer}}}}}",
    );
    assert_eq!(target(&spec, property(&spec, "A", "x")), "X");
    assert_eq!(target(&spec, property(&spec, "A", "y")), "Y");
}

#[test]
fn discriminator_default_mapping_resolves_to_definition() {
    let spec = with_schemas(
        "3.2.0",
        "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, defaultMapping: B}}, \
         B: {type: object}",
    );
    let discriminator = definition(&spec, "A").discriminator.as_ref().unwrap();
    assert_eq!(discriminator.default, Some(definition(&spec, "B").id));
}
