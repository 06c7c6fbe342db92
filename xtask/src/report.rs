//! Prints the output of commands. Ignores write errors, because the pipe may be closed, e.g. by `| head`.

use std::io::{self, Write};

/// Prints a line to standard output.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a line to standard error.
pub(crate) fn line_to_stderr(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
