//! Tests of foreign files: files in the output folder that were not generated. They are kept. If a generated file has
//! the same path, a run reports a conflict, and only `--force` replaces the foreign file.

use std::fs;

use clientwright::output::{Obstacle, OutputError, Written};

use super::folder::{Folder, files, marked, next_crate, small_crate};

#[test]
fn unrelated_files_are_kept() {
    let folder = Folder::with(&small_crate());
    let foreign = [
        "src/mine.rs",
        "examples/mine.rs",
        ".idea/workspace.xml",
        "src/pets/notes.txt",
        "Cargo.lock",
        "target/debug/x",
    ];
    for file in foreign {
        folder.put(file, "mine\n");
    }
    assert_eq!(folder.check(&small_crate()), "");
    folder.write(&next_crate()).unwrap();
    folder.force(&small_crate()).unwrap();
    folder.force(&next_crate()).unwrap();
    for file in foreign {
        assert_eq!(folder.read(file), "mine\n");
    }
    assert_eq!(folder.check(&next_crate()), "");
}

#[test]
fn conflicting_files_are_named_and_nothing_is_written() {
    let folder = Folder::with(&small_crate());
    folder.put("src/owners.rs", "mine\n");
    folder.put("src/dogs", "mine\n");
    let next = files(&[("README.md", "# Other\n"), ("src/owners.rs", "ours\n"), ("src/dogs/mod.rs", "ours\n")]);
    let before = folder.contents();
    let error = folder.write(&next).unwrap_err();
    assert_eq!(
        error.to_string(),
        "2 files that were not generated are in the way; nothing was written\n  generated/src/dogs\n  generated/src/owners.rs\n\
         help: move them, or run the command with `--force` to replace them"
    );
    assert_eq!(folder.contents(), before);
    let report = folder.check(&next);
    assert!(
        report.contains("and are only replaced with `--force`\n  generated/src/dogs\n  generated/src/owners.rs\n"),
        "{report}"
    );

    assert_eq!(folder.force(&next).unwrap(), Written { written: 4, unchanged: 0, removed: 3 });
    assert_eq!(folder.check(&next), "");
    assert_eq!(folder.read("src/dogs/mod.rs"), "ours\n");
}

#[test]
fn foreign_file_with_identical_contents_is_accepted() {
    let folder = Folder::empty();
    folder.put("README.md", "# Pets\n");
    assert_eq!(folder.write(&small_crate()).unwrap().unchanged, 1);
    assert_eq!(folder.check(&small_crate()), "");
}

#[test]
fn marker_alone_makes_file_generated() {
    let folder = Folder::empty();
    folder.put("src/lib.rs", marked("pub mod old;\n"));
    folder.put("src/old.rs", marked(""));
    assert_eq!(folder.write(&small_crate()).unwrap(), Written { written: 5, unchanged: 0, removed: 1 });
}

#[test]
fn manifest_alone_makes_file_generated() {
    let folder = Folder::with(&small_crate());
    folder.put("README.md", "edited\n");
    folder.write(&files(&[("src/lib.rs", "")])).unwrap();
    assert!(!folder.path("README.md").exists());
}

#[test]
fn edited_manifest_removes_no_foreign_files() {
    let folder = Folder::with(&small_crate());
    let outside = folder.root.path().parent().unwrap().join("precious");
    fs::write(&outside, "precious").unwrap();
    folder.put("target/debug/x", "");
    folder.put("Cargo.lock", "");
    folder.put(".git/HEAD", "");
    let listed = format!(
        "{}../precious\n{}\ntarget/debug/x\nCargo.lock\n.git/HEAD\n",
        folder.read(".manifest"),
        outside.display()
    );
    folder.put(".manifest", listed);
    folder.write(&small_crate()).unwrap();
    folder.force(&next_crate()).unwrap();
    assert!(outside.exists());
    for file in ["target/debug/x", "Cargo.lock", ".git/HEAD"] {
        assert!(folder.path(file).exists(), "{file}");
    }
}

#[test]
fn manifest_of_another_tool_is_a_conflict() {
    let folder = Folder::empty();
    folder.put(".manifest", "README.md\n");
    folder.put("README.md", "mine\n");
    let Err(OutputError::Conflicts(conflicts)) = folder.write(&small_crate()) else {
        panic!("the write was not refused")
    };
    assert_eq!(conflicts.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), [".manifest", "README.md"]);
    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
}

#[test]
fn folder_is_not_emptied_even_with_force() {
    let folder = Folder::with(&small_crate());
    fs::remove_file(folder.path("README.md")).unwrap();
    folder.put("README.md/mine", "mine\n");
    let before = folder.contents();
    for result in [folder.write(&small_crate()), folder.force(&small_crate())] {
        let Err(OutputError::Conflicts(conflicts)) = result else { panic!("the write was not refused") };
        assert_eq!(
            (conflicts.len(), conflicts[0].obstacle, conflicts[0].path.as_str()),
            (1, Obstacle::Directory, "README.md")
        );
    }
    assert_eq!(folder.contents(), before);
}

#[test]
fn empty_folder_is_replaced_by_file() {
    let folder = Folder::empty();
    fs::create_dir_all(folder.path("README.md/inner")).unwrap();
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
}

#[test]
fn nested_crate_is_kept() {
    let folder = Folder::empty();
    folder.put("inner/Cargo.toml", "");
    folder.put("inner/src/lib.rs", marked(""));
    folder.put("other/.manifest", "");
    folder.put("other/lib.rs", marked(""));
    folder.write(&small_crate()).unwrap();
    folder.force(&next_crate()).unwrap();
    assert!(folder.path("inner/src/lib.rs").exists() && folder.path("other/lib.rs").exists());
}

#[test]
fn file_in_place_of_output_folder_is_refused() {
    let folder = Folder::empty();
    fs::write(folder.root.path(), "a file").unwrap();
    assert_eq!(folder.write(&small_crate()).unwrap_err().to_string(), "`generated` is not a directory");
    assert_eq!(folder.force(&small_crate()).unwrap_err().to_string(), "`generated` is not a directory");
}
