//! Finds the operations and types of the old API in the new API.

use std::collections::{HashMap, HashSet};

use crate::ir::{Api, Operation, Origin, Segment, TypeId};
use crate::name::{GroupNames, Names, OperationNames};

/// An API with its names.
#[derive(Clone, Copy)]
pub(super) struct Version<'a> {
    pub api: &'a Api,
    pub names: &'a Names,
    /// The path of the API's module, with `::` at the end. Empty for an API in the crate root.
    pub path: &'a str,
}

/// An operation with its names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// The position among all operations of the API.
    pub index: usize,
    pub operation: &'a Operation,
    pub group_names: &'a GroupNames,
    pub names: &'a OperationNames,
}

impl<'a> Version<'a> {
    /// Returns all operations.
    pub fn operations(self) -> Vec<Named<'a>> {
        let groups = self.api.groups.iter().zip(&self.names.groups);
        let all = groups.flat_map(|(group, group_names)| {
            group.operations.iter().zip(&group_names.operations).map(move |pair| (group_names, pair))
        });
        let named = |(index, (group_names, (operation, names)))| Named { index, operation, group_names, names };
        all.enumerate().map(named).collect()
    }
}

/// The operations and types of two APIs, paired.
pub(super) struct Pairs<'a> {
    /// The old and the new version of each operation.
    pub operations: Vec<(Option<Named<'a>>, Option<Named<'a>>)>,
    /// For each old type, the new type.
    new_types: Vec<Option<TypeId>>,
    /// The new types that have an old version.
    known: HashSet<TypeId>,
}

impl<'a> Pairs<'a> {
    pub fn of(old: Version<'a>, new: Version<'a>) -> Self {
        let operations = operations(old, new);
        let renamed: HashMap<&str, &str> = operations
            .iter()
            .filter_map(|(old, new)| Some((old.as_ref()?.operation.key.as_str(), new.as_ref()?.operation.key.as_str())))
            .collect();
        let mut origins: HashMap<&Origin, TypeId> = HashMap::new();
        for (index, definition) in new.api.types.iter().enumerate() {
            for origin in std::iter::once(&definition.origin).chain(&definition.also) {
                origins.entry(origin).or_insert(TypeId(index));
            }
        }
        let mut known = HashSet::new();
        let types = old.api.types.iter().map(|definition| {
            let mut all = std::iter::once(&definition.origin).chain(&definition.also);
            let found = all.find_map(|origin| {
                let id = *match origin.0.first() {
                    Some(Segment::Operation(key)) => {
                        let mut moved = origin.clone();
                        if let (Some(first), Some(new)) = (moved.0.first_mut(), renamed.get(key.as_str())) {
                            *first = Segment::Operation((*new).to_owned());
                        }
                        origins.get(&moved)?
                    }
                    _ => origins.get(origin)?,
                };
                (!known.contains(&id)).then_some(id)
            });
            known.extend(found);
            found
        });
        Self { new_types: types.collect(), operations, known }
    }

    /// Returns the new version of a type.
    pub fn new_type(&self, old: TypeId) -> Option<TypeId> {
        self.new_types.get(old.0).copied().flatten()
    }

    /// Returns whether a new type has an old version.
    pub fn is_known(&self, new: TypeId) -> bool {
        self.known.contains(&new)
    }
}

/// Pairs operations by their ID, and the others by their method and path.
fn operations<'a>(old: Version<'a>, new: Version<'a>) -> Vec<(Option<Named<'a>>, Option<Named<'a>>)> {
    let (old, new) = (old.operations(), new.operations());
    let mut found: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken: HashSet<usize> = HashSet::new();
    let mut pair = |keys: &dyn Fn(&Operation) -> Option<String>| {
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for (at, one) in new.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            if let Some(key) = keys(one.operation) {
                by_key.entry(key).or_insert(at);
            }
        }
        for (one, found) in old.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            // Remove the new operation, so that it has one old version only.
            *found = keys(one.operation).and_then(|key| by_key.remove(&key));
            taken.extend(*found);
        }
    };
    pair(&|operation| operation.id.clone());
    pair(&|operation| Some(format!("{} {}", operation.method, without_names(&operation.path))));
    let mut pairs: Vec<_> =
        old.iter().zip(&found).map(|(old, at)| (Some(*old), at.and_then(|at| new.get(at).copied()))).collect();
    pairs.extend(new.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, new)| (None, Some(*new))));
    pairs
}

/// Returns a path without the names of its parameters, which requests do not contain.
pub(super) fn without_names(path: &str) -> String {
    let mut depth = 0_usize;
    let kept = path.chars().filter(|letter| match letter {
        '{' => {
            depth += 1;
            true
        }
        '}' => {
            depth = depth.saturating_sub(1);
            true
        }
        _ => depth == 0,
    });
    kept.collect()
}
