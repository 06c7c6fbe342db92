//! Tests each rule with short documents: compares the reported codes and the underlined source text.

use crate::config::ApiConfig;
use crate::diagnostics::Diagnostics;
use crate::source::Sources;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// Lints a document. Returns the code of each diagnostic and the source text that the diagnostic underlines.
fn lint(rest: &str) -> Vec<(&'static str, String)> {
    lint_document(&format!("{HEAD}{rest}"))
}

/// Lints a document of any version.
fn lint_document(text: &str) -> Vec<(&'static str, String)> {
    let mut sources = Sources::new();
    sources.add("a.yaml", text);
    let diagnostics: Diagnostics = crate::lint(&sources, &ApiConfig::new("a", "a.yaml"));
    let shown = |one: &&crate::diagnostics::Diagnostic| {
        one.span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default()
    };
    diagnostics.sorted().iter().map(|one| (one.code.as_str(), shown(one))).collect()
}

/// Lints a document that has one schema, used by an operation.
fn schema(schema: &str) -> Vec<(&'static str, String)> {
    lint(&format!(
        "paths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '200':\n          description: Fine.\n          \
         content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}\n\
         components:\n  schemas:\n    A: {schema}\n"
    ))
}

#[test]
fn valid_document_has_no_diagnostics() {
    assert_eq!(
        schema(
            "{type: object, properties: {id: {type: string, format: uuid, example: 0b7f4d2a-9c1e-4f3b-8a6d-2e5c7f901b34}}}"
        ),
        []
    );
}

#[test]
fn examples_are_checked_against_schemas() {
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
fn example_reports_all_mismatches() {
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
        let mut diagnostics = schema(case);
        diagnostics.retain(|(code, _)| *code == "example");
        assert_eq!(diagnostics, example(wrong), "{case}");
    }
}

#[test]
fn hostile_pattern_does_not_stall_lint() {
    // These patterns take exponential time in a backtracking engine.
    let text = "a".repeat(10_000);
    let examples: Vec<_> = (0..20).map(|number| format!("e{number}: {{value: {text}!}}")).collect();
    let patterns =
        "allOf: [{pattern: '^(a+)+$'}, {pattern: '^(a|a)*$'}, {pattern: '(a*)*(a*)*b'}, {pattern: '^a{0,9000}$'}]";
    let diagnostics = lint(&format!(
        "paths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '200':\n          description: Fine.\n          \
         content: {{application/json: {{schema: {{type: string, {patterns}}}, examples: {{{}}}}}}}\n",
        examples.join(", ")
    ));
    assert!(!diagnostics.is_empty());
}

#[test]
fn keyword_of_other_type_is_reported() {
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
fn keyword_without_effect_is_reported() {
    assert_eq!(schema("{nullable: true, minimum: 1}"), [("no-effect", "nullable".to_owned())]);
    assert_eq!(schema("{type: string, nullable: true}"), []);
    assert_eq!(schema("{nullable: false}"), []);
    let server = |url: &str| {
        let server = format!("{{url: '{url}', variables: {{stage: {{default: test}}}}}}");
        lint(&format!("paths: {{}}\nservers: [{server}]\n"))
    };
    assert_eq!(server("https://a/{stage}"), []);
    assert_eq!(server("https://a/stage"), [("no-effect", "stage".to_owned())]);
    let parameter = |more: &str| {
        lint(&format!(
            "paths:\n  /a:\n    get:\n      operationId: a\n      parameters: [{{name: a, in: query, {more}}}]\n      \
             responses: {{'204': {{description: Fine.}}}}\n"
        ))
    };
    assert_eq!(parameter("schema: {type: string}, style: form, explode: true"), []);
    let beside = [("no-effect", "style".to_owned()), ("no-effect", "explode".to_owned())];
    assert_eq!(parameter("style: form, explode: true, content: {application/json: {}}"), beside);
}

#[test]
fn request_body_depends_on_method() {
    for (method, count) in
        [("get", 1), ("head", 1), ("delete", 1), ("trace", 1), ("post", 0), ("patch", 0), ("options", 0)]
    {
        let diagnostics = lint(&format!(
            "paths:\n  /a:\n    {method}:\n      operationId: a\n      requestBody: {{content: {{text/plain: {{}}}}}}\n      \
             responses: {{'204': {{description: Fine.}}}}\n"
        ));
        assert_eq!(diagnostics, vec![("request-body", "requestBody".to_owned()); count], "{method}");
    }
}

#[test]
fn invalid_pattern_is_reported() {
    assert_eq!(schema("{type: string, pattern: '^('}"), [("pattern", "'^('".to_owned())]);
    assert_eq!(schema("{type: string, pattern: '^(?!a)'}"), []);
}

#[test]
fn unknown_format_is_reported() {
    assert_eq!(schema("{type: string, format: datetime}"), [("unknown-format", "datetime".to_owned())]);
}

#[test]
fn unmarked_secret_is_reported() {
    let with = |more: &str| schema(&format!("{{type: object, properties: {{apiKey: {{type: string{more}}}}}}}"));
    assert_eq!(with(""), [("unmarked-secret", "apiKey".to_owned())]);
    for marked in [", format: password", ", x-sensitive: true", ", x-sensitive: false", ", enum: [a]"] {
        assert_eq!(with(marked), [], "{marked}");
    }
}

#[test]
fn unused_component_is_reported() {
    let document = "paths: {}\nsecurity: [{Used: []}]\ncomponents:\n  securitySchemes:\n    \
                    Used: {type: http, scheme: basic}\n    Idle: {type: http, scheme: bearer}\n  \
                    schemas:\n    B: {type: string}\n";
    let idle = [("unused-component", "Idle".to_owned()), ("unused-component", "B".to_owned())];
    assert_eq!(lint(document), idle);
}

#[test]
fn subtypes_of_used_schema_are_used() {
    let document = "{type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}\n    \
                    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n    \
                    C: {allOf: [{$ref: '#/components/schemas/Other'}]}\n    \
                    Other: {type: object, properties: {x: {type: string}}}";
    let unused = schema(document).into_iter().filter(|(code, _)| *code == "unused-component");
    assert_eq!(unused.map(|(_, name)| name).collect::<Vec<_>>(), ["C", "Other"]);
}

#[test]
fn ambiguous_paths_are_reported() {
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
    let two = |one: &str, two: &str| lint(&format!("paths:\n{}{}", operation("one", one), operation("two", two)));
    let ambiguous = two("/{kind}/me", "/seats/{id}");
    assert_eq!(ambiguous, [("ambiguous-path", "/seats/{id}".to_owned())]);
    for (one, other) in
        [("/seats/me", "/seats/{id}"), ("/a/{x}/c", "/a/{x}/d"), ("/{x}.json", "/a.json"), ("/{x}/{y}", "/{x}")]
    {
        assert_eq!(two(one, other), [], "{one} {other}");
    }
}

#[test]
fn missing_operation_id_is_reported() {
    let document = "paths:\n  /a:\n    get:\n      responses: {'204': {description: Fine.}}\n";
    assert_eq!(lint(document), [("operation-id", "get".to_owned())]);
}

#[test]
fn ambiguous_union_is_reported() {
    let union = |first: &str, second: &str| schema(&format!("{{oneOf: [{first}, {second}]}}"));
    let first = "{type: object, properties: {a: {type: string}}}";
    let second = "{type: object, properties: {a: {type: string}, b: {type: string}}}";
    assert_eq!(union(first, second), [("union-trial", "A".to_owned())]);
    let lists = ["{type: array, items: {type: string}}", "{type: array, items: {type: integer}}"];
    assert!(union(lists[0], lists[1]).contains(&("union-trial", "A".to_owned())));
}

#[test]
fn distinct_union_is_not_reported() {
    let object = |properties: &str| format!("{{type: object, required: [a], properties: {{{properties}}}}}");
    for (first, second) in [
        // The variants of these four unions differ in their JSON type, in the required property, in the value of that
        // property, and in the type of that property, in this order.
        (object("a: {type: string}"), "{type: string}".to_owned()),
        (object("a: {type: string}"), "{type: object, required: [b], properties: {b: {type: string}}}".to_owned()),
        (object("a: {type: string, enum: [x]}"), object("a: {type: string, enum: [y]}")),
        (object("a: {type: string}"), object("a: {type: integer}")),
        // Trying several string variants is cheap.
        ("{type: string, format: date}".to_owned(), "{type: string, format: date-time}".to_owned()),
    ] {
        assert_eq!(schema(&format!("{{oneOf: [{first}, {second}]}}")), [], "{first} {second}");
    }
}

#[test]
fn nullable_in_3_1_is_reported() {
    let document = |version: &str| {
        format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
             parameters: [{{name: a, in: query, schema: {{type: string, nullable: true}}}}]\n      responses: \
             {{'204': {{description: Fine.}}}}\n"
        )
    };
    assert_eq!(lint_document(&document("3.1.0")), [("nullable-in-3.1", "nullable".to_owned())]);
    assert_eq!(lint_document(&document("3.0.3")), []);
}

#[test]
fn unknown_schema_dialect_is_reported() {
    let document = |dialect: &str| {
        format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\njsonSchemaDialect: {dialect}\npaths: {{}}\n")
    };
    let draft_7 = "http://json-schema.org/draft-07/schema#";
    assert_eq!(lint_document(&document(draft_7)), [("schema-dialect", draft_7.to_owned())]);
    assert_eq!(lint_document(&document("https://json-schema.org/draft/2020-12/schema")), []);
}

#[test]
fn construct_of_later_version_is_reported() {
    let document = |version: &str| {
        format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
             parameters: [{{name: q, in: querystring, content: {{application/json: {{}}}}}}]\n      responses: \
             {{'204': {{description: Fine.}}}}\n"
        )
    };
    let later = |version: &str| {
        let mut diagnostics = lint_document(&document(version));
        diagnostics.retain(|(code, _)| *code == "later-version");
        diagnostics
    };
    assert_eq!(later("3.1.0"), [("later-version", "querystring".to_owned())]);
    assert_eq!(later("3.2.0"), []);
}

#[test]
fn document_that_other_readers_reject_is_reported() {
    let of_property = |property: &str| schema(&format!("{{type: object, properties: {{{property}}}}}"));
    assert_eq!(of_property("'404': {type: string}"), []);
    assert_eq!(of_property("404: {type: string}"), [("portability", "404".to_owned())]);
    assert_eq!(of_property("a: {type: string, maxLength: 9.0}"), [("portability", "maxLength".to_owned())]);
    assert_eq!(of_property("a: {type: number, maximum: 1e400}"), [("portability", "maximum".to_owned())]);
    assert_eq!(of_property("a: {type: number, maximum: 99999999999999999999}"), [("portability", "9".to_owned())]);
    let merged = "a: &a {type: string}, b: {<<: *a}";
    assert_eq!(of_property(merged).first().map(|(code, _)| *code), Some("portability"));
    let callback = "paths:\n  /a:\n    get:\n      operationId: a\n      callbacks: {b: {$ref: '#/components/callbacks/B'}}\n      \
                    responses: {'204': {description: Fine.}}\ncomponents:\n  callbacks:\n    B: {}\n";
    let mut diagnostics = lint(callback);
    diagnostics.retain(|(code, _)| *code == "portability");
    assert_eq!(diagnostics, [("portability", "$ref".to_owned())]);
}

#[test]
fn portability_is_checked_for_3_0_only() {
    let document = |version: &str| {
        let schema = "{type: object, properties: {a: {type: string, maxLength: 9.0}}}";
        format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
             responses: {{'200': {{description: A., content: {{application/json: {{schema: {schema}}}}}}}}}\n"
        )
    };
    assert_eq!(lint_document(&document("3.0.3")), [("portability", "maxLength".to_owned())]);
    assert_eq!(lint_document(&document("3.1.0")), []);
    let swagger =
        "swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: a.example\npaths: {}\ndefinitions: {404: {}}\n";
    assert_eq!(lint_document(swagger), [("unused-component", "404".to_owned())]);
}

#[test]
fn subtypes_at_any_depth_are_used() {
    let document = "{type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}\n    \
                    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n    \
                    C: {allOf: [{$ref: '#/components/schemas/B'}]}";
    let unused = schema(document).into_iter().filter(|(code, _)| *code == "unused-component");
    assert_eq!(unused.collect::<Vec<_>>(), []);
}

#[test]
fn deep_unreadable_schema_is_reported_once() {
    // If the time doubled with each level, this test would run for hours.
    let deep = format!("{}{{type: string, maxLength: 9.0}}{}", "{type: array, items: ".repeat(30), "}".repeat(30));
    assert_eq!(schema(&deep), [("portability", "maxLength".to_owned())]);
}
