//! Preserves values of `anyOf`. A value can match several variants at once, but is decoded as one of them. Therefore,
//! objects among the variants store the properties that they do not define.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ir::{Additional, Type, TypeDef, TypeKind};

/// The maximum number of groups of types that are visited in a document. The types of a group can match the same value.
const MAX_GROUPS: usize = 10_000;

/// Makes the objects among the variants of each `anyOf` store undefined properties, if at least two variants accept
/// objects. The same applies to the types that the variants define for the same property, for items and for values of
/// maps, because such a value can match several types at once too.
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
            object
                .properties
                .iter()
                .for_each(|property| properties.entry(&property.name).or_default().push(&property.ty));
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

/// Returns the types without duplicates. `None` if fewer than two types remain.
fn several<'a>(types: impl Iterator<Item = &'a Type>) -> Option<Vec<&'a Type>> {
    let mut met = HashSet::new();
    let different: Vec<&Type> = types.filter(|ty| met.insert(*ty)).collect();
    (different.len() > 1).then_some(different)
}

/// The object types, item types and map value types that a type includes, after resolving aliases and unions.
#[derive(Default)]
struct Plain<'a> {
    /// The indices of the object types.
    objects: Vec<usize>,
    /// Whether a value may be an object with any properties.
    is_open: bool,
    /// The types of the items of arrays.
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
                    Some(TypeKind::KeyedMap(map)) => {
                        plain.is_open = true;
                        plain.values.push(&map.value);
                    }
                    Some(TypeKind::Tuple(tuple)) => plain.elements.extend(tuple.types()),
                    Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::JsonText(_)) | None => {}
                },
                _ => {}
            }
        }
        plain
    }
}
