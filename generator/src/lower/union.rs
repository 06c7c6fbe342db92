//! Lowers `oneOf` and `anyOf` to unions.
//!
//! Each variant gets its type and, if there is a discriminator, the discriminator values that select it. The conditions
//! for variants without such values are determined in [`variant_test`](super::variant_test), when all types are known.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Origin, Segment, Test, Type, TypeDef, TypeKind, Union, Variant, VariantLabel};
use crate::spec::{Schema, SchemaType};

use super::Lowering;
use super::doc::{self, is_condition, is_null};
use super::parts::{Combination, Operand, Part, Parts};
use super::schema::Built;
use super::value::Kind;

/// A union among the parts of a value: its keyword, and the schemas of its variants.
pub(super) struct Split<'a> {
    /// The index of the part with the union.
    part: usize,
    key: Combination,
    schemas: Vec<&'a Schema>,
}

impl<'a> Lowering<'a> {
    /// Returns the first union among parts that affects the type.
    pub(super) fn split(&mut self, parts: &Parts<'a>) -> Option<Split<'a>> {
        for (position, part) in parts.list.iter().enumerate() {
            for key in Combination::UNIONS {
                let schemas: Vec<&'a Schema> = part.combined(key).iter().map(|variant| self.at(*variant)).collect();
                if schemas.is_empty() {
                    continue;
                }
                // Combinations of required properties are only documented.
                let is_taken = parts.taken.contains(&(part.schema.id, key));
                if schemas.iter().all(|variant| is_condition(variant))
                    || is_taken
                    || self.is_decided(part, &schemas, parts)
                {
                    continue;
                }
                // `null` is not a variant: the type at the place of use expresses that `null` is allowed.
                let values: Vec<&'a Schema> = schemas.iter().copied().filter(|variant| !is_null(variant)).collect();
                let schemas = if values.is_empty() { schemas } else { values };
                return Some(Split { part: position, key, schemas });
            }
        }
        None
    }

    /// Returns whether the value already matches a variant of a union. This is the case for a subtype whose parent
    /// lists its subtypes as variants.
    fn is_decided(&self, part: &Part<'a>, schemas: &[&'a Schema], parts: &Parts<'a>) -> bool {
        let mut targets = schemas.iter().filter_map(|variant| variant.reference);
        targets.any(|target| target != part.schema.id && parts.nodes.contains(&target))
    }

    /// Returns the type of a union. The other keywords and parts of the value apply to each variant.
    pub(super) fn union(&mut self, parts: Parts<'a>, split: Split<'a>, origin: &Origin) -> Built {
        let Split { part: position, key, schemas } = split;
        let whole = parts.list.get(position).map(|part| part.schema);
        let mut rest = parts.list;
        if let Some(part) = rest.get_mut(position) {
            *part = part.clone().without(key);
        }
        rest.retain(Part::shapes);
        if whole.is_some_and(|whole| key.of(whole).len() == schemas.len())
            && let Some(values) = self.enum_of_variants(&schemas, &rest)
        {
            return values;
        }
        let fitting: Vec<&'a Schema> = schemas.iter().copied().filter(|variant| self.fits(variant, &rest)).collect();
        // If no variant fits, the contradiction is reported for the first variant.
        let schemas = if fitting.is_empty() { schemas } else { fitting };
        if let [only] = schemas.as_slice() {
            let variant = Part::new(only, origin.clone());
            return match self.operand(rest.into_iter().chain([variant]).collect(), None) {
                Operand::Nothing => Built::Type(Type::Any),
                Operand::Reference(node) => Built::Type(self.reference(node)),
                // Ignores this union when it is visited again. This ends cycles.
                Operand::Parts(mut together) => {
                    together.taken = parts.taken;
                    together.taken.extend(whole.map(|whole| (whole.id, key)));
                    self.built(together, origin)
                }
            };
        }
        let discriminator = whole.and_then(|whole| whole.discriminator.as_deref()).map(|it| self.discriminator(it));
        let marks = self.marks(&schemas);
        let kinds = kinds(&schemas);
        let mut variants: Vec<Variant> = Vec::with_capacity(schemas.len());
        let mut by_type: HashMap<Type, usize> = HashMap::with_capacity(schemas.len());
        for (position, node) in schemas.iter().copied().enumerate() {
            let label = node.title.clone();
            let name = self.schema_target(node).and_then(|target| self.name_of(target));
            let segment = match (&label, name.or(marks.get(position).copied())) {
                (None, Some(name)) => VariantLabel::Title(name.to_owned()),
                _ => variant_label(&kinds, node, position, label.as_deref()),
            };
            let own = origin.then(Segment::Variant(segment));
            let variant = Part::new(node, own.clone());
            // The type at the place of use expresses that `null` is allowed, so the types of variants do not.
            let ty = if rest.is_empty() || self.implies(&variant, &rest) {
                self.typed(vec![variant], own)
            } else {
                self.typed(rest.iter().cloned().chain([variant]).collect(), own)
            };
            let doc = doc::doc(self.spec, node).of_type(&ty);
            // Two variants of the same type become one, because values cannot be distinguished.
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
            _ => Built::Kind(TypeKind::Union(Union { variants, any_of: key == Combination::Any })),
        }
    }

    /// Returns a name for each variant: the only allowed value of a property that has a different value in each
    /// variant. Empty if there is no such property.
    fn marks(&self, schemas: &[&'a Schema]) -> Vec<&'a str> {
        let marks = |variant: &'a Schema| {
            let parts = self.expanded(vec![Part::new(variant, Origin(Vec::new()))]).list;
            let properties = parts.into_iter().flat_map(|part| part.schema.properties());
            let marks = properties.filter_map(|(name, property)| match self.at(property.schema).values() {
                [only] => Some((name, only.as_str()?)),
                _ => None,
            });
            marks.collect::<Vec<_>>()
        };
        let all: Vec<Vec<(&'a str, &'a str)>> = schemas.iter().copied().map(marks).collect();
        let of_property = |name: &str| -> Option<Vec<&'a str>> {
            all.iter()
                .map(|marks| marks.iter().find(|(property, _)| *property == name).map(|(_, mark)| *mark))
                .collect()
        };
        let mut properties = all.first().into_iter().flatten().filter_map(|(name, _)| of_property(name));
        properties.find(|marks| marks.iter().collect::<BTreeSet<_>>().len() == marks.len()).unwrap_or_default()
    }

    /// Returns whether the type of a variant is compatible with the schemas that are combined with the union, e.g. by
    /// `allOf`.
    fn fits(&self, variant: &'a Schema, rest: &[Part<'a>]) -> bool {
        let Some(kind) = self.kind_of(variant) else { return true };
        let mut kinds = rest.iter().filter_map(|part| self.kind_of_part(part));
        let numbers = |kind: Kind| matches!(kind, Kind::Integer | Kind::Number);
        kinds.all(|other| other == kind || numbers(other) && numbers(kind))
    }

    /// Returns the type that was built. Adds a definition if it needs one.
    pub(super) fn placed(&mut self, built: Built, node: &'a Schema, origin: Origin) -> Type {
        match built {
            Built::Type(ty) => ty,
            Built::Kind(shape) => Type::Named(self.place_inline(&[node], origin, shape)),
        }
    }
}

/// Returns the `type` of an inline schema.
fn kind(schema: &Schema) -> Option<&'static str> {
    schema.ty().map(SchemaType::as_str)
}

/// Returns the number of schemas of each `type`.
fn kinds(nodes: &[&Schema]) -> HashMap<&'static str, usize> {
    let mut counts = HashMap::new();
    nodes.iter().filter_map(|node| kind(node)).for_each(|kind| *counts.entry(kind).or_default() += 1);
    counts
}

/// Returns the label that the type of an inline variant is named after.
fn variant_label(kinds: &HashMap<&str, usize>, node: &Schema, position: usize, title: Option<&str>) -> VariantLabel {
    match (title, kind(node)) {
        (Some(title), _) => VariantLabel::Title(title.to_owned()),
        (None, Some(kind)) if kinds.get(kind) == Some(&1) => VariantLabel::Kind(kind.to_owned()),
        _ => VariantLabel::Position(position + 1),
    }
}

impl Lowering<'_> {
    /// Reports unions that are a variant of themselves, and removes that variant.
    pub(super) fn check_unions(&mut self) {
        for index in 0..self.types.len() {
            let Some(TypeDef { kind: TypeKind::Union(union), .. }) = self.types.get(index) else { continue };
            let around: Vec<bool> =
                union.variants.iter().map(|variant| leads_to(&self.types, &variant.ty, index)).collect();
            let Some(at) = around.iter().position(|around| *around).and_then(|at| union.variants.get(at)) else {
                continue;
            };
            let diagnostic = Diagnostic::error(Code::RefCycle, at.span, "this variant refers back to its own union");
            self.contradiction(diagnostic, "ignores the variant");
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

/// Returns whether a type is the union with the index `target`, an alias of it, or another union with such a variant.
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
