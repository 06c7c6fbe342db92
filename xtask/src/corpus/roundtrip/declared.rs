//! Finds the undeclared properties of a value, i.e. the properties that its schema allows but does not list.

use serde_json::Value;

use crate::schemas::{Direction, Schemas};

/// The maximum nesting depth of `allOf`, `oneOf` and `anyOf`. Ends recursion in cyclic schemas.
const MAX_DEPTH: usize = 32;

/// Returns JSON pointers to the undeclared properties of a value. A property is declared if the schema, a subschema of
/// `allOf`, or a matching variant of `oneOf` or `anyOf` declares it.
pub(crate) fn undeclared(schemas: &Schemas, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
    let mut search = Search { schemas, direction, pointer: String::new(), undeclared: Vec::new() };
    search.value(&[schema], value);
    search.undeclared
}

struct Search<'a> {
    schemas: &'a Schemas,
    direction: Direction,
    pointer: String,
    undeclared: Vec<String>,
}

impl<'a> Search<'a> {
    /// Searches a value and its children for undeclared properties. All schemas in `schemas_of_value` apply to the
    /// value.
    fn value(&mut self, schemas_of_value: &[&'a Value], value: &Value) {
        let mut parts = Vec::new();
        for schema in schemas_of_value {
            self.parts(schema, value, 0, &mut parts);
        }
        match value {
            Value::Object(properties_of_value) => {
                // A schema without `properties` and `additionalProperties` allows any property.
                let open = parts.iter().all(|part| {
                    ["properties", "additionalProperties"].iter().all(|keyword| part.get(keyword).is_none())
                });
                for (name, property_value) in properties_of_value {
                    let length = self.pointer.len();
                    self.pointer.push('/');
                    self.pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                    let mut inner = Vec::new();
                    let mut declared = open;
                    for part in &parts {
                        let property = part.get("properties").and_then(|properties| properties.get(name));
                        match property.or_else(|| part.get("additionalProperties")) {
                            Some(Value::Bool(allowed)) => declared |= allowed,
                            Some(schema) => {
                                declared = true;
                                inner.push(schema);
                            }
                            None => {}
                        }
                    }
                    if declared {
                        self.value(&inner, property_value)
                    } else {
                        self.undeclared.push(self.pointer.clone())
                    }
                    self.pointer.truncate(length);
                }
            }
            Value::Array(elements) => {
                let items: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
                for (index, element) in elements.iter().enumerate() {
                    let length = self.pointer.len();
                    self.pointer.push_str(&format!("/{index}"));
                    self.value(&items, element);
                    self.pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Adds a schema to `into`, with its subschemas of `allOf` and the variants of `oneOf` and `anyOf` that match the
    /// value.
    fn parts(&self, schema: &'a Value, value: &Value, depth: usize, into: &mut Vec<&'a Value>) {
        if depth > MAX_DEPTH {
            return;
        }
        let schema = self.schemas.resolve(schema);
        into.push(schema);
        let subschemas = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        for part in subschemas("allOf") {
            self.parts(part, value, depth + 1, into);
        }
        for variant in subschemas("oneOf").chain(subschemas("anyOf")) {
            if self.schemas.is_valid(variant, value, self.direction) {
                self.parts(variant, value, depth + 1, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn undeclared_in(schema: Value, value: Value) -> Vec<String> {
        let schemas = Schemas::new(json!({ "components": { "schemas": {
            "Cat": { "type": "object", "required": ["claws"], "properties": { "claws": { "type": "integer" } } },
            "Dog": { "type": "object", "required": ["bark"], "properties": { "bark": { "type": "string" } } },
        } } }));
        undeclared(&schemas.unwrap(), &schema, &value, Direction::Response)
    }

    #[test]
    fn properties_are_declared_by_all_of_and_valid_variants() {
        let pet = json!({
            "allOf": [{ "properties": { "a/b": { "properties": { "x": {} } } } }],
            "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        });
        let value = json!({ "a/b": { "x": { "any": 1 }, "y": 1 }, "bark": "loud", "claws": "none" });
        assert_eq!(undeclared_in(pet, value), ["/a~1b/y", "/claws"]);
    }

    #[test]
    fn maps_and_free_objects_declare_all_properties() {
        assert_eq!(undeclared_in(json!({ "type": "object" }), json!({ "a": { "b": 1 } })), [""; 0]);
        let map = json!({ "additionalProperties": { "$ref": "#/components/schemas/Cat" } });
        assert_eq!(undeclared_in(map, json!({ "tom": { "claws": 1, "tail": 1 } })), ["/tom/tail"]);
        let list = json!({ "items": { "$ref": "#/components/schemas/Cat" } });
        assert_eq!(undeclared_in(list, json!([{ "claws": 1 }, { "claws": 1, "tail": 1 }])), ["/1/tail"]);
        let closed = json!({ "properties": { "a": {} }, "additionalProperties": false });
        assert_eq!(undeclared_in(closed, json!({ "a": 1, "b": 1 })), ["/b"]);
    }
}
