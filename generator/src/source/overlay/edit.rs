//! Changes values at locations in a document: merges values into them and removes them.

use serde_json::{Map, Value};
use serde_json_path::{NormalizedPath, PathElement};

use crate::source::{Node, NodeKind, Span};

/// A step from a value to one of its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// To the property with this name.
    Name(String),
    /// To the element with this index.
    Index(usize),
}

/// The steps from the root of the document to a value.
pub(super) type Steps = Vec<Step>;

/// Two values that cannot be merged: their locations and their types with articles.
#[derive(Debug)]
pub(super) struct Mismatch {
    /// The value in the document.
    pub target: (Span, &'static str),
    /// The value to merge into it.
    pub value: (Span, &'static str),
}

/// Converts a location from a JSONPath query.
pub(super) fn steps(path: &NormalizedPath<'_>) -> Steps {
    let step = |element: &PathElement<'_>| match element {
        PathElement::Name(name) => Step::Name((*name).to_owned()),
        PathElement::Index(index) => Step::Index(*index),
    };
    path.iter().map(step).collect()
}

/// Returns the value at a location.
pub(super) fn find<'n>(root: &'n Node, path: &[Step]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Name(name) => node.get(name),
        Step::Index(index) => node.elements().get(*index),
    })
}

/// Returns the value at a location.
pub(super) fn find_mut<'n>(root: &'n mut Node, path: &[Step]) -> Option<&'n mut Node> {
    path.iter().try_fold(root, |node, step| match (&mut node.kind, step) {
        (NodeKind::Mapping(mapping), Step::Name(name)) => mapping.get_mut(name),
        (NodeKind::Sequence(elements), Step::Index(index)) => elements.get_mut(*index),
        _ => None,
    })
}

/// Returns the JSON value at a location.
pub(super) fn find_json<'v>(root: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// Converts a value to JSON. Numbers that `f64` cannot represent become `null`.
// Recursion is bounded, because the depth of documents is limited.
pub(super) fn to_json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(value) => Value::from(*value),
        NodeKind::Number(number) => {
            number.as_i64().map(Value::from).or_else(|| number.text.parse::<f64>().ok().map(Value::from)).into()
        }
        NodeKind::String(string) => Value::from(string.as_str()),
        NodeKind::Sequence(elements) => elements.iter().map(to_json).collect(),
        NodeKind::Mapping(mapping) => {
            let entries = mapping.entries().iter().map(|entry| (entry.key.clone(), to_json(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// Changes a target of an action: merges an object into an object, concatenates an array with an array, appends other
/// values to an array, and replaces a primitive value by another one.
pub(super) fn update(target: &mut Node, value: &Node) -> Result<(), Mismatch> {
    match (&mut target.kind, &value.kind) {
        (NodeKind::Sequence(elements), NodeKind::Sequence(_)) => elements.extend_from_slice(value.elements()),
        (NodeKind::Sequence(elements), _) => elements.push(value.clone()),
        _ => return merge(target, value),
    }
    Ok(())
}

/// Merges a value into one of the same kind. The depth of the recursion is bounded, because the depth of documents is
/// limited.
fn merge(target: &mut Node, value: &Node) -> Result<(), Mismatch> {
    match (&mut target.kind, &value.kind) {
        (NodeKind::Mapping(mapping), NodeKind::Mapping(update)) => {
            for entry in update.entries() {
                match mapping.get_mut(&entry.key) {
                    Some(known) => merge(known, &entry.value)?,
                    // The key is new, so that it can be inserted.
                    None => drop(mapping.insert(entry.key.clone(), entry.key_span, entry.value.clone())),
                }
            }
        }
        (NodeKind::Sequence(elements), NodeKind::Sequence(more)) => elements.extend_from_slice(more),
        (NodeKind::Mapping(_) | NodeKind::Sequence(_), _) | (_, NodeKind::Mapping(_) | NodeKind::Sequence(_)) => {
            let target = (target.span, target.kind_name());
            return Err(Mismatch { target, value: (value.span, value.kind_name()) });
        }
        _ => *target = value.clone(),
    }
    Ok(())
}

/// Removes the values at the locations `paths`, which are sorted. Keeps the value itself if a path is empty.
pub(super) fn remove(node: &mut Node, paths: &[&[Step]]) {
    let mut removed = Vec::new();
    for same in paths.chunk_by(|one, other| one.first() == other.first()) {
        let Some(step) = same.first().and_then(|path| path.first()) else { continue };
        let rest: Vec<&[Step]> = same.iter().filter_map(|path| path.split_first().map(|(_, rest)| rest)).collect();
        // Parts of a removed value need not be removed from it.
        if rest.iter().any(|rest| rest.is_empty()) {
            removed.push(step);
        } else if let Some(child) = find_mut(node, std::slice::from_ref(step)) {
            remove(child, &rest);
        }
    }
    if removed.is_empty() {
        return;
    }
    match &mut node.kind {
        NodeKind::Mapping(mapping) => {
            mapping
                .retain(|entry| removed.binary_search_by(|step| (*step).cmp(&Step::Name(entry.key.clone()))).is_err());
        }
        NodeKind::Sequence(elements) => {
            let mut index = 0..;
            elements.retain(|_| index.next().is_none_or(|at| removed.binary_search(&&Step::Index(at)).is_err()));
        }
        _ => {}
    }
}
