//! Which paths a generated file may have: a text comes in, the reason against it comes out.
//!
//! The same rules hold for the paths that a `.manifest` lists: it is a file that anyone may have edited, and what it lists
//! may be removed.

use super::{MANIFEST, leftover};

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Why no generated file can be at this path; `None` if it can.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("which is no name");
    }
    if let Some(fault) = path.split('/').find_map(part_fault) {
        return Some(fault);
    }
    let first = path.split('/').next().unwrap_or_default();
    if first.eq_ignore_ascii_case("target") || path.eq_ignore_ascii_case("Cargo.lock") {
        return Some("which is Cargo's");
    }
    if path.eq_ignore_ascii_case(MANIFEST) {
        return Some("which lists the generated files");
    }
    None
}

/// Why no part of a path can be called so.
fn part_fault(part: &str) -> Option<&'static str> {
    if part.is_empty() || part == "." || part == ".." {
        return Some("which is not a path inside the folder");
    }
    if part.chars().any(|character| character.is_control() || "\\:<>\"|?*".contains(character)) {
        return Some("which has characters that some systems do not allow");
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Some("which has a space or a dot where some systems drop it");
    }
    if part.eq_ignore_ascii_case(".git") {
        return Some("which is Git's");
    }
    if leftover::is_temporary(part) {
        return Some("which is the name of a temporary file");
    }
    let stem = part.split('.').next().unwrap_or_default();
    if DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        return Some("which is a device's name on Windows");
    }
    None
}

/// The folders that a path leads through, outermost first: `src/models/mod.rs` gives `src` and `src/models`.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_allowed() {
        for path in [
            "Cargo.toml",
            "src/lib.rs",
            "src/target/mod.rs",
            "sub/Cargo.lock",
            ".gitignore",
            "src/console.rs",
            "a b.md",
        ] {
            assert_eq!(fault(path), None, "{path}");
        }
    }

    #[test]
    fn paths_that_leave_the_folder_or_belong_to_others_are_not() {
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
            assert!(fault(path).is_some(), "{path}");
        }
    }

    #[test]
    fn folders_of_a_path() {
        assert_eq!(folders("src/models/mod.rs").collect::<Vec<_>>(), ["src", "src/models"]);
        assert_eq!(folders("Cargo.toml").count(), 0);
    }
}
