//! What happens to the files on disk: after edits, merges, kills, beside files of other people, and with two runs at once.
//!
//! Most tests use the library on files made up for them, so that they say what they mean; `programs` runs the programs
//! themselves.

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
