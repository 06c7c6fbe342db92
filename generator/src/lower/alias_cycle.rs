//! Breaks cycles of aliases, so that later stages can follow aliases without a limit.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Type, TypeDef, TypeId, TypeKind};

use super::Lowering;
use super::schema::Built;

impl Lowering<'_> {
    /// Finds and breaks cycles of aliases among the types that were added since the last call. An array or map that
    /// contains itself becomes a newtype, and a type that is only defined by itself becomes any JSON value.
    pub(super) fn break_cycles(&mut self) {
        let first = self.definitions.followed.len();
        self.definitions.followed.resize(self.types.len(), None);
        for start in first..self.types.len() {
            let mut at = start;
            while let Some(by) = self.definitions.followed.get_mut(at) {
                match by {
                    None => *by = Some(start),
                    Some(by) if *by == start => {
                        self.break_cycle(at);
                        break;
                    }
                    Some(_) => break,
                }
                match self.types.get(at).map(|definition| &definition.kind) {
                    Some(TypeKind::Alias(ty)) => match innermost(ty) {
                        Some(next) => at = next.0,
                        None => break,
                    },
                    _ => break,
                }
            }
        }
    }

    /// Breaks the cycle of aliases that contains the type with the index `start`.
    fn break_cycle(&mut self, start: usize) {
        let mut at = start;
        while let Some(TypeDef { kind: TypeKind::Alias(ty), .. }) = self.types.get(at) {
            let mut inner = ty;
            while let Type::Nullable(next) = inner {
                inner = next;
            }
            match inner {
                // An array or map that contains itself only needs a newtype.
                Type::Array(_) | Type::Map(_) => {
                    let shape = TypeKind::Wrapper(ty.clone());
                    return self.set_kind(TypeId(at), Built::Kind(shape));
                }
                Type::Named(next) if next.0 != start => at = next.0,
                _ => break,
            }
        }
        let Some(span) = self.types.get(start).map(|definition| definition.span) else { return };
        self.set_kind(TypeId(start), Built::Type(Type::Any));
        let diagnostic = Diagnostic::error(Code::RefCycle, span, "this schema only refers to itself");
        self.contradiction(diagnostic, "uses a type that accepts any JSON value");
    }
}

/// Returns the named type inside nested arrays, maps and nullable types, or the type itself if it is a named type.
fn innermost(ty: &Type) -> Option<TypeId> {
    let mut ty = ty;
    loop {
        match ty {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => ty = inner,
            Type::Named(id) => return Some(*id),
            _ => return None,
        }
    }
}

/// Breaks the cycles of tuples, maps with enum keys and strings with JSON content: replaces one type of each cycle with
/// the most similar type that can be recursive, because a Rust alias must not be recursive. Requires that `break_cycles`
/// has already broken the other cycles.
pub(super) fn break_structural(types: &mut [TypeDef]) {
    // For each visited type, whether it is still on the path of the search. `None` for types that were not visited.
    let mut visited: Vec<Option<bool>> = vec![None; types.len()];
    for start in 0..types.len() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut next = Some(start).filter(|_| visited.get(start) == Some(&None));
        loop {
            if let Some(at) = next.take() {
                if let Some(state) = visited.get_mut(at) {
                    *state = Some(true);
                }
                path.push((at, types.get(at).map(|definition| aliased(&definition.kind)).unwrap_or_default()));
            }
            let Some((at, contents)) = path.last_mut() else { break };
            let at = *at;
            match contents.pop() {
                Some(target) => match visited.get(target) {
                    Some(None) => next = Some(target),
                    Some(Some(true)) => {
                        let cycle = path.iter().map(|(at, _)| *at).skip_while(|at| *at != target);
                        if let Some(broken) = cycle.into_iter().find(|at| types.get(*at).is_some_and(is_structural)) {
                            replace(types, broken);
                            // The replaced type no longer contains its former contents.
                            path.iter_mut().filter(|(at, _)| *at == broken).for_each(|(_, contents)| contents.clear());
                        }
                    }
                    Some(Some(false)) | None => {}
                },
                None => {
                    if let Some(state) = visited.get_mut(at) {
                        *state = Some(false);
                    }
                    path.pop();
                }
            }
        }
    }
}

fn is_structural(definition: &TypeDef) -> bool {
    matches!(definition.kind, TypeKind::Tuple(_) | TypeKind::KeyedMap(_) | TypeKind::JsonText(_))
}

/// Returns the indices of the types that the Rust alias of a type refers to. Empty if the type is not an alias in Rust.
fn aliased(kind: &TypeKind) -> Vec<usize> {
    let ids: Vec<TypeId> = match kind {
        TypeKind::Alias(ty) | TypeKind::JsonText(ty) => innermost(ty).into_iter().collect(),
        TypeKind::Tuple(tuple) => tuple.types().filter_map(innermost).collect(),
        TypeKind::KeyedMap(map) => innermost(&map.value).into_iter().collect(),
        _ => Vec::new(),
    };
    ids.into_iter().map(|id| id.0).collect()
}

/// Replaces a type that contains itself with the most similar type that can be recursive.
fn replace(types: &mut [TypeDef], at: usize) {
    let Some(definition) = types.get_mut(at) else { return };
    definition.kind = match &definition.kind {
        TypeKind::KeyedMap(map) => TypeKind::Wrapper(Type::Map(Box::new(map.value.clone()))),
        TypeKind::Tuple(_) => TypeKind::Alias(Type::Array(Box::new(Type::Any))),
        _ => TypeKind::Alias(Type::String),
    };
}
