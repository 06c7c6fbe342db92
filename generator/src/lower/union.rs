//! `oneOf` and `anyOf`: the arms of a union.
//!
//! In: the parts of a schema, one of which has alternatives. Out: a type for each alternative that a value may be of, and
//! the values of the discriminator that name it. How a value is told to be of the others is decided once all types are
//! known, in [`arms`](super::arms).

use std::collections::{BTreeSet, HashMap};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Origin, Segment, Test, Type, TypeDef, TypeKind, Union, Variant, VariantLabel};
use crate::spec::{Schema, SchemaType};

use super::Lowering;
use super::doc::{self, is_condition, is_null};
use super::parts::{Combination, Operand, Part, Parts};
use super::schema::Built;
use super::value::Kind;

/// The alternatives that a value is split by.
pub(super) struct Split<'a> {
    /// The part that has them.
    part: usize,
    key: Combination,
    arms: Vec<&'a Schema>,
}

impl<'a> Lowering<'a> {
    /// The first alternatives among parts that make a difference to the type.
    pub(super) fn split(&mut self, parts: &Parts<'a>) -> Option<Split<'a>> {
        for (position, part) in parts.list.iter().enumerate() {
            for key in Combination::ALTERNATIVES {
                let arms: Vec<&'a Schema> = part.combined(key).iter().map(|arm| self.at(*arm)).collect();
                if arms.is_empty() {
                    continue;
                }
                // What is asked of the members of an object besides is documented.
                let is_taken = parts.taken.contains(&(part.schema.id, key));
                if arms.iter().all(|arm| is_condition(arm)) || is_taken || self.is_decided(part, &arms, parts) {
                    continue;
                }
                // `null` is said by the place, and no arm.
                let values: Vec<&'a Schema> = arms.iter().copied().filter(|arm| !is_null(arm)).collect();
                let arms = if values.is_empty() { arms } else { values };
                return Some(Split { part: position, key, arms });
            }
        }
        None
    }

    /// Whether the value is known to be of one of the arms: a part of a base that lists its heirs as alternatives.
    fn is_decided(&self, part: &Part<'a>, arms: &[&'a Schema], parts: &Parts<'a>) -> bool {
        let mut targets = arms.iter().filter_map(|arm| arm.reference);
        targets.any(|target| target != part.schema.id && parts.nodes.contains(&target))
    }

    /// A value of one of several types; what stands beside the alternatives is asked of each of them.
    pub(super) fn union(&mut self, parts: Parts<'a>, split: Split<'a>, origin: &Origin) -> Built {
        let Split { part: position, key, arms } = split;
        let whole = parts.list.get(position).map(|part| part.schema);
        let mut rest = parts.list;
        if let Some(part) = rest.get_mut(position) {
            *part = part.clone().without(key);
        }
        rest.retain(Part::shapes);
        if rest.iter().all(|part| part.bare_kind() == Some(Kind::String))
            && whole.is_some_and(|whole| key.of(whole).len() == arms.len())
            && let Some(texts) = self.enum_of_alternatives(&arms)
        {
            return texts;
        }
        let fitting: Vec<&'a Schema> = arms.iter().copied().filter(|arm| self.fits(arm, &rest)).collect();
        // Where nothing fits, that is said of the first.
        let arms = if fitting.is_empty() { arms } else { fitting };
        if let [only] = arms.as_slice() {
            let arm = Part::new(only, origin.clone());
            return match self.operand(rest.into_iter().chain([arm]).collect(), None) {
                Operand::Nothing => Built::Type(Type::Any),
                Operand::Reference(node) => Built::Type(self.reference(node)),
                // Met again, these alternatives ask for nothing new; so a circle of such schemas comes to its end.
                Operand::Parts(mut together) => {
                    together.taken = parts.taken;
                    together.taken.extend(whole.map(|whole| (whole.id, key)));
                    self.built(together, origin)
                }
            };
        }
        let discriminator = whole.and_then(|whole| whole.discriminator.as_deref()).map(|it| self.discriminator(it));
        let marks = self.marks(&arms);
        let kinds = kinds(&arms);
        let mut variants: Vec<Variant> = Vec::with_capacity(arms.len());
        let mut by_type: HashMap<Type, usize> = HashMap::with_capacity(arms.len());
        for (position, node) in arms.iter().copied().enumerate() {
            let label = node.title.clone();
            let name = self.schema_target(node).and_then(|target| self.name_of(target));
            let segment = match (&label, name.or(marks.get(position).copied())) {
                (None, Some(name)) => VariantLabel::Title(name.to_owned()),
                _ => arm_segment(&kinds, node, position, label.as_deref()),
            };
            let own = origin.then(Segment::Variant(segment));
            let arm = Part::new(node, own.clone());
            // Which arm is meant is all that `null` leaves open; the place itself says that it may be `null`.
            let ty = if rest.is_empty() || self.implies(&arm, &rest) {
                self.typed(vec![arm], own)
            } else {
                self.typed(rest.iter().cloned().chain([arm]).collect(), own)
            };
            let doc = doc::doc(self.spec, node).of_type(&ty);
            // Two arms that are one type are one arm: no value tells them apart.
            if let Some(known) = by_type.get(&ty).and_then(|known| variants.get_mut(*known)) {
                known.doc = std::mem::take(&mut known.doc).or_else(doc);
                continue;
            }
            let target = self.schema_target(node);
            let named = discriminator.as_ref().zip(target);
            let test = named.and_then(|(discriminator, target)| discriminator.test(target, self.name_of(target)));
            let test = test.unwrap_or(Test::Trial(Vec::new()));
            by_type.insert(ty.clone(), variants.len());
            variants.push(Variant { ty, label, doc, test, span: node.span });
        }
        match variants.as_slice() {
            [only] => Built::Type(only.ty.clone()),
            _ => Built::Kind(TypeKind::Union(Union { variants, any_of: key == Combination::AnyOf })),
        }
    }

    /// What marks each arm: a text that is the only value of a member, another in each arm.
    fn marks(&self, arms: &[&'a Schema]) -> Vec<&'a str> {
        let marks = |arm: &'a Schema| {
            let parts = self.expanded(vec![Part::new(arm, Origin(Vec::new()))]).list;
            let properties = parts.into_iter().flat_map(|part| part.schema.properties());
            let marks = properties.filter_map(|(name, property)| match self.at(property.schema).values() {
                [only] => Some((name, only.as_str()?)),
                _ => None,
            });
            marks.collect::<Vec<_>>()
        };
        let all: Vec<Vec<(&'a str, &'a str)>> = arms.iter().copied().map(marks).collect();
        let of_member = |name: &str| -> Option<Vec<&'a str>> {
            all.iter().map(|marks| marks.iter().find(|(member, _)| *member == name).map(|(_, mark)| *mark)).collect()
        };
        let mut members = all.first().into_iter().flatten().filter_map(|(name, _)| of_member(name));
        members.find(|marks| marks.iter().collect::<BTreeSet<_>>().len() == marks.len()).unwrap_or_default()
    }

    /// Whether a value of an arm can be what the parts beside it ask for.
    fn fits(&self, arm: &'a Schema, rest: &[Part<'a>]) -> bool {
        let Some(kind) = self.kind_of(arm) else { return true };
        let mut kinds = rest.iter().filter_map(|part| self.kind_of_part(part));
        let numbers = |kind: Kind| matches!(kind, Kind::Integer | Kind::Number);
        kinds.all(|other| other == kind || numbers(other) && numbers(kind))
    }

    /// What is built, as a type: with a definition of its own where it needs one.
    pub(super) fn settled(&mut self, built: Built, node: &'a Schema, origin: Origin) -> Type {
        match built {
            Built::Type(ty) => ty,
            Built::Kind(shape) => Type::Named(self.place_inline(&[node], origin, shape)),
        }
    }
}

/// The `type` of an inline schema.
fn kind(schema: &Schema) -> Option<&'static str> {
    schema.ty().map(SchemaType::as_str)
}

/// How many of the schemas have each `type`.
fn kinds(nodes: &[&Schema]) -> HashMap<&'static str, usize> {
    let mut counts = HashMap::new();
    nodes.iter().filter_map(|node| kind(node)).for_each(|kind| *counts.entry(kind).or_default() += 1);
    counts
}

/// What the type of an inline variant is named after.
fn arm_segment(kinds: &HashMap<&str, usize>, node: &Schema, position: usize, title: Option<&str>) -> VariantLabel {
    match (title, kind(node)) {
        (Some(title), _) => VariantLabel::Title(title.to_owned()),
        (None, Some(kind)) if kinds.get(kind) == Some(&1) => VariantLabel::Kind(kind.to_owned()),
        _ => VariantLabel::Position(position + 1),
    }
}

impl Lowering<'_> {
    /// Refuses unions that have themselves for an arm: no value tells how often to look again.
    pub(super) fn check_unions(&mut self) {
        for index in 0..self.types.len() {
            let Some(TypeDef { kind: TypeKind::Union(union), .. }) = self.types.get(index) else { continue };
            let around: Vec<bool> =
                union.variants.iter().map(|variant| leads_to(&self.types, &variant.ty, index)).collect();
            let Some(at) = around.iter().position(|around| *around).and_then(|at| union.variants.get(at)) else {
                continue;
            };
            let diagnostic = Diagnostic::error(Code::RefCycle, at.span, "this variant refers back to its own union");
            self.fault(diagnostic, "ignores the variant");
            let Some(TypeDef { kind: shape, .. }) = self.types.get_mut(index) else { continue };
            if let TypeKind::Union(union) = shape {
                let mut around = around.into_iter();
                union.variants.retain(|_| !around.next().unwrap_or(false));
                if union.variants.is_empty() {
                    *shape = TypeKind::Alias(Type::Any);
                }
            }
        }
    }
}

/// Whether a value of `ty` is one of the union `target` already, with nothing between.
fn leads_to(types: &[TypeDef], ty: &Type, target: usize) -> bool {
    let mut waiting = vec![ty];
    let mut seen = BTreeSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if id.0 == target => return true,
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(inner)) => waiting.push(inner),
                Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    false
}
