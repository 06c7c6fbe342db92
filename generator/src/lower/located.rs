//! Walking the tree and its typed view in step: the value says what it is, the node says where.

use crate::source::{Node, Span};

/// A typed value and the node it was read from.
pub(super) struct Located<'a, T> {
    pub node: &'a Node,
    pub value: &'a T,
}

impl<T> Clone for Located<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Located<'_, T> {}

impl<'a, T> Located<'a, T> {
    pub fn new(node: &'a Node, value: &'a T) -> Self {
        Self { node, value }
    }

    /// The value under `key`; `value` must be what the typed view holds there.
    pub fn member<U>(self, key: &str, value: &'a U) -> Located<'a, U> {
        // The typed view has defaults for what the tree lacks: those stand where their owner stands.
        Located { node: self.node.get(key).unwrap_or(self.node), value }
    }

    pub fn span(self) -> Span {
        self.node.span
    }
}
