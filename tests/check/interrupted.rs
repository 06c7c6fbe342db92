//! Tests of interrupted runs: no file is truncated, a check reports the files that have not been written, and the next
//! run writes them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clientwright::output::{self, FileSet, Options, Root};

use super::folder::{Folder, marked, next_crate, small_crate};

const FILES: usize = 120;

/// The environment variable that contains the path of the output folder. If it is set, this program writes files until
/// it is killed.
const OUTPUT_FOLDER: &str = "CLIENTWRIGHT_TEST_VICTIM";

/// Creates many files that repeat a word. Each is so large that writing it takes several system calls.
pub(crate) fn many_files(word: &str) -> FileSet {
    let mut files = FileSet::default();
    let body = format!("// {word}\n").repeat(3000);
    for number in 0..FILES {
        files.insert(path(number), marked(&format!("{body}// {number}\n")));
    }
    // Add a file and a folder whose names contain the word.
    files.insert(format!("src/only_{word}/mod.rs"), marked(&body));
    files
}

fn path(number: usize) -> String {
    format!("src/f{number:03}.rs")
}

/// Asserts that each file has the same contents as the file with the same path in one of the sets. Ignores the manifest
/// and temporary files.
pub(crate) fn assert_not_truncated(folder: &Folder, sets: &[&FileSet]) {
    for (path, bytes) in folder.contents() {
        if path.ends_with('/') || path.ends_with(".tmp") || path == ".manifest" {
            continue;
        }
        let valid = sets.iter().any(|set| set.get(&path).is_some_and(|text| text.as_bytes() == bytes));
        assert!(valid, "{path} has unexpected contents");
    }
}

#[test]
fn run_stopped_before_manifest_is_completed() {
    let folder = Folder::with(&small_crate());
    // Simulate the first steps of a run that writes the next version.
    fs::remove_dir_all(folder.path("src/pets")).unwrap();
    folder.put("src/owners.rs", next_crate().get("src/owners.rs").unwrap());
    folder.put("src/.clientwright-abcdef.tmp", "half a fi");
    assert_eq!(
        folder.reported(&next_crate()),
        ["stale .manifest", "stale README.md", "orphan src/.clientwright-abcdef.tmp", "stale src/lib.rs"]
    );
    assert!(folder.check(&next_crate()).contains("temporary file of an interrupted run"));
    folder.write(&next_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
}

#[test]
fn stopped_run_can_be_reverted() {
    let folder = Folder::with(&small_crate());
    folder.put("src/owners.rs", next_crate().get("src/owners.rs").unwrap());
    assert_eq!(folder.reported(&small_crate()), ["orphan src/owners.rs"]);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&small_crate()).contents());
}

#[test]
fn empty_folders_of_stopped_run_are_removed() {
    let folder = Folder::with(&small_crate());
    fs::remove_file(folder.path("src/pets/mod.rs")).unwrap();
    folder.write(&next_crate()).unwrap();
    assert!(!folder.path("src/pets").exists());
}

/// Not a test by itself: the run that [`killed_run_truncates_no_file`] starts as a child process and kills.
#[test]
fn child_writes_until_killed() {
    if let Some(folder) = env::var_os(OUTPUT_FOLDER) {
        output::write(&Root::new(PathBuf::from(folder)), &many_files("new"), Options::default()).unwrap();
    }
}

fn start_child(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "check::interrupted::child_writes_until_killed", "--test-threads=1"])
        .env(OUTPUT_FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_run_truncates_no_file() {
    let (old, new) = (many_files("old"), many_files("new"));
    let complete = Folder::with(&new).contents();
    let mut interrupted_runs = 0;
    for seen in (0..FILES).step_by(9) {
        let folder = Folder::with(&old);
        let mut run = start_child(folder.root.path());
        // Kill the run when this file has been replaced. The exact moment varies with the scheduling of the processes.
        let watched = path(seen);
        while fs::read(folder.path(&watched)).unwrap() == old.get(&watched).unwrap().as_bytes() {
            assert!(
                run.try_wait().unwrap().is_none_or(|status| status.success()),
                "the run failed before it was killed"
            );
        }
        run.kill().unwrap();
        run.wait().unwrap();

        assert_not_truncated(&folder, &[&old, &new]);
        let left =
            new.iter().filter(|(path, text)| !fs::read_to_string(folder.path(path)).is_ok_and(|found| found == *text));
        let left: Vec<_> = left.map(|(path, _)| path.to_owned()).collect();
        let named = folder.reported(&new);
        assert!(
            left.iter().all(|path| named.iter().any(|named| named.ends_with(path.as_str()))),
            "{named:?} lacks some of {left:?}"
        );
        interrupted_runs += usize::from(!left.is_empty());
        let manifest_is_old = folder.read(".manifest").contains("only_old");
        assert!(left.is_empty() || manifest_is_old, "the manifest was replaced before all files");

        folder.write(&new).unwrap();
        assert_eq!(folder.contents(), complete);
    }
    assert!(interrupted_runs > 0, "no run was interrupted midway");
}
