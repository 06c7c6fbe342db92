//! The document's schemas as JSON Schema: OpenAPI 3.0's come in, validators of the `jsonschema` crate come out.
//!
//! OpenAPI 3.0 is a dialect of its own: `nullable`, limits that are exclusive by a boolean beside them, members that belong
//! to one direction only. Each direction has a registry, into which every schema that some reference names is converted once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};

/// Which way a value travels: requests leave `readOnly` members out, answers those that are `writeOnly`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// The keyword that keeps a member out of this direction.
    pub(crate) fn excludes(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}

/// Under which the converted schemas are registered.
const BASE: &str = "urn:clientwright:document";
/// What the converted schemas are written in: a version whose formats are those of OpenAPI, `uuid` included.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// How many references may follow each other.
const CHAIN: usize = 64;

/// The schemas of one document.
pub(crate) struct Schemas {
    root: Value,
    registries: BTreeMap<Direction, Registry<'static>>,
    /// Where each reference leads in the registries.
    places: BTreeMap<String, usize>,
    validators: Mutex<HashMap<(Direction, String), Built>>,
}

/// A validator, or why there is none.
type Built = Arc<Result<Validator, String>>;

impl Schemas {
    pub(crate) fn new(root: Value) -> Result<Self> {
        let mut places = BTreeMap::new();
        collect(&root, &mut places);
        let components = root.pointer("/components/schemas").and_then(Value::as_object);
        for name in components.into_iter().flatten().map(|(name, _)| name.replace('~', "~0").replace('/', "~1")) {
            let next = places.len();
            places.entry(format!("#/components/schemas/{name}")).or_insert(next);
        }
        let mut registries = BTreeMap::new();
        for direction in [Direction::Request, Direction::Response] {
            let converter = Converter { root: &root, places: &places, direction };
            let definitions: Map<String, Value> = places
                .iter()
                .filter_map(|(reference, place)| {
                    Some((place.to_string(), converter.convert(follow(&root, reference)?)))
                })
                .collect();
            let resource = jsonschema::Resource::from_contents(json!({
                "$schema": DIALECT,
                "$defs": definitions,
            }));
            let registry = Registry::new().add(BASE, resource).and_then(jsonschema::RegistryBuilder::prepare);
            registries.insert(direction, registry.context("the document's schemas cannot be registered")?);
        }
        Ok(Self { root, registries, places, validators: Mutex::default() })
    }

    /// What a node stands for, references followed.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        resolve(&self.root, node)
    }

    /// What is wrong with a value; nothing where it is valid. Of a base, it is the heir that the value says it is.
    pub(crate) fn faults(&self, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
        let own = self.faults_by(schema, value, direction);
        let heir = own.is_empty().then(|| self.heir(schema, value)).flatten();
        heir.map_or(own, |heir| self.faults_by(&json!({ "$ref": heir }), value, direction))
    }

    /// The heir that a value of a base says it is, where the base lists its heirs in a mapping.
    fn heir<'a>(&'a self, schema: &'a Value, value: &Value) -> Option<&'a str> {
        let schema = self.resolve(schema);
        let discriminator = schema.get("discriminator").filter(|_| !is_union(schema))?;
        let label = value.get(discriminator.get("propertyName")?.as_str()?)?.as_str()?;
        discriminator.get("mapping")?.get(label)?.as_str().filter(|reference| self.places.contains_key(*reference))
    }

    fn faults_by(&self, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
        match self.validator(schema, direction).as_ref() {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| {
                    let place = error.instance_path().to_string();
                    if place.is_empty() { error.to_string() } else { format!("{place}: {error}") }
                })
                .collect(),
            Err(reason) => vec![format!("its schema is none: {reason}")],
        }
    }

    pub(crate) fn is_valid(&self, schema: &Value, value: &Value, direction: Direction) -> bool {
        self.faults(schema, value, direction).is_empty()
    }

    fn validator(&self, schema: &Value, direction: Direction) -> Built {
        let key = (direction, schema.to_string());
        let known = |map: &HashMap<_, Arc<_>>| map.get(&key).map(Arc::clone);
        // A thread that panicked leaves the table as useful as it was.
        let mut validators = self.validators.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(validator) = known(&validators) {
            return validator;
        }
        let converter = Converter { root: &self.root, places: &self.places, direction };
        let mut converted = converter.convert(schema);
        if let Value::Object(members) = &mut converted
            && !members.contains_key("$ref")
        {
            members.insert("$schema".to_owned(), json!(DIALECT));
        }
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true);
        if let Some(registry) = self.registries.get(&direction) {
            options = options.with_registry(registry);
        }
        let built = Arc::new(options.build(&converted).map_err(|error| error.to_string()));
        validators.insert(key, Arc::clone(&built));
        built
    }
}

/// What a node stands for, references followed.
pub(crate) fn resolve<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    let mut node = node;
    for _ in 0..CHAIN {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { break };
        let Some(next) = follow(root, reference) else { break };
        node = next;
    }
    node
}

/// What a reference of the document leads to.
fn follow<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let fragment = reference.strip_prefix('#')?;
    let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    root.pointer(&fragment)
}

/// Whether a schema lists alternatives.
fn is_union(schema: &Value) -> bool {
    ["oneOf", "anyOf"].iter().any(|keyword| schema.get(keyword).is_some_and(Value::is_array))
}

/// The discriminator's member, and its values for what a reference leads to: those that are mapped to it, else its name.
pub(crate) fn labels(discriminator: &Value, reference: &str) -> Option<(String, Vec<String>)> {
    let member = discriminator.get("propertyName")?.as_str()?;
    let short = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let is_meant = |target: &Value| target.as_str().is_some_and(|target| target == reference || target == short);
    let mut labels: Vec<String> =
        mapping.filter(|(_, target)| is_meant(target)).map(|(label, _)| label.clone()).collect();
    if labels.is_empty() {
        labels.push(short.to_owned());
    }
    Some((member.to_owned(), labels))
}

/// Every reference of the document, examples included: one too many costs nothing.
fn collect(node: &Value, places: &mut BTreeMap<String, usize>) {
    match node {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let next = places.len();
                places.entry(reference.to_owned()).or_insert(next);
            }
            members.values().for_each(|value| collect(value, places));
        }
        Value::Array(elements) => elements.iter().for_each(|value| collect(value, places)),
        _ => {}
    }
}

struct Converter<'a> {
    root: &'a Value,
    places: &'a BTreeMap<String, usize>,
    direction: Direction,
}

impl Converter<'_> {
    // Depth is bounded by the reader's limit on nesting.
    fn convert(&self, schema: &Value) -> Value {
        let Value::Object(members) = schema else { return schema.clone() };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return match self.places.get(reference) {
                Some(place) => json!({ "$ref": format!("{BASE}#/$defs/{place}") }),
                // It leads nowhere, and nothing is valid for it.
                None => json!({ "not": {} }),
            };
        }
        let mut converted = Map::new();
        for (key, value) in members {
            let value = match (key.as_str(), value) {
                ("items" | "not", value) => self.convert(value),
                ("additionalProperties", Value::Object(_)) => self.convert(value),
                ("allOf", Value::Array(arms)) => arms.iter().map(|arm| self.convert(arm)).collect(),
                ("anyOf" | "oneOf", Value::Array(arms)) => {
                    arms.iter().map(|arm| self.arm(arm, members.get("discriminator"))).collect()
                }
                ("properties", Value::Object(properties)) => {
                    let converted = properties.iter().map(|(name, schema)| (name.clone(), self.convert(schema)));
                    Value::Object(converted.collect())
                }
                ("required", Value::Array(names)) => self.required(names, members.get("properties")),
                (
                    "type"
                    | "enum"
                    | "format"
                    | "pattern"
                    | "minLength"
                    | "maxLength"
                    | "minItems"
                    | "maxItems"
                    | "uniqueItems"
                    | "minProperties"
                    | "maxProperties"
                    | "multipleOf"
                    | "minimum"
                    | "maximum"
                    | "additionalProperties",
                    value,
                ) => value.clone(),
                _ => continue,
            };
            converted.insert(key.clone(), value);
        }
        for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if members.get(exclusive) == Some(&Value::Bool(true))
                && let Some(value) = converted.remove(limit)
            {
                converted.insert(exclusive.to_owned(), value);
            }
        }
        let converted = Value::Object(converted);
        let limits = match members.get("format").and_then(Value::as_str) {
            Some("int8") => Some(json!({ "minimum": i8::MIN, "maximum": i8::MAX })),
            Some("int16") => Some(json!({ "minimum": i16::MIN, "maximum": i16::MAX })),
            Some("int32") => Some(json!({ "minimum": i32::MIN, "maximum": i32::MAX })),
            Some("int64") => Some(json!({ "minimum": i64::MIN, "maximum": i64::MAX })),
            Some("uint8") => Some(json!({ "minimum": u8::MIN, "maximum": u8::MAX })),
            Some("uint16") => Some(json!({ "minimum": u16::MIN, "maximum": u16::MAX })),
            Some("uint32") => Some(json!({ "minimum": u32::MIN, "maximum": u32::MAX })),
            Some("uint64") => Some(json!({ "minimum": u64::MIN, "maximum": u64::MAX })),
            _ => None,
        };
        let converted = match limits {
            Some(limits) => json!({ "allOf": [converted, limits] }),
            None => converted,
        };
        match members.get("nullable") {
            Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, converted] }),
            _ => converted,
        }
    }

    /// An arm of a union. A discriminator says which arm is meant, where the arms alone do not.
    fn arm(&self, arm: &Value, discriminator: Option<&Value>) -> Value {
        let converted = self.convert(arm);
        let reference = arm.get("$ref").and_then(Value::as_str);
        match discriminator.zip(reference).and_then(|(discriminator, reference)| labels(discriminator, reference)) {
            Some((member, labels)) => {
                json!({ "allOf": [converted, { "properties": { member: { "enum": labels } } }] })
            }
            None => converted,
        }
    }

    /// What must be there in this direction.
    fn required(&self, names: &[Value], properties: Option<&Value>) -> Value {
        let travels = |name: &&Value| {
            let property = name.as_str().and_then(|name| properties?.get(name));
            !property.is_some_and(|property| {
                resolve(self.root, property).get(self.direction.excludes()) == Some(&Value::Bool(true))
            })
        };
        names.iter().filter(travels).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(components: Value) -> Schemas {
        Schemas::new(json!({ "components": { "schemas": components } })).unwrap()
    }

    fn valid(schemas: &Schemas, schema: &Value, value: Value) -> bool {
        schemas.is_valid(schema, &value, Direction::Request)
    }

    #[test]
    fn null_is_valid_where_the_document_says_nullable() {
        let schemas = schemas(json!({ "Name": { "type": "string", "nullable": true, "enum": ["a"] } }));
        let name = json!({ "$ref": "#/components/schemas/Name" });
        assert!(valid(&schemas, &name, json!(null)));
        assert!(valid(&schemas, &name, json!("a")));
        assert!(!valid(&schemas, &name, json!("b")));
        assert!(!valid(&schemas, &json!({ "type": "string" }), json!(null)));
    }

    #[test]
    fn limits_are_exclusive_by_a_boolean() {
        let schemas = schemas(json!({}));
        let above = json!({ "type": "number", "minimum": 3, "exclusiveMinimum": true });
        assert!(!valid(&schemas, &above, json!(3)));
        assert!(valid(&schemas, &above, json!(3.5)));
        let from = json!({ "type": "number", "minimum": 3, "exclusiveMinimum": false });
        assert!(valid(&schemas, &from, json!(3)));
        assert!(!valid(&schemas, &json!({ "type": "integer", "format": "int32" }), json!(3_000_000_000_i64)));
    }

    #[test]
    fn a_member_of_the_other_direction_is_not_required() {
        let schemas = schemas(json!({
            "Id": { "type": "string", "readOnly": true },
            "Pet": { "required": ["id", "name"], "properties": {
                "id": { "$ref": "#/components/schemas/Id" }, "name": { "type": "string" } } },
        }));
        let pet = json!({ "$ref": "#/components/schemas/Pet" });
        assert!(schemas.is_valid(&pet, &json!({ "name": "Rex" }), Direction::Request));
        assert!(!schemas.is_valid(&pet, &json!({ "name": "Rex" }), Direction::Response));
    }

    #[test]
    fn schemas_may_go_round() {
        let schemas = schemas(json!({
            "Tree": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Tree" } },
        }));
        let tree = json!({ "$ref": "#/components/schemas/Tree" });
        assert!(valid(&schemas, &tree, json!({ "a": { "b": {} } })));
        assert_eq!(schemas.faults(&tree, &json!({ "a": { "b": 1 } }), Direction::Request).len(), 1);
    }

    #[test]
    fn formats_are_checked_and_unknown_ones_are_not() {
        let schemas = schemas(json!({}));
        assert!(!valid(&schemas, &json!({ "type": "string", "format": "uuid" }), json!("no")));
        assert!(valid(&schemas, &json!({ "type": "string", "format": "mood" }), json!("no")));
    }
}
