//! What is wrong in a document, and where: collected as found, shown together, sorted by place.

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

use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is rejected and nothing is written.
    Error,
    /// The client is generated, but not as the document's author may think.
    Warning,
    /// A choice was made that the reader may want to make another way.
    Note,
}

impl Severity {
    /// The word for it, as shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable name of this kind of finding.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where it is; absent only for a source that could not be read at all.
    pub span: Option<Span>,
    /// What stands behind the `^^^` under that place; may be empty.
    pub label: String,
    /// Other places that help to understand it, each with its label.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(span), message)
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(span), message)
    }

    /// A note at a place.
    pub fn note(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, Some(span), message)
    }

    /// A finding, with or without a place.
    pub fn new(severity: Severity, code: Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), span, label: String::new(), related: Vec::new(), help: None }
    }

    /// Adds what stands behind the `^^^`.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// So many findings are kept; beyond them they are only counted. A hostile document has millions.
const KEPT: usize = 10_000;

/// All findings of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// How many more there were: errors, warnings and notes.
    beyond: [usize; 3],
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        // What was too much has to be known, whatever else there is.
        if self.found.len() < KEPT || diagnostic.code == Code::Limit {
            self.found.push(diagnostic);
            return;
        }
        let [errors, warnings, notes] = &mut self.beyond;
        *match diagnostic.severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        } += 1;
    }

    /// Adds many.
    pub fn extend(&mut self, other: Diagnostics) {
        for diagnostic in other.found {
            self.push(diagnostic);
        }
        for (count, more) in self.beyond.iter_mut().zip(other.beyond) {
            *count += more;
        }
    }

    /// Changes each finding that is kept.
    pub fn change(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.found.iter_mut().for_each(change);
    }

    /// Gives each finding that is kept another severity, or drops it.
    pub fn change_severity(&mut self, of: impl Fn(&Diagnostic) -> Option<Severity>) {
        self.found.retain_mut(|diagnostic| match of(diagnostic) {
            Some(severity) => {
                diagnostic.severity = severity;
                true
            }
            None => false,
        });
    }

    /// Whether there is a finding of that code among those that are kept.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Whether the document is rejected.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many were found, those included that are only counted.
    pub fn len(&self) -> usize {
        self.found.len() + self.beyond.iter().sum::<usize>()
    }

    /// How many of that severity were found.
    pub fn count(&self, severity: Severity) -> usize {
        let [errors, warnings, notes] = self.beyond;
        let beyond = match severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        };
        self.found.iter().filter(|diagnostic| diagnostic.severity == severity).count() + beyond
    }

    /// The findings that are kept, by place; those of one place by severity, then as they were found.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.found.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.span.map(|span| (span.source, span.start)), diagnostic.severity));
        sorted
    }
}
