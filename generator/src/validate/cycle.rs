//! Cycles: `$ref`s that refer to themselves, and schemas that are part of their own `allOf`.

use std::collections::HashMap;

use super::object::Kind;
use super::repair::{Repair, object};
use super::walk::{Id, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, Span};

/// The maximum number of edges that are shown for a cycle, in addition to the first one.
const MAX_SHOWN: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Open,
    Done,
}

impl Walk<'_, '_> {
    /// Finds cycles with a depth-first search over all edges, and reports them. Returns whether there are any.
    pub fn check_cycles(&mut self) -> bool {
        let mut found = false;
        let edges = std::mem::take(&mut self.edges);
        let mut targets: HashMap<Id, Vec<Id>> = HashMap::new();
        for &(from, to) in &edges {
            targets.entry(from).or_default().push(to);
        }
        let mut visits: HashMap<Id, Visit> = HashMap::new();
        for &(start, _) in &edges {
            if visits.contains_key(&start) {
                continue;
            }
            // The path from `start` to the current node. Each node is stored with the number of its edges that were
            // followed.
            let mut path: Vec<(Id, usize)> = vec![(start, 0)];
            visits.insert(start, Visit::Open);
            while let Some((node, followed)) = path.last_mut() {
                let node = *node;
                let next = targets.get(&node).and_then(|targets| targets.get(*followed)).copied();
                *followed += 1;
                match next {
                    None => {
                        visits.insert(node, Visit::Done);
                        path.pop();
                    }
                    Some(next) => match visits.get(&next) {
                        None => {
                            visits.insert(next, Visit::Open);
                            path.push((next, 0));
                        }
                        Some(Visit::Open) => {
                            let cycle: Vec<Id> =
                                path.iter().map(|&(node, _)| node).skip_while(|&node| node != next).collect();
                            self.cycle(&cycle);
                            found = true;
                        }
                        Some(Visit::Done) => {}
                    },
                }
            }
        }
        found
    }

    fn cycle(&mut self, cycle: &[Id]) {
        let mut references: Vec<(Span, &Node)> =
            cycle.iter().filter_map(|id| self.reference_spans.get(id)).copied().collect();
        references.sort_by_key(|(span, _)| *span);
        let mut references = references.into_iter();
        let Some((first, node)) = references.next() else { return };
        let only_references = references.len() + 1 == cycle.len();
        let message = if cycle.len() == 1 {
            "a `$ref` refers to itself"
        } else if only_references {
            "`$ref`s form a cycle"
        } else {
            "a schema is part of its own `allOf`"
        };
        let mut diagnostic = Diagnostic::error(Code::RefCycle, first, message).label("the cycle starts here");
        for (span, _) in references.take(MAX_SHOWN) {
            diagnostic = diagnostic.related(span, "and continues here");
        }
        let kind = self.kinds.get(&std::ptr::from_ref(node)).map(|(kind, _)| *kind);
        match kind {
            Some(Kind::Schema) if only_references => {
                self.repairable(
                    diagnostic,
                    node,
                    Repair::Value(object(node.span, [])),
                    "uses a type that accepts any JSON value",
                );
            }
            Some(_) if only_references => self.repairable(diagnostic, node, Repair::Remove, "ignores this `$ref`"),
            Some(Kind::Schema) => self.ignorable(diagnostic, "includes each schema of the cycle only once"),
            _ => self.push(diagnostic),
        }
    }
}
