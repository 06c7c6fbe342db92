//! After a merge that left conflict markers in generated files: one run makes them whole again.

use clientwright::output::FileSet;

use crate::folder::{Folder, files, marked, next_crate, small_crate};

/// Two texts as a merge leaves them that found nothing in common.
fn conflict(ours: &str, theirs: &str) -> String {
    format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n")
}

/// A folder in which every file is in conflict between two sets; a file that only one side has is there as it is.
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
fn a_run_resolves_a_merge_of_either_side_or_neither() {
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
fn a_conflict_in_the_middle_of_the_manifest() {
    let folder = Folder::with(&small_crate());
    // Without the marker: only the list says whose these are.
    folder.put("LICENSE", "ours\n");
    folder.put("NOTICE", "theirs\n");
    folder.put(".manifest", folder.read(".manifest") + &conflict("LICENSE\n", "NOTICE\n"));
    assert_eq!(folder.named(&small_crate()), ["stale .manifest", "orphan LICENSE", "orphan NOTICE"]);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&small_crate()).contents());
}

#[test]
fn a_file_in_conflict_without_a_manifest_is_ours_by_its_marker() {
    let folder = Folder::with(&small_crate());
    std::fs::remove_file(folder.path(".manifest")).unwrap();
    folder.put("src/lib.rs", conflict(&marked("a\n"), &marked("b\n")));
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
}
