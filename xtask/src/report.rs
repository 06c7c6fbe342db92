//! What the commands print. A closed pipe, as of `| head`, is no failure.

use std::io::{self, Write};

use clientwright::diagnostics::Diagnostics;
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

/// Shows findings on standard error.
pub(crate) fn findings(found: &Diagnostics, _sources: &Sources) {
    for one in found.sorted() {
        line_to_stderr(&format!("{:?}[{}]: {}", one.severity, one.code.as_str(), one.message));
    }
}

/// Prints a line of results.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a line of anything else.
pub(crate) fn line_to_stderr(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
