//! Tests of generated files on disk: after manual edits, merges and killed runs, next to files of other origin, and
//! with concurrent runs.
//!
//! Most tests use the library with small made-up files; `programs` runs the programs themselves.

#[path = "check/at_once.rs"]
mod at_once;
#[path = "check/folder.rs"]
mod folder;
#[path = "check/foreign.rs"]
mod foreign;
#[path = "check/killed.rs"]
mod killed;
#[path = "check/links.rs"]
#[cfg(unix)]
mod links;
#[path = "check/merged.rs"]
mod merged;
#[path = "check/programs.rs"]
mod programs;
#[path = "check/stale.rs"]
mod stale;
