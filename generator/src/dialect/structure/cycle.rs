//! What contains itself: `$ref`s that lead to themselves, schemas that are `allOf` themselves.

use std::collections::HashMap;

use super::table::Kind;
use super::walk::{Id, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::dialect::mend::{Mend, object};
use crate::source::{Node, Span};

/// So many places of a circle are shown.
const SHOWN: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Open,
    Done,
}

impl Walk<'_, '_> {
    /// Finds every circle, by one search in depth over all edges; says whether there is one.
    pub fn find_cycles(&mut self) -> bool {
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
            // The way from the start, each node with the number of its edges that have been taken.
            let mut way: Vec<(Id, usize)> = vec![(start, 0)];
            visits.insert(start, Visit::Open);
            while let Some((node, taken)) = way.last_mut() {
                let node = *node;
                let next = targets.get(&node).and_then(|targets| targets.get(*taken)).copied();
                *taken += 1;
                match next {
                    None => {
                        visits.insert(node, Visit::Done);
                        way.pop();
                    }
                    Some(next) => match visits.get(&next) {
                        None => {
                            visits.insert(next, Visit::Open);
                            way.push((next, 0));
                        }
                        Some(Visit::Open) => {
                            let circle: Vec<Id> =
                                way.iter().map(|&(node, _)| node).skip_while(|&node| node != next).collect();
                            self.cycle(&circle);
                            found = true;
                        }
                        Some(Visit::Done) => {}
                    },
                }
            }
        }
        found
    }

    fn cycle(&mut self, circle: &[Id]) {
        let mut references: Vec<(Span, &Node)> =
            circle.iter().filter_map(|id| self.reference_spans.get(id)).copied().collect();
        references.sort_by_key(|(span, _)| *span);
        let mut references = references.into_iter();
        let Some((first, node)) = references.next() else { return };
        let nothing_else = references.len() + 1 == circle.len();
        let message = if circle.len() == 1 {
            "a `$ref` refers to itself"
        } else if nothing_else {
            "`$ref`s form a cycle"
        } else {
            "a schema is part of its own `allOf`"
        };
        let mut diagnostic = Diagnostic::error(Code::RefCycle, first, message).label("the cycle starts here");
        for (span, _) in references.take(SHOWN) {
            diagnostic = diagnostic.related(span, "and continues here");
        }
        let kind = self.kinds.get(&std::ptr::from_ref(node)).map(|(kind, _)| *kind);
        match kind {
            Some(Kind::Schema) if nothing_else => {
                self.local(diagnostic, node, Mend::Value(object(node.span, [])), "accepts any JSON value");
            }
            Some(_) if nothing_else => self.local(diagnostic, node, Mend::Remove, "ignores it"),
            Some(Kind::Schema) => self.harmless(diagnostic, "includes each part once"),
            _ => self.push(diagnostic),
        }
    }
}
