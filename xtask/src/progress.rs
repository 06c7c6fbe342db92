//! How far the run is: a bar for people, a line a step where nobody watches.

use indicatif::{ProgressBar, ProgressStyle};

use crate::report;

/// Where a run says how far it is: on standard error.
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

    /// A step that takes a while.
    pub(crate) fn say(&self, text: &str) {
        if self.bar.is_hidden() {
            report::line_to_stderr(text);
        } else {
            self.bar.set_message(text.to_owned());
        }
    }

    /// Many small ones of the same kind.
    pub(crate) fn start(&self, text: &str, steps: usize) {
        self.say(text);
        self.bar.set_style(style("{spinner} {msg} {wide_bar} {pos}/{len}, {elapsed}"));
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
    }

    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// A line that stays, above the bar.
    pub(crate) fn line(&self, text: &str) {
        self.bar.suspend(|| report::line(text));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The templates are ours and well-formed; were one not, the bar would be plain.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
