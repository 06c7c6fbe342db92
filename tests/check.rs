//! Tests of generated files on disk: after manual edits, merges and killed runs, next to files of other origin, and
//! with concurrent runs.
//!
//! Most tests use the library with small made-up files; `programs` runs the programs themselves.

mod at_once;
mod folder;
mod foreign;
mod killed;
#[cfg(unix)]
mod links;
mod merged;
mod programs;
mod stale;
