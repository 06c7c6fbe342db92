//! Prints diagnostics of the generator to standard error.

use std::env;
use std::io::{self, IsTerminal, Write};

use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::source::Sources;

/// The error for invalid documents whose diagnostics have already been printed.
#[derive(Debug)]
pub(crate) struct Reported;

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the documents contain errors")
    }
}

impl std::error::Error for Reported {}

/// Prints diagnostics to standard error, in colour if standard error is a terminal.
pub(crate) fn show(diagnostics: &Diagnostics, sources: &Sources) {
    let color = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = render(diagnostics, sources, &Style { color, ..Style::default() }.all());
    let _ = write!(io::stderr(), "{text}");
}
