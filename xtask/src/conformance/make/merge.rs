//! `allOf` taken together: a schema comes in, one flat schema and what is left to choose come out.

use serde_json::{Map, Value, json};

use crate::schemas::{Schemas, labels};

/// How deeply `allOf` may nest.
const DEPTH: usize = 32;

/// A schema without references and `allOf` at its top, and the unions that stand in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Flat {
    pub(super) members: Map<String, Value>,
    pub(super) choices: Vec<Vec<Arm>>,
    /// Those of which one has been chosen.
    pub(super) chosen: Vec<Vec<Arm>>,
}

/// An arm of a union.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arm {
    pub(super) schema: Value,
    /// No other arm may be valid too: it stands in a `oneOf`.
    pub(super) exclusive: bool,
    /// The discriminator's member, and its value for this arm.
    label: Option<(String, String)>,
}

impl Arm {
    /// The schema of values that are of this arm and of no other.
    pub(super) fn whole(&self) -> Value {
        match &self.label {
            Some((member, value)) => {
                json!({ "allOf": [self.schema, { "properties": { member: { "enum": [value] } } }] })
            }
            None => self.schema.clone(),
        }
    }
}

impl Flat {
    pub(super) fn of(schemas: &Schemas, schema: &Value) -> Result<Self, String> {
        let name = schema.get("$ref").and_then(Value::as_str);
        let mut flat = Self::default();
        flat.take(schemas, schema, name, DEPTH)?;
        Ok(flat)
    }

    /// Takes a schema in; `name` is the reference that led to the whole.
    fn take(&mut self, schemas: &Schemas, schema: &Value, name: Option<&str>, depth: usize) -> Result<(), String> {
        let depth = depth.checked_sub(1).ok_or("its `allOf` goes round")?;
        let Value::Object(members) = schemas.resolve(schema) else { return Ok(()) };
        // The one that was asked for, and none that it is made of.
        let is_whole = schema.get("$ref").and_then(Value::as_str).is_some_and(|reference| Some(reference) == name);
        for arm in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.take(schemas, arm, name, depth)?;
        }
        let discriminator = members.get("discriminator");
        let mut is_union = false;
        for (keyword, exclusive) in [("oneOf", true), ("anyOf", false)] {
            if let Some(Value::Array(arms)) = members.get(keyword) {
                is_union = true;
                let arms = arms.iter().map(|arm| {
                    let reference = arm.get("$ref").and_then(Value::as_str);
                    Arm { schema: arm.clone(), exclusive, label: label(discriminator, reference) }
                });
                self.choices.push(arms.collect());
            }
        }
        // The discriminator of a base tells which of its heirs an object is. A base that is none of them stands for all.
        if !is_union && let Some(heirs) = heirs(discriminator, name.filter(|_| is_whole)) {
            self.choices.push(heirs);
        } else if !is_union && let Some((member, value)) = label(discriminator, name) {
            self.tag(&member, &value);
        }
        for (keyword, value) in members {
            self.keyword(keyword, value);
        }
        Ok(())
    }

    /// This and another one, both of which must hold.
    pub(super) fn with(mut self, other: Self) -> Self {
        for (keyword, value) in &other.members {
            self.keyword(keyword, value);
        }
        self.choices.extend(other.choices);
        self
    }

    /// With the discriminator's value of the arm.
    pub(super) fn with_label(mut self, arm: &Arm) -> Self {
        if let Some((member, value)) = &arm.label {
            self.tag(member, value);
        }
        self
    }

    fn tag(&mut self, member: &str, value: &str) {
        self.keyword("properties", &json!({ member: { "type": "string", "enum": [value] } }));
        self.keyword("required", &json!([member]));
    }

    fn keyword(&mut self, keyword: &str, value: &Value) {
        let Some(known) = self.members.get_mut(keyword) else {
            if !matches!(keyword, "allOf" | "oneOf" | "anyOf" | "discriminator") {
                self.members.insert(keyword.to_owned(), value.clone());
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
            // A whole number is a number.
            ("type", known, value) if known == "number" && value == "integer" => *known = value.clone(),
            ("additionalProperties", known, Value::Bool(false)) => *known = Value::Bool(false),
            // Of two examples that of the whole comes last and fits best.
            ("example", known, value) => *known = value.clone(),
            _ => {}
        }
    }
}

/// The heirs that a discriminator maps its values to, if none is what it has been asked for.
fn heirs(discriminator: Option<&Value>, asked: Option<&str>) -> Option<Vec<Arm>> {
    let (discriminator, asked) = (discriminator?, asked?);
    let member = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let is_heir = |reference: &str| reference.starts_with('#') && reference != asked;
    if mapping.is_empty() || !mapping.values().all(|target| target.as_str().is_some_and(is_heir)) {
        return None;
    }
    let arm = |(value, target): (&String, &Value)| {
        let label = Some((member.to_owned(), value.clone()));
        Arm { schema: json!({ "$ref": target }), exclusive: false, label }
    };
    Some(mapping.iter().map(arm).collect())
}

/// The discriminator's member, and a value for what the reference leads to.
fn label(discriminator: Option<&Value>, reference: Option<&str>) -> Option<(String, String)> {
    let (member, labels) = labels(discriminator?, reference?)?;
    Some((member, labels.into_iter().next()?))
}
