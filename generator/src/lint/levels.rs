//! Applies the severity levels of the `[lint]` table in `clients.toml` to diagnostics of `generate` and `lint`.
//!
//! Levels change only warnings and notes. Errors stay errors, because `generate` rejects documents with errors.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::diagnostics::{Code, Diagnostics, Severity, quoted};

/// The level that is configured for a diagnostic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Diagnostics with the code are not reported.
    Allow,
    /// Diagnostics with the code are notes.
    Note,
    /// Diagnostics with the code are warnings.
    Warn,
    /// Diagnostics with the code are errors.
    Error,
}

/// The error for a string that is not the name of a level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown level {}", quoted(.0))]
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

/// The configured level of each diagnostic code. Diagnostics of other codes keep their severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<&'static str, Level>);

impl Levels {
    /// Sets the level for diagnostics with a code.
    pub fn set(&mut self, code: Code, level: Level) {
        self.0.insert(code.as_str(), level);
    }

    /// Changes the severity of diagnostics to the configured levels. Removes diagnostics with [`Level::Allow`]. Errors
    /// stay unchanged.
    pub fn apply(&self, diagnostics: &mut Diagnostics) {
        diagnostics.change_severity(|one| match self.0.get(one.code.as_str()) {
            _ if one.severity == Severity::Error => Some(one.severity),
            None => Some(one.severity),
            Some(Level::Allow) => None,
            Some(Level::Note) => Some(Severity::Note),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
        });
    }
}
