//! Reports pairs of paths that match the same request, such as `/seats/{id}/x` and `/seats/me/{part}`.
//!
//! OpenAPI matches concrete paths before templated paths, so `/seats/me` and `/seats/{id}` are not ambiguous. Two paths
//! are ambiguous if each has a concrete segment where the other has a parameter: OpenAPI leaves the choice to the
//! server.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::spec::{Method, Operation, PathItemId, Spanned, Spec};

/// The maximum number of pairs reported for a document.
const MAX_REPORTED: usize = 50;
/// The maximum number of tree nodes visited for a document. Without a limit, a path such as `/{a}/{b}/{c}` would visit
/// the whole tree.
const MAX_STEPS: usize = 200_000;

/// A path and the methods of its operations.
struct Path<'s> {
    path: &'s Spanned<String>,
    methods: Vec<&'s Method>,
}

/// A tree of the visited paths, with a level for each segment.
#[derive(Default)]
struct Tree<'p, 's> {
    fixed: BTreeMap<&'s str, Tree<'p, 's>>,
    any: Option<Box<Tree<'p, 's>>>,
    end: Option<&'p Path<'s>>,
}

/// Reports each pair of ambiguous paths, at the location of the second path.
pub(super) fn paths(spec: &Spec, diagnostics: &mut Diagnostics) {
    let paths = with_methods(spec);
    let mut tree = Tree::default();
    let mut search = Search { reported: 0, steps: 0, diagnostics };
    for path in &paths {
        let segments: Vec<&str> = path.path.value.split('/').skip(1).collect();
        search.run(&tree, &segments, path, (false, false));
        tree.insert(&segments, path);
    }
}

/// Returns the paths, each with the methods of its operations, in document order.
fn with_methods(spec: &Spec) -> Vec<Path<'_>> {
    let mut paths: IndexMap<PathItemId, Path<'_>> = IndexMap::new();
    for Operation { item, method, .. } in spec.operations.iter().filter(|operation| operation.path.starts_with('/')) {
        let empty = || Path { path: &spec.path_items[*item].path, methods: Vec::new() };
        paths.entry(*item).or_insert_with(empty).methods.push(method);
    }
    paths.into_values().collect()
}

/// Returns whether a segment consists of a single parameter, such as `{id}`. Returns false for `{id}.json`.
fn is_any(segment: &str) -> bool {
    segment.starts_with('{') && segment.find('}') == Some(segment.len() - 1)
}

impl<'p, 's> Tree<'p, 's> {
    fn insert(&mut self, segments: &[&'s str], path: &'p Path<'s>) {
        match segments {
            [] => self.end = Some(path),
            [first, rest @ ..] if is_any(first) => self.any.get_or_insert_default().insert(rest, path),
            [first, rest @ ..] => self.fixed.entry(first).or_default().insert(rest, path),
        }
    }
}

struct Search<'o> {
    reported: usize,
    steps: usize,
    diagnostics: &'o mut Diagnostics,
}

impl Search<'_> {
    /// Searches a tree for paths that match the same request as `path`, whose remaining segments are `segments`.
    /// `concrete.0` is `true` if a previous segment is concrete in `path` and a parameter in the other path, and
    /// `concrete.1` if the reverse applies to a previous segment.
    fn run(&mut self, tree: &Tree<'_, '_>, segments: &[&str], path: &Path<'_>, concrete: (bool, bool)) {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.reported >= MAX_REPORTED {
            return;
        }
        let (this, other) = concrete;
        match segments {
            [] => {
                if let Some(first) = tree.end.filter(|first| this && other && share_a_method(first, path)) {
                    self.reported += 1;
                    let message = format!(
                        "a request can match both {} and {}",
                        quoted(&first.path.value),
                        quoted(&path.path.value)
                    );
                    self.diagnostics.push(
                        Diagnostic::warning(Code::AmbiguousPath, path.path.span, message)
                            .related(first.path.span, "the other path")
                            .help("rename one of the paths; otherwise, the server chooses the operation that handles the request"),
                    );
                }
            }
            [first, rest @ ..] if is_any(first) => {
                for child in tree.fixed.values() {
                    self.run(child, rest, path, (this, true));
                }
                if let Some(any) = &tree.any {
                    self.run(any, rest, path, concrete);
                }
            }
            [first, rest @ ..] => {
                if let Some(child) = tree.fixed.get(first) {
                    self.run(child, rest, path, concrete);
                }
                if let Some(any) = &tree.any {
                    self.run(any, rest, path, (true, other));
                }
            }
        }
    }
}

fn share_a_method(one: &Path<'_>, other: &Path<'_>) -> bool {
    one.methods.iter().any(|method| other.methods.contains(method))
}
