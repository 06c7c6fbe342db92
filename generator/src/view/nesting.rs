//! Computes the `recursion_limit` of a crate from the nesting depth of its types.
//!
//! To check whether a type is `Send`, the compiler visits all types that it contains. It fails if they are nested more
//! than 128 levels deep, as in large cycles of types.

use crate::ir::{Additional, Api, Type, TypeDef, TypeKind};

use super::recursion::components;

/// The compiler's default `recursion_limit`.
const DEFAULT_LIMIT: usize = 128;
/// The number of levels reserved for the types around a type of the API: the response, the future that returns the
/// response, and types of the caller.
const OUTER_LEVELS: usize = 64;
/// The number of levels that a field adds: its type, an `Option`, a `Box`, and the contents of the box.
const FIELD_LEVELS: usize = 4;
/// The number of levels that a `Vec` or map and its contents add.
const COLLECTION_LEVELS: usize = 6;

/// Returns the `recursion_limit` for a crate of these APIs, or `None` if the default suffices.
pub(super) fn recursion_limit(apis: &[&Api]) -> Option<usize> {
    let depth = apis.iter().map(|api| max_depth(api)).max().unwrap_or_default();
    let limit = (depth + OUTER_LEVELS).next_power_of_two();
    (limit > DEFAULT_LIMIT).then_some(limit)
}

/// Returns an upper bound for the depth of the most deeply nested type. The depths of types that form a cycle are added
/// up, because the compiler may visit each of them once.
fn max_depth(api: &Api) -> usize {
    let types: &[TypeDef] = &api.types;
    let contained: Vec<Vec<(usize, usize)>> = types.iter().map(|definition| contained(&definition.kind)).collect();
    let edges: Vec<Vec<usize>> =
        contained.iter().map(|contained| contained.iter().map(|(id, _)| *id).collect()).collect();
    let component = components(&edges);
    let mut order: Vec<(usize, usize)> = component.iter().copied().zip(0..).collect();
    order.sort_unstable();
    // For each strongly connected component of types, the depth within the component, and the depth of the components
    // that its types contain. `order` lists contained components first.
    let mut depths = vec![(0, 0); types.len()];
    for (own, index) in order {
        let mut steps = 1;
        let mut below = 0;
        for (id, step) in contained.get(index).into_iter().flatten() {
            steps = steps.max(*step);
            let Some(target) = component.get(*id).filter(|target| **target != own) else { continue };
            below = below.max(depths.get(*target).map_or(0, |(within, below)| within + below));
        }
        if let Some(depth) = depths.get_mut(own) {
            *depth = (depth.0 + steps, depth.1.max(below));
        }
    }
    let depths: Vec<usize> = depths.into_iter().map(|(within, below)| within + below).collect();
    // Also consider types without a definition, such as the array types of parameters and bodies.
    let used = api.schemas.iter().map(|(_, ty)| {
        let (definition, steps) = steps(ty);
        steps + definition.and_then(|id| depths.get(id)).copied().unwrap_or_default()
    });
    depths.iter().copied().chain(used).max().unwrap_or_default()
}

/// Returns the index of each type definition that a type contains, with the number of levels between the two.
fn contained(kind: &TypeKind) -> Vec<(usize, usize)> {
    match kind {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) | TypeKind::JsonText(ty) => defined(ty).into_iter().collect(),
        TypeKind::Tuple(tuple) => tuple.types().filter_map(defined).collect(),
        TypeKind::KeyedMap(map) => [&map.key, &map.value].into_iter().filter_map(defined).collect(),
        TypeKind::Object(object) => {
            let additional = match &object.additional {
                Additional::Kept(ty) => defined(ty).map(|(id, steps)| (id, steps + COLLECTION_LEVELS)),
                Additional::Dropped => None,
            };
            object.properties.iter().filter_map(|property| defined(&property.ty)).chain(additional).collect()
        }
        TypeKind::Union(union) => union.variants.iter().filter_map(|variant| defined(&variant.ty)).collect(),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

/// Returns the index of the type definition inside arrays and maps, with the number of levels around it. Returns `None`
/// for types without a definition.
fn defined(ty: &Type) -> Option<(usize, usize)> {
    let (definition, steps) = steps(ty);
    definition.map(|id| (id, steps))
}

/// Returns the index of the type definition inside arrays and maps, if there is one, and the number of levels around
/// the innermost type.
fn steps(ty: &Type) -> (Option<usize>, usize) {
    let mut ty = ty;
    let mut steps = FIELD_LEVELS;
    loop {
        match ty {
            Type::Named(id) => return (Some(id.0), steps),
            Type::Array(inner) | Type::Map(inner) => {
                steps += COLLECTION_LEVELS;
                ty = inner;
            }
            Type::Nullable(inner) => {
                steps += 1;
                ty = inner;
            }
            _ => return (None, steps),
        }
    }
}
