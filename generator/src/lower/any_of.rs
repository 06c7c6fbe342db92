//! `anyOf`: a value may be of several variants at once, and becomes one of them. So that nothing of it is lost, objects that
//! may be such values keep the properties that they do not define.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ir::{Additional, Type, TypeDef, TypeKind};

/// Groups of types that are looked at in one document. Types of types of types have more of them than honest documents.
const MAX_GROUPS: usize = 10_000;

/// Has the objects among the variants of each `anyOf` keep other properties, where there is more than one such variant. The
/// same holds for properties of one name, and for elements: they may be of several types at once too.
pub(super) fn keep_rest(types: &mut [TypeDef]) {
    let unions = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Union(union) if union.any_of => Some(union.variants.iter().map(|variant| &variant.ty).collect()),
        _ => None,
    });
    let mut waiting: Vec<Vec<&Type>> = unions.collect();
    let mut met: HashSet<Vec<&Type>> = HashSet::new();
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    while let Some(group) = waiting.pop() {
        if met.len() >= MAX_GROUPS || !met.insert(group.clone()) {
            continue;
        }
        let plain: Vec<Plain<'_>> = group.iter().map(|ty| Plain::of(types, ty)).collect();
        waiting.extend(several(plain.iter().flat_map(|plain| plain.elements.iter().copied())));
        waiting.extend(several(plain.iter().flat_map(|plain| plain.values.iter().copied())));
        if plain.iter().filter(|plain| !plain.objects.is_empty() || plain.is_open).count() < 2 {
            continue;
        }
        let mut properties: BTreeMap<&str, Vec<&Type>> = BTreeMap::new();
        for id in plain.iter().flat_map(|plain| &plain.objects) {
            let Some(TypeDef { kind: TypeKind::Object(object), .. }) = types.get(*id) else { continue };
            object.properties.iter().for_each(|member| properties.entry(&member.name).or_default().push(&member.ty));
            kept.insert(*id);
        }
        waiting.extend(properties.into_values().filter_map(|types| several(types.into_iter())));
    }
    for id in kept {
        if let Some(TypeDef { kind: TypeKind::Object(object), .. }) = types.get_mut(id)
            && object.additional == Additional::Dropped
        {
            object.additional = Additional::Kept(Type::ExactJson);
        }
    }
}

/// Different types, each once, where there are several.
fn several<'a>(types: impl Iterator<Item = &'a Type>) -> Option<Vec<&'a Type>> {
    let mut met = HashSet::new();
    let different: Vec<&Type> = types.filter(|ty| met.insert(*ty)).collect();
    (different.len() > 1).then_some(different)
}

/// What a value of a type may be, aliases and unions looked through.
#[derive(Default)]
struct Plain<'a> {
    /// The objects, by their index.
    objects: Vec<usize>,
    /// Whether it may be an object without a definition.
    is_open: bool,
    /// The types of the elements of arrays.
    elements: Vec<&'a Type>,
    /// The types of the values of maps.
    values: Vec<&'a Type>,
}

impl<'a> Plain<'a> {
    fn of(types: &'a [TypeDef], ty: &'a Type) -> Self {
        let mut plain = Self::default();
        let mut waiting = vec![ty];
        let mut met = BTreeSet::new();
        while let Some(ty) = waiting.pop() {
            match ty {
                Type::Any | Type::ExactJson | Type::AnyObject => plain.is_open = true,
                Type::Array(inner) => plain.elements.push(inner),
                Type::Map(inner) => {
                    plain.is_open = true;
                    plain.values.push(inner);
                }
                Type::Nullable(inner) => waiting.push(inner),
                Type::Named(id) if met.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                    Some(TypeKind::Alias(inner) | TypeKind::Wrapper(inner)) => waiting.push(inner),
                    Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                    Some(TypeKind::Object(_)) => plain.objects.push(id.0),
                    Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)) | None => {}
                },
                _ => {}
            }
        }
        plain
    }
}
