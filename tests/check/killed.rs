//! Interrupted runs: no file is truncated, the check names what is left to do, and the next run completes it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clientwright::output::{self, FileSet, Options, Root};

use super::folder::{Folder, marked, next_crate, small_crate};

const FILES: usize = 120;

/// Set in the process that is killed: the folder that it writes to.
const VICTIM: &str = "CLIENTWRIGHT_TEST_VICTIM";

/// Creates many files that repeat a word, large enough that writing one takes several system calls.
pub(crate) fn many_files(word: &str) -> FileSet {
    let mut files = FileSet::default();
    let body = format!("// {word}\n").repeat(3000);
    for number in 0..FILES {
        files.insert(path(number), marked(&format!("{body}// {number}\n")));
    }
    // A file that only this word has, in a folder of its own.
    files.insert(format!("src/only_{word}/mod.rs"), marked(&body));
    files
}

fn path(number: usize) -> String {
    format!("src/f{number:03}.rs")
}

/// Asserts that every file, except temporary ones, has exactly the contents that one of the sets gives it.
pub(crate) fn assert_whole(folder: &Folder, sets: &[&FileSet]) {
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
    // The first steps of a run that writes the next files.
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

/// Not a test by itself: the run that [`killed_run_leaves_whole_files`] starts as a child process and kills.
#[test]
fn victim() {
    if let Some(folder) = env::var_os(VICTIM) {
        output::write(&Root::new(PathBuf::from(folder)), &many_files("new"), Options::default()).unwrap();
    }
}

fn start_victim(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "check::killed::victim", "--test-threads=1"])
        .env(VICTIM, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_run_leaves_whole_files() {
    let (old, new) = (many_files("old"), many_files("new"));
    let complete = Folder::with(&new).contents();
    let mut stopped_half_way = 0;
    for seen in (0..FILES).step_by(9) {
        let folder = Folder::with(&old);
        let mut victim = start_victim(folder.root.path());
        // The moment at which this file is replaced varies with the scheduling of the two processes.
        let watched = path(seen);
        while fs::read(folder.path(&watched)).unwrap() == old.get(&watched).unwrap().as_bytes() {
            assert!(victim.try_wait().unwrap().is_none_or(|status| status.success()), "the run failed on its own");
        }
        victim.kill().unwrap();
        victim.wait().unwrap();

        assert_whole(&folder, &[&old, &new]);
        let left =
            new.iter().filter(|(path, text)| !fs::read_to_string(folder.path(path)).is_ok_and(|found| found == *text));
        let left: Vec<_> = left.map(|(path, _)| path.to_owned()).collect();
        let named = folder.reported(&new);
        assert!(
            left.iter().all(|path| named.iter().any(|named| named.ends_with(path.as_str()))),
            "{named:?} lacks some of {left:?}"
        );
        stopped_half_way += usize::from(!left.is_empty());
        let manifest_is_old = folder.read(".manifest").contains("only_old");
        assert!(left.is_empty() || manifest_is_old, "the manifest is written last");

        folder.write(&new).unwrap();
        assert_eq!(folder.contents(), complete);
    }
    assert!(stopped_half_way > 0, "no run was interrupted midway");
}
