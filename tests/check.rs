//! Tests of generated files on disk: after manual edits, merges and killed runs, next to files of other origin, and
//! with concurrent runs.
//!
//! These tests use the library with small made-up files; the packages of the programs have tests that run them.

mod at_once;
mod folder;
mod foreign;
mod killed;
#[cfg(unix)]
mod links;
mod merged;
mod stale;
