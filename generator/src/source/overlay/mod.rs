//! Applies overlays to a document before it is validated (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! Values from an overlay keep their location in the overlay, so that diagnostics lead there.

mod action;
mod edit;

use action::{Action, Change};
use edit::Steps;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::limits::{Limits, raised_by};
use super::node::{Node, NodeKind};
use super::span::Span;
use super::yaml_alias::{count, fits};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};

/// Applies the actions of overlays to a document, in order. `remaining` are the limits on the values that the actions
/// may add.
///
/// Reports invalid overlays, actions whose target matches nothing, and actions that do not fit their targets. The other
/// actions are applied nevertheless, so that all errors are reported at once.
pub(super) fn apply(root: &mut Node, overlays: &[Node], remaining: &mut Limits, diagnostics: &mut Diagnostics) {
    let mut applied = Overlaid { json: edit::to_json(root), root, remaining, diagnostics };
    for overlay in overlays {
        for action in action::read(overlay, applied.diagnostics) {
            if let Err(error) = applied.run(&action) {
                applied.diagnostics.push(*error);
            }
        }
    }
}

/// A document to which actions are applied.
struct Overlaid<'a> {
    root: &'a mut Node,
    /// The document as JSON, for JSONPath queries.
    json: Value,
    remaining: &'a mut Limits,
    diagnostics: &'a mut Diagnostics,
}

impl Overlaid<'_> {
    fn run(&mut self, action: &Action<'_>) -> Result<(), Box<Diagnostic>> {
        let targets = self.find(&action.target);
        if targets.is_empty() {
            let message = format!("{} matches nothing in the document", quoted(&action.text));
            let help = "correct the JSONPath, or delete the action if the document no longer needs it";
            let error = Diagnostic::error(Code::OverlayTarget, action.span, message);
            return Err(Box::new(error.label("no match").help(help)));
        }
        match &action.change {
            None => Ok(()),
            Some(Change::Remove) => self.remove(&targets, action),
            Some(Change::Update(value)) => self.merge(&targets, value, action),
            Some(Change::Copy { from, text, span }) => {
                let sources = self.find(from);
                let [source] = sources.as_slice() else {
                    let message = format!("{} matches {} values, but must match one", quoted(text), sources.len());
                    let error = Diagnostic::error(Code::OverlayTarget, *span, message);
                    return Err(Box::new(error.label("the value to copy")));
                };
                let Some(value) = edit::find(self.root, source).cloned() else { return Ok(()) };
                self.merge(&targets, &value, action)
            }
        }
    }

    /// Returns the locations that a JSONPath selects, sorted and without duplicates.
    fn find(&self, path: &JsonPath) -> Vec<Steps> {
        let mut found: Vec<Steps> = path.query_located(&self.json).locations().map(edit::steps).collect();
        found.sort();
        found.dedup();
        found
    }

    fn remove(&mut self, targets: &[Steps], action: &Action<'_>) -> Result<(), Box<Diagnostic>> {
        if targets.iter().any(Vec::is_empty) {
            let message = "an action cannot remove the whole document";
            return Err(Box::new(Diagnostic::error(Code::Overlay, action.span, message)));
        }
        let paths: Vec<_> = targets.iter().map(Vec::as_slice).collect();
        edit::remove(self.root, &paths);
        let mut parents: Vec<_> = paths.iter().filter_map(|path| path.split_last().map(|(_, parent)| parent)).collect();
        parents.dedup();
        parents.into_iter().for_each(|parent| self.refresh(parent));
        Ok(())
    }

    /// Merges a value into each target.
    fn merge(&mut self, targets: &[Steps], value: &Node, action: &Action<'_>) -> Result<(), Box<Diagnostic>> {
        // Count before copying: repeated copies could double the document again and again.
        let size = count(value, self.remaining.values).map(|size| size.saturating_mul(targets.len()));
        let depth = targets.iter().map(Vec::len).max().unwrap_or_default();
        match size {
            Some(size) if size <= self.remaining.values && fits(value, self.remaining.depth.saturating_sub(depth)) => {
                self.remaining.values -= size;
            }
            _ => {
                let message = "the document is too large or nested too deeply after this action";
                let help = format!("{}, or with `depth`", raised_by("values"));
                return Err(Box::new(Diagnostic::error(Code::Limit, action.span, message).help(help)));
            }
        }
        let kinds: Vec<_> = targets.iter().filter_map(|target| edit::find(self.root, target)).collect();
        if let [first, rest @ ..] = kinds.as_slice()
            && let Some(other) = rest.iter().find(|other| kind(other) != kind(first))
        {
            let message = format!(
                "{} matches {} and {}, but all values must be objects, arrays, or neither",
                quoted(&action.text),
                first.kind_name(),
                other.kind_name()
            );
            let error = Diagnostic::error(Code::Overlay, action.span, message);
            return Err(Box::new(error.related(first.span, "a match").related(other.span, "another match")));
        }
        for target in targets {
            let Some(node) = edit::find_mut(self.root, target) else { continue };
            edit::update(node, value).map_err(|mismatch| Box::new(incompatible(&mismatch, action.span)))?;
            self.refresh(target);
        }
        Ok(())
    }

    /// Updates the JSON of a changed part of the document.
    fn refresh(&mut self, path: &[edit::Step]) {
        if let (Some(node), Some(json)) = (edit::find(self.root, path), edit::find_json(&mut self.json, path)) {
            *json = edit::to_json(node);
        }
    }
}

/// The kinds of values that one action must not mix: objects, arrays and primitive values.
fn kind(node: &Node) -> u8 {
    match node.kind {
        NodeKind::Mapping(_) => 0,
        NodeKind::Sequence(_) => 1,
        _ => 2,
    }
}

fn incompatible(mismatch: &edit::Mismatch, action: Span) -> Diagnostic {
    let message = format!("{} cannot be merged into {}", mismatch.value.1, mismatch.target.1);
    let mut error = Diagnostic::error(Code::Overlay, mismatch.value.0, message)
        .related(mismatch.target.0, "the value in the document")
        .help("to replace a value by one of another type, remove it first");
    if mismatch.value.0.source != action.source {
        error = error.related(action, "copied by this action");
    }
    error
}

#[cfg(test)]
mod tests;
