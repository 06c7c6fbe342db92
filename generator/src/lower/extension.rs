//! Our `x-` extensions, read from the tree. Their types are checked before; here a wrong one reads as absent.

use crate::source::Node;

pub(super) fn string(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

pub(super) fn boolean(node: &Node, key: &str) -> Option<bool> {
    node.get(key)?.as_bool()
}

pub(super) fn is_true(node: &Node, key: &str) -> bool {
    boolean(node, key) == Some(true)
}

/// A list of texts that runs beside another list.
pub(super) fn strings<'a>(node: &'a Node, key: &str) -> Vec<Option<&'a str>> {
    node.get(key).map(|list| list.elements().iter().map(Node::as_str).collect()).unwrap_or_default()
}
