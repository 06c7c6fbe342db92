//! Chooses the words of the names of operations: of their methods, and of the types of their bodies.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::ir::{Api, Group, Operation};

use super::identifier::{Case, identifier};
use super::operation_id::without_route;
use super::route::{Routes, is_spelled};
use super::words::{stem, words};

/// The names that an operation can have.
struct Candidates {
    /// The words of each name, from the shortest to the longest. Never empty.
    names: Vec<Vec<String>>,
    /// The number of segments of the path, if the path determines the names. Of several operations with the same name,
    /// the one with the shortest path gets it: `list` is the list of `/pets`, not of `/owners/{id}/pets`.
    depth: usize,
}

/// Returns the words of the method of each operation of a group. The words of the tag are omitted if the result is
/// unique: `searchSeats` with the tag `Seats` becomes `search`.
pub(super) fn methods(group: &Group, routes: &Routes) -> Vec<Vec<String>> {
    let tag: Vec<String> = words(group.tag.as_deref().unwrap_or_default()).iter().map(|word| stem(word)).collect();
    let candidates = group.operations.iter().map(|operation| candidates(operation, routes, &tag));
    distinct(&candidates.collect::<Vec<_>>())
}

/// Returns the words that name each operation in the whole API, by the key of the operation.
pub(super) fn unique<'a>(api: &'a Api, routes: &Routes) -> HashMap<&'a str, Vec<String>> {
    let operations = || api.groups.iter().flat_map(|group| &group.operations);
    let candidates = operations().map(|operation| {
        let mut candidates = candidates(operation, routes, &[]);
        if candidates.depth > 0 {
            candidates.names = routes.full_names(operation);
        }
        candidates
    });
    operations().map(|operation| operation.key.as_str()).zip(distinct(&candidates.collect::<Vec<_>>())).collect()
}

/// Returns the possible names of an operation: the words of its ID, without the path and method at the end. Without an
/// ID, and if the ID only repeats the method and the path, or the tag, the path determines the names. `tag` contains the
/// words of the tag in the singular.
fn candidates(operation: &Operation, routes: &Routes, tag: &[String]) -> Candidates {
    let of_tag: HashSet<String> = tag.iter().cloned().collect();
    let of_route = || routes.names(operation, &of_tag);
    let depth = operation.path.matches('/').count();
    let id = operation.id.as_deref().unwrap_or_default();
    let function = without_route(id, operation);
    let full = words(function.unwrap_or(id));
    if full.is_empty() {
        return Candidates { names: of_route(), depth };
    }
    let mut short: Vec<String> = full.iter().filter(|word| !of_tag.contains(&stem(word))).cloned().collect();
    short.dedup();
    let mut stems: Vec<String> = full.iter().map(|word| stem(word)).collect();
    stems.dedup();
    if stems == tag || function.is_none() && is_spelled(&full, &operation.method, &operation.path) {
        let names = of_route().into_iter().chain([full]).collect();
        return Candidates { names, depth };
    }
    let mut names = vec![short, full];
    if function.is_some() {
        names.extend(of_route());
        names.push(words(id));
    }
    Candidates { names, depth: 0 }
}

/// Chooses a name for each operation: the first one that no other operation has. If several operations have the same
/// name, and one of them has the shortest path, this operation gets it. The last name is chosen even if it is not unique.
fn distinct(operations: &[Candidates]) -> Vec<Vec<String>> {
    let mut chosen: Vec<Option<&[String]>> = vec![None; operations.len()];
    let mut taken: HashSet<&[String]> = HashSet::new();
    let levels = operations.iter().map(|operation| operation.names.len()).max().unwrap_or_default();
    for level in 0..levels {
        let waiting = operations.iter().zip(&chosen).enumerate().filter(|(_, (_, chosen))| chosen.is_none());
        let named = waiting.filter_map(|(index, (operation, _))| {
            let name = operation.names.get(level)?.as_slice();
            (is_sufficient(name) && !taken.contains(name)).then_some((index, name, operation.depth))
        });
        let named: Vec<(usize, &[String], usize)> = named.collect();
        // For each name, the smallest depth, and the number of operations with this depth.
        let mut smallest: HashMap<&[String], (usize, usize)> = HashMap::new();
        for (_, name, depth) in &named {
            let known = smallest.entry(name).or_insert((*depth, 0));
            match depth.cmp(&known.0) {
                Ordering::Less => *known = (*depth, 1),
                Ordering::Equal => known.1 += 1,
                Ordering::Greater => {}
            }
        }
        for (index, name, depth) in named {
            if smallest.get(name) == Some(&(depth, 1))
                && let Some(chosen) = chosen.get_mut(index)
            {
                *chosen = Some(name);
                taken.insert(name);
            }
        }
    }
    let names = operations.iter().zip(chosen).map(|(operation, chosen)| {
        let last = || operation.names.last().cloned().unwrap_or_default();
        chosen.map_or_else(last, <[String]>::to_vec)
    });
    names.collect()
}

/// Returns whether words are a method name: not empty, no keyword, and no digit at the beginning.
fn is_sufficient(words: &[String]) -> bool {
    let name = identifier(words, Case::Snake("call"));
    !words.is_empty()
        && !name.starts_with("r#")
        && !name.ends_with('_')
        && !words.first().is_some_and(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}
