//! Paths that one request may match both of: `/seats/{id}/x` and `/seats/me/{part}`.
//!
//! OpenAPI has concrete paths come first, so `/seats/me` beside `/seats/{id}` is no problem. Where each of two is the more
//! concrete one somewhere, it is up to the server which of them answers.

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{Document, Entry, Node};

/// So many pairs are shown of one document.
const SHOWN: usize = 50;
/// So many steps the search takes in all: paths of nothing but parameters would take it everywhere.
const STEPS: usize = 200_000;

/// The paths, segment by segment.
#[derive(Default)]
struct Tree<'d> {
    fixed: BTreeMap<&'d str, Tree<'d>>,
    any: Option<Box<Tree<'d>>>,
    end: Option<&'d Entry>,
}

/// Names each pair of paths that are ambiguous, at the later one.
pub(super) fn paths(document: &Document, found: &mut Diagnostics) {
    let paths = document.root.get("paths").map(Node::entries).unwrap_or_default();
    let mut tree = Tree::default();
    let mut search = Search { shown: 0, steps: 0, found };
    for entry in paths.iter().filter(|entry| entry.key.starts_with('/')) {
        let segments: Vec<&str> = entry.key.split('/').skip(1).collect();
        search.against(&tree, &segments, entry, (false, false));
        tree.insert(&segments, entry);
    }
}

/// Whether a segment stands for any text; one that is a parameter only in part matches less, and counts as fixed.
fn is_any(segment: &str) -> bool {
    segment.starts_with('{') && segment.find('}') == Some(segment.len() - 1)
}

impl<'d> Tree<'d> {
    fn insert(&mut self, segments: &[&'d str], entry: &'d Entry) {
        match segments {
            [] => self.end = Some(entry),
            [first, rest @ ..] if is_any(first) => self.any.get_or_insert_default().insert(rest, entry),
            [first, rest @ ..] => self.fixed.entry(first).or_default().insert(rest, entry),
        }
    }
}

struct Search<'o> {
    shown: usize,
    steps: usize,
    found: &'o mut Diagnostics,
}

impl<'d> Search<'_> {
    /// Looks for the paths of the tree that match what this one does. `concrete` says which of the two has been more
    /// concrete so far: this one, the other.
    fn against(&mut self, tree: &Tree<'d>, segments: &[&str], entry: &'d Entry, concrete: (bool, bool)) {
        self.steps += 1;
        if self.steps > STEPS || self.shown >= SHOWN {
            return;
        }
        let (this, other) = concrete;
        match segments {
            [] => {
                if let Some(first) = tree.end.filter(|first| this && other && share_a_method(first, entry)) {
                    self.shown += 1;
                    let message =
                        format!("one request may match both {} and {}", quoted(&first.key), quoted(&entry.key));
                    self.found.push(
                        Diagnostic::warning(Code::AmbiguousPath, entry.key_span, message)
                            .related(first.key_span, "the other one")
                            .help("it is up to the server which of them answers; forbid one value by a pattern, or rename a path"),
                    );
                }
            }
            [first, rest @ ..] if is_any(first) => {
                for child in tree.fixed.values() {
                    self.against(child, rest, entry, (this, true));
                }
                if let Some(any) = &tree.any {
                    self.against(any, rest, entry, concrete);
                }
            }
            [first, rest @ ..] => {
                if let Some(child) = tree.fixed.get(first) {
                    self.against(child, rest, entry, concrete);
                }
                if let Some(any) = &tree.any {
                    self.against(any, rest, entry, (true, other));
                }
            }
        }
    }
}

fn share_a_method(one: &Entry, other: &Entry) -> bool {
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
        .iter()
        .any(|method| one.value.get(method).is_some() && other.value.get(method).is_some())
}
