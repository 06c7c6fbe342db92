//! Tests of generated files that contain conflict markers after a merge: one run repairs them.

use clientwright::output::FileSet;

use super::folder::{Folder, files, marked, next_crate, small_crate};

/// Returns a file as Git writes it after a merge of two versions without common lines: with both versions between
/// conflict markers.
fn conflict(ours: &str, theirs: &str) -> String {
    format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n")
}

/// Creates a folder with the merged files of two sets. Files in both sets contain conflict markers; files in only one
/// set are unchanged.
fn conflicted(ours: &FileSet, theirs: &FileSet) -> Folder {
    let folder = Folder::with(theirs);
    let theirs = folder.contents();
    let merged = Folder::with(ours);
    for (path, text) in theirs.iter().filter(|(path, _)| !path.ends_with('/')) {
        let text = String::from_utf8(text.clone()).unwrap();
        match merged.path(path).exists() {
            true => merged.put(path, conflict(&merged.read(path), &text)),
            false => merged.put(path, text),
        }
    }
    merged
}

#[test]
fn run_resolves_merge_to_either_side_or_neither() {
    let third = files(&[("Cargo.toml", "[package]\n"), ("src/lib.rs", &marked(""))]);
    for files in [small_crate(), next_crate(), third] {
        let folder = conflicted(&small_crate(), &next_crate());
        assert!(folder.read(".manifest").starts_with("<<<<<<< HEAD\n"));
        assert!(folder.read("Cargo.toml").starts_with("<<<<<<< HEAD\n"));
        assert!(folder.check(&files).contains("stale    generated/src/lib.rs"));
        folder.write(&files).unwrap();
        assert_eq!(folder.contents(), Folder::with(&files).contents());
    }
}

#[test]
fn conflict_inside_manifest_is_resolved() {
    let folder = Folder::with(&small_crate());
    // These files have no marker, so only the manifest shows that they were generated.
    folder.put("LICENSE", "ours\n");
    folder.put("NOTICE", "theirs\n");
    folder.put(".manifest", folder.read(".manifest") + &conflict("LICENSE\n", "NOTICE\n"));
    assert_eq!(folder.reported(&small_crate()), ["stale .manifest", "orphan LICENSE", "orphan NOTICE"]);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&small_crate()).contents());
}

#[test]
fn conflicted_file_without_manifest_is_generated_by_its_marker() {
    let folder = Folder::with(&small_crate());
    std::fs::remove_file(folder.path(".manifest")).unwrap();
    folder.put("src/lib.rs", conflict(&marked("a\n"), &marked("b\n")));
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
}
