//! Whether a value is what a schema describes: both come in as nodes, the first thing that is wrong goes out.
//!
//! The keywords of OpenAPI 3.0 but for `pattern`, whose expressions are JavaScript's, and formats, which a validator may
//! take or leave. A `null` fits where `nullable` says so, or nothing says of which type a value is.

use crate::source::{Document, Node, NodeKind, Span};

use super::resolved;

/// So many schemas are held against one value and its parts: alternatives within alternatives grow without bound.
const STEPS: usize = 10_000;

/// What is wrong with a value.
pub(super) struct Misfit {
    /// The value, or the part of it.
    pub at: Span,
    /// What is wrong, as half a sentence.
    pub why: String,
    /// The keyword that says so.
    pub rule: Span,
}

/// The first thing that is wrong with a value.
pub(super) fn misfit(document: &Document, value: &Node, schema: &Node) -> Option<Misfit> {
    Fit { document, listed_by: None, steps: 0 }.check(value, schema).err()
}

/// The same for one of the values that the schema's own `enum` lists.
pub(super) fn misfit_of_listed(document: &Document, value: &Node, schema: &Node) -> Option<Misfit> {
    Fit { document, listed_by: schema.get("enum"), steps: 0 }.check(value, schema).err()
}

struct Fit<'d> {
    document: &'d Document,
    /// An `enum` that is known to list the value.
    listed_by: Option<&'d Node>,
    steps: usize,
}

type Verdict = Result<(), Misfit>;

fn wrong(value: &Node, rule: &Node, why: impl Into<String>) -> Verdict {
    Err(Misfit { at: value.span, why: why.into(), rule: rule.span })
}

impl<'d> Fit<'d> {
    fn check(&mut self, value: &'d Node, schema: &'d Node) -> Verdict {
        self.steps += 1;
        let Some(schema) = resolved(self.document, schema).filter(|_| self.steps < STEPS) else { return Ok(()) };
        if value.kind == NodeKind::Null {
            return null(value, schema);
        }
        has_type(value, schema)?;
        if !self.listed_by.is_some_and(|list| schema.get("enum").is_some_and(|own| std::ptr::eq(own, list))) {
            is_listed(value, schema)?;
        }
        self.combined(value, schema)?;
        match &value.kind {
            NodeKind::Number(number) => in_range(value, &number.text, schema),
            NodeKind::String(text) => {
                let length = text.chars().count();
                counted(value, schema, length, "characters", ["minLength", "maxLength"])
            }
            NodeKind::Sequence(elements) => {
                counted(value, schema, elements.len(), "elements", ["minItems", "maxItems"])?;
                let Some(items) = schema.get("items") else { return Ok(()) };
                elements.iter().try_for_each(|element| self.check(element, items))
            }
            NodeKind::Mapping(_) => self.object(value, schema),
            NodeKind::Null | NodeKind::Bool(_) => Ok(()),
        }
    }

    fn object(&mut self, value: &'d Node, schema: &'d Node) -> Verdict {
        counted(value, schema, value.entries().len(), "members", ["minProperties", "maxProperties"])?;
        let properties = schema.get("properties");
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        for name in schema.get("required").map(Node::elements).unwrap_or_default() {
            let Some(text) = name.as_str().filter(|text| value.get(text).is_none()) else { continue };
            // What travels one way only need not be in an example of the other.
            let target = property(text).and_then(|property| resolved(self.document, property));
            let one_way = |mark: &str| target.and_then(|target| target.get(mark)).and_then(Node::as_bool) == Some(true);
            if !one_way("readOnly") && !one_way("writeOnly") {
                return wrong(value, name, format!("`{text}` is missing"));
            }
        }
        for entry in value.entries() {
            match (property(&entry.key), schema.get("additionalProperties")) {
                (Some(property), _) => self.check(&entry.value, property)?,
                (None, Some(more)) if more.as_bool() == Some(false) => {
                    let why = format!("there is no property `{}`", entry.key);
                    return Err(Misfit { at: entry.key_span, why, rule: more.span });
                }
                (None, Some(more)) => self.check(&entry.value, more)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn combined(&mut self, value: &'d Node, schema: &'d Node) -> Verdict {
        for part in schema.get("allOf").map(Node::elements).unwrap_or_default() {
            self.check(value, part)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = schema.get(keyword) else { continue };
            let parts = list.elements();
            let mut first = None;
            let fits = parts.iter().any(|part| match self.check(value, part) {
                Ok(()) => true,
                Err(misfit) => {
                    first.get_or_insert(misfit);
                    false
                }
            });
            if let Some(first) = first.filter(|_| !fits) {
                // One alternative is no choice: then its own trouble says more.
                return if parts.len() == 1 {
                    Err(first)
                } else {
                    wrong(value, list, format!("it is none of the {} that `{keyword}` lists", parts.len()))
                };
            }
        }
        Ok(())
    }
}

fn null(value: &Node, schema: &Node) -> Verdict {
    let nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let listed = schema.get("enum").is_some_and(|list| list.elements().iter().any(|one| one.kind == NodeKind::Null));
    match schema.get("type") {
        Some(ty) if !nullable && !listed => wrong(value, ty, "it is null, and not `nullable`"),
        _ => Ok(()),
    }
}

fn has_type(value: &Node, schema: &Node) -> Verdict {
    let Some(node) = schema.get("type") else { return Ok(()) };
    let Some(ty) = node.as_str() else { return Ok(()) };
    if crate::dialect::fits(value, ty) {
        return Ok(());
    }
    let article = if ty.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    wrong(value, node, format!("it is {}, not {article} {ty}", value.kind_name()))
}

fn is_listed(value: &Node, schema: &Node) -> Verdict {
    let Some(list) = schema.get("enum") else { return Ok(()) };
    let text = value.to_json_text();
    if list.elements().is_empty() || list.elements().iter().any(|one| one.to_json_text() == text) {
        return Ok(());
    }
    wrong(value, list, "it is none of the values that `enum` lists")
}

fn in_range(value: &Node, number: &str, schema: &Node) -> Verdict {
    // Beyond what a double tells apart nothing is claimed.
    let Ok(number) = number.parse::<f64>() else { return Ok(()) };
    let limit = |name: &str| {
        let node = schema.get(name)?;
        let NodeKind::Number(limit) = &node.kind else { return None };
        Some((node, limit.text.parse::<f64>().ok()?))
    };
    let exclusive = |name: &str| schema.get(name).and_then(Node::as_bool) == Some(true);
    if let Some((node, least)) = limit("minimum")
        && (number < least || (number == least && exclusive("exclusiveMinimum")))
    {
        return wrong(value, node, "it is too small");
    }
    match limit("maximum") {
        Some((node, most)) if number > most || (number == most && exclusive("exclusiveMaximum")) => {
            wrong(value, node, "it is too large")
        }
        _ => Ok(()),
    }
}

fn counted(value: &Node, schema: &Node, count: usize, what: &str, [least, most]: [&str; 2]) -> Verdict {
    let limit = |name: &str| Some((schema.get(name)?, usize::try_from(schema.get(name)?.as_i64()?).ok()?));
    match (limit(least), limit(most)) {
        (Some((node, least)), _) if count < least => wrong(value, node, format!("it has too few {what} ({count})")),
        (_, Some((node, most))) if count > most => wrong(value, node, format!("it has too many {what} ({count})")),
        _ => Ok(()),
    }
}
