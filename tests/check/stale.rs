//! Tests of stale, missing and orphaned files: a check reports them, and a run repairs them.

use std::fs;

use clientwright::output::{OutputError, Written, check};

use super::folder::{Folder, files, marked, next_crate, small_crate};

const UP_TO_DATE: &str = "";

#[test]
fn crate_is_written_to_missing_folder() {
    let folder = Folder::empty();
    assert_eq!(folder.plan(&small_crate()).changes().len(), 5);
    assert!(!folder.root.path().exists(), "planning wrote files");
    assert_eq!(folder.write(&small_crate()).unwrap(), Written { written: 5, unchanged: 0, removed: 0 });
    assert_eq!(folder.check(&small_crate()), UP_TO_DATE);
    for (path, text) in small_crate().iter() {
        assert_eq!(folder.read(path), text);
    }
}

#[test]
fn second_run_touches_nothing() {
    let folder = Folder::with(&small_crate());
    let old = folder.set_old();
    assert_eq!(folder.write(&small_crate()).unwrap(), Written { written: 0, unchanged: 5, removed: 0 });
    for file in ["Cargo.toml", "README.md", "src/lib.rs", "src/pets/mod.rs", ".manifest"] {
        assert_eq!(folder.modified(file), old, "{file}");
    }
}

#[test]
fn only_changed_files_are_replaced() {
    let folder = Folder::with(&small_crate());
    let old = folder.set_old();
    assert_eq!(folder.write(&next_crate()).unwrap(), Written { written: 4, unchanged: 1, removed: 1 });
    assert_eq!(folder.modified("Cargo.toml"), old);
    assert_ne!(folder.modified("src/lib.rs"), old);
    let names: Vec<_> = folder.contents().into_keys().collect();
    assert_eq!(
        names,
        [".manifest", "Cargo.toml", "README.md", "src/", "src/lib.rs", "src/owners.rs"],
        "the folder `src/pets` still exists"
    );
}

#[test]
fn check_names_every_file_and_writes_nothing() {
    let folder = Folder::with(&small_crate());
    folder.put("src/lib.rs", marked("pub mod pets; // edited\n"));
    fs::remove_file(folder.path("src/pets/mod.rs")).unwrap();
    folder.put("src/legacy.rs", marked("pub struct Legacy;\n"));
    let before = folder.contents();
    assert_eq!(
        folder.reported(&small_crate()),
        ["orphan src/legacy.rs", "stale src/lib.rs", "missing src/pets/mod.rs"]
    );
    folder.check(&small_crate());
    assert_eq!(folder.contents(), before);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&small_crate()).contents());
}

#[test]
fn report_has_documented_format() {
    let (models, seats) = ("src/digicert_mpki/models.rs", "src/digicert_mpki/operations/seats.rs");
    let old = marked("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    let new = marked("1\n2\n3\n4\nfour\nand\na\nhalf\n6\n7\n8\n9\n");
    let folder = Folder::with(&files(&[(models, &old), (seats, "")]));
    fs::remove_file(folder.path(seats)).unwrap();
    folder.put("src/digicert_mpki/operations/legacy.rs", marked(""));
    let report = folder.check(&files(&[(models, &new), (seats, "")]));
    let expected = "\
3 generated files are out of date
  stale    generated/src/digicert_mpki/models.rs                +4 −1
  orphan   generated/src/digicert_mpki/operations/legacy.rs     no longer generated
  missing  generated/src/digicert_mpki/operations/seats.rs

--- generated/src/digicert_mpki/models.rs
+++ generated/src/digicert_mpki/models.rs (as generated)
@@ -3,7 +3,10 @@
 2
 3
 4
-5
+four
+and
+a
+half
 6
 7
 8

help: run `cargo xtask codegen` and commit the result";
    assert_eq!(report, expected);
}

#[test]
fn report_of_one_file_is_singular() {
    let folder = Folder::with(&files(&[("a.md", "a\n")]));
    folder.put("a.md", "b\n");
    assert!(
        folder
            .check(&files(&[("a.md", "a\n")]))
            .starts_with("1 generated file is out of date\n  stale    generated/a.md     +1 −1\n")
    );
}

#[test]
fn long_difference_is_cut_at_forty_lines() {
    let lines = |start: usize| (start..start + 500).map(|line| format!("line {line}\n")).collect::<String>();
    let folder = Folder::with(&files(&[("a.md", &lines(0))]));
    let report = folder.check(&files(&[("a.md", &lines(1000))]));
    assert!(report.contains("+500 −500"), "{report}");
    assert!(report.contains("\n-line 36\n(963 more lines)\n"), "{report}");
    assert!(!report.contains("line 37"), "{report}");
}

#[test]
fn several_crates_make_one_report() {
    let (one, two) = (Folder::empty(), Folder::empty());
    let plans = [one.plan(&small_crate()), two.plan(&small_crate())];
    let report = check(&plans, "a command").unwrap_err().to_string();
    assert!(report.starts_with("10 generated files are out of date\n"), "{report}");
    assert!(report.ends_with("help: run `a command` and commit the result"), "{report}");
}

#[test]
fn crlf_is_read_as_lf() {
    let folder = Folder::with(&small_crate());
    for file in ["src/lib.rs", "README.md", ".manifest"] {
        folder.put(file, folder.read(file).replace('\n', "\r\n"));
    }
    let old = folder.set_old();
    assert_eq!(folder.check(&small_crate()), UP_TO_DATE);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.modified("src/lib.rs"), old);
    // If a file is stale for another reason, its CRLF line ends do not count as differences.
    folder.put("src/lib.rs", marked("pub mod pets;\nedited\n").replace('\n', "\r\n"));
    assert!(folder.check(&small_crate()).contains("+0 −1"));
}

#[test]
fn deleted_tree_is_restored() {
    let folder = Folder::with(&small_crate());
    let before = folder.contents();
    fs::remove_dir_all(folder.root.path()).unwrap();
    assert_eq!(folder.reported(&small_crate()).len(), 5);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), before);
}

#[test]
fn file_replaces_folder_and_back() {
    let (file, folded) = (files(&[("src/a", "a\n")]), files(&[("src/a/b/c", "c\n")]));
    let folder = Folder::with(&file);
    folder.write(&folded).unwrap();
    assert_eq!(folder.check(&folded), UP_TO_DATE);
    folder.write(&file).unwrap();
    assert_eq!(folder.check(&file), UP_TO_DATE);
    assert_eq!(folder.contents(), Folder::with(&file).contents());
}

#[test]
fn file_of_invalid_utf8_is_stale() {
    let folder = Folder::with(&small_crate());
    folder.put("README.md", b"\xff\xfe\x00");
    assert_eq!(folder.reported(&small_crate()), ["stale README.md"]);
    assert!(folder.check(&small_crate()).contains("+1 −1"));
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.read("README.md"), "# Pets\n");
}

#[test]
fn invalid_generated_path_is_an_internal_error() {
    let sets = [
        files(&[("../x", "")]),
        files(&[("target/x", "")]),
        files(&[(".manifest", "")]),
        files(&[("src/Pet.rs", ""), ("src/pet.rs", "")]),
        files(&[("a", ""), ("A/b", "")]),
    ];
    for set in sets {
        let folder = Folder::empty();
        let error = folder.write(&set).unwrap_err();
        assert!(matches!(error, OutputError::Path { .. }) && error.to_string().contains("bug"), "{error}");
        assert!(!folder.root.path().exists());
    }
}
