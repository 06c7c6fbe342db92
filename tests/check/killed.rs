//! Runs that did not end: each file is whole, the check names what remains, the next run completes it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clientwright::output::{self, FileSet, Options, Root};

use crate::folder::{Folder, marked, next_crate, small_crate};

const FILES: usize = 120;

/// Where the run to be killed writes; whether this process is that run.
const VICTIM: &str = "CLIENTWRIGHT_TEST_VICTIM";

/// Many files that say the same word often enough for a write of them not to be a single call's matter of luck.
pub(crate) fn many_files(word: &str) -> FileSet {
    let mut files = FileSet::default();
    let body = format!("// {word}\n").repeat(3000);
    for number in 0..FILES {
        files.insert(path(number), marked(&format!("{body}// {number}\n")));
    }
    // One that the other words do not have, in a folder of its own.
    files.insert(format!("src/only_{word}/mod.rs"), marked(&body));
    files
}

fn path(number: usize) -> String {
    format!("src/f{number:03}.rs")
}

/// Every file, temporary ones apart, has the whole text that one of the sets gives it.
pub(crate) fn assert_whole(folder: &Folder, sets: &[&FileSet]) {
    for (path, bytes) in folder.contents() {
        if path.ends_with('/') || path.ends_with(".tmp") || path == ".manifest" {
            continue;
        }
        let whole = sets.iter().any(|set| set.get(&path).is_some_and(|text| text.as_bytes() == bytes));
        assert!(whole, "{path} is none of the texts that it should be");
    }
}

#[test]
fn a_run_that_stopped_before_the_manifest() {
    let folder = Folder::with(&small_crate());
    // What a run of the next files does first, and then no more.
    fs::remove_dir_all(folder.path("src/pets")).unwrap();
    folder.put("src/owners.rs", next_crate().get("src/owners.rs").unwrap());
    folder.put("src/.clientwright-abcdef.tmp", "half a fi");
    assert_eq!(
        folder.named(&next_crate()),
        ["stale .manifest", "stale README.md", "orphan src/.clientwright-abcdef.tmp", "stale src/lib.rs"]
    );
    assert!(folder.check(&next_crate()).contains("left behind by a run that was stopped"));
    folder.write(&next_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
}

#[test]
fn after_a_stop_the_way_back_is_open_too() {
    let folder = Folder::with(&small_crate());
    folder.put("src/owners.rs", next_crate().get("src/owners.rs").unwrap());
    assert_eq!(folder.named(&small_crate()), ["orphan src/owners.rs"]);
    folder.write(&small_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&small_crate()).contents());
}

#[test]
fn folders_that_a_stopped_run_left_empty_go() {
    let folder = Folder::with(&small_crate());
    fs::remove_file(folder.path("src/pets/mod.rs")).unwrap();
    folder.write(&next_crate()).unwrap();
    assert!(!folder.path("src/pets").exists());
}

/// Not a test: the run that [`a_killed_run`] starts as a process of its own, and kills.
#[test]
fn victim() {
    if let Some(folder) = env::var_os(VICTIM) {
        output::write(&Root::new(PathBuf::from(folder)), &many_files("new"), Options::default()).unwrap();
    }
}

fn start_victim(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed::victim", "--test-threads=1"])
        .env(VICTIM, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_run() {
    let (old, new) = (many_files("old"), many_files("new"));
    let complete = Folder::with(&new).contents();
    let mut stopped_half_way = 0;
    for seen in (0..FILES).step_by(9) {
        let folder = Folder::with(&old);
        let mut victim = start_victim(folder.root.path());
        // The moment at which this file is no longer the old one is as random as the two processes' turns.
        let watched = path(seen);
        while fs::read(folder.path(&watched)).unwrap() == old.get(&watched).unwrap().as_bytes() {
            assert!(victim.try_wait().unwrap().is_none_or(|status| status.success()), "the run failed by itself");
        }
        victim.kill().unwrap();
        victim.wait().unwrap();

        assert_whole(&folder, &[&old, &new]);
        let left =
            new.iter().filter(|(path, text)| !fs::read_to_string(folder.path(path)).is_ok_and(|found| found == *text));
        let left: Vec<_> = left.map(|(path, _)| path.to_owned()).collect();
        let named = folder.named(&new);
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
    assert!(stopped_half_way > 0, "no run was caught half way");
}
