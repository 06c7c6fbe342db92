//! Compares the values of enums and the variants of unions.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use crate::ir::{EnumValue, Test, Type, Union, Usage, Variant};
use crate::name::TypeNames;

use super::differ::{At, Differ, by_direction};
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    /// Compares the values of enums. Running clients preserve unknown values, so that new values are only a note.
    pub fn compare_values<T: Eq + Hash + Display>(
        &mut self,
        at: &At,
        usage: Usage,
        old: &'a [EnumValue<T>],
        new: &'a [EnumValue<T>],
        names: (&'a TypeNames, &'a TypeNames),
    ) {
        let name = |names: &TypeNames, index: usize| names.variants.get(index).cloned();
        let mut added: HashMap<&T, (usize, &EnumValue<T>)> =
            new.iter().enumerate().map(|(index, it)| (&it.value, (index, it))).collect();
        let part = |value: &T, old: Option<&EnumValue<T>>, new: Option<&EnumValue<T>>| {
            let span = |it: Option<&EnumValue<T>>| it.map(|it| it.span);
            at.part(Item::Value, &format!("value `{value}`"), span(old).or(at.old), span(new).or(at.new))
        };
        for (index, one) in old.iter().enumerate() {
            let old_name = name(names.0, index);
            let Some((new_index, other)) = added.remove(&one.value) else {
                let at = part(&one.value, Some(one), None).named(old_name);
                self.report_removed(&at, Rust::Major, by_direction(usage, false, true));
                continue;
            };
            let new_name = name(names.1, new_index);
            let at = part(&one.value, Some(one), Some(other)).named(old_name.iter().chain(&new_name).cloned());
            if let (Some(old), Some(new)) = (&old_name, &new_name)
                && old != new
            {
                self.report_renamed(&at, old, new);
            }
            if one.description != other.description {
                self.report_docs(&at);
            }
        }
        for (index, one) in new.iter().enumerate().filter(|(_, one)| added.contains_key(&one.value)) {
            let at = part(&one.value, None, Some(one)).named(name(names.1, index));
            let wire = if usage == Usage::default() { Wire::None } else { Wire::Note };
            self.report_added(&at, Rust::Minor, wire);
        }
    }

    pub fn compare_unions(
        &mut self,
        at: &At,
        usage: Usage,
        old: &'a Union,
        new: &'a Union,
        names: (&'a TypeNames, &'a TypeNames),
    ) {
        let part = |old: Option<&Variant>, new: Option<&Variant>, text: &str| {
            at.part(Item::Variant, text, old.map(|it| it.span).or(at.old), new.map(|it| it.span).or(at.new))
        };
        let name = |names: &TypeNames, index: usize| names.variants.get(index).cloned();
        let mut by_key: HashMap<VariantKey<'_>, usize> = HashMap::new();
        for (index, variant) in new.variants.iter().enumerate() {
            for key in keys(variant, &variant.ty) {
                by_key.entry(key).or_insert(index);
            }
        }
        let mut known: HashSet<usize> = HashSet::new();
        for (index, one) in old.variants.iter().enumerate() {
            let old_name = name(names.0, index);
            let text = variant_text(one, old_name.as_deref());
            let moved = match &one.ty {
                Type::Named(id) => self.pairs.new_type(*id).map(Type::Named),
                other => Some(other.clone()),
            };
            let moved_keys = moved.iter().flat_map(|ty| keys(one, ty));
            let label = one.label.as_deref().map(VariantKey::Label);
            let found = moved_keys.chain(label).find_map(|key| by_key.get(&key)).filter(|at| !known.contains(at));
            let Some((&new_index, other)) = found.and_then(|at| Some((at, new.variants.get(*at)?))) else {
                let at = part(Some(one), None, &text).named(old_name);
                self.report_removed(&at, Rust::Major, by_direction(usage, false, true));
                continue;
            };
            known.insert(new_index);
            let new_name = name(names.1, new_index);
            let at = part(Some(one), Some(other), &text).named(old_name.iter().chain(&new_name).cloned());
            if let (Some(old), Some(new)) = (&old_name, &new_name)
                && old != new
            {
                self.report_renamed(&at, old, new);
            }
            self.compare_types(&at, usage, &one.ty, &other.ty);
            self.compare_docs(&at, usage, &one.doc, &other.doc);
            if discriminator_values(one) != discriminator_values(other) {
                let wire = by_direction(usage, false, false);
                self.report(&at, Change::Other, "has other discriminator values", Rust::Patch, wire);
            }
        }
        for (index, one) in new.variants.iter().enumerate().filter(|(index, _)| !known.contains(index)) {
            let new_name = name(names.1, index);
            let at = part(None, Some(one), &variant_text(one, new_name.as_deref())).named(new_name);
            let wire = if usage == Usage::default() { Wire::None } else { Wire::Note };
            self.report_added(&at, Rust::Minor, wire);
        }
    }
}

/// The values that identify a variant in both versions of a union.
#[derive(PartialEq, Eq, Hash)]
enum VariantKey<'a> {
    Type(Type),
    Label(&'a str),
}

/// Returns the keys of a variant with the type `ty`, the best first.
fn keys<'a>(variant: &'a Variant, ty: &Type) -> Vec<VariantKey<'a>> {
    let label = variant.label.as_deref().map(VariantKey::Label);
    [VariantKey::Type(ty.clone())].into_iter().chain(label).collect()
}

fn variant_text(variant: &Variant, name: Option<&str>) -> String {
    format!("variant `{}`", variant.label.as_deref().or(name).unwrap_or_default())
}

/// Returns the property and the values that select the variant.
fn discriminator_values(variant: &Variant) -> Option<(&str, HashSet<&str>)> {
    match &variant.test {
        Test::Discriminator(values) => Some((&values.property, values.values.iter().map(String::as_str).collect())),
        _ => None,
    }
}
