//! Where a generated crate gets its runtime from.

use std::str::FromStr;

/// The runtime of a generated crate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Runtime {
    /// The crate contains a copy of the parts that it needs.
    #[default]
    Copied,
    /// The crate depends on a version of `clientwright-runtime`.
    Version(String),
    /// The crate depends on `clientwright-runtime` in a Git repository.
    Git(String),
    /// The crate depends on `clientwright-runtime` in a directory. A relative path begins at the directory of the
    /// generated crate, as in a `Cargo.toml`.
    Path(String),
}

impl Runtime {
    /// The keys that name a source of the runtime.
    pub(super) const KEYS: [&str; 3] = ["version", "git", "path"];

    /// Returns the source with this key and value. Returns `None` if the key is unknown.
    pub(super) fn of(key: &str, value: String) -> Option<Self> {
        match key {
            "version" => Some(Self::Version(value)),
            "git" => Some(Self::Git(value)),
            "path" => Some(Self::Path(value)),
            _ => None,
        }
    }
}

/// The error of parsing a source of the runtime.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write `version=VERSION`, `git=URL` or `path=DIRECTORY`")]
pub struct InvalidRuntime;

/// Parses `version=0.1.0`, `git=https://…` or `path=…`.
impl FromStr for Runtime {
    type Err = InvalidRuntime;

    fn from_str(text: &str) -> Result<Self, InvalidRuntime> {
        let (key, value) = text.split_once('=').filter(|(_, value)| !value.is_empty()).ok_or(InvalidRuntime)?;
        Self::of(key, value.to_owned()).ok_or(InvalidRuntime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_parsed_from_key_and_value() {
        assert_eq!("version=0.1.0".parse(), Ok(Runtime::Version("0.1.0".to_owned())));
        assert_eq!("path=../a=b".parse(), Ok(Runtime::Path("../a=b".to_owned())));
        for invalid in ["", "0.1.0", "path=", "registry=x"] {
            assert_eq!(invalid.parse::<Runtime>(), Err(InvalidRuntime), "{invalid}");
        }
    }
}
