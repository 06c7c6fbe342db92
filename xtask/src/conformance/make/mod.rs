//! Generates valid values for schemas.
//!
//! The same arguments, including the seed, result in the same value. Values are validated with the `jsonschema` crate.

mod merge;
mod number;
mod pattern;
mod text;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::schemas::{Direction, Schemas};
use merge::Flat;

/// Which properties a generated object has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Only required properties.
    Required,
    /// All properties that are not recursive.
    All,
}

/// The maximum number of attempts to generate a valid value, each with another seed.
const MAX_ATTEMPTS: u64 = 8;
/// The maximum number of nested values in a generated value. After that, only required properties are added.
const MAX_VALUES: usize = 400;
/// The maximum nesting depth of values.
const MAX_DEPTH: usize = 24;

/// Generates a value for a schema.
///
/// # Errors
///
/// If no attempt generated a valid value, returns the reason why the last attempt failed.
pub(crate) fn value(
    schemas: &Schemas,
    schema: &Value,
    direction: Direction,
    extent: Extent,
    seed: u64,
) -> Result<Value, String> {
    let mut reason = String::new();
    for attempt in 0..MAX_ATTEMPTS {
        let rng = Rng::with_seed(seed.wrapping_add(attempt));
        let mut generator = Generator { schemas, direction, extent, rng, budget: MAX_VALUES, references: Vec::new() };
        match generator.generate(schema) {
            Ok(value) => {
                let errors = schemas.errors(schema, &value, direction);
                if errors.is_empty() {
                    return Ok(value);
                }
                reason = format!("the generated value {value} is not valid: {}", errors.join("; "));
            }
            Err(error) => reason = error,
        }
    }
    Err(reason)
}

struct Generator<'a> {
    schemas: &'a Schemas,
    direction: Direction,
    extent: Extent,
    rng: Rng,
    budget: usize,
    /// The `$ref` to each enclosing schema; an empty string if the schema is inline.
    references: Vec<String>,
}

impl Generator<'_> {
    fn generate(&mut self, schema: &Value) -> Result<Value, String> {
        let reference = schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        if self.references.len() > MAX_DEPTH {
            return Err("the schema is infinitely recursive".to_owned());
        }
        self.references.push(reference.unwrap_or_default());
        let generated = Flat::of(self.schemas, schema).and_then(|flat| self.generate_flat(flat));
        self.references.pop();
        generated
    }

    /// Returns whether a value of the schema would contain a value of an enclosing schema.
    fn is_recursive(&self, schema: &Value) -> bool {
        let mut schema = schema;
        // Only follow references, arrays and `allOf` with one subschema, which cover most recursive schemas.
        for _ in 0..MAX_DEPTH {
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                if self.references.iter().any(|outer| outer == reference) {
                    return true;
                }
                schema = self.schemas.resolve(schema);
            } else if let Some(items) = schema.get("items") {
                schema = items;
            } else if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
                schema = only;
            } else {
                return false;
            }
        }
        true
    }

    fn generate_flat(&mut self, mut flat: Flat) -> Result<Value, String> {
        self.budget = self.budget.saturating_sub(1);
        let Some(variants) = flat.unions.pop() else {
            return self.generate_without_unions(&flat.keywords);
        };
        // Skip a union for which a variant has already been selected: a subtype contains the union of its base type
        // again.
        if flat.resolved_unions.contains(&variants) {
            return self.generate_flat(flat);
        }
        flat.resolved_unions.push(variants.clone());
        let first = self.rng.usize(..variants.len().max(1));
        let (recursive, direct): (Vec<_>, Vec<_>) = (0..variants.len())
            .map(|at| (at + first) % variants.len())
            .partition(|at| variants.get(*at).is_some_and(|variant| self.is_recursive(&variant.schema)));
        let mut reason = "the union has no variants".to_owned();
        for variant in direct.into_iter().chain(recursive).filter_map(|at| variants.get(at)) {
            let generated = Flat::of(self.schemas, &variant.schema)
                .map(|selected| flat.clone().with(selected).with_discriminator(variant));
            match generated.and_then(|merged| self.generate_flat(merged)) {
                // A value must match exactly one variant of a `oneOf`.
                Ok(value) if variant.exclusive && !self.is_only_valid_variant(&variants, &value) => {
                    reason = format!("{value} is valid for several variants of a `oneOf`");
                }
                Ok(value) => return Ok(value),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    fn is_only_valid_variant(&self, variants: &[merge::Variant], value: &Value) -> bool {
        variants
            .iter()
            .filter(|variant| self.schemas.is_valid(&variant.exclusive_schema(), value, self.direction))
            .count()
            <= 1
    }

    /// Generates a value for a schema without unions.
    fn generate_without_unions(&mut self, keywords: &Map<String, Value>) -> Result<Value, String> {
        if let Some(only) = keywords.get("const") {
            return Ok(only.clone());
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            let values: Vec<&Value> = values.iter().filter(|value| !value.is_null() || values.len() == 1).collect();
            let pick = self.rng.usize(..values.len().max(1));
            return values.get(pick).map(|value| (*value).clone()).ok_or_else(|| "the `enum` has no values".to_owned());
        }
        let kind = kind(keywords);
        let has_properties = keywords.contains_key("properties");
        let example = keywords.get("example").filter(|_| !(kind == "object" && has_properties));
        if let Some(example) = example
            && self.schemas.is_valid(&Value::Object(keywords.clone()), example, self.direction)
        {
            return Ok(example.clone());
        }
        match kind {
            "boolean" => Ok(Value::Bool(self.rng.bool())),
            "integer" | "number" => number::generate(keywords, kind == "integer", &mut self.rng),
            "array" => self.array(keywords),
            "object" => self.object(keywords),
            "string" => text::generate(keywords, &mut self.rng).map(Value::String),
            _ => Ok(json!("anything")),
        }
    }

    fn array(&mut self, keywords: &Map<String, Value>) -> Result<Value, String> {
        let min = keywords.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let max = keywords.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let any = json!({});
        let items = keywords.get("items").unwrap_or(&any);
        let target_len = if self.is_recursive(items) || self.budget == 0 { 0 } else { 1 + self.rng.u64(..2) };
        let target_len = target_len.max(min).min(max);
        let unique = keywords.get("uniqueItems") == Some(&Value::Bool(true));
        let mut elements: Vec<Value> = Vec::new();
        for item in keywords.get("prefixItems").and_then(Value::as_array).into_iter().flatten() {
            elements.push(self.generate(item)?);
        }
        let target_len = target_len.max(elements.len() as u64);
        let target_len = if *items == Value::Bool(false) { elements.len() as u64 } else { target_len };
        for _ in 0..target_len.saturating_mul(4) {
            if elements.len() as u64 == target_len {
                break;
            }
            let element = self.generate(items)?;
            if !unique || !elements.contains(&element) {
                elements.push(element);
            }
        }
        Ok(Value::Array(elements))
    }

    fn object(&mut self, keywords: &Map<String, Value>) -> Result<Value, String> {
        let no_properties = Map::new();
        let properties = keywords.get("properties").and_then(Value::as_object).unwrap_or(&no_properties);
        let required: Vec<&str> = keywords
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let min = keywords.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        let mut generated = Map::new();
        let excluded = self.direction.excludes();
        let is_included =
            |schemas: &Schemas, schema: &Value| schemas.resolve(schema).get(excluded) != Some(&json!(true));
        for (name, schema) in properties.iter().filter(|(_, schema)| is_included(self.schemas, schema)) {
            let is_required = required.contains(&name.as_str());
            let is_wanted = self.extent == Extent::All && self.budget > 0 && !self.is_recursive(schema);
            // Add optional properties until `minProperties` is reached.
            let fills_minimum = (generated.len() as u64) < min && !self.is_recursive(schema);
            if !is_required && !is_wanted && !fills_minimum {
                continue;
            }
            match self.generate(schema) {
                Ok(value) => {
                    generated.insert(name.clone(), value);
                }
                Err(error) if is_required => return Err(format!("{name}: {error}")),
                Err(_) => {}
            }
        }
        let any = json!({});
        let additional = match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(schema @ Value::Object(_)) => Some((schema, !self.is_recursive(schema))),
            // Undeclared properties are allowed, but are only generated if `required` lists them.
            _ => Some((&any, false)),
        };
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let (schema, _) = additional.ok_or_else(|| format!("{name}: the property is required, but not allowed"))?;
            generated.insert((*name).to_owned(), self.generate(schema)?);
        }
        if let Some((schema, is_wanted)) = additional {
            let added = u64::from(is_wanted && self.extent == Extent::All && self.budget > 0);
            let max = keywords.get("maxProperties").and_then(Value::as_u64).unwrap_or(u64::MAX);
            let target = (generated.len() as u64 + added).max(min).min(max);
            for number in (1..).take_while(|number| *number <= target.min(MAX_VALUES as u64)) {
                if generated.len() as u64 >= target {
                    break;
                }
                generated.insert(format!("key-{number}"), self.generate(schema)?);
            }
        }
        Ok(Value::Object(generated))
    }
}

/// Returns the JSON type of a schema: its `type` or, without `type`, the type to which its other keywords apply.
fn kind(keywords: &Map<String, Value>) -> &str {
    let named = |name: &str| keywords.contains_key(name);
    // OpenAPI 3.1 allows a list of types.
    let names =
        keywords.get("type").into_iter().flat_map(|it| it.as_array().map_or(std::slice::from_ref(it), Vec::as_slice));
    match names.filter_map(Value::as_str).find(|name| *name != "null") {
        Some(kind) => kind,
        None if named("properties") || named("additionalProperties") || named("required") => "object",
        None if named("items") => "array",
        None if named("minimum") || named("maximum") || named("multipleOf") => "number",
        None if named("pattern") || named("format") || named("minLength") || named("maxLength") => "string",
        None => "any",
    }
}

#[cfg(test)]
mod tests;
