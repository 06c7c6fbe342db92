//! Defines the verdicts of a change: for callers of the generated crate, and for running clients.

use serde::Serialize;

/// The version bump that a change needs in the generated crate, by the rules of Cargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rust {
    /// Callers do not see the change.
    None,
    /// Only documentation and internals change.
    Patch,
    /// Items are added or deprecated.
    Minor,
    /// Callers may no longer compile.
    Major,
}

/// The effect of a change on running clients, which were generated from the old document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Requests and responses stay the same.
    None,
    /// Requests or responses may contain additions that running clients do not use.
    Note,
    /// Requests or responses change so that running clients still work.
    Compatible,
    /// The old document is not known.
    Unknown,
    /// Requests of running clients may be rejected, or responses may not be understood.
    Breaking,
}

impl Rust {
    /// Returns the name of the verdict, e.g. `major`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Wire {
    /// Returns the name of the verdict, e.g. `breaking`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Note => "note",
            Self::Compatible => "compatible",
            Self::Unknown => "unknown",
            Self::Breaking => "breaking",
        }
    }
}
