//! Reports pairs of paths that match the same request, such as `/seats/{id}/x` and `/seats/me/{part}`.
//!
//! OpenAPI matches concrete paths before templated paths, so `/seats/me` and `/seats/{id}` are not ambiguous. Two paths
//! are ambiguous if each has a concrete segment where the other has a parameter: OpenAPI leaves the choice to the
//! server.

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{Document, Entry, Node};

/// The maximum number of pairs reported for a document.
const MAX_REPORTED: usize = 50;
/// The maximum number of tree nodes visited for a document. Without a limit, a path such as `/{a}/{b}/{c}` would visit
/// the whole tree.
const MAX_STEPS: usize = 200_000;

/// A tree of the visited paths, with a level for each segment.
#[derive(Default)]
struct Tree<'d> {
    fixed: BTreeMap<&'d str, Tree<'d>>,
    any: Option<Box<Tree<'d>>>,
    end: Option<&'d Entry>,
}

/// Reports each pair of ambiguous paths, at the location of the second path.
pub(super) fn paths(document: &Document, diagnostics: &mut Diagnostics) {
    let paths = document.root.get("paths").map(Node::entries).unwrap_or_default();
    let mut tree = Tree::default();
    let mut search = Search { reported: 0, steps: 0, diagnostics };
    for entry in paths.iter().filter(|entry| entry.key.starts_with('/')) {
        let segments: Vec<&str> = entry.key.split('/').skip(1).collect();
        search.run(&tree, &segments, entry, (false, false));
        tree.insert(&segments, entry);
    }
}

/// Returns whether a segment consists of a single parameter, such as `{id}`. Returns false for `{id}.json`.
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
    reported: usize,
    steps: usize,
    diagnostics: &'o mut Diagnostics,
}

impl<'d> Search<'_> {
    /// Searches a tree for paths that match the same request as the path `entry`, whose remaining segments are
    /// `segments`. `concrete.0` tells whether a previous segment is concrete only in this path, and `concrete.1`
    /// whether a previous segment is concrete only in the other path.
    fn run(&mut self, tree: &Tree<'d>, segments: &[&str], entry: &'d Entry, concrete: (bool, bool)) {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.reported >= MAX_REPORTED {
            return;
        }
        let (this, other) = concrete;
        match segments {
            [] => {
                if let Some(first) = tree.end.filter(|first| this && other && share_a_method(first, entry)) {
                    self.reported += 1;
                    let message = format!("a request can match both {} and {}", quoted(&first.key), quoted(&entry.key));
                    self.diagnostics.push(
                        Diagnostic::warning(Code::AmbiguousPath, entry.key_span, message)
                            .related(first.key_span, "the other path")
                            .help("rename one of the paths; otherwise, the server chooses the operation that handles the request"),
                    );
                }
            }
            [first, rest @ ..] if is_any(first) => {
                for child in tree.fixed.values() {
                    self.run(child, rest, entry, (this, true));
                }
                if let Some(any) = &tree.any {
                    self.run(any, rest, entry, concrete);
                }
            }
            [first, rest @ ..] => {
                if let Some(child) = tree.fixed.get(first) {
                    self.run(child, rest, entry, concrete);
                }
                if let Some(any) = &tree.any {
                    self.run(any, rest, entry, (true, other));
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
