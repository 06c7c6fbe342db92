//! What the commands print. A closed pipe, as of `| head`, is no failure.

use std::env;
use std::io::{self, IsTerminal, Write};

use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::source::Sources;

/// The command failed for findings that the user has seen.
#[derive(Debug)]
pub(crate) struct Reported;

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the documents are at fault")
    }
}

impl std::error::Error for Reported {}

/// Shows findings on standard error, in colour where a person reads them.
pub(crate) fn findings(found: &Diagnostics, sources: &Sources) {
    let color = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = render(found, sources, &Style { color, ..Style::default() });
    let _ = write!(io::stderr(), "{text}");
}

/// Prints a line of results.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a line of anything else.
pub(crate) fn line_to_stderr(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
