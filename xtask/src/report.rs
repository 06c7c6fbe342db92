//! What the commands print. A closed pipe, as of `| head`, is no failure.

use std::io::{self, Write};

/// Prints a line of results.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a line of anything else.
pub(crate) fn line_to_stderr(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
