//! What several schemas ask of one value, `allOf` merged by meaning: schemas go in, and either the one `$ref` that says it
//! all comes out, or the parts, none of which combines others.

use std::collections::HashSet;

use crate::ir::Origin;
use crate::spec::{Additional, Property, Schema, SchemaId, SchemaType};

use super::Lowering;
use super::doc::has_rules;
use super::value::Kind;

/// Of more schemas than these it is not asked which of them say the same.
const COMPARED: usize = 8;

/// A keyword that combines schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Combination {
    AllOf = 1,
    OneOf = 2,
    AnyOf = 4,
}

impl Combination {
    pub const ALL: [Self; 3] = [Self::AllOf, Self::OneOf, Self::AnyOf];

    /// The keywords of alternatives.
    pub const ALTERNATIVES: [Self; 2] = [Self::OneOf, Self::AnyOf];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AllOf => "allOf",
            Self::OneOf => "oneOf",
            Self::AnyOf => "anyOf",
        }
    }

    /// The schemas that a schema combines by this keyword.
    pub fn of(self, schema: &Schema) -> &[SchemaId] {
        match self {
            Self::AllOf => &schema.all_of,
            Self::OneOf => &schema.one_of,
            Self::AnyOf => &schema.any_of,
        }
    }
}

/// A schema, and what a type that stands in it is called by.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub schema: &'a Schema,
    pub origin: Origin,
    /// The combining keywords of it that have been taken out already.
    taken: u8,
}

/// What tells a part from others: its schema, and the keywords that have been taken out.
pub(super) type PartKey = (SchemaId, u8);

impl<'a> Part<'a> {
    pub fn new(schema: &'a Schema, origin: Origin) -> Self {
        Self { schema, origin, taken: 0 }
    }

    /// What tells a schema that combines no others from other parts.
    pub fn alone(schema: &'a Schema) -> Vec<PartKey> {
        vec![(schema.id, Combination::AllOf as u8)]
    }

    /// The same without one of its combining keywords.
    pub fn without(mut self, keyword: Combination) -> Self {
        self.taken |= keyword as u8;
        self
    }

    /// The schemas that it combines by a keyword.
    pub fn combined(&self, keyword: Combination) -> &'a [SchemaId] {
        if self.taken & keyword as u8 == 0 { keyword.of(self.schema) } else { &[] }
    }

    fn key(&self) -> PartKey {
        (self.schema.id, self.taken)
    }

    pub fn is_reference(&self) -> bool {
        self.schema.reference.is_some()
    }

    /// Whether it is a value without parts, as most schemas are: that takes no comparing.
    pub fn is_scalar(&self) -> bool {
        let schema = self.schema;
        let has_parts = schema.reference.is_some()
            || !schema.all_of.is_empty()
            || !schema.one_of.is_empty()
            || !schema.any_of.is_empty()
            || schema.values.is_some()
            || schema.items.is_some()
            || schema.properties.is_some()
            || schema.additional.is_some();
        Kind::said(schema).is_some_and(|kind| !matches!(kind, Kind::Object | Kind::Array)) && !has_parts
    }

    fn has_alternatives(&self) -> bool {
        Combination::ALTERNATIVES.into_iter().any(|keyword| !self.combined(keyword).is_empty())
    }

    /// Whether it asks for anything by itself that makes a type.
    pub fn shapes(&self) -> bool {
        let schema = self.schema;
        !schema.types.is_unspecified()
            || !schema.required.is_empty()
            || schema.properties.is_some()
            || schema.additional.is_some()
            || has_rules(schema)
            || self.has_alternatives()
    }

    /// The type that it asks for, where it asks for nothing else.
    pub fn bare_kind(&self) -> Option<Kind> {
        let schema = self.schema;
        let kind = Kind::said(schema)?;
        let asks_more = !schema.required.is_empty()
            || schema.properties().next().is_some()
            || schema.additional.is_some()
            || has_rules(schema)
            || self.has_alternatives()
            || !self.combined(Combination::AllOf).is_empty();
        (!asks_more).then_some(kind)
    }
}

/// What schemas say together.
pub(super) enum Operand<'a> {
    /// Nothing: any value will do.
    Nothing,
    /// No more than this one.
    Reference(&'a Schema),
    Parts(Parts<'a>),
}

/// What is asked of a value, by schemas that combine no others but by `oneOf` and `anyOf`.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub list: Vec<Part<'a>>,
    /// All schemas that have been looked into: those that the value is one of.
    pub nodes: HashSet<SchemaId>,
    /// The alternatives, by their schema and keyword, of which the value has been found to take the only one that it can.
    pub taken: HashSet<(SchemaId, Combination)>,
    met: HashSet<PartKey>,
}

impl Parts<'_> {
    /// What tells these parts from others.
    pub fn key(&self) -> Vec<PartKey> {
        self.list.iter().map(Part::key).collect()
    }
}

enum Step<'a> {
    Enter(Part<'a>),
    Add(Part<'a>),
}

impl<'a> Lowering<'a> {
    /// What schemas say together; `whole` is the schema that they are all of, if it has a name.
    pub(super) fn operand(&self, schemas: Vec<Part<'a>>, whole: Option<&'a Schema>) -> Operand<'a> {
        let mut operands = Vec::new();
        let mut steps: Vec<Step<'a>> = schemas.into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(part) if part.is_reference() => operands.push(part),
                Step::Enter(part) => {
                    let parts = part.combined(Combination::AllOf);
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without(Combination::AllOf)));
                    steps.extend(parts.iter().rev().map(|id| Step::Enter(Part::new(self.at(*id), origin.clone()))));
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
            [only] if only.is_reference() => Operand::Reference(only.schema),
            _ => {
                let mut parts = self.expanded(operands);
                if let Some(whole) = whole {
                    parts.nodes.insert(whole.id);
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
                    if !parts.met.insert(part.key()) {
                        continue;
                    }
                    if part.is_reference() {
                        if let Some(target) = self.schema_target(part.schema) {
                            parts.nodes.insert(target.id);
                            steps.push(Step::Enter(Part::new(target, self.origin_of(target))));
                        }
                        continue;
                    }
                    let within = part.combined(Combination::AllOf);
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without(Combination::AllOf)));
                    steps.extend(within.iter().rev().map(|id| Step::Enter(Part::new(self.at(*id), origin.clone()))));
                }
                Step::Add(part) if part.shapes() => parts.list.push(part),
                Step::Add(_) => {}
            }
        }
        parts
    }

    /// Leaves out what another operand says already.
    fn drop_what_is_said(&self, operands: &mut Vec<Part<'a>>, whole: Option<&'a Schema>) {
        let all: Vec<Parts<'a>> = operands.iter().map(|operand| self.expanded(vec![operand.clone()])).collect();
        // In a circle each says what the others say.
        if whole.is_some_and(|whole| all.iter().any(|parts| parts.nodes.contains(&whole.id))) {
            return;
        }
        let keys: Vec<HashSet<PartKey>> = all.iter().map(|parts| parts.key().into_iter().collect()).collect();
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
                    let arms = Combination::ALTERNATIVES.into_iter().flat_map(|keyword| part.combined(keyword));
                    let mut targets = arms.filter_map(|arm| self.at(*arm).reference);
                    let others = part.clone().without(Combination::OneOf).without(Combination::AnyOf);
                    targets
                        .any(|arm| all.get(other).is_some_and(|parts| parts.nodes.contains(&arm)))
                        && (!others.shapes() || others.bare_kind().is_some())
                };
                let union = matches!(parts.list.as_slice(), [only] if is_arm(only));
                let bare = operand.bare_kind().is_some_and(|kind| match self.kind_of_part(by) {
                    Some(known) => known == kind || (kind, known) == (Kind::Number, Kind::Integer),
                    None => by.is_reference() && self.is_union(by.schema),
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

    fn is_union(&self, schema: &'a Schema) -> bool {
        self.resolved_schema(schema).variants().next().is_some()
    }

    /// Whether `arm` asks for all that these parts ask for.
    pub(super) fn implies(&self, arm: &Part<'a>, rest: &[Part<'a>]) -> bool {
        if rest.iter().all(|part| part.bare_kind().is_some_and(|kind| self.kind_of_part(arm) == Some(kind))) {
            return true;
        }
        let parts = self.expanded(vec![arm.clone()]).list;
        let required =
            |name: &str| parts.iter().any(|part| part.schema.required.iter().any(|known| known.value == name));
        let property = |name: &str| {
            parts.iter().find_map(|part| part.schema.properties.as_ref()?.get(name)).map(|it| self.at(it.schema))
        };
        let has_property = |(name, outer): (&str, &Property)| {
            property(name).is_some_and(|inner| self.says_no_less(inner, self.at(outer.schema)))
        };
        rest.iter().all(|part| {
            let schema = part.schema;
            (schema.types.is_unspecified() || schema.ty() == Some(SchemaType::Object))
                && !has_rules(schema)
                && !part.has_alternatives()
                && schema.required.iter().all(|name| required(&name.value) && property(&name.value).is_some())
                && schema.properties().all(has_property)
                && matches!(schema.additional, None | Some(Additional::Forbidden))
        })
    }

    /// Whether `inner` plainly asks for all that `outer` asks for.
    fn says_no_less(&self, inner: &'a Schema, outer: &'a Schema) -> bool {
        let kind = Part::new(outer, Origin(Vec::new())).bare_kind();
        let has_type = outer.types.is_unspecified()
            || kind.is_some() && self.kind_of(inner) == kind
            || inner.types == outer.types;
        has_type && (!self.allows_null(inner) || self.allows_null(outer)) && self.spec.covers(inner, outer)
    }
}
