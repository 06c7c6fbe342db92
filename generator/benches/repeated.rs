//! Creates documents of any size by repeating a document of this repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

use serde_json::{Map, Value};

/// The document that is repeated.
const SPEC: &str = include_str!("../../specs/digicert-mpki.yaml");
/// The component sections that are renamed in each copy.
const SECTIONS: [&str; 5] = ["schemas", "parameters", "responses", "requestBodies", "headers"];

/// Returns the document as JSON, with its paths, tags and components repeated `times` times.
pub fn repeated(times: usize) -> String {
    let spec: Value = serde_yaml::from_str(SPEC).unwrap();
    let text = spec.to_string();
    let mut result = spec.clone();
    for copy in 1..times {
        let mut text = text.clone();
        for section in SECTIONS {
            let place = format!("#/components/{section}/");
            text = text.replace(&place, &format!("{place}V{copy}"));
        }
        let mut spec: Value = serde_json::from_str(&text).unwrap();
        renamed(&mut spec["paths"], copy);
        add(&mut result["paths"], &mut spec["paths"], |path| format!("/v{copy}{path}"));
        for section in SECTIONS {
            if let Some(components) = spec["components"].get_mut(section) {
                add(&mut result["components"][section], components, |name| format!("V{copy}{name}"));
            }
        }
    }
    result.to_string()
}

/// Renames the IDs and tags of the operations of a copy.
fn renamed(paths: &mut Value, copy: usize) {
    for operation in
        paths.as_object_mut().unwrap().values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut)
    {
        if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
            operation["operationId"] = Value::from(format!("{id}V{copy}"));
        }
        for tag in operation.get_mut("tags").and_then(Value::as_array_mut).into_iter().flatten() {
            *tag = Value::from(format!("{} V{copy}", tag.as_str().unwrap()));
        }
    }
}

fn add(to: &mut Value, from: &mut Value, name: impl Fn(&str) -> String) {
    let to = to.as_object_mut().unwrap();
    for (key, value) in from.as_object_mut().unwrap() {
        to.insert(name(key), value.take());
    }
}
