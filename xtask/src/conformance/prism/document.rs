//! The document that Prism reads: resolved, and without extensions.
//!
//! Prism reads the files that a `$ref` names even within extensions, and fails if they are missing. It validates by
//! draft 7 of JSON Schema unless `jsonSchemaDialect` names another draft, although OpenAPI 3.1 uses 2020-12.

use serde_json::{Map, Value, json};

use crate::schemas::{DIALECT, has_schemas_of_2020};

/// The objects whose keys are names that the document chooses. Keys that begin with `x-` are no extensions there.
const MAPS: [&str; 21] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentRequired",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];

/// The values that are no parts of the document's structure.
const VALUES: [&str; 6] = ["const", "default", "enum", "example", "value", "examples"];

/// Returns a copy of a document for Prism.
pub(crate) fn for_prism(document: &Value) -> Value {
    let mut copy = object(document);
    if let Value::Object(properties) = &mut copy
        && has_schemas_of_2020(document)
    {
        properties.entry("jsonSchemaDialect").or_insert_with(|| json!(DIALECT));
    }
    copy
}

/// Copies an object whose keys are keywords.
fn object(value: &Value) -> Value {
    match value {
        Value::Object(properties) => {
            let kept = properties.iter().filter(|(key, _)| !key.starts_with("x-"));
            Value::Object(kept.map(|(key, value)| (key.clone(), keyword(key, value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(object).collect()),
        _ => value.clone(),
    }
}

fn keyword(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(map) if MAPS.contains(&key) => named(map),
        // `examples` of schemas is an array of values.
        _ if VALUES.contains(&key) => value.clone(),
        _ => object(value),
    }
}

/// Copies an object whose keys are names.
fn named(map: &Map<String, Value>) -> Value {
    Value::Object(map.iter().map(|(name, value)| (name.clone(), object(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_extensions_are_removed() {
        let document = json!({
            "x-top": { "$ref": "missing.yaml" },
            "paths": { "/a": { "get": {
                "x-code": 1,
                "responses": { "200": { "headers": { "x-rate": { "schema": { "x-old": 1, "type": "integer" } } } } },
            } } },
            "components": { "schemas": { "x-a": {
                "properties": { "x-b": { "example": { "x-c": 1 } }, "properties": { "x-d": 1 } },
                "examples": [{ "x-e": 1 }],
            } } },
        });
        let expected = json!({
            "paths": { "/a": { "get": {
                "responses": { "200": { "headers": { "x-rate": { "schema": { "type": "integer" } } } } },
            } } },
            "components": { "schemas": { "x-a": {
                "properties": { "x-b": { "example": { "x-c": 1 } }, "properties": {} },
                "examples": [{ "x-e": 1 }],
            } } },
        });
        assert_eq!(for_prism(&document), expected);
    }

    #[test]
    fn document_of_openapi_3_1_has_a_dialect() {
        let dialect = |document: Value| for_prism(&document).get("jsonSchemaDialect").cloned();
        assert_eq!(dialect(json!({ "openapi": "3.1.0" })), Some(json!(DIALECT)));
        assert_eq!(dialect(json!({ "openapi": "3.1.0", "jsonSchemaDialect": "a" })), Some(json!("a")));
        assert_eq!(dialect(json!({ "openapi": "3.0.3" })), None);
    }
}
