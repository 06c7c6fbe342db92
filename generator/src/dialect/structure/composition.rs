//! How much is made of the schemas: how far they lead from one to the next, and how many properties, values and alternatives they have.
//!
//! `allOf`, `oneOf` and `anyOf` of schemas that are made of schemas grow without end: forty schemas, each of which is twice
//! `allOf` the one before, would have 2^39 members. So they are counted before anybody makes them.

use std::collections::HashMap;

use super::walk::{Id, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, raised_by};

/// So far one schema may lead to the next: by a `$ref`, by `allOf`, as the elements of an array or the values of a map.
const LONGEST_WAY: usize = 256;

/// What a schema comes to, with all that it is made of.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// How far it leads.
    way: usize,
    /// The parts that it has, and the members that its own properties and its parts bring together.
    members: usize,
    /// The alternatives that its unions bring together.
    arms: usize,
}

impl<'d> Walk<'d, '_> {
    /// Counts what schemas come to, and reports the first that is too much; of circles, not how far they lead. The components
    /// count as well, since each of them becomes a type.
    pub fn weigh(&mut self, circular: bool) {
        let mut weights: HashMap<Id, Weight> = HashMap::new();
        let components = self.document.root.get("components").and_then(|node| node.get("schemas"));
        let mut made = components.map_or(0, |node| node.entries().len());
        for schema in std::mem::take(&mut self.schemas) {
            self.settle(schema, &mut weights);
            let weight = weights.get(&std::ptr::from_ref(schema)).copied().unwrap_or_default();
            if weight.way > LONGEST_WAY && !circular {
                let place = schema.get("$ref").unwrap_or(schema).span;
                let message = format!("more than {LONGEST_WAY} chained references between schemas start here");
                return self.push(Diagnostic::error(Code::Limit, place, message));
            }
            made = made.saturating_add(weight.makes(schema));
            if made > self.document.limits.members {
                let place = COMBINING.into_iter().find_map(|key| schema.as_mapping()?.entry(key));
                let span = place.map_or(schema.span, |entry| entry.key_span);
                let maximum = self.document.limits.members;
                let message =
                    format!("the schemas have more than {maximum} properties, enum values and variants in total");
                let label = "the limit is exceeded here";
                return self
                    .push(Diagnostic::error(Code::Limit, span, message).label(label).help(raised_by("members")));
            }
        }
    }

    /// Weighs a schema after all that it is made of; without recursion, for that leads further than a stack.
    fn settle(&self, schema: &'d Node, weights: &mut HashMap<Id, Weight>) {
        let mut way: Vec<(&'d Node, Vec<&'d Node>)> = Vec::new();
        let enter = |node: &'d Node, weights: &mut HashMap<Id, Weight>| {
            // What is met again before it is weighed counts for nothing: circles are refused elsewhere, or end at arrays.
            weights.insert(node, Weight::default());
            (node, self.parts(node).map(|(_, part)| part).collect())
        };
        if !weights.contains_key(&std::ptr::from_ref(schema)) {
            way.push(enter(schema, weights));
        }
        while let Some((node, waiting)) = way.last_mut() {
            match waiting.pop() {
                Some(part) if weights.contains_key(&std::ptr::from_ref(part)) => {}
                Some(part) => way.push(enter(part, weights)),
                None => {
                    let weight = self.weight(node, weights);
                    weights.insert(*node, weight);
                    way.pop();
                }
            }
        }
    }

    fn weight(&self, node: &'d Node, weights: &HashMap<Id, Weight>) -> Weight {
        let mut total =
            Weight { members: node.get("properties").map_or(0, |node| node.entries().len()), ..Weight::default() };
        for (role, part) in self.parts(node) {
            let weight = weights.get(&std::ptr::from_ref(part)).copied().unwrap_or_default();
            if role != Role::VariantLabel {
                total.way = total.way.max(weight.way + 1);
            }
            match role {
                Role::Same => {
                    // A part without members has to be looked into as well.
                    total.members = total.members.saturating_add(weight.members).saturating_add(1);
                    total.arms = total.arms.saturating_add(weight.arms);
                }
                Role::VariantLabel => total.arms = total.arms.saturating_add(weight.arms.max(1)),
                Role::Inside => {}
            }
        }
        total
    }

    /// What a schema is made of.
    fn parts(&self, node: &'d Node) -> impl Iterator<Item = (Role, &'d Node)> {
        let target = self.targets.get(&std::ptr::from_ref(node)).copied();
        // What stands beside a `$ref` has no effect.
        let own = target.is_none().then_some(node);
        let elements = move |key: &str| own.and_then(|node| node.get(key)).map(Node::elements).unwrap_or_default();
        let arms = ["oneOf", "anyOf"].into_iter().flat_map(move |key| match elements(key) {
            // One alternative is none.
            [only] => vec![(Role::Same, only)],
            arms => arms.iter().map(|part| (Role::VariantLabel, part)).collect(),
        });
        let inside = ["items", "additionalProperties"].into_iter().filter_map(move |key| own?.get(key));
        let inside = inside.filter(|part| part.as_mapping().is_some());
        target
            .into_iter()
            .chain(elements("allOf"))
            .map(|part| (Role::Same, part))
            .chain(arms)
            .chain(inside.map(|part| (Role::Inside, part)))
    }
}

/// The keywords that make a schema of schemas.
const COMBINING: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// What a part of a schema is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A value of the schema is one of the part.
    Same,
    /// A value of the schema may be one of the part.
    VariantLabel,
    /// A value of the schema contains values of the part.
    Inside,
}

impl Weight {
    /// How much has to be made for a schema itself.
    fn makes(self, schema: &Node) -> usize {
        if !COMBINING.into_iter().any(|key| schema.get(key).is_some()) {
            let count = |key: &str| schema.get(key).map_or(0, |node| node.entries().len() + node.elements().len());
            return if schema.get("$ref").is_some() { 0 } else { count("properties") + count("enum") };
        }
        let members = if schema.get("allOf").is_some() { self.members } else { 0 };
        // Alternatives have the members that stand beside them.
        members.saturating_add(self.arms).saturating_add(self.arms.saturating_mul(self.members))
    }
}
