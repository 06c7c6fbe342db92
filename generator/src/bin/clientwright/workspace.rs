//! Detects generated crates that are inside the directory of a Cargo workspace which does not list them. Cargo refuses
//! to build such crates.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

/// Returns a note if the crate in `directory` is inside the directory of a Cargo workspace that neither lists nor
/// excludes the crate. Cargo refuses to build such a crate. The note says what to add to the workspace manifest.
pub fn note(directory: &Path) -> Option<String> {
    let directory = fs::canonicalize(directory).ok()?;
    let (root, workspace) = workspace_around(&directory)?;
    let path = directory.strip_prefix(&root).ok()?;
    let listed = |key: &str| {
        let entries = workspace.get(key).and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(Value::as_str).map(Path::new).collect::<Vec<_>>()
    };
    let is_excluded = listed("exclude").iter().any(|excluded| path.starts_with(excluded));
    if is_excluded || listed("members").iter().any(|pattern| matches(pattern, path)) {
        return None;
    }
    let path = path.to_string_lossy().replace('\\', "/");
    Some(format!(
        "note: the crate is inside the Cargo workspace of {}, which does not list it: add \"{path}\" to `members` or \
         `exclude` in this file to build the crate",
        root.join(MANIFEST).display()
    ))
}

const MANIFEST: &str = "Cargo.toml";

/// Returns the workspace that Cargo finds in the parent directories: its directory and its `[workspace]` table.
fn workspace_around(directory: &Path) -> Option<(PathBuf, Table)> {
    directory.ancestors().skip(1).find_map(|ancestor| {
        let manifest: Table = fs::read_to_string(ancestor.join(MANIFEST)).ok()?.parse().ok()?;
        let workspace = manifest.get("workspace")?.as_table()?.clone();
        Some((ancestor.to_owned(), workspace))
    })
}

/// Returns whether a pattern in `members`, e.g. `libs/*`, matches a path. `*` matches any characters within one path
/// segment.
fn matches(pattern: &Path, path: &Path) -> bool {
    let (patterns, segments) = (segments(pattern), segments(path));
    patterns.len() == segments.len() && patterns.iter().zip(&segments).all(|(pattern, segment)| glob(pattern, segment))
}

fn segments(path: &Path) -> Vec<Cow<'_, str>> {
    let components = path.components().filter(|component| *component != Component::CurDir);
    components.map(|component| component.as_os_str().to_string_lossy()).collect()
}

fn glob(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    let ends = text.char_indices().map(|(index, _)| index).chain([text.len()]);
    ends.filter_map(|index| text.get(index..)).any(|tail| glob(rest, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note_for(manifest: &str, directory: &str) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(MANIFEST), manifest).unwrap();
        let directory = root.path().join(directory);
        fs::create_dir_all(&directory).unwrap();
        note(&directory).map(|note| note.replace(&fs::canonicalize(root.path()).unwrap().display().to_string(), "ROOT"))
    }

    #[test]
    fn unlisted_crate_in_a_workspace_is_noted() {
        let note = note_for("[workspace]\nmembers = [\"app\", \"libs/*\"]\n", "clients/pets").unwrap();
        assert_eq!(
            note,
            "note: the crate is inside the Cargo workspace of ROOT/Cargo.toml, which does not list it: add \
             \"clients/pets\" to `members` or `exclude` in this file to build the crate"
        );
    }

    #[test]
    fn listed_and_excluded_crates_are_not_noted() {
        for manifest in [
            "[workspace]\nmembers = [\"clients/pets\"]\n",
            "[workspace]\nmembers = [\"clients/*\"]\n",
            "[workspace]\nmembers = [\"c*s/*et*\"]\n",
            "[workspace]\nexclude = [\"clients\"]\n",
            "[package]\nname = \"app\"\n",
        ] {
            assert_eq!(note_for(manifest, "clients/pets"), None, "{manifest}");
        }
    }

    #[test]
    fn star_matches_within_one_segment() {
        assert!(!matches(Path::new("*"), Path::new("clients/pets")));
        assert!(matches(Path::new("./clients/p*"), Path::new("clients/pets")));
        assert!(!glob("p*s", "pet"));
    }
}
