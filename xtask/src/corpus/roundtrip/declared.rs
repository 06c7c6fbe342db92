//! Which members of a value its schema declares: schema and value come in, pointers to the members that nobody asked for go
//! out.

use serde_json::Value;

use crate::schemas::{Direction, Schemas};

/// Schemas that contain themselves without a value between are not looked into more deeply than this.
const MAX_DEPTH: usize = 32;

/// JSON pointers to the members that no schema declares which the value is valid against.
pub(crate) fn undeclared(schemas: &Schemas, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
    let mut search = Search { schemas, direction, pointer: String::new(), found: Vec::new() };
    search.value(&[schema], value);
    search.found
}

struct Search<'a> {
    schemas: &'a Schemas,
    direction: Direction,
    pointer: String,
    found: Vec<String>,
}

impl<'a> Search<'a> {
    /// A value that all of these schemas describe.
    fn value(&mut self, described: &[&'a Value], value: &Value) {
        let mut parts = Vec::new();
        for schema in described {
            self.parts(schema, value, 0, &mut parts);
        }
        match value {
            Value::Object(members) => {
                // Where nothing is said of members, all are welcome.
                let open = parts.iter().all(|part| {
                    ["properties", "additionalProperties"].iter().all(|keyword| part.get(keyword).is_none())
                });
                for (name, member) in members {
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
                        self.value(&inner, member)
                    } else {
                        self.found.push(self.pointer.clone())
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

    /// A schema, all that it consists of, and those of its arms that the value is valid against.
    fn parts(&self, schema: &'a Value, value: &Value, depth: usize, into: &mut Vec<&'a Value>) {
        if depth > MAX_DEPTH {
            return;
        }
        let schema = self.schemas.resolve(schema);
        into.push(schema);
        let arms = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        for part in arms("allOf") {
            self.parts(part, value, depth + 1, into);
        }
        for arm in arms("oneOf").chain(arms("anyOf")) {
            if self.schemas.is_valid(arm, value, self.direction) {
                self.parts(arm, value, depth + 1, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(schema: Value, value: Value) -> Vec<String> {
        let schemas = Schemas::new(json!({ "components": { "schemas": {
            "Cat": { "type": "object", "required": ["claws"], "properties": { "claws": { "type": "integer" } } },
            "Dog": { "type": "object", "required": ["bark"], "properties": { "bark": { "type": "string" } } },
        } } }));
        undeclared(&schemas.unwrap(), &schema, &value, Direction::Response)
    }

    #[test]
    fn members_are_declared_by_any_part_and_by_arms_that_fit() {
        let pet = json!({
            "allOf": [{ "properties": { "a/b": { "properties": { "x": {} } } } }],
            "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        });
        let value = json!({ "a/b": { "x": { "any": 1 }, "y": 1 }, "bark": "loud", "claws": "none" });
        assert_eq!(found(pet, value), ["/a~1b/y", "/claws"]);
    }

    #[test]
    fn maps_and_objects_of_which_nothing_is_said_declare_all() {
        assert_eq!(found(json!({ "type": "object" }), json!({ "a": { "b": 1 } })), [""; 0]);
        let map = json!({ "additionalProperties": { "$ref": "#/components/schemas/Cat" } });
        assert_eq!(found(map, json!({ "tom": { "claws": 1, "tail": 1 } })), ["/tom/tail"]);
        let list = json!({ "items": { "$ref": "#/components/schemas/Cat" } });
        assert_eq!(found(list, json!([{ "claws": 1 }, { "claws": 1, "tail": 1 }])), ["/1/tail"]);
        let closed = json!({ "properties": { "a": {} }, "additionalProperties": false });
        assert_eq!(found(closed, json!({ "a": 1, "b": 1 })), ["/b"]);
    }
}
