//! How deeply types lie within one another: APIs come in, the limit that the compiler must be told goes out.
//!
//! Whether a value may go to another thread the compiler tells by all that it can hold, a type within a type. It gives up at a
//! depth of 128, which types reach where many of them lie in one circle.

use crate::ir::{Additional, Api, Type, TypeDef, TypeKind};

use super::recursion::components;

/// Where the compiler gives up unless it is told.
const DEFAULT: usize = 128;
/// What stands around a type of the API: an answer, the future that brings it, the caller's own.
const AROUND: usize = 64;
/// A member's type, an `Option` and a `Box` around it, and what the box consists of.
const MEMBER: usize = 4;
/// A list or a map, with what they consist of.
const COLLECTION: usize = 6;

/// The `recursion_limit` of the crate of these APIs; none where the compiler's own will do.
pub(super) fn recursion_limit(apis: &[&Api]) -> Option<usize> {
    let deepest = apis.iter().map(|api| deepest(api)).max().unwrap_or_default();
    let limit = (deepest + AROUND).next_power_of_two();
    (limit > DEFAULT).then_some(limit)
}

/// A depth that no type exceeds. Within a circle the compiler goes where it has not been: through all types, at worst.
fn deepest(api: &Api) -> usize {
    let types: &[TypeDef] = &api.types;
    let held: Vec<Vec<(usize, usize)>> = types.iter().map(|definition| held(&definition.kind)).collect();
    let edges: Vec<Vec<usize>> = held.iter().map(|held| held.iter().map(|(id, _)| *id).collect()).collect();
    let component = components(&edges);
    let mut order: Vec<(usize, usize)> = component.iter().copied().zip(0..).collect();
    order.sort_unstable();
    // Of each component, how deep its own types go, and how deep those go that it leads to, which come before it.
    let mut depths = vec![(0, 0); types.len()];
    for (own, index) in order {
        let mut steps = 1;
        let mut below = 0;
        for (id, step) in held.get(index).into_iter().flatten() {
            steps = steps.max(*step);
            let Some(target) = component.get(*id).filter(|target| **target != own) else { continue };
            below = below.max(depths.get(*target).map_or(0, |(within, below)| within + below));
        }
        if let Some(depth) = depths.get_mut(own) {
            *depth = (depth.0 + steps, depth.1.max(below));
        }
    }
    let depths: Vec<usize> = depths.into_iter().map(|(within, below)| within + below).collect();
    // What has no definition of its own: a parameter, a body, what aliases and members hold.
    let used = api.schemas.iter().map(|(_, ty)| {
        let (definition, steps) = steps(ty);
        steps + definition.and_then(|id| depths.get(id)).copied().unwrap_or_default()
    });
    depths.iter().copied().chain(used).max().unwrap_or_default()
}

/// The types that values of this shape can hold, each with the steps that it takes to come to it.
fn held(shape: &TypeKind) -> Vec<(usize, usize)> {
    match shape {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => defined(ty).into_iter().collect(),
        TypeKind::Object(object) => {
            let more = match &object.additional {
                Additional::Kept(ty) => defined(ty).map(|(id, steps)| (id, steps + COLLECTION)),
                Additional::Dropped => None,
            };
            object.properties.iter().filter_map(|member| defined(&member.ty)).chain(more).collect()
        }
        TypeKind::Union(union) => union.variants.iter().filter_map(|variant| defined(&variant.ty)).collect(),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

/// The definition that a type comes to in the end, where it has one.
fn defined(ty: &Type) -> Option<(usize, usize)> {
    let (definition, steps) = steps(ty);
    definition.map(|id| (id, steps))
}

/// How many steps it takes through a type, and the definition at its end, where there is one.
fn steps(ty: &Type) -> (Option<usize>, usize) {
    let mut ty = ty;
    let mut steps = MEMBER;
    loop {
        match ty {
            Type::Named(id) => return (Some(id.0), steps),
            Type::Array(inner) | Type::Map(inner) => {
                steps += COLLECTION;
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
