//! Diagnostics: errors, warnings and notes about a document, with their locations. They are collected, sorted and
//! rendered.

mod code;
mod place;
mod render;
mod report;
mod suggest;
mod visible;

pub use code::{Code, UnknownCode};
pub use place::{Position, position};
pub use render::{Style, render};
pub use report::{github, json};
pub use suggest::nearest;
pub use visible::quoted;

use std::collections::HashSet;

use crate::source::Span;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is rejected and nothing is written.
    Error,
    /// The client is generated, but not as the document's author may think.
    Warning,
    /// The generator made a choice that the user can change.
    Note,
}

impl Severity {
    /// Returns the name, as shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A diagnostic.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The severity of a diagnostic.
    pub severity: Severity,
    /// The code.
    pub code: Code,
    /// The problem in one sentence.
    pub message: String,
    /// The location. `None` if the problem is not in a source file.
    pub span: Option<Span>,
    /// The text after the `^^^` that underlines the location; may be empty.
    pub label: String,
    /// Related locations with their labels.
    pub related: Vec<(Span, String)>,
    /// How to solve the problem.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Creates an error at a location.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(span), message)
    }

    /// Creates a warning at a location.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(span), message)
    }

    /// Creates a note at a location.
    pub fn note(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, Some(span), message)
    }

    /// Creates a diagnostic, with or without a location.
    pub fn new(severity: Severity, code: Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), span, label: String::new(), related: Vec::new(), help: None }
    }

    /// Sets the label: the text after the `^^^`.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Sets the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The maximum number of diagnostics that are kept. Others are only counted: a hostile document can have millions.
const MAX_KEPT: usize = 10_000;

/// The diagnostics of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    /// The numbers of errors, warnings and notes that are only counted.
    counted: [usize; 3],
}

impl Diagnostics {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        // An exceeded limit is always kept.
        if self.kept.len() < MAX_KEPT || diagnostic.code == Code::Limit {
            self.kept.push(diagnostic);
            return;
        }
        let [errors, warnings, notes] = &mut self.counted;
        *match diagnostic.severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        } += 1;
    }

    /// Adds the diagnostics of another collection.
    pub fn extend(&mut self, other: Diagnostics) {
        for diagnostic in other.kept {
            self.push(diagnostic);
        }
        for (count, more) in self.counted.iter_mut().zip(other.counted) {
            *count += more;
        }
    }

    /// Calls `change` on each kept diagnostic.
    pub fn change(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.kept.iter_mut().for_each(change);
    }

    /// Sets the severity of each collected diagnostic. Removes it if `of` returns `None`.
    pub fn change_severity(&mut self, of: impl Fn(&Diagnostic) -> Option<Severity>) {
        self.kept.retain_mut(|diagnostic| match of(diagnostic) {
            Some(severity) => {
                diagnostic.severity = severity;
                true
            }
            None => false,
        });
    }

    /// Removes kept diagnostics that have the same code, location and message as an earlier one.
    pub(crate) fn remove_duplicates(&mut self) {
        let mut known = HashSet::new();
        self.kept.retain(|one| known.insert((one.code, one.span, one.message.clone())));
    }

    /// Returns whether a kept diagnostic has the code.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.kept.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Returns whether there are errors. A document with errors is rejected.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Returns whether there are no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Returns the number of diagnostics, including those that are only counted.
    pub fn len(&self) -> usize {
        self.kept.len() + self.counted.iter().sum::<usize>()
    }

    /// Returns the number of diagnostics of a severity, including those that are only counted.
    pub fn count(&self, severity: Severity) -> usize {
        let [errors, warnings, notes] = self.counted;
        let counted = match severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        };
        self.kept.iter().filter(|diagnostic| diagnostic.severity == severity).count() + counted
    }

    /// Returns the kept diagnostics, sorted by location, then by severity, then in the order in which they were added.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.kept.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.span.map(|span| (span.source, span.start)), diagnostic.severity));
        sorted
    }
}
