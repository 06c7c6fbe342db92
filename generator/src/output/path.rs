//! Validates the paths of generated files.
//!
//! The paths in a `.manifest` are validated too: the file may have been edited, and the listed files may be removed.

use super::{MANIFEST, leftover};

/// Device names on Windows, reserved with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Returns why a path is invalid, as the predicate of a sentence, or `None` if it is valid.
pub(super) fn error(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if let Some(error) = path.split('/').find_map(part_error) {
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

/// Returns why a part of a path is invalid.
fn part_error(part: &str) -> Option<&'static str> {
    if part.is_empty() || part == "." || part == ".." {
        return Some("is not inside the directory of the crate");
    }
    if part.chars().any(|character| character.is_control() || "\\:<>\"|?*".contains(character)) {
        return Some("contains a character that some systems do not allow");
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Some("contains a space or a dot where some systems remove it");
    }
    if part.eq_ignore_ascii_case(".git") {
        return Some("is reserved for Git");
    }
    if leftover::is_temporary(part) {
        return Some("is reserved for temporary files");
    }
    let stem = part.split('.').next().unwrap_or_default();
    if DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        return Some("is a device name on Windows");
    }
    None
}

/// Returns the parent directories of a path, outermost first: `src` and `src/models` for `src/models/mod.rs`.
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
    fn parents_of_path() {
        assert_eq!(parents("src/models/mod.rs").collect::<Vec<_>>(), ["src", "src/models"]);
        assert_eq!(parents("Cargo.toml").count(), 0);
    }
}
