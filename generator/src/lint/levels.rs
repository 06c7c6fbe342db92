//! How bad each kind of finding is to a reader: the table `[lint]` of `clients.toml` comes in, findings are changed by it.
//!
//! A level is for what is a warning or a note by itself. An error is what `generate` rejects a document for: it stays one,
//! for a document that `lint` finds nothing in can be generated from.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::diagnostics::{Code, Diagnostics, Severity, quoted};

/// What becomes of the findings of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// There is no level of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no level {}", quoted(.0))]
pub struct UnknownLevel(pub String);

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        match name {
            "allow" => Ok(Self::Allow),
            "note" => Ok(Self::Note),
            "warn" => Ok(Self::Warn),
            "error" => Ok(Self::Error),
            _ => Err(UnknownLevel(name.to_owned())),
        }
    }
}

/// The levels that were set; a code without one keeps the severity that each finding has by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<&'static str, Level>);

impl Levels {
    /// Sets the level of a code.
    pub fn set(&mut self, code: Code, level: Level) {
        self.0.insert(code.as_str(), level);
    }

    /// Gives findings the levels of their codes, and drops those that are allowed; errors stay as they are.
    pub fn apply(&self, found: &mut Diagnostics) {
        found.change_severity(|one| match self.0.get(one.code.as_str()) {
            _ if one.severity == Severity::Error => Some(one.severity),
            None => Some(one.severity),
            Some(Level::Allow) => None,
            Some(Level::Note) => Some(Severity::Note),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
        });
    }
}
