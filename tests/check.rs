//! Tests of writing and checking generated files on disk: after manual edits, merges and interrupted runs, next to
//! foreign files, and with concurrent runs.
//!
//! Most tests call the library with small sample files. `programs` runs the command-line programs.

mod concurrent;
mod folder;
mod foreign;
mod interrupted;
#[cfg(unix)]
mod links;
mod merge_conflicts;
mod programs;
mod stale;
