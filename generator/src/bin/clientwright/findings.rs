//! How findings are shown: as text on standard error, or to a program on standard output.

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal};

use clap::ValueEnum;
use clientwright::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Style, github, json, render};
use clientwright::source::Sources;

use crate::{FAILED, OUR_BUG, failed, written};

/// Whom findings are shown to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// People: text on standard error, in colour where it is a terminal
    Text,
    /// Programs: one JSON object on standard output
    ///
    /// It has `diagnostics`, sorted by place, and how many `errors`, `warnings` and `notes` there are. A finding has a
    /// `severity` (`error`, `warning`, `note`), a `code`, a `message`, a `label`, `related` places, and a `help` or null; and,
    /// where it has a place, `file`, `start` and `end`, each a `line` and a `column` that count from 1. A related place has
    /// `file`, `start`, `end` and `label`. Members may be added, and none is taken away or changed.
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
    /// Shows findings; gives the exit code of that alone.
    #[must_use]
    pub fn show(&self, found: &Diagnostics, sources: &Sources) -> u8 {
        match self.format {
            Format::Text => {
                let style =
                    Style { color: color(io::stderr().is_terminal(), |name| env::var_os(name)), limit: self.limit };
                written(io::stderr().lock(), &render(found, sources, &style))
            }
            Format::Json => written(io::stdout().lock(), &json(found, sources)),
            Format::Github => written(io::stdout().lock(), &github(found, sources)),
        }
    }

    /// Shows what was found before a file could not be read or written, and that it could not.
    pub fn failed(&self, mut found: Diagnostics, sources: &Sources, error: impl Display) -> u8 {
        if self.format == Format::Text {
            return self.show(&found, sources).max(failed(error));
        }
        found.push(Diagnostic::new(Severity::Error, Code::Files, None, error.to_string()));
        self.show(&found, sources).max(FAILED)
    }

    /// Says what was done, where it does not disturb the findings; gives the exit code of that alone.
    #[must_use]
    pub fn say(&self, line: &str) -> u8 {
        match self.format {
            Format::Text => written(io::stdout().lock(), &format!("{line}\n")),
            Format::Json | Format::Github => written(io::stderr().lock(), &format!("{line}\n")),
        }
    }
}

/// Whether text is coloured: on a terminal that can, unless its user does not want it (no-color.org).
fn color(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let unwanted = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_terminal && !unwanted && variable("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// The exit code of findings with errors: those of the document, unless one of them is ours.
pub fn exit_code(found: &Diagnostics) -> u8 {
    let ours = found.sorted().iter().any(|one| one.code == Code::Internal);
    if ours { OUR_BUG } else { FAILED }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_whose_users_want_it() {
        let with = |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.into());
        assert!(color(true, |_| None) && color(true, with("NO_COLOR", "")) && color(true, with("TERM", "xterm")));
        assert!(!color(false, |_| None) && !color(true, with("NO_COLOR", "1")) && !color(true, with("TERM", "dumb")));
    }

    #[test]
    fn what_we_broke_ourselves_has_an_exit_code_of_its_own() {
        let mut found = Diagnostics::new();
        found.push(Diagnostic::new(Severity::Error, Code::Config, None, "theirs"));
        assert_eq!(exit_code(&found), FAILED);
        found.push(Diagnostic::new(Severity::Error, Code::Internal, None, "ours"));
        assert_eq!(exit_code(&found), OUR_BUG);
        assert!(render(&found, &Sources::new(), &Style::default()).contains("error[internal]: ours\n"));
    }
}
