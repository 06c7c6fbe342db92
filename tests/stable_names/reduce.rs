//! Removes random parts of an OpenAPI document. The result is valid if possible: what refers to a removed schema is
//! removed too, and path parameters are kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The keys of operations in path items.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The keys of objects whose values are components other than schemas.
const COMPONENTS: [&str; 5] = ["parameters", "responses", "requestBodies", "headers", "pathItems"];

/// The pointers to schemas in OpenAPI 3 and Swagger 2.0, and the beginnings of references to them.
const SCHEMAS: [(&str, &str); 2] =
    [("/components/schemas", "#/components/schemas/"), ("/definitions", "#/definitions/")];

/// Returns the document without random operations, parameters, schemas, properties and enum values. Returns `None` if
/// no operation remains: a document without operations is a collection of schemas, whose types are all generated.
pub fn reduced(full: &Value, seed: u64) -> Option<Value> {
    let mut reduction = Reduction { random: Random(seed), removed: BTreeSet::new(), kept: BTreeSet::new() };
    let mut document = full.clone();
    reduction.keep_used_properties(&document);
    reduction.keep_used_schemas(&document);
    reduction.schemas(&mut document);
    reduction.operations(&mut document);
    reduction.inside(&mut document, true);
    let count = |document: &Value| document.get("paths").and_then(Value::as_object).map_or(0, Map::len);
    (count(&document) > 0 || count(full) == 0).then_some(document)
}

struct Reduction {
    random: Random,
    /// The `$ref`s to removed components.
    removed: BTreeSet<String>,
    /// The names of properties that are not removed, because other parts of the document depend on them, and the
    /// references to their schemas, whose enums are not reduced.
    kept: BTreeSet<String>,
}

/// A generator of random numbers: SplitMix64.
struct Random(u64);

impl Random {
    /// Returns true for `percent` of all calls.
    fn chance(&mut self, percent: u64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 100 < percent
    }
}

impl Reduction {
    /// Collects the properties that identify variants, pages and kinds of streams.
    fn keep_used_properties(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(Value::Object(properties)) = object.get("properties") {
                    let values = |it: &Value| it.get("enum").and_then(Value::as_array).map_or(0, Vec::len);
                    let is_fixed = |it: &Value| it.get("const").is_some() || values(it) == 1;
                    let fixed = properties.iter().filter(|(_, property)| is_fixed(property));
                    self.kept.extend(fixed.map(|(name, _)| name.clone()));
                    // The objects of a stream of a gRPC gateway.
                    if properties.len() == 2 && properties.contains_key("result") && properties.contains_key("error") {
                        self.kept.extend(["result", "error"].map(str::to_owned));
                    }
                    // Variants without such a property get it from the schema around the union.
                    if object.contains_key("oneOf") || object.contains_key("anyOf") {
                        self.kept.extend(properties.keys().cloned());
                    }
                }
                // Another schema of the same value defines these properties. Without its definition, a required
                // property can have any value.
                let defined = object.get("properties").and_then(Value::as_object);
                let required = object.get("required").and_then(Value::as_array).into_iter().flatten();
                let elsewhere = required
                    .filter_map(Value::as_str)
                    .filter(|name| defined.is_none_or(|properties| !properties.contains_key(*name)));
                self.kept.extend(elsewhere.map(str::to_owned));
                if object.contains_key("text/event-stream") {
                    self.kept.extend(["data", "event"].map(str::to_owned));
                }
                for (key, value) in object {
                    match (key.as_str(), value) {
                        ("propertyName" | "discriminator", Value::String(name)) => {
                            self.kept.insert(name.clone());
                        }
                        ("x-pagination", settings) => self.keep_strings(settings),
                        _ => self.keep_used_properties(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.keep_used_properties(item)),
            _ => {}
        }
    }

    /// Collects the references to the schemas of kept properties.
    fn keep_used_schemas(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                for (name, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    let target = property.get("$ref").and_then(Value::as_str).filter(|_| self.kept.contains(name));
                    self.kept.extend(target.map(str::to_owned));
                }
                object.values().for_each(|value| self.keep_used_schemas(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.keep_used_schemas(item)),
            _ => {}
        }
    }

    fn keep_strings(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.kept.extend(text.split(['/', '.']).map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| self.keep_strings(item)),
            Value::Object(object) => object.values().for_each(|value| self.keep_strings(value)),
            _ => {}
        }
    }

    /// Removes some component schemas, and everything that cannot exist without them.
    fn schemas(&mut self, document: &mut Value) {
        let parents = subtypes(document);
        for (section, prefix) in SCHEMAS {
            if let Some(schemas) = document.pointer_mut(section).and_then(Value::as_object_mut) {
                let names: Vec<String> = schemas.keys().filter(|_| self.random.chance(8)).cloned().collect();
                for name in names {
                    schemas.remove(&name);
                    self.removed.insert(reference(prefix, &name));
                }
            }
        }
        // A component that refers to a removed one is removed too.
        while self.prune_components(document) || self.prune_parents(document, &parents) {}
        self.prune_paths(document);
    }

    /// Removes the schemas with a discriminator that have lost all subtypes: without subtypes, such a schema is a
    /// struct instead of a union. Returns whether schemas were removed.
    fn prune_parents(&mut self, document: &mut Value, parents: &BTreeMap<String, BTreeSet<String>>) -> bool {
        let mut changed = false;
        for (section, prefix) in SCHEMAS {
            let Some(schemas) = document.pointer_mut(section).and_then(Value::as_object_mut) else { continue };
            schemas.retain(|name, _| {
                let target = reference(prefix, name);
                let is_alone = parents.get(&target).is_some_and(|subtypes| subtypes.is_subset(&self.removed));
                changed |= is_alone && self.removed.insert(target);
                !is_alone
            });
        }
        changed
    }

    fn prune_components(&mut self, document: &mut Value) -> bool {
        let mut changed = false;
        let sections = ["schemas"].into_iter().chain(COMPONENTS);
        let in_components =
            sections.map(|section| (format!("/components/{section}"), format!("#/components/{section}/")));
        let top =
            ["definitions", "parameters", "responses"].map(|section| (format!("/{section}"), format!("#/{section}/")));
        for (section, prefix) in in_components.chain(top) {
            let Some(components) = document.pointer_mut(&section).and_then(Value::as_object_mut) else { continue };
            let names: Vec<String> = components.keys().cloned().collect();
            for name in names {
                if components.get_mut(&name).is_some_and(|component| self.is_dead(component)) {
                    components.remove(&name);
                    changed |= self.removed.insert(reference(&prefix, &name));
                }
            }
        }
        changed
    }

    fn prune_paths(&mut self, document: &mut Value) {
        for section in ["paths", "webhooks"] {
            let Some(paths) = document.get_mut(section).and_then(Value::as_object_mut) else { continue };
            for item in paths.values_mut().filter_map(Value::as_object_mut) {
                item.retain(|_, value| !self.is_dead(value));
            }
            paths.retain(|_, item| has_operation(item));
        }
    }

    /// Removes references to removed components inside a value. Returns whether the value cannot exist without them.
    fn is_dead(&self, value: &mut Value) -> bool {
        match value {
            Value::Array(items) => items.iter_mut().any(|item| self.is_dead(item)),
            Value::Object(object) => {
                if object.get("$ref").and_then(Value::as_str).is_some_and(|target| self.removed.contains(target)) {
                    return true;
                }
                if let Some(Value::Object(mapping)) =
                    object.get_mut("discriminator").and_then(|it| it.get_mut("mapping"))
                {
                    mapping.retain(|_, target| !target.as_str().is_some_and(|target| self.removed.contains(target)));
                }
                let mut dead = false;
                let mut lost: Vec<String> = Vec::new();
                for (key, value) in object.iter_mut() {
                    match (key.as_str(), value) {
                        ("properties" | "headers", Value::Object(properties)) => {
                            let had_some = key == "properties" && !properties.is_empty();
                            properties.retain(|name, property| {
                                let is_dead = self.is_dead(property);
                                dead |= is_dead && self.kept.contains(name);
                                lost.extend(is_dead.then(|| name.clone()));
                                !is_dead
                            });
                            // A schema without properties is another type: a map, or the other schema of an `allOf`.
                            dead |= had_some && properties.is_empty();
                        }
                        ("oneOf" | "anyOf", Value::Array(variants)) => {
                            let before = variants.len();
                            variants.retain_mut(|variant| !self.is_dead(variant));
                            // A union with one variant is another type than the union.
                            dead |= variants.len() < before && variants.len() < 2;
                        }
                        // `default` can be the key of a response.
                        ("responses", Value::Object(responses)) => {
                            responses.values_mut().for_each(|response| dead |= self.is_dead(response));
                        }
                        ("example" | "examples" | "enum" | "default" | "security", _) => {}
                        (_, value) => dead |= self.is_dead(value),
                    }
                }
                remove_required(object, &lost);
                dead
            }
            _ => false,
        }
    }

    /// Removes some operations and parameters.
    fn operations(&mut self, document: &mut Value) {
        let components = document.get("components").cloned().unwrap_or_default();
        let parameters =
            components.get("parameters").or_else(|| document.get("parameters")).cloned().unwrap_or_default();
        let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
        let items = paths.values().filter_map(Value::as_object);
        let mut left = items.flat_map(Map::keys).filter(|key| METHODS.contains(&key.as_str())).count();
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            // A parameter of an operation can override one of the path.
            let has_shared = item.contains_key("parameters");
            item.retain(|key, operation| {
                if !METHODS.contains(&key.as_str()) {
                    return true;
                }
                let is_free = !has_shared && operation.get("x-pagination").is_none();
                if let Some(Value::Array(list)) = operation.get_mut("parameters").filter(|_| is_free) {
                    list.retain(|parameter| !is_optional(parameter, &parameters) || !self.random.chance(15));
                }
                let is_removed = left > 1 && self.random.chance(15);
                left -= usize::from(is_removed);
                !is_removed
            });
        }
        paths.retain(|_, item| has_operation(item));
    }

    /// Removes some properties and enum values from the contents of a body. Media types with the same schema have one
    /// type, which the document repeats, so their schemas stay equal.
    fn contents(&mut self, contents: &mut Map<String, Value>) {
        let mut known: Vec<(Value, Value)> = Vec::new();
        for schema in contents.values_mut().filter_map(|media_type| media_type.get_mut("schema")) {
            if let Some((_, reduced)) = known.iter().find(|(full, _)| full == schema) {
                *schema = reduced.clone();
                continue;
            }
            let full = schema.clone();
            self.inside(schema, true);
            known.push((full, schema.clone()));
        }
    }

    /// Removes some properties and enum values. `is_schema` is false for objects whose keys are names in the document.
    fn inside(&mut self, value: &mut Value, is_schema: bool) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.inside(item, true)),
            Value::Object(object) if is_schema => {
                let has_names = object.keys().any(|key| key.starts_with("x-enum") || key == "x-ms-enum");
                let default = object.get("default").cloned();
                if let Some(Value::Array(values)) = object.get_mut("enum").filter(|_| !has_names) {
                    let mut count = 0;
                    values.retain(|value| {
                        // Keep two values: an enum with one value is a constant.
                        count += 1;
                        count <= 2 || default.as_ref() == Some(value) || !self.random.chance(15)
                    });
                }
                // Another schema of the same value can define the same property, without `required`.
                let required = object.get("required").and_then(Value::as_array).into_iter().flatten();
                let required: BTreeSet<String> = required.filter_map(Value::as_str).map(str::to_owned).collect();
                let is_combined = ["allOf", "oneOf", "anyOf"].iter().any(|key| object.contains_key(*key));
                if let Some(Value::Object(properties)) = object.get_mut("properties").filter(|_| !is_combined) {
                    let mut left = properties.len();
                    properties.retain(|name, _| {
                        let is_needed = required.contains(name) || self.kept.contains(name);
                        let removed = left > 1 && !is_needed && self.random.chance(10);
                        left -= usize::from(removed);
                        !removed
                    });
                }
                for (key, value) in object.iter_mut() {
                    let prefix = match key.as_str() {
                        "properties" => Some(""),
                        "schemas" => Some("#/components/schemas/"),
                        "definitions" => Some("#/definitions/"),
                        _ => None,
                    };
                    if let (Some(prefix), Value::Object(schemas)) = (prefix, &mut *value) {
                        // The values of kept properties identify variants.
                        let is_free = |name: &str, schema: &Value| {
                            schema.get("enum").is_none() || !self.kept.contains(&reference(prefix, name))
                        };
                        let free: Vec<&mut Value> = schemas
                            .iter_mut()
                            .filter(|(name, schema)| is_free(name, schema))
                            .map(|(_, schema)| schema)
                            .collect();
                        free.into_iter().for_each(|schema| self.inside(schema, true));
                        continue;
                    }
                    if let ("content", Value::Object(contents)) = (key.as_str(), &mut *value) {
                        self.contents(contents);
                        continue;
                    }
                    let is_map = ["paths", "patternProperties", "$defs"].contains(&key.as_str())
                        || COMPONENTS.contains(&key.as_str())
                        || ["callbacks", "examples", "links", "securitySchemes"].contains(&key.as_str());
                    if !matches!(key.as_str(), "example" | "examples" | "default" | "enum") {
                        self.inside(value, !is_map);
                    }
                }
            }
            Value::Object(object) => object.values_mut().for_each(|value| self.inside(value, true)),
            _ => {}
        }
    }
}

/// Returns the subtypes of each schema with a discriminator: the schemas that include it with `allOf`, or that its
/// mapping contains. A subtype has the discriminator of its parent.
fn subtypes(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut subtypes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut waiting: Vec<String> = Vec::new();
    for (section, prefix) in SCHEMAS {
        for (name, schema) in document.pointer(section).and_then(Value::as_object).into_iter().flatten() {
            let target = reference(prefix, name);
            let parts = || schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let parents = parts().filter_map(|part| part.get("$ref")).filter_map(Value::as_str);
            for parent in parents {
                subtypes.entry(parent.to_owned()).or_default().insert(target.clone());
            }
            for discriminator in std::iter::once(schema).chain(parts()).filter_map(|part| part.get("discriminator")) {
                let mapped = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
                let mapped = mapped.filter_map(|(_, value)| value.as_str()).filter(|mapped| *mapped != target);
                subtypes.entry(target.clone()).or_default().extend(mapped.map(str::to_owned));
                waiting.push(target.clone());
            }
        }
    }
    let mut with_discriminator: BTreeSet<String> = BTreeSet::new();
    while let Some(target) = waiting.pop() {
        if with_discriminator.insert(target.clone()) {
            waiting.extend(subtypes.get(&target).into_iter().flatten().cloned());
        }
    }
    subtypes.retain(|parent, children| with_discriminator.contains(parent) && !children.is_empty());
    subtypes
}

/// Returns the `$ref` to a component.
fn reference(prefix: &str, name: &str) -> String {
    format!("{prefix}{}", name.replace('~', "~0").replace('/', "~1"))
}

fn has_operation(item: &Value) -> bool {
    item.get("$ref").is_some() || METHODS.iter().any(|method| item.get(method).is_some())
}

/// Returns whether a parameter can be removed: paths need their parameters, and operations need their bodies.
fn is_optional(parameter: &Value, components: &Value) -> bool {
    let name = parameter.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
    let parameter = name.map_or(Some(parameter), |name| components.get(name));
    let location = parameter.and_then(|parameter| parameter.get("in")).and_then(Value::as_str);
    matches!(location, Some("query" | "header" | "cookie"))
}

/// Removes properties from the list of required properties.
fn remove_required(schema: &mut Map<String, Value>, lost: &[String]) {
    if lost.is_empty() {
        return;
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| lost.iter().any(|lost| lost == name)));
        if required.is_empty() {
            schema.remove("required");
        }
    }
}
