//! Merges `allOf`: several schemas that apply to one value become either a single reference, if its target implies all
//! other schemas, or a list of parts without `allOf`.

use std::collections::HashSet;

use crate::ir::Origin;
use crate::spec::{Additional, Property, Schema, SchemaId, SchemaType};

use super::Lowering;
use super::doc::has_rules;
use super::value::Kind;

/// The maximum number of schemas that are compared with each other to find redundant ones.
const MAX_COMPARED: usize = 8;

/// A keyword that combines schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Combination {
    /// `allOf`
    All = 1,
    /// `oneOf`
    One = 2,
    /// `anyOf`
    Any = 4,
}

impl Combination {
    pub const ALL: [Self; 3] = [Self::All, Self::One, Self::Any];

    /// The keywords of unions.
    pub const UNIONS: [Self; 2] = [Self::One, Self::Any];

    /// Returns the schemas that a schema combines with this keyword.
    pub fn of(self, schema: &Schema) -> &[SchemaId] {
        match self {
            Self::All => &schema.all_of,
            Self::One => &schema.one_of,
            Self::Any => &schema.any_of,
        }
    }
}

/// A schema that applies to a value, without the keywords that are already handled.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub schema: &'a Schema,
    pub origin: Origin,
    /// The combining keywords that are already handled, as bits.
    taken: u8,
    /// The JSON type to which the part is restricted. `None` if the part includes all values of its schema.
    only: Option<Kind>,
}

/// The identity of a part: its schema, the keywords that are already handled, and the JSON type to which it is
/// restricted.
pub(super) type PartKey = (SchemaId, u8, Option<Kind>);

impl<'a> Part<'a> {
    pub fn new(schema: &'a Schema, origin: Origin) -> Self {
        Self { schema, origin, taken: 0, only: None }
    }

    /// Returns the key of a type that is created from a single schema, without merging.
    pub fn alone(schema: &'a Schema) -> Vec<PartKey> {
        vec![(schema.id, Combination::All as u8, None)]
    }

    /// Marks a combining keyword of the part as handled.
    pub fn without(mut self, keyword: Combination) -> Self {
        self.taken |= keyword as u8;
        self
    }

    /// Returns the schemas that the part combines with a keyword. Empty if the keyword is already handled.
    pub fn combined(&self, keyword: Combination) -> &'a [SchemaId] {
        if self.taken & keyword as u8 == 0 { keyword.of(self.schema) } else { &[] }
    }

    fn key(&self) -> PartKey {
        (self.schema.id, self.taken, self.only)
    }

    /// Restricts the part to the values of one type.
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.only = Some(kind);
        self
    }

    /// Returns whether the part includes all values that the schema allows.
    pub fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Returns the types that the part specifies, except `null`. Empty if it specifies no type.
    pub fn kinds(&self) -> Vec<Kind> {
        match self.only {
            Some(only) => vec![only],
            None => Kind::all(self.schema),
        }
    }

    /// Returns the type that the part specifies, if there is only one.
    pub fn specified(&self) -> Option<Kind> {
        self.only.or_else(|| Kind::specified(self.schema))
    }

    pub fn is_reference(&self) -> bool {
        self.schema.reference.is_some()
    }

    /// Returns whether the part is a string, number or boolean without an enum, as most schemas are. Such a schema
    /// needs no merging.
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
        self.specified().is_some_and(|kind| !matches!(kind, Kind::Object | Kind::Array)) && !has_parts
    }

    /// Returns whether the part has no keywords for objects, arrays and encoded content, and no union that is still to
    /// be handled.
    pub fn is_value(&self) -> bool {
        let schema = self.schema;
        schema.properties.is_none()
            && schema.additional.is_none()
            && schema.required.is_empty()
            && schema.items.is_none()
            && schema.tuple.is_none()
            && schema.object.is_none()
            && schema.content.is_none()
            && schema.sensitive.is_none()
            && !self.has_variants()
    }

    fn has_variants(&self) -> bool {
        Combination::UNIONS.into_iter().any(|keyword| !self.combined(keyword).is_empty())
    }

    /// Returns whether the part has a keyword that affects the Rust type, not counting `allOf`.
    pub fn shapes(&self) -> bool {
        let schema = self.schema;
        !schema.types.is_unspecified()
            || !schema.required.is_empty()
            || schema.properties.is_some()
            || schema.additional.is_some()
            || has_rules(schema)
            || self.has_variants()
    }

    /// Returns the JSON type of the part if `type` is its only keyword that affects the Rust type.
    pub fn bare_kind(&self) -> Option<Kind> {
        let schema = self.schema;
        let kind = self.specified()?;
        let asks_more = !schema.required.is_empty()
            || schema.properties().next().is_some()
            || schema.additional.is_some()
            || has_rules(schema)
            || self.has_variants()
            || !self.combined(Combination::All).is_empty();
        (!asks_more).then_some(kind)
    }
}

/// The result of merging schemas.
pub(super) enum Operand<'a> {
    /// Any value is valid.
    Nothing,
    /// A `$ref` whose target implies all other schemas.
    Reference(&'a Schema),
    Parts(Parts<'a>),
}

/// The parts of the schema of a value. None of the parts has a reference or an `allOf`.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub list: Vec<Part<'a>>,
    /// The targets of references among the schemas: the value matches all of them.
    pub nodes: HashSet<SchemaId>,
    /// Unions that need no further handling: the value can match only one variant, which is already among the parts.
    pub taken: HashSet<(SchemaId, Combination)>,
    met: HashSet<PartKey>,
}

impl Parts<'_> {
    /// Returns the identity of the parts.
    pub fn key(&self) -> Vec<PartKey> {
        self.list.iter().map(Part::key).collect()
    }
}

enum Step<'a> {
    Enter(Part<'a>),
    Add(Part<'a>),
}

impl<'a> Lowering<'a> {
    /// Merges schemas. `whole` is the definition that they belong to, if any.
    pub(super) fn operand(&self, schemas: Vec<Part<'a>>, whole: Option<&'a Schema>) -> Operand<'a> {
        let mut operands = Vec::new();
        let mut steps: Vec<Step<'a>> = schemas.into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(part) if part.is_reference() => operands.push(part),
                Step::Enter(part) => {
                    let parts = part.combined(Combination::All);
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without(Combination::All)));
                    steps.extend(parts.iter().rev().map(|id| Step::Enter(Part::new(self.at(*id), origin.clone()))));
                }
                Step::Add(part) if part.shapes() => operands.push(part),
                Step::Add(_) => {}
            }
        }
        if operands.len() > 1 && operands.len() <= MAX_COMPARED {
            self.remove_redundant(&mut operands, whole);
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

    /// Returns the parts of schemas: references are resolved, and `allOf` is replaced by its schemas.
    pub(super) fn expanded(&self, operands: Vec<Part<'a>>) -> Parts<'a> {
        let mut parts = Parts::default();
        let mut steps: Vec<Step<'a>> = operands.into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(part) => {
                    // A schema that was visited adds nothing. This also ends cycles.
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
                    let within = part.combined(Combination::All);
                    let origin = part.origin.clone();
                    steps.push(Step::Add(part.without(Combination::All)));
                    steps.extend(within.iter().rev().map(|id| Step::Enter(Part::new(self.at(*id), origin.clone()))));
                }
                Step::Add(part) if part.shapes() => parts.list.push(part),
                Step::Add(_) => {}
            }
        }
        parts
    }

    /// Removes each schema that another schema implies.
    fn remove_redundant(&self, operands: &mut Vec<Part<'a>>, whole: Option<&'a Schema>) {
        let all: Vec<Parts<'a>> = operands.iter().map(|operand| self.expanded(vec![operand.clone()])).collect();
        // In a cycle, each schema implies the others.
        if whole.is_some_and(|whole| all.iter().any(|parts| parts.nodes.contains(&whole.id))) {
            return;
        }
        let keys: Vec<HashSet<PartKey>> = all.iter().map(|parts| parts.key().into_iter().collect()).collect();
        let mut kept = vec![true; operands.len()];
        // Starts with the last schema, so that the first of several equal schemas is kept: types are named after it.
        for (one, operand) in operands.iter().enumerate().rev() {
            let implied_by = |other: usize| {
                let (Some(keys_of_one), Some(keys_of_other)) = (keys.get(one), keys.get(other)) else { return false };
                let (Some(by), Some(parts)) = (operands.get(other), all.get(one)) else { return false };
                if keys_of_one.is_subset(keys_of_other) {
                    // Of two equal schemas, the first is kept.
                    return keys_of_one.len() < keys_of_other.len() || other < one;
                }
                // Each value of the variant matches the union too, so the union adds nothing to the variant.
                let is_variant = |part: &Part<'a>| {
                    let variants = Combination::UNIONS.into_iter().flat_map(|keyword| part.combined(keyword));
                    let mut targets = variants.filter_map(|variant| self.at(*variant).reference);
                    let others = part.clone().without(Combination::One).without(Combination::Any);
                    targets.any(|variant| all.get(other).is_some_and(|parts| parts.nodes.contains(&variant)))
                        && (!others.shapes() || others.bare_kind().is_some())
                };
                let union = matches!(parts.list.as_slice(), [only] if is_variant(only));
                let bare = operand.bare_kind().is_some_and(|kind| match self.kind_of_part(by) {
                    Some(known) => known == kind || (kind, known) == (Kind::Number, Kind::Integer),
                    None => by.is_reference() && self.is_union(by.schema),
                });
                union || bare || (!parts.list.is_empty() && self.implies(by, &parts.list))
            };
            let others = (0..operands.len()).filter(|other| *other != one && kept.get(*other) == Some(&true));
            let is_implied = others.into_iter().any(implied_by);
            if let Some(kept) = kept.get_mut(one) {
                *kept = !is_implied;
            }
        }
        let mut kept = kept.into_iter();
        operands.retain(|_| kept.next().unwrap_or(true));
    }

    fn is_union(&self, schema: &'a Schema) -> bool {
        self.resolved_schema(schema).variants().next().is_some()
    }

    /// Returns whether every value of the variant also matches the parts `rest`. Compares only types, properties and
    /// `required`, and returns `false` if this does not suffice.
    pub(super) fn implies(&self, variant: &Part<'a>, rest: &[Part<'a>]) -> bool {
        if rest.iter().all(|part| part.bare_kind().is_some_and(|kind| self.kind_of_part(variant) == Some(kind))) {
            return true;
        }
        let parts = self.expanded(vec![variant.clone()]).list;
        let required =
            |name: &str| parts.iter().any(|part| part.schema.required.iter().any(|known| known.value == name));
        let property = |name: &str| {
            parts.iter().find_map(|part| part.schema.properties.as_ref()?.get(name)).map(|it| self.at(it.schema))
        };
        let has_property = |(name, outer): (&str, &Property)| {
            property(name).is_some_and(|inner| self.has_keywords_of(inner, self.at(outer.schema)))
        };
        rest.iter().all(|part| {
            let schema = part.schema;
            (schema.types.is_unspecified() || schema.ty() == Some(SchemaType::Object))
                && !has_rules(schema)
                && !part.has_variants()
                && schema.required.iter().all(|name| required(&name.value) && property(&name.value).is_some())
                && schema.properties().all(has_property)
                && matches!(schema.additional, None | Some(Additional::Forbidden))
        })
    }

    /// Returns whether `inner` has the type and all other keywords of `outer`, so that every value of `inner` also
    /// matches `outer`.
    fn has_keywords_of(&self, inner: &'a Schema, outer: &'a Schema) -> bool {
        let kind = Part::new(outer, Origin(Vec::new())).bare_kind();
        let has_type =
            outer.types.is_unspecified() || kind.is_some() && self.kind_of(inner) == kind || inner.types == outer.types;
        has_type && (!self.allows_null(inner) || self.allows_null(outer)) && self.spec.covers(inner, outer)
    }
}
