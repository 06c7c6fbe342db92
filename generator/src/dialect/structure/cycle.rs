//! What contains itself: `$ref`s that lead to themselves, schemas that are `allOf` themselves.

use std::collections::HashMap;

use super::walk::{Id, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// So many places of a circle are shown.
const SHOWN: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Open,
    Done,
}

impl Walk<'_, '_> {
    /// Finds every circle, by one search in depth over all edges.
    pub fn find_cycles(&mut self) {
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
                        }
                        Some(Visit::Done) => {}
                    },
                }
            }
        }
    }

    fn cycle(&mut self, circle: &[Id]) {
        let mut spans: Vec<Span> = circle.iter().filter_map(|id| self.reference_spans.get(id)).copied().collect();
        spans.sort();
        let mut spans = spans.into_iter();
        let Some(first) = spans.next() else { return };
        let message = if circle.len() == 1 {
            "a `$ref` leads to itself"
        } else if spans.len() + 1 == circle.len() {
            "`$ref`s lead back to where they started"
        } else {
            "a schema is `allOf` itself: no value can be"
        };
        let mut diagnostic = Diagnostic::error(Code::RefCycle, first, message).label("the circle begins here");
        for span in spans.take(SHOWN) {
            diagnostic = diagnostic.related(span, "and goes on here");
        }
        self.push(diagnostic);
    }
}
