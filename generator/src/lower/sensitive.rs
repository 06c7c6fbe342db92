//! The members whose values no error may show: what the objects of a document name and a secret may stand in.

use std::collections::{BTreeSet, HashSet};

use crate::ir::{Type, TypeDef, TypeKind};

/// The names of all members that are sensitive anywhere, in order.
pub(super) fn members(types: &[TypeDef]) -> Vec<String> {
    let objects = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Object(object) => Some(object),
        _ => None,
    });
    let members = objects.flat_map(|object| &object.properties).filter(|member| may_be_secret(&member.ty, types));
    let names: BTreeSet<&String> = members.map(|member| &member.name).collect();
    names.into_iter().cloned().collect()
}

/// Whether a value is a secret or a list or map of them, by one arm of a union at least. The members of an object are
/// masked by their own names.
pub(super) fn may_be_secret(ty: &Type, types: &[TypeDef]) -> bool {
    let mut waiting = vec![ty];
    let mut seen = HashSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Secret => return true,
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(next) | TypeKind::Wrapper(next)) => waiting.push(next),
                Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    false
}
