//! Writes diagnostics: as text to standard error, or in a machine-readable format to standard output.

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal};

use clap::ValueEnum;
use clientwright::diagnostics::{Code, Diagnostic, Diagnostics, Severity, Style, github, json, render};
use clientwright::source::Sources;

use crate::{FAILED, OUR_BUG, failed, written};

/// The output format of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text on standard error, in colour on a terminal
    Text,
    /// One JSON object on standard output
    ///
    /// The object has `diagnostics`, an array sorted by location, and the counts `errors`, `warnings` and `notes`. A
    /// diagnostic has `severity` (`error`, `warning`, `note`), `code`, `message`, `label`, `related` (an array of
    /// locations) and `help` (a string or null). A diagnostic with a location also has `file`, `start` and `end`.
    /// `start` and `end` have `line` and `column`, both counted from 1. A related location has `file`, `start`, `end`
    /// and `label`. Later versions may add properties, but do not remove or change existing ones.
    Json,
    /// GitHub Actions annotations on standard output, one for each diagnostic
    Github,
}

/// When to colour text on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment variable `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The arguments of all commands that report diagnostics.
#[derive(Debug, clap::Args)]
pub struct OutputArguments {
    /// Output format of diagnostics
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Maximum number of listed diagnostics, the most severe first
    #[arg(long, value_name = "N", default_value_t = Style::default().limit)]
    pub limit: usize,

    /// List all diagnostics, also if many have the same code
    ///
    /// By default, three warnings and three notes with the same code are listed, and 20 errors.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,

    /// Print errors only
    #[arg(long, short)]
    pub quiet: bool,

    /// When to colour the text format
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub color: Color,
}

impl OutputArguments {
    /// Writes the diagnostics. Returns 0, or the exit code `FAILED` if they cannot be written.
    #[must_use]
    pub fn show(&self, diagnostics: &Diagnostics, sources: &Sources) -> u8 {
        match self.format {
            Format::Text if self.quiet => {
                let mut errors = diagnostics.clone();
                errors.change_severity(|one| (one.severity == Severity::Error).then_some(one.severity));
                written(io::stderr().lock(), &render(&errors, sources, &self.style()))
            }
            Format::Text => written(io::stderr().lock(), &render(diagnostics, sources, &self.style())),
            Format::Json => written(io::stdout().lock(), &json(diagnostics, sources)),
            Format::Github => written(io::stdout().lock(), &github(diagnostics, sources)),
        }
    }

    /// Returns whether standard error is a terminal on which a line can be replaced while the program works.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
    }

    fn style(&self) -> Style {
        let color = match self.color {
            Color::Auto => color(io::stderr().is_terminal(), |name| env::var_os(name)),
            Color::Always => true,
            Color::Never => false,
        };
        let style = Style { color, limit: self.limit, ..Style::default() };
        if self.all { style.all() } else { style }
    }

    /// Writes the diagnostics of a successful check: nothing in the text format, so that a check is silent. Returns 0, or
    /// the exit code `FAILED` if they cannot be written.
    #[must_use]
    pub fn show_checked(&self, diagnostics: &Diagnostics, sources: &Sources) -> u8 {
        if self.format == Format::Text { 0 } else { self.show(diagnostics, sources) }
    }

    /// Writes the diagnostics and then `error`, which says that a file cannot be read or written, or is out of date. Returns the exit
    /// code.
    pub fn failed(&self, mut diagnostics: Diagnostics, sources: &Sources, error: impl Display) -> u8 {
        if self.format == Format::Text {
            return self.show(&diagnostics, sources).max(failed(error));
        }
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Files, None, error.to_string()));
        self.show(&diagnostics, sources).max(FAILED)
    }

    /// Writes a line about the result: to standard output in the text format, otherwise to standard error, because
    /// standard output then contains the diagnostics. Writes nothing with `--quiet`. Returns 0, or the exit code `FAILED` if the line cannot be
    /// written.
    #[must_use]
    pub fn print(&self, line: &str) -> u8 {
        match self.format {
            _ if self.quiet => 0,
            Format::Text => written(io::stdout().lock(), &format!("{line}\n")),
            Format::Json | Format::Github => written(io::stderr().lock(), &format!("{line}\n")),
        }
    }
}

/// Returns whether to colour the text: if the output is a terminal that supports colours and `NO_COLOR` is not set
/// (no-color.org).
fn color(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let unwanted = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_terminal && !unwanted && variable("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Returns the exit code for diagnostics with errors: `OUR_BUG` if an error is a bug in the generator, otherwise
/// `FAILED`.
pub fn exit_code(diagnostics: &Diagnostics) -> u8 {
    let has_bug = diagnostics.sorted().iter().any(|one| one.code == Code::Internal);
    if has_bug { OUR_BUG } else { FAILED }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_follows_terminal_and_environment() {
        let with = |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.into());
        assert!(color(true, |_| None) && color(true, with("NO_COLOR", "")) && color(true, with("TERM", "xterm")));
        assert!(!color(false, |_| None) && !color(true, with("NO_COLOR", "1")) && !color(true, with("TERM", "dumb")));
    }

    #[test]
    fn internal_error_has_own_exit_code() {
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Config, None, "theirs"));
        assert_eq!(exit_code(&diagnostics), FAILED);
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Internal, None, "ours"));
        assert_eq!(exit_code(&diagnostics), OUR_BUG);
        assert!(render(&diagnostics, &Sources::new(), &Style::default()).contains("error[internal]: ours\n"));
    }
}
