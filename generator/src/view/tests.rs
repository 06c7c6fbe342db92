//! Tests of generated documentation and examples, which need only small documents.

use crate::config::{ApiConfig, Config, Layout, Package, Runtime};
use crate::source::Sources;

/// Returns a file of the crate that is generated from a document, without `///`, `//!` and indentation. `rest` is the
/// document after its `info`.
fn file(path: &str, rest: &str) -> String {
    let mut sources = Sources::new();
    sources.add("pets.yaml", format!("openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\n{rest}"));
    let text = |text: &str| text.to_owned();
    let config = Config {
        package: Package::new("pets"),
        apis: vec![ApiConfig::new("pets", "pets.yaml")],
        layout: Layout::Root,
        module: Vec::new(),
        is_earlier_version: false,
        lenient: false,
        unused_schemas: true,
        features: Default::default(),
        dependencies: Vec::new(),
        runtime: Runtime::Path(text("../runtime")),
    };
    let files = crate::generate(&sources, &config).unwrap();
    let lines = files.get(path).unwrap().lines().map(|line| line.trim().trim_start_matches(['/', '!']).trim());
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the example of an operation whose request body has a schema, given in YAML with the other schemas.
fn example(schema: &str, others: &str) -> String {
    let body = format!("{{required: true, content: {{application/json: {{schema: {schema}}}}}}}");
    let operation = format!("{{operationId: add, requestBody: {body}, responses: {{'204': {{description: x}}}}}}");
    let text = file(
        "src/operations/operations.rs",
        &format!("paths: {{/pets: {{post: {operation}}}}}\ncomponents: {{schemas: {{{others}}}}}"),
    );
    text.split("```").nth(1).unwrap().replace('\n', " ")
}

#[test]
fn negative_number_is_converted_with_its_sign() {
    for (schema, value) in
        [("{type: number, format: decimal}", "(-5i64).into()"), ("{type: string, format: int64}", "(-5_i64).into()")]
    {
        let map = format!("{{type: object, additionalProperties: {schema}}}");
        let example = example(&format!("{{type: array, items: {map}, example: [{{a: -5}}]}}"), "");
        assert!(example.contains(value), "{example}");
    }
}

#[test]
fn variant_without_example_leaves_no_imports() {
    let others = "First: {type: object, required: [day, pair], properties: {day: {type: string, format: date}, \
                  pair: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}}}, \
                  Second: {type: object, required: [name], properties: {name: {type: string}}}";
    let union = "{oneOf: [{$ref: '#/components/schemas/First'}, {$ref: '#/components/schemas/Second'}]}";
    let example = example(union, others);
    assert!(example.contains("Second::new(\"name\")"), "{example}");
    assert!(!example.contains("Date"), "{example}");
}

#[test]
fn example_uses_examples_of_referenced_schemas() {
    let others = "Pet: {type: object, required: [name, kind, tag], properties: {name: {type: string}, \
                  kind: {$ref: '#/components/schemas/Kind'}, tag: {$ref: '#/components/schemas/Tag'}}, \
                  example: {name: Rex}}, \
                  Kind: {type: string, enum: [cat, dog], default: dog}, Tag: {type: string, example: indoor}";
    let example = example("{$ref: '#/components/schemas/Pet'}", others);
    assert!(example.contains("Pet::new(\"Rex\", models::Kind::Dog, \"indoor\")"), "{example}");
}

#[test]
fn docs_name_only_values_that_new_sets() {
    let operation = |id: &str, schema: &str, is_request: bool| {
        let content = format!("content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}");
        let body = if is_request { format!("requestBody: {{{content}}}, ") } else { String::new() };
        let response = if is_request { String::new() } else { format!(", {content}") };
        format!("{{operationId: {id}, {body}responses: {{'200': {{description: x{response}}}}}}}")
    };
    let schema = |name: &str, ty: &str| {
        format!(
            "{name}: {{type: object, required: [a], properties: {{a: {{type: {ty}, writeOnly: true, enum: [x]}}}}}}"
        )
    };
    let paths = format!(
        "{{post: {}, get: {}, put: {}}}",
        operation("a", "Sent", true),
        operation("b", "Received", false),
        operation("c", "Maybe", true)
    );
    let schemas =
        [schema("Sent", "string"), schema("Received", "string"), schema("Maybe", "[string, 'null']")].join(", ");
    let text = file("src/models.rs", &format!("paths: {{/a: {paths}}}\ncomponents: {{schemas: {{{schemas}}}}}"));
    let docs = |name: &str| text.split(&format!("pub struct {name} {{")).nth(1).unwrap().split('}').next().unwrap();
    assert!(docs("Sent").contains("[`new`](Self::new) sets it to `x`"), "{text}");
    assert!(!docs("Received").contains("Self::new"), "{text}");
    assert!(!docs("Maybe").contains("Self::new"), "{text}");
}

#[test]
fn vertical_bar_in_table_is_escaped() {
    let text = file(
        "src/lib.rs",
        "servers: [{url: 'https://{a|b}.example', variables: {a|b: {default: x}}}]\n\
         paths: {/a: {get: {operationId: a, responses: {'204': {description: x}}}}}\n\
         components: {securitySchemes: {Key: {type: apiKey, in: header, name: X-A|B}}}",
    );
    assert!(text.contains(r"the server variable `a\|b` |"), "{text}");
    assert!(text.contains(r"API key in the header `X-A\|B` |"), "{text}");
}

#[test]
fn links_to_types_named_like_derives_are_unambiguous() {
    let names = ["a", "b", "c", "d"];
    let parameter = |name| format!("{{name: {name}, in: query, required: true, schema: {{type: string}}}}");
    let operation = format!(
        "{{operationId: hash, parameters: [{}], responses: {{'204': {{description: x}}}}}}",
        names.map(parameter).join(", ")
    );
    let properties = names.map(|name| format!("{name}: {{type: string}}")).join(", ");
    let schema = format!("{{type: object, required: [a, b, c, d], properties: {{{properties}}}}}");
    let document = format!("paths: {{/a: {{get: {operation}}}}}\ncomponents: {{schemas: {{Default: {schema}}}}}");
    let operations = file("src/operations/operations.rs", &document);
    assert!(operations.contains("The required parameters of [`Hash`](struct@Hash)."), "{operations}");
    let models = file("src/models.rs", &document);
    assert!(models.contains("The required fields of [`Default`](struct@Default), for [`Default::new`]."), "{models}");
}

#[test]
fn required_deprecated_values_are_marked() {
    let parameters = ["a", "b", "c", "d"].map(|name| {
        format!("{{name: {name}, in: query, required: true, deprecated: {}, schema: {{type: string}}}}", name == "d")
    });
    let form = "{schema: {type: object, required: [e], properties: {e: {type: string, deprecated: true}}}}";
    let body = format!("{{content: {{multipart/form-data: {form}, text/plain: {{schema: {{type: string}}}}}}}}");
    let operation = format!(
        "{{operationId: add, parameters: [{}], requestBody: {body}, responses: {{'204': {{description: x}}}}}}",
        parameters.join(", ")
    );
    let text = file("src/operations/operations.rs", &format!("paths: {{/a: {{post: {operation}}}}}"));
    assert!(text.contains("Deprecated.\n\nQuery parameter `d`."), "{text}");
    assert!(text.contains("* `e`: Deprecated."), "{text}");
    assert_eq!(text.matches("Deprecated.").count(), 2, "{text}");
}

#[test]
fn part_of_long_module_names_its_tag_and_path() {
    let operation = |index: usize| {
        let group = if index.is_multiple_of(2) { "even" } else { "odd" };
        format!(
            "  /{group}/{index}: {{get: {{operationId: get{index}, tags: [Numbers], responses: {{'204': {{description: x}}}}}}}}\n"
        )
    };
    let paths: String = (0..120).map(operation).collect();
    let text = file("src/operations/numbers/even.rs", &format!("paths:\n{paths}"));
    assert!(text.contains("The operations tagged `Numbers`: the part `even`."), "{text}");
}
