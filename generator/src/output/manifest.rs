//! `.manifest`: the list of the generated files, written last and read tolerantly.
//!
//! It is a text of one path a line under two lines of comment. A merge may leave conflict markers in it; the lines of both sides
//! count then, for what either side wrote is ours.

use std::collections::BTreeSet;
use std::fs;

use super::error::{OutputError, io_error};
use super::root::Root;
use super::{MANIFEST, MARKER, marker, path};

/// The line that says how the rest is to be read.
const FORMAT: &str = "# manifest format ";
const VERSION: &str = "1";

/// How the lines begin that a merge leaves in a file.
const CONFLICT_MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// What a `.manifest` on disk says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Manifest {
    /// The files that it lists, as far as their paths are inside the folder.
    pub(super) paths: BTreeSet<String>,
    /// Whether we wrote it, and so may replace it.
    pub(super) ours: bool,
}

/// The text of the manifest of these files, given in the order of their paths.
pub(super) fn text<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut text = format!("# {MARKER}: the files of this folder that it owns. Do not edit.\n{FORMAT}{VERSION}\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// Reads the manifest of a folder; one that is not there, or is a link or a folder, lists nothing.
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
    if !marker::stands_in(text) {
        return Manifest::default();
    }
    // A later format may list in another way: then only the marker of each file decides.
    let known = text.lines().filter_map(|line| line.trim_end().strip_prefix(FORMAT)).all(|version| version == VERSION);
    let lines = text.lines().map(str::trim_end).filter(|line| known && is_entry(line));
    Manifest { paths: lines.map(str::to_owned).collect(), ours: true }
}

fn is_entry(line: &str) -> bool {
    !line.starts_with('#')
        && !CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker))
        && path::fault(line).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        parse(text).paths.into_iter().collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let text = text(["Cargo.toml", "src/lib.rs"].into_iter());
        assert_eq!(paths(&text), ["Cargo.toml", "src/lib.rs"]);
        assert_eq!(paths(&text.replace('\n', "\r\n")), ["Cargo.toml", "src/lib.rs"]);
    }

    #[test]
    fn both_sides_of_a_conflict_count() {
        let text = text(["Cargo.toml"].into_iter())
            + "<<<<<<< HEAD\nsrc/a.rs\n||||||| base\nsrc/base.rs\n=======\nsrc/b.rs\n>>>>>>> theirs\nsrc/lib.rs\n";
        assert_eq!(paths(&text), ["Cargo.toml", "src/a.rs", "src/b.rs", "src/base.rs", "src/lib.rs"]);
        let whole = format!(
            "<<<<<<< HEAD\n{}=======\n{}>>>>>>> x\n",
            super::text(["a"].into_iter()),
            super::text(["b"].into_iter())
        );
        assert_eq!(paths(&whole), ["a", "b"]);
    }

    #[test]
    fn paths_outside_the_folder_are_not_read() {
        let text = text(
            ["/etc/passwd", "../../x", "a/../../b", "c:\\x", "target/debug", "Cargo.lock", ".git/HEAD", "ok"]
                .into_iter(),
        );
        assert_eq!(paths(&text), ["ok"]);
    }

    #[test]
    fn a_manifest_of_another_tool_or_a_later_format_claims_nothing() {
        assert_eq!(parse("src/lib.rs\n"), Manifest::default());
        let later = text(["src/lib.rs"].into_iter()).replace("format 1", "format 2");
        assert_eq!(parse(&later), Manifest { paths: BTreeSet::new(), ours: true });
    }
}
