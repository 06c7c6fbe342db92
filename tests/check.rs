//! Tests of writing and checking generated files on disk: after manual edits, merges and interrupted runs, next to
//! foreign files, and with concurrent runs.
//!
//! The tests call the library with small sample files. Tests in the packages of the programs run the programs.

mod concurrent;
mod folder;
mod foreign;
mod interrupted;
#[cfg(unix)]
mod links;
mod merge_conflicts;
mod stale;
