//! Symbolic links inside the folder: none leads a write, a read of ownership or a removal to where it points.

use std::fs;
use std::os::unix::fs::symlink;

use clientwright::output::{Obstacle, OutputError};

use crate::folder::{Folder, marked, small_crate};

#[test]
fn a_linked_folder_is_in_the_way() {
    let folder = Folder::empty();
    let outside = folder.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(folder.root.path()).unwrap();
    symlink(&outside, folder.path("src")).unwrap();
    // The same text, or one that is ours by its marker: neither counts behind a link.
    fs::write(outside.join("lib.rs"), marked("pub mod pets;\n")).unwrap();

    let Err(OutputError::InTheWay(found)) = folder.write(&small_crate()) else { panic!("nothing was refused") };
    assert_eq!((found.len(), found[0].path.as_str(), found[0].obstacle), (1, "src", Obstacle::Link));
    assert_eq!(found[0].to_string(), "generated/src  (a symbolic link)");
    assert!(!folder.path("Cargo.toml").exists());

    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert!(!folder.path("src").is_symlink());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "nothing was written outside");
    assert_eq!(fs::read_to_string(outside.join("lib.rs")).unwrap(), marked("pub mod pets;\n"));
}

#[test]
fn a_linked_file_is_in_the_way_and_only_the_link_is_replaced() {
    let folder = Folder::with(&small_crate());
    let outside = folder.beside("outside.rs");
    fs::write(&outside, marked("theirs\n")).unwrap();
    fs::remove_file(folder.path("src/lib.rs")).unwrap();
    symlink(&outside, folder.path("src/lib.rs")).unwrap();

    assert!(folder.check(&small_crate()).contains("stale    generated/src/lib.rs     not a file"));
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::InTheWay(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert_eq!(fs::read_to_string(&outside).unwrap(), marked("theirs\n"));
}

#[test]
fn a_link_to_nowhere_is_a_link() {
    let folder = Folder::empty();
    fs::create_dir_all(folder.root.path()).unwrap();
    symlink("nowhere", folder.path("README.md")).unwrap();
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::InTheWay(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(folder.check(&small_crate()), "");
    assert!(!folder.path("nowhere").exists());
}

#[test]
fn nothing_is_removed_through_a_link() {
    let folder = Folder::with(&small_crate());
    let outside = folder.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("x.rs"), marked("")).unwrap();
    symlink(&outside, folder.path("linked")).unwrap();
    folder.put(".manifest", format!("{}linked/x.rs\n", folder.read(".manifest")));
    folder.force(&small_crate()).unwrap();
    assert!(outside.join("x.rs").exists());
    assert!(folder.path("linked").is_symlink(), "it is not in the way");
}

#[test]
fn the_folder_itself_may_be_a_link() {
    let folder = Folder::empty();
    fs::create_dir_all(folder.beside("elsewhere")).unwrap();
    symlink(folder.beside("elsewhere"), folder.root.path()).unwrap();
    folder.write(&small_crate()).unwrap();
    assert!(folder.beside("elsewhere/src/lib.rs").exists());
    assert_eq!(folder.check(&small_crate()), "");
}

#[test]
fn the_folder_itself_may_be_no_link_to_nowhere() {
    for target in ["nowhere", "generated"] {
        let folder = Folder::empty();
        symlink(folder.beside(target), folder.root.path()).unwrap();
        for written in [folder.write(&small_crate()), folder.force(&small_crate())] {
            assert!(matches!(written, Err(OutputError::NotAFolder(_))), "{target}: {written:?}");
        }
        assert!(folder.root.path().is_symlink() && !folder.beside("nowhere").exists());
    }
}

#[test]
fn a_linked_manifest_says_nothing() {
    let folder = Folder::with(&small_crate());
    let moved = folder.beside("moved");
    fs::rename(folder.path(".manifest"), &moved).unwrap();
    symlink(&moved, folder.path(".manifest")).unwrap();
    let before = fs::read(&moved).unwrap();
    assert!(matches!(folder.write(&small_crate()), Err(OutputError::InTheWay(_))));
    folder.force(&small_crate()).unwrap();
    assert_eq!(fs::read(&moved).unwrap(), before);
    assert!(!folder.path(".manifest").is_symlink());
}
