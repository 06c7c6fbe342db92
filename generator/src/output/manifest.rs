//! Reads and writes `.manifest`, the list of the generated files.
//!
//! The file has two comment lines, and then one path per line. If a merge has left conflict markers in the file, the
//! paths of both sides are used, because both were generated.

use std::collections::BTreeSet;
use std::fs;

use super::error::{OutputError, io_error};
use super::root::Root;
use super::{MANIFEST, MARKER, marker, path};

/// The prefix of the line that contains the format version.
const FORMAT: &str = "# manifest format ";
const VERSION: &str = "1";

/// The prefixes of the conflict markers that a merge leaves in a file.
const CONFLICT_MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// A parsed `.manifest`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Manifest {
    /// The listed paths, without invalid paths such as paths outside of the directory.
    pub(super) paths: BTreeSet<String>,
    /// Whether the manifest on disk was generated, and may therefore be replaced.
    pub(super) owned: bool,
}

/// Returns the text of a manifest that lists `paths`, which must be sorted.
pub(super) fn text<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut text = format!("# {MARKER}: the generated files of this directory. Do not edit.\n{FORMAT}{VERSION}\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// Reads the manifest of a directory. Returns an empty manifest if the file is missing or not a regular file.
pub(super) fn read(root: &Root) -> Result<Manifest, OutputError> {
    let file = root.join(MANIFEST);
    if !fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(Manifest::default());
    }
    match fs::read(&file) {
        Ok(bytes) => Ok(parse(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(io_error("read", root.show(MANIFEST), error)),
    }
}

fn parse(text: &str) -> Manifest {
    if !marker::is_in(text) {
        return Manifest::default();
    }
    // Ignore the entries of a later format, whose syntax is unknown. Generated files can still be recognized by their markers.
    let known = text.lines().filter_map(|line| line.trim_end().strip_prefix(FORMAT)).all(|version| version == VERSION);
    let lines = text.lines().map(str::trim_end).filter(|line| known && is_entry(line));
    Manifest { paths: lines.map(str::to_owned).collect(), owned: true }
}

fn is_entry(line: &str) -> bool {
    !line.starts_with('#')
        && !CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker))
        && path::error(line).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        parse(text).paths.into_iter().collect()
    }

    #[test]
    fn manifest_round_trips() {
        let text = text(["Cargo.toml", "src/lib.rs"].into_iter());
        assert_eq!(paths(&text), ["Cargo.toml", "src/lib.rs"]);
        assert_eq!(paths(&text.replace('\n', "\r\n")), ["Cargo.toml", "src/lib.rs"]);
    }

    #[test]
    fn merge_conflict_uses_both_sides() {
        let text = text(["Cargo.toml"].into_iter())
            + "<<<<<<< HEAD\nsrc/a.rs\n||||||| base\nsrc/base.rs\n=======\nsrc/b.rs\n>>>>>>> theirs\nsrc/lib.rs\n";
        assert_eq!(paths(&text), ["Cargo.toml", "src/a.rs", "src/b.rs", "src/base.rs", "src/lib.rs"]);
        let conflict = format!(
            "<<<<<<< HEAD\n{}=======\n{}>>>>>>> x\n",
            super::text(["a"].into_iter()),
            super::text(["b"].into_iter())
        );
        assert_eq!(paths(&conflict), ["a", "b"]);
    }

    #[test]
    fn paths_outside_directory_are_ignored() {
        let text = text(
            ["/etc/passwd", "../../x", "a/../../b", "c:\\x", "target/debug", "Cargo.lock", ".git/HEAD", "ok"]
                .into_iter(),
        );
        assert_eq!(paths(&text), ["ok"]);
    }

    #[test]
    fn foreign_or_later_manifest_is_empty() {
        assert_eq!(parse("src/lib.rs\n"), Manifest::default());
        let later = text(["src/lib.rs"].into_iter()).replace("format 1", "format 2");
        assert_eq!(parse(&later), Manifest { paths: BTreeSet::new(), owned: true });
    }
}
