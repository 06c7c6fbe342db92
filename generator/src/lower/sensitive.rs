//! Finds the properties whose values must not appear in error messages.

use std::collections::{BTreeSet, HashSet};

use crate::ir::{Type, TypeDef, TypeKind};

/// Returns the names of all properties that are sensitive in at least one type, sorted.
pub(super) fn properties(types: &[TypeDef]) -> Vec<String> {
    let objects = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Object(object) => Some(object),
        _ => None,
    });
    let properties =
        objects.flat_map(|object| &object.properties).filter(|property| may_be_secret(&property.ty, types));
    let names: BTreeSet<&String> = properties.map(|property| &property.name).collect();
    names.into_iter().cloned().collect()
}

/// Returns whether a type is a secret, an array or map of secrets, or a union with such a variant. Returns false for an
/// object, because the names of its own properties are masked instead.
pub(super) fn may_be_secret(ty: &Type, types: &[TypeDef]) -> bool {
    let mut waiting = vec![ty];
    let mut seen = HashSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Secret => return true,
            Type::External(external) if external.has_secrets => return true,
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(next) | TypeKind::Wrapper(next) | TypeKind::JsonText(next)) => waiting.push(next),
                Some(TypeKind::KeyedMap(map)) => waiting.push(&map.value),
                Some(TypeKind::Tuple(tuple)) => waiting.extend(tuple.types()),
                Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    false
}
