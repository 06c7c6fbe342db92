//! Compares a value with the result of encoding or decoding it, according to its schema.
//!
//! Declared properties must be present and equal. Numbers are compared by value, other values exactly. Undeclared
//! properties may be missing. No property may be added.

use serde_json::Value;

use crate::document::Document;
use crate::schemas::Direction;

/// A comparison of two values according to the schemas of a document.
pub(crate) struct Echo<'a> {
    document: &'a Document,
    direction: Direction,
    differences: Vec<String>,
}

impl<'a> Echo<'a> {
    /// Returns the differences between two values. Returns an empty list if `actual` preserves `expected`.
    pub(crate) fn differences(
        document: &'a Document,
        schema: &'a Value,
        expected: &Value,
        actual: &Value,
        direction: Direction,
    ) -> Vec<String> {
        let mut echo = Self { document, direction, differences: Vec::new() };
        echo.compare(&[schema], expected, actual, "");
        echo.differences
    }

    /// Returns whether a schema declares the property `name` of a value.
    pub(crate) fn declares(document: &'a Document, schema: &'a Value, value: &Value, name: &str) -> bool {
        let echo = Self { document, direction: Direction::Request, differences: Vec::new() };
        echo.declared_schemas(&echo.applying(&[schema], value), name).is_some()
    }

    fn compare(&mut self, schemas: &[&'a Value], expected: &Value, actual: &Value, pointer: &str) {
        match (expected, actual) {
            (Value::Number(expected), Value::Number(actual)) => {
                let exact = (expected.as_i64().is_some() && actual.as_i64().is_some())
                    || (expected.as_u64().is_some() && actual.as_u64().is_some());
                let equal = if exact { expected == actual } else { expected.as_f64() == actual.as_f64() };
                if !equal {
                    self.add_difference(pointer, &format!("{expected} became {actual}"));
                }
            }
            (Value::Array(expected), Value::Array(actual)) => {
                if expected.len() != actual.len() {
                    self.add_difference(pointer, &format!("{} items became {}", expected.len(), actual.len()));
                }
                let items: Vec<&Value> = self.subschemas(schemas, &Value::Array(expected.clone()), "items");
                for (position, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                    self.compare(&items, expected, actual, &format!("{pointer}/{position}"));
                }
            }
            (Value::Object(expected_properties), Value::Object(actual)) => {
                let applying = self.applying(schemas, expected);
                for (name, value) in expected_properties {
                    let pointer = format!("{pointer}/{name}");
                    let declared_schemas = self.declared_schemas(&applying, name);
                    match (actual.get(name), declared_schemas) {
                        (Some(actual), declared_schemas) => {
                            self.compare(&declared_schemas.unwrap_or_default(), value, actual, &pointer)
                        }
                        (None, Some(declared_schemas)) => {
                            // A null may be decoded as an absent property, unless the property is nullable.
                            if !value.is_null() || declared_schemas.iter().any(|schema| self.is_nullable(schema)) {
                                self.add_difference(&pointer, &format!("{value} is missing"));
                            }
                        }
                        (None, None) => {}
                    }
                }
                for (name, value) in actual.iter().filter(|(name, _)| !expected_properties.contains_key(*name)) {
                    self.add_difference(&format!("{pointer}/{name}"), &format!("{value} was added"));
                }
            }
            _ if expected == actual => {}
            _ => self.add_difference(pointer, &format!("{expected} became {actual}")),
        }
    }

    fn add_difference(&mut self, pointer: &str, difference: &str) {
        let pointer = if pointer.is_empty() { "the value" } else { pointer };
        self.differences.push(format!("{pointer}: {difference}"));
    }

    /// Returns all schemas that apply to a value: the given schemas, their subschemas of `allOf`, and the matching
    /// variants of `oneOf` and `anyOf`. Resolves references.
    fn applying(&self, schemas: &[&'a Value], value: &Value) -> Vec<&'a Value> {
        let mut applying = Vec::new();
        for schema in schemas {
            self.collect_applying(schema, value, &mut applying, 32);
        }
        applying
    }

    fn collect_applying(&self, schema: &'a Value, value: &Value, into: &mut Vec<&'a Value>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let schema = self.document.schemas.resolve(schema);
        into.push(schema);
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect_applying(part, value, into, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(variants) = schema.get(keyword).and_then(Value::as_array) else { continue };
            for variant in
                variants.iter().filter(|variant| self.document.schemas.is_valid(variant, value, self.direction))
            {
                self.collect_applying(variant, value, into, depth);
            }
        }
    }

    /// Returns the values of a keyword, e.g. `items`, in all schemas that apply to a value.
    fn subschemas(&self, schemas: &[&'a Value], value: &Value, keyword: &str) -> Vec<&'a Value> {
        self.applying(schemas, value).into_iter().filter_map(|schema| schema.get(keyword)).collect()
    }

    /// Returns the schemas of a property. Returns `None` if the property is not declared, or is omitted in this
    /// direction (`readOnly` in requests, `writeOnly` in responses).
    fn declared_schemas(&self, applying: &[&'a Value], name: &str) -> Option<Vec<&'a Value>> {
        let named: Vec<&Value> = applying.iter().filter_map(|schema| schema.get("properties")?.get(name)).collect();
        if !named.is_empty() {
            let excluded = self.direction.excludes();
            let is_included =
                |schema: &&Value| self.document.schemas.resolve(schema).get(excluded) != Some(&Value::Bool(true));
            return named.iter().all(is_included).then_some(named);
        }
        let additional: Vec<&Value> = applying.iter().filter_map(|schema| schema.get("additionalProperties")).collect();
        if additional.iter().any(|schema| **schema != Value::Bool(false)) {
            return Some(additional.into_iter().filter(|schema| schema.is_object()).collect());
        }
        // An object without declared properties may have any property.
        let allows_any = additional.is_empty() && applying.iter().all(|schema| schema.get("properties").is_none());
        allows_any.then(Vec::new)
    }

    fn is_nullable(&self, schema: &Value) -> bool {
        self.document.schemas.is_valid(schema, &Value::Null, self.direction)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;

    fn differences(schema: Value, expected: Value, actual: Value) -> Vec<String> {
        let document = from_json(json!({})).unwrap();
        Echo::differences(&document, &schema, &expected, &actual, Direction::Response)
    }

    #[test]
    fn declared_properties_are_preserved() {
        let schema = json!({ "properties": { "a": { "type": "string" }, "b": { "type": "integer" } } });
        assert_eq!(differences(schema.clone(), json!({ "a": "x", "c": 1 }), json!({ "a": "x" })), [""; 0]);
        assert_eq!(differences(schema.clone(), json!({ "a": "x" }), json!({})), [r#"/a: "x" is missing"#]);
        assert_eq!(differences(schema.clone(), json!({ "a": "x" }), json!({ "a": "y" })), [r#"/a: "x" became "y""#]);
        assert_eq!(differences(schema, json!({}), json!({ "b": 0 })), ["/b: 0 was added"]);
    }

    #[test]
    fn numbers_compare_by_value_and_dates_exactly() {
        assert_eq!(differences(json!({}), json!(1.0), json!(1)), [""; 0]);
        assert_eq!(differences(json!({}), json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)).len(), 1);
        let date = json!({ "type": "string", "format": "date-time" });
        assert_eq!(differences(date, json!("2020-01-01T00:00:00.0Z"), json!("2020-01-01T00:00:00Z")).len(), 1);
    }

    #[test]
    fn null_and_absent_differ_if_nullable() {
        let nullable = json!({ "properties": { "a": { "type": "string", "nullable": true } } });
        assert_eq!(differences(nullable, json!({ "a": null }), json!({})), ["/a: null is missing"]);
        let plain = json!({ "properties": { "a": { "type": "string" } } });
        assert_eq!(differences(plain, json!({ "a": null }), json!({})), [""; 0]);
    }

    #[test]
    fn free_objects_and_maps_are_preserved() {
        assert_eq!(differences(json!({}), json!({ "a": 1 }), json!({})).len(), 1);
        assert_eq!(differences(json!({ "type": "object" }), json!({ "a": 1 }), json!({})).len(), 1);
        let map = json!({ "properties": { "b": {} }, "additionalProperties": { "type": "integer" } });
        assert_eq!(differences(map, json!({ "a": 1 }), json!({})).len(), 1);
        let closed = json!({ "properties": { "b": {} }, "additionalProperties": false });
        assert_eq!(differences(closed, json!({ "a": 1 }), json!({})).len(), 0);
    }

    #[test]
    fn only_valid_variant_declares_properties() {
        let union = json!({ "oneOf": [
            { "required": ["a"], "properties": { "a": { "type": "string" } } },
            { "required": ["b"], "properties": { "b": { "type": "string" }, "c": {} } },
        ] });
        assert_eq!(differences(union.clone(), json!({ "a": "x", "c": 1 }), json!({ "a": "x" })).len(), 0);
        assert_eq!(differences(union, json!({ "b": "x", "c": 1 }), json!({ "b": "x" })).len(), 1);
    }
}
