//! Collects, sorts and renders diagnostics: errors, warnings and notes about a document, with their locations.

mod code;
mod place;
mod render;
mod report;
mod suggest;
mod visible;

pub use code::{Code, UnknownCode};
pub use place::{Position, position};
pub use render::{Style, render};
pub(crate) use report::{Locations, github_data, github_property};
pub use report::{github, json};
pub use suggest::nearest;
pub use visible::quoted;
pub(crate) use visible::visible;

use std::collections::HashSet;

use crate::source::Span;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is rejected and nothing is written.
    Error,
    /// The client is generated, but may behave differently than the author of the document intended.
    Warning,
    /// The client is generated. The generator made a choice that the user can change, such as a name.
    Note,
}

impl Severity {
    /// Returns the name that is shown to the user: `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// An error, warning or note.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The code, which identifies the kind of problem, e.g. `ref-not-found`.
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

    /// Turns an error into a warning of lenient mode. `workaround` completes the sentence "with `--lenient`, the
    /// generator …", which is added at the beginning of the help text.
    pub(crate) fn assume(&mut self, workaround: &str) {
        self.severity = Severity::Warning;
        let help = self.help.take().map(|help| format!("\n{help}")).unwrap_or_default();
        self.help = Some(format!("with `--lenient`, the generator {workaround}{help}"));
    }

    /// Sets the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The maximum number of stored diagnostics. Further diagnostics are only counted, because a hostile document can cause
/// millions of them.
const MAX_STORED: usize = 10_000;

/// A collection of diagnostics. Stores the first 10,000 diagnostics and only counts further diagnostics.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagnostics {
    stored: Vec<Diagnostic>,
    /// The numbers of errors, warnings and notes that are not stored.
    counted: [usize; 3],
}

impl Diagnostics {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        // Diagnostics about exceeded limits are always stored, because later stages check for them.
        if self.stored.len() < MAX_STORED || diagnostic.code == Code::Limit {
            self.stored.push(diagnostic);
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
        for diagnostic in other.stored {
            self.push(diagnostic);
        }
        for (count, more) in self.counted.iter_mut().zip(other.counted) {
            *count += more;
        }
    }

    /// Calls `change` on each stored diagnostic.
    pub fn change(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.stored.iter_mut().for_each(change);
    }

    /// Sets the severity of each stored diagnostic to the result of `severity`. Removes diagnostics for which
    /// `severity` returns `None`.
    pub fn change_severity(&mut self, severity: impl Fn(&Diagnostic) -> Option<Severity>) {
        self.stored.retain_mut(|diagnostic| match severity(diagnostic) {
            Some(severity) => {
                diagnostic.severity = severity;
                true
            }
            None => false,
        });
    }

    /// Removes stored diagnostics that have the same code, location and message as an earlier one.
    pub(crate) fn remove_duplicates(&mut self) {
        let mut known = HashSet::new();
        self.stored.retain(|one| known.insert((one.code, one.span, one.message.clone())));
    }

    /// Returns whether a stored diagnostic has the code.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.stored.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Returns whether there are errors. A document with errors is rejected.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Returns whether there are no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// Returns the number of diagnostics, including those that are not stored.
    pub fn len(&self) -> usize {
        self.stored.len() + self.counted.iter().sum::<usize>()
    }

    /// Returns the number of diagnostics of a severity, including those that are not stored.
    pub fn count(&self, severity: Severity) -> usize {
        let [errors, warnings, notes] = self.counted;
        let counted = match severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        };
        self.stored.iter().filter(|diagnostic| diagnostic.severity == severity).count() + counted
    }

    /// Returns the stored diagnostics, sorted by location, then by severity, then by the order in which they were
    /// added. Diagnostics without a location come first.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.stored.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.span.map(|span| (span.source, span.start)), diagnostic.severity));
        sorted
    }
}
