//! Flattens a schema: resolves its `$ref`, merges the subschemas of `allOf`, and collects `oneOf` and `anyOf`.

use serde_json::{Map, Value, json};

use crate::schemas::{Schemas, discriminator_values};

/// The maximum nesting depth of `allOf`.
const MAX_DEPTH: usize = 32;

/// A flattened schema: its merged keywords except `$ref`, `allOf`, `oneOf` and `anyOf`, and its unions (`oneOf` and
/// `anyOf`).
#[derive(Debug, Clone, Default)]
pub(super) struct Flat {
    pub(super) keywords: Map<String, Value>,
    pub(super) unions: Vec<Vec<Variant>>,
    /// The unions for which a variant has already been selected.
    pub(super) resolved_unions: Vec<Vec<Variant>>,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant {
    pub(super) schema: Value,
    /// Whether a value must not match another variant of the union (`oneOf`).
    pub(super) exclusive: bool,
    /// The property name of the discriminator, and the value that selects this variant.
    discriminator_value: Option<(String, String)>,
}

impl Variant {
    /// Returns the schema of the variant, with the discriminator property restricted to the value of the variant.
    pub(super) fn exclusive_schema(&self) -> Value {
        match &self.discriminator_value {
            Some((property, value)) => {
                json!({ "allOf": [self.schema, { "properties": { property: { "enum": [value] } } }] })
            }
            None => self.schema.clone(),
        }
    }
}

impl Flat {
    pub(super) fn of(schemas: &Schemas, schema: &Value) -> Result<Self, String> {
        let name = schema.get("$ref").and_then(Value::as_str);
        let mut flat = Self::default();
        flat.merge(schemas, schema, name, MAX_DEPTH)?;
        Ok(flat)
    }

    /// Merges a schema into this schema. `name` is the reference to the schema that is being flattened.
    fn merge(&mut self, schemas: &Schemas, schema: &Value, name: Option<&str>, depth: usize) -> Result<(), String> {
        let depth = depth.checked_sub(1).ok_or("the `allOf` is recursive")?;
        let Value::Object(keywords) = schemas.resolve(schema) else { return Ok(()) };
        // Whether `schema` is the schema that is being flattened, instead of a subschema of its `allOf`.
        let is_requested_schema =
            schema.get("$ref").and_then(Value::as_str).is_some_and(|reference| Some(reference) == name);
        for part in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.merge(schemas, part, name, depth)?;
        }
        let discriminator = keywords.get("discriminator");
        let mut is_union = false;
        for (keyword, exclusive) in [("oneOf", true), ("anyOf", false)] {
            if let Some(Value::Array(variants)) = keywords.get(keyword) {
                is_union = true;
                let variants = variants.iter().map(|variant| {
                    let reference = variant.get("$ref").and_then(Value::as_str);
                    Variant {
                        schema: variant.clone(),
                        exclusive,
                        discriminator_value: discriminator_value(discriminator, reference),
                    }
                });
                self.unions.push(variants.collect());
            }
        }
        // The discriminator of a base type selects a subtype. If the mapping does not contain the base type itself, the
        // base type is the union of its subtypes.
        if !is_union && let Some(subtypes) = subtypes(discriminator, name.filter(|_| is_requested_schema)) {
            self.unions.push(subtypes);
        } else if !is_union && let Some((property, value)) = discriminator_value(discriminator, name) {
            self.require_discriminator(&property, &value);
        }
        for (keyword, value) in keywords {
            self.merge_keyword(keyword, value);
        }
        Ok(())
    }

    /// Merges another schema, so that values must match both.
    pub(super) fn with(mut self, other: Self) -> Self {
        for (keyword, value) in &other.keywords {
            self.merge_keyword(keyword, value);
        }
        self.unions.extend(other.unions);
        self
    }

    /// Restricts the discriminator property to the value of a variant.
    pub(super) fn with_discriminator(mut self, variant: &Variant) -> Self {
        if let Some((property, value)) = &variant.discriminator_value {
            self.require_discriminator(property, value);
        }
        self
    }

    fn require_discriminator(&mut self, property: &str, value: &str) {
        self.merge_keyword("properties", &json!({ property: { "type": "string", "enum": [value] } }));
        self.merge_keyword("required", &json!([property]));
    }

    fn merge_keyword(&mut self, keyword: &str, value: &Value) {
        let Some(known) = self.keywords.get_mut(keyword) else {
            if !matches!(keyword, "allOf" | "oneOf" | "anyOf" | "discriminator") {
                self.keywords.insert(keyword.to_owned(), value.clone());
            }
            return;
        };
        match (keyword, known, value) {
            ("properties", Value::Object(known), Value::Object(more)) => {
                for (name, schema) in more {
                    match known.get_mut(name) {
                        Some(known) if known == schema => {}
                        Some(known) => *known = json!({ "allOf": [known, schema] }),
                        None => {
                            known.insert(name.clone(), schema.clone());
                        }
                    }
                }
            }
            ("required", Value::Array(known), Value::Array(more)) => {
                let new: Vec<Value> = more.iter().filter(|name| !known.contains(name)).cloned().collect();
                known.extend(new);
            }
            ("enum", Value::Array(known), Value::Array(other)) => known.retain(|value| other.contains(value)),
            ("minimum" | "minLength" | "minItems" | "minProperties", known, value)
                if value.as_f64() > known.as_f64() =>
            {
                *known = value.clone();
            }
            ("maximum" | "maxLength" | "maxItems" | "maxProperties", known, value)
                if value.as_f64() < known.as_f64() =>
            {
                *known = value.clone();
            }
            ("items", known, value) if known != value => *known = json!({ "allOf": [known, value] }),
            // Integers are numbers, so `integer` is the more restrictive type.
            ("type", known, value) if known == "number" && value == "integer" => *known = value.clone(),
            ("additionalProperties", known, Value::Bool(false)) => *known = Value::Bool(false),
            // Use the example of the outermost schema, which is merged last: it describes the whole value.
            ("example", known, value) => *known = value.clone(),
            _ => {}
        }
    }
}

/// Returns the subtypes in the mapping of a discriminator. Returns `None` if `requested`, the reference to the schema
/// with the discriminator, is one of them.
fn subtypes(discriminator: Option<&Value>, requested: Option<&str>) -> Option<Vec<Variant>> {
    let (discriminator, requested) = (discriminator?, requested?);
    let property = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let is_subtype = |reference: &str| reference.starts_with('#') && reference != requested;
    if mapping.is_empty() || !mapping.values().all(|target| target.as_str().is_some_and(is_subtype)) {
        return None;
    }
    let variant = |(value, target): (&String, &Value)| {
        let discriminator_value = Some((property.to_owned(), value.clone()));
        Variant { schema: json!({ "$ref": target }), exclusive: false, discriminator_value }
    };
    Some(mapping.iter().map(variant).collect())
}

/// Returns the property name of a discriminator, and a value that selects the target of a reference.
fn discriminator_value(discriminator: Option<&Value>, reference: Option<&str>) -> Option<(String, String)> {
    let (property, discriminator_values) = discriminator_values(discriminator?, reference?)?;
    Some((property, discriminator_values.into_iter().next()?))
}
