//! What several schemas ask of one value, `allOf` merged by meaning: schemas go in, and either the one `$ref` that says it
//! all comes out, or the parts, none of which combines others.

use std::collections::HashSet;

use crate::ir::Origin;
use crate::source::Node;

use super::Lowering;
use super::doc::SHAPING;
use super::schema::Id;
use super::value::Kind;

/// Of more schemas than these it is not asked which of them say the same.
const COMPARED: usize = 8;

/// A schema, and what a type that stands in it is called by.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub node: &'a Node,
    pub origin: Origin,
    /// The combining keywords of it that have been taken out already.
    taken: u8,
}

impl<'a> Part<'a> {
    pub fn new(node: &'a Node, origin: Origin) -> Self {
        Self { node, origin, taken: 0 }
    }

    /// What tells a schema that combines no others from other parts.
    pub fn alone(node: &'a Node) -> Vec<(Id, u8)> {
        vec![(std::ptr::from_ref(node), bit("allOf"))]
    }

    /// The same without one of its combining keywords.
    pub fn without(mut self, key: &str) -> Self {
        self.taken |= bit(key);
        self
    }

    /// What it says under a key.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        if self.taken & bit(key) == 0 { self.node.get(key) } else { None }
    }

    pub fn elements(&self, key: &str) -> &'a [Node] {
        self.get(key).map(Node::elements).unwrap_or_default()
    }

    pub fn is_reference(&self) -> bool {
        self.node.get("$ref").is_some()
    }

    /// Whether it is a value without parts, as most schemas are: that takes no comparing.
    pub fn is_scalar(&self) -> bool {
        const MORE: [&str; 8] =
            ["$ref", "allOf", "oneOf", "anyOf", "enum", "items", "properties", "additionalProperties"];
        let kind = self.get("type").and_then(Node::as_str).and_then(Kind::named);
        kind.is_some_and(|kind| !matches!(kind, Kind::Object | Kind::Array))
            && MORE.iter().all(|key| self.node.get(key).is_none())
    }

    /// Whether it asks for anything by itself that makes a type.
    pub fn shapes(&self) -> bool {
        SHAPING.iter().any(|key| *key != "allOf" && self.get(key).is_some_and(|value| !is_empty(key, value)))
    }

    /// The type that it asks for, where it asks for nothing else.
    pub fn bare_kind(&self) -> Option<Kind> {
        let kind = Kind::named(self.get("type")?.as_str()?)?;
        let more = |key: &str| key != "type" && self.get(key).is_some_and(|value| !is_nothing(key, value));
        (!SHAPING.into_iter().any(more)).then_some(kind)
    }
}

fn bit(key: &str) -> u8 {
    match key {
        "allOf" => 1,
        "oneOf" => 2,
        "anyOf" => 4,
        _ => 0,
    }
}

/// A list of nothing asks for nothing.
fn is_empty(key: &str, value: &Node) -> bool {
    matches!(key, "required" | "allOf") && value.elements().is_empty()
}

/// What asks of an object for nothing.
fn is_nothing(key: &str, value: &Node) -> bool {
    is_empty(key, value) || key == "properties" && value.entries().is_empty()
}

/// What schemas say together.
pub(super) enum Operand<'a> {
    /// Nothing: any value will do.
    Nothing,
    /// No more than this one.
    Reference(&'a Node),
    Parts(Parts<'a>),
}

/// What is asked of a value, by schemas that combine no others but by `oneOf` and `anyOf`.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub list: Vec<Part<'a>>,
    /// All schemas that have been looked into: those that the value is one of.
    pub nodes: HashSet<Id>,
    /// The alternatives, by their schema and keyword, of which the value has been found to take the only one that it can.
    pub taken: HashSet<(Id, &'static str)>,
    met: HashSet<(Id, u8)>,
}

impl Parts<'_> {
    /// What tells these parts from others.
    pub fn key(&self) -> Vec<(Id, u8)> {
        self.list.iter().map(|part| (std::ptr::from_ref(part.node), part.taken)).collect()
    }
}

enum Step<'a> {
    Enter(Part<'a>),
    Add(Part<'a>),
}

impl<'a> Lowering<'a> {
    /// What schemas say together; `whole` is the schema that they are all of, if it has a name.
    pub(super) fn operand(&self, schemas: Vec<Part<'a>>, whole: Option<&'a Node>) -> Operand<'a> {
        let mut operands = Vec::new();
        let mut steps: Vec<Step<'a>> = schemas.into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(part) if part.is_reference() => operands.push(part),
                Step::Enter(part) => {
                    let parts = part.elements("allOf");
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without("allOf")));
                    steps.extend(parts.iter().rev().map(|node| Step::Enter(Part::new(node, origin.clone()))));
                }
                Step::Add(part) if part.shapes() => operands.push(part),
                Step::Add(_) => {}
            }
        }
        if operands.len() > 1 && operands.len() <= COMPARED {
            self.drop_what_is_said(&mut operands, whole);
        }
        match operands.as_slice() {
            [] => Operand::Nothing,
            [only] if only.is_reference() => Operand::Reference(only.node),
            _ => {
                let mut parts = self.expanded(operands);
                if let Some(whole) = whole {
                    parts.nodes.insert(whole);
                }
                if parts.list.is_empty() { Operand::Nothing } else { Operand::Parts(parts) }
            }
        }
    }

    /// All that operands say: references followed, `allOf` taken apart.
    pub(super) fn expanded(&self, operands: Vec<Part<'a>>) -> Parts<'a> {
        let mut parts = Parts::default();
        let mut steps: Vec<Step<'a>> = operands.into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(part) => {
                    // What has been met says nothing new; so a circle comes to its end.
                    if !parts.met.insert((part.node, part.taken)) {
                        continue;
                    }
                    if part.is_reference() {
                        if let Some(target) = self.schema_target(part.node) {
                            parts.nodes.insert(target);
                            steps.push(Step::Enter(Part::new(target, self.origin_of(part.node, target))));
                        }
                        continue;
                    }
                    let within = part.elements("allOf");
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without("allOf")));
                    steps.extend(within.iter().rev().map(|node| Step::Enter(Part::new(node, origin.clone()))));
                }
                Step::Add(part) if part.shapes() => parts.list.push(part),
                Step::Add(_) => {}
            }
        }
        parts
    }

    /// Leaves out what another operand says already.
    fn drop_what_is_said(&self, operands: &mut Vec<Part<'a>>, whole: Option<&'a Node>) {
        let all: Vec<Parts<'a>> = operands.iter().map(|operand| self.expanded(vec![operand.clone()])).collect();
        // In a circle each says what the others say.
        if whole.is_some_and(|whole| all.iter().any(|parts| parts.nodes.contains(&std::ptr::from_ref(whole)))) {
            return;
        }
        let keys: Vec<HashSet<(Id, u8)>> = all.iter().map(|parts| parts.key().into_iter().collect()).collect();
        let mut kept = vec![true; operands.len()];
        // What is said first stays: it has been given a name where it stands.
        for (one, operand) in operands.iter().enumerate().rev() {
            let said = |other: usize| {
                let (Some(keys_of_one), Some(keys_of_other)) = (keys.get(one), keys.get(other)) else { return false };
                let (Some(by), Some(parts)) = (operands.get(other), all.get(one)) else { return false };
                if keys_of_one.is_subset(keys_of_other) {
                    // Of two that say the same, the first stays.
                    return keys_of_one.len() < keys_of_other.len() || other < one;
                }
                // An arm is one of its union's values already.
                let is_arm = |part: &Part<'a>| {
                    let arms = part.elements("oneOf").iter().chain(part.elements("anyOf"));
                    let mut targets = arms.filter_map(|arm| self.schema_target(arm));
                    let others = part.clone().without("oneOf").without("anyOf");
                    targets
                        .any(|arm| all.get(other).is_some_and(|parts| parts.nodes.contains(&std::ptr::from_ref(arm))))
                        && (!others.shapes() || others.bare_kind().is_some())
                };
                let union = matches!(parts.list.as_slice(), [only] if is_arm(only));
                let bare = operand.bare_kind().is_some_and(|kind| match self.kind_of_part(by) {
                    Some(known) => known == kind || (kind, known) == (Kind::Number, Kind::Integer),
                    None => by.is_reference() && self.is_union(by.node),
                });
                union || bare || (!parts.list.is_empty() && self.implies(by, &parts.list))
            };
            let others = (0..operands.len()).filter(|other| *other != one && kept.get(*other) == Some(&true));
            let is_said = others.into_iter().any(said);
            if let Some(kept) = kept.get_mut(one) {
                *kept = !is_said;
            }
        }
        let mut kept = kept.into_iter();
        operands.retain(|_| kept.next().unwrap_or(true));
    }

    fn is_union(&self, node: &'a Node) -> bool {
        let node = self.resolved_schema(node);
        node.get("oneOf").is_some() || node.get("anyOf").is_some()
    }

    /// Whether `arm` asks for all that these parts ask for.
    pub(super) fn implies(&self, arm: &Part<'a>, rest: &[Part<'a>]) -> bool {
        if rest.iter().all(|part| part.bare_kind().is_some_and(|kind| self.kind_of_part(arm) == Some(kind))) {
            return true;
        }
        let parts = self.expanded(vec![arm.clone()]).list;
        let required = |name: &str| {
            parts.iter().any(|part| part.elements("required").iter().any(|element| element.as_str() == Some(name)))
        };
        let property = |name: &str| {
            parts.iter().find_map(|part| part.get("properties").and_then(|properties| properties.get(name)))
        };
        rest.iter().all(|part| {
            SHAPING.iter().all(|key| match (*key, part.get(key)) {
                (_, None) | ("allOf", _) => true,
                ("type", Some(named)) => named.as_str() == Some("object"),
                ("required", Some(names)) => names
                    .elements()
                    .iter()
                    .filter_map(Node::as_str)
                    .all(|name| required(name) && property(name).is_some()),
                ("properties", Some(properties)) => properties
                    .entries()
                    .iter()
                    .all(|entry| property(&entry.key).is_some_and(|inner| self.says_no_less(inner, &entry.value))),
                ("additionalProperties", Some(more)) => more.as_bool() == Some(false),
                _ => false,
            })
        })
    }

    /// Whether `inner` plainly asks for all that `outer` asks for.
    fn says_no_less(&self, inner: &'a Node, outer: &'a Node) -> bool {
        let kind = Part::new(outer, Origin(Vec::new())).bare_kind();
        let is_said = |key: &str, value: &Node| match key {
            "title" | "example" | "xml" => true,
            "type" if kind.is_some() && self.kind_of(inner) == kind => true,
            key => inner.get(key).is_some_and(|known| known.to_json_text() == value.to_json_text()),
        };
        (!self.allows_null(inner) || self.allows_null(outer))
            && outer.entries().iter().all(|entry| is_said(&entry.key, &entry.value))
    }
}
