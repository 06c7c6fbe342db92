//! Each rule, on documents of a few lines: which codes are found, and on which texts.

use std::time::{Duration, Instant};

use crate::diagnostics::Diagnostics;
use crate::source::Sources;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// The code and the text underlined, for each finding of a document.
fn found(rest: &str) -> Vec<(&'static str, String)> {
    let text = format!("{HEAD}{rest}");
    let mut sources = Sources::new();
    sources.add("a.yaml", text.as_str());
    let found: Diagnostics = crate::lint(&sources, "a.yaml");
    let shown = |one: &&crate::diagnostics::Diagnostic| {
        one.span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default()
    };
    found.sorted().iter().map(|one| (one.code.as_str(), shown(one))).collect()
}

/// A document of one schema, which an operation uses.
fn schema(schema: &str) -> Vec<(&'static str, String)> {
    found(&format!(
        "paths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '200':\n          description: Fine.\n          \
         content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}\n\
         components:\n  schemas:\n    A: {schema}\n"
    ))
}

#[test]
fn what_is_well_stays_unmentioned() {
    assert_eq!(
        schema(
            "{type: object, properties: {id: {type: string, format: uuid, example: 0b7f4d2a-9c1e-4f3b-8a6d-2e5c7f901b34}}}"
        ),
        []
    );
}

#[test]
fn examples_are_held_against_their_schemas() {
    for (case, wrong) in [
        ("{type: object, required: [id], properties: {id: {type: string}}, example: {name: x}}", "{name: x}"),
        ("{type: object, properties: {id: {type: string}}, example: {id: 17}}", "17"),
        ("{type: object, additionalProperties: false, properties: {id: {type: string}}, example: {di: x}}", "di"),
        ("{type: array, items: {type: integer, maximum: 9}, example: [1, 12]}", "12"),
        ("{type: array, minItems: 2, items: {type: integer}, example: [1]}", "[1]"),
        ("{type: string, enum: [a, b], example: c}", "c"),
        ("{type: string, maxLength: 2, default: abc}", "abc"),
        ("{type: number, minimum: 0, exclusiveMinimum: true, example: 0}", "0"),
        ("{type: string, example: null}", "null"),
        ("{type: object, properties: {x: {anyOf: [{type: string}, {type: integer}], example: true}}}", "true"),
    ] {
        assert_eq!(schema(case), [("example", wrong.to_owned())], "{case}");
    }
    for case in [
        "{type: string, nullable: true, example: null}",
        "{type: object, required: [id], properties: {id: {type: string, readOnly: true}}, example: {}}",
        "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}, example: {a: {a: {}}}}",
    ] {
        assert_eq!(schema(case), [], "{case}");
    }
}

#[test]
fn all_that_is_wrong_with_an_example_is_told() {
    let example = |wrong: &[&str]| wrong.iter().map(|wrong| ("example", (*wrong).to_owned())).collect::<Vec<_>>();
    for (case, wrong) in [
        (
            "{type: object, required: [a, b], properties: {c: {type: object, properties: {d: {type: integer}}}}, \
             example: {b: 1, c: {d: x}, e: 2}}",
            &["{b: 1, c: {d: x}, e: 2}", "x"][..],
        ),
        ("{type: array, minItems: 3, items: {type: integer}, example: [1, x]}", &["[1, x]", "x"]),
        ("{type: array, uniqueItems: true, items: {type: integer, multipleOf: 2}, example: [2, 4, 2, 3]}", &["2", "3"]),
        ("{type: string, format: date, example: yesterday}", &["yesterday"]),
        ("{type: integer, format: int32, example: 2147483648}", &["2147483648"]),
        ("{type: string, pattern: '^a$', default: b}", &["b"]),
        ("{type: string, pattern: '^(?=b)a$', example: b}", &[]),
        ("{allOf: [{type: object, required: [a]}, {type: object, required: [a, b]}], example: {}}", &["{}", "{}"]),
        ("{oneOf: [{type: object, required: [a, b]}], example: {}}", &["{}", "{}"]),
        ("{oneOf: [{type: string, format: date}, {type: string, format: uuid}], example: x}", &["x"]),
    ] {
        let mut found = schema(case);
        found.retain(|(code, _)| *code == "example");
        assert_eq!(found, example(wrong), "{case}");
    }
}

#[test]
fn what_examples_cost_is_bounded() {
    let start = Instant::now();
    // What takes an engine that goes back a time that doubles with each letter.
    let text = "a".repeat(50_000);
    let examples: Vec<_> = (0..20).map(|number| format!("e{number}: {{value: {text}!}}")).collect();
    let patterns =
        "allOf: [{pattern: '^(a+)+$'}, {pattern: '^(a|a)*$'}, {pattern: '(a*)*(a*)*b'}, {pattern: '^a{0,9000}$'}]";
    let found = found(&format!(
        "paths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '200':\n          description: Fine.\n          \
         content: {{application/json: {{schema: {{type: string, {patterns}}}, examples: {{{}}}}}}}\n",
        examples.join(", ")
    ));
    assert!(!found.is_empty());
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn keywords_of_other_types() {
    for (case, wrong) in [
        ("{type: string, items: {type: string}, minimum: 1}", &["items", "minimum"][..]),
        ("{type: integer, maxLength: 3, pattern: '^a$', maximum: 1}", &["maxLength", "pattern"]),
        ("{type: array, items: {}, properties: {a: {}}, uniqueItems: true}", &["properties"]),
        ("{type: boolean, minLength: 1}", &["minLength"]),
        ("{minimum: 1, minLength: 1}", &[]),
    ] {
        let wrong: Vec<_> = wrong.iter().map(|wrong| ("keyword-type", (*wrong).to_owned())).collect();
        assert_eq!(schema(case), wrong, "{case}");
    }
}

#[test]
fn what_has_no_effect() {
    assert_eq!(schema("{nullable: true, minimum: 1}"), [("no-effect", "nullable".to_owned())]);
    assert_eq!(schema("{type: string, nullable: true}"), []);
    assert_eq!(schema("{nullable: false}"), []);
    let server = |url: &str| {
        let server = format!("{{url: '{url}', variables: {{stage: {{default: test}}}}}}");
        found(&format!("paths: {{}}\nservers: [{server}]\n"))
    };
    assert_eq!(server("https://a/{stage}"), []);
    assert_eq!(server("https://a/stage"), [("no-effect", "stage".to_owned())]);
    let parameter = |more: &str| {
        found(&format!(
            "paths:\n  /a:\n    get:\n      operationId: a\n      parameters: [{{name: a, in: query, {more}}}]\n      \
             responses: {{'204': {{description: Fine.}}}}\n"
        ))
    };
    assert_eq!(parameter("schema: {type: string}, style: form, explode: true"), []);
    let beside = [("no-effect", "style".to_owned()), ("no-effect", "explode".to_owned())];
    assert_eq!(parameter("style: form, explode: true, content: {application/json: {}}"), beside);
}

#[test]
fn bodies_of_methods_that_have_none() {
    for (method, count) in
        [("get", 1), ("head", 1), ("delete", 1), ("trace", 1), ("post", 0), ("patch", 0), ("options", 0)]
    {
        let found = found(&format!(
            "paths:\n  /a:\n    {method}:\n      operationId: a\n      requestBody: {{content: {{text/plain: {{}}}}}}\n      \
             responses: {{'204': {{description: Fine.}}}}\n"
        ));
        assert_eq!(found, vec![("request-body", "requestBody".to_owned()); count], "{method}");
    }
}

#[test]
fn patterns_that_are_none() {
    assert_eq!(schema("{type: string, pattern: '^('}"), [("pattern", "'^('".to_owned())]);
    assert_eq!(schema("{type: string, pattern: '^(?!a)'}"), []);
}

#[test]
fn unknown_formats() {
    assert_eq!(schema("{type: string, format: datetime}"), [("unknown-format", "datetime".to_owned())]);
}

#[test]
fn secrets_that_are_not_marked() {
    let with = |more: &str| schema(&format!("{{type: object, properties: {{apiKey: {{type: string{more}}}}}}}"));
    assert_eq!(with(""), [("unmarked-secret", "apiKey".to_owned())]);
    for marked in [", format: password", ", x-sensitive: true", ", x-sensitive: false", ", enum: [a]"] {
        assert_eq!(with(marked), [], "{marked}");
    }
}

#[test]
fn components_that_nothing_uses() {
    let document = "paths: {}\nsecurity: [{Used: []}]\ncomponents:\n  securitySchemes:\n    \
                    Used: {type: http, scheme: basic}\n    Idle: {type: http, scheme: bearer}\n  \
                    schemas:\n    B: {type: string}\n";
    let idle = [("unused-component", "Idle".to_owned()), ("unused-component", "B".to_owned())];
    assert_eq!(found(document), idle);
}

#[test]
fn heirs_of_a_used_schema_are_used() {
    let document = "{type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}\n    \
                    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n    \
                    C: {allOf: [{$ref: '#/components/schemas/Other'}]}\n    \
                    Other: {type: object, properties: {x: {type: string}}}";
    let unused = schema(document).into_iter().filter(|(code, _)| *code == "unused-component");
    assert_eq!(unused.map(|(_, name)| name).collect::<Vec<_>>(), ["C", "Other"]);
}

#[test]
fn paths_that_a_server_may_mix_up() {
    let operation = |id: &str, path: &str| {
        let parameters: Vec<_> = path
            .split('{')
            .skip(1)
            .filter_map(|piece| piece.split('}').next())
            .map(|name| format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}"))
            .collect();
        format!(
            "  {path}:\n    get:\n      operationId: {id}\n      parameters: [{}]\n      responses: {{'204': {{description: Fine.}}}}\n",
            parameters.join(", ")
        )
    };
    let two = |one: &str, two: &str| found(&format!("paths:\n{}{}", operation("one", one), operation("two", two)));
    let ambiguous = two("/{kind}/me", "/seats/{id}");
    assert_eq!(ambiguous, [("ambiguous-path", "/seats/{id}".to_owned())]);
    for (one, other) in
        [("/seats/me", "/seats/{id}"), ("/a/{x}/c", "/a/{x}/d"), ("/{x}.json", "/a.json"), ("/{x}/{y}", "/{x}")]
    {
        assert_eq!(two(one, other), [], "{one} {other}");
    }
}

#[test]
fn operations_without_an_id() {
    let document = "paths:\n  /a:\n    get:\n      responses: {'204': {description: Fine.}}\n";
    assert_eq!(found(document), [("operation-id", "get".to_owned())]);
}

#[test]
fn unions_that_need_trial_are_noted() {
    let union = |first: &str, second: &str| schema(&format!("{{oneOf: [{first}, {second}]}}"));
    let text = "{type: object, properties: {a: {type: string}}}";
    let more = "{type: object, properties: {a: {type: string}, b: {type: string}}}";
    assert_eq!(union(text, more), [("union-trial", "A".to_owned())]);
    let lists = ["{type: array, items: {type: string}}", "{type: array, items: {type: integer}}"];
    assert!(union(lists[0], lists[1]).contains(&("union-trial", "A".to_owned())));
}

#[test]
fn unions_told_apart_are_not_noted() {
    let object = |members: &str| format!("{{type: object, required: [a], properties: {{{members}}}}}");
    for (first, second) in [
        // By type, by a property that one has alone, by the property's value, by its type.
        (object("a: {type: string}"), "{type: string}".to_owned()),
        (object("a: {type: string}"), "{type: object, required: [b], properties: {b: {type: string}}}".to_owned()),
        (object("a: {type: string, enum: [x]}"), object("a: {type: string, enum: [y]}")),
        (object("a: {type: string}"), object("a: {type: integer}")),
        // Trials that cost nothing.
        ("{type: string, format: date}".to_owned(), "{type: string, format: date-time}".to_owned()),
    ] {
        assert_eq!(schema(&format!("{{oneOf: [{first}, {second}]}}")), [], "{first} {second}");
    }
}
