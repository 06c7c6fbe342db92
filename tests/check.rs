//! Tests of writing and checking generated files on disk: after manual edits, merges and interrupted runs, next to
//! foreign files, and with concurrent runs.
//!
//! These tests call the library with small sample files. The tests in `generator/` and `xtask/` run the programs.

mod concurrent;
mod folder;
mod foreign;
mod interrupted;
#[cfg(unix)]
mod links;
mod merge_conflicts;
mod stale;
