//! Changes a document at random.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A kind of change. Returns false if the place does not allow it.
type Change = fn(&mut Map<String, Value>, &mut Rng) -> bool;

const SCHEMA_CHANGES: [(&str, Change); 22] = [
    ("property removed", |schema, rng| {
        let Some(name) = random_property(schema, rng) else { return false };
        drop_required(schema, &name);
        object(schema, "properties").is_some_and(|properties| properties.remove(&name).is_some())
    }),
    ("property renamed", |schema, rng| {
        let Some(name) = random_property(schema, rng) else { return false };
        drop_required(schema, &name);
        let Some(properties) = object(schema, "properties") else { return false };
        properties.remove(&name).is_some_and(|value| properties.insert(format!("{name}_2"), value).is_none())
    }),
    ("property added", |schema, rng| {
        let values = [
            json!({"type": "string"}),
            json!({"type": "number", "format": "double"}),
            json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}}),
            json!({"type": "string", "enum": ["a", "b"]}),
        ];
        let value = values.get(rng.usize(..values.len())).cloned().unwrap_or_default();
        object(schema, "properties").is_some_and(|all| all.insert("added_2".to_owned(), value).is_none())
    }),
    ("property required", |schema, rng| {
        let Some(name) = random_property(schema, rng) else { return false };
        let required = schema.entry("required").or_insert_with(|| json!([]));
        let Some(required) = required.as_array_mut().filter(|all| !all.contains(&json!(name))) else { return false };
        required.push(json!(name));
        true
    }),
    ("property optional", |schema, rng| {
        let names: Vec<String> = strings(schema.get("required"));
        let Some(name) = rng.choice(&names) else { return false };
        drop_required(schema, name);
        true
    }),
    ("property of the schema itself", |schema, _| {
        let Some(title) = schema.get("x-mutated-name").cloned() else { return false };
        let reference = json!({"$ref": format!("#/components/schemas/{}", title.as_str().unwrap_or_default())});
        object(schema, "properties").is_some_and(|all| all.insert("itself_2".to_owned(), reference).is_none())
    }),
    ("string to integer", |schema, _| replace_type(schema, "string", "integer")),
    ("integer to number", |schema, _| replace_type(schema, "integer", "number")),
    ("boolean to string", |schema, _| replace_type(schema, "boolean", "string")),
    ("number to string", |schema, _| replace_type(schema, "number", "string")),
    ("format date-time", |schema, _| set_format(schema, "string", "date-time")),
    ("format password", |schema, _| set_format(schema, "string", "password")),
    ("format int32", |schema, _| set_format(schema, "integer", "int32")),
    ("nullable", |schema, _| {
        schema.contains_key("type") && schema.insert("nullable".to_owned(), json!(true)) != Some(json!(true))
    }),
    ("enum value added", |schema, _| {
        let values = schema.get_mut("enum").and_then(Value::as_array_mut);
        values.filter(|all| all.iter().all(Value::is_string)).map(|all| all.push(json!("added_2"))).is_some()
    }),
    ("enum value removed", |schema, rng| remove_item(schema, "enum", rng)),
    ("enum to string", |schema, _| schema.remove("enum").is_some()),
    ("variant removed", |schema, rng| remove_item(schema, "oneOf", rng) || remove_item(schema, "anyOf", rng)),
    ("variant added", |schema, _| {
        let variant = json!({"type": "object", "required": ["added_2"], "properties": {"added_2": {"type": "number"}}});
        ["oneOf", "anyOf"].iter().any(|key| {
            schema.get_mut(*key).and_then(Value::as_array_mut).map(|all| all.push(variant.clone())).is_some()
        })
    }),
    ("additional properties", |schema, _| {
        let is_object = schema.contains_key("properties");
        is_object && schema.insert("additionalProperties".to_owned(), json!({"type": "number"})).is_none()
    }),
    ("schema described", |schema, _| {
        let has_type = schema.contains_key("type");
        has_type && schema.insert("description".to_owned(), json!("Another description.")).is_none()
    }),
    ("schema deprecated", |schema, _| {
        let has_type = schema.contains_key("type");
        has_type && schema.insert("deprecated".to_owned(), json!(true)).is_none()
    }),
];

const OPERATION_CHANGES: [(&str, Change); 12] = [
    ("operation renamed", |operation, _| {
        let name = operation.get("operationId").and_then(Value::as_str).map(|name| format!("{name}Again"));
        name.is_some_and(|name| operation.insert("operationId".to_owned(), json!(name)).is_some())
    }),
    ("operation deprecated", |operation, _| operation.insert("deprecated".to_owned(), json!(true)).is_none()),
    ("tag changed", |operation, _| operation.insert("tags".to_owned(), json!(["Another"])).is_some()),
    ("parameter removed", |operation, rng| {
        let all = operation.get_mut("parameters").and_then(Value::as_array_mut);
        let Some(all) = all.filter(|all| !all.is_empty()) else { return false };
        let at = rng.usize(..all.len());
        let is_path = all.get(at).is_some_and(|it| it.get("in") == Some(&json!("path")) || it.get("$ref").is_some());
        !is_path && all.len() > at && all.remove(at).is_object()
    }),
    ("parameter added", |operation, _| {
        add_parameter(operation, json!({"name": "added_2", "in": "query", "schema": {"type": "string"}}))
    }),
    ("required parameter added", |operation, _| {
        let parameter = json!({"name": "added_2", "in": "query", "required": true, "schema": {"type": "string"}});
        add_parameter(operation, parameter)
    }),
    ("response 204 added", |operation, _| add_response(operation, "204", json!({"description": "Nothing."}))),
    ("response 202 added", |operation, _| {
        let schema = json!({"type": "object", "properties": {"added_2": {"type": "string"}}});
        let response = json!({"description": "Accepted.", "content": {"application/json": {"schema": schema}}});
        add_response(operation, "202", response)
    }),
    ("response 418 added", |operation, _| {
        let schema = json!({"type": "object", "properties": {"tea_2": {"type": "string"}}});
        let response = json!({"description": "A teapot.", "content": {"application/json": {"schema": schema}}});
        add_response(operation, "418", response)
    }),
    ("error response removed", |operation, rng| {
        let Some(responses) = object(operation, "responses") else { return false };
        let errors: Vec<String> = responses.keys().filter(|key| !key.starts_with('2')).cloned().collect();
        rng.choice(&errors).is_some_and(|key| responses.remove(key).is_some())
    }),
    ("body removed", |operation, _| operation.remove("requestBody").is_some()),
    ("body required", |operation, _| {
        let body = object(operation, "requestBody").filter(|body| !body.contains_key("$ref"));
        body.is_some_and(|body| body.insert("required".to_owned(), json!(true)) != Some(json!(true)))
    }),
];

/// Changes a document at one or two random places. Returns a description, or `None` if no change is possible.
pub(crate) fn mutate(document: &mut Value, seed: u64) -> Option<String> {
    let mut rng = Rng::with_seed(seed);
    name_components(document, true);
    let mut descriptions = Vec::new();
    let count = rng.usize(1..=2);
    for _ in 0..100 {
        if descriptions.len() == count {
            break;
        }
        descriptions.extend(change(document, &mut rng));
    }
    name_components(document, false);
    (!descriptions.is_empty()).then(|| descriptions.join(", "))
}

fn change(document: &mut Value, rng: &mut Rng) -> Option<String> {
    let (schemas, operations) = places(document);
    if rng.u8(..10) == 0 {
        return change_path(document, rng);
    }
    let (places, changes) = match rng.u8(..3) {
        0 => (&operations, &OPERATION_CHANGES[..]),
        _ => (&schemas, &SCHEMA_CHANGES[..]),
    };
    let pointer = rng.choice(places)?;
    let (name, change) = rng.choice(changes)?;
    let place = document.pointer_mut(pointer)?.as_object_mut()?;
    change(place, rng).then(|| format!("{name} in {pointer}"))
}

/// Removes a path, or gives it another name.
fn change_path(document: &mut Value, rng: &mut Rng) -> Option<String> {
    let paths = document.get_mut("paths")?.as_object_mut()?;
    let names: Vec<String> = paths.keys().cloned().collect();
    let name = rng.choice(&names)?;
    let item = paths.remove(name)?;
    if rng.bool() {
        paths.insert(format!("/moved{name}"), item);
        return Some(format!("path {name} moved"));
    }
    Some(format!("path {name} removed"))
}

/// Adds the name of each component schema to the schema, or removes it.
fn name_components(document: &mut Value, add: bool) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("x-mutated-name");
            if add {
                schema.insert("x-mutated-name".to_owned(), json!(name));
            }
        }
    }
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Returns the JSON Pointers of the schemas and of the operations.
fn places(document: &Value) -> (Vec<String>, Vec<String>) {
    let (mut schemas, mut operations) = (Vec::new(), Vec::new());
    let mut rest = vec![(String::new(), document)];
    while let Some((pointer, value)) = rest.pop() {
        let parts: Vec<&str> = pointer.rsplitn(3, '/').collect();
        let is_operation = parts.len() == 3 && METHODS.contains(&parts.first().copied().unwrap_or_default());
        if let Some(map) = value.as_object() {
            let is_schema = ["type", "properties", "enum", "oneOf", "anyOf"]
                .iter()
                .any(|key| map.get(*key).is_some_and(|value| *key != "type" || value.is_string()));
            if is_operation && map.contains_key("responses") {
                operations.push(pointer.clone());
            } else if is_schema && !pointer.contains("/securitySchemes/") && !pointer.ends_with("/properties") {
                schemas.push(pointer.clone());
            }
            for (key, value) in
                map.iter().filter(|(key, _)| !["example", "examples", "default"].contains(&key.as_str()))
            {
                rest.push((format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value));
            }
        } else if let Some(items) = value.as_array() {
            rest.extend(items.iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)));
        }
    }
    schemas.sort();
    operations.sort();
    (schemas, operations)
}

fn object<'v>(map: &'v mut Map<String, Value>, key: &str) -> Option<&'v mut Map<String, Value>> {
    map.get_mut(key).and_then(Value::as_object_mut)
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn random_property(schema: &Map<String, Value>, rng: &mut Rng) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    let names: Vec<&String> = properties.keys().collect();
    rng.choice(&names).map(|name| (*name).clone())
}

fn drop_required(schema: &mut Map<String, Value>, name: &str) {
    let rest: Vec<String> = strings(schema.get("required")).into_iter().filter(|it| it != name).collect();
    match rest.is_empty() {
        true => drop(schema.remove("required")),
        false => drop(schema.insert("required".to_owned(), json!(rest))),
    }
}

fn replace_type(schema: &mut Map<String, Value>, old: &str, new: &str) -> bool {
    let is_plain = schema.get("type") == Some(&json!(old)) && !schema.contains_key("enum");
    schema.remove("format").filter(|_| is_plain);
    is_plain && schema.insert("type".to_owned(), json!(new)).is_some()
}

fn set_format(schema: &mut Map<String, Value>, ty: &str, format: &str) -> bool {
    let is_plain = schema.get("type") == Some(&json!(ty)) && !schema.contains_key("enum");
    is_plain && schema.insert("format".to_owned(), json!(format)) != Some(json!(format))
}

fn remove_item(schema: &mut Map<String, Value>, key: &str, rng: &mut Rng) -> bool {
    let items = schema.get_mut(key).and_then(Value::as_array_mut).filter(|items| items.len() > 1);
    items.is_some_and(|items| {
        let at = rng.usize(..items.len());
        items.remove(at);
        true
    })
}

fn add_parameter(operation: &mut Map<String, Value>, parameter: Value) -> bool {
    let all = operation.entry("parameters").or_insert_with(|| json!([]));
    all.as_array_mut().filter(|all| !all.contains(&parameter)).map(|all| all.push(parameter)).is_some()
}

fn add_response(operation: &mut Map<String, Value>, status: &str, response: Value) -> bool {
    object(operation, "responses").is_some_and(|all| all.insert(status.to_owned(), response).is_none())
}
