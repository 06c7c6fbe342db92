//! Values, made from schemas: a schema and a seed come in, a value that is valid comes out, or the reason why none does.
//!
//! Equal input gives equal values. What is made is checked by the `jsonschema` crate before anybody gets it.

mod merge;
mod number;
mod pattern;
mod text;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::schemas::{Direction, Schemas};
use merge::Flat;

/// How much of an object is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What is required.
    Required,
    /// Everything, as long as it does not go round.
    All,
}

/// How often another seed is tried before a schema is given up.
const TRIES: u64 = 8;
/// How many values one value may consist of before only what is required is added.
const BUDGET: usize = 400;
/// How deeply values nest.
const DEPTH: usize = 24;

/// A value for a schema, or why there is none.
pub(crate) fn value(
    schemas: &Schemas,
    schema: &Value,
    direction: Direction,
    extent: Extent,
    seed: u64,
) -> Result<Value, String> {
    let mut reason = String::new();
    for round in 0..TRIES {
        let rng = Rng::with_seed(seed.wrapping_add(round));
        let mut maker = Maker { schemas, direction, extent, rng, budget: BUDGET, within: Vec::new() };
        match maker.make(schema) {
            Ok(value) => {
                let faults = schemas.faults(schema, &value, direction);
                if faults.is_empty() {
                    return Ok(value);
                }
                reason = format!("{value} was made, but: {}", faults.join("; "));
            }
            Err(why) => reason = why,
        }
    }
    Err(reason)
}

struct Maker<'a> {
    schemas: &'a Schemas,
    direction: Direction,
    extent: Extent,
    rng: Rng,
    budget: usize,
    /// The references that lead here.
    within: Vec<String>,
}

impl Maker<'_> {
    fn make(&mut self, schema: &Value) -> Result<Value, String> {
        let reference = schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        if self.within.len() > DEPTH {
            return Err("it goes round without an end".to_owned());
        }
        self.within.push(reference.unwrap_or_default());
        let made = Flat::of(self.schemas, schema).and_then(|flat| self.flat(flat));
        self.within.pop();
        made
    }

    /// Whether a value of the schema would hold itself.
    fn goes_round(&self, schema: &Value) -> bool {
        let mut schema = schema;
        // Through arrays and single wrappers too, which is how most recursion is written.
        for _ in 0..DEPTH {
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                if self.within.iter().any(|outer| outer == reference) {
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

    fn flat(&mut self, mut flat: Flat) -> Result<Value, String> {
        self.budget = self.budget.saturating_sub(1);
        let Some(arms) = flat.choices.pop() else { return self.chosen(&flat.members) };
        // Alternatives that come again, with an heir of what lists its heirs, have been chosen from.
        if flat.chosen.contains(&arms) {
            return self.flat(flat);
        }
        flat.chosen.push(arms.clone());
        let first = self.rng.usize(..arms.len().max(1));
        let (round, straight): (Vec<_>, Vec<_>) = (0..arms.len())
            .map(|at| (at + first) % arms.len())
            .partition(|at| arms.get(*at).is_some_and(|arm| self.goes_round(&arm.schema)));
        let mut reason = "there is nothing to choose from".to_owned();
        for arm in straight.into_iter().chain(round).filter_map(|at| arms.get(at)) {
            let made = Flat::of(self.schemas, &arm.schema).map(|chosen| flat.clone().with(chosen).with_label(arm));
            match made.and_then(|chosen| self.flat(chosen)) {
                // `oneOf` wants one arm only, which the value alone can tell.
                Ok(value) if arm.exclusive && !self.is_alone(&arms, &value) => {
                    reason = format!("{value} is valid for several arms");
                }
                Ok(value) => return Ok(value),
                Err(why) => reason = why,
            }
        }
        Err(reason)
    }

    fn is_alone(&self, arms: &[merge::Arm], value: &Value) -> bool {
        arms.iter().filter(|arm| self.schemas.is_valid(&arm.whole(), value, self.direction)).count() <= 1
    }

    /// A value of a schema in which nothing is left to choose.
    fn chosen(&mut self, members: &Map<String, Value>) -> Result<Value, String> {
        if let Some(Value::Array(values)) = members.get("enum") {
            let values: Vec<&Value> = values.iter().filter(|value| !value.is_null() || values.len() == 1).collect();
            let pick = self.rng.usize(..values.len().max(1));
            return values.get(pick).map(|value| (*value).clone()).ok_or_else(|| "its `enum` is empty".to_owned());
        }
        let kind = kind(members);
        let has_members = members.contains_key("properties");
        let example = members.get("example").filter(|_| !(kind == "object" && has_members));
        if let Some(example) = example
            && self.schemas.is_valid(&Value::Object(members.clone()), example, self.direction)
        {
            return Ok(example.clone());
        }
        match kind {
            "boolean" => Ok(Value::Bool(self.rng.bool())),
            "integer" | "number" => number::make(members, kind == "integer", &mut self.rng),
            "array" => self.array(members),
            "object" => self.object(members),
            "string" => text::make(members, &mut self.rng).map(Value::String),
            _ => Ok(json!("anything")),
        }
    }

    fn array(&mut self, members: &Map<String, Value>) -> Result<Value, String> {
        let least = members.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = members.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let any = json!({});
        let items = members.get("items").unwrap_or(&any);
        let wanted = if self.goes_round(items) || self.budget == 0 { 0 } else { 1 + self.rng.u64(..2) };
        let wanted = wanted.max(least).min(most);
        let unique = members.get("uniqueItems") == Some(&Value::Bool(true));
        let mut elements: Vec<Value> = Vec::new();
        for _ in 0..wanted.saturating_mul(4) {
            if elements.len() as u64 == wanted {
                break;
            }
            let element = self.make(items)?;
            if !unique || !elements.contains(&element) {
                elements.push(element);
            }
        }
        Ok(Value::Array(elements))
    }

    fn object(&mut self, members: &Map<String, Value>) -> Result<Value, String> {
        let none = Map::new();
        let properties = members.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required: Vec<&str> =
            members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let least = members.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        let mut made = Map::new();
        let excluded = self.direction.excludes();
        let travels = |schemas: &Schemas, schema: &Value| schemas.resolve(schema).get(excluded) != Some(&json!(true));
        for (name, schema) in properties.iter().filter(|(_, schema)| travels(self.schemas, schema)) {
            let needed = required.contains(&name.as_str());
            let wanted = self.extent == Extent::All && self.budget > 0 && !self.goes_round(schema);
            // The optional ones that a lower limit asks for are the first.
            let short = (made.len() as u64) < least && !self.goes_round(schema);
            if !needed && !wanted && !short {
                continue;
            }
            match self.make(schema) {
                Ok(value) => {
                    made.insert(name.clone(), value);
                }
                Err(why) if needed => return Err(format!("{name}: {why}")),
                Err(_) => {}
            }
        }
        let any = json!({});
        let additional = match members.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(schema @ Value::Object(_)) => Some((schema, !self.goes_round(schema))),
            // Members that nobody describes are a right of every object, but no part of all that it has.
            _ => Some((&any, false)),
        };
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let (schema, _) = additional.ok_or_else(|| format!("{name}: it is required and must not be there"))?;
            made.insert((*name).to_owned(), self.make(schema)?);
        }
        if let Some((schema, wanted)) = additional {
            let wanted = u64::from(wanted && self.extent == Extent::All && self.budget > 0);
            let most = members.get("maxProperties").and_then(Value::as_u64).unwrap_or(u64::MAX);
            let target = (made.len() as u64 + wanted).max(least).min(most);
            for number in (1..).take_while(|number| *number <= target.min(BUDGET as u64)) {
                if made.len() as u64 >= target {
                    break;
                }
                made.insert(format!("key-{number}"), self.make(schema)?);
            }
        }
        Ok(Value::Object(made))
    }
}

/// The JSON type of a schema: the one that it names, else the one that its other keywords are about.
fn kind(members: &Map<String, Value>) -> &str {
    let named = |name: &str| members.contains_key(name);
    match members.get("type").and_then(Value::as_str) {
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
