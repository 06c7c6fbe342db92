//! What the generator says of documents: findings come in, text on standard error and a failure without words go out.

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
pub(crate) fn show(found: &Diagnostics, sources: &Sources) {
    let color = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = render(found, sources, &Style { color, ..Style::default() });
    let _ = write!(io::stderr(), "{text}");
}
