//! Converts the schemas of an OpenAPI document into JSON Schema, and validates values with the `jsonschema` crate.
//!
//! The schemas of OpenAPI 3.1 are those of JSON Schema 2020-12. OpenAPI 3.0 differs from JSON Schema in `nullable`, boolean `exclusiveMinimum` and `exclusiveMaximum`, `readOnly`
//! and `writeOnly`. Because of `readOnly` and `writeOnly`, a schema is converted differently for requests and for
//! responses. Therefore, each direction has its own registry with the converted targets of all `$ref`s.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};

/// Whether a value is sent in a request or a response. Requests omit `readOnly` properties, responses omit `writeOnly`
/// properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// Returns the keyword for properties that this direction omits: `readOnly` or `writeOnly`.
    pub(crate) fn excludes(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}

/// The base URI of the registered schemas.
const BASE: &str = "urn:clientwright:document";
/// The JSON Schema dialect of the converted schemas. This version defines all formats of OpenAPI, including `uuid`.
pub(crate) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// The maximum length of a chain of `$ref`s, each of which refers to the next.
const MAX_REFERENCES: usize = 64;

/// The schemas of one document.
pub(crate) struct Schemas {
    root: Value,
    registries: BTreeMap<Direction, Registry<'static>>,
    /// Maps each `$ref` to the index of its target in the registries.
    indices: BTreeMap<String, usize>,
    validators: Mutex<HashMap<(Direction, String), CachedValidator>>,
}

/// A compiled validator, or the reason why its schema is invalid.
type CachedValidator = Arc<Result<Validator, String>>;

impl Schemas {
    pub(crate) fn new(root: Value) -> Result<Self> {
        let mut indices = BTreeMap::new();
        collect(&root, &mut indices);
        let components = root.pointer("/components/schemas").and_then(Value::as_object);
        for name in components.into_iter().flatten().map(|(name, _)| name.replace('~', "~0").replace('/', "~1")) {
            let next = indices.len();
            indices.entry(format!("#/components/schemas/{name}")).or_insert(next);
        }
        let mut registries = BTreeMap::new();
        for direction in [Direction::Request, Direction::Response] {
            let converter =
                Converter { root: &root, indices: &indices, direction, is_2020: has_schemas_of_2020(&root) };
            let definitions: Map<String, Value> = indices
                .iter()
                .filter_map(|(reference, index)| {
                    Some((index.to_string(), converter.convert(follow(&root, reference)?)))
                })
                .collect();
            let resource = jsonschema::Resource::from_contents(json!({
                "$schema": DIALECT,
                "$defs": definitions,
            }));
            let registry = Registry::new().add(BASE, resource).and_then(jsonschema::RegistryBuilder::prepare);
            registries.insert(direction, registry.context("cannot register the schemas of the document")?);
        }
        Ok(Self { root, registries, indices, validators: Mutex::default() })
    }

    /// Returns the target of a node with `$ref`, or the node itself without `$ref`.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        resolve(&self.root, node)
    }

    /// Validates a value against a schema. Returns the errors.
    ///
    /// If the schema is a base type with a discriminator, also validates the value against the subtype that the
    /// discriminator selects.
    pub(crate) fn errors(&self, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
        let own = self.schema_errors(schema, value, direction);
        let subtype = own.is_empty().then(|| self.subtype(schema, value)).flatten();
        subtype.map_or(own, |subtype| self.schema_errors(&json!({ "$ref": subtype }), value, direction))
    }

    /// Returns the reference to the subtype that the discriminator selects for a value. Returns `None` if `mapping`
    /// does not contain the subtype.
    fn subtype<'a>(&'a self, schema: &'a Value, value: &Value) -> Option<&'a str> {
        let schema = self.resolve(schema);
        let discriminator = schema.get("discriminator").filter(|_| !is_union(schema))?;
        let value = value.get(discriminator.get("propertyName")?.as_str()?)?.as_str()?;
        discriminator.get("mapping")?.get(value)?.as_str().filter(|reference| self.indices.contains_key(*reference))
    }

    fn schema_errors(&self, schema: &Value, value: &Value, direction: Direction) -> Vec<String> {
        match self.validator(schema, direction).as_ref() {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| {
                    let path = error.instance_path().to_string();
                    if path.is_empty() { error.to_string() } else { format!("{path}: {error}") }
                })
                .collect(),
            Err(reason) => vec![format!("invalid schema: {reason}")],
        }
    }

    pub(crate) fn is_valid(&self, schema: &Value, value: &Value, direction: Direction) -> bool {
        self.errors(schema, value, direction).is_empty()
    }

    fn validator(&self, schema: &Value, direction: Direction) -> CachedValidator {
        let key = (direction, schema.to_string());
        let cached = |map: &HashMap<_, Arc<_>>| map.get(&key).map(Arc::clone);
        // Ignore poisoning: the cache remains consistent if a thread panics.
        let mut validators = self.validators.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(validator) = cached(&validators) {
            return validator;
        }
        let is_2020 = has_schemas_of_2020(&self.root);
        let converter = Converter { root: &self.root, indices: &self.indices, direction, is_2020 };
        let mut converted = converter.convert(schema);
        if let Value::Object(keywords) = &mut converted
            && !keywords.contains_key("$ref")
        {
            keywords.insert("$schema".to_owned(), json!(DIALECT));
        }
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true);
        if let Some(registry) = self.registries.get(&direction) {
            options = options.with_registry(registry);
        }
        let validator = Arc::new(options.build(&converted).map_err(|error| error.to_string()));
        validators.insert(key, Arc::clone(&validator));
        validator
    }
}

/// Returns the target of a node with `$ref`, or the node itself without `$ref`.
pub(crate) fn resolve<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    let mut node = node;
    for _ in 0..MAX_REFERENCES {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { break };
        let Some(next) = follow(root, reference) else { break };
        node = next;
    }
    node
}

/// Returns the target of a reference.
fn follow<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let fragment = reference.strip_prefix('#')?;
    let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    root.pointer(&fragment)
}

/// Returns whether a schema has `oneOf` or `anyOf`.
fn is_union(schema: &Value) -> bool {
    ["oneOf", "anyOf"].iter().any(|keyword| schema.get(keyword).is_some_and(Value::is_array))
}

/// Returns the property name of a discriminator, and the discriminator values that select the target of a reference:
/// the keys in `mapping`, or the target's schema name if `mapping` does not contain it.
pub(crate) fn discriminator_values(discriminator: &Value, reference: &str) -> Option<(String, Vec<String>)> {
    let property = discriminator.get("propertyName")?.as_str()?;
    let short = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let is_mapped = |target: &Value| target.as_str().is_some_and(|target| target == reference || target == short);
    let mut discriminator_values: Vec<String> =
        mapping.filter(|(_, target)| is_mapped(target)).map(|(value, _)| value.clone()).collect();
    if discriminator_values.is_empty() {
        discriminator_values.push(short.to_owned());
    }
    Some((property.to_owned(), discriminator_values))
}

/// Collects all references of the document. Also collects `$ref` properties in examples, which is harmless.
fn collect(node: &Value, indices: &mut BTreeMap<String, usize>) {
    match node {
        Value::Object(properties) => {
            if let Some(reference) = properties.get("$ref").and_then(Value::as_str) {
                let next = indices.len();
                indices.entry(reference.to_owned()).or_insert(next);
            }
            properties.values().for_each(|value| collect(value, indices));
        }
        Value::Array(elements) => elements.iter().for_each(|value| collect(value, indices)),
        _ => {}
    }
}

struct Converter<'a> {
    root: &'a Value,
    indices: &'a BTreeMap<String, usize>,
    direction: Direction,
    /// Whether the keywords are those of JSON Schema 2020-12.
    is_2020: bool,
}

/// Returns whether the schemas of a document are those of JSON Schema 2020-12.
pub(crate) fn has_schemas_of_2020(root: &Value) -> bool {
    let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
    version.starts_with("3.") && !version.starts_with("3.0")
}

impl Converter<'_> {
    // The recursion is bounded by the reader's nesting limit.
    fn convert(&self, schema: &Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let target = match self.indices.get(reference) {
                Some(index) => json!({ "$ref": format!("{BASE}#/$defs/{index}") }),
                // Convert a `$ref` without a target to a schema that allows no value.
                None => json!({ "not": {} }),
            };
            // In OpenAPI 3.0, keywords beside `$ref` are ignored.
            if !self.is_2020 || keywords.len() == 1 {
                return target;
            }
            let mut beside = keywords.clone();
            beside.remove("$ref");
            return json!({ "allOf": [target, self.convert(&Value::Object(beside))] });
        }
        let mut converted = Map::new();
        for (key, value) in keywords {
            let value = match (key.as_str(), value) {
                ("items" | "not", value) => self.convert(value),
                ("additionalProperties", Value::Object(_)) => self.convert(value),
                ("allOf", Value::Array(parts)) => parts.iter().map(|part| self.convert(part)).collect(),
                ("anyOf" | "oneOf", Value::Array(variants)) => {
                    variants.iter().map(|variant| self.variant(variant, keywords.get("discriminator"))).collect()
                }
                ("properties", Value::Object(properties)) => {
                    let converted = properties.iter().map(|(name, schema)| (name.clone(), self.convert(schema)));
                    Value::Object(converted.collect())
                }
                ("required", Value::Array(names)) => self.required(names, keywords.get("properties")),
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
                _ if self.is_2020 => match self.of_2020(key, value) {
                    Some(value) => value,
                    None => continue,
                },
                _ => continue,
            };
            converted.insert(key.clone(), value);
        }
        for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if keywords.get(exclusive) == Some(&Value::Bool(true))
                && let Some(value) = converted.remove(bound)
            {
                converted.insert(exclusive.to_owned(), value);
            }
        }
        let converted = Value::Object(converted);
        let bounds = match keywords.get("format").and_then(Value::as_str) {
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
        let converted = match bounds {
            Some(bounds) => json!({ "allOf": [converted, bounds] }),
            None => converted,
        };
        match keywords.get("nullable") {
            Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, converted] }),
            _ => converted,
        }
    }

    /// Converts a keyword that OpenAPI 3.0 does not have. Returns `None` for annotations.
    fn of_2020(&self, key: &str, value: &Value) -> Option<Value> {
        Some(match (key, value) {
            (
                "const" | "dependentRequired" | "exclusiveMaximum" | "exclusiveMinimum" | "maxContains" | "minContains",
                value,
            ) => value.clone(),
            (
                "contains" | "else" | "if" | "propertyNames" | "then" | "unevaluatedItems" | "unevaluatedProperties",
                value,
            ) => self.convert(value),
            ("prefixItems", Value::Array(items)) => items.iter().map(|item| self.convert(item)).collect(),
            ("dependentSchemas" | "patternProperties", Value::Object(schemas)) => {
                Value::Object(schemas.iter().map(|(name, schema)| (name.clone(), self.convert(schema))).collect())
            }
            _ => return None,
        })
    }

    /// Converts a variant of a union. Restricts the discriminator property to the values that select the variant.
    fn variant(&self, variant: &Value, discriminator: Option<&Value>) -> Value {
        let converted = self.convert(variant);
        let reference = variant.get("$ref").and_then(Value::as_str);
        match discriminator
            .zip(reference)
            .and_then(|(discriminator, reference)| discriminator_values(discriminator, reference))
        {
            Some((property, discriminator_values)) => {
                json!({ "allOf": [converted, { "properties": { property: { "enum": discriminator_values } } }] })
            }
            None => converted,
        }
    }

    /// Returns the names in `required`, without the properties that this direction omits.
    fn required(&self, names: &[Value], properties: Option<&Value>) -> Value {
        let is_included = |name: &&Value| {
            let property = name.as_str().and_then(|name| properties?.get(name));
            !property.is_some_and(|property| {
                resolve(self.root, property).get(self.direction.excludes()) == Some(&Value::Bool(true))
            })
        };
        names.iter().filter(is_included).cloned().collect()
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
    fn keywords_of_2020_apply_since_openapi_3_1() {
        let schemas = |version: &str| {
            let components = json!({ "Text": { "type": "string" } });
            Schemas::new(json!({ "openapi": version, "components": { "schemas": components } })).unwrap()
        };
        let (old, new) = (schemas("3.0.3"), schemas("3.1.0"));
        for (schema, value) in [
            (json!({ "const": 1 }), json!(2)),
            (json!({ "prefixItems": [{ "type": "string" }] }), json!([1])),
            (json!({ "exclusiveMinimum": 1 }), json!(1)),
            (json!({ "patternProperties": { "^a": { "type": "string" } } }), json!({ "ab": 1 })),
            (json!({ "$ref": "#/components/schemas/Text", "maxLength": 1 }), json!("ab")),
            (json!({ "if": { "type": "string" }, "then": { "maxLength": 1 } }), json!("ab")),
        ] {
            assert!(!valid(&new, &schema, value.clone()) && valid(&old, &schema, value), "{schema}");
        }
    }

    #[test]
    fn null_is_valid_if_nullable() {
        let schemas = schemas(json!({ "Name": { "type": "string", "nullable": true, "enum": ["a"] } }));
        let name = json!({ "$ref": "#/components/schemas/Name" });
        assert!(valid(&schemas, &name, json!(null)));
        assert!(valid(&schemas, &name, json!("a")));
        assert!(!valid(&schemas, &name, json!("b")));
        assert!(!valid(&schemas, &json!({ "type": "string" }), json!(null)));
    }

    #[test]
    fn boolean_exclusive_bounds_apply() {
        let schemas = schemas(json!({}));
        let above = json!({ "type": "number", "minimum": 3, "exclusiveMinimum": true });
        assert!(!valid(&schemas, &above, json!(3)));
        assert!(valid(&schemas, &above, json!(3.5)));
        let from = json!({ "type": "number", "minimum": 3, "exclusiveMinimum": false });
        assert!(valid(&schemas, &from, json!(3)));
        assert!(!valid(&schemas, &json!({ "type": "integer", "format": "int32" }), json!(3_000_000_000_i64)));
    }

    #[test]
    fn property_of_other_direction_is_optional() {
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
    fn recursive_schema_validates() {
        let schemas = schemas(json!({
            "Tree": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Tree" } },
        }));
        let tree = json!({ "$ref": "#/components/schemas/Tree" });
        assert!(valid(&schemas, &tree, json!({ "a": { "b": {} } })));
        assert_eq!(schemas.errors(&tree, &json!({ "a": { "b": 1 } }), Direction::Request).len(), 1);
    }

    #[test]
    fn invalid_value_of_known_format_is_rejected() {
        let schemas = schemas(json!({}));
        assert!(!valid(&schemas, &json!({ "type": "string", "format": "uuid" }), json!("no")));
        assert!(valid(&schemas, &json!({ "type": "string", "format": "mood" }), json!("no")));
    }
}
