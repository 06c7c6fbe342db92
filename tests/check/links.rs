//! Tests of symbolic links in the output folder: the generator never follows them to write, compare or remove files.

use std::fs;
use std::os::unix::fs::symlink;

use clientwright::output::{Obstacle, OutputError};

use super::folder::{Folder, marked, small_crate};

#[test]
fn linked_folder_is_a_conflict() {
    let folder = Folder::empty();
    let outside = folder.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(folder.root.path()).unwrap();
    symlink(&outside, folder.path("src")).unwrap();
    // A link is a conflict, even if its target has identical contents or contains the marker.
    fs::write(outside.join("lib.rs"), marked("pub mod pets;\n")).unwrap();

    let Err(OutputError::Conflicts(conflicts)) = folder.write(&small_crate()) else {
        panic!("the write was not refused")
    };
    assert_eq!((conflicts.len(), conflicts[0].path.as_str(), conflicts[0].obstacle), (1, "src", Obstacle::Link));
    assert_eq!(conflicts[0].to_string(), "generated/src  (a symbolic link)");
    assert!(!folder.path("Cargo.toml").exists());

    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert!(!folder.path("src").is_symlink());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "a file was written outside of the folder");
    assert_eq!(fs::read_to_string(outside.join("lib.rs")).unwrap(), marked("pub mod pets;\n"));
}

#[test]
fn linked_file_is_a_conflict_and_force_replaces_only_the_link() {
    let folder = Folder::with(&small_crate());
    let outside = folder.beside("outside.rs");
    fs::write(&outside, marked("theirs\n")).unwrap();
    fs::remove_file(folder.path("src/lib.rs")).unwrap();
    symlink(&outside, folder.path("src/lib.rs")).unwrap();

    assert!(folder.check(&small_crate()).contains("stale    generated/src/lib.rs     not a file"));
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::Conflicts(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert_eq!(fs::read_to_string(&outside).unwrap(), marked("theirs\n"));
}

#[test]
fn dangling_link_is_a_conflict() {
    let folder = Folder::empty();
    fs::create_dir_all(folder.root.path()).unwrap();
    symlink("nowhere", folder.path("README.md")).unwrap();
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::Conflicts(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert!(!folder.path("nowhere").exists());
}

#[test]
fn removal_does_not_follow_links() {
    let folder = Folder::with(&small_crate());
    let outside = folder.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("x.rs"), marked("")).unwrap();
    symlink(&outside, folder.path("linked")).unwrap();
    folder.put(".manifest", format!("{}linked/x.rs\n", folder.read(".manifest")));
    folder.force(&small_crate()).unwrap();
    assert!(outside.join("x.rs").exists());
    assert!(folder.path("linked").is_symlink(), "the unrelated link was removed");
}

#[test]
fn output_folder_may_be_a_link() {
    let folder = Folder::empty();
    fs::create_dir_all(folder.beside("elsewhere")).unwrap();
    symlink(folder.beside("elsewhere"), folder.root.path()).unwrap();
    folder.write(&small_crate()).unwrap();
    assert!(folder.beside("elsewhere/src/lib.rs").exists());
    assert_eq!(folder.check(&small_crate()), "");
}

#[test]
fn output_folder_may_not_be_a_dangling_link() {
    for target in ["nowhere", "generated"] {
        let folder = Folder::empty();
        symlink(folder.beside(target), folder.root.path()).unwrap();
        for written in [folder.write(&small_crate()), folder.force(&small_crate())] {
            assert!(matches!(written, Err(OutputError::NotADirectory(_))), "{target}: {written:?}");
        }
        assert!(folder.root.path().is_symlink() && !folder.beside("nowhere").exists());
    }
}

#[test]
fn linked_manifest_is_ignored() {
    let folder = Folder::with(&small_crate());
    let moved = folder.beside("moved");
    fs::rename(folder.path(".manifest"), &moved).unwrap();
    symlink(&moved, folder.path(".manifest")).unwrap();
    let before = fs::read(&moved).unwrap();
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::Conflicts(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(fs::read(&moved).unwrap(), before);
    assert!(!folder.path(".manifest").is_symlink());
}
