//! Selects the operations and webhooks of an API that its crate contains.

use super::reach::Reached;
use super::{LeftOut, Pattern};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest, quoted};
use crate::spec::{Operation, Spec};

/// The operations and webhooks of a document for which code is generated: all, unless `include` or `exclude` restricts
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Only operations and webhooks that one of these patterns matches are generated. `None` includes all.
    pub include: Option<Patterns>,
    /// Operations and webhooks that one of these patterns matches are not generated, even if `include` matches them.
    pub exclude: Patterns,
}

/// Patterns that select operations and webhooks. An operation is selected if one of the patterns matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    /// Patterns for the tags of operations and webhooks.
    pub tags: Vec<Pattern>,
    /// Patterns for the paths of operations, as in the document. A pattern may begin with a method and a space:
    /// `GET /pets/**`.
    pub paths: Vec<Pattern>,
    /// Patterns for the `operationId` of operations and webhooks.
    pub operations: Vec<Pattern>,
    /// Patterns for the names of webhooks.
    pub webhooks: Vec<Pattern>,
}

impl Selection {
    /// Returns whether the selection contains all operations and webhooks.
    fn is_everything(&self) -> bool {
        self.include.is_none() && self.exclude.lists().all(|(.., list)| list.is_empty())
    }
}

/// What operations and webhooks are selected by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Criterion {
    Tag,
    Path,
    OperationId,
    Webhook,
}

impl Criterion {
    /// Returns what a pattern is compared with, for the message about a pattern that matches nothing.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Tag => ("no operation and no webhook", "tag"),
            Self::Path => ("no operation", "path"),
            Self::OperationId => ("no operation and no webhook", "`operationId`"),
            Self::Webhook => ("no webhook", "name"),
        }
    }

    /// Returns the values of an operation or webhook that a pattern is compared with.
    fn values(self, operation: &Operation, is_webhook: bool) -> Vec<&str> {
        match self {
            Self::Tag => operation.tags.iter().map(String::as_str).collect(),
            Self::OperationId => operation.id.iter().map(|id| id.value.as_str()).collect(),
            Self::Path if !is_webhook => vec![operation.path.as_str()],
            Self::Webhook if is_webhook => vec![operation.path.as_str()],
            Self::Path | Self::Webhook => Vec::new(),
        }
    }

    fn matches(self, pattern: &Pattern, operation: &Operation, is_webhook: bool) -> bool {
        let mut values = self.values(operation, is_webhook).into_iter();
        match self {
            Self::Path => values.any(|path| {
                pattern.matches_path(path) || pattern.matches_path(&format!("{} {path}", operation.method.as_str()))
            }),
            Self::Tag | Self::OperationId | Self::Webhook => values.any(|value| pattern.matches_name(value)),
        }
    }
}

impl Patterns {
    /// Returns the patterns with the criterion that they belong to.
    fn lists(&self) -> impl Iterator<Item = (Criterion, &[Pattern])> {
        [
            (Criterion::Tag, self.tags.as_slice()),
            (Criterion::Path, &self.paths),
            (Criterion::OperationId, &self.operations),
            (Criterion::Webhook, &self.webhooks),
        ]
        .into_iter()
    }
}

/// The patterns of a [`Patterns`], each with whether it has matched anything.
struct Matcher<'a> {
    patterns: Vec<(Criterion, &'a Pattern, bool)>,
}

impl<'a> Matcher<'a> {
    fn new(patterns: &'a Patterns) -> Self {
        let patterns = patterns.lists().flat_map(|(criterion, list)| list.iter().map(move |it| (criterion, it, false)));
        Self { patterns: patterns.collect() }
    }

    /// Returns whether a pattern matches the operation. Compares all patterns, to find those that never match.
    fn matches(&mut self, operation: &Operation, is_webhook: bool) -> bool {
        let mut is_match = false;
        for (criterion, pattern, has_matched) in &mut self.patterns {
            if criterion.matches(pattern, operation, is_webhook) {
                *has_matched = true;
                is_match = true;
            }
        }
        is_match
    }

    /// Reports the patterns that have matched nothing.
    fn report(&self, spec: &Spec, diagnostics: &mut Diagnostics) {
        for (criterion, pattern, _) in self.patterns.iter().filter(|(.., has_matched)| !has_matched) {
            let ((owner, what), text) = (criterion.words(), quoted(pattern.as_str()));
            let message = match pattern.is_literal() {
                true => format!("{owner} has the {what} {text}"),
                false => format!("the pattern {text} matches nothing: {owner} has such a {what}"),
            };
            let mut diagnostic = Diagnostic::new(Severity::Error, Code::Config, pattern.span, message);
            let operations = spec.operations.iter().map(|operation| (operation, false));
            let all = operations.chain(spec.webhooks.iter().map(|webhook| (webhook, true)));
            let values = all.flat_map(|(operation, is_webhook)| criterion.values(operation, is_webhook));
            let near = nearest(pattern.as_str(), values).filter(|_| pattern.is_literal());
            diagnostic.help = near.map(|near| format!("did you mean {}?", quoted(near)));
            diagnostics.push(diagnostic);
        }
    }
}

/// Removes the operations and webhooks that are not selected from the model, and, unless `keep_schemas` is set, the
/// definitions that only they use. Reports patterns that match nothing. Returns the parts of the document that are left
/// out.
pub(crate) fn select(
    spec: &mut Spec,
    selection: &Selection,
    keep_schemas: bool,
    diagnostics: &mut Diagnostics,
) -> LeftOut {
    if selection.is_everything() {
        return LeftOut::default();
    }
    let mut include = selection.include.as_ref().map(Matcher::new);
    let mut exclude = Matcher::new(&selection.exclude);
    let mut is_selected = |operation: &Operation, is_webhook| {
        let is_included = include.as_mut().is_none_or(|include| include.matches(operation, is_webhook));
        // Compare with both, to find the patterns that never match.
        let is_excluded = exclude.matches(operation, is_webhook);
        is_included && !is_excluded
    };
    let selected: Vec<bool> = spec.operations.iter().map(|operation| is_selected(operation, false)).collect();
    let selected_webhooks: Vec<bool> = spec.webhooks.iter().map(|webhook| is_selected(webhook, true)).collect();
    let has_any = selected.iter().chain(&selected_webhooks).any(|is_selected| *is_selected);
    let before = diagnostics.len();
    for matcher in include.iter().chain([&exclude]) {
        matcher.report(spec, diagnostics);
    }
    if !has_any && diagnostics.len() == before {
        let all = selection.include.iter().chain([&selection.exclude]).flat_map(Patterns::lists);
        let span = all.flat_map(|(_, list)| list).find_map(|pattern| pattern.span);
        let message = "`include` and `exclude` select no operation and no webhook of the document";
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Config, span, message));
    }
    let mut left_out = Vec::new();
    let mut keep = |operations: &mut Vec<Operation>, selected: Vec<bool>| {
        let mut selected = selected.into_iter();
        operations.retain(|operation| {
            let is_selected = selected.next().unwrap_or(true);
            if !is_selected {
                left_out.extend([operation.span, operation.method_span]);
            }
            is_selected
        });
    };
    keep(&mut spec.operations, selected);
    keep(&mut spec.webhooks, selected_webhooks);
    let reached = Reached::of(spec);
    if !keep_schemas {
        spec.definitions.retain(|definition| reached.has_schema(definition.schema));
    }
    let unused = if keep_schemas { Vec::new() } else { reached.parts(spec).collect() };
    LeftOut::new(spec, unused, &left_out)
}
