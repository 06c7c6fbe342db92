//! How bad each kind of finding is to a reader: the table `[lint]` of `clients.toml` comes in, findings are changed by it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostics::{Code, Diagnostics, Severity};

/// What becomes of the findings of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// They are not shown.
    Allow,
    /// They are notes.
    Note,
    /// They are warnings.
    Warn,
    /// They are errors.
    Error,
}

/// The levels that were set; a code without one keeps the severity that each finding has by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<&'static str, Level>);

impl Levels {
    /// Sets the level of a code.
    pub fn set(&mut self, code: Code, level: Level) {
        self.0.insert(code.as_str(), level);
    }

    /// Gives findings the levels of their codes, and drops those that are allowed.
    pub fn apply(&self, found: &mut Diagnostics) {
        found.change_severity(|one| match self.0.get(one.code.as_str()) {
            None => Some(one.severity),
            Some(Level::Allow) => None,
            Some(Level::Note) => Some(Severity::Note),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
        });
    }
}
