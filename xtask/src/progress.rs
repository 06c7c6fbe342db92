//! Shows the progress of a command on standard error: as a progress bar on a terminal, otherwise as a line for each
//! step.

use indicatif::{ProgressBar, ProgressStyle};

use crate::report;

/// A display of the progress of a run on standard error.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::no_length();
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self { bar }
    }

    /// Shows the description of a long step.
    pub(crate) fn announce(&self, text: &str) {
        if self.bar.is_hidden() {
            report::line_to_stderr(text);
        } else {
            self.bar.set_message(text.to_owned());
        }
    }

    /// Starts a sequence of `steps` short steps, described by `text`.
    pub(crate) fn start(&self, text: &str, steps: usize) {
        self.announce(text);
        self.bar.set_style(style("{spinner} {msg} {wide_bar} {pos}/{len}, {elapsed}"));
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
    }

    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// Prints a line of results above the progress bar.
    pub(crate) fn line(&self, text: &str) {
        self.bar.suspend(|| report::line(text));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Parses the template of a progress bar. Returns the default style if the template is invalid.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
