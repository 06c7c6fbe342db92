//! Checks whether a value matches a schema, and collects all mismatches with their locations.
//!
//! `null` matches a schema that is nullable, that has `null` in its `enum`, or that has no `type`. Assertions that no
//! Rust type expresses, such as `not`, are not checked.

use std::collections::{HashMap, HashSet};

use super::conforms;
use super::pattern::{self, Expression};
use crate::diagnostics::quoted;
use crate::source::{Entry, NodeKind, Span};
use crate::spec::{Additional, Bound, Bounds, Keyword, Schema, SchemaId, SchemaType, Spec, Value, Version};

/// The maximum number of schemas checked for one value. Without a limit, nested `oneOf`s could take exponential time.
const MAX_STEPS: usize = 10_000;
/// The maximum number of schemas checked for all values of a document.
const MAX_TOTAL_STEPS: usize = 5_000_000;
/// The maximum total cost of matching patterns in a document. A match costs the number of bytes of the string
/// multiplied by the cost of the pattern.
const MAX_MATCH_COST: usize = 200_000_000;
/// The maximum number of mismatches reported for one value.
const MAX_MISMATCHES: usize = 100;

/// A mismatch between a value and its schema.
pub(super) struct Mismatch {
    /// The location of the mismatching value, e.g. of an item of an array.
    pub at: Span,
    /// The reason as a clause, e.g. "this value is not an email address".
    pub reason: String,
    /// The location of the keyword that the value violates.
    pub rule: Span,
}

/// A matcher of values against the schemas of a document, within limits.
pub(super) struct Matcher<'s> {
    spec: &'s Spec,
    /// The compiled patterns of the document. `None` for an invalid pattern.
    expressions: HashMap<&'s str, Option<Expression>>,
    steps: usize,
    match_budget: usize,
}

impl<'s> Matcher<'s> {
    pub fn new(spec: &'s Spec) -> Self {
        Self { spec, expressions: HashMap::new(), steps: MAX_TOTAL_STEPS, match_budget: MAX_MATCH_COST }
    }

    /// Returns all mismatches between a value and a schema. `listed_by` is the location of the `enum` that contains the
    /// value as an item; the value is not checked against this `enum`.
    pub fn mismatches(&mut self, value: &Value, schema: SchemaId, listed_by: Option<Span>) -> Vec<Mismatch> {
        let steps = MAX_STEPS.min(self.steps);
        let mut check = ValueCheck { matcher: self, listed_by, steps, mismatches: Vec::new() };
        check.check(value, schema);
        let ValueCheck { steps: left, mismatches, .. } = check;
        self.steps -= steps - left;
        mismatches
    }

    /// Returns whether a string matches a pattern. Returns `None` if the pattern is invalid or not supported, or if
    /// matching is too expensive.
    fn matches(&mut self, text: &str, pattern: &'s str) -> Option<bool> {
        let expression = self.expressions.entry(pattern).or_insert_with(|| pattern::read(pattern).ok());
        let Some(Expression { regex: Some(regex), cost }) = expression else { return None };
        let cost = cost.saturating_mul(text.len() + 1);
        self.match_budget = self.match_budget.checked_sub(cost)?;
        Some(regex.is_match(text))
    }
}

struct ValueCheck<'s, 'f> {
    matcher: &'f mut Matcher<'s>,
    /// The location of the `enum` that contains the checked value as an item. `None` for other values.
    listed_by: Option<Span>,
    /// The number of schemas that may still be checked for the value.
    steps: usize,
    mismatches: Vec<Mismatch>,
}

impl<'s> ValueCheck<'s, '_> {
    fn mismatch_at(&mut self, value: &Value, rule: Span, reason: impl Into<String>) {
        self.report(Mismatch { at: value.span, reason: reason.into(), rule });
    }

    fn report(&mut self, mismatch: Mismatch) {
        // Several subschemas, e.g. of `allOf`, may report the same mismatch.
        let known = |other: &Mismatch| other.at == mismatch.at && other.reason == mismatch.reason;
        if self.mismatches.len() < MAX_MISMATCHES && !self.mismatches.iter().any(known) {
            self.mismatches.push(mismatch);
        }
    }

    /// Subtracts `steps` from the remaining steps. Returns whether enough steps remained.
    fn take_steps(&mut self, steps: usize) -> bool {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        left.is_some()
    }

    fn check(&mut self, value: &Value, schema: SchemaId) {
        if !self.take_steps(1) {
            return;
        }
        let spec = self.matcher.spec;
        for schema in spec.chain(schema) {
            self.check_schema(value, schema);
        }
    }

    fn check_schema(&mut self, value: &Value, schema: &'s Schema) {
        if schema.never {
            return self.mismatch_at(value, schema.span, "no value is allowed here");
        }
        if value.kind == NodeKind::Null {
            return self.check_null(value, schema);
        }
        if !self.check_type(value, schema) {
            return;
        }
        self.check_values(value, schema);
        self.check_combinations(value, schema);
        let bounds = schema.bounds.as_deref();
        match &value.kind {
            NodeKind::Number(number) => {
                self.check_range(value, &number.text, bounds);
                if let Some(format) = schema.format.as_deref().filter(|_| number.is_integer())
                    && let Some(reason) = conforms::integer(&format.value, &number.text)
                {
                    self.mismatch_at(value, format.span, reason);
                }
            }
            NodeKind::String(text) => {
                let limits = bounds.map(|bounds| [bounds.min_length.as_ref(), bounds.max_length.as_ref()]);
                self.check_count(value, limits, text.chars().count(), "characters");
                if let Some(format) = schema.format.as_deref()
                    && let Some(reason) = conforms::text(&format.value, text)
                {
                    self.mismatch_at(value, format.span, reason);
                }
                if let Some(pattern) = schema.pattern.as_deref()
                    && self.matcher.matches(text, &pattern.value) == Some(false)
                {
                    self.mismatch_at(
                        value,
                        pattern.span,
                        format!("this value does not match the pattern {}", quoted(&pattern.value)),
                    );
                }
            }
            NodeKind::Sequence(elements) => {
                let limits = bounds.map(|bounds| [bounds.min_items.as_ref(), bounds.max_items.as_ref()]);
                self.check_count(value, limits, elements.len(), "items");
                self.check_unique(elements, schema);
                let prefix = schema.tuple.as_deref().map_or(&[][..], |tuple| &tuple.prefix);
                for (position, element) in elements.iter().enumerate() {
                    if let Some(item) = prefix.get(position).copied().or(schema.items) {
                        self.check(element, item);
                    }
                }
            }
            NodeKind::Mapping(_) => self.check_object(value, schema),
            NodeKind::Null | NodeKind::Bool(_) => {}
        }
    }

    fn check_object(&mut self, value: &Value, schema: &'s Schema) {
        let limits =
            schema.bounds.as_deref().map(|bounds| [bounds.min_properties.as_ref(), bounds.max_properties.as_ref()]);
        self.check_count(value, limits, value.entries().len(), "properties");
        let property = |name: &str| Some(schema.properties.as_ref()?.get(name)?.schema);
        let spec = self.matcher.spec;
        for name in &schema.required {
            if value.get(&name.value).is_some() {
                continue;
            }
            // An example may be a request or a response, so it may omit read-only and write-only properties.
            let mut chain = property(&name.value).into_iter().flat_map(|property| spec.chain(property));
            if !chain.any(|schema| schema.read_only == Some(true) || schema.write_only == Some(true)) {
                self.mismatch_at(value, name.span, format!("the required property {} is missing", quoted(&name.value)));
            }
        }
        for entry in value.entries() {
            let matched = self.check_patterns(entry, schema);
            match (property(&entry.key), schema.additional) {
                (Some(property), _) => self.check(&entry.value, property),
                (None, Some(Additional::Forbidden)) if !matched => {
                    let reason = format!("the schema does not allow the property {}", quoted(&entry.key));
                    let rule = schema.keywords.value(Keyword::AdditionalProperties).unwrap_or(schema.span);
                    self.report(Mismatch { at: entry.key_span, reason, rule });
                }
                (None, Some(Additional::Schema(more))) if !matched => self.check(&entry.value, more),
                (None, _) => {}
            }
        }
    }

    /// Checks a property against `patternProperties`. Returns whether a pattern matches the name of the property, or
    /// may match the name because the pattern cannot be evaluated.
    fn check_patterns(&mut self, entry: &Entry, schema: &'s Schema) -> bool {
        let mut matched = false;
        for (pattern, property) in schema.object.as_deref().map_or(&[][..], |rules| &rules.patterns) {
            let matches = self.matcher.matches(&entry.key, &pattern.value);
            if matches == Some(true) {
                self.check(&entry.value, *property);
            }
            matched |= matches != Some(false);
        }
        matched
    }

    fn check_combinations(&mut self, value: &Value, schema: &'s Schema) {
        for part in &schema.all_of {
            self.check(value, *part);
        }
        for (keyword, parts) in [(Keyword::OneOf, &schema.one_of), (Keyword::AnyOf, &schema.any_of)] {
            let outer = std::mem::take(&mut self.mismatches);
            let mut matches = parts.is_empty();
            for part in parts {
                self.mismatches.clear();
                self.check(value, *part);
                matches = self.mismatches.is_empty();
                if matches {
                    break;
                }
            }
            let inner = std::mem::replace(&mut self.mismatches, outer);
            match parts.len() {
                _ if matches => {}
                // If there is only one variant, report the reasons why the value does not match it.
                1 => inner.into_iter().for_each(|mismatch| self.report(mismatch)),
                count => {
                    let rule = schema.keywords.value(keyword).unwrap_or(schema.span);
                    let reason = format!("this value matches none of the {count} variants of `{}`", keyword.as_str());
                    self.mismatch_at(value, rule, reason);
                }
            }
        }
    }

    fn check_null(&mut self, value: &Value, schema: &Schema) {
        let is_listed = schema.values().iter().any(|one| one.kind == NodeKind::Null);
        let allows_null = schema.nullable || schema.types.is_unspecified() || is_listed;
        let Some(types) = schema.types_span.filter(|_| !allows_null) else { return };
        let reason = match self.matcher.spec.version {
            Version::V2_0 => "this value is null, but the schema is not `x-nullable`",
            Version::V3_0 => "this value is null, but the schema is not `nullable`",
            Version::V3_1 | Version::V3_2 => "this value is null, but `type` does not include `null`",
        };
        self.mismatch_at(value, types, reason);
    }

    fn check_type(&mut self, value: &Value, schema: &Schema) -> bool {
        let Some(span) = schema.types_span else { return true };
        let matches = schema.types.is_unspecified() || schema.types.iter().any(|ty| is_of_type(value, ty));
        if !matches {
            let types = schema.types.iter().filter(|ty| *ty != SchemaType::Null || schema.types.only().is_none());
            let types: Vec<_> = types.map(with_article).collect();
            self.mismatch_at(value, span, format!("this value is {}, not {}", value.kind_name(), types.join(" or ")));
        }
        matches
    }

    fn check_values(&mut self, value: &Value, schema: &Schema) {
        let Some(values) = schema.values.as_deref().filter(|values| Some(values.span) != self.listed_by) else {
            return;
        };
        let list = &values.list;
        let is_checked = !list.is_empty() && self.take_steps(list.len() / 16);
        if is_checked && !list.iter().any(|one| is_same(one, value)) {
            let reason =
                if values.is_const { "this is not the value of `const`" } else { "this is not a value of `enum`" };
            self.mismatch_at(value, values.span, reason);
        }
    }

    fn check_range(&mut self, value: &Value, number: &str, bounds: Option<&Bounds>) {
        let Some(bounds) = bounds else { return };
        // Check `multipleOf` for integers only, because fractions are not exact as doubles.
        if let Some(Bound { number: factor, span, .. }) = &bounds.multiple_of
            && let (Ok(number), Ok(factor)) = (number.parse::<i64>(), factor.text.parse::<i64>())
            && number.checked_rem(factor).is_some_and(|rest| rest != 0)
        {
            self.mismatch_at(value, *span, format!("this value is not a multiple of {factor}"));
        }
        // Compare doubles: a number that equals the limit after rounding is not reported.
        let Ok(number) = number.parse::<f64>() else { return };
        let limit = |bound: &Option<Bound>| {
            let bound = bound.as_ref()?;
            Some((bound.span, bound.number.text.parse::<f64>().ok()?, bound.exclusive))
        };
        if let Some((rule, min, exclusive)) = limit(&bounds.minimum)
            && (number < min || (number == min && exclusive))
        {
            self.mismatch_at(value, rule, "this value is less than the minimum");
        }
        if let Some((rule, max, exclusive)) = limit(&bounds.maximum)
            && (number > max || (number == max && exclusive))
        {
            self.mismatch_at(value, rule, "this value is greater than the maximum");
        }
    }

    fn check_count(&mut self, value: &Value, limits: Option<[Option<&Bound>; 2]>, count: usize, what: &str) {
        let limit = |bound: Option<&Bound>| {
            let bound = bound?;
            Some((bound.span, usize::try_from(bound.number.as_i64()?).ok()?))
        };
        let [min, max] = limits.unwrap_or_default();
        match (limit(min), limit(max)) {
            (Some((rule, min)), _) if count < min => {
                self.mismatch_at(value, rule, format!("this value has too few {what} ({count})"));
            }
            (_, Some((rule, max))) if count > max => {
                self.mismatch_at(value, rule, format!("this value has too many {what} ({count})"));
            }
            _ => {}
        }
    }

    fn check_unique(&mut self, elements: &[Value], schema: &Schema) {
        if !schema.bounds.as_deref().is_some_and(|bounds| bounds.unique_items) {
            return;
        }
        let rule = schema.keywords.value(Keyword::UniqueItems).unwrap_or(schema.span);
        let mut known = HashSet::new();
        for element in elements {
            if !known.insert(element.to_json_text()) {
                self.mismatch_at(element, rule, "this item duplicates another item of the array");
            }
        }
    }
}

/// Returns whether a value is of a type.
fn is_of_type(value: &Value, ty: SchemaType) -> bool {
    match ty {
        SchemaType::Null => value.kind == NodeKind::Null,
        SchemaType::Boolean => matches!(value.kind, NodeKind::Bool(_)),
        SchemaType::Integer => matches!(&value.kind, NodeKind::Number(number) if number.is_integer()),
        SchemaType::Number => matches!(value.kind, NodeKind::Number(_)),
        SchemaType::String => matches!(value.kind, NodeKind::String(_)),
        SchemaType::Array => matches!(value.kind, NodeKind::Sequence(_)),
        SchemaType::Object => matches!(value.kind, NodeKind::Mapping(_)),
    }
}

fn with_article(ty: SchemaType) -> String {
    match ty {
        SchemaType::Null => "null".to_owned(),
        SchemaType::Array | SchemaType::Integer | SchemaType::Object => format!("an {}", ty.as_str()),
        _ => format!("a {}", ty.as_str()),
    }
}

/// Returns whether two values are equal. Compares numbers by their text, so `1` and `1.0` differ.
fn is_same(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (NodeKind::String(left), NodeKind::String(right)) => left == right,
        (NodeKind::Number(left), NodeKind::Number(right)) => left.text == right.text,
        (NodeKind::Sequence(_), NodeKind::Sequence(_)) | (NodeKind::Mapping(_), NodeKind::Mapping(_)) => {
            left.to_json_text() == right.to_json_text()
        }
        (left, right) => left == right,
    }
}
