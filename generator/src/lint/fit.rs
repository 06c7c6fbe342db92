//! Whether a value is what a schema describes: both come in as nodes, all that is wrong goes out, each at its own place.
//!
//! The keywords of OpenAPI 3.0. A `null` fits where `nullable` says so, or nothing says of which type a value is.

use std::collections::{HashMap, HashSet};

use super::pattern::{self, Expression};
use super::{conforms, resolved};
use crate::diagnostics::quoted;
use crate::source::{Document, Node, NodeKind, Span};

/// So many schemas are held against one value and its parts: alternatives within alternatives grow without bound.
const STEPS: usize = 10_000;
/// So many are held against all values of a document.
const ALL_STEPS: usize = 5_000_000;
/// What is spent on the expressions of a document: characters of texts times what each of them costs.
const ALL_MATCHED: usize = 200_000_000;
/// So much that is wrong with one value is told.
const TOLD: usize = 100;

/// What is wrong with a value.
pub(super) struct Misfit {
    /// The value, or the part of it.
    pub at: Span,
    /// What is wrong, as half a sentence.
    pub why: String,
    /// The keyword that says so.
    pub rule: Span,
}

/// What one run holds values against, and how much more of it there may be.
pub(super) struct Fitting<'d> {
    document: &'d Document,
    /// The expressions that have been met, by their texts; nothing where one is none.
    expressions: HashMap<&'d str, Option<Expression>>,
    steps: usize,
    matched: usize,
}

impl<'d> Fitting<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self { document, expressions: HashMap::new(), steps: ALL_STEPS, matched: ALL_MATCHED }
    }

    /// All that is wrong with a value; `listed` where it is one of the values that the schema's own `enum` lists.
    pub fn misfits(&mut self, value: &'d Node, schema: &'d Node, listed: bool) -> Vec<Misfit> {
        let steps = STEPS.min(self.steps);
        let listed_by = if listed { schema.get("enum") } else { None };
        let mut fit = Fit { fitting: self, listed_by, steps, misfits: Vec::new() };
        fit.check(value, schema);
        let Fit { steps: left, misfits, .. } = fit;
        self.steps -= steps - left;
        misfits
    }

    /// Whether a text matches a pattern, as far as that can be told.
    fn matches(&mut self, text: &str, pattern: &'d str) -> bool {
        let expression = self.expressions.entry(pattern).or_insert_with(|| pattern::read(pattern).ok());
        let Some(Expression { regex: Some(regex), cost }) = expression else { return true };
        let cost = cost.saturating_mul(text.len() + 1);
        if cost > self.matched {
            return true;
        }
        self.matched -= cost;
        regex.is_match(text)
    }
}

struct Fit<'d, 'f> {
    fitting: &'f mut Fitting<'d>,
    /// An `enum` that is known to list the value.
    listed_by: Option<&'d Node>,
    /// How many more schemas may be held against the value.
    steps: usize,
    misfits: Vec<Misfit>,
}

impl<'d> Fit<'d, '_> {
    fn wrong(&mut self, value: &Node, rule: &Node, why: impl Into<String>) {
        self.tell(Misfit { at: value.span, why: why.into(), rule: rule.span });
    }

    fn tell(&mut self, misfit: Misfit) {
        // Parts of a schema may ask for the same.
        let known = |other: &Misfit| other.at == misfit.at && other.why == misfit.why;
        if self.misfits.len() < TOLD && !self.misfits.iter().any(known) {
            self.misfits.push(misfit);
        }
    }

    /// Takes so many steps, if there are as many left.
    fn takes(&mut self, steps: usize) -> bool {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        left.is_some()
    }

    fn check(&mut self, value: &'d Node, schema: &'d Node) {
        let Some(schema) = resolved(self.fitting.document, schema).filter(|_| self.takes(1)) else { return };
        if value.kind == NodeKind::Null {
            return self.null(value, schema);
        }
        if !self.has_type(value, schema) {
            return;
        }
        if !self.listed_by.is_some_and(|list| schema.get("enum").is_some_and(|own| std::ptr::eq(own, list))) {
            self.is_listed(value, schema);
        }
        self.combined(value, schema);
        let format = schema.get("format").and_then(|node| Some((node, node.as_str()?)));
        match &value.kind {
            NodeKind::Number(number) => {
                self.in_range(value, &number.text, schema);
                if let Some((node, format)) = format.filter(|_| number.is_integer())
                    && let Some(why) = conforms::integer(format, &number.text)
                {
                    self.wrong(value, node, why);
                }
            }
            NodeKind::String(text) => {
                self.counted(value, schema, text.chars().count(), "characters", ["minLength", "maxLength"]);
                if let Some((node, why)) = format.and_then(|(node, format)| Some((node, conforms::text(format, text)?)))
                {
                    self.wrong(value, node, why);
                }
                if let Some((node, pattern)) = schema.get("pattern").and_then(|node| Some((node, node.as_str()?)))
                    && !self.fitting.matches(text, pattern)
                {
                    self.wrong(value, node, format!("it does not match {}", quoted(pattern)));
                }
            }
            NodeKind::Sequence(elements) => {
                self.counted(value, schema, elements.len(), "elements", ["minItems", "maxItems"]);
                self.unique(elements, schema);
                let Some(items) = schema.get("items") else { return };
                elements.iter().for_each(|element| self.check(element, items));
            }
            NodeKind::Mapping(_) => self.object(value, schema),
            NodeKind::Null | NodeKind::Bool(_) => {}
        }
    }

    fn object(&mut self, value: &'d Node, schema: &'d Node) {
        self.counted(value, schema, value.entries().len(), "members", ["minProperties", "maxProperties"]);
        let properties = schema.get("properties");
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        for name in schema.get("required").map(Node::elements).unwrap_or_default() {
            let Some(text) = name.as_str().filter(|text| value.get(text).is_none()) else { continue };
            // What travels one way only need not be in an example of the other.
            let target = property(text).and_then(|property| resolved(self.fitting.document, property));
            let one_way = |mark: &str| target.and_then(|target| target.get(mark)).and_then(Node::as_bool) == Some(true);
            if !one_way("readOnly") && !one_way("writeOnly") {
                self.wrong(value, name, format!("{} is missing", quoted(text)));
            }
        }
        for entry in value.entries() {
            match (property(&entry.key), schema.get("additionalProperties")) {
                (Some(property), _) => self.check(&entry.value, property),
                (None, Some(more)) if more.as_bool() == Some(false) => {
                    let why = format!("there is no property {}", quoted(&entry.key));
                    self.tell(Misfit { at: entry.key_span, why, rule: more.span });
                }
                (None, Some(more)) => self.check(&entry.value, more),
                (None, None) => {}
            }
        }
    }

    fn combined(&mut self, value: &'d Node, schema: &'d Node) {
        for part in schema.get("allOf").map(Node::elements).unwrap_or_default() {
            self.check(value, part);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = schema.get(keyword) else { continue };
            let parts = list.elements();
            let outer = std::mem::take(&mut self.misfits);
            let mut fits = parts.is_empty();
            for part in parts {
                self.misfits.clear();
                self.check(value, part);
                fits = self.misfits.is_empty();
                if fits {
                    break;
                }
            }
            let inner = std::mem::replace(&mut self.misfits, outer);
            match parts.len() {
                _ if fits => {}
                // One alternative is no choice: then its own trouble says more.
                1 => inner.into_iter().for_each(|misfit| self.tell(misfit)),
                count => self.wrong(value, list, format!("it is none of the {count} that `{keyword}` lists")),
            }
        }
    }

    fn null(&mut self, value: &Node, schema: &Node) {
        let nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
        let listed =
            schema.get("enum").is_some_and(|list| list.elements().iter().any(|one| one.kind == NodeKind::Null));
        if let Some(ty) = schema.get("type").filter(|_| !nullable && !listed) {
            self.wrong(value, ty, "it is null, and not `nullable`");
        }
    }

    fn has_type(&mut self, value: &Node, schema: &Node) -> bool {
        let Some((node, ty)) = schema.get("type").and_then(|node| Some((node, node.as_str()?))) else { return true };
        let has = crate::dialect::fits(value, ty);
        if !has {
            let article = if ty.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            self.wrong(value, node, format!("it is {}, not {article} {ty}", value.kind_name()));
        }
        has
    }

    fn is_listed(&mut self, value: &Node, schema: &Node) {
        let Some(list) = schema.get("enum").filter(|list| !list.elements().is_empty()) else { return };
        let values = list.elements();
        if self.takes(values.len() / 16) && !values.iter().any(|one| is_same(one, value)) {
            self.wrong(value, list, "it is none of the values that `enum` lists");
        }
    }

    fn in_range(&mut self, value: &Node, number: &str, schema: &Node) {
        let limit = |name: &str| {
            let node = schema.get(name)?;
            let NodeKind::Number(limit) = &node.kind else { return None };
            Some((node, limit.text.as_str()))
        };
        // Of fractions no double says exactly what they are multiples of.
        if let Some((node, factor)) = limit("multipleOf")
            && let (Ok(number), Ok(factor)) = (number.parse::<i64>(), factor.parse::<i64>())
            && number.checked_rem(factor).is_some_and(|rest| rest != 0)
        {
            self.wrong(value, node, format!("it is no multiple of {factor}"));
        }
        // Beyond what a double tells apart nothing is claimed.
        let Ok(number) = number.parse::<f64>() else { return };
        let limit = |name: &str| limit(name).and_then(|(node, limit)| Some((node, limit.parse::<f64>().ok()?)));
        let exclusive = |name: &str| schema.get(name).and_then(Node::as_bool) == Some(true);
        if let Some((node, least)) = limit("minimum")
            && (number < least || (number == least && exclusive("exclusiveMinimum")))
        {
            self.wrong(value, node, "it is too small");
        }
        if let Some((node, most)) = limit("maximum")
            && (number > most || (number == most && exclusive("exclusiveMaximum")))
        {
            self.wrong(value, node, "it is too large");
        }
    }

    fn counted(&mut self, value: &Node, schema: &Node, count: usize, what: &str, [least, most]: [&str; 2]) {
        let limit = |name: &str| Some((schema.get(name)?, usize::try_from(schema.get(name)?.as_i64()?).ok()?));
        match (limit(least), limit(most)) {
            (Some((node, least)), _) if count < least => {
                self.wrong(value, node, format!("it has too few {what} ({count})"));
            }
            (_, Some((node, most))) if count > most => {
                self.wrong(value, node, format!("it has too many {what} ({count})"));
            }
            _ => {}
        }
    }

    fn unique(&mut self, elements: &[Node], schema: &Node) {
        let Some(rule) = schema.get("uniqueItems").filter(|unique| unique.as_bool() == Some(true)) else { return };
        let mut known = HashSet::new();
        for element in elements {
            if !known.insert(element.to_json_text()) {
                self.wrong(element, rule, "it is in the array already");
            }
        }
    }
}

/// Whether two values are written alike but for blanks.
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
