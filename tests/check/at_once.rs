//! Two concurrent runs.

use std::fs;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clientwright::output::{FileSet, lock};

use super::folder::{Folder, files, marked, next_crate, small_crate};
use super::killed::many_files;

/// Runs both closures as close to the same time as threads allow.
fn at_once(folder: &Folder, one: &FileSet, other: &FileSet) {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        for files in [one, other] {
            scope.spawn(|| {
                barrier.wait();
                folder.write(files).unwrap();
            });
        }
    });
}

#[test]
fn concurrent_runs_of_same_files_succeed() {
    for _ in 0..20 {
        let folder = Folder::with(&small_crate());
        at_once(&folder, &next_crate(), &next_crate());
        assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
    }
}

#[test]
fn concurrent_runs_of_many_files_into_empty_folder_succeed() {
    for _ in 0..3 {
        let (folder, files) = (Folder::empty(), many_files("text"));
        at_once(&folder, &files, &files);
        assert_eq!(folder.check(&files), "");
    }
}

#[test]
fn run_rewrites_temporary_files_removed_by_another_run() {
    let (one, other) = (many_files("one"), many_files("other"));
    let folder = Folder::with(&one);
    let cleared = AtomicUsize::new(0);
    thread::scope(|scope| {
        // Other runs start meanwhile, and each takes this run's temporary files for those of a killed run.
        scope.spawn(|| {
            while cleared.load(Ordering::Relaxed) < 10 {
                for entry in fs::read_dir(folder.path("src")).unwrap().flatten() {
                    let temporary = entry.file_name().to_str().unwrap().ends_with(".tmp");
                    cleared
                        .fetch_add(usize::from(temporary && fs::remove_file(entry.path()).is_ok()), Ordering::Relaxed);
                }
            }
        });
        while cleared.load(Ordering::Relaxed) < 10 {
            let result = folder.write(&other).and_then(|_| folder.write(&one));
            // The other thread must finish before this one may fail.
            if let Err(error) = result {
                cleared.store(10, Ordering::Relaxed);
                panic!("{error}");
            }
        }
    });
    assert_eq!(folder.check(&one), "");
}

#[test]
fn concurrent_runs_of_different_files_leave_one_set() {
    let (one, other) = (many_files("one"), many_files("other"));
    for _ in 0..3 {
        let folder = Folder::with(&files(&[("src/lib.rs", &marked("old\n"))]));
        at_once(&folder, &one, &other);
        assert!([&one, &other].iter().any(|files| folder.check(files).is_empty()), "{}", folder.check(&one));
    }
}

#[test]
fn lock_adds_no_file_to_folder() {
    let folder = Folder::with(&small_crate());
    let before = folder.contents();
    let held = lock([&folder.root, &folder.root]);
    assert_eq!(folder.contents(), before);
    drop(held);
    folder.write(&next_crate()).unwrap();
    assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
}
