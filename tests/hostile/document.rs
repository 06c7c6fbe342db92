//! Builds documents as JSON values, and checks what the generator returns for them.

use clientwright::config::{ApiConfig, Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics, github, json, render};
use clientwright::output::FileSet;
use clientwright::source::{Limits, Sources};
use serde_json::{Map, Value, json};

use crate::fixture;
use crate::fuzz::invariants;

/// Returns a document with these schemas and no operations.
pub fn schemas(schemas: impl IntoIterator<Item = (String, Value)>) -> Value {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": schemas}})
}

/// Returns a document with a `GET` operation for each pair of path and operation.
pub fn operations(operations: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut document = schemas([]);
    let paths: Map<String, Value> =
        operations.into_iter().map(|(path, operation)| (path, json!({"get": operation}))).collect();
    document["paths"] = paths.into();
    document
}

/// Returns a minimal operation.
pub fn operation(id: &str) -> Value {
    json!({"operationId": id, "responses": {"204": {"description": "Done."}}})
}

/// Returns an object schema with one string property.
pub fn object(property: &str) -> Value {
    let properties: Map<String, Value> = [(property.to_owned(), json!({"type": "string"}))].into_iter().collect();
    json!({"type": "object", "properties": properties})
}

pub fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// Generates a crate from a document in strict and lenient mode, lints the document, and renders the diagnostics.
/// Asserts that there is no internal error. Returns the result of strict mode.
pub fn assert_handled(document: &Value) -> Result<FileSet, Diagnostics> {
    assert_text_handled(&document.to_string())
}

pub fn assert_text_handled(text: &str) -> Result<FileSet, Diagnostics> {
    let lenient = generate_within(text, &Limits::default(), true);
    let strict = generate_within(text, &Limits::default(), false);
    if let (Ok(files), Err(_)) = (&strict, &lenient) {
        panic!("strict mode generates {} files, lenient mode none", files.iter().count());
    }
    let sources = fixture::sources("pets", text);
    let diagnostics = clientwright::lint(&sources, &ApiConfig::new("pets", fixture::path("pets")));
    assert_no_internal_error(&diagnostics);
    for shown in [
        render(&diagnostics, &sources, &Default::default()),
        json(&diagnostics, &sources),
        github(&diagnostics, &sources),
    ] {
        assert!(shown.len() < 100_000_000);
    }
    strict
}

/// Generates a crate from a document with these limits. Asserts the invariants of the generated crate.
pub fn generate_within(text: &str, limits: &Limits, lenient: bool) -> Result<FileSet, Diagnostics> {
    let mut sources = Sources::with_limits(*limits);
    sources.add(fixture::path("pets"), text);
    let result = clientwright::generate(
        &sources,
        &Config { lenient, ..fixture::config_with_shared_runtime(&["pets"], Layout::Root) },
    );
    match &result {
        Ok(files) => {
            if let Some(violation) = invariants::violation(files) {
                panic!("{violation}");
            }
        }
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            assert_no_internal_error(diagnostics);
        }
    }
    result
}

fn assert_no_internal_error(diagnostics: &Diagnostics) {
    let internal = diagnostics.sorted().into_iter().find(|one| one.code == Code::Internal);
    assert!(internal.is_none(), "{internal:?}");
    // Messages must shorten long names.
    for one in diagnostics.sorted() {
        let help = one.help.as_deref().unwrap_or_default();
        assert!(one.message.len() + help.len() < 5_000, "{:?}", one.code);
    }
}

/// Returns the codes of the errors, sorted and without duplicates.
pub fn errors(result: &Result<FileSet, Diagnostics>) -> Vec<Code> {
    let Err(diagnostics) = result else { return Vec::new() };
    let errors =
        diagnostics.sorted().into_iter().filter(|one| one.severity == clientwright::diagnostics::Severity::Error);
    let mut codes: Vec<Code> = errors.map(|one| one.code).collect();
    codes.sort_by_key(|code| code.as_str());
    codes.dedup();
    codes
}
