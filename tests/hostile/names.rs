//! Tests with hostile names: very long names, paths, and names with a special meaning in a file system or in Rust.

use clientwright::diagnostics::Code;
use clientwright::output::FileSet;
use serde_json::{Map, Value, json};

use super::document::{assert_handled, errors, object, operation, operations, schemas};

/// Names that are paths to files outside of the output folder, or reserved file names of an operating system.
const PATHS: &[&str] = &[
    "../../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "\\\\server\\share",
    "C:\\Windows\\zqx",
    "C:zqx",
    "~/zqx",
    "CON",
    "con.txt",
    "NUL",
    "aux",
    "COM1",
    "LPT9.x",
    "COM\u{b9}",
    "zqx.",
    "zqx ",
    " zqx",
    "a/b/c",
    "a:b",
    "a*?<>|b",
    "mod",
    "lib",
    "main",
    "Cargo.toml",
    ".git/hooks/pre-commit",
    ".cargo/config.toml",
    "build.rs",
    "target",
    "\0zqx",
    "zqx\n",
    "\u{202e}sr.xqz",
    "\u{2024}\u{2024}/",
    "%2e%2e%2fzqx",
    "$HOME",
    "`zqx`",
    "-rf",
    "--zqx",
    "",
    " ",
];

/// Returns a document that uses a name everywhere OpenAPI allows a name.
fn everywhere(name: &str) -> Value {
    let mut one = operation(name);
    one["tags"] = json!([name]);
    one["summary"] = name.into();
    one["x-rust-name"] = json!("fine");
    one["parameters"] = json!([
        {"name": name, "in": "query", "schema": {"type": "object", "properties": {name: {"type": "string", "enum": [name, "a"]}}}},
        {"name": format!("{name}h"), "in": "header", "schema": {"type": "string"}},
        {"name": format!("{name}c"), "in": "cookie", "schema": {"type": "string"}},
    ]);
    one["requestBody"] = json!({"content": {"application/json": {"schema": {"title": name, "type": "object", "properties": {name: object(name)}}}}});
    one["responses"] = json!({
        "200": {"description": name, "content": {"application/json": {"schema": {"oneOf": [{"title": name, "type": "string", "enum": [name]}, object(name)]}}}},
        "default": {"description": name},
    });
    one["servers"] = json!([{"url": format!("https://example.com/{name}"), "description": name, "x-name": name}]);
    let mut document = operations([]);
    document["info"] = json!({"title": name, "version": name, "description": name, "contact": {"name": name}, "license": {"name": name}});
    document["paths"] = json!({"/a": {"post": one}});
    document["tags"] = json!([{"name": name, "description": name}]);
    document["servers"] = json!([{"url": format!("https://{{{name}}}.example.com"), "variables": {name: {"default": name, "enum": [name]}}}]);
    document["components"] = json!({
        "schemas": {name: object(name), "Enum": {"type": "string", "enum": [name, "b"], "x-enum-varnames": [name, "B"]}},
        "securitySchemes": {name: {"type": "apiKey", "in": "query", "name": name}},
    });
    document["security"] = json!([{name: []}]);
    document
}

#[test]
fn no_name_escapes_the_output_folder() {
    for name in PATHS {
        let document = everywhere(name).to_string();
        // In lenient mode, code is generated for more parts of the document.
        let _ = super::document::assert_text_handled(&document);
        let named = |name: &str| {
            let mut one = operation(name);
            one["tags"] = json!([name]);
            operations([("/a".to_owned(), one)])
        };
        let result = assert_handled(&named(name));
        assert!(result.is_ok(), "{name:?}: {:?}", result.err());
    }
}

/// Returns the length of the longest path component of the generated files.
fn longest_part(files: &FileSet) -> usize {
    files.iter().flat_map(|(path, _)| path.split('/')).map(str::len).max().unwrap_or_default()
}

#[test]
fn names_far_above_the_limit_are_rejected_or_shortened() {
    for letter in ["a", "A", "_", "é", "漢", "1", "a_", "aB", "\u{1}"] {
        let name = letter.repeat(20_000 / letter.len());
        // As the name of a schema or property, or as a path, the name is rejected.
        let properties: Map<String, Value> = [(name.clone(), json!({"type": "string"}))].into_iter().collect();
        for document in [
            schemas([(name.clone(), object("a"))]),
            schemas([("O".to_owned(), json!({"type": "object", "properties": properties}))]),
            operations([(format!("/{name}"), operation("one"))]),
        ] {
            assert_eq!(errors(&assert_handled(&document)), [Code::Limit], "{letter}");
        }
        // As an operation ID, tag or title, the name is shortened.
        let mut one = operation(&name);
        one["tags"] = json!([name]);
        one["parameters"] = json!([{"name": name, "in": "query", "schema": {"type": "string"}}]);
        let mut document = operations([("/a".to_owned(), one)]);
        document["info"]["title"] = name.as_str().into();
        document["servers"] = json!([{"url": format!("https://example.com/{name}")}]);
        document["components"]["schemas"] = json!({"E": {"type": "string", "enum": [name, format!("{name}2")]}});
        if let Ok(files) = assert_handled(&document) {
            assert!(longest_part(&files) < 255, "{letter}: {}", longest_part(&files));
        } else {
            assert!(matches!(letter, "é" | "漢" | "\u{1}"), "{letter}");
        }
        // A `$ref` to the name is rejected or resolved. No diagnostic shows the full name.
        let _ = assert_handled(&schemas([("R".to_owned(), json!({"$ref": format!("#/components/schemas/{name}")}))]));
        let _ = assert_handled(&schemas([(
            "P".to_owned(),
            json!({"type": "string", "pattern": name, "format": name, "default": name}),
        )]));
    }
}

#[test]
fn unresolved_names_are_shortened_in_messages() {
    let name = "a".repeat(1_000_000);
    let mut other = operation("other");
    other["x-pagination"] =
        json!({"style": "offset-limit", "offset": name, "limit": name, "total": name, "items": name});
    other["security"] = json!([{"S": []}]);
    other["requestBody"] = json!({"content": {"application/json": {"schema": {"required": [name]}}}});
    let mut lost = operations([("/a".to_owned(), other)]);
    lost["components"]["securitySchemes"] = json!({"S": {"type": "http", "scheme": name}});
    let _ = assert_handled(&lost);
}

#[test]
fn names_of_maximum_length_work_with_many_types() {
    // The name of each inline type contains the names of its parents.
    let long = "n".repeat(4000);
    let inner: Map<String, Value> =
        (0..200).map(|number| (format!("{long}{number}"), json!({"type": "string", "enum": ["a"]}))).collect();
    let middle: Map<String, Value> =
        [(long.clone(), json!({"type": "object", "properties": inner}))].into_iter().collect();
    let files = assert_handled(&schemas([(long, json!({"type": "object", "properties": middle}))])).unwrap();
    assert!(files.iter().map(|(_, text)| text.len()).sum::<usize>() < 20_000_000);
}
