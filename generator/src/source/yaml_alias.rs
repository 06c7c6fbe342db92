//! What stands elsewhere in a document of YAML: aliases are replaced by copies of what they name, `<<` merges objects.

use super::node::{Mapping, Node, NodeKind};
use super::span::Span;
use super::yaml::{Reader, Stopped};
use crate::diagnostics::{Code, Diagnostic};

impl Reader<'_, '_> {
    pub(super) fn merge(&mut self, mapping: &mut Mapping, place: Span, value: Node) {
        let objects = match value.kind {
            NodeKind::Sequence(elements) => elements,
            _ => vec![value],
        };
        for object in objects {
            let NodeKind::Mapping(members) = object.kind else {
                self.diagnostics.push(
                    Diagnostic::error(Code::Syntax, object.span, "`<<` merges objects, and this is none")
                        .related(place, "merged here"),
                );
                continue;
            };
            for entry in members.into_entries() {
                // Already there: overridden, as it should be.
                let _overridden = mapping.insert(entry.key, entry.key_span, entry.value);
            }
        }
    }

    pub(super) fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Stopped> {
        let span = self.text.span(start, end);
        let Some(target) = self.anchors.get(&anchor) else {
            return self.stop(Code::Syntax, span, "an alias stands inside what it names".to_owned());
        };
        // Counted before it is copied: a bomb of aliases costs no more than the limit.
        let size = count(target, self.limits.values.saturating_sub(self.nodes));
        let deepest = self.limits.depth.saturating_sub(self.open.len());
        let (Some(size), true) = (size, fits(target, deepest)) else {
            let message = "aliases make the document too large".to_owned();
            let help = format!(
                "at most {} values are read, {} deep; `--max-values` and `--max-depth` allow more",
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

/// How many nodes a tree has, unless it has more than `limit`.
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

/// Whether a tree nests no deeper than `depth` collections.
fn fits(node: &Node, depth: usize) -> bool {
    match &node.kind {
        NodeKind::Sequence(elements) => depth > 0 && elements.iter().all(|element| fits(element, depth - 1)),
        NodeKind::Mapping(mapping) => depth > 0 && mapping.entries().iter().all(|entry| fits(&entry.value, depth - 1)),
        _ => true,
    }
}
