//! Expands YAML aliases and merge keys (`<<`).

use super::node::{Mapping, Node, NodeKind};
use super::span::Span;
use super::yaml::{Reader, Stopped};
use crate::diagnostics::{Code, Diagnostic};

impl Reader<'_, '_> {
    /// Adds the properties of a merge key to a mapping. `value` is an object or an array of objects.
    pub(super) fn merge(&mut self, mapping: &mut Mapping, key_span: Span, value: Node) {
        let objects = match value.kind {
            NodeKind::Sequence(elements) => elements,
            _ => vec![value],
        };
        for object in objects {
            let NodeKind::Mapping(properties) = object.kind else {
                self.diagnostics.push(
                    Diagnostic::error(Code::Syntax, object.span, "the value of the merge key `<<` must be an object")
                        .related(key_span, "merged here"),
                );
                continue;
            };
            for entry in properties.into_entries() {
                // If the mapping already has the key, its own value takes precedence.
                let _overridden = mapping.insert(entry.key, entry.key_span, entry.value);
            }
        }
    }

    /// Adds a copy of the target of an alias to the innermost open collection.
    pub(super) fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Stopped> {
        let span = self.text.span(start, end);
        let Some(target) = self.anchors.get(&anchor) else {
            return self.stop(Code::Syntax, span, "the alias refers to a value that contains the alias".to_owned());
        };
        // Count before copying, so that nested aliases cannot exceed the limit.
        let size = count(target, self.limits.values.saturating_sub(self.nodes));
        let max_depth = self.limits.depth.saturating_sub(self.open.len());
        let (Some(size), true) = (size, fits(target, max_depth)) else {
            let message = "the document is too large after aliases are expanded".to_owned();
            let help = format!(
                "the limits are {} values and a depth of {}; raise them with `--max-values` and `--max-depth`",
                self.limits.values, self.limits.depth
            );
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, message).help(help));
            return Err(Stopped);
        };
        let copy = Node { span, kind: target.kind.clone() };
        self.nodes += size;
        self.last_end = end;
        self.complete(copy, 0, start)
    }
}

/// Returns the number of nodes of a tree, or `None` if the number exceeds `limit`.
pub(crate) fn count(node: &Node, limit: usize) -> Option<usize> {
    let parts: &mut dyn Iterator<Item = &Node> = match &node.kind {
        NodeKind::Sequence(elements) => &mut elements.iter(),
        NodeKind::Mapping(mapping) => &mut mapping.entries().iter().map(|entry| &entry.value),
        _ => &mut std::iter::empty(),
    };
    let mut total = 1;
    for part in parts {
        total += count(part, limit.checked_sub(total)?)?;
    }
    (total <= limit).then_some(total)
}

/// Returns whether the nesting depth of a tree is at most `depth`.
pub(super) fn fits(node: &Node, depth: usize) -> bool {
    match &node.kind {
        NodeKind::Sequence(elements) => depth > 0 && elements.iter().all(|element| fits(element, depth - 1)),
        NodeKind::Mapping(mapping) => depth > 0 && mapping.entries().iter().all(|entry| fits(&entry.value, depth - 1)),
        _ => true,
    }
}
