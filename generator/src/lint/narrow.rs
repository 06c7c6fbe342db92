//! Finds the property that prevents a value from being read: the value can be read if this property is removed.

use std::collections::VecDeque;

use serde_yaml::Value;

use crate::source::{Entry, Node};

/// The maximum number of properties and items whose removal is tried.
const MAX_TRIES: usize = 200;

/// The path to a property or item: a position in each object or array that contains it, outermost first.
type Path = Vec<usize>;

/// The property that prevents a value from being read.
pub(super) struct Cause<'n> {
    pub entry: &'n Entry,
    /// Whether `serde_yaml` reads the name of the property as a string.
    pub has_name: bool,
}

/// Returns the innermost property that prevents a value from being read. `None` if there is no such property.
pub(super) fn narrow<'n>(node: &'n Node, value: &Value, is_readable: impl Fn(Value) -> bool) -> Option<Cause<'n>> {
    let mut cause = None;
    let mut waiting: VecDeque<Path> = parts(value, &[]).collect();
    for _ in 0..MAX_TRIES {
        let Some(path) = waiting.pop_front() else { break };
        let mut rest = value.clone();
        let Some(part) = remove(&mut rest, &path) else { continue };
        if is_readable(rest) {
            // The siblings of the removed part are not the cause.
            waiting.clear();
            cause = entry(node, value, &path).or(cause);
        }
        waiting.extend(parts(&part, &path));
    }
    cause
}

/// Returns the paths to the properties or items of `value`, which is at `path`.
fn parts(value: &Value, path: &[usize]) -> impl Iterator<Item = Path> {
    let count = match value {
        Value::Mapping(mapping) => mapping.len(),
        Value::Sequence(elements) => elements.len(),
        _ => 0,
    };
    (0..count).map(move |position| [path, &[position]].concat())
}

/// Removes the property or item at a path. Returns its value.
fn remove(value: &mut Value, path: &[usize]) -> Option<Value> {
    let (last, outer) = path.split_last()?;
    let owner = outer.iter().try_fold(value, |value, position| match value {
        Value::Mapping(mapping) => mapping.values_mut().nth(*position),
        Value::Sequence(elements) => elements.get_mut(*position),
        _ => None,
    })?;
    match owner {
        Value::Mapping(mapping) => {
            let key = mapping.keys().nth(*last)?.clone();
            mapping.shift_remove(&key)
        }
        Value::Sequence(elements) => (*last < elements.len()).then(|| elements.remove(*last)),
        _ => None,
    }
}

/// Returns the property at a path. `None` for items of arrays.
fn entry<'n>(node: &'n Node, value: &Value, path: &[usize]) -> Option<Cause<'n>> {
    let (last, outer) = path.split_last()?;
    let (node, value) = outer.iter().try_fold((node, value), |(node, value), position| match value {
        Value::Mapping(mapping) => Some((&node.entries().get(*position)?.value, mapping.values().nth(*position)?)),
        Value::Sequence(elements) => Some((node.elements().get(*position)?, elements.get(*position)?)),
        _ => None,
    })?;
    let key = value.as_mapping()?.keys().nth(*last)?;
    Some(Cause { entry: node.entries().get(*last)?, has_name: key.is_string() })
}
