//! Provides the files of the runtime, and two tables of its manifest, which are copied into generated crates.

use crate::view::RuntimeManifest;

use super::embedded::{RUNTIME, RUNTIME_MANIFEST};

/// Returns the paths of the files relative to `src/runtime/`, with their text.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    RUNTIME.iter().copied()
}

/// Returns the features and dependencies in the manifest of the runtime.
pub(crate) fn manifest() -> RuntimeManifest<'static> {
    let features = table(RUNTIME_MANIFEST, "[features]");
    let is_default = |line: &&str| line.starts_with("default");
    let default_features = features.lines().find(is_default).map(names).unwrap_or_default();
    RuntimeManifest {
        features: features.lines().filter(|line| !is_default(line)).collect::<Vec<_>>().join("\n"),
        default_features,
        dependencies: table(RUNTIME_MANIFEST, "[dependencies]"),
    }
}

/// Returns the lines of the table with this header in a manifest, including comments.
fn table(manifest: &'static str, header: &str) -> &'static str {
    let Some((_, rest)) = manifest.split_once(header) else { return "" };
    let end = rest.find("\n[").unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim()
}

/// Returns the strings of a TOML array that is written on one line.
fn names(line: &str) -> Vec<String> {
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifest_has_dependencies_and_features() {
        let manifest = manifest();
        assert!(manifest.dependencies.contains("hyper-util"));
        assert!(!manifest.dependencies.contains("[dev-dependencies]"));
        assert_eq!(manifest.default_features, ["aws-lc-rs", "brotli", "gzip", "zstd"]);
        assert!(!manifest.features.contains("default ="));
    }
}
