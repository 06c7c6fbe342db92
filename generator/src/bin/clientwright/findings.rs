//! How findings are shown: as text on standard error, or to a program on standard output.

use std::env;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use clientwright::diagnostics::{Code, Diagnostics, Style, github, json, render};
use clientwright::source::Sources;

use crate::{FAILED, OUR_BUG};

/// Whom findings are shown to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// People: text on standard error, in colour where it is a terminal
    Text,
    /// Programs: one JSON object on standard output
    Json,
    /// GitHub Actions: an annotation a finding, on standard output
    Github,
}

/// The arguments that all commands with findings take.
#[derive(Debug, clap::Args)]
pub struct Shown {
    /// Whom findings are shown to
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Show so many findings as text, errors before the rest, and count the others
    #[arg(long, value_name = "N", default_value_t = Style::default().limit)]
    pub limit: usize,
}

impl Shown {
    /// Shows findings. A closed pipe, as of `| head`, is no failure.
    pub fn show(&self, found: &Diagnostics, sources: &Sources) {
        let _ = match self.format {
            Format::Text => {
                let color = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
                let style = Style { color, limit: self.limit };
                write!(io::stderr(), "{}", render(found, sources, &style))
            }
            Format::Json => write!(io::stdout(), "{}", json(found, sources)),
            Format::Github => write!(io::stdout(), "{}", github(found, sources)),
        };
    }

    /// Says what was done, where it does not disturb the findings.
    pub fn say(&self, line: &str) {
        let _ = match self.format {
            Format::Text => writeln!(io::stdout(), "{line}"),
            Format::Json | Format::Github => writeln!(io::stderr(), "{line}"),
        };
    }
}

/// The exit code of findings with errors: those of the document, unless one of them is ours.
pub fn exit_code(found: &Diagnostics) -> u8 {
    let ours = found.sorted().iter().any(|one| one.code == Code::Internal);
    if ours { OUR_BUG } else { FAILED }
}
