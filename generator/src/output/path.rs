//! Validates the paths of generated files.
//!
//! Also validates the paths in a `.manifest`: the file may have been edited, and files that it lists may be removed.

use super::{MANIFEST, leftover};

/// The device names of Windows, which are reserved with any extension: `nul`, `nul.rs`, …
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Returns the reason why a path is invalid, as the predicate of a sentence: "is empty". Returns `None` if the path is
/// valid.
pub(super) fn error(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if let Some(error) = path.split('/').find_map(component_error) {
        return Some(error);
    }
    let first = path.split('/').next().unwrap_or_default();
    if first.eq_ignore_ascii_case("target") || path.eq_ignore_ascii_case("Cargo.lock") {
        return Some("is reserved for Cargo");
    }
    if path.eq_ignore_ascii_case(MANIFEST) {
        return Some("is reserved for the manifest");
    }
    None
}

/// Returns the reason why a component of a path is invalid, or `None` if it is valid.
fn component_error(component: &str) -> Option<&'static str> {
    if component.is_empty() || component == "." || component == ".." {
        return Some("is not inside the directory of the crate");
    }
    if component.chars().any(|character| character.is_control() || "\\:<>\"|?*".contains(character)) {
        return Some("contains a character that some systems do not allow");
    }
    if component.ends_with(['.', ' ']) || component.starts_with(' ') {
        return Some("has a leading or trailing space or a trailing dot, which some systems remove");
    }
    if component.eq_ignore_ascii_case(".git") {
        return Some("is reserved for Git");
    }
    if leftover::is_temporary(component) {
        return Some("is reserved for temporary files");
    }
    let stem = component.split('.').next().unwrap_or_default();
    if DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        return Some("is a device name on Windows");
    }
    None
}

/// Returns the parent directories of a path, outermost first. E.g. `src` and `src/models` for `src/models/mod.rs`.
pub(super) fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_paths_are_accepted() {
        for path in [
            "Cargo.toml",
            "src/lib.rs",
            "src/target/mod.rs",
            "sub/Cargo.lock",
            ".gitignore",
            "src/console.rs",
            "a b.md",
        ] {
            assert_eq!(error(path), None, "{path}");
        }
    }

    #[test]
    fn outside_and_reserved_paths_are_rejected() {
        let paths = [
            "",
            "/etc/passwd",
            "../x",
            "src/../../x",
            "./x",
            "a//b",
            "a/",
            "c:/x",
            "a\\b",
            "a\nb",
            "target/x",
            "Target",
            "Cargo.lock",
            ".manifest",
            ".git/config",
            "x/.git",
            "aux.rs",
            "src/NUL",
            "x.",
            "x ",
            ".clientwright-x.tmp",
        ];
        for path in paths {
            assert!(error(path).is_some(), "{path}");
        }
    }

    #[test]
    fn parents_of_path_are_listed_outermost_first() {
        assert_eq!(parents("src/models/mod.rs").collect::<Vec<_>>(), ["src", "src/models"]);
        assert_eq!(parents("Cargo.toml").count(), 0);
    }
}
