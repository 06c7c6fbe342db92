//! Checks whether a value matches a schema, and collects all mismatches with their locations.
//!
//! Supports the keywords of OpenAPI 3.0. `null` matches a schema with `nullable: true`, with `null` in its `enum`, or
//! without a `type`.

use std::collections::{HashMap, HashSet};

use super::pattern::{self, Expression};
use super::{conforms, resolved};
use crate::diagnostics::quoted;
use crate::source::{Document, Node, NodeKind, Span};

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
    /// The reason as a clause, in which "it" is the mismatching value, e.g. "it is too long".
    pub reason: String,
    /// The location of the keyword that the value violates.
    pub rule: Span,
}

/// Matches values against the schemas of a document, within limits.
pub(super) struct Matcher<'d> {
    document: &'d Document,
    /// The compiled patterns of the document. `None` for an invalid pattern.
    expressions: HashMap<&'d str, Option<Expression>>,
    steps: usize,
    match_budget: usize,
}

impl<'d> Matcher<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self { document, expressions: HashMap::new(), steps: MAX_TOTAL_STEPS, match_budget: MAX_MATCH_COST }
    }

    /// Returns all mismatches between a value and a schema. `listed` tells whether the value is an item of the schema's
    /// `enum`; such a value is not checked against this `enum`.
    pub fn mismatches(&mut self, value: &'d Node, schema: &'d Node, listed: bool) -> Vec<Mismatch> {
        let steps = MAX_STEPS.min(self.steps);
        let listed_by = if listed { schema.get("enum") } else { None };
        let mut check = ValueCheck { matcher: self, listed_by, steps, mismatches: Vec::new() };
        check.check(value, schema);
        let ValueCheck { steps: left, mismatches, .. } = check;
        self.steps -= steps - left;
        mismatches
    }

    /// Returns whether a string matches a pattern. Returns true if the pattern is invalid or not supported, or if
    /// matching is too expensive.
    fn matches(&mut self, text: &str, pattern: &'d str) -> bool {
        let expression = self.expressions.entry(pattern).or_insert_with(|| pattern::read(pattern).ok());
        let Some(Expression { regex: Some(regex), cost }) = expression else { return true };
        let cost = cost.saturating_mul(text.len() + 1);
        if cost > self.match_budget {
            return true;
        }
        self.match_budget -= cost;
        regex.is_match(text)
    }
}

struct ValueCheck<'d, 'f> {
    matcher: &'f mut Matcher<'d>,
    /// The `enum` that contains the checked value as an item. `None` for other values.
    listed_by: Option<&'d Node>,
    /// The number of schemas that may still be checked for the value.
    steps: usize,
    mismatches: Vec<Mismatch>,
}

impl<'d> ValueCheck<'d, '_> {
    fn mismatch_at(&mut self, value: &Node, rule: &Node, reason: impl Into<String>) {
        self.report(Mismatch { at: value.span, reason: reason.into(), rule: rule.span });
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

    fn check(&mut self, value: &'d Node, schema: &'d Node) {
        let Some(schema) = resolved(self.matcher.document, schema).filter(|_| self.take_steps(1)) else { return };
        if value.kind == NodeKind::Null {
            return self.check_null(value, schema);
        }
        if !self.check_type(value, schema) {
            return;
        }
        if !self.listed_by.is_some_and(|list| schema.get("enum").is_some_and(|own| std::ptr::eq(own, list))) {
            self.check_enum(value, schema);
        }
        self.check_combinations(value, schema);
        let format = schema.get("format").and_then(|node| Some((node, node.as_str()?)));
        match &value.kind {
            NodeKind::Number(number) => {
                self.check_range(value, &number.text, schema);
                if let Some((node, format)) = format.filter(|_| number.is_integer())
                    && let Some(reason) = conforms::integer(format, &number.text)
                {
                    self.mismatch_at(value, node, reason);
                }
            }
            NodeKind::String(text) => {
                self.check_count(value, schema, text.chars().count(), "characters", ["minLength", "maxLength"]);
                if let Some((node, reason)) =
                    format.and_then(|(node, format)| Some((node, conforms::text(format, text)?)))
                {
                    self.mismatch_at(value, node, reason);
                }
                if let Some((node, pattern)) = schema.get("pattern").and_then(|node| Some((node, node.as_str()?)))
                    && !self.matcher.matches(text, pattern)
                {
                    self.mismatch_at(value, node, format!("it does not match the pattern {}", quoted(pattern)));
                }
            }
            NodeKind::Sequence(elements) => {
                self.check_count(value, schema, elements.len(), "items", ["minItems", "maxItems"]);
                self.check_unique(elements, schema);
                let Some(items) = schema.get("items") else { return };
                elements.iter().for_each(|element| self.check(element, items));
            }
            NodeKind::Mapping(_) => self.check_object(value, schema),
            NodeKind::Null | NodeKind::Bool(_) => {}
        }
    }

    fn check_object(&mut self, value: &'d Node, schema: &'d Node) {
        self.check_count(value, schema, value.entries().len(), "properties", ["minProperties", "maxProperties"]);
        let properties = schema.get("properties");
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        for name in schema.get("required").map(Node::elements).unwrap_or_default() {
            let Some(text) = name.as_str().filter(|text| value.get(text).is_none()) else { continue };
            // An example may be a request or a response, so it may omit read-only and write-only properties.
            let target = property(text).and_then(|property| resolved(self.matcher.document, property));
            let is_marked =
                |mark: &str| target.and_then(|target| target.get(mark)).and_then(Node::as_bool) == Some(true);
            if !is_marked("readOnly") && !is_marked("writeOnly") {
                self.mismatch_at(value, name, format!("the required property {} is missing", quoted(text)));
            }
        }
        for entry in value.entries() {
            match (property(&entry.key), schema.get("additionalProperties")) {
                (Some(property), _) => self.check(&entry.value, property),
                (None, Some(more)) if more.as_bool() == Some(false) => {
                    let reason = format!("the schema does not allow the property {}", quoted(&entry.key));
                    self.report(Mismatch { at: entry.key_span, reason, rule: more.span });
                }
                (None, Some(more)) => self.check(&entry.value, more),
                (None, None) => {}
            }
        }
    }

    fn check_combinations(&mut self, value: &'d Node, schema: &'d Node) {
        for part in schema.get("allOf").map(Node::elements).unwrap_or_default() {
            self.check(value, part);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = schema.get(keyword) else { continue };
            let parts = list.elements();
            let outer = std::mem::take(&mut self.mismatches);
            let mut matches = parts.is_empty();
            for part in parts {
                self.mismatches.clear();
                self.check(value, part);
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
                    self.mismatch_at(value, list, format!("it matches none of the {count} variants of `{keyword}`"))
                }
            }
        }
    }

    fn check_null(&mut self, value: &Node, schema: &Node) {
        let nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
        let listed =
            schema.get("enum").is_some_and(|list| list.elements().iter().any(|one| one.kind == NodeKind::Null));
        if let Some(ty) = schema.get("type").filter(|_| !nullable && !listed) {
            self.mismatch_at(value, ty, "it is null, but the schema is not `nullable`");
        }
    }

    fn check_type(&mut self, value: &Node, schema: &Node) -> bool {
        let Some((node, ty)) = schema.get("type").and_then(|node| Some((node, node.as_str()?))) else { return true };
        let matches = crate::validate::values::fits(value, ty);
        if !matches {
            let article = if ty.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            self.mismatch_at(value, node, format!("it is {}, not {article} {ty}", value.kind_name()));
        }
        matches
    }

    fn check_enum(&mut self, value: &Node, schema: &Node) {
        let Some(list) = schema.get("enum").filter(|list| !list.elements().is_empty()) else { return };
        let values = list.elements();
        if self.take_steps(values.len() / 16) && !values.iter().any(|one| is_same(one, value)) {
            self.mismatch_at(value, list, "it is not a value of `enum`");
        }
    }

    fn check_range(&mut self, value: &Node, number: &str, schema: &Node) {
        let limit = |name: &str| {
            let node = schema.get(name)?;
            let NodeKind::Number(limit) = &node.kind else { return None };
            Some((node, limit.text.as_str()))
        };
        // Only check integers, because fractions are not exact as doubles.
        if let Some((node, factor)) = limit("multipleOf")
            && let (Ok(number), Ok(factor)) = (number.parse::<i64>(), factor.parse::<i64>())
            && number.checked_rem(factor).is_some_and(|rest| rest != 0)
        {
            self.mismatch_at(value, node, format!("it is not a multiple of {factor}"));
        }
        // Compare doubles: a number that equals the limit after rounding is not reported.
        let Ok(number) = number.parse::<f64>() else { return };
        let limit = |name: &str| limit(name).and_then(|(node, limit)| Some((node, limit.parse::<f64>().ok()?)));
        let exclusive = |name: &str| schema.get(name).and_then(Node::as_bool) == Some(true);
        if let Some((node, min)) = limit("minimum")
            && (number < min || (number == min && exclusive("exclusiveMinimum")))
        {
            self.mismatch_at(value, node, "it is less than the minimum");
        }
        if let Some((node, max)) = limit("maximum")
            && (number > max || (number == max && exclusive("exclusiveMaximum")))
        {
            self.mismatch_at(value, node, "it is greater than the maximum");
        }
    }

    fn check_count(&mut self, value: &Node, schema: &Node, count: usize, what: &str, [min, max]: [&str; 2]) {
        let limit = |name: &str| Some((schema.get(name)?, usize::try_from(schema.get(name)?.as_i64()?).ok()?));
        match (limit(min), limit(max)) {
            (Some((node, min)), _) if count < min => {
                self.mismatch_at(value, node, format!("it has too few {what} ({count})"));
            }
            (_, Some((node, max))) if count > max => {
                self.mismatch_at(value, node, format!("it has too many {what} ({count})"));
            }
            _ => {}
        }
    }

    fn check_unique(&mut self, elements: &[Node], schema: &Node) {
        let Some(rule) = schema.get("uniqueItems").filter(|unique| unique.as_bool() == Some(true)) else { return };
        let mut known = HashSet::new();
        for element in elements {
            if !known.insert(element.to_json_text()) {
                self.mismatch_at(element, rule, "it duplicates another item of the array");
            }
        }
    }
}

/// Returns whether two values are equal. Compares numbers by their text, so `1` and `1.0` differ.
fn is_same(left: &Node, right: &Node) -> bool {
    match (&left.kind, &right.kind) {
        (NodeKind::String(left), NodeKind::String(right)) => left == right,
        (NodeKind::Number(left), NodeKind::Number(right)) => left.text == right.text,
        (NodeKind::Sequence(_), NodeKind::Sequence(_)) | (NodeKind::Mapping(_), NodeKind::Mapping(_)) => {
            left.to_json_text() == right.to_json_text()
        }
        (left, right) => left == right,
    }
}
