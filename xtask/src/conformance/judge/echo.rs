//! Whether a value came through: what was sent and what came out of it again are compared by the schema.
//!
//! Every member that the document declares must be there and equal; numbers are compared by value, everything else as it
//! is written. Members that it does not declare may be lost, and nothing may be added.

use serde_json::Value;

use crate::document::Document;
use crate::schemas::Direction;

/// A comparison by a document's schemas.
pub(crate) struct Echo<'a> {
    document: &'a Document,
    direction: Direction,
    differences: Vec<String>,
}

impl<'a> Echo<'a> {
    /// What is different; nothing where `got` says all that `sent` did.
    pub(crate) fn differences(
        document: &'a Document,
        schema: &'a Value,
        sent: &Value,
        got: &Value,
        direction: Direction,
    ) -> Vec<String> {
        let mut echo = Self { document, direction, differences: Vec::new() };
        echo.compare(&[schema], sent, got, "");
        echo.differences
    }

    /// Whether the document speaks of a member of a value.
    pub(crate) fn declares(document: &'a Document, schema: &'a Value, value: &Value, name: &str) -> bool {
        let echo = Self { document, direction: Direction::Request, differences: Vec::new() };
        echo.declared(&echo.applying(&[schema], value), name).is_some()
    }

    fn compare(&mut self, schemas: &[&'a Value], sent: &Value, got: &Value, place: &str) {
        match (sent, got) {
            (Value::Number(sent), Value::Number(got)) => {
                let exact = (sent.as_i64().is_some() && got.as_i64().is_some())
                    || (sent.as_u64().is_some() && got.as_u64().is_some());
                let equal = if exact { sent == got } else { sent.as_f64() == got.as_f64() };
                if !equal {
                    self.differ(place, &format!("{sent} became {got}"));
                }
            }
            (Value::Array(sent), Value::Array(got)) => {
                if sent.len() != got.len() {
                    self.differ(place, &format!("{} elements became {}", sent.len(), got.len()));
                }
                let items: Vec<&Value> = self.all(schemas, &Value::Array(sent.clone()), "items");
                for (position, (sent, got)) in sent.iter().zip(got).enumerate() {
                    self.compare(&items, sent, got, &format!("{place}/{position}"));
                }
            }
            (Value::Object(sent_members), Value::Object(got)) => {
                let applying = self.applying(schemas, sent);
                for (name, value) in sent_members {
                    let place = format!("{place}/{name}");
                    let declared = self.declared(&applying, name);
                    match (got.get(name), declared) {
                        (Some(got), declared) => self.compare(&declared.unwrap_or_default(), value, got, &place),
                        (None, Some(declared)) => {
                            // A null that comes reads as absent where the document does not speak of null.
                            if !value.is_null() || declared.iter().any(|schema| self.is_nullable(schema)) {
                                self.differ(&place, &format!("{value} is lost"));
                            }
                        }
                        (None, None) => {}
                    }
                }
                for (name, value) in got.iter().filter(|(name, _)| !sent_members.contains_key(*name)) {
                    self.differ(&format!("{place}/{name}"), &format!("{value} was added"));
                }
            }
            _ if sent == got => {}
            _ => self.differ(place, &format!("{sent} became {got}")),
        }
    }

    fn differ(&mut self, place: &str, what: &str) {
        let place = if place.is_empty() { "the whole" } else { place };
        self.differences.push(format!("{place}: {what}"));
    }

    /// The schemas that say something of a value: references, `allOf`, and the arms of unions for which it is valid.
    fn applying(&self, schemas: &[&'a Value], value: &Value) -> Vec<&'a Value> {
        let mut applying = Vec::new();
        for schema in schemas {
            self.gather(schema, value, &mut applying, 32);
        }
        applying
    }

    fn gather(&self, schema: &'a Value, value: &Value, into: &mut Vec<&'a Value>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let schema = self.document.schemas.resolve(schema);
        into.push(schema);
        for arm in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.gather(arm, value, into, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(arms) = schema.get(keyword).and_then(Value::as_array) else { continue };
            for arm in arms.iter().filter(|arm| self.document.schemas.is_valid(arm, value, self.direction)) {
                self.gather(arm, value, into, depth);
            }
        }
    }

    /// The schemas under a keyword of all that apply.
    fn all(&self, schemas: &[&'a Value], value: &Value, keyword: &str) -> Vec<&'a Value> {
        self.applying(schemas, value).into_iter().filter_map(|schema| schema.get(keyword)).collect()
    }

    /// What is said of a member: nothing where the document does not declare it, or not for this direction.
    fn declared(&self, applying: &[&'a Value], name: &str) -> Option<Vec<&'a Value>> {
        let named: Vec<&Value> = applying.iter().filter_map(|schema| schema.get("properties")?.get(name)).collect();
        if !named.is_empty() {
            let excluded = self.direction.excludes();
            let travels =
                |schema: &&Value| self.document.schemas.resolve(schema).get(excluded) != Some(&Value::Bool(true));
            return named.iter().all(travels).then_some(named);
        }
        let additional: Vec<&Value> = applying.iter().filter_map(|schema| schema.get("additionalProperties")).collect();
        if additional.iter().any(|schema| **schema != Value::Bool(false)) {
            return Some(additional.into_iter().filter(|schema| schema.is_object()).collect());
        }
        // An object of which no member is named is whatever it holds.
        let is_free = additional.is_empty() && applying.iter().all(|schema| schema.get("properties").is_none());
        is_free.then(Vec::new)
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

    fn differences(schema: Value, sent: Value, got: Value) -> Vec<String> {
        let document = from_json(json!({})).unwrap();
        Echo::differences(&document, &schema, &sent, &got, Direction::Response)
    }

    #[test]
    fn declared_members_come_through() {
        let schema = json!({ "properties": { "a": { "type": "string" }, "b": { "type": "integer" } } });
        assert_eq!(differences(schema.clone(), json!({ "a": "x", "c": 1 }), json!({ "a": "x" })), [""; 0]);
        assert_eq!(differences(schema.clone(), json!({ "a": "x" }), json!({})), [r#"/a: "x" is lost"#]);
        assert_eq!(differences(schema.clone(), json!({ "a": "x" }), json!({ "a": "y" })), [r#"/a: "x" became "y""#]);
        assert_eq!(differences(schema, json!({}), json!({ "b": 0 })), ["/b: 0 was added"]);
    }

    #[test]
    fn numbers_are_compared_by_value_and_dates_by_text() {
        assert_eq!(differences(json!({}), json!(1.0), json!(1)), [""; 0]);
        assert_eq!(differences(json!({}), json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)).len(), 1);
        let date = json!({ "type": "string", "format": "date-time" });
        assert_eq!(differences(date, json!("2020-01-01T00:00:00.0Z"), json!("2020-01-01T00:00:00Z")).len(), 1);
    }

    #[test]
    fn null_and_absence_differ_where_the_document_knows_null() {
        let nullable = json!({ "properties": { "a": { "type": "string", "nullable": true } } });
        assert_eq!(differences(nullable, json!({ "a": null }), json!({})), ["/a: null is lost"]);
        let plain = json!({ "properties": { "a": { "type": "string" } } });
        assert_eq!(differences(plain, json!({ "a": null }), json!({})), [""; 0]);
    }

    #[test]
    fn free_objects_and_maps_come_through_whole() {
        assert_eq!(differences(json!({}), json!({ "a": 1 }), json!({})).len(), 1);
        assert_eq!(differences(json!({ "type": "object" }), json!({ "a": 1 }), json!({})).len(), 1);
        let map = json!({ "properties": { "b": {} }, "additionalProperties": { "type": "integer" } });
        assert_eq!(differences(map, json!({ "a": 1 }), json!({})).len(), 1);
        let closed = json!({ "properties": { "b": {} }, "additionalProperties": false });
        assert_eq!(differences(closed, json!({ "a": 1 }), json!({})).len(), 0);
    }

    #[test]
    fn only_the_arm_that_is_meant_declares() {
        let union = json!({ "oneOf": [
            { "required": ["a"], "properties": { "a": { "type": "string" } } },
            { "required": ["b"], "properties": { "b": { "type": "string" }, "c": {} } },
        ] });
        assert_eq!(differences(union.clone(), json!({ "a": "x", "c": 1 }), json!({ "a": "x" })).len(), 0);
        assert_eq!(differences(union, json!({ "b": "x", "c": 1 }), json!({ "b": "x" })).len(), 1);
    }
}
