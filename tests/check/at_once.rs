//! Two runs at once.

use std::fs;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use clientwright::output::FileSet;

use crate::folder::{Folder, files, marked, next_crate, small_crate};
use crate::killed::{assert_whole, many_files};

/// Runs both as nearly at the same time as threads can.
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
fn two_runs_of_the_same_files_leave_the_files() {
    for _ in 0..20 {
        let folder = Folder::with(&small_crate());
        at_once(&folder, &next_crate(), &next_crate());
        assert_eq!(folder.contents(), Folder::with(&next_crate()).contents());
    }
}

#[test]
fn two_runs_of_many_files_into_nothing() {
    for _ in 0..3 {
        let (folder, files) = (Folder::empty(), many_files("text"));
        at_once(&folder, &files, &files);
        assert_eq!(folder.check(&files), "");
    }
}

#[test]
fn a_run_whose_temporary_files_another_one_clears_away_writes_them_again() {
    let (folder, files) = (Folder::empty(), many_files("text"));
    folder.write(&small_crate()).unwrap();
    let done = AtomicBool::new(false);
    let cleared = thread::scope(|scope| {
        // As many runs start meanwhile, and each takes a file of this one for a killed run's.
        let cleared = scope.spawn(|| {
            let mut cleared = 0;
            while cleared < 10 && !done.load(Ordering::Relaxed) {
                for entry in fs::read_dir(folder.path("src")).unwrap().flatten() {
                    let temporary = entry.file_name().to_str().unwrap().ends_with(".tmp");
                    cleared += usize::from(temporary && fs::remove_file(entry.path()).is_ok());
                }
            }
            cleared
        });
        let written = folder.write(&files);
        done.store(true, Ordering::Relaxed);
        written.unwrap();
        cleared.join().unwrap()
    });
    assert!(cleared > 0);
    assert_eq!(folder.check(&files), "");
}

#[test]
fn two_runs_of_different_files_leave_whole_files_that_a_third_completes() {
    let (one, other) = (many_files("one"), many_files("other"));
    for _ in 0..3 {
        let folder = Folder::with(&files(&[("src/lib.rs", &marked("old\n"))]));
        at_once(&folder, &one, &other);
        assert_whole(&folder, &[&one, &other]);
        folder.write(&one).unwrap();
        assert_eq!(folder.contents(), Folder::with(&one).contents());
    }
}
