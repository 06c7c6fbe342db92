//! The runtime as it goes into a generated crate: its files as they are, and two tables of its manifest.

use crate::view::RuntimeManifest;

use super::embedded::{RUNTIME, RUNTIME_MANIFEST};

/// The files that are copied, by their path in `src/runtime/`.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    RUNTIME.iter().copied()
}

/// What the generated manifest takes over.
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

/// The lines of a table, comments included.
fn table(manifest: &'static str, header: &str) -> &'static str {
    let Some((_, behind)) = manifest.split_once(header) else { return "" };
    let end = behind.find("\n[").unwrap_or(behind.len());
    behind.get(..end).unwrap_or_default().trim()
}

/// The strings of a line's array.
fn names(line: &str) -> Vec<String> {
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_gives_its_dependencies_and_features() {
        let manifest = manifest();
        assert!(manifest.dependencies.contains("hyper-util"));
        assert!(!manifest.dependencies.contains("[dev-dependencies]"));
        assert_eq!(manifest.default_features, ["aws-lc-rs", "brotli", "gzip", "zstd"]);
        assert!(!manifest.features.contains("default ="));
    }
}
