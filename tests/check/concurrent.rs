//! Tests of two concurrent runs that write to the same folder.

use std::fs;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clientwright::output::{FileSet, lock};

use super::folder::{Folder, files, marked, next_crate, small_crate};
use super::interrupted::many_files;

/// Writes two sets of files to a folder concurrently, in two threads that start at the same time.
fn write_concurrently(folder: &Folder, one: &FileSet, other: &FileSet) {
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
        write_concurrently(&folder, &next_crate(), &next_crate());
        assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
    }
}

#[test]
fn concurrent_runs_of_many_files_into_empty_folder_succeed() {
    for _ in 0..3 {
        let (folder, files) = (Folder::empty(), many_files("text"));
        write_concurrently(&folder, &files, &files);
        assert_eq!(folder.check(&files), "");
    }
}

#[test]
fn run_rewrites_temporary_files_removed_by_another_run() {
    let (one, other) = (many_files("one"), many_files("other"));
    let folder = Folder::with(&one);
    let removed = AtomicUsize::new(0);
    thread::scope(|scope| {
        // The thread simulates other runs: each removes the temporary files of this run, as if they were left by an
        // interrupted run.
        scope.spawn(|| {
            while removed.load(Ordering::Relaxed) < 10 {
                for entry in fs::read_dir(folder.path("src")).unwrap().flatten() {
                    let temporary = entry.file_name().to_str().unwrap().ends_with(".tmp");
                    removed
                        .fetch_add(usize::from(temporary && fs::remove_file(entry.path()).is_ok()), Ordering::Relaxed);
                }
            }
        });
        while removed.load(Ordering::Relaxed) < 10 {
            let result = folder.write(&other).and_then(|_| folder.write(&one));
            // Stop the other thread before this one panics.
            if let Err(error) = result {
                removed.store(10, Ordering::Relaxed);
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
        write_concurrently(&folder, &one, &other);
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
